package eval

// proxy is what a Proxy asks instead of an object.
type proxy struct{ target, handler *Object }

// newProxy makes a Proxy, of which only reading is evaluated: a write goes to the Proxy itself.
func newProxy(m *Machine, _ Value, args []Value) Value {
	target, ok1 := m.settled(argument(args, 0)).(*Object)
	handler, ok2 := m.settled(argument(args, 1)).(*Object)
	if !ok1 || !ok2 {
		return m.unknown("a proxy of something unknown", "Proxy")
	}
	o := m.newObject(KindObject)
	o.proxy = &proxy{target, handler}
	return o
}

// trapped reads a property that an object has by way of a Proxy: itself, or one that it inherits from.
func (m *Machine) trapped(o *Object, this Value, key string) (Value, bool) {
	for depth := 0; o != nil && depth < maxInherited; o, depth = o.Proto, depth+1 {
		if o.own(key) != nil {
			return nil, false
		}
		if o.proxy == nil {
			continue
		}
		trap, ok := m.get(o.proxy.handler, "get", true).(*Object)
		if !ok || trap.Func == nil {
			return m.property(o.proxy.target, this, key), true
		}
		var name Value = String(key)
		if isSymbolKey(key) {
			name = &Symbol{key}
		}
		return m.Call(trap, o.proxy.handler, []Value{o.proxy.target, name, this}), true
	}
	return nil, false
}
