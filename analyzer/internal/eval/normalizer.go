package eval

import (
	"hash/maphash"
	"slices"
	"sync"
)

// normalizer puts conditions into normal form and remembers what it found: the texts of a program depend on the same
// conditions again and again. It is for one goroutine.
type normalizer struct {
	found    map[[2]uint64]Normal // by a condition and what holds
	prints   map[*Cond]uint64
	ids      map[string]int32   // of what conditions ask about
	subjects map[uint64][]int32 // by the hash of a condition, ascending
	readers  map[*Cond]*Cond    // see ForReaders
	seen     map[*Cond]bool     // for one search
	diagram  diagram
}

var (
	normalizers = sync.Pool{New: func() any {
		return &normalizer{found: map[[2]uint64]Normal{}, prints: map[*Cond]uint64{}, ids: map[string]int32{}, subjects: map[uint64][]int32{}, readers: map[*Cond]*Cond{}, seen: map[*Cond]bool{}}
	}}
	seed = maphash.MakeSeed()
)

// maxRemembered bounds the conditions that are remembered.
const maxRemembered = 1 << 15

// takeNormalizer takes a normalizer out of the pool, without what it remembers where that is too much.
func takeNormalizer() *normalizer {
	n := normalizers.Get().(*normalizer)
	if len(n.prints)+len(n.readers) > maxRemembered {
		clear(n.found)
		clear(n.prints)
		clear(n.ids)
		clear(n.subjects)
		clear(n.readers)
	}
	return n
}

// Given is c in normal form where another condition holds; nil is true. What it returns is not to be changed.
func (c *Cond) Given(path *Cond) Normal {
	if v, ok := c.Constant(); ok {
		return Normal{Constant: true, Value: v}
	}
	n := takeNormalizer()
	defer normalizers.Put(n)
	key := [2]uint64{n.print(c), n.print(path)}
	normal, ok := n.found[key]
	if !ok {
		normal = n.given(c, path)
		n.found[key] = normal
	}
	return normal
}

// Demands are what has to hold for c, in normal form: of c as a whole, or part by part where it is too large for that.
// Large says that parts are left out which are too large themselves.
func (c *Cond) Demands() Normal {
	whole := c.Given(nil)
	if !whole.Large {
		return whole
	}
	var all Normal
	for _, part := range c.conjuncts(nil, map[*Cond]bool{}) {
		p := part.Given(nil)
		if p.Large {
			all.Large = true
			continue
		}
		for i, text := range p.Conjuncts {
			if !slices.Contains(all.Conjuncts, text) {
				all.add(text, p.Conds[i])
			}
		}
	}
	return all
}

// print tells conditions apart that are not the same, or that are told in other words.
func (n *normalizer) print(c *Cond) uint64 {
	if c == nil {
		return always.hash
	}
	print, ok := n.prints[c]
	if ok {
		return print
	}
	switch {
	case c.op != condAtom:
		print = mix(mix(uint64(c.op), n.print(c.a)), n.print(c.b))
	case c.atom.of != nil:
		print = mix(n.print(c.atom.of), uint64(condAtom))
	default:
		a := c.atom
		print = mix(mix(c.hash, maphash.String(seed, a.Expr)), maphash.Comparable(seed, [3]bool{a.Default, a.Printing, a.Decided}))
		if a.equal != nil {
			print = mix(print, maphash.String(seed, a.equal.subject.Expr))
		}
	}
	n.prints[c] = print
	return print
}

func (n *normalizer) given(c, path *Cond) Normal {
	path = n.concerning(path, c)
	if path == nil && c.single() {
		return Normal{Conjuncts: []string{c.written(maxCondText)}, Conds: []*Cond{c}}
	}
	d := &n.diagram
	d.begin(c, path)
	if d.full && path != nil {
		path = nil // what holds is too much to take into account
		d.begin(c)
	}
	if d.full {
		return d.large(c)
	}
	f, care := d.joinNullish(d.build(c), d.build(path))
	care = d.and(care, d.possible())
	yes := d.cover(d.and(f, care), d.or(f, d.not(care)))
	no := d.cover(d.and(d.not(f), care), d.or(d.not(f), d.not(care)))
	switch {
	case d.full:
		return d.large(c)
	case yes.function == bddTrue || len(no.products) == 0:
		return Normal{Constant: true, Value: true}
	case len(yes.products) == 0:
		return Normal{Constant: true}
	}
	return d.conjuncts(yes.products, no.products)
}

// single tells a condition that is one question, or its negation.
func (c *Cond) single() bool {
	if c.op == condNot {
		c = c.a
	}
	return c.op == condAtom && c.atom.of == nil
}

// concerning is what of a path, as a conjunction, has to do with a condition: by the things that both ask about, and
// further by those that these conjuncts ask about; nil for nothing.
func (n *normalizer) concerning(path, c *Cond) *Cond {
	if path.isTrue() {
		return nil
	}
	about := n.subjectsOf(c)
	if !overlap(n.subjectsOf(path), about) {
		return nil
	}
	rest := path.conjuncts(nil, map[*Cond]bool{})
	var out *Cond
	for again := true; again; {
		again = false
		rest = slices.DeleteFunc(rest, func(part *Cond) bool {
			keys := n.subjectsOf(part)
			if !overlap(keys, about) {
				return false
			}
			again = true
			about = append(slices.Clone(about), keys...)
			slices.Sort(about)
			out = And(out, part)
			return true
		})
	}
	return out
}

// overlap tells whether two ascending lists have something in common.
func overlap(a, b []int32) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// conjuncts adds the conditions that all have to hold for c to hold.
func (c *Cond) conjuncts(list []*Cond, seen map[*Cond]bool) []*Cond {
	if c.isTrue() || seen[c] || len(seen) > maxNodes {
		return list
	}
	seen[c] = true
	switch {
	case c.op == condAnd:
		return c.b.conjuncts(c.a.conjuncts(list, seen), seen)
	case c.op == condAtom && c.atom.of != nil && c.atom.of.op == condAnd:
		return c.atom.of.conjuncts(list, seen)
	}
	return append(list, c)
}

// subjectsOf are the ids of what a condition asks about, ascending.
func (n *normalizer) subjectsOf(c *Cond) []int32 {
	if known, ok := n.subjects[c.hash]; ok {
		return known
	}
	var ids []int32
	clear(n.seen)
	c.eachSubject(n.seen, func(key string) {
		id, ok := n.ids[key]
		if !ok {
			id = int32(len(n.ids))
			n.ids[key] = id
		}
		ids = append(ids, id)
	})
	slices.Sort(ids)
	ids = slices.Compact(ids)
	n.subjects[c.hash] = ids
	return ids
}

// eachSubject calls visit with the keys of what a condition asks about, those inside an atom that stands for a large
// one too.
func (c *Cond) eachSubject(seen map[*Cond]bool, visit func(key string)) {
	if c == nil || seen[c] || len(seen) > maxNodes {
		return
	}
	seen[c] = true
	switch {
	case c.op != condAtom:
		c.a.eachSubject(seen, visit)
		c.b.eachSubject(seen, visit)
	case c.atom.of != nil:
		c.atom.of.eachSubject(seen, visit)
	case c.atom.equal != nil:
		visit(c.atom.equal.subject.Key)
	default:
		visit(c.atom.Key)
	}
}
