package fleet

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Submit has jobs done, apart from those that are done already. A job that another sweep submitted is not done twice. With
// again, those that are dead are tried anew.
func (f *Fleet) Submit(ctx context.Context, jobs []*Job, again bool) error {
	type queue struct {
		engine string
		class  Class
	}
	size, open := parcelSize(len(jobs)), map[queue]*parcel{}
	for _, job := range jobs {
		e, revision, err := f.register(ctx, job, again)
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		q := queue{job.Engine, e.Class}
		p := open[q]
		if p == nil {
			p = &parcel{class: e.Class}
			open[q] = p
		}
		p.Jobs = append(p.Jobs, parcelled{job, revision})
		if len(p.Jobs) == size || e.Class != Small {
			delete(open, q)
			if err := f.enqueue(ctx, p, p.id()); err != nil {
				return err
			}
		}
	}
	for _, p := range open { // in any order: it says nothing about which is done first
		if err := f.enqueue(ctx, p, p.id()); err != nil {
			return err
		}
	}
	return nil
}

// register puts a job into the index, and answers its entry with the revision; nil where there is nothing left to do.
func (f *Fleet) register(ctx context.Context, job *Job, again bool) (*Entry, uint64, error) {
	key := job.Key()
	for {
		e, revision, err := f.lookup(ctx, key)
		switch {
		case err != nil:
			return nil, 0, err
		case e != nil && e.State.Final() && (e.State == Done || !again):
			return nil, 0, nil
		case e != nil && e.State != Dead:
			// It waits or runs. A sweep may have ended between the entry and the message, so a message is sent in any case: a
			// worker finds out that there is nothing left to do.
			return e, revision, nil
		}
		e = &Entry{Input: job.Input, Engine: job.Engine, State: Waiting, Class: ClassOf(job.Size), Queued: time.Now().UTC()}
		if revision, err = f.update(ctx, key, e, revision); !errors.Is(err, errConflict) {
			return e, revision, err
		}
	}
}

func (f *Fleet) publish(ctx context.Context, subject string, data []byte, header nats.Header) error {
	msg := &nats.Msg{Subject: subject, Data: data, Header: header}
	return patiently(ctx, func(ctx context.Context) error {
		_, err := f.js.PublishMsg(ctx, msg)
		return err
	})
}

// Offer puts a file into the store, from where workers of other machines get it. content is its SHA-256; a file that is
// there is not sent again.
func (f *Fleet) Offer(ctx context.Context, content string, open func() (io.ReadCloser, error)) error {
	there := false
	err := patiently(ctx, func(ctx context.Context) error {
		_, err := f.inputs.GetInfo(ctx, content)
		if there = err == nil; errors.Is(err, jetstream.ErrObjectNotFound) {
			return nil
		}
		return err
	})
	if there || err != nil {
		return err
	}
	for wait := shortestOfferWait; ; wait = min(2*wait, longestOfferWait) {
		r, err := open()
		if err != nil {
			return err
		}
		file := &fileRead{ReadCloser: r}
		_, err = f.inputs.Put(ctx, jetstream.ObjectMeta{Name: content}, file) // however long a large file takes
		r.Close()
		if err == nil || file.err != nil || IsFull(err) || ctx.Err() != nil {
			return err
		}
		select { // a server was lost, or a leader is being chosen
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// shortestOfferWait and longestOfferWait are between two tries to put a file into the store.
const (
	shortestOfferWait = 50 * time.Millisecond
	longestOfferWait  = 2 * time.Second
)

// fileRead remembers that a file could not be read, which another try would not change.
type fileRead struct {
	io.ReadCloser
	err error
}

func (f *fileRead) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// Offered gives the bytes of a file that a sweep put into the store. The caller closes it.
func (f *Fleet) Offered(ctx context.Context, content string) (io.ReadCloser, error) {
	return f.inputs.Get(ctx, content)
}

// Document gives the bytes of a Document by the name that an entry has for it.
func (f *Fleet) Document(ctx context.Context, result string) (data []byte, err error) {
	err = patiently(ctx, func(ctx context.Context) error {
		data, err = f.results.GetBytes(ctx, result)
		return err
	})
	return data, err
}
