// Package scope says who a name is: which module's units declare it, give it its value or change it,
// through lazy-module thunks, imports and re-exports. Modules are scanned when they are first asked for, and
// units parsed when they are.
package scope

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
)

// Source is one module as given: a name that other modules import it by, and its text.
type Source struct {
	Name string
	Text []byte
	// Strict says that the module is an ES module by its name or its package, to which a CommonJS module's default
	// export is all of its exports.
	Strict bool
	// Entry says that the module is the one that runs first.
	Entry bool
}

// ImportKind says how a module refers to another one.
type ImportKind = source.ImportKind

// Resolver finds the module that specifier names in the module from; ok is false for one outside the program.
type Resolver func(from int, specifier string, kind ImportKind) (module int, ok bool)

// Program is all modules of one input. It may be used from several goroutines.
type Program struct {
	Modules []*Module
	resolve Resolver
	ctx     context.Context // of all parsing
	parsers sync.Pool
	stats   stats

	referred sync.Map // reference -> module id, or -1

	linking     sync.Once
	importers   map[exported][]Importer
	reexporters map[int][]*Module // by the module that they export something of again

	settingVariables sync.Once
	variableWrites   map[string][]VariableWrite
}

type stats struct {
	modules, units, unitsParsed, bytesParsed, parseErrors, unitsCut atomic.Int64
}

// Stats counts what was read so far.
type Stats struct {
	ModulesScanned, Units, UnitsParsed, BytesParsed, ParseErrors int64
	// UnitsCut is how many units may hold more matches of the queries than were kept.
	UnitsCut int64
}

// New returns a program over modules; nothing is read yet.
func New(sources []Source, resolve Resolver) *Program {
	p := &Program{resolve: resolve, ctx: context.Background()}
	p.parsers.New = func() any { return js.NewParser() }
	for i, s := range sources {
		p.Modules = append(p.Modules, &Module{ID: i, Name: s.Name, Text: s.Text, Entry: s.Entry, file: i, fileText: s.Text, strict: s.Strict, program: p})
	}
	return p
}

// Within ends all parsing when a context is done; called before anything is asked of the program.
func (p *Program) Within(ctx context.Context) { p.ctx = ctx }

// Stats returns what was read so far.
func (p *Program) Stats() Stats {
	return Stats{p.stats.modules.Load(), p.stats.units.Load(), p.stats.unitsParsed.Load(), p.stats.bytesParsed.Load(), p.stats.parseErrors.Load(), p.stats.unitsCut.Load()}
}

// Module is one module of a program.
type Module struct {
	ID      int
	Name    string
	Text    []byte
	Entry   bool // it runs first
	program *Program
	strict  bool

	file     int // whose text it is, or a part of
	fileText []byte
	nested   nested
	inner    []*Module // the modules inside it

	once    sync.Once
	scanned atomic.Bool
	whole   atomic.Bool
	index   *js.Index
	defs    map[string][]js.Def // by name: those seen in the whole module
	locals  map[localName][]js.Def
	imports map[string]int32
	exports map[string]int32
	stars   []string

	assigning   sync.Once
	assignments map[string][]js.Assignment
	calling     sync.Once
	calls       *js.Calls
	affecting   sync.Once
	effects     *js.Effects

	mu    sync.Mutex
	trees map[int32]*js.Tree // by unit; nil for one that was parsed and is not kept
}

// scanWhole indexes a module by a parse of all of it, where the scanner's own index can't be trusted.
func (m *Module) scanWhole(scanned *js.Index) *js.Index {
	m.whole.Store(true)
	parser := m.program.parsers.Get().(*js.Parser)
	defer m.program.parsers.Put(parser)
	x, _, err := parser.Whole(m.program.ctx, m.Text)
	if err != nil {
		return scanned
	}
	return x
}

// Whole tells whether the module had to be parsed whole to be indexed.
func (m *Module) Whole() bool { return m.whole.Load() }

type localName struct {
	thunk int32
	name  string
}

// Scanned tells whether the module was scanned already.
func (m *Module) Scanned() bool { return m.scanned.Load() }

// Index returns what the scanner finds in the module.
func (m *Module) Index() *js.Index {
	m.once.Do(m.scan)
	return m.index
}

func (m *Module) scan() {
	x := js.Scan(m.Text)
	if !x.Balanced && !x.Crowded {
		x = m.scanWhole(x)
	}
	m.index = x
	m.program.stats.modules.Add(1)
	m.program.stats.units.Add(int64(len(x.Units)))
	m.defs = make(map[string][]js.Def, len(x.Defs))
	m.locals = map[localName][]js.Def{}
	declared := make(map[string]bool, len(x.Defs))
	for _, d := range x.Defs {
		if d.How != js.Touches {
			declared[d.Name] = true
		}
	}
	for _, d := range x.Defs {
		if !declared[d.Name] {
			continue // a global of the runtime, or an imported name, that the module changes
		}
		if d.Local {
			k := localName{x.Units[d.Unit].Thunk, d.Name}
			m.locals[k] = append(m.locals[k], d)
		} else {
			m.defs[d.Name] = append(m.defs[d.Name], d)
		}
	}
	m.imports = make(map[string]int32, len(x.Imports))
	for i, im := range x.Imports {
		if im.Local != "" {
			m.imports[im.Local] = int32(i)
		}
	}
	m.exports = make(map[string]int32, len(x.Exports))
	for i, e := range x.Exports {
		if e.Exported == "*" && e.Imported == "*" {
			m.stars = append(m.stars, e.From)
			continue
		}
		m.exports[e.Exported] = int32(i)
	}
	m.trees = map[int32]*js.Tree{}
	m.scanned.Store(true)
}

// Tree returns the syntax tree of one unit, parsed once.
func (m *Module) Tree(unit int32) (*js.Tree, error) {
	m.Index()
	m.mu.Lock()
	t := m.trees[unit]
	m.mu.Unlock()
	if t != nil {
		return t, nil
	}
	t, _, err := m.parse(m.program.ctx, unit, nil)
	return t, err
}

// TreeAt returns the syntax tree of the unit around an offset, and the unit; no tree where the offset is in none, or it can't
// be parsed.
func (m *Module) TreeAt(at uint32) (tree *js.Tree, unit int32) {
	if unit = m.Index().UnitAt(at); unit < 0 {
		return nil, unit
	}
	tree, err := m.Tree(unit)
	if err != nil {
		return nil, unit
	}
	return tree, unit
}

// Beside returns, for each of some ascending places in a unit, the text of the innermost braces around it; none where
// js.Braces finds none.
func (m *Module) Beside(unit int32, places []uint32) [][]byte {
	u := m.Index().Units[unit]
	inside := make([]uint32, len(places))
	for i, at := range places {
		inside[i] = at - u.Start
	}
	piece := m.Text[u.Start:u.End]
	texts := make([][]byte, len(places))
	for i, r := range js.Braces(piece, inside) {
		texts[i] = piece[r[0]:r[1]]
	}
	return texts
}

// Match returns where the patterns of some queries fit in one unit, by query. The tree of a unit in which none fits is
// not kept.
func (m *Module) Match(ctx context.Context, unit int32, qs []*queries.Query) ([][]js.Match, error) {
	m.Index()
	_, matches, err := m.parse(ctx, unit, qs)
	return matches, err
}

func (m *Module) parse(ctx context.Context, unit int32, qs []*queries.Query) (t *js.Tree, matches [][]js.Match, err error) {
	u := m.index.Units[unit]
	prefix := ""
	if u.Kind == js.UnitVar {
		prefix = "var "
	}
	parser := m.program.parsers.Get().(*js.Parser)
	defer m.program.parsers.Put(parser)
	if qs == nil {
		t, err = parser.Parse(ctx, m.Text, u.Start, u.End, prefix)
	} else {
		t, matches, err = parser.ParseMatching(ctx, m.Text, u.Start, u.End, prefix, qs)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("module %s: %w", m.Name, err)
	}
	if t.Cut {
		m.program.stats.unitsCut.Add(1)
	}
	t.Module = m.ID
	m.mu.Lock()
	defer m.mu.Unlock()
	// A unit has one tree for all, and is counted once, whoever asks for it first: nodes tell places apart.
	first, counted := m.trees[unit]
	if first != nil {
		for _, match := range slices.Concat(matches...) {
			match.MoveTo(first)
		}
		return first, matches, nil
	}
	m.trees[unit] = nil
	if t.Len() > 0 {
		m.trees[unit] = t
	}
	if counted {
		return t, matches, nil
	}
	s := &m.program.stats
	s.unitsParsed.Add(1)
	s.bytesParsed.Add(int64(u.End - u.Start))
	if t.HasError {
		s.parseErrors.Add(1)
	}
	return t, matches, nil
}

// Binding is what a name is in a module. One of Module, Star, Required, External and Missing is set.
type Binding struct {
	// Module declares it: in the body of Thunk, or at module level if that is -1.
	Module *Module
	Thunk  int32
	Name   string
	Defs   []js.Def
	// Star is the module whose exports are the members of the name's object.
	Star *Module
	// Required is a CommonJS module, and External the specifier of a module outside the program, whose export Imported
	// the name is ("*" for all of them). Interop says that the importer takes a default export as bundlers do, which
	// heed __esModule, and not as Node does.
	Required *Module
	External string
	Imported string
	Importer string // name of the module that imports it
	Interop  bool
	// Else are other places where it may come from, in case that it is not there.
	Else []Binding
	// Missing says why nothing exports Imported.
	Missing string
}

// Lookup finds what name is, seen from a unit inside thunk (-1: at module level). ok is false for a name that
// the program doesn't declare.
func (m *Module) Lookup(thunk int32, name string) (b Binding, ok bool) {
	if b, ok := m.declared(thunk, name); ok {
		return b, true
	}
	if i, ok := m.imports[name]; ok {
		im := m.index.Imports[i]
		return m.follow(im.From, im.Imported), true
	}
	return m.around(name)
}

// declared finds a name among those that the module declares itself.
func (m *Module) declared(thunk int32, name string) (Binding, bool) {
	m.Index()
	if thunk >= 0 {
		if defs := m.locals[localName{thunk, name}]; defs != nil {
			return Binding{Module: m, Thunk: thunk, Name: name, Defs: slices.Clip(defs)}, true
		}
	}
	if defs := m.defs[name]; defs != nil {
		return Binding{Module: m, Thunk: -1, Name: name, Defs: slices.Clip(defs)}, true
	}
	return Binding{}, false
}

// ThunkNamed returns the thunk that a module-level name holds.
func (m *Module) ThunkNamed(name string) (js.Thunk, bool) {
	x := m.Index()
	for _, d := range m.defs[name] {
		if w := x.Units[d.Unit].Wraps; w >= 0 && d.How != js.Touches {
			return x.Thunks[w], true
		}
	}
	return js.Thunk{}, false
}
