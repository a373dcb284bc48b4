// Package js reads one module of JavaScript: a scanner that finds its statements without parsing them, a parser
// for one statement at a time, the flat syntax tree that results, and the text of literals.
package js

// Tree is the syntax tree of one piece of a module as an array in pre-order. It does not change after it is made
// and may be shared between goroutines.
type Tree struct {
	Src      []byte // the module's whole source, which the nodes' offsets refer to
	nodes    []record
	Module   int  // which module of its program Src is, set by whoever keeps the tree
	HasError bool // the piece holds an ERROR or MISSING node
	Cut      bool // queries may match in more places than were kept
}

type record struct {
	start, end   uint32
	parent, next uint32
	kind         Kind
	field        Field
}

const noParent = ^uint32(0)

// Node is one node of a Tree. The zero Node is "no node": every method answers for it with the zero of its type.
type Node struct {
	tree  *Tree
	index uint32
}

// Root returns the tree's program node.
func (t *Tree) Root() Node { return Node{t, 0} }

// Len returns how many nodes the tree has.
func (t *Tree) Len() int { return len(t.nodes) }

// At returns the node at a position of the tree's pre-order.
func (t *Tree) At(i int) Node { return Node{t, uint32(i)} }

// Valid tells a node from "no node".
func (n Node) Valid() bool { return n.tree != nil }

// Tree returns the tree that holds n.
func (n Node) Tree() *Tree { return n.tree }

// Index returns n's position in its tree's pre-order, unique in the tree.
func (n Node) Index() uint32 { return n.index }

// Kind returns what n is.
func (n Node) Kind() Kind {
	if n.tree == nil {
		return Other
	}
	return n.tree.nodes[n.index].kind
}

// Field returns n's role in its parent.
func (n Node) Field() Field {
	if n.tree == nil {
		return NoField
	}
	return n.tree.nodes[n.index].field
}

// Start returns the byte offset of n in the module's source.
func (n Node) Start() uint32 {
	if n.tree == nil {
		return 0
	}
	return n.tree.nodes[n.index].start
}

// End returns the byte offset one past n in the module's source.
func (n Node) End() uint32 {
	if n.tree == nil {
		return 0
	}
	return n.tree.nodes[n.index].end
}

// Text returns n's source text, without a copy.
func (n Node) Text() string {
	if n.tree == nil {
		return ""
	}
	r := &n.tree.nodes[n.index]
	if r.start > r.end || int(r.end) > len(n.tree.Src) {
		return ""
	}
	return text(n.tree.Src[r.start:r.end])
}

// Parent returns the node that holds n.
func (n Node) Parent() Node {
	if n.tree == nil || n.tree.nodes[n.index].parent == noParent {
		return Node{}
	}
	return Node{n.tree, n.tree.nodes[n.index].parent}
}

// FirstChild returns n's first child, and with Next all of them.
func (n Node) FirstChild() Node {
	if n.tree == nil || n.tree.nodes[n.index].next == n.index+1 {
		return Node{}
	}
	return Node{n.tree, n.index + 1}
}

// Next returns the sibling after n.
func (n Node) Next() Node {
	if n.tree == nil {
		return Node{}
	}
	r := &n.tree.nodes[n.index]
	if int(r.next) >= len(n.tree.nodes) || n.tree.nodes[r.next].parent != r.parent {
		return Node{}
	}
	return Node{n.tree, r.next}
}

// Child returns the first child in a role.
func (n Node) Child(f Field) Node {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Field() == f {
			return c
		}
	}
	return Node{}
}

// ChildOfKind returns the first child of a kind.
func (n Node) ChildOfKind(k Kind) Node {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == k {
			return c
		}
	}
	return Node{}
}

// IsFunction tells a function of any kind, a method too.
func (n Node) IsFunction() bool {
	switch n.Kind() {
	case ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDefinition, GeneratorFunction, GeneratorFunctionDeclaration:
		return true
	}
	return false
}

// EnclosingFunction returns the innermost function around n, or no node.
func (n Node) EnclosingFunction() Node {
	for n = n.Parent(); n.Valid() && !n.IsFunction(); n = n.Parent() {
	}
	return n
}

// OutermostFunction returns the outermost function around n, the one that a module knows by a name, or no node.
func (n Node) OutermostFunction() (outermost Node) {
	for f := n.EnclosingFunction(); f.Valid(); f = f.EnclosingFunction() {
		outermost = f
	}
	return outermost
}

// ParameterNames calls visit with each name that the parameters of a function declare.
func (n Node) ParameterNames(visit func(Node)) {
	n.Child(FieldParameter).PatternNames(visit)
	for p := n.Child(FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		p.PatternNames(visit)
	}
}

// PatternNames calls visit with each name that a binding pattern declares.
func (n Node) PatternNames(visit func(Node)) {
	switch n.Kind() {
	case Identifier, ShorthandPropertyIdentifierPattern:
		visit(n)
	case ObjectPattern, ArrayPattern, RestPattern:
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			c.PatternNames(visit)
		}
	case PairPattern:
		n.Child(FieldValue).PatternNames(visit)
	case AssignmentPattern, ObjectAssignmentPattern:
		n.Child(FieldLeft).PatternNames(visit)
	}
}

// After returns the node that follows n's whole subtree in pre-order, as an index for Tree.At.
func (n Node) After() int { return int(n.tree.nodes[n.index].next) }

// Closed tells whether a list, an object or a quoted text ends with what closes its first byte. One that the parser has
// closed by itself, since the program does not, has lost an unknown rest.
func (n Node) Closed() bool {
	if !n.Tree().HasError {
		return true
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.End() == n.End() {
			return false
		}
	}
	text := n.Tree().Src[n.Start():n.End()]
	if len(text) < 2 {
		return false
	}
	last := text[len(text)-1]
	switch text[0] {
	case '[':
		return last == ']'
	case '{':
		return last == '}'
	}
	return last == text[0]
}
