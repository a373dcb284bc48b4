package eval

import "iter"

// A generator's body runs as a coroutine: up to a yield at each step. What a step writes is seen by its caller like what a
// call writes. A body can't be taken back to where it was, so that one goes on only where the generator was made, not in
// a branch that is undone; elsewhere what it gives is unknown. A body that yields under an open condition is run whole
// instead, where nothing was taken from it yet: then it is the list of what it yields, each under its condition.

// generator is a call of a generator function that is under way.
type generator struct {
	f      *Object
	this   Value
	args   []Value
	resume func() (Value, bool)
	stop   func()
	sent   signal
	state  generatorState
	home   uint64   // the journal in which it was made
	run    uint64   // the outermost evaluation in which it was made
	slice  *journal // of the step under way
	inside dynamic  // the machine's state in the body, while it waits
	result Value
	eager  *Object // what it gives, where it was run whole
}

type generatorState uint8

const (
	notBegun generatorState = iota
	waiting
	running
	completed
	lost // what it does from here on is not known
)

// signal is how a generator goes on at a yield: with a value, or by throwing or returning one.
type signal struct {
	kind  completionKind
	value Value
}

// dynamic is what of a machine's state belongs to the calls under way.
type dynamic struct {
	depth, limit, guards, catching int
	active                         []activation
	aside                          bool
}

func (m *Machine) dynamic() dynamic {
	return dynamic{m.depth, m.limit, m.guards, m.catching, m.active, m.aside}
}

func (m *Machine) restore(d dynamic) {
	m.depth, m.limit, m.guards, m.catching, m.active, m.aside = d.depth, d.limit, d.guards, d.catching, d.active, d.aside
}

// The panics by which a generator's body unwinds.
type (
	returned   struct{ value Value } // its caller makes it return
	abandoned  struct{}              // it is not needed any more
	openlyMade struct{}              // it yields under an open condition
)

// newGenerator is the object that a call of a generator function gives.
func (m *Machine) newGenerator(f *Object, this Value, args []Value) *Object {
	o := m.newObject(KindGenerator)
	o.Proto, _ = m.get(f, "prototype", true).(*Object)
	o.Host = &generator{f: f, this: this, args: args, home: m.journal.kept().id(), run: m.run}
	if m.watch != nil {
		m.watch.generators = append(m.watch.generators, o)
	}
	return o
}

// maxDriven bounds how many values a generator is asked for by LetGo.
const maxDriven = 8

// LetGo runs the generators that were made since calls are watched for, and that nothing that is known makes go on: whoever
// was handed one does. It may be called while Watch evaluates.
func (m *Machine) LetGo() {
	for i := 0; m.watch != nil && i < len(m.watch.generators); i++ {
		o := m.watch.generators[i]
		if g := m.ownGenerator(o.Host.(*generator)); g.state != notBegun {
			continue
		}
		for range maxDriven {
			if m.settled(m.Get(m.Invoke(o, "next"), "done")) != Bool(false) {
				break
			}
		}
	}
}

// id tells a journal apart.
func (j *journal) id() uint64 {
	if j == nil {
		return 0
	}
	return j.birth
}

// maxGenerators bounds how many generators of one machine wait at a time.
const maxGenerators = 1 << 10

// begin makes the coroutine of a generator's body.
func (m *Machine) begin(g *generator) {
	body := func(yield func(Value) bool) {
		defer func() {
			switch r := recover().(type) {
			case nil, abandoned:
			case returned:
				g.result = r.value
			default:
				panic(r)
			}
		}()
		g.result = m.generate(g, func(v Value) signal {
			if m.journal != g.slice {
				panic(openlyMade{})
			}
			g.inside = m.dynamic()
			if !yield(v) {
				panic(abandoned{})
			}
			limit := m.limit
			m.restore(g.inside)
			m.limit = limit
			return g.sent
		})
	}
	g.resume, g.stop = iter.Pull(iter.Seq[Value](body))
	m.generators = append(m.generators, g)
}

// step runs a generator up to its next yield. ok is false where what it gives is not known.
func (m *Machine) step(g *generator, s signal) (v Value, done, ok bool) {
	if g = m.ownGenerator(g); g.state == lost {
		return nil, false, false
	}
	switch {
	case g.state == running:
		return m.raise("TypeError", "Generator is already running"), true, false
	case g.eager != nil:
		return nil, false, false
	case g.state == completed || g.state == notBegun && s.kind != normal:
		g.state = completed
		if s.kind == throws {
			m.throw(s.value)
		}
		return s.valueOf(), true, true
	case g.home != m.journal.kept().id() || g.run != m.run, len(m.generators) >= maxGenerators:
		g.state = lost
		return nil, false, false
	}
	first := g.state == notBegun
	if first {
		m.begin(g)
	}
	return m.sliceOf(g, s, first)
}

// ownGenerator is a generator as the evaluation under way has it: one that another evaluation made begins anew in each.
func (m *Machine) ownGenerator(g *generator) *generator {
	if g.run == m.run || g.state != notBegun {
		return g
	}
	if twin := m.twins[g]; twin != nil && twin.run == m.run {
		return twin
	}
	twin := &generator{f: g.f, this: g.this, args: g.args, home: m.journal.kept().id(), run: m.run}
	m.twins[g] = twin
	return twin
}

func (s signal) valueOf() Value {
	if s.kind == returns {
		return s.value
	}
	return Undefined
}

// sliceOf runs one step of a body that can go on.
func (m *Machine) sliceOf(g *generator, s signal, first bool) (v Value, done, ok bool) {
	outer, around := m.journal, m.dynamic()
	m.depth = max(m.depth, g.inside.depth)
	if outer != nil && outer.slice {
		outer.driven = append(outer.driven, g)
	}
	m.journal = m.newJournal(outer)
	m.journal.slice = true
	g.slice, g.sent, g.state = m.journal, s, running
	defer func() {
		driven := g.slice.driven
		w := m.endJournal()
		m.journal = outer
		m.restore(around)
		r := recover()
		if _, open := r.(openlyMade); open {
			g.state, v, done, ok = lost, nil, false, false
			for _, inner := range driven { // they can't be taken back
				inner.state = lost
			}
			if first {
				m.runWhole(g)
			}
			return
		}
		m.apply(w)
		m.forget(w)
		if r != nil {
			g.state = completed
			panic(r)
		}
	}()
	if m.depth++; m.depth > maxDepth {
		g.state = lost
		return m.overBudget("nested calls"), true, false
	}
	v, more := g.resume()
	if !more {
		g.state = completed
		return g.result, true, true
	}
	g.state = waiting
	return v, false, true
}

// runWhole makes a generator the list of all that it yields.
func (m *Machine) runWhole(g *generator) {
	g.eager = m.newObject(KindIterator)
	list := m.newArray(nil)
	g.result = m.generate(g, func(v Value) signal {
		m.change(list)
		list.Elems = append(list.Elems, Elem{Value: v})
		return signal{kind: normal, value: m.unknown("what the caller of a generator sends", "yield")}
	})
	g.eager.Elems = list.Elems
	g.eager.set(iteratorPosition, &Prop{Value: Number(0), Hidden: true})
	g.eager.set(iteratorResult, &Prop{Value: g.result, Hidden: true})
}

// abandon ends the coroutines that an evaluation has begun.
func (m *Machine) abandon(generators []*generator) {
	journal, around := m.journal, m.dynamic()
	for _, g := range generators {
		g.stop()
		if g.state != completed {
			g.state = lost
		}
	}
	m.journal = journal
	m.restore(around)
}

// generatorSteps goes through a generator.
func (m *Machine) generatorSteps(g *generator) stepper {
	gone := false
	return stepper{func() (e Elem, more bool) {
		if gone {
			return Elem{}, false
		}
		if e, more, gone = m.advanced(g); gone {
			return Elem{Value: m.unknown("a generator that goes on under an open condition", "item"), Each: "generator"}, true
		}
		return e, more
	}, func() { m.finish(g, Undefined) }}
}

// advanced is the next element of a generator that is gone through; gone says that what it gives is not known any more.
func (m *Machine) advanced(g *generator) (e Elem, more, gone bool) {
	g = m.ownGenerator(g)
	v, done, ok := m.step(g, signal{kind: normal, value: Undefined})
	switch {
	case ok:
		return Elem{Value: v}, !done, false
	case g.eager != nil:
		at := int(g.eager.own(iteratorPosition).Value.(Number))
		if at >= len(g.eager.Elems) {
			return Elem{}, false, false
		}
		m.change(g.eager)
		g.eager.set(iteratorPosition, &Prop{Value: Number(at + 1), Hidden: true})
		return g.eager.Elems[at], true, false
	}
	return Elem{}, false, true
}

// finish makes a generator return, as leaving a loop over it does.
func (m *Machine) finish(g *generator, v Value) {
	if g = m.ownGenerator(g); g.state == waiting {
		m.step(g, signal{kind: returns, value: v})
	}
}

var generatorMethods map[string]Native

func init() {
	generatorMethods = map[string]Native{
		"next":         drive(normal),
		"return":       drive(returns),
		"throw":        drive(throws),
		symbolIterator: func(_ *Machine, this Value, _ []Value) Value { return this },
	}
}

// drive is a method by which a program makes a generator go on.
func drive(kind completionKind) Native {
	return func(m *Machine, this Value, args []Value) Value {
		o, ok := this.(*Object)
		if !ok || o.Kind != KindGenerator {
			return m.unknown("a step of something that is no generator", "generator.next")
		}
		g := m.ownGenerator(o.Host.(*generator))
		v, done, ok := m.step(g, signal{kind, argument(args, 0)})
		switch {
		case ok:
			return m.stepOf(v, done)
		case g.eager != nil && kind == normal:
			return iteratorNext(m, g.eager, args)
		}
		return m.resultOf(m.unknown("a step that depends on what is not known", "generator.next"), args)
	}
}
