package eval

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// Watched is a method call, an object literal or a function that is made, that an evaluation met.
type Watched struct {
	Node js.Node
	Name string // of the method; "" for an object literal or a function
	This Value  // what the method is called of, or the object, or the function
	Args []Value
	When *Cond // the condition of the path to it
}

// Lookout says what an evaluation tells of: calls of methods by their names, object literals and functions that are made by
// where they stand, and calls of functions that are given, first, a member by one of those names of something that is not
// known.
type Lookout struct {
	Names     map[string]bool
	Objects   map[Site]bool
	Functions map[Site]bool
	Given     []string
}

// watch is what an evaluation looks out for.
type watch struct {
	Lookout
	told       func(Watched)
	path       []*Cond
	generators []*Object // that were made
	required   map[globalName]*Cell
}

// Watch evaluates by f as RunWithin does, or as RunIn in a world, tells of each call that it looks out for before it is
// made and of each object literal after it, and returns how many steps it took and whether any part of it was cut short by
// its budget. Nothing of it is kept for the next one.
func (m *Machine) Watch(in *World, steps int, look Lookout, told func(Watched), f func()) (used int, cut bool) {
	outer, only, exhausted := m.watch, m.only, m.exhausted
	m.watch, m.only = &watch{Lookout: look, told: told, required: map[globalName]*Cell{}}, in
	defer func() { m.watch, m.only = outer, only }()
	whole := m.capped(maxNeeds*steps, func() {
		_, used = m.within(steps, func() Value {
			f()
			return Undefined
		})
	})
	return used, m.exhausted > exhausted || !whole
}

// requiredHere evaluates what isRequire tells. While something is watched for, calls are not kept for the next time: what a
// lazily run module gives is found once for all who ask for it, or each would run all that it needs again.
func (m *Machine) requiredHere(n js.Node, env *Env) Value {
	if m.watch == nil {
		return m.Eval(n, env)
	}
	f, first := n.Child(js.FieldFunction), n.Child(js.FieldArguments).FirstChild()
	if first.Valid() {
		args := []Value{m.requiredHere(first, env)}
		for a := first.Next(); a.Valid(); a = a.Next() {
			args = append(args, m.Eval(a, env))
		}
		return m.Call(m.Eval(f, env), Undefined, args)
	}
	module := env.root().module
	thunk, _ := module.ThunkNamed(f.Text())
	k := globalName{module: module.ID, thunk: thunk.Unit}
	c := m.watch.required[k]
	if c == nil {
		c = &Cell{init: func() Value { return m.Eval(n, env) }}
		m.watch.required[k] = c
	}
	if c.rank > 0 {
		return m.Eval(n, env) // it is asked for by what it needs itself
	}
	return m.force(c)
}

// given tells of a call of a function that is watched for by its first argument.
func (m *Machine) given(f *Func, args []Value) {
	if m.watch == nil || len(m.watch.Given) == 0 || len(args) == 0 {
		return
	}
	visitLeaves(args[0], func(leaf Value) {
		if u, ok := leaf.(*Unknown); ok && slices.ContainsFunc(m.watch.Given, func(member string) bool { return strings.HasSuffix(u.Key, "."+member) }) {
			m.watch.told(Watched{Node: f.Node, Args: []Value{u}, When: m.watch.when()})
		}
	})
}

// Left is how many steps the evaluation under way may still take.
func (m *Machine) Left() int { return m.limit - m.steps }

// Kept is how many steps are left at the most where an evaluation, in a world or in all of them, has run out of its budget:
// what it has kept from its calls, and may have spent on what came after.
func Kept(in *World, steps int) int {
	if in != nil {
		return 2 * steps / callReserveInOne
	}
	return 2 * steps / callReserve
}

// met tells of a method call that is watched for.
func (m *Machine) met(n js.Node, name string, this Value, args []Value) {
	m.watch.told(Watched{n, name, this, args, m.watch.when()})
}

// madeObject tells of an object literal, if it is watched for.
func (m *Machine) madeObject(n js.Node, o *Object) {
	if m.watch != nil && m.watch.Objects[o.Site] {
		m.watch.told(Watched{Node: n, This: o, When: m.watch.when()})
	}
}

// madeFunction tells of a function, if it is watched for.
func (m *Machine) madeFunction(n js.Node, f *Object) {
	if m.watch != nil && m.watch.Functions[f.Site] {
		m.watch.told(Watched{Node: n, This: f, When: m.watch.when()})
	}
}

// Under evaluates by f where a condition holds.
func (m *Machine) Under(when *Cond, f func()) {
	if value, constant := when.Constant(); constant {
		if value {
			f()
		}
		return
	}
	m.perhaps(when, func() Value {
		f()
		return Undefined
	})
}

// when is the condition of the path to what is evaluated now.
func (w *watch) when() (when *Cond) {
	for _, c := range w.path {
		when = and(orTrue(when), c)
	}
	return when
}

// assume adds a condition to the watched path, and returns the length of the path before, for back. Nothing may be
// watched for: w may be nil.
func (w *watch) assume(cond *Cond, value bool) (before int) {
	if w == nil {
		return 0
	}
	if !value {
		cond = not(cond)
	}
	w.path = append(w.path, cond)
	return len(w.path) - 1
}

// back shortens the watched path to a length.
func (w *watch) back(before int) {
	if w != nil {
		w.path = w.path[:before]
	}
}

// remembers tells whether the results of calls are kept: while calls are watched for, only those that can't hold one.
func (m *Machine) remembers(args []Value) bool {
	if m.watch == nil {
		return true
	}
	for _, a := range args {
		switch a.(type) {
		case String, Bool, Number:
		default:
			return false
		}
	}
	return len(args) > 0
}

// Exec runs a statement in a scope.
func (m *Machine) Exec(n js.Node, env *Env) Value {
	return m.outcome(&Func{Node: n}, m.statement(n, env))
}
