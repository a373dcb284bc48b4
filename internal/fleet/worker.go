package fleet

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/semaphore"

	"github.com/bundlens/bundlens/schema"
)

// Opened is an input that was opened.
type Opened interface {
	// Content identifies what was read.
	Content() string
	// Size is how large it is, in bytes.
	Size() int64
	// Analyze finds out what it tells its model.
	Analyze(ctx context.Context) (*schema.Document, error)
	Close() error
}

// Worker does jobs until its context ends.
type Worker struct {
	// Name tells it from others.
	Name string
	// Engine is what it analyses with; it takes only jobs for that.
	Engine string
	// Open opens the input of a job. Both it and Analyze may run several times at once.
	Open func(ctx context.Context, job *Job) (Opened, error)
	// Permanent says that an error will come again, so that the job is not tried again.
	Permanent func(error) bool
	// Memory is how much memory the jobs may take together, in bytes, and Parallel how many there may be at once.
	Memory   int64
	Parallel int
	// Full is called when the store takes no more; may be nil.
	Full func(error)
	// Metrics counts what it does; may be nil.
	Metrics *Metrics
	// Log gets what becomes of each try; may be nil.
	Log func(job *Job, e *Entry)
}

// MinMemory is what a worker needs to take any job at all, in bytes.
func MinMemory() int64 { return Small.Memory() }

const (
	// batch bounds how many jobs are taken in one go.
	batch = 16
	// shortestIdle and longestIdle are between two looks at empty queues.
	shortestIdle = 10 * time.Millisecond
	longestIdle  = 500 * time.Millisecond
)

// Work takes jobs until the context ends, and gives back those that it has begun.
func (f *Fleet) Work(ctx context.Context, w *Worker) error {
	r := &runner{Fleet: f, Worker: w, memory: semaphore.NewWeighted(w.Memory), places: semaphore.NewWeighted(int64(w.Parallel))}
	defer r.running.Wait()
	queues := map[Class]jetstream.Consumer{}
	for _, class := range classes {
		if class.Memory() > w.Memory {
			continue // others have to
		}
		err := patiently(ctx, func(ctx context.Context) (err error) {
			queues[class], err = f.consumer(ctx, w.Engine, class)
			return err
		})
		if err != nil {
			return err
		}
	}
	idle := shortestIdle
	for ctx.Err() == nil {
		taken := 0
		for _, class := range classes {
			if queue := queues[class]; queue != nil {
				taken += r.take(ctx, class, queue)
			}
		}
		if taken > 0 {
			idle = shortestIdle
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.freed():
		case <-time.After(idle):
			idle = min(2*idle, longestIdle)
		}
	}
	return ctx.Err()
}

// runner is a worker at work.
type runner struct {
	*Fleet
	*Worker
	memory  *semaphore.Weighted // bytes
	places  *semaphore.Weighted
	alone   sync.RWMutex // held for writing by a job that was tried before
	running sync.WaitGroup

	mu     sync.Mutex
	signal chan struct{} // closed when a place is free again
}

// freed is closed when a job has ended.
func (r *runner) freed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signal == nil {
		r.signal = make(chan struct{})
	}
	return r.signal
}

// reserve takes a place with its memory, if there is one.
func (r *runner) reserve(class Class) bool {
	if !r.places.TryAcquire(1) {
		return false
	}
	if !r.memory.TryAcquire(class.Memory()) {
		r.places.Release(1)
		return false
	}
	return true
}

func (r *runner) release(class Class) {
	r.memory.Release(class.Memory())
	r.places.Release(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signal != nil {
		close(r.signal)
		r.signal = nil
	}
}

// take begins as many jobs of a class as there are places, up to a batch, and answers how many there were.
func (r *runner) take(ctx context.Context, class Class, queue jetstream.Consumer) (taken int) {
	places := 0
	for places < batch && r.reserve(class) {
		places++
	}
	if places == 0 {
		return 0
	}
	messages, err := queue.FetchNoWait(places)
	if err == nil {
		for m := range messages.Messages() {
			taken++
			r.running.Go(func() {
				defer r.release(class)
				r.handle(ctx, class, m)
			})
		}
	}
	for range places - taken {
		r.release(class)
	}
	return taken
}

// handle does what a message asks for, and tells the queue all the while that it is at work.
func (r *runner) handle(ctx context.Context, class Class, m jetstream.Msg) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(r.opts.AckWait / 4):
				m.InProgress() // where it does not arrive, the job goes to another worker, and the first to end counts
			}
		}
	}()
	verdict := r.attend(ctx, class, m)
	cancel(nil)
	<-beating
	verdict.tell(m, r.opts.AckWait)
}

// verdict is what the queue is to do with a message: that it is done, or when it is to come again.
type verdict struct {
	done  bool
	after time.Duration
	leave bool // say nothing: it comes again by itself
}

// and is the verdict on a message with two jobs: it comes again as long as one of them is not done.
func (v verdict) and(w verdict) verdict {
	return verdict{done: v.done && w.done, after: max(v.after, w.after), leave: v.leave || w.leave}
}

func (v verdict) tell(m jetstream.Msg, patience time.Duration) {
	switch {
	case v.leave:
	case v.done:
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = patiently(ctx, func(ctx context.Context) error { // where it fails, the job comes again and is found done
			if err := m.DoubleAck(ctx); !errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
				return err
			}
			return nil
		})
	default:
		_ = m.NakWithDelay(v.after)
	}
}
