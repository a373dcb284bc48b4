package eval

func newArrayOf(m *Machine, _ Value, args []Value) Value {
	if len(args) != 1 {
		return m.newArray(elemsOf(args))
	}
	return m.lift(args[0], func(v Value) Value {
		switch n := v.(type) {
		case Number:
			switch size := float64(n); {
			case size != float64(uint32(size)):
				return m.raise("RangeError", "Invalid array length")
			case size > maxElems:
				return m.overBudget(boundElems)
			}
			return m.newArray(holes(int(n)))
		case *Unknown:
			return m.resultOf(m.unknown("a list of unknown length", "Array"), args)
		}
		return m.NewArray(v)
	})
}

func holes(n int) []Elem {
	out := make([]Elem, n)
	for i := range out {
		out[i] = Elem{Value: Undefined, Hole: true}
	}
	return out
}

var arrayStatics map[string]Native

func init() {
	arrayStatics = map[string]Native{
		"isArray": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(v Value) Value {
				if u, ok := v.(*Unknown); ok {
					return m.callUnknown(m.unknown(u.Why, "Array.isArray"), []Value{u})
				}
				o, ok := v.(*Object)
				for ok && o.proxy != nil {
					o = o.proxy.target
				}
				if ok && o.Kind == KindHost {
					return m.unknown("whether a host object is an array", "Array.isArray")
				}
				return Bool(ok && o.Kind == KindArray)
			})
		},
		"of":        func(m *Machine, this Value, args []Value) Value { return m.ofClass(this, m.newArray(elemsOf(args))) },
		"from":      arrayFrom,
		"fromAsync": arrayFrom,
	}
}

// ofClass makes a list one of a class of the program that inherits from Array.
func (m *Machine) ofClass(class Value, list *Object) Value {
	c, ok := class.(*Object)
	if !ok || c.Func == nil || c.Func.Native != nil || c == m.library["Array"] {
		return list
	}
	if p := c.own("prototype"); p != nil && c.Func.class != nil {
		list.Proto, _ = p.Value.(*Object)
	}
	return list
}

func arrayFrom(m *Machine, this Value, args []Value) Value {
	return m.lift(argument(args, 0), func(source Value) Value {
		if isAbsent(source) {
			return m.raise("TypeError", primitiveString(source)+" is not iterable")
		}
		list := m.newArray(nil)
		if o, ok := source.(*Object); ok && !m.isIterable(o) && o.Kind != KindHost {
			like := m.arrayLike(o)
			if like == nil {
				return m.resultOf(m.unknown("a list of unknown length", "Array.from"), args)
			}
			for i := range like.Elems {
				like.Elems[i].Hole = false
			}
			list = like
		} else if isPrimitive(source) && !isString(source) {
			list = m.newArray(nil) // it has no length
		} else {
			m.grow(list, append([]Elem(nil), m.iterated(source)...))
		}
		if f := argument(args, 1); f != Undefined {
			if isNoFunction(f) {
				return m.raiseUnsaid("TypeError")
			}
			mapped, ok := m.mapped(list, f, argument(args, 2)).(*Object)
			if !ok {
				return m.resultOf(m.unknown("a list of unknown length", "Array.from"), args)
			}
			list = mapped
		}
		return m.ofClass(this, list)
	})
}
