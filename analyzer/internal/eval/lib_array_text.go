package eval

import "math"

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

// Join is the text of an array's elements with sep between.
func (m *Machine) Join(o *Object, sep string) Value { return m.join(o, sep) }

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
		// the condition of one of many that are not known holds for each
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
