package scope

import (
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// Assignments returns the places in the module's text at which a module-level name, or a member of what it holds, seems to
// be assigned by itself: a function may have a name of its own there.
func (m *Module) Assignments(name string) []js.Assignment {
	m.assigning.Do(func() {
		m.Index()
		m.assignments = js.Assignments(m.Text, func(name []byte) bool { return m.defs[string(name)] != nil })
	})
	return m.assignments[name]
}

// Calls returns the places in the module's text at which a function seems to be called by its name.
func (m *Module) Calls(name string) []uint32 {
	m.calling.Do(func() { m.calls = js.IndexCalls(m.Text) })
	return m.calls.Of(name)
}

// Bounds of how a function is found that a statement runs.
const (
	maxCallHops = 3
	maxCallers  = 16
)

// Effects returns the statements of the module, in their order, that may change what a name of it holds without a
// definition: they have the name in a function which they run, or call a function which changes it.
func (m *Module) Effects(name string, writes func(method []byte) bool) (units []int32) {
	m.affecting.Do(func() { m.effects = js.IndexEffects(m.Text, m.Index(), writes) })
	units = append(units, m.effects.Changing(name)...)
	changers := append([]string(nil), m.effects.Changers(name)...)
	seen := map[string]bool{}
	for hop := 0; hop < maxCallHops && len(changers) > 0; hop++ {
		var callers []string
		for _, f := range changers {
			if seen[f] || len(seen) > maxCallers {
				continue
			}
			seen[f] = true
			units = append(units, m.effects.Statements(f)...)
			for _, at := range m.Calls(f) {
				if g := m.declaredAt(at); g != "" {
					callers = append(callers, g)
				}
			}
		}
		changers = callers
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// declaredAt is the function, or the variable, whose declaration holds a place; "" where that is another statement.
func (m *Module) declaredAt(at uint32) string {
	x := m.Index()
	unit := x.UnitAt(at)
	if unit < 0 || x.Units[unit].Wraps >= 0 || x.Units[unit].Kind != js.UnitFunction && x.Units[unit].Kind != js.UnitVar {
		return ""
	}
	first, _ := slices.BinarySearchFunc(x.Defs, unit, func(d js.Def, unit int32) int { return cmp.Compare(d.Unit, unit) })
	for _, d := range x.Defs[first:] {
		if d.Unit != unit {
			break
		}
		if d.How == js.Declares {
			return d.Name
		}
	}
	return ""
}

// Importers finds the modules that import what a module-level name of this one holds, from it or from a module that
// re-exports it, by the import declarations that they begin with.
func (m *Module) Importers(local string) (importers []Importer) {
	for _, inner := range m.inner {
		if b, ok := inner.Lookup(-1, local); ok && b.Module == m {
			importers = append(importers, Importer{inner, local})
		}
	}
	if len(m.program.Modules) == 1 {
		return importers
	}
	m.program.linking.Do(m.program.link)
	w := walk{seen: map[exported]bool{}}
	w.exports(m, local)
	for len(w.queue) > 0 {
		e := w.queue[0]
		w.queue = w.queue[1:]
		for _, i := range m.program.importers[e] {
			importers = append(importers, i)
			w.exports(i.Module, i.Local)
		}
		for _, again := range m.program.reexporters[e.module] {
			w.reexports(again, e)
		}
	}
	return importers
}

// ExportsOf returns the names under which the module exports what a module-level name of it holds.
func (m *Module) ExportsOf(local string) (names []string) {
	for _, e := range m.Index().Exports {
		if e.Local == local && e.From == "" {
			names = append(names, e.Exported)
		}
	}
	return names
}

// walk follows what is exported through the modules that export it again.
type walk struct {
	queue []exported
	seen  map[exported]bool
}

func (w *walk) add(e exported) {
	if !w.seen[e] {
		w.seen[e] = true
		w.queue = append(w.queue, e)
	}
}

func (w *walk) exports(m *Module, local string) {
	for _, name := range m.ExportsOf(local) {
		w.add(exported{m.ID, name})
	}
}

// reexports adds the names under which a module exports what another one does.
func (w *walk) reexports(m *Module, e exported) {
	for _, x := range m.Index().Exports {
		whole := x.Imported == "*" && x.Exported == "*" && e.name != "default"
		if x.From == "" || !whole && x.Imported != e.name {
			continue
		}
		target, ok := m.Import(x.From)
		switch {
		case !ok || target.ID != e.module:
		case whole:
			w.add(exported{m.ID, e.name})
		default:
			w.add(exported{m.ID, x.Exported})
		}
	}
}

// link finds who imports what, and which modules export anything of others again. Only the latter are scanned.
func (p *Program) link() {
	p.importers, p.reexporters = map[exported][]Importer{}, map[int][]*Module{}
	for _, m := range p.Modules {
		for _, im := range js.HeadImports(m.Text) {
			if target, ok := m.Import(im.From); ok && im.Local != "" {
				k := exported{target.ID, im.Imported}
				p.importers[k] = append(p.importers[k], Importer{m, im.Local})
			}
		}
		if !js.MayReexport(m.Text) {
			continue
		}
		met := map[int]bool{}
		for _, x := range m.Index().Exports {
			if target, ok := m.Import(x.From); ok && x.From != "" && !met[target.ID] {
				met[target.ID] = true
				p.reexporters[target.ID] = append(p.reexporters[target.ID], m)
			}
		}
	}
}

// exported is a name that a module exports.
type exported struct {
	module int
	name   string
}

// Importer is a module that imports a name, and what it calls it.
type Importer struct {
	Module *Module
	Local  string
}
