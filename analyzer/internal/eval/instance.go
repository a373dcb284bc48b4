package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
)

func (m *Machine) instanceOf(a, b Value) Value {
	o, ok := a.(*Object)
	f, fok := b.(*Object)
	if !fok {
		if isPrimitive(b) {
			return m.raise("TypeError", "Right-hand side of 'instanceof' is not callable")
		}
		return m.unknown("instanceof something that is no class", m.Describe(b))
	}
	host := ok && o.Kind == KindHost
	if host && m.config.InstanceOf != nil {
		if v, ok := m.config.InstanceOf(m, o, f); ok {
			return Bool(v) // what stands for an object has not all that a class's own test may ask for
		}
	}
	if p := f.Lookup(symbolHasInstance); p != nil {
		return truthValue(Truth(m.Call(m.read(p, f), f, []Value{a})))
	}
	if f.Func != nil && f.Func.bound != nil {
		return m.instanceOf(a, f.Func.bound.target)
	}
	if !ok {
		if isUnknown(a) {
			return m.resultOf(m.unknown("instanceof of something unknown", "instanceof"), []Value{a, b})
		}
		return Bool(false)
	}
	if o.proxy != nil {
		proto, isObject := getPrototypeOf(m, Undefined, []Value{o}).(*Object)
		own, _ := m.get(f, "prototype", true).(*Object)
		return Bool(isObject && own != nil && (proto == own || m.isInstance(proto, own)))
	}
	if p := f.Own("prototype"); p != nil {
		if proto, ok := p.Value.(*Object); ok && m.isInstance(o, proto) {
			return Bool(true)
		}
	}
	if host {
		return m.unknown("instanceof a host object", "instanceof")
	}
	if f.Func == nil && m.catching > 0 {
		m.raise("TypeError", "Right-hand side of 'instanceof' is not callable")
	}
	if u := m.openBase(o); u != nil {
		return m.resultOf(&Unknown{Key: u.Key + " instanceof", Expr: u.Expr + " instanceof", Why: u.Why}, []Value{a, b})
	}
	return Bool(false)
}

// openBase is an unknown class that o inherits from, nil where there is none.
func (m *Machine) openBase(o *Object) *Unknown {
	for depth := 0; o.Proto != nil && depth < maxInherited; depth++ {
		if o = o.Proto; len(o.open) > 0 {
			return o.open[0]
		}
	}
	return nil
}

// hasPrivate tells whether an object has a private member.
func (m *Machine) hasPrivate(n js.Node, name string, v Value) Value {
	return m.lift(v, func(v Value) Value {
		o, ok := v.(*Object)
		switch {
		case isUnknown(v):
			return m.resultOf(m.unknownAt(n, keyAsWritten(name)+" in", "private name test"), []Value{v})
		case !ok:
			return m.raise("TypeError", "Cannot use 'in' operator to search for '"+keyAsWritten(name)+"' in "+m.Describe(v))
		case o.Lookup(name) == nil && m.openBase(o) != nil:
			return m.unknownAt(n, keyAsWritten(name)+" in", "private name test")
		}
		return Bool(o.Lookup(name) != nil)
	})
}

func (m *Machine) in(a, b Value) Value {
	o, ok := b.(*Object)
	if !ok {
		if isPrimitive(b) {
			return m.raise("TypeError", "Cannot use 'in' operator to search for '"+m.Describe(a)+"' in "+m.Describe(b))
		}
		return m.unknown("in something that is no object", m.Describe(b))
	}
	key, ok := m.propertyKey(a)
	if !ok {
		return m.unknown("in with an unknown key", "in")
	}
	for o.proxy != nil {
		if v, asked := m.asked(o, "has", keyValue(key)); asked {
			return truthValue(Truth(v))
		}
		o = o.proxy.target
	}
	if o.Kind == KindArray && (ecma.IsArrayIndex(key) || key == "length") {
		return m.hasOwn(o, String(key))
	}
	if _, isByte := byteProperty(o, key); isByte {
		return Bool(key == "length" || m.get(o, key, true) != Undefined)
	}
	p := o.Lookup(key)
	switch {
	case p == nil && len(o.open) > 0:
		return m.unknown("in an object with unknown properties", `"`+key+`" in `+o.open[0].Expr)
	case p == nil && o.Kind == KindHost:
		v, ok := m.hostMember(o, key)
		return Bool(ok && v != Undefined)
	case p == nil:
		if m.inherited(o, key) != nil || key == "__proto__" && !o.bare {
			return Bool(true)
		}
		if o.Func != nil {
			if _, ok := m.functionProperty(o, key); ok {
				return Bool(true)
			}
		}
		m.miss(o, key)
		return Bool(false)
	case p.When != nil:
		return &Choice{p.When, Bool(true), Bool(false)}
	}
	return Bool(true)
}
