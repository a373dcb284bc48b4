package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// errConflict says that an entry of the index was changed by somebody else.
var errConflict = errors.New("the entry was changed meanwhile")

// codesConflict are those of a revision that is not the last one.
var codesConflict = []jetstream.ErrorCode{jetstream.JSErrCodeStreamWrongLastSequence, 10164}

// conflictPause is between two tries to change an entry.
const conflictPause = 5 * time.Millisecond

// lookup reads an entry and its revision; nil where there is none. In a cluster it may be an older one: whoever goes by it
// writes it back with the revision, or knows which revision there is at least.
func (f *Fleet) lookup(ctx context.Context, key string) (e *Entry, revision uint64, err error) {
	err = patiently(ctx, func(ctx context.Context) error {
		kv, err := f.index.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			e, revision = nil, 0
			return nil
		}
		if err != nil {
			return err
		}
		e, revision = new(Entry), kv.Revision()
		if err := json.Unmarshal(kv.Value(), e); err != nil {
			return fmt.Errorf("index: entry %s: %w", key, err)
		}
		return nil
	})
	return e, revision, err
}

// update writes an entry in the place of the one of that revision, 0 for none, and answers the new revision. It fails with
// errConflict where another one stands there by now.
func (f *Fleet) update(ctx context.Context, key string, e *Entry, revision uint64) (next uint64, err error) {
	data, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	err = patiently(ctx, func(ctx context.Context) (err error) {
		next, err = f.index.Update(ctx, key, data, revision)
		var api jetstream.JetStreamError
		if errors.As(err, &api) && api.APIError() != nil && slices.Contains(codesConflict, api.APIError().ErrorCode) {
			return errConflict
		}
		return err
	})
	if !errors.Is(err, errConflict) {
		return next, err
	}
	// An answer may have been lost: then it is what stands there.
	if there, at, lookupErr := f.lookup(ctx, key); lookupErr == nil && there != nil {
		if text, _ := json.Marshal(there); string(text) == string(data) {
			return at, nil
		}
	}
	return 0, err
}

// change reads an entry, lets edit change it, and writes it, until nobody else has changed it meanwhile. edit answers false
// where nothing is to be written; it gets an empty entry where there is none. The entry that stands there comes back.
func (f *Fleet) change(ctx context.Context, key string, edit func(e *Entry) bool) (*Entry, error) {
	for {
		e, revision, err := f.lookup(ctx, key)
		if err != nil {
			return nil, err
		}
		if e == nil {
			e = &Entry{}
		}
		if !edit(e) {
			return e, nil
		}
		if _, err := f.update(ctx, key, e, revision); !errors.Is(err, errConflict) {
			return e, err
		}
		// The server that was asked may be behind the others.
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(conflictPause):
		}
	}
}

// Watch calls each for every entry of the index, then for each change, until it answers false or the context ends. Between
// the two it calls each with an empty key. An entry may come more than once.
func (f *Fleet) Watch(ctx context.Context, each func(key string, e *Entry) bool) error {
	w, err := f.index.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer w.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case kv, open := <-w.Updates():
			key, e := "", (*Entry)(nil)
			if !open {
				return errors.New("the index can't be watched any more")
			}
			if kv != nil {
				key, e = kv.Key(), new(Entry)
				if err := json.Unmarshal(kv.Value(), e); err != nil {
					return fmt.Errorf("index: entry %s: %w", key, err)
				}
			}
			if !each(key, e) {
				return nil
			}
		}
	}
}
