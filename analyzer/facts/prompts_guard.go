package facts

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/flow"
	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/schema"
)

// maxGuard bounds the text of one condition.
const maxGuard = 300

// guards are the conditions under which an expression is evaluated: those around it in its function, behind those
// around the calls by which the function was reached.
func (w *promptWriter) guards(n js.Node, path *flow.Frame) *eval.Cond {
	outer := w.guardsOf(path)
	if path == nil {
		outer = w.guardsOfOnlyCall(n, 0)
	}
	return both(outer, w.guardsAround(n))
}

// maxAtoms is how many questions the guards of a text ask. Those of what is far from it say little of it.
const maxAtoms = 20

// further stands for guards that are left out.
var further = eval.Truth(&eval.Unknown{Key: eval.OutOfBudget + " for guards"})

// both is what two conditions demand. Where they exclude one another, something in them changes while the program runs:
// then the inner one is the surer.
func both(outer, inner *eval.Cond) *eval.Cond {
	if outer.Size()+inner.Size() > maxAtoms {
		outer = further
	}
	c := eval.And(outer, inner)
	if holds, ok := c.Constant(); ok && !holds {
		return inner
	}
	return c
}

// guardsOfOnlyCall are the conditions of the only call of the function around a node, where it has one.
func (w *promptWriter) guardsOfOnlyCall(n js.Node, depth int) *eval.Cond {
	for n = n.Parent(); n.Valid() && !isFunction(n); n = n.Parent() {
	}
	if !n.Valid() || depth > maxFramesUp {
		return nil
	}
	call, ok := w.callOf(n)
	if !ok {
		return nil
	}
	return both(w.guardsOfOnlyCall(call, depth+1), w.guardsAround(call))
}

func isFunction(n js.Node) bool {
	switch n.Kind() {
	case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration, js.MethodDefinition:
		return true
	}
	return false
}

// guardsOf are the conditions that hold for every call of a frame; nil where there are none.
func (w *promptWriter) guardsOf(f *flow.Frame) *eval.Cond {
	if f == nil {
		return nil
	}
	if g, ok := w.frames[f]; ok {
		return g
	}
	w.frames[f] = nil // for one that calls itself
	var all *eval.Cond
	for i, s := range f.Sites {
		var g *eval.Cond
		if s.Call.Valid() {
			g = both(w.guardsOf(s.Caller), w.guardsAround(s.Call))
		}
		if i == 0 {
			all = g
		} else {
			all = common(all, g)
		}
		if all == nil {
			break
		}
	}
	w.frames[f] = all
	return all
}

// common is what two conditions have in common: what has to hold for either.
func common(a, b *eval.Cond) *eval.Cond {
	if a.Same(b) {
		return a
	}
	var all *eval.Cond
	x, y := a.Given(nil), b.Given(nil)
	for i, c := range x.Conds {
		if slices.Contains(y.Conjuncts, x.Conjuncts[i]) {
			all = eval.And(all, c)
		}
	}
	return all
}

// told are guards as the Document has them, in alphabetical order.
func told(guards *eval.Cond) []string {
	list := []string{}
	n := guards.Given(nil)
	for i, c := range n.Conds {
		text := shorten(n.Conjuncts[i], maxGuard)
		if c.Size() > maxAtoms {
			text = schema.GuardsLeftOut
		}
		c.Atoms(func(a *eval.Atom) {
			if strings.Contains(a.Key, eval.OutOfBudget) {
				text = schema.GuardsLeftOut
			}
		})
		list = append(list, text)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// guardsAround are the conditions around a node up to its function, nil where there are none: those of what it stands
// in, and those that were not met by what would have left before.
func (w *promptWriter) guardsAround(n js.Node) (found *eval.Cond) {
	add := func(cond js.Node, holds bool) { found = both(w.condition(cond, holds), found) }
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		switch p.Kind() {
		case js.TernaryExpression:
			if n.Field() != js.FieldCondition {
				add(p.Child(js.FieldCondition), n.Field() == js.FieldConsequence)
			}
		case js.IfStatement:
			if n.Field() != js.FieldCondition {
				add(p.Child(js.FieldCondition), n.Field() == js.FieldConsequence)
			}
		case js.BinaryExpression:
			if n.Field() != js.FieldRight {
				continue
			}
			switch p.Child(js.FieldOperator).Text() {
			case "&&":
				add(p.Child(js.FieldLeft), true)
			case "||":
				add(p.Child(js.FieldLeft), false)
			}
		case js.StatementBlock:
			found = both(w.notLeft(p, n), found)
		case js.SwitchCase, js.SwitchDefault:
			if n.Field() != js.FieldValue {
				found = both(w.caseOf(p), both(w.notLeft(p, n), found))
			}
		case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration, js.MethodDefinition:
			return found
		}
	}
	return found
}

// notLeft is the condition that none of the statements before a child of a block has left it.
func (w *promptWriter) notLeft(block, child js.Node) (found *eval.Cond) {
	for s := block.FirstChild(); s.Valid() && s != child; s = s.Next() {
		if s.Kind() == js.IfStatement {
			found = both(found, eval.Not(w.leaves(s)))
		}
	}
	return found
}

// leaves is the condition under which a statement leaves its block for certain, as far as that can be told.
func (w *promptWriter) leaves(s js.Node) *eval.Cond {
	no := eval.Not(nil)
	switch s.Kind() {
	case js.ReturnStatement, js.ThrowStatement, js.BreakStatement, js.ContinueStatement:
		return nil
	case js.StatementBlock:
		last := s.FirstChild()
		for c := last; c.Valid(); c = c.Next() {
			last = c
		}
		return w.leaves(last)
	case js.IfStatement:
		then, els := w.leaves(s.Child(js.FieldConsequence)), no
		if e := s.Child(js.FieldAlternative); e.Valid() {
			els = w.leaves(e.FirstChild())
		}
		if then.Same(no) && els.Same(no) {
			return no
		}
		cond := s.Child(js.FieldCondition)
		if w.condition(cond, true) == nil {
			return no
		}
		return eval.Or(eval.And(w.condition(cond, true), then), eval.And(w.condition(cond, false), els))
	}
	return no
}

// condition is the condition that an expression holds, or does not. One that is known says nothing: it is what holds
// when the program starts, and a text that is there for nothing is left out by those who build the program.
func (w *promptWriter) condition(n js.Node, holds bool) *eval.Cond {
	v := w.evalWithin(n, stepsOfCondition)
	if u, ok := v.(*eval.Unknown); ok && u.Key == eval.OutOfBudget {
		return nil
	}
	c := eval.Truth(v)
	if !holds {
		c = eval.Not(c)
	}
	return open(c)
}

// maxCases is how many cases of a switch are looked at for its default.
const maxCases = 12

// caseOf is the condition of a clause of a switch: that what is compared is what the clause says, or what one before it
// says that runs into it; for the default, that it is none of them.
func (w *promptWriter) caseOf(clause js.Node) *eval.Cond {
	subject := clause.Parent().Parent().Child(js.FieldValue)
	for subject.Kind() == js.ParenthesizedExpression {
		subject = subject.FirstChild()
	}
	value := w.evalWithin(subject, stepsOfCondition)
	is := func(c js.Node) *eval.Cond {
		return w.Machine.Equal(value, w.evalWithin(c.Child(js.FieldValue), stepsOfCondition))
	}
	no := eval.Not(nil)
	some, count := no, 0
	for c := clause.Parent().FirstChild(); c.Valid(); c = c.Next() {
		if clause.Kind() == js.SwitchDefault {
			if c != clause {
				some, count = eval.Or(some, is(c)), count+1
			}
			continue
		}
		if c.Kind() == js.SwitchCase && (c == clause || runsInto(c)) {
			some = eval.Or(some, is(c))
		}
		if c == clause {
			return open(some)
		}
		if !runsInto(c) {
			some = no
		}
	}
	if count > maxCases {
		return nil
	}
	return open(eval.Not(some))
}

// open is a condition that may go either way; nil for another.
func open(c *eval.Cond) *eval.Cond {
	if _, known := c.Constant(); known {
		return nil
	}
	return c
}

// runsInto tells a clause without statements.
func runsInto(clause js.Node) bool {
	for c := clause.FirstChild(); c.Valid(); c = c.Next() {
		if c.Field() != js.FieldValue {
			return false
		}
	}
	return true
}

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && s[limit]&0xC0 == 0x80 {
		limit--
	}
	return s[:limit] + "..."
}
