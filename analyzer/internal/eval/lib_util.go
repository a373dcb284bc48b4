package eval

import (
	"math"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

// utilModule is the part of Node's util module that makes texts of values.
func (m *Machine) utilModule() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "module:util", Expr: "util", Why: "a module outside the program"}}
	o.set("format", &Prop{Value: m.builtin("format", utilFormat)})
	o.set("promisify", &Prop{Value: m.getUnknown(o.open[0], "promisify")})
	o.set("default", &Prop{Value: o})
	return o
}

// utilFormat fills %s, %d, %i, %f, %j and %% in a text, and adds the arguments that are left.
func utilFormat(m *Machine, _ Value, args []Value) Value {
	first, ok := m.settled(argument(args, 0)).(String)
	if !ok {
		return m.formatRest(nil, args)
	}
	var parts []Part
	rest := args[1:]
	format := string(first)
	if len(rest) == 0 {
		return first
	}
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 == len(format) {
			parts = append(parts, Part{Lit: format})
			return m.formatRest(parts, rest)
		}
		verb := format[i+1]
		parts = append(parts, Part{Lit: format[:i]})
		format = format[i+2:]
		switch {
		case verb == '%':
			parts = append(parts, Part{Lit: "%"})
		case strings.IndexByte("sdifjoOc", verb) >= 0 && len(rest) > 0:
			if verb != 'c' {
				parts = append(parts, m.parts(m.formatted(verb, rest[0]))...)
			}
			rest = rest[1:]
		default:
			parts = append(parts, Part{Lit: "%" + string(verb)})
		}
	}
}

// formatted is an argument as a directive writes it.
func (m *Machine) formatted(verb byte, v Value) Value {
	return m.lift(v, func(v Value) Value {
		number := func(f func(Value) Value) Value {
			if b, ok := v.(BigInt); ok {
				return String(string(b) + "n")
			}
			if isObject(v) {
				return m.unknown("an object as Node shows it", "format")
			}
			if _, ok := v.(*Symbol); ok {
				return String("NaN")
			}
			return m.lift(f(v), func(n Value) Value {
				if n == Value(Number(0)) && math.Signbit(float64(n.(Number))) {
					return String("-0")
				}
				return m.toString(n)
			})
		}
		switch verb {
		case 's':
			switch v := v.(type) {
			case String, *Text, *Unknown:
				return v
			case Number:
				if v == 0 && math.Signbit(float64(v)) {
					return String("-0")
				}
			case BigInt:
				return String(string(v) + "n")
			case *Object:
				return m.unknown("an object as Node shows it", "format")
			}
			return String(primitiveString(v))
		case 'd':
			return number(m.number)
		case 'i':
			return number(func(v Value) Value { return parseInt(m, Undefined, []Value{v}) })
		case 'f':
			return number(func(v Value) Value { return parseFloat(m, Undefined, []Value{v}) })
		case 'j':
			return m.lift(jsonStringify(m, Undefined, []Value{v}), func(v Value) Value {
				if v == Undefined {
					return String("undefined")
				}
				return v
			})
		}
		return m.unknown("an object as Node shows it", "format")
	})
}

// formatRest adds arguments that no directive takes, with spaces between.
func (m *Machine) formatRest(parts []Part, rest []Value) Value {
	for i, v := range rest {
		if i > 0 || parts != nil {
			parts = append(parts, Part{Lit: " "})
		}
		v := m.lift(v, func(v Value) Value {
			switch v := v.(type) {
			case *Object:
				return m.unknown("an object as Node shows it", "format")
			case Number, BigInt:
				return m.formatted('s', v)
			case *Symbol:
				return String(primitiveString(v))
			}
			return m.toString(v)
		})
		parts = append(parts, m.parts(v)...)
	}
	return makeText(parts)
}

// structuredClone copies a value that is known.
func structuredClone(m *Machine, _ Value, args []Value) Value {
	if len(args) > 1 {
		return m.resultOf(m.unknown("a copy that takes things over", "structuredClone"), args)
	}
	return m.lift(argument(args, 0), func(v Value) Value { return m.cloned(v, map[*Object]*Object{}) })
}

func (m *Machine) cloned(v Value, copies map[*Object]*Object) Value {
	switch x := m.settled(v).(type) {
	case *Symbol:
		return m.raise("DataCloneError", primitiveString(x)+" could not be cloned.")
	case *Object:
		switch {
		case copies[x] != nil:
			return copies[x]
		case x.Func != nil:
			return m.raise("DataCloneError", "function could not be cloned.")
		case x.Kind == KindHost || x.proxy != nil || x.Kind == KindError || x.Kind == KindGenerator || x.Kind == KindIterator || m.spent():
			return m.unknown("a copy of what is not copied", "structuredClone")
		}
		return m.clonedObject(x, copies)
	default:
		return x
	}
}

func (m *Machine) clonedObject(o *Object, copies map[*Object]*Object) *Object {
	out := m.newObject(o.Kind)
	out.Site = o.Site
	copies[o] = out
	if o.Host != nil {
		out.Host, out.Proto = o.Host, o.Proto
	}
	for _, p := range m.properties(o) {
		if p.hidden || o.Kind == KindArray && ecma.IsArrayIndex(p.key) || o.Host != nil {
			continue
		}
		out.set(p.key, &Prop{Value: m.cloned(p.value(), copies), When: p.when})
	}
	if o.Kind == KindRegexp {
		out.set("lastIndex", &Prop{Value: Number(0), Hidden: true, Lasting: true})
	}
	for _, e := range o.Elems {
		e.Value = m.cloned(e.Value, copies)
		out.Elems = append(out.Elems, e)
	}
	out.open = o.open
	return out
}
