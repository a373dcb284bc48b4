package analyzer

import (
	"bytes"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/analyzer/scope"
	"github.com/bundlens/bundlens/queries"
)

// find parses the units that hold an anchor of a query and returns what matches in them, in the order of the source.
func find(ctx context.Context, program *scope.Program, q *queries.Query, workers int) ([]Match, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	units := make([][]int32, len(program.Modules))
	if err := inParallel(ctx, workers, len(program.Modules), func(i int) error {
		units[i] = anchored(program.Modules[i], q)
		return nil
	}); err != nil {
		return nil, err
	}
	type job struct {
		module *scope.Module
		unit   int32
	}
	var jobs []job
	for i, list := range units {
		for _, u := range list {
			jobs = append(jobs, job{program.Modules[i], u})
		}
	}
	found := make([][]Match, len(jobs))
	err := inParallel(ctx, workers, len(jobs), func(i int) error {
		matches, err := jobs[i].module.Match(jobs[i].unit, q)
		for _, m := range matches {
			found[i] = append(found[i], Match{m, jobs[i].module, jobs[i].unit})
		}
		return err
	})
	return slices.Concat(found...), err
}

// anchored returns the units of a module that hold an anchor, in order. A module without one is not even scanned.
func anchored(m *scope.Module, q *queries.Query) (units []int32) {
	weak := map[int32][]uint32{} // by unit: where anchors stand that count only beside something
	for at := q.NextAnchor(m.Text, 0); at >= 0; at = q.NextAnchor(m.Text, at+1) {
		u := m.Index().UnitAt(uint32(at))
		if u < 0 {
			continue
		}
		if q.Beside(m.Text, at) != "" {
			weak[u] = append(weak[u], uint32(at))
			continue
		}
		if n := len(units); n == 0 || units[n-1] != u {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	units = slices.Compact(units)
	strong := len(units)
	for u, offsets := range weak {
		if _, known := slices.BinarySearch(units[:strong], u); !known && anyBeside(m, q, u, offsets) {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	return units
}

// maxBraces bounds the braces that make two things stand beside one another, in bytes: an object, not a library.
const maxBraces = 128 << 10

// anyBeside tells whether one of a unit's weak anchors stands within the same braces as what it needs beside it.
func anyBeside(m *scope.Module, q *queries.Query, unit int32, offsets []uint32) bool {
	u := m.Index().Units[unit]
	inside := make([]uint32, len(offsets))
	for i, at := range offsets {
		inside[i] = at - u.Start
	}
	piece := m.Text[u.Start:u.End]
	for i, r := range js.Braces(piece, inside) {
		if r[1]-r[0] <= maxBraces && bytes.Contains(piece[r[0]:r[1]], []byte(q.Beside(m.Text, int(offsets[i])))) {
			return true
		}
	}
	return false
}

// inParallel calls f for 0 to n-1 on some workers, and returns the first error.
func inParallel(ctx context.Context, workers, n int, f func(i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	next := make(chan int)
	g.Go(func() error {
		defer close(next)
		for i := range n {
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(workers, n) {
		g.Go(func() error {
			for i := range next {
				if err := f(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
