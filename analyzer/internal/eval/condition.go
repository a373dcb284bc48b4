package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// Condition is the condition under which an expression holds: what Truth says of its value. It is found without making
// that value, which of a long expression would have more alternatives than are kept; so `if (a) if (b)` and `if (a && b)`
// ask the same.
func (m *Machine) Condition(n js.Node, env *Env) *Cond {
	switch n.Kind() {
	case js.ParenthesizedExpression:
		return m.Condition(n.FirstChild(), env)
	case js.UnaryExpression:
		if operator(n) == "!" {
			return not(m.Condition(n.Child(js.FieldArgument), env))
		}
	case js.TernaryExpression:
		return m.conditionIf(m.Condition(n.Child(js.FieldCondition), env),
			func() *Cond { return m.Condition(n.Child(js.FieldConsequence), env) },
			func() *Cond { return m.Condition(n.Child(js.FieldAlternative), env) })
	case js.BinaryExpression:
		right := func() *Cond { return m.Condition(n.Child(js.FieldRight), env) }
		switch operator(n) {
		case "&&":
			return m.conditionIf(m.Condition(n.Child(js.FieldLeft), env), right, func() *Cond { return never })
		case "||":
			return m.conditionIf(m.Condition(n.Child(js.FieldLeft), env), func() *Cond { return always }, right)
		}
	}
	if m.config.Trail != nil {
		return m.trailedTruth(n, env)
	}
	return Truth(m.Eval(n, env))
}

// conditionIf is the condition "c ? a : b"; an outcome that throws is not taken.
func (m *Machine) conditionIf(c *Cond, a, b func() *Cond) *Cond {
	if v, known := m.decide(c); known {
		if v {
			return a()
		}
		return b()
	}
	var then, els *Cond
	m.fork(c, func() Value { then = a(); return Undefined }, func() Value { els = b(); return Undefined })
	switch {
	case then == nil:
		return orTrue(els)
	case els == nil:
		return then
	}
	return ite(c, then, els)
}
