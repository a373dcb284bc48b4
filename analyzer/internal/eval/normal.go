package eval

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// The normal form of a condition. Minifiers write one condition in many ways (a ? b : c for !a ? c : b, a || b for
// a ? true : b, nested ifs for &&, a chain of else-ifs for a switch), and so does one program. As text a condition is a
// sum of products, or a product of sums where that is shorter, that is the same for all ways of writing it: the
// irredundant cover of Minato and Morreale ("Finding all simple disjunctions in incompletely specified functions",
// 1993), taken from a binary decision diagram over the atoms in the order of their texts. Combinations that can't be,
// such as one thing being equal to two constants, are left out of account.

// Bounds of a normal form. Of a condition past one of them only the atoms are told.
const (
	maxNodes    = 800 // of a decision diagram
	maxProducts = 32
	maxNormal   = 40 // atoms
)

// answer is an atom or its negation.
type answer struct {
	atom  int
	value bool
}

// diagram is a reduced ordered binary decision diagram with the nodes of several conditions over the same atoms.
type diagram struct {
	atoms   []*Atom
	level   map[string]int // of an atom, by key
	nodes   []node
	unique  map[node]int
	applied map[[3]int]int
	built   map[*Cond]int
	covers  map[[2]int]cover
	seen    map[*Cond]bool
	full    bool // a bound was passed: what it says is not to be used
}

type node struct{ level, lo, hi int }

// cover is a sum of products and the function that it is.
type cover struct {
	products [][]answer
	function int
}

const bddFalse, bddTrue = 0, 1

// begin makes the diagram one for some conditions; what it was made of before is used again.
func (d *diagram) begin(conds ...*Cond) {
	if d.level == nil {
		d.level, d.unique, d.applied = map[string]int{}, map[node]int{}, map[[3]int]int{}
		d.built, d.covers, d.seen = map[*Cond]int{}, map[[2]int]cover{}, map[*Cond]bool{}
	}
	clear(d.level)
	clear(d.unique)
	clear(d.applied)
	clear(d.built)
	clear(d.covers)
	clear(d.seen)
	clear(d.atoms)
	d.atoms, d.full = d.atoms[:0], false
	d.nodes = append(d.nodes[:0], node{level: maxNormal + 1}, node{level: maxNormal + 1})
	for _, c := range conds {
		d.collect(c, d.seen)
	}
	d.addNullish()
	slices.SortFunc(d.atoms, func(a, b *Atom) int { return cmp.Or(cmp.Compare(a.Expr, b.Expr), cmp.Compare(a.Key, b.Key)) })
	for i, a := range d.atoms {
		d.level[a.Key] = i
	}
}

// collect finds the atoms of a condition, those inside an atom that stands for a large one too.
func (d *diagram) collect(c *Cond, seen map[*Cond]bool) {
	if c == nil || seen[c] || d.full {
		return
	}
	seen[c] = true
	if d.full = len(seen) > maxNodes; c.op != condAtom {
		d.collect(c.a, seen)
		d.collect(c.b, seen)
		return
	}
	if c.atom.of != nil {
		d.collect(c.atom.of, seen)
		return
	}
	d.addAtom(c.atom)
}

func (d *diagram) addAtom(a *Atom) {
	if _, ok := d.level[a.Key]; !ok {
		d.level[a.Key] = 0
		d.atoms = append(d.atoms, a)
		d.full = d.full || len(d.atoms) > maxNormal
	}
}

func (d *diagram) make(level, lo, hi int) int {
	if lo == hi {
		return lo
	}
	n := node{level, lo, hi}
	id, ok := d.unique[n]
	if !ok {
		if d.full = d.full || len(d.nodes) > maxNodes; d.full {
			return bddFalse
		}
		id = len(d.nodes)
		d.nodes = append(d.nodes, n)
		d.unique[n] = id
	}
	return id
}

// ite is "if f then g else h".
func (d *diagram) ite(f, g, h int) int {
	switch {
	case f == bddTrue || g == h || d.full:
		return g
	case f == bddFalse:
		return h
	case g == bddTrue && h == bddFalse:
		return f
	}
	k := [3]int{f, g, h}
	if r, ok := d.applied[k]; ok {
		return r
	}
	level := min(d.nodes[f].level, d.nodes[g].level, d.nodes[h].level)
	f0, f1 := d.split(f, level)
	g0, g1 := d.split(g, level)
	h0, h1 := d.split(h, level)
	r := d.make(level, d.ite(f0, g0, h0), d.ite(f1, g1, h1))
	d.applied[k] = r
	return r
}

func (d *diagram) split(f, level int) (lo, hi int) {
	if n := d.nodes[f]; n.level == level {
		return n.lo, n.hi
	}
	return f, f
}

func (d *diagram) and(f, g int) int { return d.ite(f, g, bddFalse) }
func (d *diagram) or(f, g int) int  { return d.ite(f, bddTrue, g) }
func (d *diagram) not(f int) int    { return d.ite(f, bddFalse, bddTrue) }

// build is a condition as a function.
func (d *diagram) build(c *Cond) int {
	if c == nil {
		return bddTrue
	}
	if f, ok := d.built[c]; ok {
		return f
	}
	var f int
	switch c.op {
	case condTrue:
		f = bddTrue
	case condFalse:
		f = bddFalse
	case condAtom:
		if c.atom.of != nil {
			f = d.build(c.atom.of)
		} else {
			f = d.make(d.level[c.atom.Key], bddFalse, bddTrue)
		}
	case condNot:
		f = d.not(d.build(c.a))
	case condAnd:
		f = d.and(d.build(c.a), d.build(c.b))
	case condOr:
		f = d.or(d.build(c.a), d.build(c.b))
	}
	d.built[c] = f
	return f
}

// cover finds the irredundant sum of products between two functions.
func (d *diagram) cover(lower, upper int) cover {
	switch {
	case lower == bddFalse || d.full:
		return cover{nil, bddFalse}
	case upper == bddTrue:
		return cover{[][]answer{nil}, bddTrue}
	}
	k := [2]int{lower, upper}
	if c, ok := d.covers[k]; ok {
		return c
	}
	level := min(d.nodes[lower].level, d.nodes[upper].level)
	l0, l1 := d.split(lower, level)
	u0, u1 := d.split(upper, level)
	c0 := d.cover(d.and(l0, d.not(u1)), u0)
	c1 := d.cover(d.and(l1, d.not(u0)), u1)
	rest := d.or(d.and(l0, d.not(c0.function)), d.and(l1, d.not(c1.function)))
	both := d.cover(rest, d.and(u0, u1))
	c := cover{function: d.or(d.make(level, c0.function, c1.function), both.function)}
	for _, p := range c1.products {
		c.products = append(c.products, append([]answer{{level, true}}, p...))
	}
	for _, p := range c0.products {
		c.products = append(c.products, append([]answer{{level, false}}, p...))
	}
	c.products = append(c.products, both.products...)
	d.full = d.full || len(c.products) > maxProducts
	d.covers[k] = c
	return c
}

// Normal is a condition in its normal form.
type Normal struct {
	// Constant says that it holds always, or never, where the rest is empty.
	Constant, Value bool
	// Conjuncts are what has to hold, all of it, each as a readable JavaScript expression; Conds are the same.
	Conjuncts []string
	Conds     []*Cond
	// Large says that the condition is past the bounds: it has one conjunct, which tells only what it depends on.
	Large bool
}

// conjuncts is a function as what has to hold: what all products have in common and the rest of them, or the negated
// products of the opposite where that is shorter.
func (d *diagram) conjuncts(yes, no [][]answer) (n Normal) {
	if answers(no) < answers(yes) {
		for _, p := range no {
			n.add(d.sum(p))
		}
		return n
	}
	shared := func(a answer) bool {
		return !slices.ContainsFunc(yes, func(p []answer) bool { return !slices.Contains(p, a) })
	}
	for _, a := range yes[0] {
		if shared(a) {
			n.add(d.is(a, true).written(maxCondText), d.is(a, true))
		}
	}
	if len(yes) == 1 {
		return n
	}
	var terms []string
	rest := never
	for _, p := range yes {
		p = slices.DeleteFunc(slices.Clone(p), shared)
		term, cond := d.product(p)
		if len(p) > 1 {
			term = "(" + term + ")"
		}
		terms, rest = append(terms, term), or(rest, cond)
	}
	n.add(strings.Join(terms, " || "), rest)
	return n
}

func (n *Normal) add(text string, c *Cond) {
	n.Conjuncts, n.Conds = append(n.Conjuncts, text), append(n.Conds, c)
}

func answers(products [][]answer) (n int) {
	for _, p := range products {
		n += len(p)
	}
	return n
}

// product is a product as text and as a condition.
func (d *diagram) product(p []answer) (string, *Cond) {
	var terms []string
	all := always
	for _, a := range p {
		c := d.is(a, true)
		terms, all = append(terms, c.written(maxCondText)), and(all, c)
	}
	return strings.Join(terms, " && "), all
}

// sum is the negation of a product.
func (d *diagram) sum(p []answer) (string, *Cond) {
	var terms []string
	some := never
	for _, a := range p {
		c := d.is(a, false)
		terms, some = append(terms, c.written(maxCondText)), or(some, c)
	}
	return strings.Join(terms, " || "), some
}

// is is the condition that an answer is given, or is not.
func (d *diagram) is(a answer, given bool) *Cond { return d.atoms[a.atom].Is(a.value == given) }

// large is the summary of a condition past the bounds.
func (d *diagram) large(c *Cond) (n Normal) {
	n.add(summary(c, d.atoms), c)
	n.Large = true
	return n
}

// Summary says in short what a condition asks whose text would be too long.
func (n Normal) Summary() string {
	if n.Large {
		return n.String()
	}
	all := always
	for _, c := range n.Conds {
		all = and(all, c)
	}
	d := &diagram{level: map[string]int{}}
	d.collect(all, map[*Cond]bool{})
	return summary(all, d.atoms)
}

func summary(c *Cond, atoms []*Atom) string {
	var names, exprs []string
	for _, a := range atoms {
		known := len(names)
		asked := a.Asked()
		for _, s := range append([]*Subject{&asked.Subject}, asked.Related...) {
			if name := (schema.Subject{Kind: s.Kind, Name: s.Name}).Readable(); name != "" {
				names = append(names, name)
			}
		}
		if len(names) == known {
			exprs = append(exprs, a.Expr)
		}
	}
	return schema.Summary(c.Default(), names, exprs)
}

// String is the conjuncts as one expression.
func (n Normal) String() string {
	if n.Constant {
		if n.Value {
			return "true"
		}
		return "false"
	}
	if len(n.Conjuncts) == 1 {
		return clip(n.Conjuncts[0])
	}
	parts := make([]string, len(n.Conjuncts))
	for i, s := range n.Conjuncts {
		if parts[i] = s; strings.Contains(s, " || ") {
			parts[i] = "(" + s + ")"
		}
	}
	return clip(strings.Join(parts, " && "))
}

func clip(s string) string {
	if len(s) <= maxCondText {
		return s
	}
	return strings.ToValidUTF8(s[:maxCondText], "") + "..."
}
