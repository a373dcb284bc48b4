package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Submit has a job done, unless it is done already, and answers what is known of it. A job that another sweep submitted
// is not done twice. With again, one that is dead is tried anew.
func (f *Fleet) Submit(ctx context.Context, job *Job, again bool) (*Entry, error) {
	key := job.Key()
	e, revision, err := f.lookup(ctx, key)
	if err != nil {
		return nil, err
	}
	if e != nil && e.State.Final() && (e.State == Done || !again) {
		return e, nil
	}
	if e == nil || e.State == Dead {
		e = &Entry{Input: job.Input, Engine: job.Engine, State: Waiting, Class: ClassOf(job.Size), Queued: time.Now().UTC()}
		if revision, err = f.update(ctx, key, e, revision); errors.Is(err, errConflict) {
			return f.Submit(ctx, job, again)
		} else if err != nil {
			return nil, err
		}
	}
	// It waits or runs. A sweep may have ended between the entry and the message, so the message is sent in any case; the
	// server drops one that it knows, and a worker one for which there is nothing left to do.
	return e, f.enqueue(ctx, job, e.Class, revision, key+"-"+e.Queued.Format(time.RFC3339Nano))
}

// revisionHeader says at which revision of its entry a job was queued.
const revisionHeader = "Bundlens-Revision"

// enqueue hands a job to the queue of its class. Of several messages with one id the server keeps the first.
func (f *Fleet) enqueue(ctx context.Context, job *Job, class Class, revision uint64, id string) error {
	data, err := json.Marshal(job)
	if err != nil {
		return err
	}
	return f.publish(ctx, subject(job.Engine, class), data, nats.Header{nats.MsgIdHdr: {id}, revisionHeader: {strconv.FormatUint(revision, 10)}})
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
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = f.inputs.Put(ctx, jetstream.ObjectMeta{Name: content}, r) // however long a large file takes
	return err
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
