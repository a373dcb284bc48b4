package eval

import "github.com/bundlens/bundlens/analyzer/js"

// Watched is a method call that an evaluation met.
type Watched struct {
	Node js.Node
	Name string
	This Value
	Args []Value
	When *Cond // the condition of the path to it
}

// watch is what an evaluation looks out for.
type watch struct {
	names map[string]bool
	told  func(Watched)
	path  []*Cond
}

// Watch evaluates by f as RunWithin does, tells of each call of a method with one of the names before it is made, and
// returns how many steps it took and whether any part of it was cut short by its budget. Nothing of it is kept for the
// next one.
func (m *Machine) Watch(steps int, names map[string]bool, told func(Watched), f func()) (used int, cut bool) {
	outer, exhausted := m.watch, m.exhausted
	m.watch = &watch{names: names, told: told}
	defer func() { m.watch = outer }()
	_, used = m.within(steps, func() Value {
		f()
		return Undefined
	})
	return used, m.exhausted > exhausted
}

// met tells of a method call that is watched for.
func (m *Machine) met(n js.Node, name string, this Value, args []Value) {
	var when *Cond
	for _, c := range m.watch.path {
		when = and(orTrue(when), c)
	}
	m.watch.told(Watched{n, name, this, args, when})
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
