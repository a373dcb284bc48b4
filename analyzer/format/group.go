package format

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// group is what is written to one file: the units of one module as it was before it was bundled, as far as that can be
// seen.
type group struct {
	module *module
	kind   groupKind
	origin string  // the path that a bundler's comment gives; "" without one
	units  []int32 // ascending
	word   string  // what it is called after
	unique bool    // the word stands in no other group
	digest uint64
	path   string
	merged *group // the one that took it up
	// the names at module level, declared in it or global: a local with one of them would be renamed by the printer where it
	// stands in one piece with that, and nowhere else
	taken map[string]bool
}

type groupKind uint8

const (
	groupPlain groupKind = iota // what runs when the program starts
	groupLazy                   // a lazy module
	groupCommonJS
	groupRuntime // the functions of the bundler
)

// folders are where files of each kind of group are put.
var folders = [...]string{"main", "modules", "commonjs", "."}

func (g *group) root() *group {
	for g.merged != nil {
		g = g.merged
	}
	return g
}

func (g *group) eager() bool {
	return slices.ContainsFunc(g.units, func(i int32) bool { return g.module.units[i].eager })
}

// maxRuntime bounds the units of the bundler's own functions: one that rests on more can't be told from the program.
const maxRuntime = 120

// divide puts the units of a module into groups. A module without lazy modules, CommonJS modules or comments that
// name its files is one group.
func (m *module) divide() {
	runtime, ok := m.runtimeUnits()
	if !ok {
		m.whole()
		return
	}
	d := divider{module: m, runtime: runtime}
	for i := range m.units {
		d.unit(int32(i))
	}
	d.flush(groupPlain, len(d.pending))
	if len(runtime) > 0 {
		m.runtime = &group{module: m, kind: groupRuntime, word: "runtime", unique: true}
		for i := range m.units {
			if runtime[int32(i)] {
				m.runtime.units = append(m.runtime.units, int32(i))
			}
		}
		m.groups = append(m.groups, m.runtime)
	}
	m.settle()
	if len(m.groups) > 1 && !m.unite() {
		m.whole()
	}
}

// whole makes one group of all units.
func (m *module) whole() {
	g := &group{module: m, word: "main", unique: true}
	for i := range m.units {
		if m.units[i].kind != js.UnitImport {
			g.units = append(g.units, int32(i))
		}
	}
	m.groups, m.runtime = []*group{g}, nil
	for _, s := range m.symbols {
		if s.from == "" {
			s.group = g
		}
	}
}

// runtimeUnits are the functions that lazy modules are made with, and all that they rest on.
func (m *module) runtimeUnits() (map[int32]bool, bool) {
	found := map[int32]bool{}
	var queue []string
	for i := range m.units {
		if h := m.units[i].helper; h != "" {
			queue = append(queue, h)
		}
	}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		id, ok := m.byName[name]
		if !ok || m.symbols[id].unit < 0 || found[m.symbols[id].unit] {
			continue
		}
		unit := m.symbols[id].unit
		found[unit] = true
		if u := &m.units[unit]; u.wraps || len(found) > maxRuntime {
			return nil, false
		}
		for _, n := range m.units[unit].uses {
			if n.symbol >= 0 {
				queue = append(queue, n.name)
			}
		}
	}
	return found, true
}

// divider goes through a module's units.
type divider struct {
	module  *module
	runtime map[int32]bool
	pending []int32
	origin  string
}

func (d *divider) unit(i int32) {
	u := &d.module.units[i]
	if u.kind == js.UnitImport || d.runtime[i] {
		return
	}
	if origin := d.commentBefore(i); origin != "" {
		d.flush(groupPlain, len(d.pending))
		d.origin = origin
	}
	switch {
	case u.wraps && u.thunk == js.ThunkCommonJS:
		g := d.add(groupCommonJS, []int32{i})
		g.origin, d.origin = d.origin, ""
	case u.wraps:
		d.flush(groupPlain, d.afterEager())
		d.pending = append(d.pending, i)
		d.flush(groupLazy, len(d.pending))
	default:
		d.pending = append(d.pending, i)
	}
}

// afterEager is how many of the pending units stand up to the last one that does something when it is loaded: those
// after it belong to the lazy module that follows.
func (d *divider) afterEager() int {
	for n := len(d.pending); n > 0; n-- {
		if d.module.units[d.pending[n-1]].eager {
			return n
		}
	}
	return 0
}

func (d *divider) flush(kind groupKind, n int) {
	if n > 0 {
		g := d.add(kind, slices.Clone(d.pending[:n]))
		g.origin = d.origin
		d.pending = d.pending[n:]
	}
}

func (d *divider) add(kind groupKind, units []int32) *group {
	g := &group{module: d.module, kind: kind, units: units}
	d.module.groups = append(d.module.groups, g)
	return g
}

// originComment is the comment by which bundlers name the file that follows.
var originComment = lazyregexp.New(`^\s*// ([\w@.+/-]+\.[cm]?[jt]sx?)\s*$`)

func (d *divider) commentBefore(i int32) string {
	start, end := uint32(0), d.module.units[i].start
	if i > 0 {
		start = min(end, d.module.units[i-1].end)
	}
	gap := d.module.source.Text[start:end]
	if !bytes.Contains(gap, []byte("// ")) {
		return ""
	}
	origin := ""
	for line := range strings.SplitSeq(string(gap), "\n") {
		if found := originComment.Get().FindStringSubmatch(line); found != nil {
			origin = found[1]
		}
	}
	return origin
}

// settle says in which group each name is declared. A variable without a value goes where it gets its first one.
func (m *module) settle() {
	of := make([]*group, len(m.units))
	for _, g := range m.groups {
		for _, i := range g.units {
			of[i] = g
		}
	}
	first := map[int32]int32{} // by symbol: the first unit that writes it
	for i := range m.units {
		for _, n := range m.units[i].uses {
			if _, known := first[n.symbol]; n.symbol >= 0 && n.written && !known {
				first[n.symbol] = int32(i)
			}
		}
	}
	for id, s := range m.symbols {
		if s.unit < 0 {
			continue
		}
		s.group = of[s.unit]
		by, written := first[int32(id)]
		if to := of[by]; s.bare && m.units[s.unit].bare && written && to != nil && to != s.group && s.group != m.runtime {
			s.group.units = slices.DeleteFunc(s.group.units, func(i int32) bool { return i == s.unit })
			to.units = append(to.units, s.unit)
			s.group, of[s.unit] = to, to
		}
	}
	m.groups = slices.DeleteFunc(m.groups, func(g *group) bool { return len(g.units) == 0 })
	for _, g := range m.groups {
		slices.Sort(g.units)
	}
}

// unite makes one group of those that assign each other's names, which modules can't, and of all between two that do
// something when they are loaded, so that all is done in the order of the source. ok is false where that can't be.
func (m *module) unite() (ok bool) {
	join := func(a, b *group) {
		if a, b = a.root(), b.root(); a != b {
			b.merged = a
			if a.kind == groupPlain && b.kind != groupPlain {
				a.kind = b.kind
			}
		}
	}
	for _, g := range m.groups {
		for _, i := range g.units {
			for _, n := range m.units[i].uses {
				if n.symbol < 0 || !n.written || m.symbols[n.symbol].group == nil || m.symbols[n.symbol].group == g {
					continue
				}
				if g == m.runtime || m.symbols[n.symbol].group == m.runtime {
					return false
				}
				join(m.symbols[n.symbol].group, g)
			}
		}
	}
	m.joinBetween(join)
	for _, g := range m.groups {
		if r := g.root(); r != g {
			r.units = append(r.units, g.units...)
			r.origin = orElse(r.origin, g.origin)
		}
	}
	m.groups = slices.DeleteFunc(m.groups, func(g *group) bool { return g.merged != nil })
	for _, g := range m.groups {
		slices.Sort(g.units)
	}
	for _, s := range m.symbols {
		if s.group != nil {
			s.group = s.group.root()
		}
	}
	return true
}

// joinBetween joins eager groups that lie between two that were joined.
func (m *module) joinBetween(join func(a, b *group)) {
	var eager []*group
	for _, g := range m.groups {
		if g != m.runtime && g.eager() {
			eager = append(eager, g)
		}
	}
	slices.SortFunc(eager, func(a, b *group) int { return int(a.firstEager()) - int(b.firstEager()) })
	last := map[*group]int{}
	for changed := true; changed; {
		changed = false
		clear(last)
		for i, g := range eager {
			last[g.root()] = i
		}
		for i := 0; i < len(eager); i++ {
			for k := i + 1; k < last[eager[i].root()]; k++ {
				if eager[k].root() != eager[i].root() {
					join(eager[i], eager[k])
					changed = true
				}
			}
		}
	}
}

func (g *group) firstEager() int32 {
	for _, i := range g.units {
		if g.module.units[i].eager {
			return i
		}
	}
	return -1
}
