package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

func (m *Machine) yield(n js.Node, env *Env) Value {
	f := env
	for f.outer != nil && f.yield == nil && !f.function {
		f = f.outer
	}
	if f.yield == nil {
		return m.unknownAt(n, "yield", "yield outside a generator")
	}
	v := Undefined
	if a := n.FirstChild(); a.Valid() {
		if a.Kind() == js.KeywordStar {
			return m.delegate(m.Eval(a.Next(), env), f.yield)
		}
		v = m.Eval(a, env)
	}
	return m.resumed(f.yield(v))
}

// resumed is what a yield gives, by how its caller goes on.
func (m *Machine) resumed(s signal) Value {
	switch s.kind {
	case throws:
		m.throw(s.value)
	case returns:
		panic(returned{s.value})
	}
	return s.value
}

// delegate yields all that another iterator gives, and is what that returns in the end.
func (m *Machine) delegate(v Value, yield func(Value) signal) Value {
	v = m.settled(v)
	o, ok := v.(*Object)
	if !ok || o.Kind != KindGenerator {
		s := m.stepsOf(v)
		for {
			e, ok := s.next()
			if !ok {
				return Undefined
			}
			if cond := m.presence(e); !cond.isTrue() {
				m.fork(cond, func() Value { return m.resumed(yield(e.Value)) }, func() Value { return Undefined })
				continue
			}
			m.resumed(yield(e.Value))
		}
	}
	g := o.Host.(*generator)
	sent := signal{kind: normal, value: Undefined}
	for {
		v, done, ok := m.step(g, sent)
		switch {
		case !ok:
			for rest := m.generatorSteps(g); ; {
				e, more := rest.next()
				if !more {
					return m.unknown("what a generator returns that goes on under an open condition", "yield*")
				}
				m.fork(m.presence(e), func() Value { return m.resumed(yield(e.Value)) }, func() Value { return Undefined })
			}
		case done && sent.kind == returns:
			panic(returned{v})
		case done:
			return v
		}
		sent = yield(v)
	}
}
