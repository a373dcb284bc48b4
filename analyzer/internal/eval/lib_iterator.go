package eval

// An iterator is the list of all that it gives, and a hidden property for how far it has been gone through.
const (
	iteratorPosition = "@@position"
	iteratorResult   = "@@result"
)

// iteratorOver returns an iterator over the elements of a list.
func (m *Machine) iteratorOver(list *Object) *Object {
	o := m.newObject(KindIterator)
	o.Elems, o.open = list.Elems, list.open
	o.set(iteratorPosition, &Prop{Value: Number(0), Hidden: true})
	return o
}

// iteratorOf is a method that gives an iterator over the list that another one makes.
func iteratorOf(list func(m *Machine, o *Object) *Object) Native {
	return func(m *Machine, this Value, _ []Value) Value { return m.iteratorOver(list(m, this.(*Object))) }
}

func elements(m *Machine, o *Object) *Object {
	out := m.copyArray(o)
	for i := range out.Elems {
		out.Elems[i].Hole = false
	}
	return out
}

// stepOf is what the method next gives.
func (m *Machine) stepOf(value Value, done bool) *Object {
	step := m.newObject(KindObject)
	step.set("value", &Prop{Value: value})
	step.set("done", &Prop{Value: Bool(done)})
	return step
}

// remaining is what an iterator over a list has still to give; it has given all then.
func (m *Machine) remaining(o *Object) []Elem {
	at, ok := o.own(iteratorPosition).Value.(Number)
	if !ok {
		return []Elem{{Value: m.unknown("an iterator that stands somewhere unknown", "item"), Each: "iterator"}}
	}
	rest := o.Elems[min(int(at), len(o.Elems)):]
	m.change(o)
	o.set(iteratorPosition, &Prop{Value: Number(len(o.Elems) + 1), Hidden: true})
	for _, u := range o.open {
		rest = append(rest[:len(rest):len(rest)], Elem{Value: m.item(u), Each: u.Expr})
	}
	return rest
}

var iteratorMethods map[string]Native

func init() {
	iteratorMethods = map[string]Native{
		"next": iteratorNext,
		symbolIterator: func(_ *Machine, this Value, _ []Value) Value {
			return this
		},
	}
}

// iteratorNext gives the next element of an iterator. Where an element is there under a condition, all that follows is
// unknown.
func iteratorNext(m *Machine, this Value, args []Value) Value {
	o, ok := this.(*Object)
	if !ok || o.own(iteratorPosition) == nil {
		return m.unknown("a step of something that is no iterator", "iterator.next")
	}
	at, known := o.own(iteratorPosition).Value.(Number)
	i := int(at)
	if known && i < len(o.Elems) {
		known = m.presence(o.Elems[i]).isTrue()
	}
	if !known || i >= len(o.Elems) && len(o.open) > 0 {
		return m.resultOf(m.unknown("a step that depends on what is not known", "iterator.next"), args)
	}
	var value Value = Undefined
	if i < len(o.Elems) {
		value = o.Elems[i].Value
	} else if p := o.own(iteratorResult); p != nil && i == len(o.Elems) {
		value = p.Value
	}
	m.change(o)
	o.set(iteratorPosition, &Prop{Value: Number(min(i+1, len(o.Elems)+1)), Hidden: true})
	return m.stepOf(value, i >= len(o.Elems))
}

// stepper gives the elements of something one by one: ok is false after the last. One whose Each is set stands for all that
// follow. close says that no more are asked for.
type stepper struct {
	next  func() (e Elem, ok bool)
	close func()
}

// isIterable tells whether an object can be gone through.
func (m *Machine) isIterable(o *Object) bool {
	switch o.Kind {
	case KindArray, KindSet, KindMap, KindIterator, KindGenerator:
		return o.proxy == nil
	}
	return m.find(o, symbolIterator) != nil || o.proxy != nil
}

// steps returns what goes through a value that is not a choice.
func (m *Machine) stepsOf(v Value) stepper {
	switch v := v.(type) {
	case *Object:
		if v.proxy == nil {
			if s, ok := m.ownSteps(v); ok {
				return s
			}
		}
		return m.protocol(v)
	}
	return m.listSteps(m.spread(v))
}

func (m *Machine) listSteps(elems []Elem) stepper {
	i := -1
	return stepper{func() (Elem, bool) {
		if i++; i < len(elems) {
			return elems[i], true
		}
		return Elem{}, false
	}, func() {}}
}

// ownSteps goes through an array or a collection as it is at each step, and through a generator as it runs. ok is false
// for other objects, and for those of a class that has an iterator of its own.
func (m *Machine) ownSteps(o *Object) (s stepper, ok bool) {
	if p := m.find(o, symbolIterator); p == nil || !isNativeFunction(p.Value) {
		return s, false
	}
	switch o.Kind {
	case KindArray:
		if isCertain(o.Elems) && len(o.open) == 0 {
			i := -1
			return stepper{func() (Elem, bool) {
				if i++; i < len(o.Elems) {
					e := o.Elems[i]
					e.Hole = false
					return e, true
				}
				return Elem{}, false
			}, func() {}}, true
		}
		return m.listSteps(m.spread(o)), true
	case KindSet, KindMap:
		if isCertain(o.Elems) && len(o.open) == 0 {
			return m.liveSteps(o), true
		}
		return m.listSteps(m.spread(o)), true
	case KindIterator:
		if at, known := o.own(iteratorPosition).Value.(Number); known && isCertain(o.Elems) && len(o.open) == 0 {
			return stepper{func() (Elem, bool) {
				if at = o.own(iteratorPosition).Value.(Number); int(at) >= len(o.Elems) {
					return Elem{}, false
				}
				m.change(o)
				o.set(iteratorPosition, &Prop{Value: at + 1, Hidden: true})
				return o.Elems[int(at)], true
			}, func() {}}, true
		}
		return m.listSteps(m.remaining(o)), true
	case KindGenerator:
		return m.generatorSteps(o.Host.(*generator)), true
	}
	return s, false
}

func isNativeFunction(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.Func != nil && o.Func.Native != nil
}

// liveSteps goes through a collection that may change meanwhile.
func (m *Machine) liveSteps(o *Object) stepper {
	at := 0
	var last Value
	key := func(e Elem) Value {
		if o.Kind == KindMap {
			return m.nth(e.Value, 0)
		}
		return e.Value
	}
	return stepper{func() (Elem, bool) {
		if last != nil { // what was visited may have moved, or gone
			at--
			for i := min(at, len(o.Elems)-1); i >= 0; i-- {
				if sameZero(key(o.Elems[i]), last) {
					at = i + 1
					break
				}
			}
			at = min(at, len(o.Elems))
		}
		if at >= len(o.Elems) {
			return Elem{}, false
		}
		e := o.Elems[at]
		at, last = at+1, key(e)
		return e, true
	}, func() {}}
}

// protocol goes through an object by its own iterator.
func (m *Machine) protocol(o *Object) stepper {
	unknown := func(of Value) stepper {
		u, ok := of.(*Unknown)
		if !ok {
			u = m.unknown("element of "+m.Describe(of), m.Describe(of))
		}
		return m.listSteps([]Elem{{Value: m.item(u), Each: u.Expr}})
	}
	f := m.methodNamed(o, symbolIterator)
	if f == nil {
		if len(o.open) > 0 || o.Kind == KindHost || m.catching == 0 {
			return unknown(o)
		}
		m.raise("TypeError", "object is not iterable")
	}
	it, ok := m.settled(m.Call(f, o, nil)).(*Object)
	if !ok {
		return unknown(o)
	}
	if it != o || it.Kind != KindObject {
		if it.proxy == nil && it.Kind != KindObject {
			if s, ok := m.ownSteps(it); ok {
				return s
			}
		}
	}
	done := false
	return stepper{func() (Elem, bool) {
		if done {
			return Elem{}, false
		}
		if m.spent() {
			done = true
			return Elem{Value: outOfBudget, Each: "..."}, true
		}
		step := m.settled(m.Invoke(it, "next"))
		end, known := m.decide(Truth(m.get(step, "done", true)))
		if !known {
			done = true
			u := m.unknown("a step that depends on what is not known", m.Describe(step))
			return Elem{Value: m.item(u), Each: u.Expr}, true
		}
		if done = end; end {
			return Elem{}, false
		}
		return Elem{Value: m.get(step, "value", true)}, true
	}, func() {
		if f := m.methodNamed(it, "return"); f != nil && !done {
			m.Call(f, it, nil)
		}
		done = true
	}}
}

// drained is all that a stepper gives.
func (m *Machine) drained(s stepper) []Elem {
	var out []Elem
	for {
		e, ok := s.next()
		if !ok {
			return out
		}
		out = append(out, e)
		if len(out) > maxElems || m.spent() {
			s.close()
			return append(out, Elem{Value: m.overBudget(boundElems), Each: "..."})
		}
	}
}
