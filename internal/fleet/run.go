package fleet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/bundlens/bundlens/schema"
)

// errLarger says that an input turned out larger than its class.
var errLarger = errors.New("belongs to a larger class")

// stalePause is how long a server gets to catch up with the others.
const stalePause = 200 * time.Millisecond

// attend does the jobs of a message, one after the other, and answers what becomes of the message.
func (r *runner) attend(ctx context.Context, class Class, m jetstream.Msg) verdict {
	p, err := readParcel(m.Data())
	if err != nil {
		return verdict{done: r.bury(ctx, "unread", m.Data(), &Entry{Reason: "the message can't be read: " + err.Error()}) == nil}
	}
	all := verdict{done: true}
	for _, j := range p.Jobs {
		all = all.and(r.attendTo(ctx, class, m.Headers().Get(nats.MsgIdHdr), j))
		if ctx.Err() != nil {
			all.done = false
			break
		}
	}
	return all
}

// attendTo does one job of a message.
func (r *runner) attendTo(ctx context.Context, class Class, message string, j parcelled) verdict {
	e, revision, err := r.lookup(ctx, j.Job.Key())
	switch {
	case err != nil:
		return verdict{after: time.Second}
	case e == nil || revision < j.Revision:
		return verdict{after: stalePause} // the server that was asked is behind the others
	case e.State.Final():
		return verdict{done: true}
	case e.underWay(message):
		return verdict{after: r.opts.AckWait}
	case e.Tries >= r.opts.Tries:
		return r.die(ctx, j.Job, fmt.Sprintf("its worker ended, or was cut off, each of the %d times that it was tried", e.Tries))
	}
	if e.Tries > 0 {
		r.alone.Lock()
		defer r.alone.Unlock()
	} else {
		r.alone.RLock()
		defer r.alone.RUnlock()
	}
	return r.try(ctx, j.Job, class, message)
}

// underWay says that a job is being done by way of another message: that one comes again if its worker ends.
func (e *Entry) underWay(message string) bool { return e.State == Running && e.Message != message }

// try does a job, and says in the index what became of it.
func (r *runner) try(ctx context.Context, job *Job, class Class, message string) verdict {
	began := time.Now()
	mine := false
	e, err := r.change(ctx, job.Key(), func(e *Entry) bool {
		if mine = !e.State.Final() && !e.underWay(message); !mine {
			return false
		}
		e.State, e.Worker, e.Message, e.Began = Running, r.Name, message, began.UTC()
		e.Tries++
		return true
	})
	switch {
	case err != nil:
		return verdict{after: time.Second}
	case e.State.Final():
		return verdict{done: true}
	case !mine:
		return verdict{after: r.opts.AckWait}
	}
	r.Metrics.began()
	defer r.Metrics.ended()
	made, err := r.make(ctx, job, class)
	switch {
	case ctx.Err() != nil:
		return r.giveBack(job)
	case errors.Is(err, errLarger):
		return r.passOn(ctx, job, made.size)
	case err != nil && !IsFull(err) && (r.Permanent(err) || e.Tries >= r.opts.Tries):
		return r.die(ctx, job, strings.TrimPrefix(err.Error(), job.Input+": ")) // which the entry names
	case IsFull(err):
		return r.full(ctx, job, err)
	case err != nil:
		return r.later(ctx, job, e.Tries, err)
	}
	return r.finish(ctx, job, made, time.Since(began))
}

// made is what a try came to.
type made struct {
	result, digest string
	bytes          int64 // of the Document
	size           int64 // of the input
	tools          int
	complete       bool
	shared         bool
}

// make puts the Document of a job into the store, unless it is there.
func (r *runner) make(ctx context.Context, job *Job, class Class) (out made, err error) {
	in, err := r.Open(ctx, job)
	if err != nil {
		return out, err
	}
	defer in.Close()
	if out.size = in.Size(); ClassOf(out.size).Memory() > class.Memory() {
		return out, errLarger
	}
	out.result = job.result(in.Content())
	if there, err := r.results.GetInfo(ctx, out.result); err == nil {
		return out, out.recall(there)
	}
	doc, err := in.Analyze(ctx)
	if err != nil {
		return out, err
	}
	var text bytes.Buffer
	if err := schema.Encode(&text, doc); err != nil {
		return out, err
	}
	sum := sha256.Sum256(text.Bytes())
	out.digest, out.bytes, out.tools, out.complete = hex.EncodeToString(sum[:]), int64(text.Len()), len(doc.Tools), doc.Health.Complete
	meta := jetstream.ObjectMeta{Name: out.result, Metadata: map[string]string{
		"sha256": out.digest, "tools": fmt.Sprint(out.tools), "complete": fmt.Sprint(out.complete)}}
	return out, patiently(ctx, func(ctx context.Context) error {
		_, err := r.results.Put(ctx, meta, bytes.NewReader(text.Bytes()))
		return err
	})
}

// recall takes what is known of a Document that is in the store.
func (m *made) recall(info *jetstream.ObjectInfo) error {
	m.shared, m.digest, m.bytes, m.complete = true, info.Metadata["sha256"], int64(info.Size), info.Metadata["complete"] == "true"
	_, err := fmt.Sscan(info.Metadata["tools"], &m.tools)
	return err
}

// finish says that a job is done. The first to say so counts.
func (r *runner) finish(ctx context.Context, job *Job, m made, took time.Duration) verdict {
	return r.settle(ctx, job, verdict{done: true}, func(e *Entry) {
		e.State, e.Reason, e.Worker, e.Ended, e.Took = Done, "", r.Name, time.Now().UTC(), took
		e.Result, e.Digest, e.Size, e.Tools, e.Complete, e.Shared = m.result, m.digest, m.bytes, m.tools, m.complete, m.shared
	})
}

// die puts a job into the dead letters. The letter is sent first: without its entry it is sent again, under the same id.
func (r *runner) die(ctx context.Context, job *Job, reason string) verdict {
	data, err := json.Marshal(job)
	if err == nil {
		err = r.bury(ctx, job.Key(), data, &Entry{Input: job.Input, Engine: job.Engine, State: Dead, Worker: r.Name, Reason: reason})
	}
	if err != nil {
		return verdict{after: time.Second}
	}
	return r.settle(ctx, job, verdict{done: true}, func(e *Entry) {
		e.State, e.Reason, e.Ended = Dead, reason, time.Now().UTC()
	})
}

// later has a job tried again after a while, longer each time.
func (r *runner) later(ctx context.Context, job *Job, tries int, why error) verdict {
	wait := min(time.Second<<tries, time.Minute)
	return r.settle(ctx, job, verdict{after: wait}, func(e *Entry) { e.State, e.Reason = Waiting, why.Error() })
}

// full has a job tried again when there may be room: the store takes no more, which is not the job's fault.
func (r *runner) full(ctx context.Context, job *Job, why error) verdict {
	v := r.settle(ctx, job, verdict{after: r.opts.AckWait}, func(e *Entry) {
		e.State, e.Reason = Waiting, why.Error()
		e.Tries = max(0, e.Tries-1)
	})
	if r.Full != nil {
		r.Full(why)
	}
	return v
}

// giveBack has a job tried by another worker at once: this one was asked to end. It does not count as a try.
func (r *runner) giveBack(job *Job) verdict {
	ctx, cancel := context.WithTimeout(context.Background(), r.opts.AckWait)
	defer cancel()
	return r.settle(ctx, job, verdict{}, func(e *Entry) {
		e.State = Waiting
		e.Tries = max(0, e.Tries-1)
	})
}

// passOn hands a job to the workers that have the memory for it.
func (r *runner) passOn(ctx context.Context, job *Job, size int64) verdict {
	job.Size = size
	class := ClassOf(size)
	v := r.settle(ctx, job, verdict{done: true}, func(e *Entry) {
		e.State, e.Class = Waiting, class
		e.Tries = max(0, e.Tries-1)
	})
	if !v.done {
		return v
	}
	e, revision, err := r.lookup(ctx, job.Key())
	if err == nil && e != nil {
		p := &parcel{class: class, Jobs: []parcelled{{job, revision}}}
		err = r.enqueue(ctx, p, p.id())
	}
	if err != nil {
		return verdict{after: time.Second}
	}
	return v
}

// settle changes the entry of a job that is not final yet, and answers v; where that fails the job comes again by itself.
func (r *runner) settle(ctx context.Context, job *Job, v verdict, edit func(*Entry)) verdict {
	changed := false
	e, err := r.change(ctx, job.Key(), func(e *Entry) bool {
		if changed = !e.State.Final(); changed {
			edit(e)
		}
		return changed
	})
	if err != nil {
		return verdict{leave: true}
	}
	if !changed {
		return verdict{done: true}
	}
	r.Metrics.settled(e)
	if r.Log != nil {
		r.Log(job, e)
	}
	return v
}
