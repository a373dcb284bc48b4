package facts

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/flow"
	"github.com/bundlens/bundlens/analyzer/js"
)

// maxGuard bounds the text of one condition.
const maxGuard = 300

// guards are the conditions under which an expression is evaluated: those around it in its function, behind those
// around the calls by which the function was reached.
func (w *promptWriter) guards(n js.Node, path *flow.Frame) []string {
	return join(w.guardsOf(path), w.guardsAround(n))
}

// guardsOf are the conditions that hold for every call of a frame.
func (w *promptWriter) guardsOf(f *flow.Frame) []string {
	if f == nil {
		return nil
	}
	if g, ok := w.frames[f]; ok {
		return g
	}
	w.frames[f] = nil // for one that calls itself
	var all []string
	for i, s := range f.Sites {
		var g []string
		if s.Call.Valid() {
			g = join(w.guardsOf(s.Caller), w.guardsAround(s.Call))
		}
		if i == 0 {
			all = g
		} else {
			all = common(all, g)
		}
		if len(all) == 0 {
			break
		}
	}
	w.frames[f] = all
	return all
}

// join puts conditions behind others, each once.
func join(outer, inner []string) []string {
	out := slices.Clone(outer)
	for _, g := range inner {
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// common keeps the conditions that stand in both lists.
func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(g string) bool { return !slices.Contains(b, g) })
}

// guardsAround are the conditions around a node up to its function, outermost first.
func (w *promptWriter) guardsAround(n js.Node) []string {
	var found []string
	add := func(cond js.Node, holds bool) {
		if s := w.condition(cond, holds); s != "" {
			found = append([]string{s}, found...)
		}
	}
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
			if p.Child(js.FieldOperator).Text() == "&&" && n.Field() == js.FieldRight {
				add(p.Child(js.FieldLeft), true)
			}
		case js.SwitchCase:
			if n.Field() != js.FieldValue {
				if s := w.caseOf(p); s != "" {
					found = append([]string{s}, found...)
				}
			}
		case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration, js.MethodDefinition:
			return found
		}
	}
	return found
}

// condition is a condition as readable text; "" for one that always holds.
func (w *promptWriter) condition(n js.Node, holds bool) string {
	v := w.evalWithin(n, stepsOfCondition)
	if u, ok := v.(*eval.Unknown); ok && u.Key == "budget" {
		return w.verbatim(n, holds)
	}
	c := eval.Truth(v)
	if !holds {
		c = eval.Not(c)
	}
	if v, ok := c.Constant(); ok && v {
		return ""
	}
	return shorten(c.String(), maxGuard)
}

// verbatim is a condition as the source has it, for one that would take too long to evaluate.
func (w *promptWriter) verbatim(n js.Node, holds bool) string {
	s := strings.Join(strings.Fields(n.Text()), " ")
	if !holds {
		s = "!(" + s + ")"
	}
	return shorten(s, maxGuard)
}

// caseOf is the condition of a case clause: what is compared, and with what.
func (w *promptWriter) caseOf(clause js.Node) string {
	subject := clause.Parent().Parent().Child(js.FieldValue)
	for subject.Kind() == js.ParenthesizedExpression {
		subject = subject.FirstChild()
	}
	return shorten(w.Machine.Describe(w.evalWithin(subject, stepsOfCondition))+" === "+w.Machine.Describe(w.evalWithin(clause.Child(js.FieldValue), stepsOfCondition)), maxGuard)
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
