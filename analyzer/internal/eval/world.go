package eval

import (
	"sort"
	"strings"
)

// World answers the questions that a program's text leaves open. The zero World is the default world; Answers
// changes it, by an atom's Key. Ask, when not nil, is called for every atom that was asked.
type World struct {
	Answers map[string]bool
	Ask     func(*Atom)
	// Open leaves a choice between words open where nothing answers its question, instead of taking what is unknown for
	// absent: a hole stands in its place.
	Open bool
	// Settled leaves a question open, where that world is evaluated alone, which nothing answers but what is unknown
	// being taken for absent.
	Settled bool
}

// PrintWorld is the default world of the print mode: it differs from the zero World by the mode alone.
func PrintWorld() World { return World{Answers: map[string]bool{modeKey: false}} }

// Answer is what an atom is in the world.
func (w World) Answer(a *Atom) bool {
	if v, ok := w.Answers[a.Key]; ok {
		return v
	}
	if interactive, ok := w.Answers[modeKey]; ok && !interactive {
		return a.Printing
	}
	return a.Default
}

// Holds answers a condition; nil is true.
func (w World) Holds(c *Cond) bool {
	v, _ := c.eval(func(a *Atom) (bool, bool) {
		if w.Ask != nil {
			w.Ask(a)
		}
		return w.Answer(a), true
	})
	return v
}

// settles tells whether the answer to a condition follows from the world and the program's text, not from taking what
// is unknown for absent.
func (w World) settles(c *Cond) bool {
	w.Holds(c) // Ask may answer the questions that it is called for
	_, ok := c.eval(func(a *Atom) (bool, bool) {
		v, answered := w.Answers[a.Key]
		return v || !answered && w.Answer(a), answered || a.Decided
	})
	return ok
}

// maxWord is the length up to which a text counts as a word or two, in bytes.
const maxWord = 40

// isWord tells a text that is a word or two from a line of its own.
func isWord(parts []Part) bool {
	for _, p := range parts {
		if p.Choice != nil && !(isWord(p.Choice.Then) && isWord(p.Choice.Else)) || p.Each != nil || len(p.Lit) > maxWord || strings.Contains(p.Lit, "\n") {
			return false
		}
	}
	return len(parts) > 0
}

// Pick is what v is in the world: choices are decided, and what has a default takes it. Parts of it stay open.
func (w World) Pick(v Value) Value {
	for range 4 * maxLeaves {
		switch x := v.(type) {
		case *Choice:
			v = pick(x, w.Holds(x.Cond))
		case *Unknown:
			if x.Default == nil {
				return v
			}
			v = x.Default
		default:
			return v
		}
	}
	return v
}

// given is, of a choice between nothing and something that is not known, the latter: what is put into a text if it is
// given. Taking it for absent would say that it never is.
func (c *PartChoice) given() []Part {
	switch {
	case len(c.Then) == 0 && onlyHoles(c.Else):
		return c.Else
	case len(c.Else) == 0 && onlyHoles(c.Then):
		return c.Then
	}
	return nil
}

func onlyHoles(parts []Part) bool {
	for _, p := range parts {
		if p.Hole == nil {
			return false
		}
	}
	return true
}

// Parts is a text's parts in the world, with choices decided and adjacent literals joined.
func (w World) Parts(parts []Part) []Part {
	return joined(w.flatten(nil, parts))
}

// joined puts literals that stand side by side together, in place.
func joined(parts []Part) []Part {
	out := parts[:0]
	for i := 0; i < len(parts); {
		end := i + 1
		for parts[i].Lit != "" && end < len(parts) && parts[end].Lit != "" {
			end++
		}
		p := parts[i]
		if end > i+1 {
			p.Lit = literals(parts[i:end])
		}
		out = append(out, p)
		i = end
	}
	return out
}

// literals are the literals of some parts as one text.
func literals(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Lit)
	}
	return b.String()
}

func (w World) flatten(out, parts []Part) []Part {
	for _, p := range parts {
		switch {
		case p.Choice != nil && w.Open && isWord(p.Choice.Then) && isWord(p.Choice.Else) && !w.settles(p.Choice.Cond):
			expr := p.Choice.Cond.String()
			out = append(out, Part{Hole: &Unknown{Key: "choice " + expr, Expr: expr, Why: "what it depends on is known when it runs"}})
		case p.Choice != nil && len(p.Choice.given()) > 0 && !w.settles(p.Choice.Cond):
			out = w.flatten(out, p.Choice.given())
		case p.Choice != nil:
			branch := p.Choice.Else
			if w.Holds(p.Choice.Cond) {
				branch = p.Choice.Then
			}
			out = w.flatten(out, branch)
		case p.Each != nil:
			out = append(out, Part{Each: &PartEach{p.Each.Over, p.Each.Sep, w.Parts(p.Each.Parts)}})
		case p.Hole != nil && p.Hole.Default != nil:
			out = w.defaultOf(out, p)
		default:
			out = append(out, p)
		}
	}
	return out
}

// defaultOf puts what a hole is in the default world in its place, where that is a text.
func (w World) defaultOf(out []Part, p Part) []Part {
	switch d := Default(p.Hole.Default).(type) {
	case *Text:
		return w.flatten(out, d.Parts)
	case String, Number:
		return w.flatten(out, []Part{{Lit: primitiveString(d)}})
	}
	return append(out, p)
}

// PartsOf returns a string value as parts.
func (m *Machine) PartsOf(v Value) []Part { return m.parts(v) }

// WorldKey identifies answers.
func WorldKey(answers map[string]bool) string {
	keys := make([]string, 0, len(answers))
	for k, v := range answers {
		if v {
			k += "=1"
		}
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return strings.Join(keys, "\n")
}
