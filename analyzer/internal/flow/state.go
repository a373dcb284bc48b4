package flow

import (
	"bytes"
	"iter"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// An object that keeps the state of something begins with members that hold nothing. What they hold later is given to
// them elsewhere, where only the member's name says which they are.

// maxAssigned is how many assignments to a member by its name are followed. Names with more are those of many objects.
const maxAssigned = 6

// isNothing tells what a member holds that is given its value later.
func isNothing(value js.Node) bool {
	switch value.Kind() {
	case js.Null, js.Undefined:
		return true
	case js.UnaryExpression:
		return value.Child(js.FieldOperator).Text() == "void"
	}
	return false
}

// givenLater follows what is assigned to a member by its name, wherever that is.
func (t *Tracer) givenLater(key, path string) {
	if t.assignments == nil {
		t.assignments = indexAssignments(t.Program.Modules)
	}
	places := t.assignments[key]
	if len(places) > maxAssigned {
		return
	}
	for _, in := range places {
		n := t.nodeAround(in.module, int(in.at), js.PropertyIdentifier)
		if !n.Valid() || n.Parent().Field() != js.FieldLeft {
			continue
		}
		if given := n.Parent().Parent().Child(js.FieldRight); !isNothing(given) {
			t.add(given, path, nil)
		}
	}
}

// indexAssignments finds where a name stands between a dot and an assignment, by name; of a name with more than
// maxAssigned, that there are more.
func indexAssignments(modules []*scope.Module) map[string][]invocation {
	index := map[string][]invocation{}
	for _, m := range modules {
		for start, end := range assignedNames(m.Text) {
			if places := index[string(m.Text[start:end])]; len(places) <= maxAssigned {
				index[string(m.Text[start:end])] = append(places, invocation{m, uint32(start)})
			}
		}
	}
	return index
}

// assignedNames goes through the names of members that a source assigns to.
func assignedNames(src []byte) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; at++ {
			i := bytes.IndexByte(src[at:], '=')
			if i < 0 {
				return
			}
			at += i
			if at+1 < len(src) && (src[at+1] == '=' || src[at+1] == '>') {
				at++
				continue
			}
			end := at
			for end > 0 && bytes.IndexByte([]byte("?|&+ "), src[end-1]) >= 0 {
				end--
			}
			start := end
			for start > 0 && js.IsNameByte(src[start-1]) {
				start--
			}
			if start < end && start > 0 && src[start-1] == '.' && !yield(start, end) {
				return
			}
		}
	}
}
