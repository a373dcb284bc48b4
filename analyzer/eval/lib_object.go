package eval

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/ecma"
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

func itself(_ *Machine, v Value) Value { return v }

// onUnwrapped is a method without arguments of a primitive value, or of the object that wraps one.
func onUnwrapped(f func(m *Machine, v Value) Value) Native {
	return func(m *Machine, this Value, _ []Value) Value {
		return m.lift(unwrapped(this), func(v Value) Value {
			if isUnknown(v) || isObject(v) {
				return m.resultOf(m.unknown("a method of something unknown", "valueOf"), []Value{v})
			}
			return f(m, v)
		})
	}
}

// wrapped is a primitive value that an object stands for: new String("a").
type wrapped struct{ value Value }

// wrapper makes an object of a primitive value.
func (m *Machine) wrapper(v Value) Value {
	if isUnknown(v) || isText(v) {
		return v
	}
	o := m.newObject(KindObject)
	o.Proto = m.prototypes[classOf(v)]
	o.Host = &wrapped{v}
	if s, ok := v.(String); ok {
		o.set("length", &Prop{Value: Number(ecma.Length(string(s))), Hidden: true, ReadOnly: true, Lasting: true})
		for i, e := range m.pieces16(string(s), "") {
			o.set(ecma.FormatIndex(i), &Prop{Value: e.Value, ReadOnly: true, Lasting: true})
		}
	}
	return o
}

// unwrapped is the primitive value that an object stands for, or v itself.
func unwrapped(v Value) Value {
	if o, ok := v.(*Object); ok {
		if w, ok := o.Host.(*wrapped); ok {
			return w.value
		}
	}
	return v
}

// toObject makes an object of a value that is known (ToObject).
func (m *Machine) toObject(v Value) Value {
	switch v.(type) {
	case *Object, *Unknown, *Text:
		return v
	case undefined, null:
		return m.raise("TypeError", "Cannot convert undefined or null to object")
	}
	return m.wrapper(v)
}

// classTag is what Object.prototype.toString says of a value.
func (m *Machine) classTag(v Value) Value {
	tag := ""
	switch v := v.(type) {
	case undefined:
		tag = "Undefined"
	case null:
		tag = "Null"
	case *Unknown:
	case *Object:
		if v.Kind == KindHost || len(v.open) > 0 && v.Kind == KindObject {
			break
		}
		if p := m.find(v, symbolToStringTag); p != nil {
			s, ok := m.read(p, v).(String)
			if ok && p.When == nil {
				return String("[object " + string(s) + "]")
			}
			break
		}
		tag = classTags[v.Kind]
		switch w := v.Host.(type) {
		case *wrapped:
			tag = classOf(w.value)
		case *date:
			tag = "Date"
		}
		if v.arguments {
			tag = "Arguments"
		}
	default:
		tag = classOf(v)
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
	out := m.newArray(nil)
	for _, p := range list {
		if !p.hidden && (o.proxy != nil || o.Kind == KindArray || o.own(p.key) != nil) {
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
		for _, e := range m.iterated(v) {
			key, ok := m.propertyKey(m.nth(e.Value, 0))
			if !ok || e.Each != "" {
				o.open = append(o.open, m.unknown("entries of an unknown list", "entries"))
				continue
			}
			o.set(key, &Prop{Value: m.nth(e.Value, 1), When: e.When})
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
	if isAbsent(v) {
		return m.raise("TypeError", "Object.setPrototypeOf called on null or undefined")
	}
	return v
}

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
	o, ok := m.settled(argument(args, 0)).(*Object)
	switch p := m.settled(argument(args, 1)).(type) {
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

func objectGroupBy(m *Machine, _ Value, args []Value) Value {
	return m.unknown("a function that not every runtime has", "Object.groupBy")
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

// registeredSymbol begins the key of a symbol that Symbol.for made.
const registeredSymbol = "@@for:"

func newSymbol(m *Machine, this Value, args []Value) Value {
	if this == Value(constructing) {
		return m.raise("TypeError", "Symbol is not a constructor")
	}
	m.clock++
	name := ""
	if v := argument(args, 0); v != Undefined {
		s, ok := m.toString(v).(String)
		if !ok {
			return m.resultOf(m.unknown("a symbol with an unknown name", "Symbol"), args)
		}
		name = string(s)
	} else {
		name = nameless
	}
	return &Symbol{"@@" + name + "#" + primitiveString(Number(m.clock))}
}

// nameless is the name of a symbol that was given none.
const nameless = "\x00"

var symbolStatics map[string]Native

func init() {
	symbolStatics = map[string]Native{
		"for": func(m *Machine, _ Value, args []Value) Value {
			s, ok := m.toString(argument(args, 0)).(String)
			if !ok {
				return m.resultOf(m.unknown("a symbol with an unknown name", "Symbol.for"), args)
			}
			return &Symbol{registeredSymbol + string(s)}
		},
		"keyFor": func(m *Machine, _ Value, args []Value) Value {
			s, ok := m.settled(argument(args, 0)).(*Symbol)
			if !ok {
				return m.resultOf(m.unknown("the name of something unknown", "Symbol.keyFor"), args)
			}
			if name, registered := strings.CutPrefix(s.Key, registeredSymbol); registered {
				return String(name)
			}
			return Undefined
		},
	}
}
