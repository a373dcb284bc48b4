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
	run   bool // a part of longer lists, and not a condition of its own
	uses  int  // distinct places
	bytes int  // once what the parts have stands where it belongs
	entry int  // its place among the Document's formulas, or -1
	done  bool
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
		n.sign, n.parts = "any", s.list(nil, "any", c.Any)
	default:
		n.parts = s.list(nil, "all", c.All)
	}
	return s.add(n)
}

// list adds the nodes of conditions that a sign joins. One that it joins as well is its parts.
func (s *formulas) list(ids []int, sign string, conds []Cond) []int {
	for i := range conds {
		switch c := &conds[i]; {
		case sign == "any" && len(c.Any) > 0 && c.Q == nil && c.Not == nil:
			ids = s.list(ids, sign, c.Any)
		case sign == "all" && len(c.All) > 0 && c.Q == nil && c.Not == nil && len(c.Any) == 0:
			ids = s.list(ids, sign, c.All)
		default:
			ids = append(ids, s.node(c))
		}
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
	s.pair("all")
	s.pair("any")
	for i := range s.nodes {
		for _, part := range s.nodes[i].parts {
			s.nodes[part].uses++
		}
	}
	table = []Cond{}
	for i := range s.nodes {
		table = s.decide(table, i)
	}
	return table
}

// pair makes a node of each run of conditions that stands in several lists of a sign.
func (s *formulas) pair(sign string) {
	var nodes []int
	var lists [][]int
	for i := range s.nodes {
		if s.nodes[i].sign == sign {
			nodes, lists = append(nodes, i), append(lists, s.nodes[i].parts)
		}
	}
	pair(lists, func(p [2]int) int { return s.add(formula{sign: sign, parts: p[:], run: true}) })
	for i, id := range nodes {
		if len(lists[i]) == 1 && lists[i][0] != id { // it is a run that others have, too
			s.nodes[id].parts = lists[i]
		} else if len(lists[i]) > 1 {
			s.nodes[id].parts = lists[i]
		}
	}
}

// decide makes a condition, and what it is made of before, one of the Document's formulas where it is worth it.
func (s *formulas) decide(table []Cond, id int) []Cond {
	n := &s.nodes[id]
	if n.done {
		return table
	}
	n.done = true
	switch n.sign {
	case "q":
		n.bytes = len(`{"q":}`) + len(strconv.Itoa(n.q))
	case "text":
		n.bytes = len(`,"text":""`) + len(n.text)
	default:
		n.bytes = len(`{"all":[]}`)
	}
	for _, part := range n.parts {
		table = s.decide(table, part)
		n.bytes += 1 + s.cost(part)
		if s.inlined(n, part) {
			n.bytes -= len(`{"all":[]}`)
		}
	}
	if (n.uses-1)*n.bytes > n.uses*formulaRefBytes+2 {
		table = append(table, s.definition(id))
		n.entry = len(table) - 1
	}
	return table
}

// inlined says that of a run the parts stand in a list, and not a reference to it.
func (s *formulas) inlined(n *formula, part int) bool {
	p := &s.nodes[part]
	return p.sign == n.sign && p.entry < 0 && (n.sign == "all" || n.sign == "any")
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
	list := s.members(nil, n)
	if n.sign == "any" {
		return Cond{Any: list}
	}
	return Cond{All: list}
}

// members adds the conditions that a sign joins; a run of them may be a reference.
func (s *formulas) members(list []Cond, n *formula) []Cond {
	for _, part := range n.parts {
		if s.inlined(n, part) {
			list = s.members(list, &s.nodes[part])
		} else {
			list = append(list, s.written(part))
		}
	}
	return list
}

// maxFormula bounds the conditions that references put in their places: a few bytes could ask for any number of questions.
const maxFormula = 1 << 22

// formulaLinker puts formulas in the places of references to them.
type formulaLinker struct {
	formulas []Cond // those before the one that is linked
	sizes    []int
	linked   int
}

// linkFormulas puts formulas in the places of references to them, in all conditions of a Document as it is written.
func (d *Document) linkFormulas() error {
	l := &formulaLinker{sizes: make([]int, 0, len(d.Formulas))}
	for i := range d.Formulas {
		size, err := l.link(&d.Formulas[i])
		if err != nil {
			return fmt.Errorf("formula %d: %w", i, err)
		}
		l.formulas, l.sizes = d.Formulas[:i+1], append(l.sizes, size)
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
	if c.Not != nil {
		n, err := l.link(c.Not)
		if err != nil {
			return 0, err
		}
		c.Not.Text = "" // which stands beside whole conditions
		size += n
	}
	all := func(c *Cond) []Cond { return c.All }
	some := func(c *Cond) []Cond { return c.Any }
	for _, part := range []struct {
		list *[]Cond
		of   func(*Cond) []Cond
	}{{&c.All, all}, {&c.Any, some}} {
		n, err := l.list(part.list, part.of)
		if err != nil {
			return 0, err
		}
		size += n
	}
	return size, nil
}

// list links conditions that a sign joins. A reference to some that it joins as well stands for those.
func (l *formulaLinker) list(list *[]Cond, joined func(*Cond) []Cond) (size int, err error) {
	runs := false
	for i := range *list {
		p := &(*list)[i]
		run := p.F != nil
		n, err := l.link(p)
		if err != nil {
			return 0, err
		}
		p.Text = ""
		size += n
		runs = runs || run && len(joined(p)) > 0
	}
	if !runs {
		return size, nil
	}
	var out []Cond
	for i := range *list {
		if of := joined(&(*list)[i]); len(of) > 0 {
			out = append(out, of...)
		} else {
			out = append(out, (*list)[i])
		}
	}
	*list = out
	return size, nil
}
