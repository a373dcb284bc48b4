package eval

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
)

// member evaluates a property access; this is the object that a method called through it gets.
func (m *Machine) member(n js.Node, env *Env) (v, this Value) {
	object := n.Child(js.FieldObject)
	if object.Kind() == js.Super {
		this = m.this(env)
		return m.superMember(n, env), this
	}
	if object.Kind() == js.ImportKeyword { // import.meta, which the grammar takes for a property
		return m.importMeta(env), Undefined
	}
	this = m.Eval(object, env)
	optional := chained(n)
	if optional && (this == Undefined || this == Null) {
		return Undefined, this // what follows is not evaluated
	}
	if n.Kind() == js.MemberExpression {
		property := n.Child(js.FieldProperty)
		if property.Kind() == js.PrivatePropertyIdentifier {
			m.mustHave(n, m.memberName(property), this)
		}
		return m.get(this, m.memberName(property), optional), this
	}
	key := m.Eval(n.Child(js.FieldIndex), env)
	return m.index(this, key, optional), this
}

// mustHave throws where a value is known not to have a private member.
func (m *Machine) mustHave(n js.Node, name string, v Value) {
	if o, ok := v.(*Object); ok && m.catching > 0 && len(o.open) == 0 && m.hasPrivate(n, name, o) == Value(Bool(false)) {
		m.raise("TypeError", "Cannot read private member "+keyAsWritten(name)+" from an object whose class did not declare it")
	}
}

// chained tells whether n is part of an optional chain, which is undefined as a whole where its start is nullish.
func chained(n js.Node) bool {
	for ; n.Valid(); n = n.Child(js.FieldObject) {
		if n.Kind() == js.CallExpression {
			if n.ChildOfKind(js.OptionalChain).Valid() {
				return true
			}
			n = n.Child(js.FieldFunction)
			if !n.Valid() {
				return false
			}
		}
		if n.Child(js.FieldOptionalChain).Valid() || n.ChildOfKind(js.OptionalChain).Valid() {
			return true
		}
	}
	return false
}

func (m *Machine) superMember(n js.Node, env *Env) Value {
	home := env.frame().home()
	if home == nil || home.Proto == nil {
		return m.unknownAt(n, "super", "super of an unknown class")
	}
	key, ok := propertyName(n.Child(js.FieldProperty)), true
	if n.Kind() == js.SubscriptExpression {
		key, ok = m.propertyKey(m.Eval(n.Child(js.FieldIndex), env))
	}
	if !ok {
		return m.unknownAt(n, "super", "super member with an unknown key")
	}
	return m.property(home.Proto, m.this(env), key)
}

func (e *Env) home() *Object {
	if e.callee == nil {
		return nil
	}
	return e.callee.Func.home
}

// index is v[key], where key may be open: then it is the choice of the properties it may name.
func (m *Machine) index(v, key Value, optional bool) Value {
	return m.lift(key, func(key Value) Value {
		u, ok := key.(*Unknown)
		if o, isObject := v.(*Object); ok && isObject && o.isBare() {
			return Undefined
		}
		if ok {
			return m.indexUnknown(v, u, optional)
		}
		k, ok := m.propertyKey(key)
		if !ok {
			return m.unknown("property with an unknown key", m.Describe(v)+"["+m.Describe(key)+"]")
		}
		r := m.get(v, k, optional)
		if o, ok := v.(*Object); ok && r == Undefined {
			m.miss(o, k)
		}
		return r
	})
}

func (m *Machine) indexUnknown(v Value, key *Unknown, optional bool) Value {
	r := &Unknown{Key: bounded(keyOf(v) + "[" + key.Key + "]"), Expr: bounded(m.exprOf(v) + "[" + key.Expr + "]"), Why: key.Why}
	r.madeOf(v, key)
	if d := Default(key); !isUnknown(d) {
		if k, ok := m.propertyKey(d); ok {
			r.Default = m.get(v, k, true)
			if isUnknown(r.Default) {
				r.Default = nil
			}
		}
	}
	return r
}

// Get returns a property of v.
func (m *Machine) Get(v Value, key string) Value { return m.get(v, key, true) }

// get returns a property; optional says that a property of undefined is undefined.
func (m *Machine) get(v Value, key string, optional bool) Value {
	switch v := v.(type) {
	case *Choice:
		return m.lift(v, func(v Value) Value { return m.get(v, key, optional) })
	case *Unknown:
		return m.supposedMember(v, key, optional)
	case *Object:
		return m.property(v, v, key)
	case undefined, null:
		if optional {
			return Undefined
		}
		if m.catching > 0 {
			m.raise("TypeError", "Cannot read properties of "+primitiveString(v)+" (reading '"+keyText(key)+"')")
		}
		return &Unknown{Key: primitiveString(v) + "." + key, Expr: primitiveString(v) + "." + key, Why: "property of " + primitiveString(v)}
	case String:
		if key == "length" {
			return Number(m.unitsOf(string(v)).Length())
		}
		if i, ok := ecma.ArrayIndex(key); ok {
			return m.charAt(string(v), int(i), Undefined)
		}
	case *Text:
		if key == "length" {
			return m.resultOf(m.unknown("length of a text with holes", "length"), []Value{v})
		}
		if ecma.IsArrayIndex(key) {
			return m.resultOf(m.unknown("a character of a text with holes", key), []Value{v})
		}
	case *Symbol:
		if key == "description" {
			if strings.HasPrefix(v.Key, "@@"+nameless) {
				return Undefined
			}
			return String(v.description())
		}
	}
	if p := m.inherited(v, key); p != nil {
		return m.read(p, v)
	}
	if key == "__proto__" {
		return m.prototypes[classOf(v)]
	}
	return Undefined
}

// keyText is the name of a property as a message writes it.
func keyText(key string) string {
	if isSymbolKey(key) {
		return primitiveString(&Symbol{key})
	}
	return key
}

// unknownMember is a property of something unknown.
func (m *Machine) unknownMember(u *Unknown, key string, optional bool) Value {
	if u.Key == envKey {
		return m.environment(key)
	}
	name := m.keyed(func(room []byte) []byte { return append(append(append(room, u.Key...), '.'), key...) })
	expr := m.keyed(func(room []byte) []byte { return appendMember(m.appendExpr(room, u), key) })
	r := &Unknown{Key: name, Expr: expr, Why: u.Why}
	r.memberOf(u, key)
	switch d := Default(u).(type) {
	case undefined, null:
		if optional {
			r.Default = Undefined
		}
	case *Unknown:
	default:
		r.Default = m.get(d, key, true)
		if isUnknown(r.Default) {
			r.Default = nil
		}
	}
	return r
}

// maxKey bounds the key and the text of an unknown: each may be made of those of others.
const maxKey = 600

// bounded is s, or its head and a hash of all of it where it is long.
func bounded(s string) string {
	if len(s) <= maxKey {
		return s
	}
	return strings.ToValidUTF8(s[:maxKey/2], "") + "..." + strconv.FormatUint(hashOf(s), 36)
}

func memberExpr(object, key string) string { return string(appendMember([]byte(object), key)) }

// appendMember adds the member of a name to the source of an object.
func appendMember(b []byte, key string) []byte {
	key = keyAsWritten(key)
	for i := range len(key) {
		if c := key[i]; !(c == '_' || c == '$' || c == '#' || c >= '0' && c <= '9' && i > 0 || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return append(strconv.AppendQuote(append(b, '['), key), ']')
		}
	}
	return append(append(b, '.'), key...)
}

// property looks a property up in o and its prototypes; getters are called with this.
func (m *Machine) property(o *Object, this Value, key string) Value {
	switch {
	case o.Kind == KindArray:
		if v, ok := m.element(o, key); ok {
			return v
		}
	case o.proxy != nil:
		v, _ := m.trapped(o, this, key)
		return v
	case o.Host != nil:
		if _, isBytes := o.Host.([]byte); isBytes && key == "buffer" {
			m.unsettle(o) // who has its memory may write to it
		}
		if v, ok := byteProperty(o, key); ok {
			return v
		}
	}
	if o.Func != nil && o.own(key) == nil {
		if v, ok := m.functionProperty(o, key); ok {
			return v
		}
	}
	p := o.Lookup(key)
	if v, ok := m.trapped(o, this, key); ok {
		return v
	}
	if p == nil {
		if v, ok := m.hostMember(o, key); ok {
			return v
		}
		if o == m.space && m.config.Global != nil {
			if v, ok := m.config.Global(m, key); ok {
				return v
			}
		}
		if len(o.open) > 0 && (o.Kind != KindArray || arrayMethods[key] == nil) {
			return m.supposedMember(o.open[len(o.open)-1], key, true)
		}
		if p = m.inherited(o, key); p != nil {
			return m.read(p, this)
		}
		if s, ok := o.Host.(space); ok {
			return m.absentFrom(s, key)
		}
		return m.ownPrototype(o, key)
	}
	v := m.read(p, this)
	if p.When != nil {
		return m.choose(p.When, v, m.behind(o, this, key))
	}
	return m.settled(v)
}

// behind is what a property gives where o, or the first of its prototypes that may have it, does not have it.
func (m *Machine) behind(o *Object, this Value, key string) Value {
	for depth := 0; depth < maxInherited && o.own(key) == nil; depth++ {
		o = o.Proto
	}
	if o.Proto != nil && o.Proto.Lookup(key) != nil {
		return m.property(o.Proto, this, key)
	}
	if p := m.inherited(o, key); p != nil {
		return m.read(p, this)
	}
	return Undefined
}

// ownPrototype is the property __proto__ of an object that has no other of that name.
func (m *Machine) ownPrototype(o *Object, key string) Value {
	if key != "__proto__" || o.bare {
		return Undefined
	}
	if p := m.prototype(o); p != nil {
		return p
	}
	return Null
}

// read is what a property that is there gives.
func (m *Machine) read(p *Prop, this Value) Value {
	switch {
	case p.Get != nil:
		return m.Call(p.Get, this, nil)
	case p.Value == nil:
		return Undefined // a setter alone
	case p.state != nil:
		if o, ok := this.(*Object); ok && o.run != m.run {
			return m.force(p.state)
		}
	}
	return p.Value
}

func (m *Machine) hostMember(o *Object, key string) (Value, bool) {
	if o.Kind != KindHost || m.config.Member == nil {
		return nil, false
	}
	return m.config.Member(m, o, key)
}

// element is an array's element or length.
func (m *Machine) element(o *Object, key string) (Value, bool) {
	if key == "length" {
		return m.arrayLength(o), true
	}
	if at, ok := ecma.ArrayIndex(key); ok {
		i := int(at)
		if i >= len(o.Elems) {
			switch {
			case !isCertain(o.Elems):
				return m.unknown("element of an array of unknown length", "item"), true
			case hasMore(o):
				return nil, false
			}
			return Undefined, true
		}
		for _, e := range o.Elems[:i+1] {
			if e.When != nil || e.Each != "" {
				return m.unknownElement(o, i), true
			}
		}
		return m.settled(o.Elems[i].Value), true
	}
	return nil, false
}

// unknownElement is an element whose position depends on conditions.
func (m *Machine) unknownElement(o *Object, i int) Value {
	if i == 0 && o.Elems[0].When != nil {
		rest := m.newArray(o.Elems[1:])
		return m.choose(o.Elems[0].When, o.Elems[0].Value, m.get(rest, "0", true))
	}
	return m.unknown("element of an array of unknown length", "item")
}

// arrayLength is the length of an array some of whose elements depend on conditions.
func (m *Machine) arrayLength(o *Object) Value {
	if hasMore(o) {
		return m.getUnknown(o.open[0], "length")
	}
	if isCertain(o.Elems) {
		return Number(len(o.Elems))
	}
	var v Value = Number(0)
	for _, e := range o.Elems {
		if e.Each != "" {
			return &Unknown{Key: e.Each + ".length", Expr: e.Each + ".length", Why: "length of an unknown list"}
		}
		next := m.binaryOp("+", v, Number(1))
		v = m.choose(orTrue(e.When), next, v)
	}
	return v
}

// functionProperty is a property that every function has.
func (m *Machine) functionProperty(o *Object, key string) (Value, bool) {
	switch key {
	case "constructor":
		if o.Func.Generator {
			return m.unknown("the class of generator functions", "constructor"), true
		}
	case "prototype":
		if o.Func.Arrow || o.Func.Native != nil || o.Func.bound != nil || o.Func.method {
			return Undefined, true
		}
		p := m.newObject(KindObject)
		p.birth, p.run = o.birth, o.run
		if o.Func.Generator {
			p.Proto = m.prototypes["Generator"]
		} else {
			p.set("constructor", &Prop{Value: o, Hidden: true})
		}
		o.set("prototype", &Prop{Value: p, Hidden: true})
		return p, true
	case "name":
		return String(o.Func.Name), true
	case "length":
		if o.Func.Native != nil || o.Func.bound != nil || o.proxy != nil {
			return m.unknown("the number of parameters of a built-in function", "length"), true
		}
		return Number(parameterCount(o.Func.Node)), true
	}
	return nil, false
}

func parameterCount(f js.Node) int {
	if f.Child(js.FieldParameter).Valid() {
		return 1
	}
	n := 0
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		if p.Kind() == js.AssignmentPattern || p.Kind() == js.RestPattern {
			break
		}
		n++
	}
	return n
}
