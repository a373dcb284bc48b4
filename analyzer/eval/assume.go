package eval

// assumptions are the answers that hold on the path of an evaluation: an open condition's branches are evaluated with
// what follows from it.
type assumptions struct {
	answers map[uint64]bool // by the atom's hash
	path    []uint64        // atoms, in the order in which they came to be assumed
}

// assume adds what follows from c being value, and returns the length of the path before, for back.
func (a *assumptions) assume(c *Cond, value bool) (before int) {
	before = len(a.path)
	c.assume(value, func(atom *Atom, v bool) {
		if _, known := a.answers[atom.hash]; known {
			return
		}
		if a.answers == nil {
			a.answers = map[uint64]bool{}
		}
		a.answers[atom.hash] = v
		a.path = append(a.path, atom.hash)
	})
	return before
}

// back takes back what was assumed since the path had a length.
func (a *assumptions) back(before int) {
	for _, atom := range a.path[before:] {
		delete(a.answers, atom)
	}
	a.path = a.path[:before]
}

// decide answers c from what is assumed on the path of the evaluation, if that is enough.
func (m *Machine) decide(c *Cond) (value, known bool) {
	return c.eval(func(a *Atom) (bool, bool) {
		v, ok := m.assumed.answers[a.hash]
		return v, ok
	})
}
