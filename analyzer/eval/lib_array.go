package eval

import (
	"sort"
	"strings"
)

var arrayMethods map[string]Native

func init() {
	arrayMethods = map[string]Native{
		"push":           arrayPush,
		"unshift":        arrayUnshift,
		"pop":            arrayPop,
		"shift":          arrayShift,
		"concat":         arrayConcat,
		"slice":          arraySlice,
		"splice":         arraySplice,
		"map":            arrayMap,
		"flatMap":        arrayFlatMap,
		"flat":           arrayFlat,
		"filter":         arrayFilter,
		"forEach":        arrayForEach,
		"join":           func(m *Machine, this Value, args []Value) Value { return m.joinWith(this, args) },
		"toString":       func(m *Machine, this Value, _ []Value) Value { return m.join(this.(*Object), ",") },
		"includes":       arrayIncludes,
		"indexOf":        arrayIndexOf,
		"find":           arrayFind,
		"findLast":       arrayFindLast,
		"findIndex":      arrayFindIndex,
		"some":           arraySome,
		"every":          arrayEvery,
		"reduce":         arrayReduce,
		"reduceRight":    arrayReduceRight,
		"reverse":        arrayReverse,
		"toReversed":     func(m *Machine, this Value, args []Value) Value { return arrayReverse(m, m.copyArray(this), args) },
		"sort":           arraySort,
		"toSorted":       func(m *Machine, this Value, args []Value) Value { return arraySort(m, m.copyArray(this), args) },
		"fill":           arrayFill,
		"at":             arrayAt,
		"entries":        iteratorOf(arrayEntries),
		"keys":           iteratorOf(arrayKeys),
		"values":         iteratorOf(elements),
		symbolIterator:   iteratorOf(elements),
		"next":           iteratorNext,
		"lastIndexOf":    arrayIndexOf,
		"copyWithin":     func(_ *Machine, this Value, _ []Value) Value { return this },
		"toLocaleString": func(m *Machine, this Value, _ []Value) Value { return m.join(this.(*Object), ",") },
	}
	onObjects(arrayMethods)
}

// onObjects guards methods that take this for an object: they may be called with anything as this.
func onObjects(methods map[string]Native) {
	for name, f := range methods {
		methods[name] = func(m *Machine, this Value, args []Value) Value {
			return m.lift(this, func(this Value) Value {
				if _, ok := this.(*Object); !ok {
					return m.unknown("a method called on something else", m.Describe(this)+"."+name+"(...)")
				}
				return f(m, this, args)
			})
		}
	}
}

func (m *Machine) copyArray(v Value) *Object {
	return m.newArray(append([]Elem(nil), v.(*Object).Elems...))
}

func elemsOf(args []Value) []Elem {
	out := make([]Elem, len(args))
	for i, a := range args {
		out[i] = elemOf(a)
	}
	return out
}

func arrayPush(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.change(o)
	m.steps += len(o.Elems) / copiedInAStep // another branch may hold the list as it was, so that it is copied
	o.Elems = append(o.Elems[:len(o.Elems):len(o.Elems)], elemsOf(args)...)
	return newLength(o)
}

// copiedInAStep is how many elements are copied at the cost of a step.
const copiedInAStep = 32

func arrayUnshift(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.change(o)
	o.Elems = append(elemsOf(args), o.Elems...)
	return newLength(o)
}

// newLength is what push and unshift return. Programs hardly read it, so it is not worked out where it is open.
func newLength(o *Object) Value {
	for _, e := range o.Elems {
		if e.When != nil || e.Each != "" {
			return &Unknown{Key: "length", Expr: "length", Why: "length of a list that hangs on conditions"}
		}
	}
	return Number(len(o.Elems))
}

func arrayPop(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
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
		return Undefined
	}
	m.change(o)
	first := o.Elems[0]
	o.Elems = o.Elems[1:]
	return m.present(first)
}

func arrayConcat(m *Machine, this Value, args []Value) Value {
	out := m.copyArray(this)
	for _, a := range args {
		switch v := m.settled(a).(type) {
		case *Object:
			if v.Kind == KindArray {
				out.Elems = append(out.Elems, v.Elems...)
				continue
			}
			out.Elems = append(out.Elems, Elem{Value: v})
		case *Choice, *Unknown:
			out.Elems = append(out.Elems, m.spread(v)...)
		default:
			out.Elems = append(out.Elems, Elem{Value: v})
		}
	}
	return out
}

func arraySlice(m *Machine, this Value, args []Value) Value {
	elems := this.(*Object).Elems
	n := len(elems)
	from := clampIndex(integer(args, 0, 0), n)
	to := max(from, clampIndex(integer(args, 1, n), n))
	return m.slice(this.(*Object), from, to)
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
	count := max(0, min(integer(args, 1, n-from), n-from))
	removed := m.newArray(append([]Elem(nil), o.Elems[from:from+count]...))
	m.change(o)
	var added []Elem
	if len(args) > 2 {
		added = elemsOf(args[2:])
	}
	o.Elems = append(append(append([]Elem(nil), o.Elems[:from]...), added...), o.Elems[from+count:]...)
	return removed
}

func (m *Machine) joinWith(this Value, args []Value) Value {
	sep := ","
	if len(args) > 0 && args[0] != Undefined {
		s, ok := m.settled(args[0]).(String)
		if !ok {
			return m.lift(args[0], func(v Value) Value {
				if s, ok := v.(String); ok {
					return m.join(this.(*Object), string(s))
				}
				return m.unknown("joined with an unknown separator", "join")
			})
		}
		sep = string(s)
	}
	return m.join(this.(*Object), sep)
}

// join is the text of an array's elements with sep between. An element that hangs on a condition takes a
// separator with it; which one depends on whether anything stands before it for certain.
func (m *Machine) join(o *Object, sep string) Value {
	var parts []Part
	var before *Cond = never // something stands before
	for _, e := range o.Elems {
		if m.spent() {
			break
		}
		value := m.joined(e.Value)
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

func arrayIncludes(m *Machine, this Value, args []Value) Value {
	return m.lift(argument(args, 0), func(want Value) Value {
		in := never
		for _, e := range this.(*Object).Elems {
			in = or(in, and(orTrue(e.When), Truth(m.binaryOp("===", e.Value, want))))
			if in.isTrue() {
				break
			}
		}
		return m.readable(or(in, m.mayHold(this.(*Object), want)), this, want)
	})
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

func arrayIndexOf(m *Machine, this Value, args []Value) Value {
	for i, e := range this.(*Object).Elems {
		switch v := m.binaryOp("===", e.Value, argument(args, 0)).(type) {
		case Bool:
			if v && e.When == nil {
				return Number(i)
			}
		default:
			return m.unknown("position of something unknown", "indexOf")
		}
	}
	held := m.mayHold(this.(*Object), argument(args, 0))
	return m.choose(held, m.unknown("position in a list that is not known whole", "indexOf"), Number(-1))
}

func arrayReverse(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	m.change(o)
	n := len(o.Elems)
	elems := make([]Elem, n)
	for i, e := range o.Elems {
		elems[n-1-i] = e
	}
	o.Elems = elems
	return o
}

// arraySort sorts the elements that can be compared, and puts those of which nothing is known behind them.
func arraySort(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.change(o)
	compare := argument(args, 0)
	less := func(a, b Elem) (is, ok bool) {
		if IsFunction(compare) {
			n, ok := Default(m.Call(compare, Undefined, []Value{a.Value, b.Value})).(Number)
			return n < 0, ok
		}
		x, ok1 := m.toString(a.Value).(String)
		y, ok2 := m.toString(b.Value).(String)
		return x < y, ok1 && ok2
	}
	var known, open []Elem
	for _, e := range o.Elems {
		if _, ok := less(e, e); ok {
			known = append(known, e)
		} else {
			open = append(open, e)
		}
	}
	sort.SliceStable(known, func(i, j int) bool {
		is, _ := less(known[i], known[j])
		return is
	})
	o.Elems = append(known, open...)
	return o
}

func arrayFill(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.change(o)
	elems := append([]Elem(nil), o.Elems...)
	n := len(elems)
	for i := clampIndex(integer(args, 1, 0), n); i < clampIndex(integer(args, 2, n), n); i++ {
		elems[i] = Elem{Value: argument(args, 0)}
	}
	o.Elems = elems
	return o
}

func arrayAt(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	i := integer(args, 0, 0)
	if i < 0 {
		i += len(o.Elems)
	}
	if i < 0 || i >= len(o.Elems) {
		return Undefined
	}
	return m.present(o.Elems[i])
}

func arrayEntries(m *Machine, o *Object) *Object {
	out := m.newArray(nil)
	for i, e := range o.Elems {
		out.Elems = append(out.Elems, Elem{m.NewArray(Number(i), e.Value), e.When, e.Each})
	}
	return out
}

func arrayKeys(m *Machine, o *Object) *Object {
	out := m.newArray(nil)
	for i := range o.Elems {
		out.Elems = append(out.Elems, Elem{Value: Number(i)})
	}
	return out
}

func newArrayOf(m *Machine, _ Value, args []Value) Value {
	if n, ok := argument(args, 0).(Number); ok && len(args) == 1 {
		out := m.newArray(nil)
		for range max(0, min(int(n), maxLoop)) {
			out.Elems = append(out.Elems, Elem{Value: Undefined})
		}
		return out
	}
	return m.NewArray(args...)
}

var arrayStatics map[string]Native

func init() {
	arrayStatics = map[string]Native{
		"isArray": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(v Value) Value {
				if u, ok := v.(*Unknown); ok {
					return m.callUnknown(m.unknown(u.Why, "Array.isArray"), []Value{u})
				}
				return Bool(IsArray(v))
			})
		},
		"of": func(m *Machine, _ Value, args []Value) Value { return m.NewArray(args...) },
		"from": func(m *Machine, _ Value, args []Value) Value {
			source := argument(args, 0)
			if o, ok := source.(*Object); ok && o.Kind == KindObject && o.own("length") != nil {
				return m.fromLength(o, args)
			}
			out := m.newArray(append([]Elem(nil), m.spread(source)...))
			if len(args) > 1 {
				return arrayMap(m, out, args[1:])
			}
			return out
		},
	}
	arrayStatics["fromAsync"] = arrayStatics["from"]
}

func (m *Machine) fromLength(o *Object, args []Value) Value {
	n, _ := m.get(o, "length", true).(Number)
	out := m.newArray(nil)
	for i := range max(0, min(int(n), maxLoop)) {
		out.Elems = append(out.Elems, Elem{Value: m.get(o, primitiveString(Number(i)), true)})
	}
	if len(args) > 1 {
		return arrayMap(m, out, args[1:])
	}
	return out
}
