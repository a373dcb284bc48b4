package schema

import (
	"iter"
	"strconv"
)

// Cond is a condition: a formula over the Document's Questions. One of Q, Not, All and Any is set; with none of them it
// holds always. [Answers.Holds] evaluates it.
//
//	{"text": "interactive && !process.env.QUIET", "all": [{"q": 7}, {"not": {"q": 3}}]}
type Cond struct {
	// Text says it to people. It stands beside a whole condition, and not beside the parts of one. Where the formula is
	// too long to read, it says what holds by default and what that depends on.
	Text string `json:"text,omitempty"`
	// Q is the question that has to be answered with yes: a place in the Document's Questions, counted from 0.
	Q *int `json:"q,omitempty"`
	// Not is what must not hold.
	Not *Cond `json:"not,omitempty"`
	// All have to hold, every one of them.
	All []Cond `json:"all,omitempty"`
	// Any are those of which one has to hold.
	Any []Cond `json:"any,omitempty"`
	// F stands for one of the Document's Formulas, by its place. It is there only in a written Document.
	F *int `json:"f,omitempty"`
}

// Asks is the condition that a question is answered with yes.
func Asks(id int) Cond { return Cond{Q: &id} }

// Negated is the condition that c does not hold.
func Negated(c Cond) Cond {
	if c.Not != nil {
		return *c.Not
	}
	c.Text = ""
	return Cond{Not: &c}
}

// String is the condition's text; the formula itself where it has none.
func (c *Cond) String() string {
	switch {
	case c == nil:
		return ""
	case c.Text != "":
		return c.Text
	case c.Q != nil:
		return "question " + strconv.Itoa(*c.Q)
	case c.Not != nil:
		return "!(" + c.Not.String() + ")"
	case len(c.All) > 0:
		return joined(c.All, " && ")
	case len(c.Any) > 0:
		return joined(c.Any, " || ")
	}
	return "true"
}

func joined(list []Cond, sign string) (s string) {
	for i := range list {
		if i > 0 {
			s += sign
		}
		if part := list[i].String(); len(list[i].All)+len(list[i].Any) > 0 {
			s += "(" + part + ")"
		} else {
			s += part
		}
	}
	return s
}

// parts are the conditions that c is made of.
func (c *Cond) parts() iter.Seq[*Cond] {
	return func(yield func(*Cond) bool) {
		if c.Not != nil && !yield(c.Not) {
			return
		}
		for _, list := range [][]Cond{c.All, c.Any} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Questions goes through the questions that the condition asks, in order; one that is asked twice comes twice.
func (c *Cond) Questions() iter.Seq[int] {
	return func(yield func(int) bool) { c.eachQuestion(yield) }
}

func (c *Cond) eachQuestion(yield func(int) bool) bool {
	if c == nil {
		return true
	}
	if c.Q != nil && !yield(*c.Q) {
		return false
	}
	for p := range c.parts() {
		if !p.eachQuestion(yield) {
			return false
		}
	}
	return true
}

// Renumbered is c with other ids of its questions. A part that both may share is not changed.
func (c *Cond) Renumbered(id func(int) int) *Cond {
	if c == nil {
		return nil
	}
	out := Cond{Text: c.Text, Not: c.Not.Renumbered(id)}
	if c.Q != nil {
		n := id(*c.Q)
		out.Q = &n
	}
	for i := range c.All {
		out.All = append(out.All, *c.All[i].Renumbered(id))
	}
	for i := range c.Any {
		out.Any = append(out.Any, *c.Any[i].Renumbered(id))
	}
	return &out
}

// Renumber gives questions, fragments and formulas other places in all conditions and texts of a Document as it is written,
// before it is linked.
func (d *Document) Renumber(question, fragment, formula func(int) int) {
	for c := range d.Conditions() {
		c.renumber(question, formula)
	}
	for i := range d.Formulas {
		d.Formulas[i].renumber(question, formula)
	}
	for t := range d.Texts() {
		renumberParts(t.Parts, fragment)
	}
	for _, parts := range d.Fragments {
		renumberParts(parts, fragment)
	}
}

func renumberParts(parts []Part, fragment func(int) int) {
	for i := range parts {
		p := &parts[i]
		if p.Ref != nil {
			*p.Ref = fragment(*p.Ref)
		}
		for j := range p.Choice {
			renumberParts(p.Choice[j].Parts, fragment)
		}
		if p.Each != nil {
			renumberParts(p.Each.Parts, fragment)
		}
	}
}

func (c *Cond) renumber(question, formula func(int) int) {
	if c.Q != nil {
		*c.Q = question(*c.Q)
	}
	if c.F != nil {
		*c.F = formula(*c.F)
	}
	for p := range c.parts() {
		p.renumber(question, formula)
	}
}
