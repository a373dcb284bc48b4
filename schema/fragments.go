package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// About what a reference to a fragment costs where it stands, and what a fragment costs apart from its parts, in bytes.
const (
	refBytes      = 24
	fragmentBytes = 8
)

// sharer finds parts that stand in several places of a Document's texts: lines, other parts, lists of them, and runs of
// parts within lists. Equal ones are one node.
type sharer struct {
	doc       *Document
	formulas  *formulas
	readings  *reader
	answers   *Answers // in the default world
	ids       map[string]int
	lists     map[listKey]int // nodes of lists that were seen before
	nodes     []shared
	fragments [][]Part
	origins   map[Subject]*Origin
	whole     bool // nothing is left out, and conditions stand where they belong
}

// listKey is a list of parts in memory.
type listKey struct {
	first *Part
	count int
}

// shared is a part, or a list of parts.
type shared struct {
	part     *Part // of a list nil
	list     []int // of a list: its parts' nodes
	branches []int // of a choice or repetition: the nodes of its lists
	conds    []int // of a choice: its conditions
	own      int   // bytes without what the nodes below have
	uses     int   // distinct places
	bytes    int
	fragment int // its place among the fragments, or -1
	done     bool
}

func newSharer(d *Document) *sharer {
	return &sharer{doc: d, formulas: &formulas{ids: map[string]int{}}, readings: &reader{doc: d}, answers: NewAnswers(d, World{}), ids: map[string]int{}, lists: map[listKey]int{}, fragments: [][]Part{}, origins: d.firstOrigins()}
}

// share looks at all of the Document, and decides what becomes a fragment and what a formula.
func (s *sharer) share() (formulas []Cond) {
	var roots []int
	for t := range s.doc.Texts() {
		roots = append(roots, s.listNode(t.Parts))
	}
	for _, c := range s.doc.recordConditions() {
		if c != nil {
			s.formulas.nodes[s.formulas.told(c)].uses++
		}
	}
	for i := range s.doc.Questions {
		if c := s.doc.Questions[i].Means; c != nil {
			s.formulas.nodes[s.formulas.told(c)].uses++
		}
	}
	formulas = s.formulas.choose()
	s.pair()
	for i := range s.nodes {
		for _, below := range s.nodes[i].below() {
			s.nodes[below].uses++
		}
	}
	for _, root := range roots {
		s.nodes[root].uses++
	}
	for _, root := range roots {
		s.choose(root)
	}
	return formulas
}

// below are the nodes that a node is made of.
func (n *shared) below() []int {
	if n.part == nil {
		return n.list
	}
	return n.branches
}

// node is the node of a key, made of n where there is none yet.
func (s *sharer) node(key string, n shared) int {
	id, ok := s.ids[key]
	if !ok {
		id = len(s.nodes)
		s.ids[key] = id
		n.fragment = -1
		s.nodes = append(s.nodes, n)
	}
	return id
}

// listNode is the node of a list of parts; a list of one part is that part.
func (s *sharer) listNode(parts []Part) int {
	var key listKey
	if len(parts) > 0 {
		key = listKey{&parts[0], len(parts)}
		if id, ok := s.lists[key]; ok {
			return id
		}
	}
	var ids []int
	for i := range parts {
		if p := &parts[i]; p.Lit != "" {
			for line := range strings.Lines(p.Lit) {
				ids = append(ids, s.node("lit "+line, shared{part: &Part{Lit: line}, own: len(line) + 4}))
			}
		} else {
			ids = append(ids, s.partNode(p))
		}
	}
	id := 0
	if len(ids) == 1 {
		id = ids[0]
	} else {
		id = s.node("list"+numbers(ids), shared{list: ids})
	}
	if len(parts) > 0 {
		s.lists[key] = id
	}
	return id
}

func (s *sharer) partNode(p *Part) int {
	switch {
	case len(p.Choice) > 0:
		n := shared{part: p}
		for i := range p.Choice {
			when := p.Choice[i].When
			if when.Text == s.readings.reading(&when) {
				when.Text = ""
			}
			n.conds = append(n.conds, s.formulas.told(&when))
			n.branches = append(n.branches, s.listNode(p.Choice[i].Parts))
		}
		known := len(s.nodes)
		id := s.node("choice"+numbers(n.conds)+" :"+numbers(n.branches), n)
		if id == known {
			for _, c := range n.conds {
				s.formulas.nodes[c].uses++
			}
		}
		return id
	case p.Each != nil:
		n := shared{part: p, branches: []int{s.listNode(p.Each.Parts)}, own: len(p.Each.Over) + len(p.Each.Name)}
		return s.node(fmt.Sprintf("each %q %q %q %d", p.Each.Name, p.Each.Over, p.Each.Sep, n.branches[0]), n)
	}
	key := compactJSON(p)
	return s.node(key, shared{part: p, own: len(key)})
}

func compactJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v) // raw JSON that is none; Encode says so
	}
	return string(data)
}

// choose makes a node a fragment, and what it is made of before, where it is written more shortly so.
func (s *sharer) choose(id int) {
	n := &s.nodes[id]
	if n.done {
		return
	}
	n.done = true
	for _, below := range n.below() {
		s.choose(below)
	}
	n.bytes = n.own
	for _, below := range n.below() {
		n.bytes += s.cost(below)
	}
	for _, c := range n.conds {
		n.bytes += len(`{"when":,"parts":[]},`) + s.formulas.cost(c)
	}
	if n.uses > 1 && (n.uses-1)*n.bytes > n.uses*refBytes+fragmentBytes {
		s.fragments = append(s.fragments, s.definition(id))
		n.fragment = len(s.fragments) - 1
	}
}

func (s *sharer) cost(id int) int {
	if s.nodes[id].fragment >= 0 {
		return refBytes
	}
	return s.nodes[id].bytes
}

// written is what stands in the place of a node's parts.
func (s *sharer) written(id int) []Part {
	if n := &s.nodes[id]; n.fragment >= 0 {
		return []Part{{Ref: &n.fragment}}
	}
	return s.definition(id)
}

// definition are a node's parts, with references in them.
func (s *sharer) definition(id int) []Part {
	n := &s.nodes[id]
	if n.part != nil {
		return []Part{s.part(n)}
	}
	parts := []Part{}
	for _, below := range n.list {
		parts = append(parts, s.written(below)...)
	}
	return Join(parts)
}

// part is a part with references in it.
func (s *sharer) part(n *shared) Part {
	p := *n.part
	switch {
	case len(p.Choice) > 0:
		branches := make([]Branch, len(p.Choice))
		for i := range branches {
			branches[i] = Branch{When: s.when(n, i), Parts: s.written(n.branches[i])}
		}
		p.Choice = branches
	case p.Each != nil:
		each := *p.Each
		each.Parts = s.written(n.branches[0])
		p.Each = &each
	}
	return p
}

// text is a text as it is written: with its rendering, and with its parts where that is not all that it may be.
func (s *sharer) text(t Text) Text {
	parts := s.written(s.listNode(t.Parts))
	if !s.whole && len(parts) == 1 && parts[0].Lit == t.Text && t.Text != "" {
		parts = nil
	}
	return Text{Text: t.Text, Parts: parts}
}

// variant is a variant of a description as it is written. There are dozens of a long text that differ in a line, so that their
// renderings would be most of the Document.
func (s *sharer) variant(v DescriptionVariant) DescriptionVariant {
	out := DescriptionVariant{When: s.cond(v.When), Description: Text{Text: v.Description.Text, Parts: s.written(s.listNode(v.Description.Parts))}}
	if s.follows(&v.Description) {
		out.Description.Text = ""
	}
	return out
}

// command is a command without the rendering of what it sends where that follows: those are whole manuals.
func (s *sharer) command(c Command) Command {
	if c.Prompt != nil && !c.Prompt.IsLiteral() && s.follows(c.Prompt) {
		c.Prompt = &Text{Parts: c.Prompt.Parts}
	}
	return c
}

// follows says that the rendering of a text is left out, as its parts give it.
func (s *sharer) follows(t *Text) bool {
	return !s.whole && len(t.Parts) > 0 && s.answers.Text(t.Parts) == t.Text
}

// question is a question as it is written.
func (s *sharer) question(q Question) Question {
	if q.Means != nil {
		means := s.cond(*q.Means)
		q.Means = &means
	}
	if s.whole {
		return q
	}
	return q.written(s.origins)
}

// when is the condition of a choice's branch.
func (s *sharer) when(n *shared, branch int) Cond {
	if s.whole {
		return n.part.Choice[branch].When
	}
	return s.formulas.written(n.conds[branch])
}

// cond is a condition of a record as it is written.
func (s *sharer) cond(c Cond) Cond {
	if s.whole {
		return c
	}
	return s.formulas.written(s.formulas.told(&c))
}
