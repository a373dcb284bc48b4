package eval

// The methods of arrays that call a function for each element. An element that is there under a condition is visited under
// it. What the function adds to the array is not visited, and what it takes out is not either.

// visited is the number of an element, unknown where those before it may not be there.
func (m *Machine) visited(o *Object, i int) Value {
	if !isCertain(o.Elems[:min(i, len(o.Elems))]) {
		return m.unknown("index in a list that depends on conditions", "index")
	}
	return Number(i)
}

// callback calls a function with an element, its index and the array, under the condition that the element is there.
func (m *Machine) callback(f, this Value, e Elem, i int, array *Object) Value {
	run := func() Value { return m.Call(f, this, []Value{e.Value, m.visited(array, i), array}) }
	cond := m.presence(e)
	if cond.isTrue() {
		return run()
	}
	return m.fork(cond, run, func() Value { return Undefined })
}

// eachElem calls visit for the elements of an array, from the first to the last, until it returns false. Elements that have
// gone by then are left out, as holes are where skip says so. It is false where the budget ended before.
func (m *Machine) eachElem(o *Object, skip bool, visit func(i int, e Elem) bool) (whole bool) {
	before := o.Elems
	for i := range before {
		if m.spent() {
			return false
		}
		e := before[i]
		if isCertain(before[i : i+1]) {
			switch {
			case i < len(o.Elems):
				e = o.Elems[i]
			case skip:
				return true
			default:
				e = Elem{Value: Undefined}
			}
		}
		if e.Hole && skip {
			continue
		}
		if !visit(i, e) {
			break
		}
	}
	return true
}

// withCallback wraps a method whose first argument has to be a function.
func withCallback(name string, f func(m *Machine, o *Object, callback, this Value) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		callback := argument(args, 0)
		if isNoFunction(callback) {
			return m.raise("TypeError", m.Describe(callback)+" is not a function")
		}
		o := this.(*Object)
		if hasMore(o) && changesByRest[name] {
			// the elements that are not known would be visited too
			return m.resultOf(m.unknown("a list that is not known whole", "Array."+name), append([]Value{this}, args...))
		}
		return f(m, o, callback, argument(args, 1))
	}
}

// changesByRest are the methods whose answer may be another for the elements that are not known.
var changesByRest = map[string]bool{"every": true, "findLast": true, "findLastIndex": true}

func mapElems(m *Machine, o *Object, f, this Value) Value { return m.mapped(o, f, this) }

// mapped is the list of what f gives for each element.
func (m *Machine) mapped(o *Object, f, this Value) Value {
	out := m.newArray(nil)
	whole := m.eachElem(o, false, func(i int, e Elem) bool {
		if e.Hole {
			out.Elems = append(out.Elems, e)
			return true
		}
		v := Value(nil)
		run := func() Value { return m.Call(f, this, []Value{e.Value, m.visited(o, i), o}) }
		if cond := m.presence(e); cond.isTrue() {
			v = run()
		} else {
			v = m.perhaps(cond, run)
		}
		if v != nil {
			out.Elems = append(out.Elems, Elem{Value: v, When: e.When, Each: e.Each})
		}
		return true
	})
	m.rest(out, o, whole, f)
	out.Proto = o.Proto
	return out
}

// rest adds to a list what stands for what is not known of the one that it was made of.
func (m *Machine) rest(out, of *Object, whole bool, f Value) {
	if !whole {
		out.Elems = append(out.Elems, Elem{Value: outOfBudget, Each: "..."})
	}
	for _, u := range of.open {
		out.open = append(out.open, m.resultOf(u, []Value{f}))
	}
}

func flatMapElems(m *Machine, o *Object, f, this Value) Value {
	return m.flatten(m.mapped(o, f, this).(*Object), 1)
}

func arrayFlat(m *Machine, this Value, args []Value) Value {
	return m.flatten(this.(*Object), integer(args, 0, 1))
}

// maxFlat bounds how deep lists in lists are looked into.
const maxFlat = 64

func (m *Machine) flatten(o *Object, depth int) *Object {
	out := m.newArray(nil)
	out.open = o.open
	for _, e := range o.Elems {
		if m.spent() {
			out.Elems = append(out.Elems, Elem{Value: outOfBudget, Each: "..."})
			break
		}
		if !e.Hole {
			out.Elems = append(out.Elems, m.flattenElem(e.Value, e, min(depth, maxFlat))...)
		}
	}
	return out
}

func (m *Machine) flattenElem(v Value, e Elem, depth int) []Elem {
	if depth <= 0 {
		return []Elem{e}
	}
	switch v := m.settled(v).(type) {
	case *Object:
		if v.Kind != KindArray {
			break
		}
		var out []Elem
		for _, inner := range m.flatten(v, depth-1).Elems {
			over := e.Each
			if inner.Each != "" {
				over = inner.Each
			}
			out = append(out, Elem{Value: inner.Value, When: whenOf(and(orTrue(e.When), orTrue(inner.When))), Each: over})
		}
		for _, u := range v.open {
			out = append(out, Elem{Value: m.item(u), When: e.When, Each: u.Expr})
		}
		return out
	case *Choice:
		a := m.flattenElem(v.Then, Elem{Value: v.Then, When: whenOf(and(orTrue(e.When), v.Cond)), Each: e.Each}, depth)
		return append(a, m.flattenElem(v.Else, Elem{Value: v.Else, When: whenOf(and(orTrue(e.When), not(v.Cond))), Each: e.Each}, depth)...)
	}
	return []Elem{{Value: v, When: e.When, Each: e.Each}}
}

// filterElems keeps an element under the condition that its test gives.
func filterElems(m *Machine, o *Object, f, this Value) Value {
	out := m.newArray(nil)
	whole := m.eachElem(o, true, func(i int, e Elem) bool {
		out.Elems = append(out.Elems, m.filterElem(f, this, e, i, o)...)
		return true
	})
	m.rest(out, o, whole, f)
	return out
}

func (m *Machine) filterElem(f, this Value, e Elem, i int, array *Object) []Elem {
	if c, ok := m.settled(e.Value).(*Choice); ok {
		// each alternative is tested by itself, so that `cond ? text : null` keeps just the text
		then := m.filterElem(f, this, Elem{Value: c.Then, When: whenOf(and(orTrue(e.When), c.Cond)), Each: e.Each}, i, array)
		return append(then, m.filterElem(f, this, Elem{Value: c.Else, When: whenOf(and(orTrue(e.When), not(c.Cond))), Each: e.Each}, i, array)...)
	}
	run := func() Value { return m.Call(f, this, []Value{e.Value, m.visited(array, i), array}) }
	var keep *Cond
	if e.When == nil && e.Each == "" {
		keep = Truth(run())
	} else {
		v := m.perhaps(m.presence(e), run)
		if v == nil {
			return nil
		}
		keep = Truth(v)
	}
	if v, known := m.decide(keep); known {
		keep = constant(v)
	}
	cond := and(orTrue(e.When), keep)
	if cond.isFalse() {
		return nil
	}
	return []Elem{{Value: e.Value, When: whenOf(cond), Each: e.Each}}
}

func visitElems(m *Machine, o *Object, f, this Value) Value {
	whole := m.eachElem(o, true, func(i int, e Elem) bool {
		m.callback(f, this, e, i, o)
		return true
	})
	if !whole {
		return outOfBudget
	}
	return Undefined
}

// test is the condition that f holds for an element.
func (m *Machine) test(f, this Value, e Elem, i int, array *Object) *Cond {
	return and(orTrue(e.When), Truth(m.callback(f, this, e, i, array)))
}

func someElem(m *Machine, o *Object, f, this Value) Value {
	some := never
	whole := m.eachElem(o, true, func(i int, e Elem) bool {
		some = or(some, m.test(f, this, e, i, o))
		return !some.isTrue()
	})
	if !whole {
		some = or(some, Truth(outOfBudget))
	}
	if len(o.open) > 0 {
		some = or(some, Truth(m.restTest(o, f)))
	}
	return truthValue(some)
}

// restTest is whether a test holds for one of what is not known of a list: it is not taken for granted.
func (m *Machine) restTest(o *Object, f Value) Value {
	u := m.resultOf(o.open[0], []Value{f})
	u.Default = Bool(false)
	return u
}

func everyElem(m *Machine, o *Object, f, this Value) Value {
	every := always
	whole := m.eachElem(o, true, func(i int, e Elem) bool {
		every = and(every, or(not(orTrue(e.When)), m.test(f, this, e, i, o)))
		return !every.isFalse()
	})
	if !whole {
		every = and(every, Truth(outOfBudget))
	}
	return truthValue(every)
}

func foundValue(m *Machine, o *Object, i int, e Elem) (v, none Value) { return e.Value, Undefined }

func foundIndex(m *Machine, o *Object, i int, _ Elem) (v, none Value) {
	return m.visited(o, i), Number(-1)
}

// finder looks for the first element, or the last one, for which a test holds: a chain of choices where that is open.
func finder(last bool, give func(*Machine, *Object, int, Elem) (v, none Value)) func(*Machine, *Object, Value, Value) Value {
	return func(m *Machine, o *Object, f, this Value) Value {
		type candidate struct {
			cond  *Cond
			value Value
		}
		var found []candidate
		_, v := give(m, o, 0, Elem{Value: Undefined})
		subject := o
		if last {
			subject = arrayReverse(m, m.copyArray(o), nil).(*Object)
		}
		whole := m.eachElem(subject, false, func(i int, e Elem) bool {
			at := i
			if last {
				at = len(subject.Elems) - 1 - i
			}
			cond := m.test(f, this, e, at, o)
			if v, known := m.decide(cond); known {
				cond = constant(v)
			}
			if cond.isFalse() {
				return true
			}
			value, _ := give(m, o, at, e)
			found = append(found, candidate{cond, value})
			return !cond.isTrue()
		})
		switch {
		case !whole:
			v = outOfBudget
		case len(o.open) > 0:
			v = m.choose(Truth(m.restTest(o, f)), m.item(o.open[0]), v)
		}
		for i := len(found) - 1; i >= 0; i-- {
			v = m.choose(found[i].cond, found[i].value, v)
		}
		return v
	}
}

func arrayReduce(m *Machine, this Value, args []Value) Value {
	return m.reduce(this.(*Object), args, false)
}

func arrayReduceRight(m *Machine, this Value, args []Value) Value {
	return m.reduce(this.(*Object), args, true)
}

func (m *Machine) reduce(o *Object, args []Value, right bool) Value {
	if isNoFunction(argument(args, 0)) {
		return m.raise("TypeError", m.Describe(argument(args, 0))+" is not a function")
	}
	if hasMore(o) {
		return m.resultOf(m.unknown("a list that is not known whole", "reduce"), append([]Value{o}, args...))
	}
	var acc Value
	if len(args) > 1 {
		acc = args[1]
	}
	elems := o.Elems
	for k := range elems {
		if m.spent() {
			return outOfBudget
		}
		i := k
		if right {
			i = len(elems) - 1 - k
		}
		e := elems[i]
		if e.Hole || i >= len(o.Elems) {
			continue
		}
		if acc == nil {
			if acc = e.Value; e.When != nil || e.Each != "" {
				return m.uncertain(o, "reduce", args)
			}
			continue
		}
		before := acc
		step := func() Value {
			return m.Call(argument(args, 0), Undefined, []Value{before, e.Value, m.visited(o, i), o})
		}
		if cond := m.presence(e); !cond.isTrue() {
			acc = m.fork(cond, step, func() Value { return before })
			continue
		}
		acc = step()
	}
	if acc == nil {
		return m.raise("TypeError", "Reduce of empty array with no initial value")
	}
	return acc
}
