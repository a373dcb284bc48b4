package analyzer

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
	"github.com/bundlens/bundlens/schema"
)

// Text is a string value as the Document has it: its parts, and its rendering in the default world. It is nil for a
// value that is no string.
func (p *Pass) Text(v eval.Value) *schema.Text {
	switch w := (eval.World{}).Pick(v).(type) {
	case eval.String, *eval.Text:
	case *eval.Unknown:
		if _, isChoice := v.(*eval.Choice); !isChoice {
			return nil
		}
		_ = w
	default:
		return nil
	}
	return p.textOf(p.Machine.PartsOf(v), eval.World{})
}

// TextGiven is Text where a condition holds, which may be nil: what it excludes is left out.
func (p *Pass) TextGiven(v eval.Value, holds *eval.Cond) *schema.Text {
	if holds == nil || p.Text(v) == nil {
		return p.Text(v)
	}
	return p.textOf(given(p.Machine.PartsOf(v), holds), eval.World{})
}

// given are parts without the branches that a condition excludes.
func given(parts []eval.Part, holds *eval.Cond) (out []eval.Part) {
	for _, p := range parts {
		if p.Choice == nil {
			out = append(out, p)
			continue
		}
		c := p.Choice
		if n := c.Cond.Given(holds); n.Constant && n.Value {
			out = append(out, given(c.Then, holds)...)
		} else if n.Constant {
			out = append(out, given(c.Else, holds)...)
		} else {
			out = append(out, eval.Part{Choice: &eval.PartChoice{
				Cond: c.Cond, Then: given(c.Then, holds), Else: given(c.Else, holds),
			}})
		}
	}
	return out
}

// textOf is Text for parts, rendered in a world.
func (p *Pass) textOf(parts []eval.Part, w eval.World) *schema.Text {
	rendered, _ := zod.Render(w.Parts(parts))
	return &schema.Text{Text: rendered, Parts: p.schemaParts(parts, nil)}
}

// TextIn is Text as it is in a world, with its choices decided.
func (p *Pass) TextIn(v eval.Value, w eval.World) *schema.Text {
	return p.textOf(w.Parts(p.Machine.PartsOf(v)), w)
}

// schemaParts are parts as the Document has them. path is what holds where they stand.
func (p *Pass) schemaParts(parts []eval.Part, path *eval.Cond) []schema.Part {
	out := []schema.Part{}
	for _, part := range exclusive(parts) {
		switch {
		case part.Hole != nil:
			out = append(out, schema.Part{Hole: hole(part)})
		case part.Each != nil:
			out = append(out, schema.Part{Each: &schema.Each{Name: eval.HoleName(part.Each.Over), Over: part.Each.Over, Sep: part.Each.Sep, Parts: p.schemaParts(part.Each.Parts, path)}})
		case part.Choice != nil:
			out = append(out, p.choiceParts(part.Choice, path)...)
		default:
			out = append(out, schema.Part{Lit: part.Lit})
		}
	}
	return schema.Join(out)
}

// hole is a hole as the Document has it.
func hole(p eval.Part) *schema.Hole {
	h := &schema.Hole{Name: eval.HoleName(p.Hole.Expr), Expr: p.Hole.Expr, Why: p.Hole.Why}
	if s := p.Hole.Subject; s != nil {
		h.Value = &schema.Subject{Kind: s.Kind, Name: s.Name}
	}
	for _, s := range p.Hole.MadeOf() {
		h.Subjects = append(h.Subjects, schema.Subject{Kind: s.Kind, Name: s.Name})
	}
	if p.Hole.Default != nil {
		if rendered, _ := zod.Render((eval.World{}).Parts([]eval.Part{p})); rendered != "${"+h.Name+"}" {
			h.Default = rendered
		}
	}
	return h
}

// exclusive puts neighbouring choices together if only one of them can say something.
func exclusive(parts []eval.Part) []eval.Part {
	var out []eval.Part
	for _, p := range parts {
		if n := len(out) - 1; n >= 0 && p.Choice != nil && out[n].Choice != nil {
			if a, b, ok := oneSided(out[n].Choice, p.Choice); ok {
				out[n] = eval.Part{Choice: &eval.PartChoice{Cond: a.Cond, Then: a.Then, Else: []eval.Part{{Choice: b}}}}
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// oneSided turns two choices so that they say something where their conditions hold; ok says that those exclude one
// another.
func oneSided(a, b *eval.PartChoice) (x, y *eval.PartChoice, ok bool) {
	x, y = turned(a), turned(b)
	if x == nil || y == nil {
		return nil, nil, false
	}
	both := eval.And(x.Cond, y.Cond).Given(nil)
	return x, y, both.Constant && !both.Value
}

func turned(c *eval.PartChoice) *eval.PartChoice {
	switch {
	case len(c.Else) == 0:
		return c
	case len(c.Then) == 0:
		return &eval.PartChoice{Cond: eval.Not(c.Cond), Then: c.Else}
	}
	return nil
}

// outcome is what a choice may come to, and when.
type outcome struct {
	when  *eval.Cond
	parts []schema.Part
}

// choiceParts are the outcomes of a choice, each once, in the order of their conditions: the same for every way in
// which a program, or its minifier, may have nested them.
func (p *Pass) choiceParts(c *eval.PartChoice, path *eval.Cond) []schema.Part {
	outcomes := p.outcomesOf(nil, c, nil, path)
	branches := make([]schema.Branch, 0, len(outcomes))
	for _, o := range outcomes {
		when := o.when.Given(path)
		if when.Constant && !when.Value {
			continue
		}
		if when.Constant || len(outcomes) == 1 {
			return o.parts
		}
		branches = append(branches, schema.Branch{When: p.Questions.normal(when), Parts: o.parts})
	}
	slices.SortStableFunc(branches, func(a, b schema.Branch) int { return byCondition(a.When.Text, b.When.Text) })
	return []schema.Part{{Choice: branches}}
}

// byCondition puts a condition before its opposite.
func byCondition(a, b string) int {
	return cmp.Or(cmp.Compare(strings.TrimLeft(a, "!("), strings.TrimLeft(b, "!(")), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// outcomesOf adds the outcomes of a choice that is made under a condition. A branch that is nothing but another choice
// is that one's outcomes.
func (p *Pass) outcomesOf(list []outcome, c *eval.PartChoice, when, path *eval.Cond) []outcome {
	for _, b := range []struct {
		cond  *eval.Cond
		parts []eval.Part
	}{{c.Cond, c.Then}, {eval.Not(c.Cond), c.Else}} {
		cond := eval.And(when, b.cond)
		if len(b.parts) == 1 && b.parts[0].Choice != nil {
			list = p.outcomesOf(list, b.parts[0].Choice, cond, path)
			continue
		}
		parts := p.schemaParts(b.parts, eval.And(path, cond))
		same := slices.IndexFunc(list, func(o outcome) bool { return reflect.DeepEqual(o.parts, parts) })
		if same < 0 {
			list = append(list, outcome{cond, parts})
		} else {
			list[same].when = eval.Or(list[same].when, cond)
		}
	}
	return list
}

// Variants renders what a value is in the worlds next to the default one: with each question it asks answered the
// other way, and those that come up then. A world next to one that made a difference comes before the others. make gives the result in a world, and a key: results with the same key are one.
func Variants[T any](limit int, make func(w eval.World) (result T, key string, ok bool)) []Variant[T] {
	var out []Variant[T]
	seen := map[string]bool{}
	type state struct {
		answers map[string]bool
		when    *eval.Cond
	}
	visited := map[string]bool{}
	printing := eval.WorldKey(eval.PrintWorld().Answers)
	queue, later := []state{{map[string]bool{}, nil}}, []state(nil)
	for tries := 0; len(queue)+len(later) > 0 && tries < 4*limit && len(out) <= limit; tries++ {
		if len(queue) == 0 {
			queue, later = later, nil
		}
		s := queue[0]
		queue = queue[1:]
		known := len(out)
		var asked []*eval.Atom
		w := eval.World{Answers: s.answers, Ask: func(a *eval.Atom) { asked = append(asked, a) }}
		if result, key, ok := make(w); ok && !seen[key] {
			seen[key] = true
			out = append(out, Variant[T]{World: eval.World{Answers: s.answers}, When: s.when, Key: key, Result: result})
		}
		if differs := func(a *eval.Atom) bool { return a.Default != a.Printing }; len(s.answers) == 0 && slices.ContainsFunc(asked, differs) {
			visited[printing] = true // the mode may be asked about only within other questions
			queue = append(queue, state{eval.PrintWorld().Answers, eval.Printing()})
		}
		slices.SortStableFunc(asked, func(a, b *eval.Atom) int { return cmp.Compare(a.Expr, b.Expr) })
		for _, a := range asked {
			if _, done := s.answers[a.Key]; done {
				continue
			}
			other := !w.Answer(a)
			next := map[string]bool{a.Key: other}
			a.Implied(other, func(key string, holds bool) { next[key] = holds })
			maps.Copy(next, s.answers)
			id := eval.WorldKey(next)
			if visited[id] {
				continue
			}
			visited[id] = true
			x := state{next, eval.And(s.when, a.Is(other))}
			if len(out) > known || eval.WorldKey(s.answers) == printing {
				queue = append(queue, x)
			} else {
				later = append(later, x) // what changes nothing in this world seldom does with more
			}
		}
	}
	return out
}

// Variant is one result of Variants. The first is that of the default world, with a nil When.
type Variant[T any] struct {
	World  eval.World
	When   *eval.Cond
	Key    string
	Result T
}
