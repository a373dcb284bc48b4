package eval

import (
	"math"
	"strconv"
)

var objectMethods, boolMethods, errorMethods, functionMethods, collectionMethods, numberMethods map[string]Native

func init() {
	objectMethods = map[string]Native{
		"hasOwnProperty":       hasOwn,
		"propertyIsEnumerable": hasOwn,
		"isPrototypeOf":        func(*Machine, Value, []Value) Value { return Bool(false) },
		"toString":             func(m *Machine, this Value, _ []Value) Value { return m.lift(this, m.classTag) },
		"toLocaleString":       func(m *Machine, this Value, _ []Value) Value { return m.toString(this) },
		"valueOf":              func(_ *Machine, this Value, _ []Value) Value { return this },
	}
	ownToString := func(m *Machine, this Value, _ []Value) Value { return m.toString(this) }
	boolMethods = map[string]Native{"toString": ownToString}
	errorMethods = map[string]Native{"toString": ownToString}
	functionMethods = map[string]Native{
		"toString": ownToString,
		"call": func(m *Machine, this Value, args []Value) Value {
			if len(args) == 0 {
				return m.Call(this, Undefined, nil)
			}
			return m.Call(this, args[0], args[1:])
		},
		"apply": func(m *Machine, this Value, args []Value) Value {
			var list []Value
			for _, e := range m.spread(argument(args, 1)) {
				list = append(list, e.Value)
			}
			if f, ok := this.(*Object); ok && f.Func != nil && f.Func.Generator {
				return m.coroutine(f, argument(args, 0), list)
			}
			return m.Call(this, argument(args, 0), list)
		},
		"bind": func(m *Machine, this Value, args []Value) Value {
			f, ok := this.(*Object)
			if !ok {
				return this
			}
			o := m.native(nil)
			o.Func.Native = nil
			o.Func.bound = &bound{target: f, this: argument(args, 0), args: append([]Value(nil), args[min(1, len(args)):]...)}
			o.Func.Name = f.Func.Name
			o.Func.Node = f.Func.Node
			return o
		},
	}
	numberMethods = map[string]Native{
		"toString": func(m *Machine, this Value, args []Value) Value {
			if r := integer(args, 0, 10); r != 10 && r >= 2 && r <= 36 {
				f := toNumber(this)
				if f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
					return m.unknown("fraction in another base", "toString")
				}
				return String(strconv.FormatInt(int64(f), r))
			}
			return m.toString(this)
		},
		"toFixed": func(m *Machine, this Value, args []Value) Value {
			return String(strconv.FormatFloat(toNumber(this), 'f', max(0, min(100, integer(args, 0, 0))), 64))
		},
		"toLocaleString": func(m *Machine, this Value, _ []Value) Value { return String(grouped(primitiveString(this))) },
		"valueOf":        func(_ *Machine, this Value, _ []Value) Value { return this },
	}
	collectionMethods = map[string]Native{
		"get": mapGet, "set": mapSet, "has": collectionHas, "add": setAdd,
		"delete": collectionDelete, "clear": collectionClear,
		"forEach": func(m *Machine, this Value, args []Value) Value {
			o := this.(*Object)
			for i, e := range o.Elems {
				if o.Kind == KindMap {
					m.callback(argument(args, 0), Elem{m.nth(e.Value, 1), e.When, e.Each}, i, this)
					continue
				}
				m.callback(argument(args, 0), e, i, this)
			}
			return Undefined
		},
		"keys":         iteratorOf(func(m *Machine, o *Object) *Object { return m.column(o, 0) }),
		"values":       iteratorOf(func(m *Machine, o *Object) *Object { return m.column(o, 1) }),
		"entries":      iteratorOf(elements),
		symbolIterator: iteratorOf(elements),
	}
	onObjects(collectionMethods)
}

// classTag is what Object.prototype.toString says of a value.
func (m *Machine) classTag(v Value) Value {
	tag := ""
	switch v := v.(type) {
	case undefined:
		tag = "Undefined"
	case null:
		tag = "Null"
	case Bool:
		tag = "Boolean"
	case Number:
		tag = "Number"
	case String, *Text:
		tag = "String"
	case BigInt:
		tag = "BigInt"
	case *Symbol:
		tag = "Symbol"
	case *Object:
		if p := v.Lookup(symbolToStringTag); p != nil || len(v.open) > 0 {
			break
		}
		tag = classTags[v.Kind]
	}
	if tag == "" {
		return m.callUnknown(m.unknown("the class of something unknown", "Object.prototype.toString"), []Value{v})
	}
	return String("[object " + tag + "]")
}

// classTags are the names of the built-in classes of objects.
var classTags = map[ObjectKind]string{
	KindObject: "Object", KindArray: "Array", KindFunction: "Function", KindRegexp: "RegExp", KindSet: "Set", KindMap: "Map", KindError: "Error",
}

func hasOwn(m *Machine, this Value, args []Value) Value {
	return m.lift(this, func(this Value) Value {
		o, ok := this.(*Object)
		key, known := m.propertyKey(argument(args, 0))
		if ok && !known && o.isBare() {
			return Bool(false)
		}
		if !ok || !known {
			return m.unknown("tests something unknown for a property", "hasOwnProperty")
		}
		if p := o.own(key); p != nil {
			return truthValue(orTrue(p.When))
		}
		if o.Kind == KindArray && isIndex(key) {
			return Bool(atoi(key) < len(o.Elems))
		}
		if len(o.open) > 0 {
			return m.unknown("tests an object with unknown properties", memberExpr(o.open[0].Expr, key))
		}
		m.miss(o, key)
		return Bool(false)
	})
}

func newPlainObject(m *Machine, _ Value, args []Value) Value {
	if o, ok := argument(args, 0).(*Object); ok {
		return o
	}
	return m.newObject(KindObject)
}

// keysOf returns the names of an object's or array's own enumerable properties.
func (m *Machine) keysOf(o *Object) []string {
	var keys []string
	if o.Kind == KindArray {
		for i := range o.Elems {
			keys = append(keys, primitiveString(Number(i)))
		}
	}
	return append(keys, o.Keys()...)
}

// listOf makes an array of what give says of each own property of an object.
func listOf(give func(m *Machine, key string, v Value) Value) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			o, ok := v.(*Object)
			if !ok {
				if u, ok := v.(*Unknown); ok {
					r := &Unknown{Key: "keys(" + u.Key + ")", Expr: u.Expr, Why: u.Why}
					if d, ok := Default(u).(*Object); ok {
						r.Default = listOf(give)(m, nil, []Value{d})
					}
					return r
				}
				return m.newArray(nil)
			}
			out := m.newArray(nil)
			for _, k := range m.keysOf(o) {
				e := Elem{Value: give(m, k, m.get(o, k, true))}
				if p := o.own(k); p != nil && p.When != nil {
					e.When = p.When
					e.Value = give(m, k, p.Value)
				}
				out.Elems = append(out.Elems, e)
			}
			for _, u := range o.open {
				out.Elems = append(out.Elems, Elem{Value: give(m, u.Expr, m.item(u)), Each: u.Expr})
			}
			return out
		})
	}
}

var objectStatics map[string]Native

func init() {
	objectStatics = map[string]Native{
		"keys":    listOf(func(_ *Machine, k string, _ Value) Value { return String(k) }),
		"values":  listOf(func(_ *Machine, _ string, v Value) Value { return v }),
		"entries": listOf(func(m *Machine, k string, v Value) Value { return m.NewArray(String(k), v) }),
		"getOwnPropertyNames": func(m *Machine, _ Value, args []Value) Value {
			out := m.newArray(nil)
			if o, ok := argument(args, 0).(*Object); ok {
				for _, k := range integersFirst(o.AllKeys()) {
					out.Elems = append(out.Elems, Elem{Value: String(k)})
				}
			}
			return out
		},
		"assign": func(m *Machine, _ Value, args []Value) Value {
			target, ok := argument(args, 0).(*Object)
			if !ok {
				return argument(args, 0)
			}
			for _, a := range args[1:] {
				m.copyInto(target, a, nil)
			}
			return target
		},
		"fromEntries": func(m *Machine, _ Value, args []Value) Value {
			o := m.newObject(KindObject)
			for _, e := range m.spread(argument(args, 0)) {
				key, ok := m.propertyKey(m.nth(e.Value, 0))
				if !ok || e.Each != "" {
					o.open = append(o.open, m.unknown("entries of an unknown list", "entries"))
					continue
				}
				o.set(key, &Prop{Value: m.nth(e.Value, 1), When: e.When})
			}
			return o
		},
		"create": func(m *Machine, _ Value, args []Value) Value {
			o := m.newObject(KindObject)
			if p, ok := argument(args, 0).(*Object); ok {
				o.Proto = p
			}
			if p, ok := argument(args, 1).(*Object); ok {
				m.defineAll(o, p)
			}
			return o
		},
		"getPrototypeOf": func(m *Machine, _ Value, args []Value) Value {
			if o, ok := argument(args, 0).(*Object); ok && o.Proto != nil {
				return o.Proto
			}
			return Null
		},
		"setPrototypeOf": func(m *Machine, _ Value, args []Value) Value {
			o, ok := argument(args, 0).(*Object)
			if p, isObject := argument(args, 1).(*Object); ok && isObject && o.run == m.run {
				o.Proto = p
			}
			return argument(args, 0)
		},
		"defineProperty": func(m *Machine, _ Value, args []Value) Value {
			o, ok := argument(args, 0).(*Object)
			key, known := m.propertyKey(argument(args, 1))
			if ok && known {
				m.define(o, key, argument(args, 2))
			}
			return argument(args, 0)
		},
		"defineProperties": func(m *Machine, _ Value, args []Value) Value {
			o, ok := argument(args, 0).(*Object)
			if p, isObject := argument(args, 1).(*Object); ok && isObject {
				m.defineAll(o, p)
			}
			return argument(args, 0)
		},
		"getOwnPropertyDescriptor": func(m *Machine, _ Value, args []Value) Value {
			o, ok := argument(args, 0).(*Object)
			key, known := m.propertyKey(argument(args, 1))
			if !ok || !known {
				return Undefined
			}
			return m.descriptor(o, key)
		},
		"getOwnPropertyDescriptors": func(m *Machine, _ Value, args []Value) Value {
			out := m.newObject(KindObject)
			if o, ok := argument(args, 0).(*Object); ok {
				for _, k := range o.AllKeys() {
					out.set(k, &Prop{Value: m.descriptor(o, k)})
				}
			}
			return out
		},
		"is": func(m *Machine, _ Value, args []Value) Value { return Bool(same(argument(args, 0), argument(args, 1))) },
		"hasOwn": func(m *Machine, _ Value, args []Value) Value {
			return hasOwn(m, argument(args, 0), args[min(1, len(args)):])
		},
		"groupBy": unknownOf("grouped at run time"),
	}
	for _, k := range []string{"freeze", "seal", "preventExtensions"} {
		objectStatics[k] = firstArgument
	}
	for _, k := range []string{"isFrozen", "isSealed"} {
		objectStatics[k] = func(*Machine, Value, []Value) Value { return Bool(false) }
	}
	objectStatics["isExtensible"] = func(*Machine, Value, []Value) Value { return Bool(true) }
	objectStatics["getOwnPropertySymbols"] = func(m *Machine, _ Value, _ []Value) Value { return m.newArray(nil) }
	reflectStatics = map[string]Native{
		"ownKeys": objectStatics["getOwnPropertyNames"], "defineProperty": objectStatics["defineProperty"],
		"getPrototypeOf": objectStatics["getPrototypeOf"],
		"get": func(m *Machine, _ Value, args []Value) Value {
			return m.index(argument(args, 0), argument(args, 1), true)
		},
		"has": func(m *Machine, _ Value, args []Value) Value {
			return m.binaryOp("in", argument(args, 1), argument(args, 0))
		},
		"apply": func(m *Machine, _ Value, args []Value) Value {
			return functionMethods["apply"](m, argument(args, 0), args[min(1, len(args)):])
		},
		"construct": func(m *Machine, _ Value, args []Value) Value {
			var list []Value
			for _, e := range m.spread(argument(args, 1)) {
				list = append(list, e.Value)
			}
			return m.New(argument(args, 0), list)
		},
	}
}

var reflectStatics map[string]Native

func (m *Machine) defineAll(o, descriptors *Object) {
	for _, k := range descriptors.Keys() {
		m.define(o, k, m.get(descriptors, k, true))
	}
}

// define sets a property by its descriptor.
func (m *Machine) define(o *Object, key string, descriptor Value) {
	d, ok := descriptor.(*Object)
	if !ok {
		return
	}
	m.change(o)
	p := &Prop{Hidden: Truth(m.get(d, "enumerable", true)).isFalse()}
	if get, ok := m.get(d, "get", true).(*Object); ok {
		p.Get = get
	}
	if set, ok := m.get(d, "set", true).(*Object); ok {
		p.Set = set
	}
	if p.Get == nil && p.Set == nil {
		p.Value = m.get(d, "value", true)
	}
	o.set(key, p)
}

func (m *Machine) descriptor(o *Object, key string) Value {
	p := o.own(key)
	if p == nil {
		return Undefined
	}
	d := m.newObject(KindObject)
	if p.Get != nil || p.Set != nil {
		if p.Get != nil {
			d.set("get", &Prop{Value: p.Get})
		}
		if p.Set != nil {
			d.set("set", &Prop{Value: p.Set})
		}
	} else {
		d.set("value", &Prop{Value: p.Value})
		d.set("writable", &Prop{Value: Bool(true)})
	}
	d.set("enumerable", &Prop{Value: Bool(!p.Hidden)})
	d.set("configurable", &Prop{Value: Bool(true)})
	return d
}

func newSymbol(m *Machine, _ Value, args []Value) Value {
	m.clock++
	return &Symbol{"@@" + str(args, 0) + "#" + primitiveString(Number(m.clock))}
}

var symbolStatics = map[string]Native{
	"for": func(_ *Machine, _ Value, args []Value) Value { return &Symbol{"@@for:" + str(args, 0)} },
}

var promiseStatics map[string]Native

func init() {
	promiseStatics = map[string]Native{
		"resolve": firstArgument, "all": promiseAll, "race": unknownOf("a race of promises"), "any": unknownOf("a race of promises"),
		"reject": func(m *Machine, _ Value, args []Value) Value { m.throw(argument(args, 0)); return nil },
		"allSettled": func(m *Machine, _ Value, args []Value) Value {
			out := m.newArray(nil)
			for _, e := range m.spread(argument(args, 0)) {
				r := m.newObject(KindObject)
				r.set("status", &Prop{Value: String("fulfilled")})
				r.set("value", &Prop{Value: e.Value})
				out.Elems = append(out.Elems, Elem{r, e.When, e.Each})
			}
			return out
		},
	}
}

func promiseAll(m *Machine, _ Value, args []Value) Value {
	if u, ok := argument(args, 0).(*Unknown); ok {
		return u
	}
	return m.newArray(append([]Elem(nil), m.spread(argument(args, 0))...))
}

// newPromise runs the executor at once; the promise is what it resolves with.
// newPromise is what the executor resolves the promise with first, in each of the ways that it may go.
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
