package eval

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// What a program keeps at module level and sets while it runs: a name, a member of an object or a field of an instance
// that functions assign. What a function assigns counts as set at start where it depends on nothing but the world, such as
// the mode; it then takes the place of the initial value, under its condition. A name that something computed is kept in
// is a cache, and one that a function both tests and sets keeps something from being done twice: these are as at start.
// A function, or an object of functions, is part of the program and nothing that it computes: where one is put, and no
// other, it is there.
// Anything else that is assigned may or may not have been by the time of a look-up: the value is unknown then, with the
// one at start as its default.

// Bounds of what is looked at for one name or member.
const (
	maxPlaces      = 16        // assignments to it
	maxCallers     = 8         // calls of one setter
	maxCallerBytes = 128 << 10 // of a statement that holds a call
	maxCallerHops  = 4         // calls on the way to one
	maxStateSteps  = 1_600     // of an evaluation of all of them
)

// slot is where state is kept: a name, or a member of an object.
type slot struct {
	key   string // tells it apart
	label string // what a reader knows it by
}

// written is a value that is assigned, and when.
type written struct {
	value Value
	when  *Cond
}

// stateful is what a module-level name holds, given what functions assign to it or to its members.
func (m *Machine) stateful(b scope.Binding, v Value) Value {
	if b.Thunk >= 0 {
		return v
	}
	o, ok := v.(*Object)
	switch {
	case startsState(v):
		if places := placesOf(b.Module.Assignments(b.Name), ""); places != nil {
			return m.stateOf(b, v, places)
		}
	case ok && o.Kind == KindObject && o.Func == nil:
		m.statefulMembers(b, o)
	}
	return v
}

// stateOf is what a name holds that starts with a value and is assigned at places.
func (m *Machine) stateOf(b scope.Binding, v Value, places []js.Assignment) Value {
	// the name of a variable is another in each build
	s := slot{"state " + strconv.Itoa(b.Module.ID) + ":" + b.Name, "moduleState"}
	return m.state(s, v, func() []written { return m.written(b.Module, b.Name, places) })
}

// startsState tells the values that a program starts a state with.
func startsState(v Value) bool {
	switch v.(type) {
	case undefined, null, Bool, String:
		return true
	}
	return false
}

// statefulMembers lets the members of an object that functions assign find what they hold when they are asked for.
func (m *Machine) statefulMembers(b scope.Binding, o *Object) {
	seen := map[string]bool{}
	all := b.Module.Assignments(b.Name)
	for _, a := range all {
		p := o.own(a.Key)
		if seen[a.Key] || !a.Plain || a.Called || p == nil || !startsState(p.Value) {
			continue
		}
		seen[a.Key] = true
		places := placesOf(all, a.Key)
		s := slot{"state " + strconv.Itoa(b.Module.ID) + ":" + b.Name + "." + a.Key, a.Key}
		m.statefulMember(p, func(initial Value) Value {
			return m.state(s, initial, func() []written { return m.written(b.Module, b.Name, places) })
		})
	}
}

// statefulMember lets a member find what it holds, on first use by another evaluation than the one that made its object.
func (m *Machine) statefulMember(p *Prop, find func(initial Value) Value) {
	c := &Cell{run: m.run}
	c.init = func() Value {
		c.value = p.Value
		return find(p.Value)
	}
	p.state = c
}

// placesOf are the places at which a member, or for "" the name itself, is assigned; nil where none of them is plain.
func placesOf(all []js.Assignment, key string) (places []js.Assignment) {
	plain := false
	for _, a := range all {
		if a.Key == key && !a.Called {
			places = append(places, a)
			plain = plain || a.Plain
		}
	}
	if !plain {
		return nil
	}
	return places
}

// state is what a slot holds that starts with a value, given what is written to it.
func (m *Machine) state(s slot, initial Value, writes func() []written) Value {
	v := initial
	u := &Unknown{Key: s.key, Expr: s.label, Why: setLater}
	var later []Value
	var provider *Object
	cache := false
	m.RunWithin(maxStateSteps, func() Value {
		for _, w := range writes() {
			if restsOf(w.value, w.when).mode {
				w = w.asStarted()
			}
			switch o, object := w.value.(*Object); {
			case object && o.provides() && (provider == nil || provider.Site == o.Site):
				provider = o
			case object && o.provides():
				later = append(later, o)
			case object || w.value == computed:
				cache = true
			case ofWorld(w):
				v = m.choose(w.when, w.value, v)
			default:
				later = append(later, w.value)
			}
		}
		return Undefined
	})
	if provider != nil && !cache && len(later) == 0 && v == initial {
		return provider
	}
	u.Default = v
	if cache || !differs(later, v) {
		return v
	}
	return u
}

const setLater = "set while the program runs"

// ofState tells a condition that depends on nothing but what the program sets while it runs.
func (c *Cond) ofState() bool {
	_, constant := c.Constant()
	return !constant && !c.Asks(func(a *Atom) bool { return a.from == nil || a.from.Why != setLater })
}

// provides tells a function that the program declares, and an object that has functions and nothing else.
func (o *Object) provides() bool {
	if o.Func != nil {
		return o.Func.Node.Valid() && o.Func.class == nil
	}
	for _, e := range o.props.entries {
		if !IsFunction(e.value.Value) {
			return false
		}
	}
	return o.Kind == KindObject && len(o.props.entries) > 0 && len(o.open) == 0
}

// differs tells whether one of the values is none that v may be.
func differs(values []Value, v Value) bool {
	for _, w := range values {
		is := false
		visitLeaves(v, func(leaf Value) { is = is || same(leaf, w) })
		if !is {
			return true
		}
	}
	return false
}

// ofWorld tells whether the value that is written depends on nothing but the world. When it is written has to depend on
// nothing else either, or the default world of each mode decides it.
func ofWorld(w written) bool {
	value, all := restsOf(w.value, nil), restsOf(w.value, w.when)
	return value.all && all.some && (all.all || w.when.DecidedByMode())
}

// worldly says what values and conditions depend on.
type worldly struct {
	some, all bool            // that is of the world, and whether all is
	mode      bool            // the mode is a part of it
	seen      map[uint64]bool // conditions that are kept as one question share parts with one another
}

// restsOf finds what a value depends on, and the condition under which it is one.
func restsOf(v Value, when *Cond) worldly {
	c := worldly{all: true, seen: map[uint64]bool{}}
	c.value(v)
	c.cond(when)
	return c
}

func (c *worldly) key(key string) {
	of := isWorldKey(key)
	c.some, c.all, c.mode = c.some || of, c.all && of, c.mode || key == modeKey
}

func (c *worldly) cond(when *Cond) {
	when.Atoms(func(a *Atom) {
		switch {
		case a.of == nil:
			c.key(a.Key)
		case !c.seen[a.hash]:
			c.seen[a.hash] = true
			c.cond(a.of)
		}
	})
}

func (c *worldly) value(v Value) {
	switch v := v.(type) {
	case *Choice:
		c.cond(v.Cond)
		c.value(v.Then)
		c.value(v.Else)
	case *Unknown:
		c.key(v.Key)
	case *Text:
		c.all = false
	}
}

// isWorldKey tells a question of the world from others by its key.
func isWorldKey(key string) bool {
	if strings.Contains(key, "parameter ") {
		return false
	}
	for _, prefix := range []string{modeKey, "env:", "on:env:", "off:env:", "flag:", "process."} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// asStarted is w where nobody gives the program's command any options but those of the mode.
func (w written) asStarted() written {
	seen := map[*Cond]*Cond{}
	withoutOptions := func(c *Cond) *Cond { return c.settle(withoutOption, seen) }
	return written{withConds(w.value, withoutOptions), withoutOptions(w.when)}
}

// withoutOption is the answer to a question for an option of the program's command, as in the default world of the mode; nil
// for another question.
func withoutOption(a *Atom) *Cond {
	if !strings.HasPrefix(a.Key, commandLineKey) && a.Asked().Kind != schema.KindArgument {
		return nil
	}
	return a.byMode()
}

// byMode is the answer to a question in the default world of the mode.
func (a *Atom) byMode() *Cond {
	return ite(interactively(), constant(a.Default), constant(a.Printing))
}

// withConds is a value with what a function makes of its conditions.
func withConds(v Value, of func(*Cond) *Cond) Value {
	c, ok := v.(*Choice)
	if !ok {
		return v
	}
	cond, then, els := of(c.Cond), withConds(c.Then, of), withConds(c.Else, of)
	switch {
	case cond.isTrue() || same(then, els):
		return then
	case cond.isFalse():
		return els
	}
	return &Choice{cond, then, els}
}

// settle is c with the atoms answered for which there is an answer; seen holds what was settled before.
func (c *Cond) settle(answer func(*Atom) *Cond, seen map[*Cond]*Cond) *Cond {
	if c == nil {
		return nil
	}
	if r, ok := seen[c]; ok {
		return r
	}
	r := c
	switch c.op {
	case condAtom:
		if known := answer(c.atom); known != nil {
			r = known
		} else if c.atom.of != nil {
			r = c.atom.of.settle(answer, seen)
		}
	case condNot:
		r = not(c.a.settle(answer, seen))
	case condAnd:
		r = and(c.a.settle(answer, seen), c.b.settle(answer, seen))
	case condOr:
		r = or(c.a.settle(answer, seen), c.b.settle(answer, seen))
	}
	seen[c] = r
	return r
}
