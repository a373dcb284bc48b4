package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// Programs keep what they say to people in the same lists as what they say to the model. The object that holds a text shows
// which it is.

// forPeople tells an object whose texts never reach the model: a notice of the transcript, a reply, and the answer that
// something is allowed.
func (w *promptWriter) forPeople(object js.Node) bool {
	if literalMember(object, "type") == "system" && hasAny(object, w.Words("mark.notice")...) {
		return true
	}
	if literalMember(object, "role") == "assistant" {
		return !w.isSent(object)
	}
	for _, key := range w.Words("mark.decision") {
		if answer := literalMember(object, key); answer == "allow" || answer == "passthrough" {
			return true
		}
	}
	return false
}

// isReply tells what stands in the place of the model's own words, such as an error that the program puts there: an object
// that says so, and the blocks of its content. What a request begins the reply with is sent.
func (w *promptWriter) isReply(n js.Node) bool {
	key := ""
	for ; n.Valid(); n = n.Parent() {
		switch n.Kind() {
		case js.Object:
			if role := literalMember(n, "role"); role != "" {
				return role == "assistant" && !w.isSent(n)
			}
		case js.Pair:
			key = nameOfKey(n.Child(js.FieldKey))
		case js.Arguments:
			return key != "" && w.replies(n.Parent(), key)
		case js.Array, js.ParenthesizedExpression, js.TernaryExpression:
		default:
			return false
		}
	}
	return false
}

// isSent tells a message that is written in a list of those of a request.
func (w *promptWriter) isSent(message js.Node) bool {
	list := message.Parent()
	member := list.Parent()
	return list.Kind() == js.Array && member.Kind() == js.Pair && slices.Contains(w.Words("request.messages"), nameOfKey(member.Child(js.FieldKey)))
}

// replies tells a call of a function that puts a member of its argument into a reply.
func (w *promptWriter) replies(call js.Node, key string) bool {
	callee := call.Child(js.FieldFunction)
	if callee.Kind() != js.Identifier {
		return false
	}
	m, unit := w.place(callee)
	if unit < 0 {
		return false
	}
	b, ok := m.Lookup(m.Index().Units[unit].Thunk, callee.Text())
	if !ok || b.Module == nil {
		return false
	}
	for _, d := range b.Defs {
		tree, err := b.Module.Tree(d.Unit)
		if err != nil {
			continue
		}
		if f := functionIn(tree, b.Name); f.Valid() && putsIntoReply(f, parameterFor(f, key)) {
			return true
		}
	}
	return false
}

// functionIn is the function that a statement gives a name.
func functionIn(tree *js.Tree, name string) js.Node {
	for i := range tree.Len() {
		switch n := tree.At(i); n.Kind() {
		case js.FunctionDeclaration:
			if n.Child(js.FieldName).Text() == name {
				return n
			}
		case js.VariableDeclarator:
			if f := n.Child(js.FieldValue); n.Child(js.FieldName).Text() == name && f.IsFunction() {
				return f
			}
		}
	}
	return js.Node{}
}

// parameterFor is the name under which a function has a member of its first argument; "" for none.
func parameterFor(f js.Node, key string) string {
	pattern := f.Child(js.FieldParameters).FirstChild()
	if pattern.Kind() != js.ObjectPattern {
		return ""
	}
	for c := pattern.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.ShorthandPropertyIdentifierPattern:
			if c.Text() == key {
				return key
			}
		case js.PairPattern:
			if nameOfKey(c.Child(js.FieldKey)) == key {
				return c.Child(js.FieldValue).Text()
			}
		}
	}
	return ""
}

// putsIntoReply tells a function that makes a reply with one of its names as a member.
func putsIntoReply(f js.Node, name string) bool {
	tree := f.Tree()
	for i := int(f.Index()); name != "" && i < f.After(); i++ {
		n := tree.At(i)
		if n.Kind() != js.Object || literalMember(n, "role") != "assistant" {
			continue
		}
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			if c.Kind() == js.ShorthandPropertyIdentifier && c.Text() == name || c.Kind() == js.Pair && c.Child(js.FieldValue).Text() == name {
				return true
			}
		}
	}
	return false
}
