package eval

import "math"

// journal remembers what cells and objects held before the first write to them since the journal began, for
// those that existed by then. Those made later belong to the branch alone and need no undoing.
type journal struct {
	outer    *journal
	birth    uint64
	run      uint64
	cells    map[*Cell]Value
	order    []*Cell
	objs     map[*Object]state
	objOrder []*Object
	slice    bool         // of a generator's step, whose writes stay
	driven   []*generator // those that made a step while it lasted
}

// kept is the journal that holds for good what is written now, as far as generators' steps go.
func (j *journal) kept() *journal {
	for j != nil && j.slice {
		j = j.outer
	}
	return j
}

// writes is what a branch wrote: the last value of each place that it changed.
type writes struct {
	cells    map[*Cell]Value
	order    []*Cell
	objs     map[*Object]state
	objOrder []*Object
}

func (m *Machine) newJournal(outer *journal) *journal {
	m.clock++
	j := m.spare
	if m.spare = nil; j == nil {
		j = &journal{}
	}
	j.outer, j.birth, j.run = outer, m.clock, m.run
	return j
}

// endJournal undoes what was written since the journal began, and returns it.
func (m *Machine) endJournal() writes {
	w := m.journal.undo()
	*m.journal = journal{}
	m.spare = m.journal
	return w
}

// assign sets a cell's value.
func (m *Machine) assign(c *Cell, v Value) {
	if c.value == nil || !same(c.value, v) {
		m.changed = min(m.changed, c.birth)
	}
	if j := m.journal; j != nil && (c.birth < j.birth || c.run != j.run) {
		if _, seen := j.cells[c]; !seen {
			if j.cells == nil {
				j.cells = map[*Cell]Value{}
			}
			j.cells[c] = m.force(c)
			j.order = append(j.order, c)
		}
	}
	c.value, c.init = v, nil
}

// change must be called before o's state is changed.
func (m *Machine) change(o *Object) {
	m.changed = min(m.changed, o.birth)
	j := m.journal
	if j == nil || o.birth >= j.birth && o.run == j.run {
		return
	}
	if _, seen := j.objs[o]; !seen {
		if j.objs == nil {
			j.objs = map[*Object]state{}
		}
		j.objs[o] = o.state
		o.state = o.state.clone()
		j.objOrder = append(j.objOrder, o)
	}
}

// changes runs f and tells whether it changed anything that was there before.
func (m *Machine) changes(f func()) bool {
	outer := m.changed
	m.clock++
	start := m.clock
	m.changed = math.MaxUint64
	defer func() { m.changed = min(m.changed, outer) }()
	f()
	return m.changed <= start
}

// undo puts everything back as it was when the journal began, and returns what had been written.
func (j *journal) undo() writes {
	w := writes{order: j.order, objOrder: j.objOrder}
	if len(j.order) > 0 {
		w.cells = make(map[*Cell]Value, len(j.order))
		for _, c := range j.order {
			w.cells[c] = c.value
			c.value = j.cells[c]
		}
	}
	if len(j.objOrder) > 0 {
		w.objs = make(map[*Object]state, len(j.objOrder))
		for _, o := range j.objOrder {
			w.objs[o] = o.state
			o.state = j.objs[o]
		}
	}
	return w
}

// suspend puts back, for a while, what was there before the journal and those around it began.
func (j *journal) suspend() (resume func()) {
	var undone []writes
	for k := j; k != nil; k = k.outer {
		if len(k.order) > 0 || len(k.objOrder) > 0 {
			undone = append(undone, k.undo())
		}
	}
	return func() {
		for i := len(undone) - 1; i >= 0; i-- {
			for c, v := range undone[i].cells {
				c.value = v
			}
			for o, s := range undone[i].objs {
				o.state = s
			}
		}
	}
}

// apply repeats what a branch wrote.
func (m *Machine) apply(w writes) {
	for _, c := range w.order {
		m.assign(c, w.cells[c])
	}
	for _, o := range w.objOrder {
		m.change(o)
		o.state = w.objs[o]
	}
}

// merge writes, for each place that one of two branches changed, the choice of what they left there.
func (m *Machine) merge(cond *Cond, a, b writes) {
	for _, c := range a.order {
		other, ok := b.cells[c]
		if !ok {
			other = c.value
		}
		m.assign(c, m.choose(cond, a.cells[c], other))
	}
	for _, c := range b.order {
		if _, done := a.cells[c]; !done {
			m.assign(c, m.choose(cond, c.value, b.cells[c]))
		}
	}
	for _, o := range a.objOrder {
		other, ok := b.objs[o]
		if !ok {
			other = o.state
		}
		m.change(o)
		o.state = m.joinStates(cond, a.objs[o], other)
	}
	for _, o := range b.objOrder {
		if _, done := a.objs[o]; !done {
			before := o.state
			m.change(o)
			o.state = m.joinStates(cond, before, b.objs[o])
		}
	}
}

// joinStates is the state of an object that is a under cond and b otherwise.
func (m *Machine) joinStates(cond *Cond, a, b state) state {
	out := state{fixed: min(a.fixed, b.fixed), open: append(a.open[:len(a.open):len(a.open)], b.open[min(len(b.open), len(a.open)):]...)}
	for _, e := range a.props.entries {
		out.set(e.name, m.joinProps(cond, e.value, b.own(e.name)))
	}
	for _, e := range b.props.entries {
		if a.own(e.name) == nil {
			out.set(e.name, m.joinProps(cond, nil, e.value))
		}
	}
	out.Elems = m.joinElems(cond, a.Elems, b.Elems)
	return out
}

func (m *Machine) joinProps(cond *Cond, a, b *Prop) *Prop {
	switch {
	case a == b:
		return a
	case a == nil:
		return b.when(and(not(cond), orTrue(b.When)))
	case b == nil:
		return a.when(and(cond, orTrue(a.When)))
	}
	p := *a
	p.state = nil
	p.When = whenOf(ite(cond, orTrue(a.When), orTrue(b.When)))
	switch {
	case a.Get == nil && b.Get == nil:
		p.Value = m.choose(cond, a.Value, b.Value)
	case a.Get != b.Get:
		p.Value, p.Set = nil, nil
		p.Get = m.native(func(m *Machine, this Value, _ []Value) Value {
			return m.fork(cond, func() Value { return m.read(a, this) }, func() Value { return m.read(b, this) })
		})
	}
	return &p
}

func (p *Prop) when(c *Cond) *Prop {
	q := *p
	q.When = whenOf(c)
	return &q
}

// whenOf returns c as a Prop or Elem holds it: nil for true.
func whenOf(c *Cond) *Cond {
	if c.isTrue() {
		return nil
	}
	return c
}

// joinElems keeps what two arrays share at their head, and after it the rest of each under its condition.
func (m *Machine) joinElems(cond *Cond, a, b []Elem) []Elem {
	n := 0
	for n < len(a) && n < len(b) && sameElem(a[n], b[n]) {
		n++
	}
	if n == len(a) && n == len(b) {
		return a
	}
	m.steps += len(a) + len(b) - n // each fork may double a list, which has to cost something
	out := append([]Elem(nil), a[:n]...)
	if len(a) == len(b) {
		for i := n; i < len(a); i++ {
			out = append(out, Elem{Value: m.choose(cond, a[i].Value, b[i].Value), When: whenOf(ite(cond, orTrue(a[i].When), orTrue(b[i].When))), Each: a[i].Each})
		}
		return out
	}
	over := cond.repeats()
	for _, e := range a[n:] {
		if over != "" && len(b) == n {
			out = append(out, Elem{Value: e.Value, When: e.When, Each: over, Hole: e.Hole})
			continue
		}
		out = append(out, Elem{Value: e.Value, When: whenOf(and(cond, orTrue(e.When))), Each: e.Each, Hole: e.Hole})
	}
	for _, e := range b[n:] {
		out = append(out, Elem{Value: e.Value, When: whenOf(and(not(cond), orTrue(e.When))), Each: e.Each, Hole: e.Hole})
	}
	return out
}

func sameElem(a, b Elem) bool {
	return a.Each == b.Each && a.Hole == b.Hole && same(a.Value, b.Value) && orTrue(a.When).same(orTrue(b.When))
}
