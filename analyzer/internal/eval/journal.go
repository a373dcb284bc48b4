package eval

import "math"

// journal remembers what cells and objects held before the first write to them since the journal began, for
// those that existed by then. Those made later belong to the branch alone and need no undoing. Once it is undone it
// holds what a branch wrote: the last value of each place that it changed. A nil journal holds nothing.
type journal struct {
	outer  *journal
	birth  uint64
	run    uint64
	cells  []cellWrite
	objs   []objectWrite
	slice  bool         // of a generator's step, whose writes stay
	driven []*generator // those that made a step while it lasted
}

// cellWrite is a cell that was written to, with what it held before and what it held in the end.
type cellWrite struct {
	cell            *Cell
	before, written Value
	noted           uint64 // the journal that had noted it before
}

type objectWrite struct {
	object          *Object
	before, written state
	noted           uint64
}

// kept is the journal that holds for good what is written now, as far as generators' steps go.
func (j *journal) kept() *journal {
	for j != nil && j.slice {
		j = j.outer
	}
	return j
}

func (m *Machine) newJournal(outer *journal) *journal {
	m.clock++
	j := m.spare
	if j == nil {
		j = &journal{}
	} else {
		m.spare = j.outer
	}
	j.outer, j.birth, j.run = outer, m.clock, m.run
	return j
}

// endJournal undoes what was written since the journal began, and returns it, for forget when it is not needed any more.
func (m *Machine) endJournal() *journal {
	m.journal.undo()
	return m.journal
}

// maxSpare bounds how many places a journal had room for that is used again.
const maxSpare = 1 << 8

// forget keeps a journal that is not needed any more for the next that begins.
func (m *Machine) forget(j *journal) {
	if cap(j.cells) > maxSpare || cap(j.objs) > maxSpare {
		return
	}
	clear(j.cells)
	clear(j.objs)
	*j = journal{outer: m.spare, cells: j.cells[:0], objs: j.objs[:0]}
	m.spare = j
}

// assign sets a cell's value.
func (m *Machine) assign(c *Cell, v Value) {
	if c.value == nil || !same(c.value, v) {
		m.changed = min(m.changed, c.birth)
	}
	if j := m.journal; j != nil && (c.birth < j.birth || c.run != j.run) && c.noted != j.birth {
		before := m.force(c)
		j.cells = append(j.cells, cellWrite{cell: c, before: before, noted: c.noted})
		c.noted = j.birth
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
	if o.noted != j.birth {
		next := o.state.clone()
		j.objs = append(j.objs, objectWrite{object: o, before: o.state, noted: o.noted})
		o.noted, o.state = j.birth, next
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

// wrote tells whether the evaluation has changed by now anything that was there before it.
func (j *journal) wrote() bool {
	for ; j != nil; j = j.outer {
		if len(j.cells) > 0 || len(j.objs) > 0 {
			return true
		}
	}
	return false
}

// undo puts everything back as it was when the journal began, and notes what had been written.
func (j *journal) undo() {
	j.takeBack()
	for i := range j.cells {
		j.cells[i].cell.noted = j.cells[i].noted
	}
	for i := range j.objs {
		j.objs[i].object.noted = j.objs[i].noted
	}
}

func (j *journal) takeBack() {
	for i := len(j.cells) - 1; i >= 0; i-- {
		w := &j.cells[i]
		w.written, w.cell.value = w.cell.value, w.before
	}
	for i := len(j.objs) - 1; i >= 0; i-- {
		w := &j.objs[i]
		w.written, w.object.state = w.object.state, w.before
	}
}

// suspend puts back, until resume, what was there before the journal and those around it began.
func (j *journal) suspend() {
	for ; j != nil; j = j.outer {
		j.takeBack()
	}
}

// resume ends what suspend began.
func (j *journal) resume() {
	if j == nil {
		return
	}
	j.outer.resume()
	for i := range j.cells {
		w := &j.cells[i]
		w.cell.value, w.written = w.written, nil
	}
	for i := range j.objs {
		w := &j.objs[i]
		w.object.state, w.written = w.written, state{}
	}
}

// apply repeats what a branch wrote.
func (m *Machine) apply(w *journal) {
	for i := range w.cells {
		m.assign(w.cells[i].cell, w.cells[i].written)
	}
	for i := range w.objs {
		o := w.objs[i].object
		m.change(o)
		o.state = w.objs[i].written
	}
}

// merge writes, for each place that one of two branches changed, the choice of what they left there; nil is a branch
// that changed nothing.
func (m *Machine) merge(cond *Cond, a, b *journal) {
	if a == nil {
		a = &journal{}
	}
	if b == nil {
		b = &journal{}
	}
	b.place()
	for i := range a.cells {
		w := &a.cells[i]
		other := w.cell.value
		if at := w.cell.at; b.wroteCell(at, w.cell) {
			other = b.cells[at].written
		}
		m.assign(w.cell, m.choose(cond, w.written, other))
	}
	for i := range a.objs {
		w := &a.objs[i]
		other := w.object.state
		if at := w.object.at; b.wroteObject(at, w.object) {
			other = b.objs[at].written
		}
		m.change(w.object)
		w.object.state = m.joinStates(cond, w.written, other)
	}
	a.place()
	for i := range b.cells {
		if w := &b.cells[i]; !a.wroteCell(w.cell.at, w.cell) {
			m.assign(w.cell, m.choose(cond, w.cell.value, w.written))
		}
	}
	for i := range b.objs {
		if w := &b.objs[i]; !a.wroteObject(w.object.at, w.object) {
			before := w.object.state
			m.change(w.object)
			w.object.state = m.joinStates(cond, before, w.written)
		}
	}
}

// place says of each place where it is in the journal.
func (j *journal) place() {
	for i := range j.cells {
		j.cells[i].cell.at = int32(i)
	}
	for i := range j.objs {
		j.objs[i].object.at = int32(i)
	}
}

func (j *journal) wroteCell(at int32, c *Cell) bool {
	return int(at) < len(j.cells) && j.cells[at].cell == c
}

func (j *journal) wroteObject(at int32, o *Object) bool {
	return int(at) < len(j.objs) && j.objs[at].object == o
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
	out := append(make([]Elem, 0, len(a)+len(b)-n), a[:n]...)
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
