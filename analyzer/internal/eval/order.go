package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Names of a module are found when they are asked for, each by what its own statements do to it. What several statements
// do together in their order, such as making something, keeping it under a second name and changing it by that, is seen
// where the module runs from its first statement to its last.

// ordered is a module that runs in order, and what its names' cells held before.
type ordered struct {
	*Machine
	module *scope.Module
	env    *Env
	cells  []*Cell // whose values are what the run has given them so far
	before []Cell
	placed map[*Cell]bool
	names  map[int32][]string // that a statement declares or assigns
}

// RunsInOrder tells whether a module is one that runs from its first statement to its last: modules inside it run when
// something asks for them.
func RunsInOrder(module *scope.Module) bool {
	return !slices.ContainsFunc(module.Index().Thunks, func(t js.Thunk) bool { return t.Kind == js.ThunkESM })
}

// RunInOrder runs the statements of a module one after another from one on, and then end, which sees the names as they are
// by then. It may be called while Watch evaluates. What ran has left no trace in the module's names afterwards.
func (m *Machine) RunInOrder(module *scope.Module, from int32, end func()) {
	o := &ordered{Machine: m, module: module, env: m.Root(module, -1), placed: map[*Cell]bool{}, names: map[int32][]string{}}
	index := module.Index()
	for _, d := range index.Defs {
		if d.How != js.Touches {
			o.names[d.Unit] = append(o.names[d.Unit], d.Name)
		}
	}
	cycle := m.cycle
	m.forced++ // what is found meanwhile and rests on these names is not kept
	defer func() {
		m.forced--
		m.cycle = cycle
		for i, c := range o.cells {
			*c = o.before[i]
		}
	}()
	for i, u := range index.Units {
		if int32(i) >= from && u.Thunk < 0 && u.Wraps < 0 && u.Kind != js.UnitImport && u.Kind != js.UnitFunction {
			m.attemptQuietly(func() { o.unit(int32(i)) })
		}
	}
	end()
}

// unit runs one statement, or one declarator.
func (o *ordered) unit(unit int32) {
	tree, _, ok := o.Machine.unit(o.module, unit)
	if !ok {
		return
	}
	statement := tree.Root().FirstChild()
	switch statement.Kind() {
	case js.VariableDeclaration, js.LexicalDeclaration:
		o.declarator(statement.ChildOfKind(js.VariableDeclarator))
	case js.ClassDeclaration:
		o.place(statement.Child(js.FieldName).Text(), o.Eval(statement, o.env))
	case js.ExportStatement:
		if o.module.Index().Units[unit].Kind != js.UnitExport {
			return
		}
		for _, name := range o.names[unit] {
			o.place(name, o.declared(o.module, js.Def{Name: name, Unit: unit}))
		}
	default:
		for _, name := range o.names[unit] {
			o.place(name, nil)
		}
		o.statement(statement, o.env)
	}
}

func (o *ordered) declarator(n js.Node) {
	name, init := n.Child(js.FieldName), n.Child(js.FieldValue)
	if !init.Valid() {
		o.place(name.Text(), nil)
		return
	}
	if o.fixedFunction(name, init) {
		return
	}
	v := o.Eval(init, o.env)
	o.nameFunction(v, name)
	o.bind(name, v, o.env, func(n js.Node, v Value) { o.place(n.Text(), v) })
}

// fixedFunction tells a name that is given a function where it is declared and is touched nowhere else: it holds the same
// whenever it is asked for, so that what rests on it can be kept.
func (o *ordered) fixedFunction(name, init js.Node) bool {
	if k := init.Kind(); k != js.ArrowFunction && k != js.FunctionExpression || name.Kind() != js.Identifier {
		return false
	}
	b, ok := o.module.Lookup(-1, name.Text())
	return ok && b.Module == o.module && len(b.Defs) == 1
}

// place gives a name its value; nil for one that is declared, or will be assigned, and keeps a value that it has.
func (o *ordered) place(name string, v Value) {
	c := o.cell(o.env, name)
	b, ok := o.module.Lookup(-1, name)
	if c == nil || !ok || b.Module != o.module || v == nil && o.placed[c] {
		return
	}
	if !o.placed[c] {
		if v == nil {
			v = o.atStart(b)
		}
		o.placed[c] = true
		o.cells, o.before = append(o.cells, c), append(o.before, *c)
	}
	o.clock++
	c.value, c.init = o.stateful(b, v), nil
	c.passing, c.birth, c.run, c.rank = true, o.clock, o.run, int16(o.forced)
}

// atStart is what a name holds before the module runs.
func (o *ordered) atStart(b scope.Binding) Value {
	for _, d := range b.Defs {
		if d.How == js.Declares && o.module.Index().Units[d.Unit].Kind == js.UnitFunction {
			return o.declared(o.module, d)
		}
	}
	return Undefined
}
