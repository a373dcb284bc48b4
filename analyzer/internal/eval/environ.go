package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// The environment is what the user sets, and what the program makes of that when it starts: what it assigns to a variable
// counts where this rests on nothing but the world, such as the mode, or where its module does so when it is loaded. What it
// sets later, for a command or an option, may or may not have been set: then the variable is as the user left it.

// environ is process.env: variables that are not known, but for those that the evaluation sets.
func (m *Machine) environ() *Object {
	if m.variables.object == nil {
		m.variables.object = m.newObject(KindObject)
		m.variables.object.open = []*Unknown{{Key: envKey, Expr: envKey, Why: "environment"}}
		m.variables.known = map[string]Value{}
	}
	return m.variables.object
}

// variables are the environment.
type variables struct {
	object *Object
	known  map[string]Value // by name, what is there when the program has started
}

// environment is an environment variable, when the program has started.
func (m *Machine) environment(name string) Value {
	if v, known := m.variables.known[name]; known {
		return v
	}
	given := m.givenVariable(name)
	m.variables.known[name] = given // what is seen by what sets it
	only, watch, cycle := m.only, m.watch, m.cycle
	m.only, m.watch, m.cycle = nil, nil, maxForced+1
	v := m.startedWith(name, given)
	if m.variables.known[name] = v; m.cycle <= m.forced {
		delete(m.variables.known, name) // it rests on a name that is being found
	}
	m.only, m.watch, m.cycle = only, watch, min(cycle, m.cycle)
	return v
}

// givenVariable is what the user sets a variable to: it is unset in the default world.
func (m *Machine) givenVariable(name string) Value {
	if s, ok := m.config.Assume["env."+name]; ok {
		if s == "undefined" {
			return Undefined
		}
		return String(s)
	}
	return &Unknown{Key: "env:" + name, Expr: memberExpr(envKey, name), Why: "environment variable", Default: Undefined,
		Subject: &Subject{Kind: schema.KindEnv, Name: name}}
}

// startedWith is what the start of the program makes of a variable that the user gives it.
func (m *Machine) startedWith(name string, given Value) Value {
	places := m.Program.VariableWrites(name)
	if len(places) == 0 || len(places) > maxPlaces {
		return given
	}
	v := given
	done := m.RunWithin(maxStateSteps, func() Value {
		for _, p := range places {
			for _, w := range m.variableWrites(p, name) {
				w.written = w.asStarted()
				if w.loading || ofWorld(w.written) {
					v = m.choose(orTrue(w.when), w.value, v)
				}
			}
		}
		return Bool(true)
	})
	if done != Bool(true) {
		return given
	}
	return v
}

// variableWrite is what a variable is set to, and when; loading, if its module does it when it is loaded.
type variableWrite struct {
	written
	loading bool
}

// variableWrites are what a variable is set to at a place, for each way to reach it.
func (m *Machine) variableWrites(p scope.VariableWrite, name string) (out []variableWrite) {
	at, value, ok := m.variableWriteAt(p, name)
	if !ok || !worthParsing(p.Module.Index(), at.unit) {
		return nil
	}
	loading := !at.node.OutermostFunction().Valid() && p.Module.Index().Units[at.unit].Thunk < 0
	for _, ctx := range m.contexts(at, value, maxCallerHops) {
		out = append(out, variableWrite{written{m.evalWorldly(value, at.node, ctx.env), ctx.when}, loading})
	}
	return out
}

// variableWriteAt is the expression that sets a variable at a place, and what it sets it to.
func (m *Machine) variableWriteAt(p scope.VariableWrite, name string) (at spot, value js.Node, ok bool) {
	if !p.Call {
		at, ok = m.spotAt(p.Module, p.At, js.AssignmentExpression)
		return at, at.node.Child(js.FieldRight), ok
	}
	at, ok = m.spotAt(p.Module, p.At, js.String)
	value = at.node.Next()
	at.node = at.node.Parent().Parent()
	return at, value, ok && value.Valid() && at.node.Kind() == js.CallExpression && m.setsVariable(at, name)
}

// setsVariable tells whether a call that is given the name of a variable and a value sets the variable to that.
func (m *Machine) setsVariable(call spot, name string) bool {
	const value = String("set")
	is := Value(Undefined)
	m.Watch(nil, maxStateSteps, Lookout{}, nil, func() {
		callee := call.node.Child(js.FieldFunction)
		env := m.Enclosing(call.module, call.unit, call.node)
		if callee.Kind() == js.MemberExpression {
			m.Invoke(m.Eval(callee.Child(js.FieldObject), env), callee.Child(js.FieldProperty).Text(), String(name), value)
		} else {
			m.Call(m.Eval(callee, env), Undefined, []Value{String(name), value})
		}
		if p := m.environ().own(name); p != nil {
			is = p.Value
		}
	})
	return is == Value(value)
}
