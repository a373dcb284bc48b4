package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// A module of moderate size begins as the language has it: its statements are evaluated once, from the first to the last,
// when one of its names is asked for. A name that is read before it is changed, a second name of an object and what a
// function changes on the way then hold what they hold in the program. In a larger module each name is found by itself, by
// what its own statements do to it (initial.go).

// Bounds of a module that begins in order. In a large program many modules do, so that each has less.
const (
	maxBeginText    = 1 << 20       // bytes of its text
	maxBeginUnits   = 16384         // statements and declarators
	maxBeginSteps   = 10 * maxSteps // of all of them
	maxBeginCut     = 8             // statements that take too long
	maxSmall        = 2 << 20       // bytes of a program that is not large
	shareInLarge    = 8             // of the text and the statements, one in so many
	maxStepsInLarge = 4 * maxSteps
)

// isLarge tells a program in which many modules begin.
func isLarge(p *scope.Program) bool {
	size := 0
	for _, module := range p.Modules {
		size += len(module.Text)
	}
	return size > maxSmall
}

// beginning is how a module began, or does so now.
type beginning struct {
	rank     int   // of the names that it gives their values, while it does
	at       int32 // the statement that it has come to
	circular bool  // it needs a module that waits for it
	whole    bool  // it came to its end
	// what names hold then that functions assign as well
	after map[*Cell]func() Value
}

// inOrder tells whether the statements of a module are run as it begins.
func (m *Machine) inOrder() bool { return len(m.beginnings) > 0 }

// begins lets the module begin that holds a name, if it has not, and returns what the name holds by that; nil for one that is
// found by itself.
func (m *Machine) begins(c *Cell, b scope.Binding) Value {
	m.startProgram()
	if m.begun[b.Module.ID] == nil {
		if state := m.commonJSOf(b.Module); state != nil {
			m.force(state.exported)
		} else {
			m.beginModule(b.Module, func() {})
		}
	}
	begun := m.begun[b.Module.ID]
	switch {
	case begun == nil:
	case begun.whole && begun.after[c] != nil:
		return begun.after[c]()
	case begun.whole && c.init == nil:
		return c.value
	case begun.rank > 0 && !m.later && begun.isAhead(b):
		m.cycle = min(m.cycle, begun.rank)
		return Undefined // it is read before it is given a value
	}
	return nil
}

// isAhead tells a variable whose first declaration the module comes to later.
func (b *beginning) isAhead(name scope.Binding) bool {
	units := name.Module.Index().Units
	for _, d := range name.Defs {
		if d.How == js.Declares && (units[d.Unit].Kind != js.UnitVar || d.Unit < b.at) {
			return false
		}
	}
	return true
}

// beginModule lets a module begin, if it has not, with first done before its first statement. One that is too large, that needs on
// the way a module which waits for it, or that takes too long gives none of its names a value: they are found by themselves.
func (m *Machine) beginModule(module *scope.Module, first func()) (whole bool) {
	if b, known := m.begun[module.ID]; known {
		return b.whole
	}
	share, steps := 1, maxBeginSteps
	if m.large {
		share, steps = shareInLarge, maxStepsInLarge
	}
	if len(module.Text) > maxBeginText/share || !beginsInOrder(module, share) {
		m.begun[module.ID] = &beginning{}
		return false
	}
	o := m.newBeginning(module)
	whole, again := m.beginTogether([]*ordered{o}, steps, func() bool {
		first()
		return o.from(-1)
	})
	if again {
		delete(m.begun, module.ID)
	}
	return whole
}

// beginsInOrder tells whether a module is one that begins in order, with a share of the statements that one may have.
func beginsInOrder(module *scope.Module, share int) bool {
	return len(module.Index().Units) <= maxBeginUnits/share && RunsInOrder(module)
}

// newBeginning is a module that is about to begin.
func (m *Machine) newBeginning(module *scope.Module) *ordered {
	o := m.newOrdered(module)
	o.begins = &beginning{after: map[*Cell]func() Value{}}
	m.begun[module.ID] = o.begins
	return o
}

// beginTogether lets modules begin by run, with so many steps at the most, and tells whether they came to their end: only then
// do their names keep what they were given. Where fewer evaluations wait for them they may come further again.
func (m *Machine) beginTogether(modules []*ordered, steps int, run func() bool) (whole, again bool) {
	deep := m.tooDeep
	whole = m.beginsBy(modules, steps, run)
	again = m.tooDeep > deep || m.over()
	for _, o := range modules {
		whole = whole && !o.begins.circular
	}
	whole = whole && m.tooDeep == deep
	for _, o := range modules {
		if whole {
			o.keep()
		} else {
			o.restore()
		}
		o.begins.whole = whole
	}
	return whole, again
}

// memberWas is what a member was that is to be so again when its module has begun.
type memberWas struct {
	object *Object
	key    string
	prop   *Prop
}

// beginsBy evaluates what modules begin with, and tells whether it came to the end.
func (m *Machine) beginsBy(modules []*ordered, steps int, run func() bool) (whole bool) {
	cycle, watch, only, later := m.cycle, m.watch, m.only, m.later
	m.cycle, m.watch, m.only = maxForced+1, nil, nil
	m.forced++
	outer := m.beginnings
	m.beginnings = outer[:len(outer):len(outer)]
	for _, o := range modules {
		o.begins.rank = m.forced
		m.beginnings = append(m.beginnings, o.begins)
	}
	within := m.capped(steps, func() {
		m.within(steps, func() Value {
			whole = run()
			return Undefined
		})
	})
	met := m.cycle
	m.beginnings = outer
	m.forced--
	m.cycle, m.watch, m.only, m.later = cycle, watch, only, later
	if met <= m.forced {
		m.cycle = min(cycle, met)
		for _, other := range outer {
			other.circular = other.circular || met <= other.rank
		}
	}
	for _, o := range modules {
		o.begins.rank = 0
		o.begins.circular = o.begins.circular || met <= m.forced
	}
	return whole && within
}

// value evaluates the initialiser of a name; in a module that begins, with a budget of its own.
func (o *ordered) value(init js.Node) (v Value) {
	if o.begins == nil {
		return o.Eval(init, o.env)
	}
	o.spend(maxSteps, func() { v = o.Eval(init, o.env) })
	return v
}

// prepare runs a statement for what it does to names and what they hold. Of one that takes too long none of that counts.
func (o *ordered) prepare(unit int32, statement js.Node) {
	names := o.names[unit]
	steps := maxSteps
	if len(names) == 0 {
		steps = maxEffectSteps
	}
	exhausted := o.exhausted
	var w *journal
	whole := o.spend(steps, func() {
		_, w, _ = o.branch(always, true, func() Value { o.statement(statement, o.env); return nil })
	})
	if whole {
		o.apply(w)
		if len(names) == 0 {
			o.noteOpen(w)
		}
	} else {
		o.cut++
		for _, name := range names {
			o.place(name, o.overBudget(boundSteps))
		}
	}
	o.forget(w)
	o.exhausted = exhausted
}

// noteOpen notes the names and members that a call has set to something that depends on the world: what they are set to at
// start is found with all that sets them (state.go).
func (o *ordered) noteOpen(w *journal) {
	for i := range w.cells {
		if isOpen(w.cells[i].written) {
			o.open[w.cells[i].cell] = true
		}
	}
	for i := range w.objs {
		w := &w.objs[i]
		for _, e := range w.written.props.entries {
			if before := w.before.own(e.name); before != nil && isOpen(e.value.Value) && !isOpen(before.Value) {
				o.members = append(o.members, memberWas{w.object, e.name, before})
			}
		}
	}
}

// isOpen tells a value that is not known, or not in all worlds.
func isOpen(v Value) bool {
	switch v.(type) {
	case *Choice, *Unknown, *Text:
		return true
	}
	return false
}

// keep leaves the names what they hold by the end of the run. Names and members that keep something from being done twice
// are as at start, for who looks into the functions that do it.
func (o *ordered) keep() {
	for _, was := range slices.Backward(o.members) {
		was.object.set(was.key, was.prop)
	}
	for i, c := range o.cells {
		b := o.bindings[i]
		if o.open[c] && isOpen(c.value) || o.isLatched(b.Name, "") {
			*c = o.before[i]
			continue
		}
		if b.Module.Assignments(b.Name) == nil {
			c.passing, c.rank = false, 0
			continue
		}
		v := c.value
		*c = o.before[i]
		o.begins.after[c] = func() Value {
			c.value = v
			return o.stateAfter(b, v)
		}
	}
}

// stateAfter is what a name holds that had a value when its module had begun.
func (m *Machine) stateAfter(b scope.Binding, v Value) Value {
	if _, object := v.(*Object); object {
		if places := placesOf(b.Module.Assignments(b.Name), ""); places != nil {
			if u, ok := m.stateOf(b, v, places).(*Unknown); ok {
				return u
			}
		}
	}
	return m.stateful(b, v)
}

// isLatched tells whether a function assigns a name of the module, or a member of what it holds, and tests it as well.
func (o *ordered) isLatched(name, key string) bool {
	for _, a := range o.module.Assignments(name) {
		if a.Key != key || a.Called {
			continue
		}
		at, ok := o.spotAt(o.module, a.At, js.AssignmentExpression)
		if ok && at.node.OutermostFunction().Valid() && isLatch(at.node) {
			return true
		}
	}
	return false
}

// noteLatches notes the members of an object that a name is given which are to be as at start.
func (o *ordered) noteLatches(name string, v Value) {
	object, ok := v.(*Object)
	if !ok || object.Func != nil {
		return
	}
	for _, a := range o.module.Assignments(name) {
		if p := object.own(a.Key); a.Key != "" && p != nil && p.Value != nil && o.isLatched(name, a.Key) {
			o.members = append(o.members, memberWas{object, a.Key, p.when(p.When)})
		}
	}
}
