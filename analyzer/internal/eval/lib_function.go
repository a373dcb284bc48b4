package eval

var functionMethods map[string]Native

func init() {
	functionMethods = map[string]Native{
		"toString": func(m *Machine, this Value, _ []Value) Value {
			return m.resultOf(m.unknown("source of a function", "function"), []Value{this})
		},
		"call": func(m *Machine, this Value, args []Value) Value {
			if len(args) == 0 {
				return m.Call(this, Undefined, nil)
			}
			return m.Call(this, args[0], args[1:])
		},
		"apply": functionApply,
		"bind":  functionBind,
		symbolHasInstance: func(m *Machine, this Value, args []Value) Value {
			return m.instanceOf(argument(args, 0), this)
		},
	}
}

func functionApply(m *Machine, this Value, args []Value) Value {
	var list []Value
	elems, ok := m.argumentList(argument(args, 1))
	if !ok {
		return m.raise("TypeError", "CreateListFromArrayLike called on non-object")
	}
	for _, e := range elems {
		list = append(list, argumentOf(e))
	}
	if f, ok := this.(*Object); ok && f.Func != nil && f.Func.Generator {
		return m.coroutine(f, argument(args, 0), list)
	}
	return m.Call(this, argument(args, 0), list)
}

// argumentList is what an array, or something like one, gives a call; ok is false for a primitive value.
func (m *Machine) argumentList(v Value) (elems []Elem, ok bool) {
	switch v := m.settled(v).(type) {
	case undefined, null:
		return nil, true
	case *Object:
		if v.Kind == KindObject && !v.arguments {
			if list := m.arrayLike(v); list != nil {
				return list.Elems, true
			}
		}
		return m.spread(v), true
	case *Unknown, *Choice:
		return m.spread(v), true
	}
	return nil, false
}

func functionBind(m *Machine, this Value, args []Value) Value {
	f, ok := m.settled(this).(*Object)
	if !ok {
		return m.resultOf(m.unknown("a function that is not known", "bind"), append([]Value{this}, args...))
	}
	if f.Func == nil {
		return m.raise("TypeError", "Bind must be called on a function")
	}
	o := m.native(nil)
	o.Func.Native = nil
	o.Func.bound = &bound{target: f, this: argument(args, 0), args: append([]Value(nil), args[min(1, len(args)):]...)}
	o.Func.Name = "bound " + f.Func.Name
	o.Func.Node = f.Func.Node
	return o
}

var reflectStatics map[string]Native

func init() {
	reflectStatics = map[string]Native{
		"ownKeys":                  onTarget("ownKeys", ownNames(func(string) bool { return true })),
		"defineProperty":           onTarget("defineProperty", reflectDefine),
		"getPrototypeOf":           onTarget("getPrototypeOf", getPrototypeOf),
		"getOwnPropertyDescriptor": onTarget("getOwnPropertyDescriptor", getOwnPropertyDescriptor),
		"setPrototypeOf":           unknownOf("Reflect.setPrototypeOf"),
		"preventExtensions":        unknownOf("Reflect.preventExtensions"),
		"isExtensible":             onTarget("isExtensible", isFixed(notExtensible)),
		"get":                      onTarget("get", reflectGet),
		"set":                      onTarget("set", reflectSet),
		"deleteProperty":           onTarget("deleteProperty", reflectDelete),
		"has": onTarget("has", func(m *Machine, _ Value, args []Value) Value {
			return m.binaryOp("in", argument(args, 1), argument(args, 0))
		}),
		"apply": func(m *Machine, _ Value, args []Value) Value {
			return functionApply(m, argument(args, 0), args[min(1, len(args)):])
		},
		"construct": reflectConstruct,
	}
}

// onTarget wraps a function of Reflect, which needs an object.
func onTarget(name string, f Native) Native {
	return func(m *Machine, this Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			if isPrimitive(v) {
				return m.raise("TypeError", "Reflect."+name+" called on non-object")
			}
			next := append([]Value{v}, args[min(1, len(args)):]...)
			return f(m, this, next)
		})
	}
}

func reflectDefine(m *Machine, _ Value, args []Value) Value {
	o, ok := args[0].(*Object)
	if ok && !isUnknown(argument(args, 1)) {
		if key, known := m.propertyKey(argument(args, 1)); known {
			return Bool(m.define(o, key, argument(args, 2)))
		}
	}
	return m.resultOf(m.unknown("defines a property of something unknown", "Reflect.defineProperty"), args)
}

func reflectGet(m *Machine, _ Value, args []Value) Value {
	o, ok := args[0].(*Object)
	if len(args) > 2 && ok && !isUnknown(args[1]) {
		if key, known := m.propertyKey(args[1]); known {
			return m.property(o, args[2], key)
		}
	}
	return m.index(args[0], argument(args, 1), true)
}

func reflectSet(m *Machine, _ Value, args []Value) Value {
	o, ok := args[0].(*Object)
	key, known := "", false
	if !isUnknown(argument(args, 1)) {
		key, known = m.propertyKey(argument(args, 1))
	}
	if !ok || !known || len(args) > 3 && args[3] != Value(o) && (o.proxy != nil || o.Proto != nil || o.own(key) == nil) {
		if len(args) > 3 && ok && known {
			if receiver, isObject := args[3].(*Object); isObject && receiver.proxy != nil && receiver.proxy.target == o {
				return Bool(m.put2(o, key, argument(args, 2)))
			}
		}
		return m.resultOf(m.unknown("sets a property of something unknown", "Reflect.set"), args)
	}
	return Bool(m.put2(o, key, argument(args, 2)))
}

func reflectDelete(m *Machine, _ Value, args []Value) Value {
	o, ok := args[0].(*Object)
	if !ok || isUnknown(argument(args, 1)) {
		return m.resultOf(m.unknown("deletes a property of something unknown", "Reflect.deleteProperty"), args)
	}
	key, known := m.propertyKey(argument(args, 1))
	if !known {
		return m.resultOf(m.unknown("deletes an unknown property", "Reflect.deleteProperty"), args)
	}
	return m.remove(o, key)
}

func reflectConstruct(m *Machine, _ Value, args []Value) Value {
	elems, ok := m.argumentList(argument(args, 1))
	if !ok {
		return m.raise("TypeError", "CreateListFromArrayLike called on non-object")
	}
	if len(args) > 2 && args[2] != args[0] {
		return m.resultOf(m.unknown("an instance made for another class", "Reflect.construct"), args)
	}
	var list []Value
	for _, e := range elems {
		list = append(list, argumentOf(e))
	}
	return m.New(argument(args, 0), list)
}

var promiseStatics map[string]Native

func init() {
	promiseStatics = map[string]Native{
		"resolve": firstArgument, "all": promiseAll, "race": unknownOf("a race of promises"), "any": unknownOf("a race of promises"),
		"reject": func(m *Machine, _ Value, args []Value) Value { return m.rejected(argument(args, 0)) },
		"allSettled": func(m *Machine, _ Value, args []Value) Value {
			if u, ok := argument(args, 0).(*Unknown); ok {
				return m.resultOf(u, nil)
			}
			out := m.newArray(nil)
			for _, e := range m.spread(argument(args, 0)) {
				r := m.newObject(KindObject)
				r.set("status", &Prop{Value: String("fulfilled")})
				r.set("value", &Prop{Value: e.Value})
				out.Elems = append(out.Elems, Elem{Value: r, When: e.When, Each: e.Each})
			}
			return out
		},
	}
}

func promiseAll(m *Machine, _ Value, args []Value) Value {
	if u, ok := argument(args, 0).(*Unknown); ok {
		return u
	}
	elems := m.spread(argument(args, 0))
	for _, e := range elems {
		if u, ok := e.Value.(*Unknown); ok && u.thrown != nil && e.When == nil && m.catching > 0 {
			return u
		}
	}
	return m.newArray(append([]Elem(nil), elems...))
}

// newPromise runs the executor at once: it is what that resolves the promise with first, in each of the ways that it may go.
func newPromise(m *Machine, _ Value, args []Value) Value {
	const key = "value"
	later := m.unknown("a promise resolved later", "promise")
	promise := m.newObject(KindObject)
	resolve := m.native(func(m *Machine, _ Value, a []Value) Value {
		value := argument(a, 0)
		if p := promise.own(key); p != nil {
			value = m.choose(orTrue(p.When), p.Value, value)
		}
		m.change(promise)
		promise.set(key, &Prop{Value: value})
		return Undefined
	})
	m.attemptQuietly(func() { m.Call(argument(args, 0), Undefined, []Value{resolve, m.native(nothing)}) })
	p := promise.own(key)
	if p == nil {
		return later
	}
	return m.choose(orTrue(p.When), p.Value, later)
}
