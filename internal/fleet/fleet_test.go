package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/fleet/embedded"
	"github.com/bundlens/bundlens/schema"
)

// input is an invented program: what it is called says what becomes of it.
type input struct{ job *fleet.Job }

func (i input) Content() string { return i.job.Content }
func (i input) Size() int64     { return i.job.Size }
func (i input) Close() error    { return nil }

func (i input) Analyze(ctx context.Context) (*schema.Document, error) {
	switch {
	case strings.HasPrefix(i.job.Input, "slow"):
		<-ctx.Done()
		return nil, ctx.Err()
	case strings.HasPrefix(i.job.Input, "bad"):
		return nil, errPermanent
	}
	return &schema.Document{SchemaVersion: schema.Version, Source: schema.Source{Name: i.job.Content}}, nil
}

var errPermanent = errors.New("is no program")

// counting opens jobs and counts how often each was.
type counting struct {
	mu     sync.Mutex
	opened map[string]int
}

func (c *counting) open(_ context.Context, job *fleet.Job) (fleet.Opened, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened == nil {
		c.opened = map[string]int{}
	}
	c.opened[job.Input]++
	if strings.HasPrefix(job.Input, "flaky") && c.opened[job.Input] == 1 {
		return nil, errors.New("not now")
	}
	return input{job}, nil
}

func (c *counting) worker(name string) *fleet.Worker {
	return &fleet.Worker{Name: name, Engine: "e", Open: c.open, Memory: 8 << 30, Parallel: 4,
		Permanent: func(err error) bool { return errors.Is(err, errPermanent) }}
}

func job(name string) *fleet.Job {
	return &fleet.Job{Input: name, Content: "content of " + name, Engine: "e", Size: 10}
}

// open has a fleet on a server in this process that keeps its data in dir.
func open(t testing.TB, dir string, opts fleet.Options) (f *fleet.Fleet, stop func()) {
	t.Helper()
	s, err := embedded.Start(dir)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := s.Connect()
	if err != nil {
		t.Fatal(err)
	}
	f, err = fleet.Open(t.Context(), nc, opts)
	if err != nil {
		t.Fatal(err)
	}
	return f, sync.OnceFunc(func() {
		nc.Close()
		s.Shutdown()
	})
}

// work lets a worker work until every job is done or dead, and answers the index by input.
func work(t testing.TB, f *fleet.Fleet, w *fleet.Worker, jobs int) map[string]*fleet.Entry {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- f.Work(ctx, w) }()
	entries := map[string]*fleet.Entry{}
	err := f.Watch(ctx, func(key string, e *fleet.Entry) bool {
		if key != "" && e.State.Final() {
			entries[e.Input] = e
		}
		return len(entries) < jobs
	})
	cancel()
	if err != nil {
		t.Fatalf("%v: %d of %d jobs ended", err, len(entries), jobs)
	}
	<-done
	return entries
}

func submit(t testing.TB, f *fleet.Fleet, names ...string) {
	t.Helper()
	var jobs []*fleet.Job
	for _, name := range names {
		jobs = append(jobs, job(name))
	}
	if err := f.Submit(t.Context(), jobs, false); err != nil {
		t.Fatal(err)
	}
}

func TestSweep(t *testing.T) {
	f, stop := open(t, t.TempDir(), fleet.Options{Alone: true})
	defer stop()
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprint("program ", i))
	}
	names = append(names, "bad", "flaky")
	submit(t, f, names...)
	submit(t, f, names...) // another sweep wants the same
	c := &counting{}
	entries := work(t, f, c.worker("w"), len(names))
	for _, name := range names {
		want := 1
		if name == "flaky" {
			want = 2
		}
		if c.opened[name] != want {
			t.Errorf("%s was opened %d times", name, c.opened[name])
		}
		e := entries[name]
		if name == "bad" {
			if e.State != fleet.Dead || e.Reason != errPermanent.Error() {
				t.Errorf("%s: %+v", name, e)
			}
			continue
		}
		text, err := f.Document(t.Context(), e.Result)
		if e.State != fleet.Done || err != nil || !strings.Contains(string(text), "content of "+name) || int64(len(text)) != e.Size {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	letters, err := f.DeadLetters(t.Context())
	if err != nil || len(letters) != 1 || letters[0].Input != "bad" || letters[0].Reason != errPermanent.Error() {
		t.Errorf("letters %+v, %v", letters, err)
	}
	s, err := f.Status(t.Context(), nil)
	if err != nil || s.Done != 41 || s.Dead != 1 || s.Waiting+s.Running != 0 || len(s.Failures) != 1 || s.Rate == 0 {
		t.Errorf("status %+v, %v", s, err)
	}
}

// TestShared has two inputs of one content: the Document is made once.
func TestShared(t *testing.T) {
	f, stop := open(t, t.TempDir(), fleet.Options{Alone: true})
	defer stop()
	w := (&counting{}).worker("w")
	w.Parallel = 1
	for _, name := range []string{"a", "b"} {
		j := job(name)
		j.Content = "the same"
		if err := f.Submit(t.Context(), []*fleet.Job{j}, false); err != nil {
			t.Fatal(err)
		}
	}
	entries := work(t, f, w, 2)
	if a, b := entries["a"], entries["b"]; a.Shared == b.Shared || a.Result != b.Result || a.Digest != b.Digest || a.Size != b.Size {
		t.Errorf("%+v, %+v", entries["a"], entries["b"])
	}
}

// TestResume ends a worker and its server in the midst of jobs; the next run goes on, and what was given back is no try.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	f, stop := open(t, dir, fleet.Options{Alone: true})
	submit(t, f, "slow", "quick")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	c := &counting{}
	go func() { done <- f.Work(ctx, c.worker("w")) }()
	if err := f.Watch(t.Context(), func(key string, e *fleet.Entry) bool { return key == "" || e.State != fleet.Done }); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-done
	stop()
	f, stop = open(t, dir, fleet.Options{Alone: true})
	defer stop()
	s, err := f.Status(t.Context(), nil)
	if err != nil || s.Done != 1 || s.Waiting != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	w := c.worker("w2")
	w.Open = func(ctx context.Context, j *fleet.Job) (fleet.Opened, error) { return input{job("was slow")}, nil }
	entries := work(t, f, w, 2)
	if e := entries["slow"]; e.State != fleet.Done || e.Tries != 1 || e.Worker != "w2" {
		t.Errorf("%+v", e)
	}
}

// TestPoison has a job whose worker is gone each time before it ends, beside others.
func TestPoison(t *testing.T) {
	f, stop := open(t, t.TempDir(), fleet.Options{AckWait: 200 * time.Millisecond, Tries: 3})
	defer stop()
	submit(t, f, "poison", "a", "b", "c")
	c := &counting{}
	w := c.worker("w")
	w.Open = func(ctx context.Context, j *fleet.Job) (fleet.Opened, error) {
		if j.Input == "poison" {
			in, _ := c.open(ctx, j)
			return lost{in}, nil
		}
		return c.open(ctx, j)
	}
	entries := work(t, f, w, 4)
	if e := entries["poison"]; e.State != fleet.Dead || e.Tries != 3 || !strings.Contains(e.Reason, "each of the 3 times") {
		t.Errorf("%+v", e)
	}
	for _, name := range []string{"a", "b", "c"} {
		if entries[name].State != fleet.Done {
			t.Errorf("%+v", entries[name])
		}
	}
}

// lost is an input whose worker ends without a word: its goroutine does, and its heartbeats with it.
type lost struct{ fleet.Opened }

func (lost) Analyze(context.Context) (*schema.Document, error) {
	runtime.Goexit()
	return nil, nil
}

// TestFull has a store that takes no more: the job waits, and is not blamed.
func TestFull(t *testing.T) {
	f, stop := open(t, t.TempDir(), fleet.Options{MaxBytes: 10 << 10, AckWait: time.Second})
	defer stop()
	j := job("large")
	j.Content = strings.Repeat("large ", 10_000)
	if err := f.Submit(t.Context(), []*fleet.Job{j}, false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	w := (&counting{}).worker("w")
	w.Full = func(err error) { cancel() }
	if err := f.Work(ctx, w); !errors.Is(err, context.Canceled) {
		t.Fatalf("not said to be full: %v", err)
	}
	s, err := f.Status(t.Context(), nil)
	if err != nil || s.Waiting != 1 || s.Dead != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestParcels hands in many small jobs, which come several in a message, and the same ones again in other messages while they are
// being done: each is done once.
func TestParcels(t *testing.T) {
	f, stop := open(t, t.TempDir(), fleet.Options{Alone: true, AckWait: time.Second})
	defer stop()
	var names []string
	for i := range 1024 {
		names = append(names, fmt.Sprint("program ", i))
	}
	submit(t, f, names...)
	var text strings.Builder
	f.WriteMetrics(&text, fleet.NewMetrics())
	if !strings.Contains(text.String(), "bundlens_queue_messages 64\n") {
		t.Errorf("not 64 messages:\n%s", &text)
	}
	submit(t, f, names[100:300]...)
	submit(t, f, names[7:9]...)
	c := &counting{}
	entries := work(t, f, c.worker("w"), len(names))
	for _, name := range names {
		if c.opened[name] != 1 || entries[name].State != fleet.Done || entries[name].Tries != 1 {
			t.Errorf("%s was opened %d times: %+v", name, c.opened[name], entries[name])
		}
	}
}

// TestTurn has many workers take turns: no more than two are at it at once. One that ended in the midst of its turn does not
// keep the next run waiting.
func TestTurn(t *testing.T) {
	dir := t.TempDir()
	f, stop := open(t, dir, fleet.Options{Alone: true})
	var now, most atomic.Int64
	var working sync.WaitGroup
	for range 12 {
		working.Go(func() {
			done, err := f.Turn(t.Context(), 2)
			if err != nil {
				t.Error(err)
				return
			}
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			runtime.Gosched()
			now.Add(-1)
			done()
		})
	}
	working.Wait()
	if most.Load() > 2 {
		t.Errorf("%d at once", most.Load())
	}
	for range 2 {
		if _, err := f.Turn(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Turn(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("a third turn: %v", err)
	}
	stop()
	f, stop = open(t, dir, fleet.Options{Alone: true})
	defer stop()
	done, err := f.Turn(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	done()
}

// BenchmarkJob measures what the queue, the index and the store take for a job.
func BenchmarkJob(b *testing.B) {
	f, stop := open(b, b.TempDir(), fleet.Options{Alone: true})
	defer stop()
	var names []string
	for i := range b.N {
		names = append(names, fmt.Sprint("program ", i))
	}
	b.ResetTimer()
	submit(b, f, names...)
	work(b, f, (&counting{}).worker("w"), b.N)
}
