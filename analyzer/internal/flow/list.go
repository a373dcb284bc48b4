package flow

import "github.com/bundlens/bundlens/analyzer/internal/js"

// List is a list that the program writes down, into which a value goes on its way to where it is used.
type List struct {
	Node    js.Node
	Element js.Node // by which the value comes in
	Around  *List   // that this one goes into, or nil
}

type resultKey struct {
	function js.Node
	tag      Tag
}

// listOf is the list that an element of an array is in. An array of one thing puts nothing beside it.
func listOf(it item, element js.Node) *List {
	if element == it.node.FirstChild() && !element.Next().Valid() {
		return it.within
	}
	return &List{it.node, element, it.within}
}

// Within is the innermost list that the result of a function goes into, by the shortest way to where it is used for the
// tag; nil where there is none.
func (t *Tracer) Within(f js.Node, tag Tag) *List {
	if frame := t.results[resultKey{f, tag}]; frame != nil {
		return frame.within
	}
	return nil
}
