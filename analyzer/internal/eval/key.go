package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// The names of properties: as they are written, as they are computed, and as they depend on the world.

// propertyKey converts a value to the name of a property.
func (m *Machine) propertyKey(v Value) (string, bool) {
	switch v := v.(type) {
	case *Symbol:
		return v.Key, true
	case *Choice, *Unknown:
		// a key that depends on the world is taken as in the default world where that is known
		if d := Default(v); d != v {
			return m.propertyKey(d)
		}
		return "", false
	case *Object:
		return m.propertyKey(m.primitive(v, "string"))
	case *Text:
		return "", false
	case String:
		return string(v), true
	}
	return primitiveString(v), true
}

// byKey does f with each name that a key may be, where it is that; known is false for a key that may be any.
func (m *Machine) byKey(key Value, f func(key string, known bool) Value) Value {
	u, ok := key.(*Unknown)
	if ok {
		d := Default(u)
		if isUnknown(d) {
			return f("", false)
		}
		cond := Truth(m.binaryOp("===", u, d))
		return m.fork(cond, func() Value { return m.byKey(d, f) }, func() Value { return f("", false) })
	}
	return m.lift(key, func(key Value) Value {
		if isUnknown(key) {
			return m.byKey(key, f)
		}
		return f(m.propertyKey(key))
	})
}

// computedPair adds a property to an object literal whose name is computed.
func (m *Machine) computedPair(o *Object, pair js.Node, env *Env) {
	name := pair.Child(js.FieldKey)
	key := m.Eval(name.FirstChild(), env)
	v := m.Eval(pair.Child(js.FieldValue), env)
	m.byKey(key, func(key string, known bool) Value {
		m.change(o)
		if known {
			m.nameValue(v, key)
			o.set(key, &Prop{Value: v})
		} else {
			o.open = append(o.open[:len(o.open):len(o.open)], m.unknownAt(name, "property", "computed key"))
		}
		return Undefined
	})
}

// key evaluates a property's name.
func (m *Machine) key(n js.Node, env *Env) (string, bool) {
	switch n.Kind() {
	case js.PropertyIdentifier, js.PrivatePropertyIdentifier, js.ShorthandPropertyIdentifier, js.Identifier:
		return m.memberName(n), true
	case js.String:
		s, ok := stringLiteral(n).(String)
		return string(s), ok
	case js.Number:
		return m.propertyKey(number(n))
	case js.ComputedPropertyName:
		return m.propertyKey(m.Eval(n.FirstChild(), env))
	}
	return "", false
}

// invokeKeyed calls the method under a key, which may depend on the world.
func (m *Machine) invokeKeyed(this, key Value, args []Value, optional bool) Value {
	return m.lift(key, func(key Value) Value {
		k, ok := m.propertyKey(key)
		if !ok || isUnknown(key) {
			return m.Call(m.index(this, key, optional), this, args)
		}
		return m.invoke(this, k, args, optional)
	})
}
