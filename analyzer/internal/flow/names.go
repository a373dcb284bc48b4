package flow

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// names says, for one tree, where each name is given something and where it is called. Asked for each name that is
// followed, a walk over the block around it would take the square of a large function's size.
type names struct {
	written map[string][]uint32 // declarators, assignments and calls such as name.push(...), by name, in order
	called  map[string][]uint32 // calls of the name itself
}

// namesOf returns the names of a tree, which are collected once.
func (t *Tracer) namesOf(tree *js.Tree) *names {
	if known := t.names[tree]; known != nil {
		return known
	}
	found := &names{map[string][]uint32{}, map[string][]uint32{}}
	for i := range tree.Len() {
		n := tree.At(i)
		switch n.Kind() {
		case js.VariableDeclarator:
			found.binds(n.Child(js.FieldName), n)
		case js.AssignmentExpression, js.AugmentedAssignment:
			left := n.Child(js.FieldLeft)
			if left.Kind() == js.MemberExpression {
				left = left.Child(js.FieldObject)
			}
			found.binds(left, n)
		case js.CallExpression:
			found.call(n)
		}
	}
	t.names[tree] = found
	return found
}

// binds notes that n gives something to each name of a pattern.
func (f *names) binds(pattern, n js.Node) {
	switch pattern.Kind() {
	case js.Identifier, js.ShorthandPropertyIdentifierPattern:
		name := pattern.Text()
		f.written[name] = append(f.written[name], n.Index())
	case js.AssignmentPattern, js.ObjectAssignmentPattern:
		f.binds(pattern.Child(js.FieldLeft), n)
	case js.PairPattern:
		f.binds(pattern.Child(js.FieldValue), n)
	case js.RestPattern, js.ObjectPattern, js.ArrayPattern:
		for c := pattern.FirstChild(); c.Valid(); c = c.Next() {
			f.binds(c, n)
		}
	}
}

func (f *names) call(n js.Node) {
	callee := n.Child(js.FieldFunction)
	switch callee.Kind() {
	case js.Identifier:
		f.called[callee.Text()] = append(f.called[callee.Text()], n.Index())
	case js.MemberExpression:
		if object := callee.Child(js.FieldObject); object.Kind() == js.Identifier && isAdding(callee.Child(js.FieldProperty).Text()) {
			f.written[object.Text()] = append(f.written[object.Text()], n.Index())
		}
	}
}

// below are those of some nodes of a tree, in ascending order, that stand inside n.
func below(n js.Node, indexes []uint32) []uint32 {
	from, _ := slices.BinarySearch(indexes, n.Index()+1)
	to, _ := slices.BinarySearch(indexes, uint32(n.After()))
	return indexes[from:max(from, to)]
}
