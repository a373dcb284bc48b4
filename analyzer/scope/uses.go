package scope

import "github.com/bundlens/bundlens/analyzer/js"

// Assignments returns the places in the module's text at which a module-level name, or a member of what it holds, seems to
// be assigned by itself: a function may have a name of its own there.
func (m *Module) Assignments(name string) []js.Assignment {
	m.assigning.Do(func() {
		m.Index()
		m.assignments = js.Assignments(m.Text, func(name []byte) bool { return m.defs[string(name)] != nil })
	})
	return m.assignments[name]
}

// Calls returns the places in the module's text at which a module-level function seems to be called by its name.
func (m *Module) Calls(name string) []uint32 {
	m.calling.Do(func() {
		m.Assignments("")
		m.calls = js.Calls(m.Text, m.setters())
	})
	calls, known := m.calls[name]
	if known {
		return calls
	}
	for at := range js.Words(m.Text, name) {
		if end := at + len(name); end < len(m.Text) && m.Text[end] == '(' {
			calls = append(calls, uint32(at))
		}
	}
	return calls
}

// setters are the names of the functions with an assignment in them to a name of the module. They are those that are
// asked for in numbers.
func (m *Module) setters() map[string]bool {
	units := map[int32]bool{}
	for _, list := range m.assignments {
		for _, a := range list {
			if unit := m.index.UnitAt(a.At); a.Plain && unit >= 0 && m.index.Units[unit].Kind == js.UnitFunction {
				units[unit] = true
			}
		}
	}
	names := map[string]bool{}
	for _, d := range m.index.Defs {
		if units[d.Unit] && d.How == js.Declares {
			names[d.Name] = true
		}
	}
	return names
}

// Importers finds the modules that import what a module-level name of this one holds, directly, by the import
// declarations that they begin with.
func (m *Module) Importers(local string) (importers []Importer) {
	if len(m.program.Modules) == 1 {
		return nil
	}
	m.program.linking.Do(m.program.link)
	for _, e := range m.Index().Exports {
		if e.Local == local && e.From == "" {
			importers = append(importers, m.program.importers[exported{m.ID, e.Exported}]...)
		}
	}
	return importers
}

func (p *Program) link() {
	p.importers = map[exported][]Importer{}
	for _, m := range p.Modules {
		for _, im := range js.HeadImports(m.Text) {
			if target, ok := m.Import(im.From); ok && im.Local != "" {
				k := exported{target.ID, im.Imported}
				p.importers[k] = append(p.importers[k], Importer{m, im.Local})
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
