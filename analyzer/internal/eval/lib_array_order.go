package eval

import (
	"slices"
	"sort"

	"github.com/bundlens/bundlens/internal/ecma"
)

func arrayReverse(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	m.change(o)
	o.Elems = slices.Clone(o.Elems)
	slices.Reverse(o.Elems)
	return o
}

// arraySort sorts a list that is known. Of one that is not, the elements that can be compared come first.
func arraySort(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	compare := argument(args, 0)
	if compare != Undefined && !IsFunction(compare) {
		if isPrimitive(compare) {
			return m.raise("TypeError", "The comparison function must be either a function or undefined")
		}
		m.change(o)
		o.open = append(o.open[:len(o.open):len(o.open)], m.resultOf(m.unknown("sorted in an unknown order", "sort"), args))
		return o
	}
	m.change(o)
	var known, open, absent []Elem
	texts := map[int]string{}
	for _, e := range o.Elems {
		switch s, ok := String(""), true; {
		case e.Value == Undefined:
			absent = append(absent, e)
			continue
		case compare == Undefined:
			if s, ok = m.toString(e.Value).(String); ok {
				texts[len(known)] = string(s)
			}
			fallthrough
		default:
			if compare != Undefined {
				_, ok = m.compared(compare, e, e)
			}
			if !ok {
				open = append(open, e)
				continue
			}
			known = append(known, e)
		}
	}
	if compare == Undefined {
		order := make([]int, len(known))
		for i := range order {
			order[i] = i
		}
		sort.SliceStable(order, func(i, j int) bool { return ecma.Compare(texts[order[i]], texts[order[j]]) < 0 })
		sorted := make([]Elem, len(known))
		for i, at := range order {
			sorted[i] = known[at]
		}
		known = sorted
	} else {
		sort.SliceStable(known, func(i, j int) bool {
			less, _ := m.compared(compare, known[i], known[j])
			return less
		})
	}
	o.Elems = append(append(known, open...), absent...)
	return o
}

// compared tells whether a comparison function puts a before b.
func (m *Machine) compared(compare Value, a, b Elem) (less, ok bool) {
	v := Default(m.Call(compare, Undefined, []Value{a.Value, b.Value}))
	switch v.(type) {
	case Number, Bool, String, undefined, null:
		return toNumber(v) < 0, true
	case BigInt, *Object:
		n, ok := m.number(v).(Number)
		return n < 0, ok
	}
	return false, false
}
