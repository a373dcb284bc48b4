package export

import (
	"github.com/bundlens/bundlens/internal/ordered"
)

// kind is what sort of values a shape takes.
type kind int

const (
	anything kind = iota
	nothing
	null
	boolean
	number
	integer
	text
	array
	tuple
	object
	literal
	union
	intersection
	reference
)

// shape is a JSON Schema as a type: what the languages' writers need of it, whatever the draft. The values of a shape
// are those of its schema, or more of them: what it does not say is in its notes and checks.
type shape struct {
	kind   kind
	doc    string
	notes  []string // what a schema says that no shape can
	checks []check  // what a schema asks of a value of the kind beyond it
	value  any      // of a literal
	of     []*shape // the alternatives, the conjuncts, a tuple's elements
	rest   *shape   // an array's elements; a tuple's and an object's further ones, nil where there may be none
	least  int      // how many elements a tuple has at least
	props  []property
	ref    *definition
	oneOf  bool // exactly one alternative holds
	preset any  // the default, if hasPreset
	has    bool
}

// property is a named member of an object.
type property struct {
	name     string
	required bool
	*shape
}

// check is a keyword that narrows a kind.
type check struct {
	name  string
	value any
}

// String is the keyword as a schema has it.
func (c check) String() string {
	if c.value == nil {
		return c.name
	}
	return c.name + " " + ordered.String(c.value)
}

// definition is a schema that others refer to.
type definition struct {
	name  string // an identifier
	shape *shape
	again bool // it refers to itself, perhaps by way of others
}

// shaped is a schema as a whole: its shape and the definitions that it uses, each after those that it depends on as
// far as that can be.
type shaped struct {
	root        *definition
	definitions []*definition // without the root
}

// each calls f for the shapes of which one is made, in order.
func (s *shape) each(f func(*shape)) {
	for _, part := range s.of {
		f(part)
	}
	for _, p := range s.props {
		f(p.shape)
	}
	if s.rest != nil {
		f(s.rest)
	}
}

// settle puts definitions in order, finds those that refer to themselves, and cuts those that are nothing but
// themselves, of which no language can make a type.
func (s *shaped) settle() {
	cutCircles(append([]*definition{s.root}, s.definitions...))
	var order []*definition
	state := map[*definition]int{}
	var visit func(*definition)
	visit = func(d *definition) {
		state[d] = 1
		walk(d.shape, func(part *shape) {
			if part.kind != reference {
				return
			}
			switch state[part.ref] {
			case 0:
				visit(part.ref)
			case 1:
				part.ref.again = true
			}
		})
		state[d] = 2
		if d != s.root {
			order = append(order, d)
		}
	}
	visit(s.root)
	s.definitions = order
}

// walk calls f for a shape and all below it.
func walk(s *shape, f func(*shape)) {
	f(s)
	s.each(func(part *shape) { walk(part, f) })
}

// cutCircles makes anything of a reference that leads back to its own definition by way of alternatives and conjuncts
// alone: such a schema says nothing.
func cutCircles(list []*definition) {
	state := map[*definition]int{}
	var visit func(d *definition)
	var direct func(s *shape)
	direct = func(s *shape) {
		switch s.kind {
		case union, intersection:
			for _, part := range s.of {
				direct(part)
			}
		case reference:
			switch state[s.ref] {
			case 0:
				visit(s.ref)
			case 1:
				*s = shape{doc: s.doc, notes: append(s.notes, "refers to nothing but itself")}
			}
		}
	}
	visit = func(d *definition) {
		state[d] = 1
		direct(d.shape)
		state[d] = 2
	}
	for _, d := range list {
		if state[d] == 0 {
			visit(d)
		}
	}
}
