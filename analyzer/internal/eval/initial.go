package eval

import (
	"math"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// maxTouches bounds how many statements that change a name's object are run for it.
const maxTouches = 4096

// initial finds the value that a module-level name has once its module's own code has run: by its declaration
// and the assignments at module level or in a lazy-module thunk. c takes the value as it comes about.
func (m *Machine) initial(c *Cell, b scope.Binding) Value {
	if inner, ok := b.Module.Nested(b.Name); ok && b.Thunk < 0 {
		f := m.native(func(m *Machine, _ Value, _ []Value) Value { return m.force(m.commonJSOf(inner).exported) })
		f.Func.Name = b.Name
		return f
	}
	if b.Thunk < 0 {
		if v := m.begins(c, b); v != nil {
			return v
		}
	}
	v := m.initialBefore(c, b, math.MaxInt32)
	if t, ok := b.Module.ThunkNamed(b.Name); ok && b.Thunk < 0 && t.Kind == js.ThunkCommonJS {
		if f, ok := v.(*Object); ok && f.Func != nil {
			f.Func.loads = true
		}
	}
	return v
}

// initialBefore is the value that a name has when a unit of its module begins to run.
func (m *Machine) initialBefore(c *Cell, b scope.Binding, end int32) Value {
	module := b.Module
	index := module.Index()
	if t, ok := module.ThunkNamed(b.Name); ok && b.Thunk < 0 && t.Kind == js.ThunkESM {
		f := m.native(func(*Machine, Value, []Value) Value { return Undefined })
		f.Func.lazy, f.Func.Name = true, b.Name
		return f
	}
	lastThunk := int32(-2)
	touches, ran := 0, int32(-1)
	for _, d := range withEffects(b) {
		if d.Unit >= end && d.How != js.Bare {
			continue
		}
		unit := index.Units[d.Unit]
		var v Value
		switch d.How {
		case js.Bare:
			if c.value == nil {
				c.value = Undefined
			}
			continue
		case js.Declares, js.Assigns:
			var together bool
			if v, together = m.together(c, module, d); together {
				ran = d.Unit
			} else if d.How == js.Declares {
				v = m.declared(module, d)
			} else {
				v = m.assigned(c, module, d)
			}
		case js.Touches:
			if touches++; touches <= maxTouches && d.Unit != ran {
				m.touch(c, module, d)
			}
			continue
		case js.Affects:
			if o, ok := c.value.(*Object); !ok || !o.isCollection() || d.Unit == ran {
				continue
			}
			if !m.affect(c, module, d.Unit) {
				return m.unknown(beingFilled, b.Name)
			}
			continue
		}
		if v == nil {
			continue
		}
		old := c.value
		if lastThunk >= 0 && unit.Thunk != lastThunk && old != nil && old != Undefined && old != Null && !same(old, v) {
			// two thunks assign it, and which runs last is not known
			u := &Unknown{Key: "order:" + b.Name, Expr: "whichever module assigns it last", Why: "assigned in two modules"}
			v = m.choose(atomOf(u), old, v)
		}
		c.value, lastThunk = v, unit.Thunk
	}
	if c.value == nil {
		c.value = Undefined
	}
	return m.stateful(b, c.value)
}

// declared evaluates the declaration of a name.
func (m *Machine) declared(module *scope.Module, d js.Def) Value {
	tree, env, ok := m.unit(module, d.Unit)
	if !ok {
		return m.unknown("its declaration can't be parsed", d.Name)
	}
	statement := tree.Root().FirstChild()
	switch statement.Kind() {
	case js.VariableDeclaration, js.LexicalDeclaration:
		dec := statement.ChildOfKind(js.VariableDeclarator)
		name, init := dec.Child(js.FieldName), dec.Child(js.FieldValue)
		if !init.Valid() {
			return Undefined
		}
		v := m.Eval(init, env)
		if name.Kind() == js.Identifier {
			m.nameFunction(v, name)
			return v
		}
		return m.bound(name, v, env, d.Name)
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
		return m.Eval(statement, env)
	case js.ExpressionStatement:
		return m.Eval(statement.FirstChild(), env)
	case js.ExportStatement: // export default
		if v := statement.Child(js.FieldValue); v.Valid() {
			return m.Eval(v, env)
		}
		for c := statement.FirstChild(); c.Valid(); c = c.Next() {
			if c.Kind() != js.Other {
				return m.Eval(c, env)
			}
		}
	}
	return m.unknown("declared in a way that is not evaluated", d.Name)
}

// bound is what a pattern gives one of its names.
func (m *Machine) bound(pattern js.Node, v Value, env *Env, name string) Value {
	var found Value
	m.bind(pattern, v, env, func(n js.Node, v Value) {
		if n.Text() == name {
			found = v
		}
	})
	return found
}

// unit parses a unit; ok is false where that fails.
func (m *Machine) unit(module *scope.Module, unit int32) (*js.Tree, *Env, bool) {
	tree, err := module.Tree(unit)
	if err != nil || !tree.Root().FirstChild().Valid() {
		return nil, nil, false
	}
	return tree, m.Root(module, module.Index().Units[unit].Thunk), true
}

// assigned evaluates what a statement assigns to a name. Where the assignment stands by itself, only its right side
// is evaluated; else the whole statement runs, and c takes what it assigns.
func (m *Machine) assigned(c *Cell, module *scope.Module, d js.Def) Value {
	tree, env, ok := m.unit(module, d.Unit)
	if !ok {
		return m.unknown("its assignment can't be parsed", d.Name)
	}
	statement := tree.Root().FirstChild()
	if p, ok := m.divide(statement).last(d.Name); ok {
		v := m.Eval(p.node.Child(js.FieldRight), env)
		m.nameFunction(v, p.node.Child(js.FieldLeft))
		return v
	}
	before := c.value
	m.runStatement(c, statement, env)
	if c.value == nil || before != nil && c.value == before {
		return nil
	}
	return c.value
}

// touch runs a statement that changes the object of a name.
func (m *Machine) touch(c *Cell, module *scope.Module, d js.Def) {
	tree, env, ok := m.unit(module, d.Unit)
	if !ok {
		return
	}
	statement := tree.Root().FirstChild()
	e := statement.FirstChild()
	switch statement.Kind() {
	case js.ExpressionStatement:
	case js.VariableDeclaration, js.LexicalDeclaration, js.ClassDeclaration, js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ExportStatement:
		return
	default:
		m.runStatement(c, statement, env)
		return
	}
	if e.Kind() != js.SequenceExpression {
		m.runStatement(c, statement, env)
		return
	}
	for part := e.FirstChild(); part.Valid(); part = part.Next() {
		if slices.Contains(touched(part), d.Name) {
			m.attemptQuietly(func() { m.Eval(part, env) })
		}
	}
}

// touched returns the names whose object an expression sets a property of, or passes as a first argument.
func touched(n js.Node) (names []string) {
	switch n.Kind() {
	case js.AssignmentExpression, js.AugmentedAssignment:
		names = append(touched(n.Child(js.FieldRight)), baseName(n.Child(js.FieldLeft)))
	case js.CallExpression:
		names = append(names, baseName(n.Child(js.FieldFunction)))
		if first := n.Child(js.FieldArguments).FirstChild(); first.Kind() == js.Identifier {
			names = append(names, first.Text())
		}
	case js.UnaryExpression:
		return touched(n.Child(js.FieldArgument))
	}
	return names
}

func baseName(n js.Node) string {
	for n.Kind() == js.MemberExpression || n.Kind() == js.SubscriptExpression {
		n = n.Child(js.FieldObject)
	}
	if n.Kind() == js.Identifier {
		return n.Text()
	}
	return ""
}

func (m *Machine) runStatement(c *Cell, statement js.Node, env *Env) {
	m.attemptQuietly(func() { m.statement(statement, env) })
}

// attemptQuietly runs f; a JavaScript exception ends it.
func (m *Machine) attemptQuietly(f func()) {
	depth, limit, journal := m.depth, m.limit, m.journal
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(thrown); !ok {
				panic(r)
			}
			m.depth, m.limit, m.journal = depth, limit, journal
		}
	}()
	f()
}
