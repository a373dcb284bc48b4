package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// minFragment is the length from which parts that stand in several places are written once, in bytes.
const minFragment = 80

// refBytes is about what a reference costs.
const refBytes = 16

// sharer finds parts that stand in several places. Equal parts, and equal lists of them, are one node; a node comes
// behind those that it holds.
type sharer struct {
	ids   map[string]int
	nodes []shared
}

// shared is a part, or a list of parts.
type shared struct {
	part     *Part // of a list nil
	list     []int // of a list: its parts' nodes
	branches []int // of a choice or repetition: the nodes of its lists
	own      int   // bytes without what the nodes below have
	uses     int   // distinct places
	bytes    int
	fragment int // its place among the fragments, or -1
}

// shareParts moves parts that stand in several places of the texts into Fragments.
func (d *Document) shareParts() {
	s := &sharer{ids: map[string]int{}}
	texts := d.texts()
	roots := make([]int, len(texts))
	for i, t := range texts {
		if t != nil {
			roots[i] = s.listNode(t.Parts)
			s.nodes[roots[i]].uses++
		}
	}
	s.choose()
	d.Fragments = [][]Part{}
	for i := range s.nodes {
		if n := &s.nodes[i]; n.fragment >= 0 {
			n.fragment = len(d.Fragments)
			if n.part != nil {
				d.Fragments = append(d.Fragments, []Part{s.part(i)})
			} else {
				d.Fragments = append(d.Fragments, s.list(i))
			}
		}
	}
	for i, t := range texts {
		if t != nil {
			t.Parts = s.refer(roots[i])
		}
	}
}

// node is the node of a key, made by fill where there is none yet.
func (s *sharer) node(key string, n shared) int {
	id, ok := s.ids[key]
	if !ok {
		id = len(s.nodes)
		s.ids[key] = id
		n.fragment = -1
		for _, below := range append(append([]int{}, n.list...), n.branches...) {
			s.nodes[below].uses++
		}
		s.nodes = append(s.nodes, n)
	}
	return id
}

// listNode is the node of a list of parts; a list of one part is that part.
func (s *sharer) listNode(parts []Part) int {
	ids := make([]int, len(parts))
	for i := range parts {
		ids[i] = s.partNode(&parts[i])
	}
	if len(ids) == 1 {
		return ids[0]
	}
	var key strings.Builder
	for _, id := range ids {
		key.WriteString(strconv.Itoa(id))
		key.WriteByte(' ')
	}
	return s.node("list "+key.String(), shared{list: ids})
}

func (s *sharer) partNode(p *Part) int {
	switch {
	case len(p.Choice) > 0:
		n := shared{part: p}
		var key strings.Builder
		for i := range p.Choice {
			when := compactJSON(p.Choice[i].When)
			n.branches = append(n.branches, s.listNode(p.Choice[i].Parts))
			n.own += len(when)
			fmt.Fprintf(&key, "%s %d\n", when, n.branches[i])
		}
		return s.node("choice "+key.String(), n)
	case p.Each != nil:
		n := shared{part: p, branches: []int{s.listNode(p.Each.Parts)}, own: len(p.Each.Over)}
		return s.node(fmt.Sprintf("each %q %q %d", p.Each.Over, p.Each.Sep, n.branches[0]), n)
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

// choose marks the nodes that become fragments: those that are used in several places and are long enough, once what they
// hold is written where it belongs.
func (s *sharer) choose() {
	for i := range s.nodes {
		n := &s.nodes[i]
		n.bytes = n.own
		for _, below := range n.list {
			n.bytes += s.cost(below)
		}
		for _, below := range n.branches {
			n.bytes += s.cost(below)
		}
		if n.uses > 1 && n.bytes >= minFragment {
			n.fragment = 0
		}
	}
}

func (s *sharer) cost(id int) int {
	if s.nodes[id].fragment >= 0 {
		return refBytes
	}
	return s.nodes[id].bytes
}

// refer is what stands in the place of a node's parts.
func (s *sharer) refer(id int) []Part {
	n := &s.nodes[id]
	switch {
	case n.fragment >= 0:
		return []Part{{Ref: &n.fragment}}
	case n.part != nil:
		return []Part{s.part(id)}
	}
	return s.list(id)
}

func (s *sharer) list(id int) []Part {
	parts := []Part{}
	for _, below := range s.nodes[id].list {
		parts = append(parts, s.refer(below)...)
	}
	return parts
}

// part is a part with references in it.
func (s *sharer) part(id int) Part {
	n := &s.nodes[id]
	p := *n.part
	switch {
	case len(p.Choice) > 0:
		branches := make([]Branch, len(p.Choice))
		for i, b := range p.Choice {
			branches[i] = Branch{When: b.When, Parts: s.refer(n.branches[i])}
		}
		p.Choice = branches
	case p.Each != nil:
		each := *p.Each
		each.Parts = s.refer(n.branches[0])
		p.Each = &each
	}
	return p
}

// maxLinked bounds the parts that references put into lists: a few bytes could ask for any number of them.
const maxLinked = 1 << 20

// linker puts fragments in the places of references.
type linker struct {
	fragments [][]Part
	linked    int
}

// linkFragments puts the parts of fragments in the places of references to them.
func (d *Document) linkFragments() error {
	l := &linker{}
	for i, parts := range d.Fragments {
		linked, err := l.link(parts)
		if err != nil {
			return fmt.Errorf("fragment %d: %w", i, err)
		}
		l.fragments = append(l.fragments, linked)
	}
	for t := range d.Texts() {
		linked, err := l.link(t.Parts)
		if err != nil {
			return err
		}
		t.Parts = linked
	}
	d.Fragments = nil
	return nil
}

func (l *linker) link(parts []Part) ([]Part, error) {
	out := make([]Part, 0, len(parts))
	for _, p := range parts {
		var err error
		switch {
		case p.Ref != nil && (*p.Ref < 0 || *p.Ref >= len(l.fragments)):
			return nil, fmt.Errorf("a reference to fragment %d stands before it", *p.Ref)
		case p.Ref != nil:
			out = append(out, l.fragments[*p.Ref]...)
			if l.linked += len(l.fragments[*p.Ref]); l.linked > maxLinked {
				return nil, fmt.Errorf("its references stand for more than %d parts", maxLinked)
			}
			continue
		case len(p.Choice) > 0:
			for i := range p.Choice {
				if p.Choice[i].Parts, err = l.link(p.Choice[i].Parts); err != nil {
					return nil, err
				}
			}
		case p.Each != nil:
			if p.Each.Parts, err = l.link(p.Each.Parts); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}
