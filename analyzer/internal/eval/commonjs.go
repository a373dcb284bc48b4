package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// commonJS is what the loader gives a CommonJS module that is a file: the names exports and module. They hold what
// the module's own statements have put there.
type commonJS struct {
	exported        *Cell // what require gives
	exports, module *Cell
}

// commonJSOf returns the state of a CommonJS module, or nil for another.
func (m *Machine) commonJSOf(module *scope.Module) *commonJS {
	if state, ok := m.loaded[module.ID]; ok {
		return state
	}
	m.loaded[module.ID] = nil
	if !module.IsCommonJS() {
		return nil
	}
	units := module.CommonJS()
	state := &commonJS{exported: &Cell{}}
	state.exported.init = func() Value { return m.load(state, module, units) }
	named := func() *Cell {
		c := &Cell{}
		c.init = func() Value {
			m.force(state.exported)
			return c.value
		}
		return c
	}
	state.exports, state.module = named(), named()
	m.loaded[module.ID] = state
	return state
}

// load runs the statements of a module that say what it exports. Who asks meanwhile, in a circle, sees what is there.
func (m *Machine) load(state *commonJS, module *scope.Module, units []int32) Value {
	var self *Object
	given := func() {
		exports := m.newObject(KindObject)
		self = m.newObject(KindObject)
		self.set("exports", &Prop{Value: exports})
		state.exports.value, state.exports.init = exports, nil
		state.module.value, state.module.init = self, nil
		state.exported.value = exports
	}
	if m.beginModule(module, given) {
		return m.Get(self, "exports")
	}
	given()
	for _, unit := range units {
		tree, env, ok := m.unit(module, unit)
		if !ok {
			continue
		}
		for n := tree.Root().FirstChild(); n.Valid(); n = n.Next() {
			d := m.divide(n)
			if d.parts == nil {
				m.attemptQuietly(func() { m.statement(n, env) })
			}
			for _, p := range d.parts {
				m.loadPart(state.exported, d, p, unit, env)
			}
		}
	}
	return m.Get(self, "exports")
}

// loadPart runs a part of a statement of a module that is loaded. Names that it gives their values beside other things that
// it does have none before: what it does may depend on that, as in Kind || (exports.Kind = Kind = {}).
func (m *Machine) loadPart(exported *Cell, d *division, p part, unit int32, env *Env) {
	run := func() { m.attemptQuietly(func() { m.runPart(p, env) }) }
	if p.plain || len(p.names) == 0 || p.node.Kind() == js.VariableDeclarator {
		run()
		return
	}
	values, _ := m.anew(exported, unit, env, p.names, run)
	for i, name := range p.names {
		if values[i] != nil {
			d.found[name] = values[i]
		}
	}
}

// loaderName is the cell of a name that the loader gives a module; nil for another name.
func (m *Machine) loaderName(module *scope.Module, name string) *Cell {
	exports, self := module.LoaderNames()
	if name != exports && name != self {
		return nil
	}
	state := m.commonJSOf(module)
	switch {
	case state == nil:
		return nil
	case name == exports:
		return state.exports
	}
	return state.module
}
