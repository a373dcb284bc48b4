package eval

// callback calls a function with an element, its index and the array.
func (m *Machine) callback(f Value, e Elem, i int, array Value) Value {
	run := func() Value { return m.Call(f, Undefined, []Value{e.Value, Number(i), array}) }
	cond := m.presence(e)
	if cond.isTrue() {
		return run()
	}
	return m.fork(cond, run, func() Value { return Undefined })
}

func arrayMap(m *Machine, this Value, args []Value) Value {
	out := m.newArray(nil)
	for i, e := range this.(*Object).Elems {
		if m.spent() {
			break
		}
		v := Value(nil)
		if cond := m.presence(e); cond.isTrue() {
			v = m.callback(argument(args, 0), e, i, this)
		} else {
			var w writes
			v, w, _ = m.branch(cond, true, func() Value { return m.Call(argument(args, 0), Undefined, []Value{e.Value, Number(i), this}) })
			m.merge(cond, w, writes{})
		}
		if v != nil {
			out.Elems = append(out.Elems, Elem{Value: v, When: e.When, Each: e.Each})
		}
	}
	return out
}

func arrayFlatMap(m *Machine, this Value, args []Value) Value {
	return m.flatten(arrayMap(m, this, args).(*Object), 1)
}

func arrayFlat(m *Machine, this Value, args []Value) Value {
	return m.flatten(this.(*Object), integer(args, 0, 1))
}

func (m *Machine) flatten(o *Object, depth int) *Object {
	if depth <= 0 {
		return o
	}
	out := m.newArray(nil)
	for _, e := range o.Elems {
		out.Elems = append(out.Elems, m.flattenElem(e.Value, e, depth)...)
	}
	return out
}

func (m *Machine) flattenElem(v Value, e Elem, depth int) []Elem {
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
			out = append(out, Elem{inner.Value, whenOf(and(orTrue(e.When), orTrue(inner.When))), over})
		}
		return out
	case *Choice:
		a := m.flattenElem(v.Then, Elem{v.Then, whenOf(and(orTrue(e.When), v.Cond)), e.Each}, depth)
		return append(a, m.flattenElem(v.Else, Elem{v.Else, whenOf(and(orTrue(e.When), not(v.Cond))), e.Each}, depth)...)
	}
	return []Elem{{v, e.When, e.Each}}
}

// arrayFilter keeps an element under the condition that its test gives.
func arrayFilter(m *Machine, this Value, args []Value) Value {
	out := m.newArray(nil)
	for i, e := range this.(*Object).Elems {
		if m.spent() {
			break
		}
		out.Elems = append(out.Elems, m.filterElem(argument(args, 0), e, i, this)...)
	}
	return out
}

func (m *Machine) filterElem(f Value, e Elem, i int, array Value) []Elem {
	if c, ok := m.settled(e.Value).(*Choice); ok {
		// each alternative is tested by itself, so that `cond ? text : null` keeps just the text
		then := m.filterElem(f, Elem{c.Then, whenOf(and(orTrue(e.When), c.Cond)), e.Each}, i, array)
		return append(then, m.filterElem(f, Elem{c.Else, whenOf(and(orTrue(e.When), not(c.Cond))), e.Each}, i, array)...)
	}
	var keep *Cond
	if e.When == nil && e.Each == "" {
		keep = Truth(m.Call(f, Undefined, []Value{e.Value, Number(i), array}))
	} else {
		v, w, _ := m.branch(m.presence(e), true, func() Value { return m.Call(f, Undefined, []Value{e.Value, Number(i), array}) })
		m.merge(m.presence(e), w, writes{})
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
	return []Elem{{e.Value, whenOf(cond), e.Each}}
}

func arrayForEach(m *Machine, this Value, args []Value) Value {
	for i, e := range this.(*Object).Elems {
		if m.spent() {
			break
		}
		m.callback(argument(args, 0), e, i, this)
	}
	return Undefined
}

// test is the condition that f holds for an element.
func (m *Machine) test(f Value, e Elem, i int, array Value) *Cond {
	return and(orTrue(e.When), Truth(m.callback(f, e, i, array)))
}

func arraySome(m *Machine, this Value, args []Value) Value {
	some := never
	for i, e := range this.(*Object).Elems {
		some = or(some, m.test(argument(args, 0), e, i, this))
		if some.isTrue() || m.spent() {
			break
		}
	}
	return truthValue(some)
}

func arrayEvery(m *Machine, this Value, args []Value) Value {
	every := always
	for i, e := range this.(*Object).Elems {
		every = and(every, or(not(orTrue(e.When)), m.test(argument(args, 0), e, i, this)))
		if every.isFalse() || m.spent() {
			break
		}
	}
	return truthValue(every)
}

func arrayFind(m *Machine, this Value, args []Value) Value {
	return m.find(this.(*Object), argument(args, 0), func(e Elem, _ int) Value { return e.Value }, Undefined)
}

func arrayFindIndex(m *Machine, this Value, args []Value) Value {
	return m.find(this.(*Object), argument(args, 0), func(_ Elem, i int) Value { return Number(i) }, Number(-1))
}

func arrayFindLast(m *Machine, this Value, args []Value) Value {
	return arrayFind(m, arrayReverse(m, m.copyArray(this), nil), args)
}

// find is the first element for which f holds, as a chain of choices where that is open.
func (m *Machine) find(o *Object, f Value, give func(Elem, int) Value, none Value) Value {
	type candidate struct {
		cond  *Cond
		value Value
	}
	var found []candidate
	for i, e := range o.Elems {
		cond := m.test(f, e, i, o)
		if v, known := m.decide(cond); known {
			cond = constant(v)
		}
		if cond.isFalse() {
			continue
		}
		found = append(found, candidate{cond, give(e, i)})
		if cond.isTrue() || m.spent() {
			break
		}
	}
	v := none
	for i := len(found) - 1; i >= 0; i-- {
		v = m.choose(found[i].cond, found[i].value, v)
	}
	return v
}

func arrayReduce(m *Machine, this Value, args []Value) Value {
	elems := this.(*Object).Elems
	var acc Value
	start := 0
	if len(args) > 1 {
		acc = args[1]
	} else if len(elems) > 0 {
		acc, start = elems[0].Value, 1
	} else {
		return Undefined
	}
	for i := start; i < len(elems) && !m.spent(); i++ {
		step := func() Value {
			return m.Call(argument(args, 0), Undefined, []Value{acc, elems[i].Value, Number(i), this})
		}
		if cond := m.presence(elems[i]); !cond.isTrue() {
			acc = m.fork(cond, step, func() Value { return acc })
			continue
		}
		acc = step()
	}
	return acc
}

func arrayReduceRight(m *Machine, this Value, args []Value) Value {
	return arrayReduce(m, arrayReverse(m, m.copyArray(this), nil), args)
}
