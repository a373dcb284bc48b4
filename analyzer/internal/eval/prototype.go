package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
)

// Where an object has no property of a name, it has what its class in the language's library has. Those prototypes are
// objects of the machine, so that programs may ask for them and add to them.

// prototypeOf returns the prototype of one of the language's classes.
func (m *Machine) prototypeOf(class string) *Object { return m.prototypes[class] }

// classOf is the name of the language's class that a value belongs to, "" for one that belongs to none.
func classOf(v Value) string {
	switch v := v.(type) {
	case String, *Text:
		return "String"
	case Number:
		return "Number"
	case Bool:
		return "Boolean"
	case BigInt:
		return "BigInt"
	case *Symbol:
		return "Symbol"
	case *Object:
		return classOfKind[v.Kind]
	}
	return ""
}

var classOfKind = map[ObjectKind]string{
	KindObject: "Object", KindArray: "Array", KindFunction: "Function", KindRegexp: "RegExp", KindSet: "Set", KindMap: "Map",
	KindError: "Error", KindHost: "Object", KindIterator: "Iterator", KindGenerator: "Generator",
}

// prototype returns the object that v inherits from, or nil.
func (m *Machine) prototype(v Value) *Object {
	o, ok := v.(*Object)
	switch {
	case !ok:
		return m.prototypes[classOf(v)]
	case o.Proto != nil:
		return o.Proto
	case o.bare || o == m.prototypes["Object"]:
		return nil
	case o.Func != nil && o.Func.Generator:
		if o.Func.Node.ChildOfKind(js.KeywordAsync).Valid() {
			return m.prototypes["AsyncGeneratorFunction"]
		}
		return m.prototypes["GeneratorFunction"]
	}
	if proto := m.prototypes[classOfKind[o.Kind]]; proto != o {
		return proto
	}
	return m.prototypes["Object"]
}

// find returns a property of o or of what it inherits from, the language's own prototypes among them.
func (m *Machine) find(o *Object, key string) *Prop {
	for depth := 0; o != nil && depth < maxInherited; o, depth = m.prototype(o), depth+1 {
		if p := o.own(key); p != nil {
			return p
		}
	}
	return nil
}

// inherited returns a property that the language's own classes give a value, or nil.
func (m *Machine) inherited(v Value, key string) *Prop {
	o, ok := v.(*Object)
	if !ok {
		return m.find(m.prototypes[classOf(v)], key)
	}
	for o.Proto != nil {
		o = o.Proto
	}
	return m.find(m.prototype(o), key)
}

// methodOf returns the library's method of a value's type, or nil.
func (m *Machine) methodOf(v Value, key string) Native {
	p := m.inherited(v, key)
	if p == nil {
		return nil
	}
	if f, ok := p.Value.(*Object); ok && f.Func != nil {
		return f.Func.Native
	}
	return nil
}

// isInstance tells whether o inherits from a class's prototype.
func (m *Machine) isInstance(o, proto *Object) bool {
	for depth := 0; o != nil && depth < maxInherited; depth++ {
		if o = m.prototype(o); o == proto {
			return o != nil
		}
	}
	return false
}

// unitsOf returns the code units of a string. They are found at once where the string is the one that was asked for last.
func (m *Machine) unitsOf(s string) *ecma.Units { return m.indexed.Of(s) }
