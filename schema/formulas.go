package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// formulaRefBytes is about what a reference to a formula costs.
const formulaRefBytes = 9

// formulas finds conditions that stand in several places. Equal ones are one node; a node comes behind those that it is
// made of.
type formulas struct {
	ids   map[string]int
	nodes []formula
}

// formula is a condition, or a part of one.
type formula struct {
	sign  string // "q", "not", "all", "any", or "text" for a formula with its text beside it
	q     int
	text  string
	parts []int
	uses  int // distinct places
	bytes int // once what the parts have stands where it belongs
	entry int // its place among the Document's formulas, or -1
}

// node is the node of a condition without its text.
func (s *formulas) node(c *Cond) int {
	n := formula{sign: "all"}
	switch {
	case c.Q != nil:
		n.sign, n.q = "q", *c.Q
	case c.Not != nil:
		n.sign, n.parts = "not", []int{s.node(c.Not)}
	case len(c.Any) > 0:
		n.sign, n.parts = "any", s.list(c.Any)
	default:
		n.parts = s.list(c.All)
	}
	return s.add(n)
}

func (s *formulas) list(conds []Cond) []int {
	ids := make([]int, len(conds))
	for i := range conds {
		ids[i] = s.node(&conds[i])
	}
	return ids
}

// told is the node of a condition with its text.
func (s *formulas) told(c *Cond) int {
	id := s.node(c)
	if c.Text == "" {
		return id
	}
	return s.add(formula{sign: "text", text: c.Text, parts: []int{id}})
}

func (s *formulas) add(n formula) int {
	key := n.sign + " " + strconv.Itoa(n.q) + numbers(n.parts) + " " + n.text
	id, ok := s.ids[key]
	if !ok {
		id = len(s.nodes)
		s.ids[key] = id
		n.entry = -1
		for _, part := range n.parts {
			s.nodes[part].uses++
		}
		s.nodes = append(s.nodes, n)
	}
	return id
}

// numbers are numbers as a key.
func numbers(ids []int) string {
	var b strings.Builder
	for _, id := range ids {
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(id))
	}
	return b.String()
}

// choose gives those conditions a place among the Document's formulas that are written more shortly so.
func (s *formulas) choose() (table []Cond) {
	table = []Cond{}
	for i := range s.nodes {
		n := &s.nodes[i]
		switch n.sign {
		case "q":
			n.bytes = len(`{"q":}`) + len(strconv.Itoa(n.q))
		case "text":
			n.bytes = len(`,"text":""`) + len(n.text)
		default:
			n.bytes = len(`{"all":[]}`)
		}
		for _, part := range n.parts {
			n.bytes += 1 + s.cost(part)
		}
		if (n.uses-1)*n.bytes > n.uses*formulaRefBytes+2 {
			table = append(table, s.definition(i))
			n.entry = len(table) - 1
		}
	}
	return table
}

// cost is how long a condition is where it stands.
func (s *formulas) cost(id int) int {
	if s.nodes[id].entry >= 0 {
		return formulaRefBytes
	}
	return s.nodes[id].bytes
}

// written is what stands in the place of a condition.
func (s *formulas) written(id int) Cond {
	if n := &s.nodes[id]; n.entry >= 0 {
		return Cond{F: &n.entry}
	}
	return s.definition(id)
}

func (s *formulas) definition(id int) Cond {
	n := &s.nodes[id]
	switch n.sign {
	case "q":
		return Cond{Q: &n.q}
	case "text":
		c := s.written(n.parts[0])
		c.Text = n.text
		return c
	case "not":
		c := s.written(n.parts[0])
		return Cond{Not: &c}
	}
	var list []Cond
	for _, part := range n.parts {
		list = append(list, s.written(part))
	}
	if n.sign == "any" {
		return Cond{Any: list}
	}
	return Cond{All: list}
}

// maxFormula bounds the conditions that references put in their places: a few bytes could ask for any number of questions.
const maxFormula = 1 << 22

// formulaLinker puts formulas in the places of references to them.
type formulaLinker struct {
	formulas []Cond
	sizes    []int
	linked   int
}

// linkFormulas puts formulas in the places of references to them, in all conditions of a Document as it is written.
func (d *Document) linkFormulas() error {
	l := &formulaLinker{}
	for i := range d.Formulas {
		size, err := l.link(&d.Formulas[i])
		if err != nil {
			return fmt.Errorf("formula %d: %w", i, err)
		}
		l.formulas, l.sizes = append(l.formulas, d.Formulas[i]), append(l.sizes, size)
	}
	for c := range d.Conditions() {
		if _, err := l.link(c); err != nil {
			return err
		}
	}
	d.Formulas = nil
	return nil
}

// link links a condition and says how many conditions it is made of.
func (l *formulaLinker) link(c *Cond) (size int, err error) {
	if c.F != nil {
		at := *c.F
		if at < 0 || at >= len(l.formulas) {
			return 0, fmt.Errorf("a reference to formula %d stands before it", at)
		}
		text := c.Text
		if *c = l.formulas[at]; text != "" {
			c.Text = text
		}
		if l.linked += l.sizes[at]; l.linked > maxFormula {
			return 0, fmt.Errorf("its references stand for more than %d conditions", maxFormula)
		}
		return l.sizes[at], nil
	}
	size = 1
	for p := range c.parts() {
		n, err := l.link(p)
		if err != nil {
			return 0, err
		}
		p.Text = "" // which stands beside whole conditions
		size += n
	}
	return size, nil
}
