package eval

import "strings"

// equality says that an unknown is the question whether another, the subject, is equal to a constant. A nil constant
// asks whether it is null or undefined.
type equality struct {
	subject *Unknown
	to      Value
	hash    uint64 // of the question whether the subject holds
}

func equalityOf(subject *Unknown, to Value) *equality {
	return &equality{subject, to, atomHash(subject.Key)}
}

// nullish tells a question for null, undefined or either.
func (e *equality) nullish() bool { return e.to == nil || e.to == Null || e.to == Undefined }

// addNullish adds the question x == null where both x === null and x === undefined are asked.
func (d *diagram) addNullish() {
	for _, a := range d.atoms {
		if a.equal == nil || a.equal.to != Null {
			continue
		}
		for _, b := range d.atoms {
			if b.equal != nil && b.equal.to == Undefined && b.equal.subject.Key == a.equal.subject.Key {
				d.addAtom(nullish(a.equal.subject).atom)
			}
		}
	}
}

// joinNullish replaces the questions x === null and x === undefined by x == null in functions that do not tell them
// apart.
func (d *diagram) joinNullish(f, g int) (int, int) {
	for _, a := range d.atoms {
		if a.equal == nil || a.equal.to != Null {
			continue
		}
		subject := a.equal.subject
		b := d.question(subject, Undefined)
		either, ok := d.level[nullish(subject).atom.Key]
		if b < 0 || !ok {
			continue
		}
		first, second := d.level[a.Key], b
		isNull := func(h int) int { return d.with(d.with(h, first, true), second, false) }
		isUndefined := func(h int) int { return d.with(d.with(h, first, false), second, true) }
		neither := func(h int) int { return d.with(d.with(h, first, false), second, false) }
		if isNull(f) != isUndefined(f) || isNull(g) != isUndefined(g) {
			continue
		}
		question := d.make(either, bddFalse, bddTrue)
		join := func(h int) int {
			return d.ite(question, d.with(isNull(h), either, true), d.with(neither(h), either, false))
		}
		f, g = join(f), join(g)
	}
	return f, g
}

// question is the level of the atom that asks whether a subject is equal to a constant, or -1.
func (d *diagram) question(subject *Unknown, to Value) int {
	for i, a := range d.atoms {
		if a.equal != nil && a.equal.to == to && a.equal.subject.Key == subject.Key {
			return i
		}
	}
	return -1
}

// with is a function where an atom has a value.
func (d *diagram) with(f, level int, value bool) int {
	n := d.nodes[f]
	switch {
	case n.level > level:
		return f
	case n.level == level && value:
		return n.hi
	case n.level == level:
		return n.lo
	}
	return d.ite(d.make(n.level, bddFalse, bddTrue), d.with(n.hi, level, value), d.with(n.lo, level, value))
}

// possible is the function that leaves out what can't be: a subject that is equal to two constants, or that holds and
// is null.
func (d *diagram) possible() int {
	care := bddTrue
	rule := func(f int) { care = d.and(care, f) }
	variable := func(i int) int { return d.make(i, bddFalse, bddTrue) }
	for i, a := range d.atoms {
		for j, b := range d.atoms {
			switch {
			case a.equal == nil:
			case b.equal == nil && b.Key == a.equal.subject.Key: // b asks whether the subject holds
				if Truth(a.equal.value()).isTrue() {
					rule(d.or(d.not(variable(i)), variable(j)))
				} else {
					rule(d.not(d.and(variable(i), variable(j))))
				}
			case b.equal == nil || i >= j || a.equal.subject.Key != b.equal.subject.Key:
			case a.equal.nullish() && b.equal.to == nil:
				rule(d.or(d.not(variable(i)), variable(j)))
			case b.equal.nullish() && a.equal.to == nil:
				rule(d.or(d.not(variable(j)), variable(i)))
			case a.equal.subject.isOneOfMany(): // another element may be equal to the other constant
			default:
				rule(d.not(d.and(variable(i), variable(j))))
			}
		}
	}
	return care
}

// isOneOfMany tells whether an unknown stands for any element of a list, or for a member of one.
func (u *Unknown) isOneOfMany() bool { return strings.Contains(u.Key, elementMark) }

// value is a value that the question is asked for.
func (e *equality) value() Value {
	if e.to == nil {
		return Null
	}
	return e.to
}
