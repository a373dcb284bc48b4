package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Letter is a job that could not be done.
type Letter struct {
	Job    json.RawMessage `json:"job"`
	Input  string          `json:"input"`
	Reason string          `json:"reason"`
	Worker string          `json:"worker"`
	Time   time.Time       `json:"time"`
}

// bury puts a job into the dead letters. One that was queued anew after it died has another revision, and another letter.
func (f *Fleet) bury(ctx context.Context, key string, job []byte, e *Entry) error {
	if !json.Valid(job) {
		job, _ = json.Marshal(string(job))
	}
	data, err := json.Marshal(Letter{Job: job, Input: e.Input, Reason: e.Reason, Worker: e.Worker, Time: time.Now().UTC()})
	if err != nil {
		return err
	}
	queued := ""
	if there, _, err := f.lookup(ctx, key); err != nil {
		return err
	} else if there != nil {
		queued = there.Queued.Format(time.RFC3339Nano)
	}
	return f.publish(ctx, deadSubject+"."+key, data, nats.Header{nats.MsgIdHdr: {key + "-" + queued}})
}

// DeadLetters are all that could not be done, the oldest first.
func (f *Fleet) DeadLetters(ctx context.Context) (letters []Letter, err error) {
	stream, err := f.js.Stream(ctx, deadStream)
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	for seq := info.State.FirstSeq; seq <= info.State.LastSeq && seq > 0; seq++ {
		m, err := stream.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var l Letter
		if err := json.Unmarshal(m.Data, &l); err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	return letters, nil
}
