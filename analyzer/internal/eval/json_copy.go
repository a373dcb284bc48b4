package eval

import "math"

// jsonCopy is what JSON.parse makes of what JSON.stringify writes for v: plain data, without functions and what is
// undefined. What is not known stays so, and a condition stays where it is, as a text could not keep it.
func (m *Machine) jsonCopy(v Value, open map[*Object]bool) Value {
	switch v := m.settled(v).(type) {
	case *Symbol:
		return Undefined
	case Number:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return Null
		}
		return v
	case BigInt:
		return m.unknown("a bigint can't be written as JSON", "JSON.stringify")
	case *Choice:
		return m.choose(v.Cond, m.jsonCopy(v.Then, open), m.jsonCopy(v.Else, open))
	case *Object:
		if open[v] {
			return m.unknown("an object that contains itself can't be written as JSON", "JSON.stringify")
		}
		open[v] = true
		defer delete(open, v)
		return m.jsonCopyObject(v, open)
	default:
		return v
	}
}

func (m *Machine) jsonCopyObject(o *Object, open map[*Object]bool) Value {
	if p := o.Lookup("toJSON"); p != nil && IsFunction(p.Value) {
		return m.jsonCopy(m.Call(p.Value, o, nil), open)
	}
	switch {
	case o.Func != nil:
		return Undefined
	case o.Kind == KindHost:
		return m.unknown("written as JSON by a library", "JSON.stringify")
	case o.Kind == KindArray:
		out := m.newArray(nil)
		for _, e := range o.Elems {
			v := m.jsonCopy(e.Value, open)
			if v == Undefined {
				v = Null
			}
			out.Elems = append(out.Elems, Elem{Value: v, When: e.When, Each: e.Each})
		}
		return out
	}
	out := m.newObject(KindObject)
	for _, k := range o.Keys() {
		p := o.own(k)
		if v, when := defined(m.jsonCopy(m.property(o, o, k), open)); v != Undefined {
			out.set(k, &Prop{Value: v, When: whenOf(and(orTrue(p.When), orTrue(when)))})
		}
	}
	out.open = o.open
	return out
}

// defined splits a value that may be undefined into what it is else, and when it is that.
func defined(v Value) (Value, *Cond) {
	c, ok := v.(*Choice)
	switch {
	case !ok:
		return v, nil
	case c.Then == Undefined:
		inner, when := defined(c.Else)
		return inner, and(not(c.Cond), orTrue(when))
	case c.Else == Undefined:
		inner, when := defined(c.Then)
		return inner, and(c.Cond, orTrue(when))
	}
	return v, nil
}
