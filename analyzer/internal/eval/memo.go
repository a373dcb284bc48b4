package eval

import (
	"strconv"
	"strings"
)

// memoKey tells whether a call's result can be kept: the function was there before the outermost evaluation began,
// and so was everything that it is given.
func (m *Machine) memoKey(f *Object, this Value, args []Value) (memoKey, bool) {
	if f.run == m.run || len(args) > maxMemoArgs || f.Func.Generator || m.inOrder() && !f.Func.loads && m.journal.wrote() {
		return memoKey{}, false
	}
	var b strings.Builder
	if !m.identify(&b, this) {
		return memoKey{}, false
	}
	open := isUnknown(this)
	for _, a := range args {
		b.WriteByte(',')
		if !m.identify(&b, a) {
			return memoKey{}, false
		}
		open = open || isUnknown(a)
	}
	return memoKey{f, b.String(), open, m.guards > 0, m.catching > 0, m.only}, true
}

// Bounds of what a memo is kept for.
const (
	maxMemoArgs   = 4
	maxMemoText   = 160
	maxMemoLeaves = 8
)

// identify writes what tells a value apart, and is false for one that belongs to the evaluation under way.
func (m *Machine) identify(b *strings.Builder, v Value) bool {
	switch v := v.(type) {
	case nil:
	case String:
		b.WriteString(strconv.Quote(string(v)))
		return len(v) <= maxMemoText
	case *Unknown:
		b.WriteByte('?')
		b.WriteString(v.Key)
		return len(v.Key) <= maxMemoText
	case Bool, Number, null, undefined:
		b.WriteString(primitiveString(v))
	case *Object:
		if v.run == m.run {
			return false
		}
		b.WriteByte('#')
		b.WriteString(strconv.FormatUint(v.birth, 36))
	case *Choice:
		b.WriteByte('(')
		b.WriteString(strconv.FormatUint(v.Cond.hash, 36))
		b.WriteByte('?')
		ok := leaves(v) <= maxMemoLeaves && m.identify(b, v.Then)
		b.WriteByte(':')
		ok = ok && m.identify(b, v.Else)
		b.WriteByte(')')
		return ok
	case *Text:
		h, ok := hashOfParts(v.Parts)
		b.WriteByte('$')
		b.WriteString(strconv.FormatUint(h, 36))
		return ok
	default:
		return false
	}
	return true
}

// memoEntry is what is known of a call: its value and what it cost to find, or a budget that was too small for it.
type memoEntry struct {
	value  Value
	cost   int
	short  int // the budget with which it was found, where something in it ran out; 0 where nothing did
	failed int
	busy   bool
	made   uint64 // not 0: each call makes the objects of the value anew, and those here are of this evaluation
	fresh  bool   // each call makes objects of its own that can't be copied: nothing is kept
	writes bool   // it changes what was there before: where what a program does is watched, each call does it again
}

// usable tells whether the value will do for a caller with a budget: one that was found with much less is found again.
func (e *memoEntry) usable(budget int) bool {
	return e.value != nil && (e.short == 0 || e.short > budget/2)
}

// memoDiscount says how much less than its cost a result is charged that is known already.
const memoDiscount = 8

// heeds tells whether what calls of a function write counts, and not only what they give. A module inside this one that begins
// when it is first asked for has begun once.
func (m *Machine) heeds(f *Object) bool {
	return m.watch != nil || m.affecting || m.inOrder() && !f.Func.loads
}

// memoized is a call's result, found once, in an evaluation of its own.
func (m *Machine) memoized(k memoKey, f *Object, this Value, args []Value) Value {
	e := m.memo[k]
	if e == nil {
		e = &memoEntry{}
		m.memo[k] = e
	}
	budget := m.limit - m.steps
	if k.open && m.only == nil {
		budget = min(budget, max(minOpenSteps, budget/2))
	}
	switch {
	case budget <= 0:
		m.steps = m.limit + 1
		return outOfBudget
	case e.fresh || e.writes && m.heeds(f) || e.busy || m.forced >= maxForced: // the last two: recursion, or too deep
		return m.enter(f, this, args)
	case e.usable(budget):
		m.steps += min(e.cost, budget) / memoDiscount
		return m.known(e)
	case e.failed >= budget:
		m.steps += budget / memoDiscount
		return m.unanswered(f, args)
	}
	missed, exhausted := m.misses(args), m.exhausted
	r := m.alone(budget, e, f, this, args)
	m.steps += min(r.cost, budget)
	if e.writes && m.heeds(f) && r.cost <= budget {
		return m.enter(f, this, args)
	}
	if t, ok := r.value.(*Unknown); ok && t.Key == thrownKey {
		m.throw(t.thrown)
	}
	v := m.recognized(r.value, f, this, args, missed)
	switch {
	case r.cost > budget:
		e.failed = budget
		if v == Value(outOfBudget) || f.Func.loads { // what a module exports is not known before it has run
			v = m.unanswered(f, args)
		}
	case r.circular || m.over():
	case m.keep(e, v, r):
		e.cost, e.short = r.cost, 0
		if m.exhausted > exhausted {
			e.short = budget
		}
		return m.known(e)
	case e.fresh: // what its parts are changed to later is of the evaluation under way
		return m.enter(f, this, args)
	}
	m.adopt(v, r)
	return m.settled(v)
}

// keep notes the value of a call, and tells whether it can be given again.
func (m *Machine) keep(e *memoEntry, v Value, r result) bool {
	e.made = 0
	if r.fresh {
		if v, e.fresh = m.copied(v, r.run, r.run); e.fresh {
			return false
		}
		e.made = r.run
	}
	e.value = v
	return true
}

// known is a value that was kept, for one more call.
func (m *Machine) known(e *memoEntry) Value {
	v := m.settled(e.value)
	if e.made != 0 {
		v, _ = m.copied(v, e.made, m.run)
	}
	return v
}

// minOpenSteps is what a call that is given something unknown may use at least, and else half of what is left: what
// it says of the unknown is seldom worth more.
const minOpenSteps = 1_600

// unanswered is the result of a call that takes too long.
func (m *Machine) unanswered(f *Object, args []Value) Value {
	u := m.callUnknown(&Unknown{Key: "call " + place(f.Func.Node), Expr: "function", Why: outOfBudget.Why}, args)
	u.Expr = "function(...)" // how far it came says nothing
	return u
}

// result is what a call gives that runs as an evaluation of its own.
type result struct {
	value    Value
	cost     int
	run      uint64 // the evaluation
	circular bool   // the value rests on a name that is still being found
	fresh    bool   // the value is, or may be, an object that each call makes anew
}

// alone runs a call as an evaluation of its own.
func (m *Machine) alone(budget int, e *memoEntry, f *Object, this Value, args []Value) (r result) {
	outer := m.cycle
	m.forced++
	m.cycle = maxForced + 1
	e.busy = true
	e.writes = m.changes(func() {
		r.value, r.cost = m.within(budget, func() Value {
			r.run = m.run
			v := m.enter(f, this, args)
			// an object that the program itself keeps is the same at every call; any other is a new one
			r.fresh = m.isNew(v) && len(m.journal.cells) == 0 && len(m.journal.objs) == 0
			if o, ok := v.(*Object); ok && o.run == m.run && !r.fresh {
				m.statefulKept(f, o)
			}
			return v
		})
	})
	e.busy = false
	r.circular = m.cycle < m.forced
	m.forced--
	if r.circular {
		outer = min(outer, m.cycle)
	}
	m.cycle = outer
	return r
}

// isNew tells whether v is, or may be, an object that the evaluation under way made.
func (m *Machine) isNew(v Value) (is bool) {
	visitLeaves(v, func(leaf Value) {
		if o, ok := leaf.(*Object); ok && o.run == m.run {
			is = true
		}
	})
	return is
}

// adopt makes a new object that an evaluation returned one of the evaluation under way.
func (m *Machine) adopt(v Value, r result) {
	if !r.fresh {
		return
	}
	visitLeaves(v, func(leaf Value) {
		if o, ok := leaf.(*Object); ok && o.run == r.run {
			o.run = m.run
		}
	})
}

func visitLeaves(v Value, visit func(Value)) {
	if c, ok := v.(*Choice); ok {
		visitLeaves(c.Then, visit)
		visitLeaves(c.Else, visit)
		return
	}
	visit(v)
}
