package fleet

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Status is how far a fleet is.
type Status struct {
	Waiting int `json:"waiting"`
	Running int `json:"running"`
	Done    int `json:"done"`
	Dead    int `json:"dead"`
	// Shared are those of Done for which another job had the Document made, and Incomplete those that were not seen whole.
	Shared     int `json:"shared"`
	Incomplete int `json:"incomplete"`
	// Bytes is how large the Documents are together.
	Bytes int64 `json:"bytes"`
	// Workers are the names of those that have a job.
	Workers []string `json:"workers"`
	// Rate is how many jobs ended in an hour, by those of the last RateOver; 0 where too few have ended to tell.
	Rate float64 `json:"ratePerHour"`
	// Least and Most is how long the rest takes, if it is like what ended of late; 0 where that can't be told.
	Least time.Duration `json:"leastLeft"`
	Most  time.Duration `json:"mostLeft"`
	// Failures are the jobs that are dead, by input.
	Failures []Failure `json:"failures"`
}

// Failure is a job that could not be done.
type Failure struct {
	Input  string `json:"input"`
	Reason string `json:"reason"`
	Tries  int    `json:"tries"`
}

const (
	// RateOver is how far back jobs count for the rate.
	RateOver = 15 * time.Minute
	// fewestForRate is how many have to have ended in it.
	fewestForRate = 8
	// slices of the time that is looked at: the slowest and the fastest of them give the bounds of the estimate.
	rateSlices = 4
)

// Status reads the whole index. wanted chooses jobs by their keys; nil takes all.
func (f *Fleet) Status(ctx context.Context, wanted func(key string) bool) (*Status, error) {
	entries := map[string]*Entry{}
	err := f.Watch(ctx, func(key string, e *Entry) bool {
		if key != "" && (wanted == nil || wanted(key)) {
			entries[key] = e
		}
		return key != ""
	})
	if err != nil {
		return nil, err
	}
	s := &Status{Workers: []string{}, Failures: []Failure{}}
	var ended []time.Time
	for _, e := range entries {
		s.count(e)
		if e.State.Final() && !e.Shared {
			ended = append(ended, e.Ended)
		}
	}
	slices.Sort(s.Workers)
	s.Workers = slices.Compact(s.Workers)
	slices.SortFunc(s.Failures, func(a, b Failure) int { return strings.Compare(a.Input, b.Input) })
	s.estimate(ended, time.Now())
	return s, nil
}

func (s *Status) count(e *Entry) {
	switch e.State {
	case Waiting:
		s.Waiting++
	case Running:
		s.Running++
		s.Workers = append(s.Workers, e.Worker)
	case Done:
		s.Done++
		s.Bytes += e.Size
		if e.Shared {
			s.Shared++
		}
		if !e.Complete {
			s.Incomplete++
		}
	case Dead:
		s.Dead++
		s.Failures = append(s.Failures, Failure{e.Input, e.Reason, e.Tries})
	}
}

// estimate says how fast it goes and how long the rest takes. The time in which jobs ended of late is cut into slices, and
// the slowest and the fastest give the bounds.
func (s *Status) estimate(ended []time.Time, now time.Time) {
	ended = slices.DeleteFunc(ended, func(t time.Time) bool { return now.Sub(t) > RateOver })
	if len(ended) < fewestForRate {
		return
	}
	slices.SortFunc(ended, time.Time.Compare)
	begin := ended[0]
	length := now.Sub(begin)
	if length <= 0 {
		return
	}
	s.Rate = float64(len(ended)-1) / length.Hours()
	var counts [rateSlices]int
	for _, t := range ended {
		counts[min(rateSlices-1, int(int64(t.Sub(begin))*rateSlices/int64(length)))]++
	}
	left := time.Duration(s.Waiting+s.Running) * length / rateSlices
	s.Least = left / time.Duration(slices.Max(counts[:]))
	s.Most = left / time.Duration(max(1, slices.Min(counts[:])))
}
