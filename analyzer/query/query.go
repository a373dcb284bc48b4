// Package query runs a user's tree-sitter query over a program: what matches, where it stands, what its names are
// defined as across modules, and what it evaluates to.
package query

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
)

// Options say what is found out of what matches.
type Options struct {
	// Eval evaluates what is captured.
	Eval bool
	// Assume answers questions of the world, as analyzer.Options does.
	Assume map[string]string
	// Workers is how many goroutines look; 0 takes one for each processor.
	Workers int
}

// Match is one place where a pattern fits.
type Match struct {
	// Pattern is the position of the pattern in its query, from 0.
	Pattern int `json:"pattern"`
	// Module is the name of the module.
	Module string `json:"module"`
	// Captures are in the order of the source, without those whose name begins with an underscore.
	Captures []Capture `json:"captures"`
}

// Capture is a node that a pattern names.
type Capture struct {
	Name string `json:"name"`
	// Start and End are byte offsets in the module.
	Start int `json:"start"`
	End   int `json:"end"`
	// Line and Column are where it starts, from 1; the column is in bytes.
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
	// Defined is where a name gets its value, for a name of the program's own modules or of one that it imports.
	Defined *Definition `json:"defined,omitempty"`
	// Value is what an expression evaluates to, where that was asked for.
	Value *Value `json:"value,omitempty"`
}

// Definition is what a name means: a place in a module of the program, what another package exports, or a global.
type Definition struct {
	// Module and the offsets are of the first statement that gives the name its value, and Name what it is called there.
	Module string `json:"module,omitempty"`
	Name   string `json:"name,omitempty"`
	Start  int    `json:"start,omitempty"`
	End    int    `json:"end,omitempty"`
	// Import is the package, or the module of the runtime, that is imported; Name is its export then: "*" for all of them.
	Import string `json:"import,omitempty"`
	// Global says that no module declares it: it is one of the runtime's, or of nothing.
	Global bool `json:"global,omitempty"`
}

// Run calls visit for every match, module by module and in the order of the source. A pattern is matched within one
// statement of a module, where it could not match more than that; a function that a bundler put around a whole module
// is no part of a match. An error of visit ends it.
func Run(ctx context.Context, in *source.Input, q *queries.Query, opts Options, visit func(Match) error) error {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	program := analyzer.Link(in)
	d := &describer{program: program, eval: opts.Eval}
	if opts.Eval {
		d.machine = analyzer.NewMachine(in, program, analyzer.Options{Assume: opts.Assume})
	} else {
		d.machine = eval.New(program, eval.Config{})
	}
	s := searcher{query: q, parsers: sync.Pool{New: func() any { return js.NewParser() }}}
	for _, m := range program.Modules {
		found, err := s.module(ctx, m, opts.Workers)
		if err != nil {
			return fmt.Errorf("module %s: %w", m.Name, err)
		}
		d.enter(m)
		for _, match := range found {
			if err := cmp.Or(ctx.Err(), visit(d.match(match))); err != nil {
				return err
			}
		}
	}
	return nil
}

// searcher finds the matches of one query.
type searcher struct {
	query   *queries.Query
	parsers sync.Pool
}

// piece is what is parsed at once.
type piece struct {
	start, end uint32
	prefix     string
}

// module returns the matches in one module.
func (s *searcher) module(ctx context.Context, m *scope.Module, workers int) ([]js.Match, error) {
	pieces := s.pieces(m)
	found := make([][]js.Match, len(pieces))
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for i, p := range pieces {
		if working.Err() != nil {
			break
		}
		g.Go(func() error {
			if working.Err() != nil {
				return working.Err()
			}
			parser := s.parsers.Get().(*js.Parser)
			defer s.parsers.Put(parser)
			// the parser takes no context: one that ends right after a parse could still end the next
			tree, matches, err := parser.ParseMatching(context.Background(), m.Text, p.start, p.end, p.prefix, []*queries.Query{s.query})
			if err != nil {
				return err
			}
			if tree.Cut {
				return fmt.Errorf("bytes %d to %d: more matches are open at the same time than are kept: put a '.' or fields into the query", p.start, p.end)
			}
			found[i] = matches[0]
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), ctx.Err()
}

// pieces are the parts of a module in which the query may match: the whole of it, its statements, or those with an anchor.
func (s *searcher) pieces(m *scope.Module) (list []piece) {
	anchored := len(s.query.Anchors) > 0
	at := 0
	if anchored {
		if at = s.query.NextAnchor(m.Text, 0); at < 0 {
			return nil
		}
	}
	if s.query.Wide() {
		return []piece{{0, uint32(len(m.Text)), ""}}
	}
	for _, u := range m.Index().Units {
		if u.Thunk >= 0 { // it is a part of the statement that holds the thunk
			continue
		}
		if anchored {
			for at >= 0 && at < int(u.Start) {
				at = s.query.NextAnchor(m.Text, at+1)
			}
			if at < 0 {
				break
			}
			if at >= int(u.End) {
				continue
			}
		}
		prefix := ""
		if u.Kind == js.UnitVar {
			prefix = "var "
		}
		list = append(list, piece{u.Start, u.End, prefix})
	}
	return list
}

// position counts lines.
type position struct {
	text   []byte
	starts []int // of the lines
}

func newPosition(text []byte) position {
	p := position{text, []int{0}}
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return p
		}
		at += i + 1
		p.starts = append(p.starts, at)
	}
}

// of returns the line and column of an offset, from 1.
func (p position) of(offset int) (line, column int) {
	line, found := slices.BinarySearch(p.starts, offset)
	if found {
		line++
	}
	return line, offset - p.starts[line-1] + 1
}
