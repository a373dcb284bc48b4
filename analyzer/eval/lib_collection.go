package eval

func (m *Machine) column(o *Object, i int) *Object {
	if o.Kind == KindSet {
		return m.copyArray(o)
	}
	out := m.newArray(nil)
	for _, e := range o.Elems {
		out.Elems = append(out.Elems, Elem{m.nth(e.Value, i), e.When, e.Each})
	}
	return out
}

func newSet(m *Machine, _ Value, args []Value) Value {
	o := m.newObject(KindSet)
	for _, e := range m.spread(argument(args, 0)) {
		m.addTo(o, e)
	}
	return o
}

func (m *Machine) addTo(o *Object, e Elem) {
	for _, old := range o.Elems {
		if same(old.Value, e.Value) && old.When == nil {
			return
		}
	}
	m.change(o)
	o.Elems = append(o.Elems[:len(o.Elems):len(o.Elems)], e)
}

func setAdd(m *Machine, this Value, args []Value) Value {
	m.addTo(this.(*Object), Elem{Value: argument(args, 0)})
	return this
}

func newMap(m *Machine, _ Value, args []Value) Value {
	o := m.newObject(KindMap)
	for _, e := range m.spread(argument(args, 0)) {
		o.Elems = append(o.Elems, e)
	}
	return o
}

func mapSet(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.change(o)
	elems := append([]Elem(nil), o.Elems...)
	pair := Elem{Value: m.NewArray(argument(args, 0), argument(args, 1))}
	for i, e := range elems {
		if same(m.nth(e.Value, 0), argument(args, 0)) {
			elems[i] = pair
			o.Elems = elems
			return o
		}
	}
	o.Elems = append(elems, pair)
	return o
}

func mapGet(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	if o.Kind == KindSet {
		return Undefined
	}
	return m.lift(argument(args, 0), func(key Value) Value {
		for _, e := range o.Elems {
			if same(m.nth(e.Value, 0), key) {
				return m.present(Elem{m.nth(e.Value, 1), e.When, ""})
			}
		}
		if isUnknown(key) && len(o.Elems) > 0 {
			return m.callUnknown(m.unknown("looked up by an unknown key", "map.get"), []Value{key})
		}
		for _, e := range o.Elems {
			if e.Each != "" {
				return m.unknown("looked up in an unknown list", e.Each)
			}
		}
		if s, ok := key.(String); ok {
			m.miss(o, string(s))
		}
		return Undefined
	})
}

func collectionHas(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	if s, ok := argument(args, 0).(String); ok {
		m.miss(o, string(s))
	}
	if o.Kind == KindSet {
		return arrayIncludes(m, m.newArray(o.Elems), args)
	}
	return arrayIncludes(m, m.column(o, 0), args)
}

// collectionDelete removes the entry of a key. One that may or may not be that of the key stays under the condition that
// it is not.
func collectionDelete(m *Machine, this Value, args []Value) Value {
	o, key := this.(*Object), argument(args, 0)
	var kept []Elem
	removed := Truth(Bool(false))
	for _, e := range o.Elems {
		entry := e.Value
		if o.Kind == KindMap {
			entry = m.nth(entry, 0)
		}
		is := Truth(Bool(same(entry, key)))
		if value, constant := is.Constant(); constant && !value {
			is = m.Equal(entry, key)
		}
		if value, constant := is.Constant(); constant && value && e.Each == "" {
			removed = Or(removed, And(e.When, Truth(Bool(true))))
			continue
		} else if !constant {
			removed = Or(removed, And(e.When, is))
			e.When = And(e.When, Not(is))
		}
		kept = append(kept, e)
	}
	m.change(o)
	o.Elems = kept
	return truthValue(removed)
}

func collectionClear(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	m.change(o)
	o.Elems = nil
	return Undefined
}
