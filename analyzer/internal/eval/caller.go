package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// CalledFrom tells m of the functions that are called in one place only, and of that place. Where such a function is
// looked into without a call, a parameter is then what that call passes, if it is something simple: a constant, a
// function, or a member of something that is not known. So a function reads the same whether or not a minifier has put it in the
// place of its only call.
func (m *Machine) CalledFrom(call func(f js.Node) (js.Node, bool)) {
	m.callOf = call
	clear(m.enclosing)
}

// Parameter is what the parameter p of f, at place i, is where f is not called.
func (m *Machine) Parameter(f, p js.Node, i int) Value {
	unknown := m.parameter(p, i)
	if p.Kind() != js.Identifier {
		return unknown
	}
	return m.passed(f, i, func(v Value) Value { return v }, unknown)
}

// bindParameter declares the names of a parameter of a function that is not called.
func (m *Machine) bindParameter(f, p js.Node, i int, env *Env) {
	unknown := m.parameter(p, i)
	if m.callOf == nil {
		m.bind(p, unknown, env, func(name js.Node, v Value) { m.declare(env, name.Text(), v) })
		return
	}
	p.PatternNames(func(n js.Node) {
		name := n.Text()
		m.declareLazy(env, name, func() Value {
			take := func(v Value) Value { return m.bound(p, v, env, name) }
			return m.passed(f, i, take, take(unknown))
		})
	})
}

// passed is what the only call of f passes at a place, and take takes of it; otherwise where there is no such call, or
// it passes something that is not simple.
func (m *Machine) passed(f js.Node, i int, take func(Value) Value, otherwise Value) Value {
	if m.callOf == nil || m.passing[f] {
		return otherwise
	}
	call, ok := m.callOf(f)
	if !ok {
		return otherwise
	}
	arg, ok := argumentAt(call, i)
	if !ok {
		return otherwise
	}
	m.passing[f] = true
	defer delete(m.passing, f)
	module := m.Program.Modules[call.Tree().Module]
	unit := module.Index().UnitAt(call.Start())
	if unit < 0 {
		return otherwise
	}
	if v := take(m.Eval(arg, m.Enclosing(module, unit, arg))); isSimple(v) || m.isSupposed(v) {
		return v
	}
	return otherwise
}

// argumentAt is the argument at a place of a call; ok is false where that can't be told, or it does work of its own.
func argumentAt(call js.Node, i int) (arg js.Node, ok bool) {
	arg = call.Child(js.FieldArguments).FirstChild()
	for ; arg.Valid() && arg.Kind() != js.SpreadElement && i > 0; arg = arg.Next() {
		i--
	}
	switch arg.Kind() {
	case js.Identifier, js.MemberExpression, js.String, js.TemplateString, js.Number, js.True, js.False, js.Null, js.Object, js.ArrowFunction, js.FunctionExpression:
		return arg, arg.Valid()
	}
	return arg, false
}

// isSimple tells a constant, a function, or a path into something unknown.
func isSimple(v Value) bool {
	u, ok := v.(*Unknown)
	if ok {
		return u.Key != outOfBudget.Key && isPath(u.Expr) && len(u.Expr) <= maxSimple
	}
	return isPrimitive(v) || IsFunction(v)
}

// maxSimple is how long a path may be that says more than the place of a parameter does.
const maxSimple = 60

// Shadowed tells whether a name means something of a function or block around n, and not of n's module.
func (m *Machine) Shadowed(n js.Node, name string) bool {
	module := m.Program.Modules[n.Tree().Module]
	unit := module.Index().UnitAt(n.Start())
	return unit >= 0 && m.Enclosing(module, unit, n).shadows(name, m.Root(module, module.Index().Units[unit].Thunk))
}
