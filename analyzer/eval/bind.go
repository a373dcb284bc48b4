package eval

import (
	"bytes"
	"strconv"

	"github.com/bundlens/bundlens/analyzer/js"
)

// bind takes v apart by a binding pattern; declare gets each name with its value.
func (m *Machine) bind(p js.Node, v Value, env *Env, declare func(name js.Node, v Value)) {
	switch p.Kind() {
	case js.ObjectPattern, js.Object:
		m.bindObject(p, v, env, declare)
	case js.ArrayPattern, js.Array:
		m.bindArray(p, v, env, declare)
	case js.AssignmentPattern, js.ObjectAssignmentPattern, js.AssignmentExpression:
		left := p.Child(js.FieldLeft)
		v = m.withDefault(v, p.Child(js.FieldRight), env)
		m.nameFunction(v, left)
		m.bind(left, v, env, declare)
	case js.RestPattern, js.SpreadElement:
		m.bind(p.FirstChild(), v, env, declare)
	default:
		declare(p, v)
	}
}

// withDefault is v, or what def evaluates to where v is undefined.
func (m *Machine) withDefault(v Value, def js.Node, env *Env) Value {
	return m.lift(v, func(v Value) Value {
		switch v := v.(type) {
		case undefined:
			return m.Eval(def, env)
		case *Unknown:
			if v.Default == Undefined {
				return m.fork(nullish(v), func() Value { return m.Eval(def, env) }, func() Value { return v })
			}
			if v.Default == nil {
				// what a caller may leave out is, in the default world, what the program puts there
				if d := m.Eval(def, env); !isUnknown(d) {
					u := *v
					u.Default = d
					return &u
				}
			}
		}
		return v
	})
}

func (m *Machine) bindObject(p js.Node, v Value, env *Env, declare func(js.Node, Value)) {
	var taken []string
	for c := p.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.PairPattern, js.Pair:
			key, ok := m.key(c.Child(js.FieldKey), env)
			part := Value(m.unknownAt(c, "property", "computed key of a pattern"))
			if ok {
				taken = append(taken, key)
				part = m.get(v, key, true)
			}
			m.bind(c.Child(js.FieldValue), part, env, declare)
		case js.ShorthandPropertyIdentifierPattern, js.ShorthandPropertyIdentifier:
			taken = append(taken, propertyName(c))
			declare(c, m.get(v, propertyName(c), true))
		case js.ObjectAssignmentPattern:
			left := c.Child(js.FieldLeft)
			taken = append(taken, propertyName(left))
			declare(left, m.withDefault(m.get(v, propertyName(left), true), c.Child(js.FieldRight), env))
		case js.RestPattern, js.SpreadElement:
			rest := m.newObject(KindObject)
			m.copyInto(rest, v, nil)
			for _, k := range taken {
				rest.props.remove(k)
			}
			m.bind(c.FirstChild(), rest, env, declare)
		}
	}
}

func (m *Machine) bindArray(p js.Node, v Value, env *Env, declare func(js.Node, Value)) {
	// a hole `[,b]` leaves no node: positions are counted by the commas between
	i := 0
	at := p.Start() + 1
	for c := p.FirstChild(); c.Valid(); c = c.Next() {
		i += commas(p.Tree().Src[at:c.Start()])
		at = c.End()
		if c.Kind() == js.RestPattern || c.Kind() == js.SpreadElement {
			rest := m.newArray(nil)
			if elems := m.spread(v); i <= len(elems) {
				rest.Elems = elems[i:]
			}
			m.bind(c.FirstChild(), rest, env, declare)
			return
		}
		m.bind(c, m.nth(v, i), env, declare)
	}
}

func (m *Machine) nth(v Value, i int) Value {
	return m.lift(v, func(v Value) Value {
		if o, ok := v.(*Object); ok && o.Kind != KindArray {
			elems := m.spread(o)
			if i < len(elems) {
				return elems[i].Value
			}
			return Undefined
		}
		return m.get(v, strconv.Itoa(i), true)
	})
}

// commas counts those in the source between two nodes, without those in comments.
func commas(b []byte) (n int) {
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == ',':
			n++
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '/':
			i += max(0, bytes.IndexByte(b[i:], '\n'))
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '*':
			i += max(0, bytes.Index(b[i:], []byte("*/")))
		}
	}
	return n
}
