package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// labelOf returns the label that a loop stands under.
func labelOf(n js.Node) string {
	if p := n.Parent(); p.Kind() == js.LabeledStatement {
		return p.Child(js.FieldLabel).Text()
	}
	return ""
}

// iterations runs next for i = 0, 1, ... until it says that there is no more, a body breaks, or too many have run.
func (m *Machine) iterations(n js.Node, next func(i int) (c *completion, more bool)) *completion {
	label := labelOf(n)
	var from func(i int) *completion
	from = func(i int) *completion {
		for ; i < maxLoop; i++ {
			c, more := next(i)
			if !more {
				return ended
			}
			c = c.replace(outcomes{1 << continues, label}, ended)
			if c.kind == normal {
				continue
			}
			return m.then(c, of(normal), func() *completion { return from(i + 1) })
		}
		return leaf(returns, m.overBudget(boundLoop), "")
	}
	return from(0).replace(outcomes{1 << breaks, label}, ended)
}

func (m *Machine) forStatement(n js.Node, outer *Env) *completion {
	env := newEnv(outer)
	if init := n.Child(js.FieldInitializer); init.Valid() {
		switch init.Kind() {
		case js.VariableDeclaration, js.LexicalDeclaration, js.ExpressionStatement:
			m.statement(init, env)
		case js.EmptyStatement:
		default:
			m.Eval(init, env)
		}
	}
	cond := n.Child(js.FieldCondition)
	switch cond.Kind() {
	case js.ExpressionStatement:
		cond = cond.FirstChild()
	case js.EmptyStatement:
		cond = js.Node{}
	}
	return m.loop(n, env, cond, n.Child(js.FieldIncrement), false)
}

// Bounds of a loop whose end is not known.
const (
	maxOpenRounds = 4  // rounds that may have ended it, where it has no condition of its own
	maxLateRounds = 24 // rounds that have come after one of those, or that rest on a guess of the world
)

// loop runs a body while a condition holds. Where the condition is open, the body runs once, under it. How a loop ends is
// not known after a round that changes nothing, which others like it would follow, nor after several that may have ended
// it where it has no condition of its own.
func (m *Machine) loop(n js.Node, outer *Env, cond, increment js.Node, bodyFirst bool) *completion {
	body := n.Child(js.FieldBody)
	env := outer
	stop, open, late := false, 0, 0
	endless := !cond.Valid() || isConstant(cond)
	round := func(i int) (*completion, bool) {
		if i > 0 && increment.Valid() {
			m.Eval(increment, env)
		}
		if (i > 0 || !bodyFirst) && cond.Valid() {
			guesses := m.guesses
			c := m.Condition(cond, env)
			if m.guesses > guesses {
				late++
			}
			guesses = m.guesses
			v, known := m.decide(c)
			stop = m.guesses > guesses // the body runs once, as where all worlds are evaluated
			if known && !v {
				return ended, false
			}
			if !known {
				stop = true
				return m.either(c, func() *completion { return m.statement(body, env) }, func() *completion { return ended }), true
			}
		}
		return m.statement(body, env), true
	}
	return m.iterations(n, func(i int) (c *completion, more bool) {
		switch {
		case stop:
			return ended, false
		case m.spent():
			return leaf(returns, outOfBudget, ""), true
		}
		if i > 0 && n.Kind() == js.ForStatement {
			env = m.nextIteration(env)
		}
		if open > maxOpenRounds || late > maxLateRounds {
			return leaf(returns, endOfLoop(n), ""), true
		}
		guesses := m.guesses
		changed := m.changes(func() { c, more = round(i) })
		if more && i > 0 && c.kind == normal && !changed {
			return leaf(returns, endOfLoop(n), ""), true
		}
		if endless && c.kind == forks {
			open++
		}
		if endless && (open+late > 0 || m.guesses > guesses) {
			late++
		}
		return c, more
	})
}

func endOfLoop(n js.Node) Value {
	return &Unknown{Key: "loop " + place(n), Expr: "...", Why: "a loop whose end is not known"}
}

// isConstant tells a condition that is written down as a literal, such as !0.
func isConstant(cond js.Node) bool {
	if cond.Kind() == js.UnaryExpression {
		cond = cond.Child(js.FieldArgument)
	}
	return cond.Kind() == js.True || cond.Kind() == js.Number
}

// nextIteration copies the names that the head of a for statement declares, so that closures made in its body keep those
// of their own round.
func (m *Machine) nextIteration(env *Env) *Env {
	if len(env.cells.entries) == 0 {
		return env
	}
	next := newEnv(env.outer)
	for _, e := range env.cells.entries {
		m.declare(next, e.name, m.force(e.value))
	}
	return next
}

func (m *Machine) forIn(n js.Node, outer *Env) *completion {
	return m.forInOver(n, m.Eval(n.Child(js.FieldRight), outer), outer)
}

// forInOver is for-in or for-of over a value; one of objects that depend on a condition runs for each of them.
func (m *Machine) forInOver(n js.Node, subject Value, outer *Env) *completion {
	subject = m.settled(subject)
	if c, ok := subject.(*Choice); ok && operator(n) == "in" {
		return m.either(c.Cond,
			func() *completion { return m.forInOver(n, c.Then, outer) },
			func() *completion { return m.forInOver(n, c.Else, outer) })
	}
	left, body := n.Child(js.FieldLeft), n.Child(js.FieldBody)
	kind := n.Child(js.FieldKind)
	steps := m.enumerate(n, subject)
	done := false
	c := m.iterations(n, func(int) (*completion, bool) {
		if m.spent() {
			return leaf(returns, outOfBudget, ""), true
		}
		e, more := steps.next()
		if !more {
			done = true
			return ended, false
		}
		run := func() *completion {
			env := newEnv(outer)
			m.bindLoop(kind, left, e.Value, env)
			return m.statement(body, env)
		}
		if cond := m.presence(e); !cond.isTrue() {
			return m.either(cond, run, func() *completion { return ended }), true
		}
		return run(), true
	})
	if !done {
		steps.close()
	}
	return c
}

func (m *Machine) bindLoop(kind, left js.Node, v Value, env *Env) {
	switch {
	case !kind.Valid():
		m.assignTo(left, v, env)
	case kind.Text() == "var":
		m.bind(left, v, env, func(name js.Node, v Value) { m.assignTo(name, v, env) })
	default:
		m.bind(left, v, env, func(name js.Node, v Value) { m.declare(env, name.Text(), v) })
	}
}

// enumerate returns what goes through what for-of or for-in does.
func (m *Machine) enumerate(n js.Node, subject Value) stepper {
	subject = m.settled(subject)
	if operator(n) == "of" {
		if isPrimitive(subject) && !isString(subject) && m.catching > 0 {
			m.raise("TypeError", m.Describe(subject)+" is not iterable")
		}
		if c, ok := subject.(*Choice); ok {
			return m.listSteps(m.spread(c))
		}
		return m.stepsOf(subject)
	}
	switch v := subject.(type) {
	case String:
		return m.listSteps(m.keysAround(m.wrapper(v).(*Object)))
	case *Object:
		return m.liveKeys(v)
	case *Unknown:
		return m.listSteps([]Elem{{Value: m.unknown("key of "+v.Expr, "key"), Each: v.Expr}})
	}
	return m.listSteps(nil)
}

// liveKeys are the names that for-in gives: those that have gone by then are left out.
func (m *Machine) liveKeys(o *Object) stepper {
	s := m.listSteps(m.keysAround(o))
	next := s.next
	s.next = func() (Elem, bool) {
		for {
			e, ok := next()
			key, isKey := e.Value.(String)
			if !ok || !isKey || o.proxy != nil || m.in(key, o) != Value(Bool(false)) {
				return e, ok
			}
		}
	}
	return s
}

// keysAround are the names of an object's enumerable properties and of those that it inherits.
func (m *Machine) keysAround(o *Object) []Elem {
	var keys []Elem
	seen := map[string]bool{}
	for depth := 0; o != nil && depth < maxInherited; o, depth = m.prototype(o), depth+1 {
		list := m.properties(o)
		if o.proxy != nil {
			list, _ = m.proxyEntries(o)
		}
		for _, p := range list {
			if !seen[p.key] && !p.hidden {
				keys = append(keys, Elem{Value: String(p.key), When: p.when})
			}
			seen[p.key] = true
		}
	}
	return keys
}

// presence is the condition under which an element is there; a repeated one is there for each of what it repeats.
func (m *Machine) presence(e Elem) *Cond {
	cond := orTrue(e.When)
	if e.Each != "" {
		cond = and(cond, each(e.Each))
	}
	return cond
}

// each is the condition that a body runs for an element of an unknown list.
func each(over string) *Cond {
	return atom(&Atom{Key: "each:" + over, Expr: "each " + over, Each: over})
}

// repeats returns what c repeats over, "" where c is an ordinary condition.
func (c *Cond) repeats() string {
	if c != nil && c.op == condAtom {
		return c.atom.Each
	}
	return ""
}
