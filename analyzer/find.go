package analyzer

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/queries"
)

// search is a unit that holds anchors, and the places of their queries.
type search struct {
	module  *scope.Module
	unit    int32
	queries []int
}

// find parses each unit that holds an anchor, once for all queries, and returns what matches of each, in the order of
// the source. Once the analysis has to end it looks at no more units, and says how many there are.
func find(b *bounds, program *scope.Program, qs []*queries.Query, workers int) (matches [][]Match, unsearched int, err error) {
	perModule := make([][]search, len(program.Modules))
	var skipped atomic.Int64
	if err := inParallel(context.Background(), workers, len(program.Modules), func(i int) error {
		if b.stopped.Load() {
			skipped.Add(1) // a module is one statement at least
			return b.err()
		}
		perModule[i] = searches(program.Modules[i], qs)
		return nil
	}); err != nil {
		return nil, 0, err
	}
	all := slices.Concat(perModule...)
	found := make([][][]js.Match, len(all))
	if err := inParallel(context.Background(), workers, len(all), func(i int) (err error) {
		if b.stopped.Load() {
			skipped.Add(1)
			return b.err()
		}
		asked := make([]*queries.Query, len(all[i].queries))
		for k, q := range all[i].queries {
			asked[k] = qs[q]
		}
		ctx, end := b.unit()
		defer end()
		found[i], err = all[i].module.Match(ctx, all[i].unit, asked)
		if err != nil && b.err() == nil && (ctx.Err() != nil || errors.Is(err, js.ErrTooLarge)) {
			skipped.Add(1)
			found[i], err = nil, nil
		}
		return err
	}); err != nil {
		return nil, 0, err
	}
	matches = make([][]Match, len(qs))
	for i, s := range all {
		if found[i] == nil {
			continue
		}
		for k, q := range s.queries {
			for _, m := range found[i][k] {
				matches[q] = append(matches[q], Match{m, s.module, s.unit})
			}
		}
	}
	return matches, int(skipped.Load()), nil
}

// searches are the units of a module that hold an anchor of a query, in order.
func searches(m *scope.Module, qs []*queries.Query) []search {
	byUnit := map[int32][]int{}
	for i, q := range qs {
		for _, u := range anchored(m, q) {
			byUnit[u] = append(byUnit[u], i)
		}
	}
	list := make([]search, 0, len(byUnit))
	for _, u := range slices.Sorted(maps.Keys(byUnit)) {
		list = append(list, search{m, u, byUnit[u]})
	}
	return list
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
	for i, text := range m.Beside(unit, offsets) {
		if len(text) <= maxBraces && bytes.Contains(text, []byte(q.Beside(m.Text, int(offsets[i])))) {
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
