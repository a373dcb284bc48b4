package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// A server that has no library for it compares the method of each request with the names that it knows, or looks it up in
// a table. What answers the request for the tools stands where it is named: in the branch, or in the function beside it.

// Bounds of the search for the answer.
const (
	maxAnswerDepth = 3  // functions between the name of the request and the object that answers it
	maxAnswerCalls = 64 // functions that are looked at for one name
)

// dispatch looks for the objects that answer a request.
type dispatch struct {
	*finder
	seen  map[js.Node]bool
	calls int
	found func(module *scope.Module, unit int32, object js.Node)
}

// noteAsked keeps the objects by which the program answers the request for its tools, where a text names that.
func (r *registrations) noteAsked(f *finder, m analyzer.Match, name js.Node) {
	d := &dispatch{finder: f, seen: map[js.Node]bool{}, found: func(module *scope.Module, unit int32, object js.Node) {
		site := siteOf(object)
		if r.answers[site] {
			return
		}
		r.answers[site], r.objects[site] = true, true
		answer := js.Match{Captures: []js.Capture{{Name: "answer", Node: object}}}
		r.matches = append(r.matches, analyzer.Match{Match: answer, Module: module, Unit: unit})
	}}
	if call := name.Parent().Parent(); slices.Contains(f.Words("answer.register"), call.Child(js.FieldFunction).Child(js.FieldProperty).Text()) {
		return // which says it all
	}
	for _, n := range chosenBy(name) {
		d.in(m.Module, m.Unit, n, 0)
	}
}

// anAnswer is what an answer without a method of a library is called.
const anAnswer = "an answer to the request for the tools"

// answeredBy reads the tools in the objects by which the program answers.
func (f *finder) answeredBy(answers []eval.Watched) (found []*definition) {
	for _, w := range answers {
		f.see(w.Node)
		w.Name, w.When = anAnswer, underOwn(w.When)
		if list, unknown := (eval.World{}).Pick(f.listOf(w.This)).(*eval.Unknown); unknown && isCallers(list) {
			f.drop(w.Node, schema.DroppedTemplate, list.Expr) // it passes on what it is given
			continue
		}
		for _, d := range f.listIn(w, w.This) {
			d.sent = eval.And(d.sent, w.When)
			found = append(found, d)
		}
	}
	return found
}

// in visits the objects with a list of tools in a piece of the program, and in the functions that it calls.
func (d *dispatch) in(module *scope.Module, unit int32, piece js.Node, depth int) {
	if d.seen[piece] {
		return
	}
	d.seen[piece] = true
	d.called(module, unit, piece, depth)
	for i := int(piece.Index()); i < piece.After(); i++ {
		switch n := piece.Tree().At(i); n.Kind() {
		case js.Object:
			if hasAny(n, d.Words("answer.tools")...) && !passesOn(n) {
				d.found(module, unit, n)
			}
		case js.CallExpression:
			d.called(module, unit, n.Child(js.FieldFunction), depth)
		}
	}
}

// passesOn tells an object that is made of what the function around it is given: of somebody else's answer.
func passesOn(object js.Node) bool {
	for c := object.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() != js.SpreadElement || c.FirstChild().Kind() != js.Identifier {
			continue
		}
		for p := object.EnclosingFunction().Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
			if p.Kind() == js.Identifier && p.Text() == c.FirstChild().Text() {
				return true
			}
		}
	}
	return false
}

// called looks into the function that an expression is, if it names one.
func (d *dispatch) called(module *scope.Module, unit int32, callee js.Node, depth int) {
	if depth >= maxAnswerDepth || d.calls >= maxAnswerCalls {
		return
	}
	switch callee.Kind() {
	case js.MemberExpression:
		if callee.Child(js.FieldObject).Kind() == js.This {
			if method := methodBeside(callee); method.Valid() {
				d.in(module, unit, method, depth+1)
			}
			return
		}
	case js.Identifier:
	default:
		return
	}
	d.calls++
	o, ok := d.eval1(module, unit, callee).(*eval.Object)
	if !ok || o.Func == nil || !o.Func.Node.Valid() {
		return
	}
	fn := o.Func.Node
	at := d.Program.Modules[fn.Tree().Module]
	if u := at.Index().UnitAt(fn.Start()); u >= 0 {
		d.in(at, u, fn, depth+1)
	}
}

// methodBeside is the method of the class around this.NAME that has the name.
func methodBeside(member js.Node) js.Node {
	name := member.Child(js.FieldProperty).Text()
	for p := member.Parent(); p.Valid(); p = p.Parent() {
		if p.Kind() != js.ClassBody {
			continue
		}
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			if c.Child(js.FieldName).Text() == name || c.Child(js.FieldProperty).Text() == name {
				return c
			}
		}
		return js.Node{}
	}
	return js.Node{}
}

// chosenBy are the pieces of the program that are chosen by a text: the statements of a case, the branch where something
// equals it, what a table has under it, and the functions that a call is given together with it.
func chosenBy(text js.Node) (pieces []js.Node) {
	p := text.Parent()
	if p.Kind() == js.ComputedPropertyName {
		text, p = p, p.Parent()
	}
	switch p.Kind() {
	case js.SwitchCase:
		if p.Child(js.FieldValue) == text {
			return statementsOfCase(p)
		}
	case js.BinaryExpression:
		switch p.Child(js.FieldOperator).Text() {
		case "===", "==":
			return whereHolds(p)
		case "!==", "!=":
			return whereFails(p)
		}
	case js.Pair:
		if p.Child(js.FieldKey) == text {
			return handlersOf(p.Child(js.FieldValue))
		}
	case js.MethodDefinition:
		if p.Child(js.FieldName) == text {
			return []js.Node{p}
		}
	case js.AssignmentExpression, js.SubscriptExpression:
		if a := p.Parent(); p.Child(js.FieldIndex) == text && a.Kind() == js.AssignmentExpression && a.Child(js.FieldLeft) == p {
			return handlersOf(a.Child(js.FieldRight))
		}
	case js.Arguments, js.Array:
		if p.FirstChild() == text {
			return handlersOf(following(text)...)
		}
	}
	return nil
}

// handlersOf are the functions among some values, by themselves, by their names or given to a call that wraps them.
func handlersOf(values ...js.Node) (found []js.Node) {
	for _, n := range values {
		switch {
		case n.IsFunction(), n.Kind() == js.Identifier, n.Kind() == js.MemberExpression:
			found = append(found, n)
		case n.Kind() == js.CallExpression:
			if first := n.Child(js.FieldArguments).FirstChild(); first.Valid() {
				found = append(found, handlersOf(append([]js.Node{first}, following(first)...)...)...)
			}
		}
	}
	return found
}

// following are the nodes that stand after one in the same parent.
func following(n js.Node) (nodes []js.Node) {
	for n = n.Next(); n.Valid(); n = n.Next() {
		nodes = append(nodes, n)
	}
	return nodes
}

// statementsOfCase are what a case runs: its own statements, or those of the next one that has any.
func statementsOfCase(c js.Node) []js.Node {
	for ; c.Valid(); c = c.Next() {
		first := c.Child(js.FieldValue)
		if !first.Valid() {
			first = c.FirstChild()
			if first.Valid() {
				return append([]js.Node{first}, following(first)...)
			}
			continue
		}
		if own := following(first); len(own) > 0 {
			return own
		}
	}
	return nil
}

// whereHolds returns the pieces that are evaluated only if a comparison holds.
func whereHolds(n js.Node) (pieces []js.Node) {
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		switch p.Kind() {
		case js.ParenthesizedExpression:
		case js.BinaryExpression:
			if p.Child(js.FieldOperator).Text() == "&&" && p.Child(js.FieldLeft) == n {
				pieces = append(pieces, p.Child(js.FieldRight))
			}
		case js.IfStatement, js.TernaryExpression:
			if p.Child(js.FieldCondition) == n {
				pieces = append(pieces, p.Child(js.FieldConsequence))
			}
			return pieces
		default:
			return pieces
		}
	}
	return pieces
}

// whereFails returns the pieces that are evaluated if a comparison fails: the other branch, or what follows the statement.
func whereFails(n js.Node) []js.Node {
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		switch p.Kind() {
		case js.ParenthesizedExpression:
			continue
		case js.BinaryExpression:
			if p.Child(js.FieldOperator).Text() == "||" {
				continue
			}
		case js.IfStatement, js.TernaryExpression:
			if other := p.Child(js.FieldAlternative); other.Valid() {
				return []js.Node{other}
			}
			return following(p)
		}
		return nil
	}
	return nil
}

// underOwn is the part of the condition under which an answer is given that is not about the request.
func underOwn(c *eval.Cond) *eval.Cond {
	if c == nil {
		return nil
	}
	form := c.Formula()
	if len(form.All) == 0 {
		if c.Decided() {
			return c
		}
		return nil
	}
	var own *eval.Cond
	for _, part := range form.All {
		if part.Decided() {
			own = eval.And(own, part)
		}
	}
	return own
}
