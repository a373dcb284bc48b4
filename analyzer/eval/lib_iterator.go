package eval

// An iterator is the list of all that it gives. Hidden properties hold how far it has been gone through, and what a
// generator returns in the end.
const (
	iteratorPosition = "@@position"
	iteratorResult   = "@@result"
)

// iterator makes a list one that has a method next.
func iterator(list *Object) *Object {
	list.set(iteratorPosition, &Prop{Value: Number(0), Hidden: true})
	return list
}

// iteratorOf is a method that gives an iterator over the list that another one makes.
func iteratorOf(list func(m *Machine, o *Object) *Object) Native {
	return func(m *Machine, this Value, _ []Value) Value { return iterator(list(m, this.(*Object))) }
}

func elements(m *Machine, o *Object) *Object { return m.copyArray(o) }

// iteratorNext gives the next element of an iterator. A generator has run to its end by then, and what its caller sends
// it is not known. Where an element is there under a condition, so is all that follows.
func iteratorNext(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	at, known := o.own(iteratorPosition).Value.(Number)
	i := int(at)
	if known && i < len(o.Elems) {
		known = m.presence(o.Elems[i]).isTrue()
	}
	if !known {
		return m.callUnknown(m.unknown("a step that hangs on what is not known", "iterator.next"), args)
	}
	var value Value = Undefined
	if i < len(o.Elems) {
		value = o.Elems[i].Value
	} else if p := o.own(iteratorResult); p != nil && i == len(o.Elems) {
		value = p.Value
	}
	m.change(o)
	o.set(iteratorPosition, &Prop{Value: Number(min(i+1, len(o.Elems)+1)), Hidden: true})
	step := m.newObject(KindObject)
	step.set("value", &Prop{Value: value})
	step.set("done", &Prop{Value: Bool(i >= len(o.Elems))})
	return step
}
