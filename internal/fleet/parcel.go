package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/nats-io/nats.go"
)

// parcel is what one message holds: jobs of one class that a worker does one after the other. Small jobs come several in
// one, since the queue takes longer for each message than for what is in it.
type parcel struct {
	class Class
	Jobs  []parcelled `json:"jobs"`
}

// parcelled is a job, and at which revision of its entry it was queued.
type parcelled struct {
	Job      *Job   `json:"job"`
	Revision uint64 `json:"revision"`
}

const (
	// largestParcel bounds the jobs in a message: who does one is at it for minutes.
	largestParcel = 16
	// fewestParcels is how many are made at least of enough jobs, so that every worker gets some.
	fewestParcels = 64
)

// parcelSize is how many small jobs come in one message, where so many are handed in at once.
func parcelSize(jobs int) int { return min(largestParcel, 1+jobs/fewestParcels) }

// readParcel reads a message. Anybody who may write to the queue may have made it.
func readParcel(data []byte) (*parcel, error) {
	p := new(parcel)
	if err := json.Unmarshal(data, p); err != nil {
		return nil, err
	}
	if len(p.Jobs) == 0 || slices.ContainsFunc(p.Jobs, func(j parcelled) bool { return j.Job == nil }) {
		return nil, errors.New("there is no job in it")
	}
	return p, nil
}

// enqueue hands a parcel to the queue of its class. Of several messages with one id the server keeps the first.
func (f *Fleet) enqueue(ctx context.Context, p *parcel, id string) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return f.publish(ctx, subject(p.Jobs[0].Job.Engine, p.class), data, nats.Header{nats.MsgIdHdr: {id}})
}

// id names a parcel by what is in it: the same jobs, queued at the same time, are the same parcel.
func (p *parcel) id() string {
	parts := []string{"parcel", string(p.class)}
	for _, j := range p.Jobs {
		parts = append(parts, j.Job.Key(), strconv.FormatUint(j.Revision, 10))
	}
	return hashed(parts...)
}
