package eval

import "strings"

// RunIn is RunWithin in one world alone: an open condition is answered as the world does, and no branch is followed that
// it does not take. What an evaluation of all worlds has no budget for may be found so, at the cost of running it. Names
// of modules keep their values in all worlds, and the one of this world is chosen where they are used. What was found is kept
// by the World's address.
func (m *Machine) RunIn(w *World, steps int, f func() Value) Value {
	outer := m.only
	m.only = w
	defer func() { m.only = outer }()
	v, _ := m.within(min(steps, maxStepsInOne), f)
	return v
}

// decide answers c from what is assumed on the path of the evaluation, if that is enough, or as the one world does that
// is evaluated. How many elements a list has that is not known is no question for a world.
func (m *Machine) decide(c *Cond) (value, known bool) {
	if len(m.assumed.answers) == 0 && m.only == nil {
		return c.Constant() // nothing else is known
	}
	return c.eval(func(a *Atom) (bool, bool) {
		v, ok := m.assumed.answer(a)
		if ok || m.only == nil || a.Each != "" {
			return v, ok
		}
		c := &Cond{op: condAtom, atom: a}
		if (m.only.Settled || a.Cut() || a.ofMember()) && !m.only.settles(c) {
			return false, false
		}
		m.guesses++
		return m.only.Holds(c), true
	})
}

// Cut tells a question about something whose evaluation did not come to its end: a bound stopped it, or an exception that
// the program has no reason to throw.
func (a *Atom) Cut() bool {
	return strings.Contains(a.Key, OutOfBudget) || strings.Contains(a.Key, rejectedKey) || strings.Contains(a.Key, throwsKey)
}

// ofMember tells the question whether something is among the elements of a list that is not known, such as a tool of a
// session.
func (a *Atom) ofMember() bool {
	return a.equal != nil && strings.Contains(a.equal.subject.Key, elementMark)
}
