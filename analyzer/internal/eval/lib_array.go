package eval

import (
	"slices"

	"github.com/bundlens/bundlens/internal/ecma"
)

var arrayMethods map[string]Native

func init() {
	arrayMethods = map[string]Native{
		"push":           arrayPush,
		"unshift":        arrayUnshift,
		"pop":            arrayPop,
		"shift":          arrayShift,
		"concat":         arrayConcat,
		"slice":          given("slice", arraySlice, 0, 1),
		"splice":         given("splice", arraySplice, 0, 1),
		"toSpliced":      given("toSpliced", onCopy(arraySplice), 0, 1),
		"map":            withCallback("map", mapElems),
		"flatMap":        withCallback("flatMap", flatMapElems),
		"flat":           given("flat", arrayFlat, 0),
		"filter":         withCallback("filter", filterElems),
		"forEach":        withCallback("forEach", visitElems),
		"join":           func(m *Machine, this Value, args []Value) Value { return m.joinWith(this, args) },
		"toString":       func(m *Machine, this Value, _ []Value) Value { return m.join(this.(*Object), ",") },
		"includes":       given("includes", arrayIncludes, 1),
		"indexOf":        given("indexOf", arrayIndexOf, 1),
		"lastIndexOf":    given("lastIndexOf", arrayLastIndexOf, 1),
		"find":           withCallback("find", finder(false, foundValue)),
		"findLast":       withCallback("findLast", finder(true, foundValue)),
		"findIndex":      withCallback("findIndex", finder(false, foundIndex)),
		"findLastIndex":  withCallback("findLastIndex", finder(true, foundIndex)),
		"some":           withCallback("some", someElem),
		"every":          withCallback("every", everyElem),
		"reduce":         arrayReduce,
		"reduceRight":    arrayReduceRight,
		"reverse":        arrayReverse,
		"toReversed":     onCopy(arrayReverse),
		"sort":           arraySort,
		"toSorted":       onCopy(arraySort),
		"fill":           given("fill", arrayFill, 1, 2),
		"copyWithin":     given("copyWithin", arrayCopyWithin, 0, 1, 2),
		"with":           given("with", arrayWith, 0),
		"at":             given("at", arrayAt, 0),
		"entries":        iteratorOf(arrayEntries),
		"keys":           iteratorOf(arrayKeys),
		"values":         iteratorOf(elements),
		symbolIterator:   iteratorOf(elements),
		"toLocaleString": arrayToLocaleString,
	}
	onArrays(arrayMethods)
}

// onArrays guards the methods of arrays. What is no array is taken as one where it is known whole and the method does not
// write to it.
func onArrays(methods map[string]Native) {
	for name, f := range methods {
		methods[name] = func(m *Machine, this Value, args []Value) Value {
			return m.lift(this, func(this Value) Value {
				o, ok := this.(*Object)
				switch {
				case isAbsent(this):
					return m.raise("TypeError", "Array.prototype."+name+" called on null or undefined")
				case ok && o.proxy == nil && (o.Kind == KindArray || o.Kind == KindIterator):
					if o.fixed != extensible && writesArrays[name] {
						return m.raise("TypeError", "Cannot change a frozen array")
					}
					return f(m, o, args)
				case writesArrays[name] || !ok && !isString(this):
				default:
					if list := m.arrayLike(this); list != nil {
						return f(m, list, args)
					}
				}
				return m.unknown("a method called on something else", m.Describe(this)+"."+name+"(...)")
			})
		}
	}
}

// writesArrays are the methods that change the array that they are called on.
var writesArrays = map[string]bool{
	"push": true, "unshift": true, "pop": true, "shift": true, "splice": true, "reverse": true, "sort": true, "fill": true, "copyWithin": true,
}

// arrayLike makes an array of what has a length and elements by their indices; nil where it is not known whole.
func (m *Machine) arrayLike(v Value) *Object {
	if o, ok := v.(*Object); ok && (len(o.open) > 0 || o.Kind == KindHost) {
		return nil
	}
	n, ok := m.number(m.get(v, "length", true)).(Number)
	size := max(0, ecma.ToInteger(float64(n)))
	if !ok || size > maxElems {
		return nil
	}
	out := m.newArray(make([]Elem, size))
	for i := range out.Elems {
		key := ecma.FormatIndex(i)
		out.Elems[i].Value = m.get(v, key, true)
		if o, ok := v.(*Object); ok && o.proxy == nil {
			out.Elems[i].Hole = out.Elems[i].Value == Undefined && m.find(o, key) == nil && o.Kind != KindArray
		}
	}
	return out
}

// given wraps a method that needs some of its arguments to be known: the numbers among them. A choice of those is taken
// apart.
func given(name string, f Native, positions ...int) Native {
	return func(m *Machine, this Value, args []Value) Value {
		for _, i := range positions {
			if i >= len(args) {
				continue
			}
			put := func(v Value) []Value {
				next := slices.Clone(args)
				next[i] = v
				return next
			}
			switch a := m.settled(args[i]).(type) {
			case *Choice:
				return m.lift(a, func(v Value) Value { return given(name, f, positions...)(m, this, put(v)) })
			case undefined, Number:
				args[i] = a
			default:
				n := m.number(a)
				if _, ok := n.(Number); !ok {
					return m.resultOf(m.unknown("a position that is not known", name), append([]Value{this}, args...))
				}
				args = put(n)
			}
		}
		return f(m, this, args)
	}
}

// onCopy makes a method that changes a copy and returns that.
func onCopy(f Native) Native {
	return func(m *Machine, this Value, args []Value) Value {
		list := m.copyArray(this)
		for i := range list.Elems {
			list.Elems[i].Hole = false
		}
		if v := f(m, list, args); isUnknown(v) {
			return v
		}
		return list
	}
}

func (m *Machine) copyArray(v Value) *Object {
	o := v.(*Object)
	out := m.newArray(append([]Elem(nil), o.Elems...))
	out.open = o.open
	return out
}

func elemsOf(args []Value) []Elem {
	out := make([]Elem, len(args))
	for i, a := range args {
		out[i] = elemOf(a)
	}
	return out
}

// isCertain tells that each element is there for certain, at its place.
func isCertain(elems []Elem) bool {
	for _, e := range elems {
		if e.When != nil || e.Each != "" {
			return false
		}
	}
	return true
}

// hasMore tells a list that may have more elements than are known. The command line is not one: the options that it may have
// are asked for by name.
func hasMore(o *Object) bool { return len(o.open) > 0 && o.open[0].Key != commandLineKey }

// uncertain is what a method gives that needs to know where the elements of a list are.
func (m *Machine) uncertain(o *Object, name string, args []Value) Value {
	return m.resultOf(m.unknown("position in a list that depends on conditions", name), append([]Value{o}, args...))
}

// grow sets the elements of a list; one that is too long is cut off, and says so.
func (m *Machine) grow(o *Object, elems []Elem) {
	m.change(o)
	if len(elems) > maxElems {
		elems = elems[:maxElems:maxElems]
		elems[maxElems-1] = Elem{Value: m.overBudget(boundElems), Each: "..."}
	}
	o.Elems = elems
}

// add puts elements at the end of a list.
func (m *Machine) add(o *Object, added ...Elem) {
	m.change(o)
	n := len(o.Elems)
	if n+len(added) > maxElems {
		m.grow(o, append(o.Elems[:n:n], added...))
		return
	}
	// Whoever else holds the elements does not see what comes after them, and only the list itself adds to them.
	if o.room == nil || len(*o.room) != n || n > 0 && &(*o.room)[0] != &o.Elems[0] || cap(*o.room) < n+len(added) {
		room := make([]Elem, n, max(2*n, n+len(added)))
		copy(room, o.Elems)
		o.room = &room
	}
	*o.room = append(*o.room, added...)
	o.Elems = slices.Clip(*o.room)
}

func arrayPush(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.steps += len(o.Elems) / copiedInAStep // another branch may hold the list as it was, so that it is copied
	m.add(o, elemsOf(args)...)
	return newLength(o)
}

// copiedInAStep is how many elements are copied at the cost of a step.
const copiedInAStep = 32

func arrayUnshift(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.grow(o, append(elemsOf(args), o.Elems...))
	return newLength(o)
}

// newLength is what push and unshift return. Programs hardly read it, so it is not worked out where it is open.
func newLength(o *Object) Value {
	if !isCertain(o.Elems) || hasMore(o) {
		return &Unknown{Key: "length", Expr: "length", Why: "length of a list that depends on conditions"}
	}
	return Number(len(o.Elems))
}

func arrayPop(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	if hasMore(o) {
		return m.uncertain(o, "pop", nil)
	}
	if len(o.Elems) == 0 {
		return Undefined
	}
	m.change(o)
	last := o.Elems[len(o.Elems)-1]
	o.Elems = o.Elems[: len(o.Elems)-1 : len(o.Elems)-1]
	return m.present(last)
}

// present is an element's value, undefined where it isn't there.
func (m *Machine) present(e Elem) Value {
	if e.When != nil {
		return m.choose(e.When, e.Value, Undefined)
	}
	return e.Value
}

func arrayShift(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	if len(o.Elems) == 0 {
		if hasMore(o) {
			return m.uncertain(o, "shift", nil)
		}
		return Undefined
	}
	m.change(o)
	first := o.Elems[0]
	o.Elems = o.Elems[1:]
	return m.present(first)
}

func arrayConcat(m *Machine, this Value, args []Value) Value {
	out := m.copyArray(this)
	elems := out.Elems
	for _, a := range args {
		switch v := m.settled(a).(type) {
		case *Object:
			if list := m.spreadable(v); list != nil {
				elems = append(elems, list.Elems...)
				out.open = append(out.open[:len(out.open):len(out.open)], list.open...)
				continue
			}
			elems = append(elems, Elem{Value: v})
		case *Choice, *Unknown:
			elems = append(elems, m.spread(v)...)
		default:
			elems = append(elems, Elem{Value: v})
		}
	}
	m.grow(out, elems)
	return out
}

// spreadable is what concat takes the elements of: an array, or what says that it is one.
func (m *Machine) spreadable(o *Object) *Object {
	p := m.find(o, symbolSpreadable)
	switch {
	case p == nil && o.Kind == KindArray:
		return o
	case p == nil || Truth(m.read(p, o)).isFalse():
		return nil
	case o.Kind == KindArray:
		return o
	}
	return m.arrayLike(o)
}

func arraySlice(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	n := len(o.Elems)
	from := clampIndex(integer(args, 0, 0), n)
	to := max(from, clampIndex(integer(args, 1, n), n))
	fromEnd := integer(args, 0, 0) < 0 || integer(args, 1, 0) < 0
	switch {
	case from == 0 && to == n && argument(args, 1) == Undefined:
	case fromEnd && (hasMore(o) || !isCertain(o.Elems[from:])):
		return m.uncertain(o, "slice", args)
	case !fromEnd && !isCertain(o.Elems[:from]), !fromEnd && argument(args, 1) != Undefined && !isCertain(o.Elems[:to]):
		return m.uncertain(o, "slice", args)
	}
	return m.slice(o, from, to)
}

// slice is a part of an array. What may follow an array's elements may follow those of the part.
func (m *Machine) slice(o *Object, from, to int) *Object {
	part := m.newArray(append([]Elem(nil), o.Elems[from:to]...))
	if to == len(o.Elems) {
		part.open = o.open
	}
	return part
}

func arraySplice(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	n := len(o.Elems)
	from := clampIndex(integer(args, 0, 0), n)
	count := n - from
	switch {
	case len(args) == 0:
		count = 0
	case len(args) > 1:
		count = max(0, min(integer(args, 1, 0), n-from))
	}
	if !isCertain(o.Elems[:from+count]) || integer(args, 0, 0) < 0 && (hasMore(o) || !isCertain(o.Elems)) {
		if from+count > 0 && (from > 0 || count < n) {
			u := m.uncertain(o, "splice", args).(*Unknown)
			m.change(o)
			o.Elems = []Elem{{Value: m.item(u), Each: u.Expr}}
			return u
		}
	}
	removed := m.newArray(append([]Elem(nil), o.Elems[from:from+count]...))
	var added []Elem
	if len(args) > 2 {
		added = elemsOf(args[2:])
	}
	m.grow(o, append(append(append([]Elem(nil), o.Elems[:from]...), added...), o.Elems[from+count:]...))
	return removed
}

func arrayFill(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	if !isCertain(o.Elems) && len(args) > 1 {
		return m.uncertain(o, "fill", args)
	}
	m.change(o)
	elems := append([]Elem(nil), o.Elems...)
	n := len(elems)
	for i := clampIndex(integer(args, 1, 0), n); i < clampIndex(integer(args, 2, n), n); i++ {
		elems[i] = Elem{Value: argument(args, 0), When: elems[i].When, Each: elems[i].Each}
	}
	o.Elems = elems
	return o
}

func arrayCopyWithin(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	if !isCertain(o.Elems) || hasMore(o) {
		return m.uncertain(o, "copyWithin", args)
	}
	n := len(o.Elems)
	to, from, end := clampIndex(integer(args, 0, 0), n), clampIndex(integer(args, 1, 0), n), clampIndex(integer(args, 2, n), n)
	m.change(o)
	elems := slices.Clone(o.Elems)
	copy(elems[to:], o.Elems[from:max(from, end)])
	o.Elems = elems
	return o
}

func arrayWith(m *Machine, this Value, args []Value) Value {
	out := m.copyArray(this)
	i := integer(args, 0, 0)
	if !isCertain(out.Elems) || i < 0 && hasMore(out) {
		return m.uncertain(out, "with", args)
	}
	if i < 0 {
		i += len(out.Elems)
	}
	if i < 0 || i >= len(out.Elems) {
		return m.raise("RangeError", "Invalid index : "+primitiveString(argument(args, 0)))
	}
	for j := range out.Elems {
		out.Elems[j].Hole = false
	}
	out.Elems[i] = Elem{Value: argument(args, 1)}
	return out
}

func arrayAt(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	i := integer(args, 0, 0)
	if i >= 0 {
		return m.property(o, o, ecma.FormatIndex(i))
	}
	if n := len(o.Elems); hasMore(o) || !isCertain(o.Elems[max(0, n+i):]) {
		return m.uncertain(o, "at", args)
	} else if n+i >= 0 {
		return o.Elems[n+i].Value
	}
	if !isCertain(o.Elems) {
		return m.uncertain(o, "at", args)
	}
	return Undefined
}

func arrayEntries(m *Machine, o *Object) *Object {
	out := m.newArray(nil)
	for i, e := range o.Elems {
		var index Value = Number(i)
		if !isCertain(o.Elems[:i]) || e.Each != "" {
			index = m.unknown("index in an unknown list", "index")
		}
		out.Elems = append(out.Elems, Elem{Value: m.NewArray(index, e.Value), When: e.When, Each: e.Each})
	}
	return out
}

func arrayKeys(m *Machine, o *Object) *Object {
	out := m.newArray(nil)
	for i, e := range o.Elems {
		var index Value = Number(i)
		if !isCertain(o.Elems[:i]) || e.Each != "" {
			index = m.unknown("index in an unknown list", "index")
		}
		out.Elems = append(out.Elems, Elem{Value: index, When: e.When, Each: e.Each})
	}
	return out
}
