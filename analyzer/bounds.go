package analyzer

import (
	"context"
	"fmt"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bundlens/bundlens/schema"
)

// patience is how long a fact has to end, once it should: what it evaluates ends at once, and what it has found by
// then is put together. One that is still at work then is given up.
const patience = 3 * time.Second

// bounds end an analysis that takes too long or too much memory. What has been found by then is kept.
type bounds struct {
	// Context is done when the analysis has to end, for whatever reason.
	context.Context
	stopped atomic.Bool
	cancel  context.CancelCauseFunc
	opts    Options

	mu     sync.Mutex
	units  map[int]context.CancelFunc // of the statements that are being parsed
	number int
}

// errGivenUp is why an analysis had to end; its text ends a sentence.
type errGivenUp struct{ why string }

func (e *errGivenUp) Error() string { return e.why }

// newBounds starts to watch; the returned function ends that, and what was left behind.
func newBounds(ctx context.Context, opts Options) (*bounds, func()) {
	b := &bounds{opts: opts, units: map[int]context.CancelFunc{}}
	b.Context, b.cancel = context.WithCancelCause(ctx)
	context.AfterFunc(b.Context, func() { b.stopped.Store(true) })
	if opts.Timeout > 0 {
		go b.watchTime(opts.Timeout)
	}
	if opts.MaxMemory > 0 && !b.isFull(opts.MaxMemory) {
		go b.watchMemory(opts.MaxMemory)
	}
	return b, func() { b.cancel(nil) }
}

// watchTime gives up when the time is over. On a busy machine it waits until the process has had a processor for most of
// that time, so that what is found depends on the input, and not on what else the machine does.
func (b *bounds) watchTime(limit time.Duration) {
	before, known := processorTime()
	for wait := limit; wait > 0; {
		select {
		case <-b.Done():
			return
		case <-time.After(wait):
		}
		now, _ := processorTime()
		wait = 0
		if known {
			wait = limit*3/4 - (now - before)
		}
	}
	b.giveUp("it took longer than %s", limit)
}

// giveUp ends the analysis.
func (b *bounds) giveUp(format string, args ...any) {
	b.cancel(&errGivenUp{fmt.Sprintf(format, args...)})
	b.stopped.Store(true)
}

// watchMemory looks again and again at how much memory is in use.
func (b *bounds) watchMemory(limit int64) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-b.Done():
			return
		case <-tick.C:
		}
		if b.isFull(limit) {
			return
		}
	}
}

// isFull gives up where more memory is in use than may be. It looks at how much of the heap was in use when it was last
// collected, as what is not is given back, and at what the parser has, which is not the heap's.
func (b *bounds) isFull(limit int64) bool {
	live, outside := memoryInUse()
	if outside > limit/2 {
		b.endUnits() // one of them grows beyond measure
	}
	// The collector needs room of its own.
	full := live > limit*3/4 || live+outside > limit
	if full {
		b.giveUp("it took more than %d MiB of memory", limit>>20)
	}
	return full
}

// memoryInUse is what the heap held when it was last collected, and what the process has beside it, in bytes.
func memoryInUse() (live, outside int64) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	if all, known := residentMemory(); known {
		outside = max(0, all-int64(sample[1].Value.Uint64()-sample[2].Value.Uint64()))
	}
	return int64(sample[0].Value.Uint64()), outside
}

// unitShare is the part of the time, one in so many, that the parse of one statement may take.
const unitShare = 3

// unit is the context in which a statement is parsed; the returned function ends that.
func (b *bounds) unit() (context.Context, func()) {
	ctx, cancel := context.WithCancel(b)
	if b.opts.Timeout > 0 {
		ctx, cancel = context.WithTimeout(b, b.opts.Timeout/unitShare)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.number++
	n := b.number
	b.units[n] = cancel
	return ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.units, n)
		cancel()
	}
}

// endUnits ends the parse of all statements that are being parsed.
func (b *bounds) endUnits() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, cancel := range b.units {
		cancel()
	}
}

// why says why the analysis was given up; nil where it was not.
func (b *bounds) why() *errGivenUp {
	why, _ := context.Cause(b).(*errGivenUp)
	return why
}

// err is the error of a caller that wants no result any more; nil where the analysis goes on, or was given up.
func (b *bounds) err() error {
	if b.why() != nil {
		return nil
	}
	return b.Err()
}

// found is what a fact found, and the questions that it depends on.
type found struct {
	doc       *schema.Document
	questions *Questions
}

// fact runs a fact. What it found until it was told to end is kept; it is left behind where it does not end then.
func (b *bounds) fact(f Fact, run func() (found, error)) (found, error) {
	type result struct {
		found
		err error
	}
	done := make(chan result, 1)
	go func() {
		all, err := run()
		done <- result{all, err}
	}()
	var r result
	select {
	case r = <-done:
	case <-b.Done():
		if err := b.err(); err != nil {
			return found{}, err
		}
		select {
		case r = <-done:
		case <-time.After(patience):
		}
	}
	if b.why() == nil {
		return r.found, r.err
	}
	if r.doc == nil || r.err != nil {
		r.found = found{&schema.Document{}, newQuestions()} // a fact that was ended may fail for that alone
	}
	b.note(r.doc, "fact "+f.Name)
	return r.found, nil
}

// note says in a Document what was not looked at to its end.
func (b *bounds) note(doc *schema.Document, what string) {
	doc.Health.GivenUp = append(doc.Health.GivenUp, what)
	why := "they take too long or too much memory to parse"
	if given := b.why(); given != nil {
		why = given.why
	}
	doc.Diagnostics = append(doc.Diagnostics, schema.Diagnostic{Severity: schema.SeverityError, Code: "given-up", Message: what + ": " + why})
}
