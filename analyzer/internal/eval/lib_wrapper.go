package eval

import "github.com/bundlens/bundlens/internal/ecma"

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
