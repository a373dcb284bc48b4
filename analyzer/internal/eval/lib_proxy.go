package eval

// proxy is what a Proxy asks instead of an object.
type proxy struct {
	target, handler *Object
	revoked         *Cell // true once it does not answer any more
}

func newProxy(m *Machine, this Value, args []Value) Value {
	if this != Value(constructing) {
		return m.raise("TypeError", "Constructor Proxy requires 'new'")
	}
	return m.proxyOf(argument(args, 0), argument(args, 1))
}

func (m *Machine) proxyOf(t, h Value) Value {
	t, h = m.settled(t), m.settled(h)
	if isPrimitive(t) || isPrimitive(h) {
		return m.raise("TypeError", "Cannot create proxy with a non-object as target or handler")
	}
	target, ok1 := t.(*Object)
	handler, ok2 := h.(*Object)
	if !ok1 || !ok2 {
		return m.unknown("a proxy of something unknown", "Proxy")
	}
	o := m.newObject(KindObject)
	if target.Func != nil {
		o.Kind = KindFunction
		o.Func = &Func{Name: target.Func.Name, Node: target.Func.Node, proxied: true}
	}
	m.clock++
	o.proxy = &proxy{target, handler, &Cell{value: Bool(false), birth: m.clock, run: m.run}}
	return o
}

func proxyRevocable(m *Machine, _ Value, args []Value) Value {
	p, ok := m.proxyOf(argument(args, 0), argument(args, 1)).(*Object)
	if !ok {
		return m.unknown("a proxy of something unknown", "Proxy")
	}
	out := m.newObject(KindObject)
	out.set("proxy", &Prop{Value: p})
	out.set("revoke", &Prop{Value: m.native(func(m *Machine, _ Value, _ []Value) Value {
		m.assign(p.proxy.revoked, Bool(true))
		return Undefined
	})})
	return out
}

// trap returns the function by which a proxy's handler answers an operation, nil where it leaves that to the target.
func (m *Machine) trap(o *Object, name string) (f Value, has bool) {
	if m.force(o.proxy.revoked) == Value(Bool(true)) {
		return m.raise("TypeError", "Cannot perform '"+name+"' on a proxy that has been revoked"), true
	}
	v := m.get(o.proxy.handler, name, true)
	return v, !isAbsent(v)
}

// asked calls a trap with the target and more; ok is false where there is no such trap.
func (m *Machine) asked(o *Object, name string, args ...Value) (v Value, ok bool) {
	f, has := m.trap(o, name)
	if !has {
		return nil, false
	}
	return m.Call(f, o.proxy.handler, append([]Value{o.proxy.target}, args...)), true
}

// keyValue is the name of a property as programs see it.
func keyValue(key string) Value {
	if isSymbolKey(key) {
		return &Symbol{key}
	}
	return String(key)
}

// trapped reads a property that an object has by way of a Proxy: itself, or one that it inherits from.
func (m *Machine) trapped(o *Object, this Value, key string) (Value, bool) {
	for depth := 0; o != nil && depth < maxInherited; o, depth = o.Proto, depth+1 {
		if o.proxy == nil {
			if o.own(key) != nil {
				return nil, false
			}
			continue
		}
		if v, ok := m.asked(o, "get", keyValue(key), this); ok {
			return v, true
		}
		if this == Value(o) && o.proxy.target.proxy == nil && o.proxy.target.Kind == KindArray && m.methodOf(o.proxy.target, key) != nil {
			this = o
		}
		return m.property(o.proxy.target, this, key), true
	}
	return nil, false
}

// proxyKeys are the names of a Proxy's own properties.
func (m *Machine) proxyKeys(o *Object) []Elem {
	if v, ok := m.asked(o, "ownKeys"); ok {
		return m.iterated(v)
	}
	target := o.proxy.target
	if target.proxy != nil {
		return m.proxyKeys(target)
	}
	var out []Elem
	for _, k := range m.allKeys(target) {
		out = append(out, Elem{Value: keyValue(k)})
	}
	return out
}

// proxyEntries are the own enumerable properties of a Proxy.
func (m *Machine) proxyEntries(o *Object) (entries []ownProperty, known bool) {
	for _, e := range m.proxyKeys(o) {
		key, ok := m.propertyKey(e.Value)
		if !ok || e.When != nil || e.Each != "" {
			return nil, false
		}
		d := m.ownDescriptor(o, key)
		if d == Undefined {
			continue
		}
		shown, ok := m.decide(Truth(m.get(d, "enumerable", true)))
		if !ok {
			return nil, false
		}
		if shown {
			entries = append(entries, ownProperty{key: key, value: func() Value { return m.property(o, o, key) }})
		}
	}
	return entries, true
}
