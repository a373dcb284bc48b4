package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// surround puts around assemblies what the program puts beside them in lists on their way to the request, such as a line
// that says who the model is, and what is known of the user's files. An assembly in the list of another is a part of it.
func (w *promptWriter) surround(list []assembly) {
	for i := range list {
		a := &list[i]
		var lists []*flow.List
		part := false
		for l := w.tracer.Within(a.function, usedInRequest); l != nil; l = l.Around {
			lists = append(lists, l)
			part = part || slices.ContainsFunc(list, func(o assembly) bool { return encloses(o.function, l.Node) })
		}
		if part {
			continue
		}
		for _, l := range lists {
			w.surroundBy(l, a)
		}
	}
}

func (w *promptWriter) surroundBy(l *flow.List, a *assembly) {
	w.suppose(l.Node.EnclosingFunction())
	var before, after []eval.Part
	side := &before
	for c := l.Node.FirstChild(); c.Valid(); c = c.Next() {
		if c == l.Element {
			side = &after
			continue
		}
		*side = append(*side, w.beside(c)...)
	}
	a.before, a.after = append(before, a.before...), append(a.after, after...)
}

// beside are the sections of an element that stands beside an assembly, unless nothing is known of it.
func (w *promptWriter) beside(n js.Node) []eval.Part {
	w.supposeOptions(n)
	w.supposeObjects(n)
	parts := w.element(n)
	if literalBytes(parts) == len(sectionDivider) {
		return nil
	}
	return parts
}

// supposeOptions lets options that are read in an expression, and that callers pass by many ways, be what decides them
// elsewhere in the program.
func (w *promptWriter) supposeOptions(n js.Node) {
	tree := n.Tree()
	for i := int(n.Index()); i < n.After(); i++ {
		option := tree.At(i)
		if option.Kind() != js.MemberExpression {
			continue
		}
		u, ok := w.openArgument(option)
		if !ok {
			continue
		}
		if v := w.optionByMode(option.Child(js.FieldProperty).Text()); v != nil {
			w.Machine.Suppose(u.Key, v)
			clear(w.values)
		}
	}
}

// supposeObjects lets a parameter whose members are listed be what callers pass for it: an object that the program makes.
func (w *promptWriter) supposeObjects(n js.Node) {
	tree := n.Tree()
	for i := int(n.Index()); i < n.After(); i++ {
		listed := tree.At(i)
		if listed.Kind() != js.Identifier || !isListed(listed) {
			continue
		}
		u, ok := w.openArgument(listed)
		if !ok {
			continue
		}
		t := flow.New(w.Program)
		t.Members = usedInRequest
		t.Follow(listed, "", usedInRequest)
		t.Run()
		for _, object := range t.Objects() {
			if o, ok := w.evalWithin(object, stepsOfAssembly).(*eval.Object); ok && object.FirstChild().Valid() {
				w.Machine.Suppose(u.Key, o)
				clear(w.values)
				break
			}
		}
	}
}

// openArgument is the argument that an expression reads, where nothing is known of what callers pass for it.
func (w *promptWriter) openArgument(n js.Node) (u *eval.Unknown, ok bool) {
	u, ok = w.evalWithin(n, stepsOfPiece).(*eval.Unknown)
	return u, ok && u.Default == nil && u.Subject != nil && u.Subject.Kind == schema.KindArgument
}

// isListed tells an argument of Object.entries, Object.values or Object.keys.
func isListed(n js.Node) bool {
	args := n.Parent()
	if args.Kind() != js.Arguments {
		return false
	}
	callee := args.Parent().Child(js.FieldFunction)
	if callee.Child(js.FieldObject).Text() != "Object" {
		return false
	}
	switch callee.Child(js.FieldProperty).Text() {
	case "entries", "values", "keys":
		return true
	}
	return false
}

// maxOptions bounds how many places are looked at in which an option is passed.
const maxOptions = 64

// optionByMode is what the program passes as an option of a name where the mode that it runs in decides it; nil where it
// passes anything else, but constants, and what it was passed itself under a name.
func (w *promptWriter) optionByMode(name string) (decided eval.Value) {
	places := 0
	for _, m := range w.Program.Modules {
		for at := range js.Words(m.Text, name) {
			if end := at + len(name); end == len(m.Text) || m.Text[end] != ':' {
				continue
			}
			if places++; places > maxOptions {
				return nil
			}
			value := w.passedAt(m, at)
			switch value.Kind() {
			case js.CallExpression, js.UnaryExpression, js.BinaryExpression:
			default:
				continue
			}
			v := w.evalWithin(value, stepsOfPiece)
			cond := eval.Truth(v)
			if _, constant := cond.Constant(); constant {
				continue
			}
			if !cond.DecidedByMode() || decided != nil && eval.Truth(decided).ID() != cond.ID() {
				return nil
			}
			decided = v
		}
	}
	return decided
}

// passedAt is the value of the member of an object literal whose name stands at a place.
func (w *promptWriter) passedAt(m *scope.Module, at int) js.Node {
	tree, _ := m.TreeAt(uint32(at))
	if tree == nil {
		return js.Node{}
	}
	key := nodeAt(tree, uint32(at))
	if pair := key.Parent(); pair.Kind() == js.Pair && pair.Child(js.FieldKey) == key {
		return pair.Child(js.FieldValue)
	}
	return js.Node{}
}
