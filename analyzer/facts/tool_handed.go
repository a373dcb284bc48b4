package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// What a program's list of tools holds is not yet what its model gets: the function that hands the tools out takes some
// out of the list by their names, asks each whether it is enabled, and in some modes gives a few instead of the list.

// maxHandedSteps bounds the evaluation of what such a function takes of the list.
const maxHandedSteps = 200_000

// listing is an array that lists a program's tools, and what it holds.
type listing struct {
	array
	list memberships
}

// handedOn are the lists as the program hands them out. An array that holds all of another list, and more, is no list that
// is handed out: it says what there may be, and so which object is meant by a name.
func (f *finder) handedOn(sources []listing) (all, possible memberships) {
	possible = memberships{}
	for _, s := range sources {
		if f.extends(s, sources) {
			possible.addAll(s.list)
			continue
		}
		if all == nil {
			all = memberships{}
		}
		all.addAll(f.narrowed(s))
	}
	return all, possible
}

// extends tells whether an array contains a call of the function that returns another list.
func (f *finder) extends(s listing, sources []listing) bool {
	return slices.ContainsFunc(sources, func(other listing) bool {
		fn := other.node.EnclosingFunction()
		return other.node != s.node && fn.Valid() && slices.ContainsFunc(f.Machine.Calls(fn), func(at eval.Place) bool {
			return at.Node.Tree() == s.node.Tree() && at.Node.Start() >= s.node.Start() && at.Node.End() <= s.node.End()
		})
	})
}

// narrowed is a list after what the function that hands it out does with it; the list itself where no such function is seen.
func (f *finder) narrowed(s listing) memberships {
	fn := s.node.EnclosingFunction()
	if !fn.Valid() {
		return s.list
	}
	for _, call := range f.Machine.Calls(fn) {
		giver := registrar(call.Node)
		taken := filtered(call.Node)
		if !giver.Valid() || taken == call.Node || !f.asksEach(giver) {
			continue
		}
		at := array{f.Program.Modules[call.Module], call.Unit, taken}
		list := f.membersWithin(at, maxHandedSteps)
		if len(list) < fewMembers || len(list) < len(s.list)/2 {
			continue
		}
		f.reached(at, list)
		for _, few := range f.instead(at, giver) {
			list.or(few)
		}
		return list
	}
	return s.list
}

// filtered is the last of the calls of filter that follow a value: the value itself where none does.
func filtered(n js.Node) js.Node {
	for {
		call := calledOn(n, "filter")
		if !call.Valid() {
			return n
		}
		n = call
	}
}

// calledOn is the call of a method on a value, where that is what stands around the value; no node otherwise.
func calledOn(n js.Node, method string) js.Node {
	member := n.Parent()
	call := member.Parent()
	if member.Kind() != js.MemberExpression || n.Field() != js.FieldObject || member.Child(js.FieldProperty).Text() != method ||
		call.Kind() != js.CallExpression || member.Field() != js.FieldFunction {
		return js.Node{}
	}
	return call
}

// enablingMember is the member of a tool or a command that says whether it is there; "" where it has none.
func (f *finder) enablingMember(o *eval.Object) string {
	for _, key := range f.Words("tool.enabled") {
		if o.Lookup(key) != nil {
			return key
		}
	}
	return ""
}

// asksEach tells whether a function asks tools whether they are enabled.
func (f *finder) asksEach(fn js.Node) bool {
	for i := int(fn.Index()); i < fn.After(); i++ {
		if n := fn.Tree().At(i); n.Kind() == js.PropertyIdentifier && slices.Contains(f.Words("tool.enabled"), n.Text()) {
			return true
		}
	}
	return false
}

// instead are the short lists that a function gives before it comes to a place.
func (f *finder) instead(at array, giver js.Node) (found []memberships) {
	for i := int(giver.Index()); i < giver.After(); i++ {
		n := giver.Tree().At(i)
		if n.Kind() != js.Array || n.End() > at.node.Start() || arrayAround(n.FirstChild()) != n {
			continue
		}
		a := array{at.module, at.unit, n}
		if few := f.membersOf(a); len(few) > 0 {
			f.reached(a, few)
			found = append(found, few)
		}
	}
	return found
}

// reached adds to the conditions of a list that under which its place is reached.
func (f *finder) reached(at array, list memberships) {
	around := eval.Around{
		Holds: func(question js.Node) *eval.Cond { return f.heldWithoutCallers(at, question) },
		Equal: func(js.Node, js.Node) *eval.Cond { return nil },
		Both:  both,
	}
	if when, _ := around.Of(at.node); when != nil {
		for name, place := range list {
			place.when = eval.And(when, place.when)
			list[name] = place
		}
	}
}

// heldWithoutCallers is the condition that a question holds where callers pass nothing that it asks for; nil where it asks
// for nothing else.
func (f *finder) heldWithoutCallers(at array, question js.Node) *eval.Cond {
	for question.Kind() == js.ParenthesizedExpression {
		question = question.FirstChild()
	}
	if question.Kind() == js.BinaryExpression && question.Child(js.FieldOperator).Text() == "&&" {
		return both(f.heldWithoutCallers(at, question.Child(js.FieldLeft)), f.heldWithoutCallers(at, question.Child(js.FieldRight)))
	}
	var c *eval.Cond
	f.Machine.RunWithin(maxRegistrationSteps, func() eval.Value {
		c = f.Machine.Condition(question, f.Machine.Enclosing(at.module, at.unit, question))
		return eval.Undefined
	})
	if c == nil || !c.Decided() {
		return nil
	}
	return c
}
