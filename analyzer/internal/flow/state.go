package flow

import (
	"bytes"
	"iter"

	"github.com/bundlens/bundlens/analyzer/internal/js"
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

// givenLater follows what is assigned to a member by its name, in all modules.
func (t *Tracer) givenLater(key, path string) {
	if t.assignments == nil {
		t.assignments = indexMembers(t.Program.Modules, assignedNames, maxAssigned)
	}
	places := t.assignments[key]
	if len(places) > maxAssigned {
		return
	}
	for _, p := range places {
		n := t.nodeAround(p.module, int(p.at), js.PropertyIdentifier)
		if !n.Valid() || n.Parent().Field() != js.FieldLeft {
			continue
		}
		if given := n.Parent().Parent().Child(js.FieldRight); !isNothing(given) {
			t.add(given, path, nil)
		}
	}
}

// assignedNames yields where names begin and end that stand before an assignment, members and others.
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
			if start < end && !yield(start, end) {
				return
			}
		}
	}
}
