package format

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer/internal/binding"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// symbol is a name of a module: declared in it, or imported into it.
type symbol struct {
	name    string // in the source
	best    hint
	final   string // in what is written
	unit    int32  // that declares it, or -1
	bare    bool   // no unit declares it with a value
	group   *group // whose file declares it; nil for an imported one
	from    string // the specifier that it is imported from
	import_ string // the name that it has there
	target  *symbol
	module  *module
	kept    bool // it keeps its name
}

// module is a module of the program while it is written.
type module struct {
	source  *scope.Module
	path    string // of the file that stands for it
	units   []unit
	symbols []*symbol
	byName  map[string]int32
	groups  []*group
	runtime *group
	isESM   bool
	// the attributes of its imports, by specifier
	attributes map[string]string
}

// surveyAll surveys all units of a module on several goroutines.
func (m *module) surveyAll(ctx context.Context, workers int, parsers *sync.Pool) error {
	index := m.source.Index()
	var top []js.Unit
	for _, u := range index.Units {
		if u.Thunk < 0 {
			top = append(top, u)
		}
	}
	m.units = make([]unit, len(top))
	g, working := errgroup.WithContext(ctx)
	next := make(chan int, workers)
	g.Go(func() error {
		defer close(next)
		for i := 0; i < len(top); i += surveyedAtOnce {
			select {
			case next <- i:
			case <-working.Done():
				return working.Err()
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error {
			s := surveyor{module: m.source, parser: parsers.Get().(*js.Parser)}
			defer parsers.Put(s.parser)
			for from := range next {
				if working.Err() != nil {
					return working.Err()
				}
				for i := from; i < min(from+surveyedAtOnce, len(top)); i++ {
					u, err := s.unit(top[i])
					if err != nil {
						return fmt.Errorf("module %s: %w", m.source.Name, err)
					}
					m.units[i] = u
				}
			}
			return nil
		})
	}
	return g.Wait()
}

const surveyedAtOnce = 32

// link finds the names of the module, and which uses mean them.
func (m *module) link() {
	index := m.source.Index()
	m.byName = map[string]int32{}
	m.isESM = len(index.Imports) > 0 || len(index.Exports) > 0
	at := make([]int32, len(index.Units)) // of the unit at module level that holds each
	n := int32(-1)
	for i, u := range index.Units {
		if u.Thunk < 0 {
			n++
		}
		at[i] = n
	}
	for _, d := range index.Defs {
		if d.Local || d.How == js.Touches || d.How == js.Assigns {
			continue
		}
		s := m.symbol(d.Name)
		if s.unit < 0 || s.bare && d.How == js.Declares {
			s.unit, s.bare = at[d.Unit], d.How == js.Bare
		}
	}
	for _, im := range index.Imports {
		if im.Local != "" {
			s := m.symbol(im.Local)
			s.from, s.import_ = im.From, im.Imported
			s.best = hint{im.Local, importWord(im), rankExport}
		}
	}
	for i := range m.units {
		m.linkUnit(&m.units[i])
	}
	m.readAttributes()
	for _, e := range index.Exports {
		if id, ok := m.byName[e.Local]; ok && e.From == "" && e.Exported != "default" {
			m.symbols[id].better(hint{e.Local, identifier(e.Exported), rankExport})
		}
	}
}

// take tells the groups which names are taken in them: those that they declare, and the globals that they use.
func (m *module) take() {
	for _, g := range m.groups {
		g.taken = map[string]bool{}
		for _, i := range g.units {
			for _, n := range m.units[i].uses {
				if n.local < 0 && n.symbol < 0 {
					g.taken[n.name] = true
				}
			}
		}
	}
	for _, s := range m.symbols {
		if s.group != nil {
			s.group.taken[s.final] = true
		}
	}
}

func (m *module) symbol(name string) *symbol {
	if id, ok := m.byName[name]; ok {
		return m.symbols[id]
	}
	m.byName[name] = int32(len(m.symbols))
	s := &symbol{name: name, unit: -1, module: m, best: hint{rank: noRank}}
	m.symbols = append(m.symbols, s)
	return s
}

func (m *module) linkUnit(u *unit) {
	for k := range u.uses {
		if n := &u.uses[k]; n.local == binding.Outer {
			n.symbol = -1
			if id, ok := m.byName[n.name]; ok {
				n.symbol = id
				m.symbols[id].kept = m.symbols[id].kept || u.opaque
			}
		}
	}
	isGlobal := func(name string) bool {
		_, declared := m.byName[name]
		return !declared && !slices.ContainsFunc(u.locals, func(l local) bool { return l.name == name })
	}
	for i := range u.locals {
		u.locals[i].base = settled(u.locals[i].base, isGlobal)
	}
	for _, h := range u.hints {
		h.word = settled(h.word, isGlobal)
		if id, ok := m.byName[h.name]; ok {
			m.symbols[id].better(h)
		}
	}
	u.hints = nil
}

// better takes a hint that says more than what is known.
func (s *symbol) better(h hint) {
	if h.word != "" && h.rank < s.best.rank {
		s.best = h
	}
}

// importWord is a word for what is imported: its name, or the package's where all of it is, or its default.
func importWord(im js.Import) string {
	if w := identifier(im.Imported); w != "" && im.Imported != "default" && im.Imported != "*" {
		return w
	}
	return orElse(slug(baseName(im.From), 3), "imported")
}

// isMinified tells a module whose names were made short: most of what its functions declare has one to three letters.
func isMinified(modules []*module) bool {
	short, all := 0, 0
	for _, m := range modules {
		for i := range m.units {
			for _, l := range m.units[i].locals {
				if all++; len(l.name) <= 2 {
					short++
				}
			}
		}
	}
	return short*2 > all
}

// byUse orders symbols by how they are called in the end.
func byFinal(a, b *symbol) int { return cmp.Compare(a.final, b.final) }

// sorted returns the symbols of a set, ordered.
func sorted(set map[*symbol]bool) []*symbol {
	list := make([]*symbol, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.SortFunc(list, byFinal)
	return list
}
