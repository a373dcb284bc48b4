package facts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// guards are the conditions under which an expression is evaluated: those around it in its function, behind those
// around the calls by which the function was reached.
func (w *promptWriter) guards(n js.Node, path *flow.Frame) *eval.Cond {
	outer := w.guardsOf(path)
	if path == nil {
		outer = w.guardsOfOnlyCall(n, 0)
	}
	return both(outer, w.guardsAround(n))
}

// both is what two conditions demand. Where they exclude one another, something in them changes while the program runs:
// then the inner one is the surer.
func both(outer, inner *eval.Cond) *eval.Cond {
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
	x, y := a.Demands(), b.Demands()
	for i, c := range x.Conds {
		if slices.Contains(y.Conjuncts, x.Conjuncts[i]) {
			all = eval.And(all, c)
		}
	}
	return all
}

// Bounds of the guards that are told of a text.
const (
	maxAtoms = 12 // questions that one of them asks
	maxTold  = 12 // those that ask least are told
)

// told are guards as the Document has them, in alphabetical order, and whether there are further ones.
func (w *promptWriter) told(guards *eval.Cond) (list []schema.Cond, leftOut bool) {
	demands := guards.Demands()
	list, leftOut = []schema.Cond{}, demands.Large
	for _, i := range byQuestions(demands) {
		if c := demands.Conds[i]; len(list) == maxTold || c.Size() > maxAtoms || c.Asks(isSpentOn) {
			leftOut = true
			continue
		}
		list = append(list, w.Conjunct(demands, i))
	}
	slices.SortStableFunc(list, func(a, b schema.Cond) int { return cmp.Compare(a.Text, b.Text) })
	return slices.CompactFunc(list, func(a, b schema.Cond) bool { return a.Text == b.Text }), leftOut
}

// byQuestions are the places of the conjuncts of a condition, those that ask least first.
func byQuestions(n eval.Normal) []int {
	order := make([]int, len(n.Conds))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(n.Conds[i].Size()-n.Conds[j].Size(), cmp.Compare(n.Conjuncts[i], n.Conjuncts[j]))
	})
	return order
}

// isSpentOn tells a question that an evaluation did not get to for its budget.
func isSpentOn(a *eval.Atom) bool { return strings.Contains(a.Key, eval.OutOfBudget) }

// guardsAround are the conditions around a node up to its function, nil where there are none. One that is known says
// nothing: it is what holds when the program starts, and a text that is there for nothing is left out by those who build
// the program.
func (w *promptWriter) guardsAround(n js.Node) *eval.Cond {
	around := eval.Around{
		Holds: func(question js.Node) *eval.Cond {
			return open(w.condition(question))
		},
		Equal: func(subject, value js.Node) *eval.Cond {
			return w.Machine.Equal(w.evalWithin(subject, stepsOfCondition), w.evalWithin(value, stepsOfCondition))
		},
		Both: func(outer, inner *eval.Cond) *eval.Cond { return both(open(outer), inner) },
	}
	found, _ := around.Of(n)
	return found
}

// condition is the condition that an expression holds where it stands.
func (w *promptWriter) condition(n js.Node) (c *eval.Cond) {
	if c, ok := w.conditions[n]; ok {
		return c
	}
	m, unit := w.place(n)
	if unit < 0 {
		return nil
	}
	v := w.Machine.RunWithin(stepsOfCondition, func() eval.Value {
		c = w.Machine.Condition(n, w.Machine.Enclosing(m, unit, n))
		return eval.Undefined
	})
	if c == nil {
		c = eval.Truth(v) // it throws
	}
	w.conditions[n] = c
	return c
}

// open is a condition that may go either way; nil for another.
func open(c *eval.Cond) *eval.Cond {
	if _, known := c.Constant(); known {
		return nil
	}
	return c
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
