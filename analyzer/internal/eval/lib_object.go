package eval

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

var objectMethods, boolMethods, symbolMethods map[string]Native

func init() {
	objectMethods = map[string]Native{
		"hasOwnProperty":       hasOwn,
		"propertyIsEnumerable": isEnumerable,
		"isPrototypeOf":        isPrototypeOf,
		"toString":             func(m *Machine, this Value, _ []Value) Value { return m.lift(this, m.classTag) },
		"toLocaleString":       func(m *Machine, this Value, _ []Value) Value { return m.toString(this) },
		"valueOf": func(m *Machine, this Value, _ []Value) Value {
			return m.lift(this, func(v Value) Value {
				if isUnknown(v) {
					return v
				}
				return m.toObject(v)
			})
		},
	}
	boolMethods = map[string]Native{"toString": onUnwrapped(func(m *Machine, v Value) Value { return m.toString(v) }), "valueOf": onUnwrapped(itself)}
	symbolMethods = map[string]Native{
		"toString": onUnwrapped(func(m *Machine, v Value) Value { return String(primitiveString(v)) }), "valueOf": onUnwrapped(itself),
	}
}

// ownProperty is a property that an object has itself.
type ownProperty struct {
	key    string
	value  func() Value
	when   *Cond
	hidden bool
}

// properties are the own properties of an object in the order in which programs see them, without those that have a symbol
// for a name.
func (m *Machine) properties(o *Object) []ownProperty {
	var out []ownProperty
	if o.Kind == KindArray {
		for i, e := range o.Elems {
			if !e.Hole && e.Each == "" {
				out = append(out, ownProperty{key: ecma.FormatIndex(i), value: func() Value { return m.settled(e.Value) }, when: e.When})
			}
		}
	}
	if raw, ok := o.Host.([]byte); ok {
		for i, b := range raw {
			out = append(out, ownProperty{key: ecma.FormatIndex(i), value: func() Value { return Number(b) }})
		}
	}
	for _, k := range ecma.OrderKeys(o.AllKeys()) {
		p := o.own(k)
		if isSymbolKey(k) || isPrivate(k, p) {
			continue
		}
		out = append(out, ownProperty{k, func() Value { return m.settled(m.read(p, o)) }, p.When, p.Hidden})
	}
	return out
}

// isPrivate tells a private member of a class.
func isPrivate(key string, p *Prop) bool { return p.Hidden && strings.HasPrefix(key, "#") }

// hiddenKeys are the names of an object's own properties that are kept elsewhere.
func hiddenKeys(o *Object) []string {
	switch {
	case o.Kind == KindArray:
		return []string{"length"}
	case o.Func != nil:
		return []string{"length", "name", "prototype"}
	}
	return nil
}

// allKeys are the names of an object's own properties, those that are not enumerable too, then its symbols.
func (m *Machine) allKeys(o *Object) []string {
	var keys, symbols []string
	hidden := hiddenKeys(o)
	for _, k := range hidden {
		if o.own(k) != nil || m.hasOwn(o, String(k)) == Value(Bool(true)) {
			keys = append(keys, k)
		}
	}
	for _, p := range m.properties(o) {
		if !slices.Contains(hidden, p.key) {
			keys = append(keys, p.key)
		}
	}
	for _, k := range o.AllKeys() {
		if isSymbolKey(k) && k != iteratorPosition && k != iteratorResult {
			symbols = append(symbols, k)
		}
	}
	return append(ecma.OrderKeys(keys), symbols...)
}

func hasOwn(m *Machine, this Value, args []Value) Value {
	return m.lift(this, func(this Value) Value {
		return m.lift(argument(args, 0), func(k Value) Value { return m.hasOwn(this, k) })
	})
}

func (m *Machine) hasOwn(this, k Value) Value {
	if isAbsent(this) {
		return m.raise("TypeError", "Cannot convert undefined or null to object")
	}
	if !isUnknown(this) && !isText(this) {
		this = m.toObject(this)
	}
	o, ok := this.(*Object)
	key, known := "", false
	if !isUnknown(k) {
		key, known = m.propertyKey(k)
	}
	if ok && !known && o.isBare() {
		return Bool(false)
	}
	if !ok || !known {
		return m.resultOf(m.unknown("tests something unknown for a property", "hasOwnProperty"), []Value{this, k})
	}
	if o.proxy != nil {
		return Bool(m.ownDescriptor(o, key) != Undefined)
	}
	if p := o.own(key); p != nil {
		return truthValue(orTrue(p.When))
	}
	if i, isIndex := ecma.ArrayIndex(key); isIndex && o.Kind == KindArray {
		if !isCertain(o.Elems) || int(i) >= len(o.Elems) && len(o.open) > 0 {
			return m.uncertain(o, "hasOwnProperty", []Value{k})
		}
		return Bool(int(i) < len(o.Elems) && !o.Elems[i].Hole)
	}
	if slices.Contains(hiddenKeys(o), key) {
		return Bool(key != "prototype" || !o.Func.Arrow && o.Func.Native == nil)
	}
	if len(o.open) > 0 || o.Kind == KindHost {
		expr := memberExpr(m.exprOf(o), key)
		if len(o.open) > 0 {
			expr = memberExpr(o.open[0].Expr, key)
		}
		return m.unknown("tests an object with unknown properties", expr)
	}
	m.miss(o, key)
	return Bool(false)
}

func isEnumerable(m *Machine, this Value, args []Value) Value {
	has := hasOwn(m, this, args)
	o, ok := this.(*Object)
	key, known := m.propertyKey(argument(args, 0))
	if has != Value(Bool(true)) || !ok || !known {
		return has
	}
	if p := o.own(key); p != nil {
		return Bool(!p.Hidden)
	}
	return Bool(ecma.IsArrayIndex(key))
}

func isPrototypeOf(m *Machine, this Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		o, ok := v.(*Object)
		proto, ok2 := this.(*Object)
		switch {
		case isUnknown(v) || isUnknown(this) || ok && o.Kind == KindHost:
			return m.resultOf(m.unknown("tests something unknown", "isPrototypeOf"), []Value{this, v})
		case !ok || !ok2:
			return Bool(false)
		}
		return Bool(m.isInstance(o, proto))
	})
}

func newPlainObject(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if isAbsent(v) {
			return m.newObject(KindObject)
		}
		return m.toObject(v)
	})
}

// keysOf returns the names of an object's own enumerable properties.
func (m *Machine) keysOf(o *Object) []string {
	var keys []string
	for _, p := range m.properties(o) {
		if !p.hidden {
			keys = append(keys, p.key)
		}
	}
	return keys
}

// listOf makes an array of what give says of each own property of an object.
func listOf(give func(m *Machine, key string, v func() Value) Value) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value { return m.listed(v, give) })
	}
}

func (m *Machine) listed(v Value, give func(m *Machine, key string, v func() Value) Value) Value {
	if u, ok := v.(*Unknown); ok {
		r := &Unknown{Key: "keys(" + u.Key + ")", Expr: u.Expr, Why: u.Why}
		if d, ok := Default(u).(*Object); ok {
			r.Default = m.listed(d, give)
		}
		return r
	}
	o, ok := m.toObject(v).(*Object)
	if !ok || o.Kind == KindHost {
		return m.resultOf(m.unknown("properties of something unknown", "Object.keys"), []Value{v})
	}
	list := m.properties(o)
	if o.proxy != nil {
		if list, ok = m.proxyEntries(o); !ok {
			return m.unknown("properties of a proxy", "Object.keys")
		}
	}
	_, isBytes := o.Host.([]byte)
	out := m.newArray(nil)
	for _, p := range list {
		if !p.hidden && (o.proxy != nil || isBytes || o.Kind == KindArray || o.own(p.key) != nil) {
			out.Elems = append(out.Elems, Elem{Value: give(m, p.key, p.value), When: p.when})
		}
	}
	for _, u := range o.open {
		of := u
		out.Elems = append(out.Elems, Elem{Value: give(m, u.Expr, func() Value { return m.item(of) }), Each: u.Expr})
	}
	return out
}

var objectStatics map[string]Native

func init() {
	objectStatics = map[string]Native{
		"keys":                      listOf(func(_ *Machine, k string, _ func() Value) Value { return String(k) }),
		"values":                    listOf(func(_ *Machine, _ string, v func() Value) Value { return v() }),
		"entries":                   listOf(func(m *Machine, k string, v func() Value) Value { return m.NewArray(String(k), v()) }),
		"getOwnPropertyNames":       ownNames(func(key string) bool { return !isSymbolKey(key) }),
		"getOwnPropertySymbols":     ownNames(isSymbolKey),
		"assign":                    objectAssign,
		"fromEntries":               fromEntries,
		"create":                    objectCreate,
		"getPrototypeOf":            getPrototypeOf,
		"setPrototypeOf":            setPrototypeOf,
		"defineProperty":            defineProperty,
		"defineProperties":          defineProperties,
		"getOwnPropertyDescriptor":  getOwnPropertyDescriptor,
		"getOwnPropertyDescriptors": getOwnPropertyDescriptors,
		"is": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(a Value) Value {
				return m.lift(argument(args, 1), func(b Value) Value {
					if isUnknown(a) || isUnknown(b) || isText(a) || isText(b) {
						return m.binaryOp("===", a, b)
					}
					return Bool(sameValue(a, b))
				})
			})
		},
		"hasOwn": func(m *Machine, _ Value, args []Value) Value {
			return hasOwn(m, argument(args, 0), args[min(1, len(args)):])
		},
		"groupBy": objectGroupBy,
	}
	for name, level := range map[string]integrity{"preventExtensions": notExtensible, "seal": sealed, "freeze": frozen} {
		objectStatics[name] = fix(level)
	}
	for name, level := range map[string]integrity{"isExtensible": notExtensible, "isSealed": sealed, "isFrozen": frozen} {
		objectStatics[name] = isFixed(level)
	}
}

// ownNames are the names of all own properties that are wanted.
func ownNames(wanted func(key string) bool) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			o, ok := m.toObject(v).(*Object)
			if !ok || o.Kind == KindHost {
				return m.resultOf(m.unknown("properties of something unknown", "Object.getOwnPropertyNames"), []Value{v})
			}
			out := m.newArray(nil)
			if o.proxy != nil {
				out.Elems = m.proxyKeys(o)
				return out
			}
			for _, k := range m.allKeys(o) {
				if wanted(k) {
					e := Elem{Value: keyValue(k)}
					if p := o.own(k); p != nil {
						e.When = p.When
					}
					out.Elems = append(out.Elems, e)
				}
			}
			for _, u := range o.open {
				out.Elems = append(out.Elems, Elem{Value: m.item(u), Each: u.Expr})
			}
			return out
		})
	}
}

func objectAssign(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		target, ok := m.toObject(v).(*Object)
		if !ok {
			if u, ok := v.(*Unknown); ok && len(args) > 1 {
				return m.resultOf(&Unknown{Key: u.Key + "{...}", Expr: u.Expr, Why: u.Why}, args)
			}
			return v
		}
		for _, a := range args[1:] {
			m.assignAll(target, a)
		}
		return target
	})
}

// assignAll sets the properties of v on an object, as Object.assign does: setters are called.
func (m *Machine) assignAll(target *Object, v Value) {
	from, ok := v.(*Object)
	if !ok || from.proxy == nil && target.Kind != KindArray && target.proxy == nil && target.fixed == extensible && !m.hasSetters(target) {
		m.copyInto(target, v, nil)
		return
	}
	list := m.properties(from)
	if from.proxy != nil {
		list, _ = m.proxyEntries(from)
	}
	for _, p := range list {
		if !p.hidden {
			m.Set(target, p.key, p.value())
		}
	}
	if len(from.open) > 0 {
		m.copyInto(target, from.open[0], nil)
	}
}

func (m *Machine) hasSetters(o *Object) bool {
	for depth := 0; o != nil && depth < maxInherited; o, depth = o.Proto, depth+1 {
		for _, e := range o.props.entries {
			if e.value.Set != nil || e.value.Get != nil {
				return true
			}
		}
	}
	return false
}

func fromEntries(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if isAbsent(v) {
			return m.raise("TypeError", primitiveString(v)+" is not iterable")
		}
		o := m.newObject(KindObject)
		if o, isObject := v.(*Object); isPrimitive(v) && !isString(v) || isObject && o.Kind != KindHost && len(o.open) == 0 && !m.isIterable(o) {
			return m.raiseUnsaid("TypeError")
		}
		for _, e := range m.iterated(v) {
			if isPrimitive(e.Value) {
				return m.raiseUnsaid("TypeError")
			}
			m.byKey(m.nth(e.Value, 0), func(key string, known bool) Value {
				m.change(o)
				if known && e.Each == "" {
					o.set(key, &Prop{Value: m.nth(e.Value, 1), When: e.When})
				} else {
					o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("entries of an unknown list", "entries"))
				}
				return Undefined
			})
		}
		return o
	})
}

func objectCreate(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(proto Value) Value {
		o := m.newObject(KindObject)
		switch p := proto.(type) {
		case *Object:
			o.Proto = p
		case null:
			o.bare = true
		case *Unknown:
			o.open = append(o.open, p)
		default:
			return m.raise("TypeError", "Object prototype may only be an Object or null: "+m.Describe(proto))
		}
		switch p := m.settled(argument(args, 1)).(type) {
		case null:
			return m.raiseUnsaid("TypeError")
		case *Object:
			m.defineAll(o, p)
		case *Unknown:
			o.open = append(o.open, p)
		}
		return o
	})
}

func getPrototypeOf(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		o, ok := v.(*Object)
		switch {
		case isUnknown(v) || ok && (o.Kind == KindHost || len(o.open) > 0 && o.Proto == nil):
			return m.resultOf(m.unknown("prototype of something unknown", "Object.getPrototypeOf"), []Value{v})
		case isAbsent(v):
			return m.raise("TypeError", "Cannot convert undefined or null to object")
		case ok && o.proxy != nil:
			if p, asked := m.asked(o, "getPrototypeOf"); asked {
				return p
			}
			return getPrototypeOf(m, nil, []Value{o.proxy.target})
		}
		if p := m.prototype(v); p != nil {
			return p
		}
		return Null
	})
}

func setPrototypeOf(m *Machine, _ Value, args []Value) Value {
	v, proto := m.settled(argument(args, 0)), m.settled(argument(args, 1))
	if isAbsent(v) || proto != Null && isPrimitive(proto) {
		return m.raiseUnsaid("TypeError")
	}
	o, ok := v.(*Object)
	switch p := proto.(type) {
	case *Object:
		if ok && o.run == m.run {
			o.Proto, o.bare = p, false
		}
	case null:
		if ok && o.run == m.run {
			o.Proto, o.bare = nil, true
		}
	case *Unknown:
		if ok {
			m.change(o)
			o.open = append(o.open[:len(o.open):len(o.open)], p)
		}
	}
	return v
}

func objectGroupBy(m *Machine, _ Value, args []Value) Value {
	return m.unknown("a function that not every runtime has", "Object.groupBy")
}
