package js

import (
	"context"

	"github.com/bundlens/bundlens/queries"
	sitter "github.com/smacker/go-tree-sitter"
)

// Match is one place in a tree where a pattern of a query fits. Captures are in the order of the source.
type Match struct {
	Pattern  int
	Captures []Capture
}

// Capture is a node that a query names.
type Capture struct {
	Name string
	Node Node
}

// Capture returns the first node captured under a name, or no node.
func (m Match) Capture(name string) Node {
	for _, c := range m.Captures {
		if c.Name == name {
			return c.Node
		}
	}
	return Node{}
}

// MoveTo makes a match one in another tree of the same piece.
func (m Match) MoveTo(t *Tree) {
	for i := range m.Captures {
		if n := &m.Captures[i].Node; n.Valid() {
			n.tree = t
		}
	}
}

// ParseMatching is Parse, and runs queries on the result: the matches are by query. Where none matches, the tree has
// no nodes. The tree's Cut says whether there may be more matches than were kept.
func (p *Parser) ParseMatching(ctx context.Context, src []byte, start, end uint32, prefix string, qs []*queries.Query) (*Tree, [][]Match, error) {
	found := make([][]queries.Match, len(qs))
	cut := false
	p.visit = func(root *sitter.Node, piece []byte) (matched bool, err error) {
		for i, q := range qs {
			found[i] = found[i][:0]
			all, err := q.Run(ctx, root, piece, func(m queries.Match) { found[i] = append(found[i], m) })
			if err != nil {
				return false, err
			}
			cut = cut || !all
			matched = matched || len(found[i]) > 0
		}
		return matched, nil
	}
	defer func() { p.visit = nil }()
	tree, err := p.Parse(ctx, src, start, end, prefix)
	if err != nil {
		return nil, nil, err
	}
	tree.Cut = cut
	base := int64(start) - int64(len(prefix))
	matches := make([][]Match, len(qs))
	for i := range qs {
		for _, f := range found[i] {
			matches[i] = append(matches[i], tree.match(f, base))
		}
	}
	return tree, matches, nil
}

// match is a query's match in the tree's own nodes; base is added to its offsets.
func (t *Tree) match(f queries.Match, base int64) Match {
	m := Match{Pattern: f.Pattern, Captures: make([]Capture, 0, len(f.Captures))}
	for _, c := range f.Captures {
		n := t.find(shift(c.Start, base), shift(c.End, base), javascriptGrammar.kinds[c.Symbol])
		m.Captures = append(m.Captures, Capture{c.Name, n})
	}
	return m
}

// Like returns the node of the tree that stands where n does and is of its kind; n may be one of another tree of the
// same module.
func (t *Tree) Like(n Node) Node { return t.find(n.Start(), n.End(), n.Kind()) }

// find returns the node of a kind that takes up a range.
func (t *Tree) find(start, end uint32, kind Kind) Node {
	low, high := 0, len(t.nodes)
	for low < high { // starts ascend in pre-order
		if mid := (low + high) / 2; t.nodes[mid].start < start {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for i := low; i < len(t.nodes) && t.nodes[i].start == start; i++ {
		if t.nodes[i].end == end && t.nodes[i].kind == kind {
			return Node{t, uint32(i)}
		}
	}
	return Node{}
}
