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
		if !a.Decided && (m.only.Settled || a.cut() || a.ofMember()) && !m.only.settles(c) {
			return false, false
		}
		m.guesses++
		return m.only.Holds(c), true
	})
}

// cut tells a question about something whose evaluation did not come to its end.
func (a *Atom) cut() bool { return strings.Contains(a.Key, OutOfBudget) || a.Failed() }

// Failed tells a question about something whose evaluation ended in an exception: as the program has no reason to throw,
// something that it depends on is not as it is when the program runs.
func (a *Atom) Failed() bool {
	return strings.Contains(a.Key, rejectedKey) || strings.Contains(a.Key, throwsKey)
}

// ofMember tells the question whether something is among the elements of a list that is not known, such as a tool of a
// session.
func (a *Atom) ofMember() bool {
	return a.equal != nil && strings.Contains(a.equal.subject.Key, elementMark)
}
