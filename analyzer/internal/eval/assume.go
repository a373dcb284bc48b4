package eval

// assumptions are the answers that hold on the path of an evaluation: an open condition's branches are evaluated with
// what follows from it.
type assumptions struct {
	answers map[uint64]bool  // by the atom's hash
	values  map[uint64]Value // of subjects that are equal to a constant, by the hash of the atom that a subject is
	path    []assumption     // in the order in which they came to be assumed
}

// assumption is an atom that was answered, or a subject whose value is assumed with it.
type assumption struct {
	hash    uint64
	subject bool
}

// assume adds what follows from c being value, and returns the length of the path before, for back.
func (a *assumptions) assume(c *Cond, value bool) (before int) {
	before = len(a.path)
	c.assume(value, func(atom *Atom, v bool) {
		if _, known := a.answers[atom.hash]; known {
			return
		}
		if a.answers == nil {
			a.answers, a.values = map[uint64]bool{}, map[uint64]Value{}
		}
		a.answers[atom.hash] = v
		a.path = append(a.path, assumption{hash: atom.hash})
		if e := atom.equal; v && e != nil && e.to != nil {
			a.set(e)
		}
	})
	return before
}

// set adds that a subject is equal to a constant.
func (a *assumptions) set(e *equality) {
	subject := e.hash
	if _, known := a.values[subject]; !known {
		a.values[subject] = e.to
		a.path = append(a.path, assumption{subject, true})
	}
}

// back takes back what was assumed since the path had a length.
func (a *assumptions) back(before int) {
	for _, s := range a.path[before:] {
		if s.subject {
			delete(a.values, s.hash)
		} else {
			delete(a.answers, s.hash)
		}
	}
	a.path = a.path[:before]
}

// answer is that of an atom, where it is assumed or follows from the value of what it asks about.
func (a *assumptions) answer(atom *Atom) (value, known bool) {
	if v, ok := a.answers[atom.hash]; ok || len(a.values) == 0 {
		return v, ok
	}
	if v, ok := a.values[atom.hash]; ok {
		return Truth(v).Constant()
	}
	e := atom.equal
	if e == nil {
		return false, false
	}
	v, ok := a.values[e.hash]
	if !ok {
		return false, false
	}
	if e.to == nil {
		return v == Null || v == Undefined, true
	}
	return strictEqual(v, e.to), true
}
