package eval

import (
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/bundlens/bundlens/ecma"
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

func (m *Machine) joinWith(this Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if v == Undefined {
			return m.join(this.(*Object), ",")
		}
		s, ok := m.toString(v).(String)
		if !ok {
			return m.resultOf(m.unknown("joined with an unknown separator", "join"), []Value{this, v})
		}
		return m.join(this.(*Object), string(s))
	})
}

// join is the text of an array's elements with sep between. An element that depends on a condition takes a
// separator with it; which one depends on whether anything stands before it for certain.
func (m *Machine) join(o *Object, sep string) Value {
	if m.joining[o] {
		return String("") // an array that holds itself
	}
	m.joining[o] = true
	defer delete(m.joining, o)
	var parts []Part
	var before *Cond = never // something stands before
	size := 0
	for _, e := range o.Elems {
		if m.spent() {
			return makeText(append(parts, Part{Hole: outOfBudget}))
		}
		value := m.joined(e.Value)
		for _, p := range value {
			size += len(p.Lit)
		}
		if size += len(sep); size > maxString {
			return m.overBudget(boundText)
		}
		if e.Each != "" {
			value = []Part{{Each: &PartEach{Over: e.Each, Sep: sep, Parts: value}}}
		}
		piece := append(separator(before, sep), value...)
		// what hangs on one of many that are not known is told of each
		if e.When != nil && (e.Each == "" || e.When.Decided()) {
			if v, known := m.decide(e.When); known {
				if v {
					parts = append(parts, piece...)
					before = always
				}
				continue
			}
			parts = append(parts, Part{Choice: &PartChoice{Cond: e.When, Then: piece}})
			before = or(before, e.When)
			continue
		}
		parts = append(parts, piece...)
		before = always
	}
	if hasMore(o) {
		rest := []Part{{Hole: m.item(o.open[0])}}
		parts = append(append(parts, separator(before, sep)...), Part{Each: &PartEach{Over: o.open[0].Expr, Sep: sep, Parts: rest}})
	}
	return makeText(parts)
}

func separator(before *Cond, sep string) []Part {
	switch {
	case before.isFalse() || sep == "":
		return nil
	case before.isTrue():
		return []Part{{Lit: sep}}
	}
	return []Part{{Choice: &PartChoice{Cond: before, Then: []Part{{Lit: sep}}}}}
}

// joined is an element as join writes it: null and undefined are empty.
func (m *Machine) joined(v Value) []Part {
	switch v := m.settled(v).(type) {
	case undefined, null:
		return nil
	case *Choice:
		return []Part{{Choice: &PartChoice{v.Cond, m.joined(v.Then), m.joined(v.Else)}}}
	default:
		return m.parts(v)
	}
}

// arrayToLocaleString is toString for elements that are written alike everywhere.
func arrayToLocaleString(m *Machine, this Value, _ []Value) Value {
	for _, e := range this.(*Object).Elems {
		switch v := e.Value.(type) {
		case String, undefined, null, Bool:
		case Number:
			if math.Abs(float64(v)) >= 1000 || v != Number(math.Trunc(float64(v))) {
				return m.unknown("numbers as a locale writes them", "toLocaleString")
			}
		default:
			return m.unknown("elements as a locale writes them", "toLocaleString")
		}
	}
	return m.join(this.(*Object), ",")
}

func arrayIncludes(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	elems := o.Elems
	if from := integer(args, 1, 0); from != 0 {
		if !isCertain(elems) || len(o.open) > 0 && from < 0 {
			return m.uncertain(o, "includes", args)
		}
		elems = elems[clampIndex(from, len(elems)):]
	}
	return m.lift(argument(args, 0), func(want Value) Value {
		in := never
		for _, e := range elems {
			in = or(in, and(orTrue(e.When), m.sameKey(e.Value, want)))
			if in.isTrue() {
				break
			}
		}
		return m.readable(or(in, m.mayHold(o, want)), this, want)
	})
}

// sameKey is the condition that two values are one key of a collection.
func (m *Machine) sameKey(a, b Value) *Cond {
	if n, ok := a.(Number); ok && n != n {
		return Truth(m.lift(b, func(b Value) Value {
			if isUnknown(b) {
				return m.binaryOp("===", a, b)
			}
			return Bool(sameZero(a, b))
		}))
	}
	return Truth(m.binaryOp("===", a, b))
}

// mayHold is the condition that a value is among what may follow an array's elements: it is not taken for granted.
func (m *Machine) mayHold(o *Object, want Value) *Cond {
	if len(o.open) == 0 {
		return never
	}
	of := o.open[0]
	u := &Unknown{Key: of.Key + ".includes", Expr: of.Expr + ".includes", Why: of.Why}
	u = m.callUnknown(u, []Value{want})
	u.Default = Bool(false)
	return atomOf(u)
}

// readable gives a test of something unknown against a list one name instead of a long disjunction.
func (m *Machine) readable(c *Cond, list, want Value) Value {
	u, ok := want.(*Unknown)
	if !ok || c.isTrue() || c.isFalse() {
		return truthValue(c)
	}
	var names []string
	for _, e := range list.(*Object).Elems {
		names = append(names, m.Describe(e.Value))
	}
	expr := "[" + strings.Join(names, ", ") + "].includes(" + u.Expr + ")"
	r := (&Unknown{Key: expr + u.Key, Expr: shorten(expr), Why: u.Why}).madeOf(u)
	if u.Default != nil {
		r.Default = Bool(c.Default())
	}
	return r
}

// search looks for a value from one position to another, step by step.
func (m *Machine) position(o *Object, want Value, from, to, step int) Value {
	if !isCertain(o.Elems) {
		if from != 0 || step < 0 {
			return m.uncertain(o, "indexOf", []Value{want})
		}
	}
	for i := from; i != to; i += step {
		e := o.Elems[i]
		if e.Hole {
			continue
		}
		switch v := m.binaryOp("===", e.Value, want).(type) {
		case Bool:
			if !bool(v) {
				continue
			}
			if !isCertain(o.Elems[:i+1]) {
				return m.uncertain(o, "indexOf", []Value{want})
			}
			return Number(i)
		default:
			return m.resultOf(m.unknown("position of something unknown", "indexOf"), []Value{o, want})
		}
	}
	held := m.mayHold(o, want)
	return m.choose(held, m.unknown("position in a list that is not known whole", "indexOf"), Number(-1))
}

func arrayIndexOf(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(want Value) Value {
		return m.position(o, want, clampIndex(integer(args, 1, 0), len(o.Elems)), len(o.Elems), 1)
	})
}

func arrayLastIndexOf(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	n := len(o.Elems)
	from := n - 1
	if len(args) > 1 {
		if from = ecma.ToInteger(toNumber(args[1])); from < 0 {
			from += n
		}
		from = min(from, n-1)
	}
	return m.lift(argument(args, 0), func(want Value) Value {
		if from < 0 {
			return Number(-1)
		}
		return m.position(o, want, from, -1, -1)
	})
}

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
	case BigInt:
		m.number(v) // which throws
	}
	return false, false
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

func newArrayOf(m *Machine, _ Value, args []Value) Value {
	if len(args) != 1 {
		return m.newArray(elemsOf(args))
	}
	return m.lift(args[0], func(v Value) Value {
		switch n := v.(type) {
		case Number:
			switch size := float64(n); {
			case size != float64(uint32(size)):
				return m.raise("RangeError", "Invalid array length")
			case size > maxElems:
				return m.overBudget(boundElems)
			}
			return m.newArray(holes(int(n)))
		case *Unknown:
			return m.resultOf(m.unknown("a list of unknown length", "Array"), args)
		}
		return m.NewArray(v)
	})
}

func holes(n int) []Elem {
	out := make([]Elem, n)
	for i := range out {
		out[i] = Elem{Value: Undefined, Hole: true}
	}
	return out
}

var arrayStatics map[string]Native

func init() {
	arrayStatics = map[string]Native{
		"isArray": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(v Value) Value {
				if u, ok := v.(*Unknown); ok {
					return m.callUnknown(m.unknown(u.Why, "Array.isArray"), []Value{u})
				}
				o, ok := v.(*Object)
				for ok && o.proxy != nil {
					o = o.proxy.target
				}
				if ok && o.Kind == KindHost {
					return m.unknown("whether a host object is an array", "Array.isArray")
				}
				return Bool(ok && o.Kind == KindArray)
			})
		},
		"of":        func(m *Machine, this Value, args []Value) Value { return m.ofClass(this, m.newArray(elemsOf(args))) },
		"from":      arrayFrom,
		"fromAsync": arrayFrom,
	}
}

// ofClass makes a list one of a class of the program that inherits from Array.
func (m *Machine) ofClass(class Value, list *Object) Value {
	c, ok := class.(*Object)
	if !ok || c.Func == nil || c.Func.Native != nil || c == m.library["Array"] {
		return list
	}
	if p := c.own("prototype"); p != nil && c.Func.class != nil {
		list.Proto, _ = p.Value.(*Object)
	}
	return list
}

func arrayFrom(m *Machine, this Value, args []Value) Value {
	return m.lift(argument(args, 0), func(source Value) Value {
		if isAbsent(source) {
			return m.raise("TypeError", primitiveString(source)+" is not iterable")
		}
		list := m.newArray(nil)
		if o, ok := source.(*Object); ok && !m.isIterable(o) && o.Kind != KindHost {
			like := m.arrayLike(o)
			if like == nil {
				return m.resultOf(m.unknown("a list of unknown length", "Array.from"), args)
			}
			for i := range like.Elems {
				like.Elems[i].Hole = false
			}
			list = like
		} else {
			m.grow(list, append([]Elem(nil), m.iterated(source)...))
		}
		if f := argument(args, 1); f != Undefined {
			mapped, ok := m.mapped(list, f, argument(args, 2)).(*Object)
			if !ok {
				return m.resultOf(m.unknown("a list of unknown length", "Array.from"), args)
			}
			list = mapped
		}
		return m.ofClass(this, list)
	})
}
