package fleet

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// turnLasts is how long a turn lasts that nobody renews, since its worker ended or was cut off.
	turnLasts = 30 * time.Second
	// shortestTurnWait and longestTurnWait are between two looks for a free turn.
	shortestTurnWait = 50 * time.Millisecond
	longestTurnWait  = 2 * time.Second
)

// Turn waits until fewer than most of all workers of the fleet are at what is done by turns, such as fetching packages.
// The turn is over when done is called; that of a worker that ends without it is over after a while.
func (f *Fleet) Turn(ctx context.Context, most int) (done func(), err error) {
	for wait := shortestTurnWait; ; wait = min(2*wait, longestTurnWait) {
		first := rand.IntN(most)
		for i := range most {
			key := "turn-" + strconv.Itoa((first+i)%most)
			revision, err := f.turns.Create(ctx, key, nil)
			if err == nil {
				return f.keepTurn(key, revision), nil
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if !errors.Is(err, jetstream.ErrKeyExists) {
				break // no server answers now
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait/2 + rand.N(wait)):
		}
	}
}

// keepTurn renews a turn until it is over.
func (f *Fleet) keepTurn(key string, revision uint64) (done func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(turnLasts / 4):
			}
			attempt, stop := context.WithTimeout(ctx, turnLasts/4)
			if next, err := f.turns.Update(attempt, key, nil, revision); err == nil {
				revision = next
			}
			stop()
		}
	}()
	return func() {
		cancel()
		<-ended
		last, stop := context.WithTimeout(context.Background(), turnLasts/4)
		defer stop()
		_ = f.turns.Delete(last, key, jetstream.LastRevision(revision)) // where it fails, the turn is over after a while
	}
}
