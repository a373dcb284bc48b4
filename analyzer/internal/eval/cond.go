package eval

import "strconv"

// Cond is a condition that the program's text leaves open, as an expression over atoms. A nil *Cond is true.
type Cond struct {
	op   condOp
	a, b *Cond
	atom *Atom
	size int    // atoms in it, counted once for each place
	hash uint64 // of its structure: conditions with the same hash are taken for the same
}

// maxCond bounds a condition's size. A larger one counts as one question, with its answer in the default world.
const maxCond = 24

type condOp uint8

const (
	condTrue condOp = iota
	condFalse
	condAtom
	condNot
	condAnd
	condOr
)

// Atom is a question that a condition asks. Two atoms with the same Key always have the same answer. Default is
// its answer in the default world, Printing that in the world which differs from it by the mode alone; Decided says
// whether they follow from the program (an unset variable, a flag's fallback) rather than from taking what is unknown
// as absent.
type Atom struct {
	Key, Expr string
	Default   bool
	Printing  bool
	Decided   bool
	Each      string // not "": the atom stands for a repetition over this list
	Means     *Cond  // what it follows from, where it is a name for that; nil for none
	of        *Cond  // a condition that became too large to keep as one; Expr is then made on demand
	equal     *equality
	from      *Unknown // what it asks to hold
	subject   *Subject // what it asks about, where that is no value
	fallback  Value    // of what it asks to hold: the default that its answers follow from
	hash      uint64   // of Key
}

// Text is the question as a readable expression.
func (a *Atom) Text() string { return a.expr() }

func (a *Atom) expr() string {
	if a.of != nil {
		return "(" + a.of.written(maxAtomText) + ")"
	}
	return a.Expr
}

var (
	always = &Cond{op: condTrue, hash: 1}
	never  = &Cond{op: condFalse, hash: 2}
)

func constant(b bool) *Cond {
	if b {
		return always
	}
	return never
}

func (c *Cond) isTrue() bool { return c == nil || c.op == condTrue }

func (c *Cond) isFalse() bool { return c != nil && c.op == condFalse }

func not(c *Cond) *Cond {
	switch {
	case c.isTrue():
		return never
	case c.isFalse():
		return always
	case c.op == condNot:
		return c.a
	}
	return &Cond{op: condNot, a: c, size: c.size, hash: ^c.hash}
}

func and(a, b *Cond) *Cond {
	switch {
	case a.isFalse() || b.isFalse():
		return never
	case a.isTrue():
		return orTrue(b)
	case b.isTrue() || a.same(b):
		return a
	case a.hash == ^b.hash:
		return never
	}
	return combine(condAnd, a, b)
}

func or(a, b *Cond) *Cond {
	switch {
	case a.isTrue() || b.isTrue():
		return always
	case a.isFalse():
		return b
	case b.isFalse() || a.same(b):
		return a
	case a.hash == ^b.hash:
		return always
	}
	return combine(condOr, a, b)
}

func combine(op condOp, a, b *Cond) *Cond {
	c := &Cond{op: op, a: a, b: b, size: a.size + b.size, hash: mix(mix(uint64(op), a.hash), b.hash)}
	if c.size <= maxCond {
		return c
	}
	return atom(&Atom{Key: c.ID(), Default: c.Default(), Printing: c.printing(), Decided: c.Decided(), of: c})
}

// mix combines two hashes (the finaliser of SplitMix64).
func mix(h, x uint64) uint64 {
	h = (h ^ x) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func atom(a *Atom) *Cond {
	a.hash = atomHash(a.Key)
	return &Cond{op: condAtom, atom: a, size: 1, hash: a.hash}
}

func atomHash(key string) uint64 { return mix(hashOf(key), 3) }

// hashOf is the FNV-1a hash of a text.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func orTrue(c *Cond) *Cond {
	if c == nil {
		return always
	}
	return c
}

// ite is the condition "if c then a else b".
func ite(c, a, b *Cond) *Cond {
	switch {
	case a.isTrue() && b.isFalse():
		return c
	case a.isFalse() && b.isTrue():
		return not(c)
	case a.isTrue():
		return or(c, b)
	case a.isFalse():
		return and(not(c), b)
	case b.isTrue():
		return or(not(c), a)
	case b.isFalse():
		return and(c, a)
	case a.same(b):
		return a
	}
	return or(and(c, a), and(not(c), b))
}

func (c *Cond) same(d *Cond) bool {
	if c == d {
		return true
	}
	if c == nil || d == nil {
		return c.isTrue() && d.isTrue()
	}
	return c.hash == d.hash
}

// eval answers c where answer gives the atoms' values: ok is false for an atom that it doesn't know.
func (c *Cond) eval(answer func(*Atom) (value, ok bool)) (value, ok bool) {
	if c == nil {
		return true, true
	}
	switch c.op {
	case condTrue:
		return true, true
	case condFalse:
		return false, true
	case condAtom:
		return answer(c.atom)
	case condNot:
		v, ok := c.a.eval(answer)
		return !v, ok
	}
	a, aok := c.a.eval(answer)
	isAnd := c.op == condAnd
	if aok && a != isAnd {
		return a, true
	}
	b, bok := c.b.eval(answer)
	if bok && b != isAnd {
		return b, true
	}
	return isAnd, aok && bok
}

// Default answers c in the default world.
func (c *Cond) Default() bool {
	v, _ := c.eval(func(a *Atom) (bool, bool) { return a.Default, true })
	return v
}

// printing answers c in the default world of the print mode.
func (c *Cond) printing() bool {
	v, _ := c.eval(func(a *Atom) (bool, bool) { return a.Printing, true })
	return v
}

// ByDefault tells whether c holds in the default world of one of the modes at least.
func (c *Cond) ByDefault() bool { return c.Default() || c.printing() }

// Decided tells whether c's answer in the default world follows from the program, and does not rest on taking
// something unknown as absent.
func (c *Cond) Decided() bool {
	_, ok := c.eval(func(a *Atom) (bool, bool) { return a.Default, a.Decided })
	return ok
}

// DecidedByMode is Decided in the default world of each mode.
func (c *Cond) DecidedByMode() bool {
	_, ok := c.eval(func(a *Atom) (bool, bool) { return a.Printing, a.Decided })
	return ok && c.Decided()
}

// Atoms calls visit with every atom of c, in order.
func (c *Cond) Atoms(visit func(*Atom)) {
	if c == nil {
		return
	}
	if c.op == condAtom {
		visit(c.atom)
	}
	c.a.Atoms(visit)
	c.b.Atoms(visit)
}

// Implied calls visit with what the answers to other questions are where a has an answer: where it stands for a condition,
// those without which the condition would have the other one.
func (a *Atom) Implied(holds bool, visit func(key string, holds bool)) {
	a.of.implied(holds, visit)
	a.Means.implied(holds, visit)
}

func (c *Cond) implied(holds bool, visit func(key string, holds bool)) {
	switch {
	case c == nil:
	case c.op == condAtom:
		visit(c.atom.Key, holds)
		c.atom.Implied(holds, visit)
	case c.op == condNot:
		c.a.implied(!holds, visit)
	case c.op == condAnd && holds, c.op == condOr && !holds:
		c.a.implied(holds, visit)
		c.b.implied(holds, visit)
	}
}

// Asks tells whether has is true for an atom of c, or of the conditions that an atom stands for.
func (c *Cond) Asks(has func(*Atom) bool) bool { return c.asks(has, map[*Cond]bool{}) }

func (c *Cond) asks(has func(*Atom) bool, seen map[*Cond]bool) bool {
	switch {
	case c == nil || seen[c]:
		return false
	case c.op != condAtom:
		seen[c] = true
		return c.a.asks(has, seen) || c.b.asks(has, seen)
	case c.atom.of != nil:
		seen[c] = true
		return c.atom.of.asks(has, seen)
	}
	return has(c.atom)
}

// assume calls visit with the atoms whose answers follow from c being value.
func (c *Cond) assume(value bool, visit func(a *Atom, value bool)) {
	if c == nil {
		return
	}
	switch {
	case c.op == condAtom:
		visit(c.atom, value)
	case c.op == condNot:
		c.a.assume(!value, visit)
	case c.op == condAnd && value, c.op == condOr && !value:
		c.a.assume(value, visit)
		c.b.assume(value, visit)
	}
}

// Truth returns the condition under which v is truthy.
func Truth(v Value) *Cond {
	switch v := v.(type) {
	case undefined, null:
		return never
	case Bool:
		return constant(bool(v))
	case Number:
		return constant(v != 0 && v == v)
	case String:
		return constant(v != "")
	case BigInt:
		return constant(v != "0")
	case *Text:
		return partsTruth(v.Parts)
	case *Choice:
		return ite(v.Cond, Truth(v.Then), Truth(v.Else))
	case *Unknown:
		return atomOf(v)
	}
	return always
}

// partsTruth is the condition under which a text is not empty.
func partsTruth(parts []Part) *Cond { return new(partsTruths).of(parts) }

// partsTruths remembers the conditions of parts with choices in them: the sides of choices share parts, and those that stand
// one within another would be looked at as often as there are ways to them.
type partsTruths struct{ known map[partsID]*Cond }

// partsID identifies a list of parts by its memory.
type partsID struct {
	first *Part
	count int
}

func (t *partsTruths) of(parts []Part) *Cond {
	chosen := false
	for i := range parts {
		switch p := &parts[i]; {
		case p.Choice != nil:
			chosen = true
		case p.Hole == nil:
			return always // whatever stands beside it
		}
	}
	if !chosen {
		return t.any(parts)
	}
	id := partsID{&parts[0], len(parts)}
	c := t.known[id]
	if c == nil {
		c = t.any(parts)
		if t.known == nil {
			t.known = map[partsID]*Cond{}
		}
		t.known[id] = c
	}
	return c
}

// any is the condition under which a text without literals is not empty.
func (t *partsTruths) any(parts []Part) *Cond {
	c := never
	for i := 0; i < len(parts) && !c.isTrue(); i++ {
		if p := &parts[i]; p.Choice != nil {
			c = or(c, ite(p.Choice.Cond, t.of(p.Choice.Then), t.of(p.Choice.Else)))
		} else {
			c = or(c, atomOf(p.Hole))
		}
	}
	return c
}

// atomOf is the condition that an unknown holds. It is made once, unless the unknown has changed since.
func atomOf(u *Unknown) *Cond {
	if u.asked != nil && u.asked.atom.isOf(u) {
		return u.asked
	}
	a := &Atom{Key: u.Key, Expr: u.Expr, equal: u.equal, from: u, fallback: u.Default}
	if u.Default != nil {
		t := Truth(u.Default)
		a.Default, a.Printing, a.Decided = t.Default(), t.printing(), true
	}
	u.asked = atom(a)
	return u.asked
}

// isOf tells whether an atom asks that an unknown holds, as the unknown is now.
func (a *Atom) isOf(u *Unknown) bool {
	return a.from == u && a.equal == u.equal && a.fallback == u.Default && a.Key == u.Key && a.Expr == u.Expr
}

// fixedUnknown is an unknown that all machines have: nothing of it may change.
func fixedUnknown(u Unknown) *Unknown {
	atomOf(&u)
	return &u
}

// Named is a question of its own about a subject, with the answers that c has, which it stands for.
func Named(key, expr string, s Subject, c *Cond) *Cond {
	return atom(&Atom{Key: key, Expr: expr, subject: &s, Means: c, Default: c.Default(), Printing: c.printing(), Decided: true})
}

// Not is the negation of a condition.
func Not(c *Cond) *Cond { return not(c) }

// And is the conjunction of two conditions; nil is true.
func And(a, b *Cond) *Cond { return and(orTrue(a), orTrue(b)) }

// Size is how many atoms c has, counted once for each place.
func (c *Cond) Size() int {
	switch {
	case c == nil:
		return 0
	case c.op == condAtom && c.atom.of != nil:
		return c.atom.of.Size()
	}
	return c.size
}

// ID tells c apart from others.
func (c *Cond) ID() string { return "cond:" + strconv.FormatUint(orTrue(c).hash, 36) }

// Same tells whether two conditions are put together in the same way.
func (c *Cond) Same(d *Cond) bool { return c.same(d) }

// Or is the disjunction of two conditions; nil is true.
func Or(a, b *Cond) *Cond { return or(orTrue(a), orTrue(b)) }

// Is is the condition that an atom has an answer.
func (a *Atom) Is(value bool) *Cond {
	if value {
		return atom(a)
	}
	return not(atom(a))
}

// Constant tells whether c does not depend on anything, and its value then.
func (c *Cond) Constant() (value, ok bool) { return c.isTrue(), c.isTrue() || c.isFalse() }

// Formula is a condition taken apart, one step. Exactly one of its fields is set, but for a condition that is always true
// or never, which has neither.
type Formula struct {
	Atom     *Atom
	Not      *Cond
	All, Any []*Cond
}

// Formula takes c apart; what is joined in the same way stands in one list.
func (c *Cond) Formula() (f Formula) {
	if c == nil {
		return f
	}
	switch c.op {
	case condAtom:
		f.Atom = c.atom
	case condNot:
		f.Not = c.a
	case condAnd:
		f.All = c.operands(condAnd, nil)
	case condOr:
		f.Any = c.operands(condOr, nil)
	}
	return f
}

func (c *Cond) operands(op condOp, list []*Cond) []*Cond {
	if c.op != op {
		return append(list, c)
	}
	return c.b.operands(op, c.a.operands(op, list))
}
