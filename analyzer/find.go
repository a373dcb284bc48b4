package analyzer

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/analyzer/scope"
	"github.com/bundlens/bundlens/queries"
)

// search is a unit that holds anchors, and the places of their queries.
type search struct {
	module  *scope.Module
	unit    int32
	queries []int
}

// find parses each unit that holds an anchor, once for all queries, and returns what matches of each, in the order of
// the source.
func find(ctx context.Context, program *scope.Program, qs []*queries.Query, workers int) ([][]Match, error) {
	perModule := make([][]search, len(program.Modules))
	if err := inParallel(ctx, workers, len(program.Modules), func(i int) error {
		perModule[i] = searches(program.Modules[i], qs)
		return nil
	}); err != nil {
		return nil, err
	}
	all := slices.Concat(perModule...)
	found := make([][][]js.Match, len(all))
	if err := inParallel(ctx, workers, len(all), func(i int) (err error) {
		asked := make([]*queries.Query, len(all[i].queries))
		for k, q := range all[i].queries {
			asked[k] = qs[q]
		}
		found[i], err = all[i].module.Match(ctx, all[i].unit, asked)
		return err
	}); err != nil {
		return nil, err
	}
	matches := make([][]Match, len(qs))
	for i, s := range all {
		for k, q := range s.queries {
			for _, m := range found[i][k] {
				matches[q] = append(matches[q], Match{m, s.module, s.unit})
			}
		}
	}
	return matches, nil
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
