package eval

import (
	"slices"

	"github.com/bundlens/bundlens/internal/ecma"
)

func defineProperty(m *Machine, _ Value, args []Value) Value {
	v := m.settled(argument(args, 0))
	o, ok := v.(*Object)
	if isPrimitive(v) {
		return m.raise("TypeError", "Object.defineProperty called on non-object")
	}
	if !ok {
		return v
	}
	if isUnknown(argument(args, 1)) {
		m.change(o)
		o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("defined under an unknown key", "property"))
		return o
	}
	if key, known := m.propertyKey(argument(args, 1)); known && !m.define(o, key, argument(args, 2)) {
		return m.raise("TypeError", "Cannot redefine property: "+key)
	}
	return o
}

func defineProperties(m *Machine, _ Value, args []Value) Value {
	target, properties := m.settled(argument(args, 0)), m.settled(argument(args, 1))
	if isPrimitive(target) || isAbsent(properties) {
		return m.raiseUnsaid("TypeError")
	}
	o, ok := target.(*Object)
	switch p := properties.(type) {
	case *Object:
		if ok {
			m.defineAll(o, p)
		}
	case *Unknown:
		if ok {
			m.change(o)
			o.open = append(o.open[:len(o.open):len(o.open)], p)
		}
	}
	return argument(args, 0)
}

func getOwnPropertyDescriptor(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		o, ok := m.toObject(v).(*Object)
		key, known := "", false
		if k := argument(args, 1); !isUnknown(k) {
			key, known = m.propertyKey(k)
		}
		if !ok || !known {
			return m.resultOf(m.unknown("a property of something unknown", "Object.getOwnPropertyDescriptor"), args)
		}
		return m.ownDescriptor(o, key)
	})
}

func getOwnPropertyDescriptors(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		o, ok := m.toObject(v).(*Object)
		if !ok {
			return m.resultOf(m.unknown("properties of something unknown", "Object.getOwnPropertyDescriptors"), args)
		}
		out := m.newObject(KindObject)
		for _, k := range m.allKeys(o) {
			out.set(k, &Prop{Value: m.ownDescriptor(o, k)})
		}
		out.open = o.open
		return out
	})
}

// fix makes an object what can't be changed any more.
func fix(level integrity) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			if o, ok := v.(*Object); ok && o.fixed < level {
				m.change(o)
				o.fixed = level
			}
			return v
		})
	}
}

func isFixed(level integrity) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			o, ok := v.(*Object)
			switch {
			case isUnknown(v) || isText(v) || ok && (o.Kind == KindHost || len(o.open) > 0 || o.proxy != nil):
				return m.resultOf(m.unknown("whether something unknown can be changed", "Object.isFrozen"), []Value{v})
			case level == notExtensible:
				return Bool(ok && o.fixed == extensible)
			}
			return Bool(!ok || m.isFixed(o, level))
		})
	}
}

func (m *Machine) isFixed(o *Object, level integrity) bool {
	if o.fixed >= level || o.fixed == extensible {
		return o.fixed >= level
	}
	if len(o.Elems) > 0 && o.Kind == KindArray {
		return false
	}
	for _, e := range o.props.entries {
		if p := e.value; !p.Lasting || level == frozen && !p.ReadOnly && p.Get == nil && p.Set == nil {
			return false
		}
	}
	return o.Kind != KindArray || level == sealed
}

func (m *Machine) defineAll(o, descriptors *Object) {
	for _, k := range descriptors.Keys() {
		m.define(o, k, m.get(descriptors, k, true))
	}
	if len(descriptors.open) > 0 {
		m.change(o)
		o.open = append(o.open[:len(o.open):len(o.open)], descriptors.open...)
	}
}

// define sets a property by its descriptor, and is false where it may not be.
func (m *Machine) define(o *Object, key string, descriptor Value) bool {
	d, ok := m.settled(descriptor).(*Object)
	if !ok {
		if isUnknown(descriptor) {
			m.change(o)
			o.set(key, &Prop{Value: m.getUnknown(descriptor.(*Unknown), "value")})
		}
		return !isPrimitive(descriptor)
	}
	if o.proxy != nil {
		if v, asked := m.asked(o, "defineProperty", keyValue(key), d); asked {
			return !Truth(v).isFalse()
		}
		o = o.proxy.target
	}
	old := o.own(key)
	if old == nil && o.fixed != extensible || old != nil && (old.Lasting || o.fixed >= sealed) && (old.ReadOnly || o.fixed == frozen) {
		return false
	}
	p := &Prop{Hidden: true, ReadOnly: true, Lasting: true}
	if old != nil {
		c := *old
		p = &c
	}
	flag := func(name string, set func(bool)) {
		if d.Lookup(name) != nil {
			set(!Truth(m.get(d, name, true)).isFalse())
		}
	}
	flag("enumerable", func(b bool) { p.Hidden = !b })
	flag("configurable", func(b bool) { p.Lasting = !b })
	flag("writable", func(b bool) { p.ReadOnly = !b })
	get, _ := m.get(d, "get", true).(*Object)
	set, _ := m.get(d, "set", true).(*Object)
	switch {
	case get != nil || set != nil:
		if p.Value, p.ReadOnly = nil, false; get != nil {
			p.Get = get
		}
		if set != nil {
			p.Set = set
		}
	case d.Lookup("value") != nil:
		p.Value, p.Get, p.Set, p.state = m.get(d, "value", true), nil, nil, nil
	case p.Get == nil && p.Set == nil && p.Value == nil:
		p.Value = m.get(d, "value", true)
	}
	m.change(o)
	if o.Kind == KindArray && ecma.IsArrayIndex(key) {
		m.setElement(o, key, p.Value)
		return true
	}
	o.set(key, p)
	return true
}

// ownDescriptor describes an own property, undefined where there is none.
func (m *Machine) ownDescriptor(o *Object, key string) Value {
	if o.proxy != nil {
		if v, asked := m.asked(o, "getOwnPropertyDescriptor", keyValue(key)); asked {
			return v
		}
		return m.ownDescriptor(o.proxy.target, key)
	}
	p := o.own(key)
	if p == nil {
		switch {
		case o.Kind == KindArray && ecma.IsArrayIndex(key) && m.hasOwn(o, String(key)) == Value(Bool(true)):
			p = &Prop{Value: m.property(o, o, key)}
		case slices.Contains(hiddenKeys(o), key) && m.hasOwn(o, String(key)) == Value(Bool(true)):
			p = &Prop{Value: m.property(o, o, key), Hidden: true, ReadOnly: o.Func != nil && key != "prototype", Lasting: key != "name" && (key != "length" || o.Func == nil)}
		case len(o.open) > 0 || o.Kind == KindHost:
			return m.unknown("a property of an object with unknown properties", "descriptor")
		default:
			return Undefined
		}
	}
	d := m.newObject(KindObject)
	if p.Get != nil || p.Set != nil {
		accessor := func(name string, f *Object) {
			v := Value(Undefined)
			if f != nil {
				v = f
			}
			d.set(name, &Prop{Value: v})
		}
		accessor("get", p.Get)
		accessor("set", p.Set)
	} else {
		d.set("value", &Prop{Value: m.read(p, o)})
		d.set("writable", &Prop{Value: Bool(!p.ReadOnly && o.fixed < frozen)})
	}
	d.set("enumerable", &Prop{Value: Bool(!p.Hidden)})
	d.set("configurable", &Prop{Value: Bool(!p.Lasting && o.fixed < sealed)})
	if p.When != nil {
		return m.choose(p.When, d, Undefined)
	}
	return d
}
