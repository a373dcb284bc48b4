package eval

import (
	"math"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// What the statements of a module do together in their order, such as making something, keeping it under a second name and
// changing it by that, is seen where the module runs from its first statement to its last.

// ordered is a module that runs in order, and what its names' cells held before.
type ordered struct {
	*Machine
	module *scope.Module
	env    *Env
	// the cells whose values are what the run has given them so far, and what they were before
	cells    []*Cell
	before   []Cell
	bindings []scope.Binding
	placed   map[*Cell]bool
	names    map[int32][]string // that a statement declares or assigns
	cut      int                // statements that took too long
	begins   *beginning         // how the module begins; nil where it is run to be watched
	open     map[*Cell]bool     // that a call set to what depends on the world
	members  []memberWas        // that are to be again what they were, in the order in which that was noted
}

// RunsInOrder tells whether a module is one that runs from its first statement to its last: modules inside it run when
// something asks for them.
func RunsInOrder(module *scope.Module) bool {
	return !slices.ContainsFunc(module.Index().Thunks, func(t js.Thunk) bool { return t.Kind == js.ThunkESM })
}

func (m *Machine) newOrdered(module *scope.Module) *ordered {
	o := &ordered{Machine: m, module: module, env: m.Root(module, -1), placed: map[*Cell]bool{}, names: map[int32][]string{}, open: map[*Cell]bool{}}
	for _, d := range module.Index().Defs {
		if d.How != js.Touches {
			o.names[d.Unit] = append(o.names[d.Unit], d.Name)
		}
	}
	return o
}

// RunInOrder runs the statements of a module one after another from one on, and then end, which sees the names as they are
// by then. It may be called while Watch evaluates. What ran has left no trace in the module's names afterwards.
func (m *Machine) RunInOrder(module *scope.Module, from int32, end func()) {
	o := m.newOrdered(module)
	cycle := m.cycle
	begun := m.begun[module.ID]
	m.begun[module.ID] = &beginning{}
	m.forced++ // what is found meanwhile and rests on these names is not kept
	defer func() {
		m.forced--
		m.cycle = cycle
		o.restore()
		if m.begun[module.ID] = begun; begun == nil {
			delete(m.begun, module.ID)
		}
	}()
	o.from(from)
	end()
}

// restore gives the names' cells what they held before.
func (o *ordered) restore() {
	for i, c := range o.cells {
		*c = o.before[i]
	}
}

// from runs the statements from one on; it is false where a module that begins took too long, or needs itself.
func (o *ordered) from(first int32) bool {
	for i, u := range o.module.Index().Units {
		if int32(i) < first || u.Thunk >= 0 || u.Wraps >= 0 || u.Kind == js.UnitImport || u.Kind == js.UnitFunction {
			continue
		}
		if o.later = false; o.begins != nil {
			o.begins.at = int32(i)
		}
		o.attemptQuietly(func() { o.unit(int32(i)) })
		if o.begins != nil && (o.over() || o.cut > maxBeginCut || o.begins.circular) {
			return false
		}
	}
	if o.begins != nil {
		o.begins.at = math.MaxInt32
	}
	return true
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
		n := statement.ChildOfKind(js.VariableDeclarator)
		if o.fixedFunction(n.Child(js.FieldName), n.Child(js.FieldValue)) {
			return
		}
		o.placeAll(unit)
		o.declarator(n)
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
		o.placeAll(unit)
		if o.begins != nil {
			o.prepare(unit, statement)
		} else {
			o.statement(statement, o.env)
		}
	}
}

// placeAll places the names that a unit declares or assigns.
func (o *ordered) placeAll(unit int32) {
	for _, name := range o.names[unit] {
		o.place(name, nil)
	}
}

func (o *ordered) declarator(n js.Node) {
	name, init := n.Child(js.FieldName), n.Child(js.FieldValue)
	if !init.Valid() {
		return
	}
	v := o.value(init)
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
		o.cells, o.before, o.bindings = append(o.cells, c), append(o.before, *c), append(o.bindings, b)
	}
	if o.begins != nil {
		o.noteLatches(name, v)
	} else {
		v = o.stateful(b, v)
	}
	o.clock++
	c.value, c.init = v, nil
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
