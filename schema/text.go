package schema

import (
	"iter"
	"regexp"
	"strings"
)

// Text is a text that the program makes, as far as it is known.
type Text struct {
	// Text is its rendering in the default world; a hole stands there as ${NAME}. In a written Document it is there where it
	// does not follow from Parts.
	Text string `json:"text,omitempty"`
	// Parts are all that it may be, in order. Read as a pattern they match what the program sends. In a written Document
	// they are missing where Text is all that it may be.
	Parts []Part `json:"parts,omitempty"`
}

// Part is one piece of a Text. Exactly one of its fields is set.
type Part struct {
	// Lit is a piece that is known letter for letter.
	Lit string `json:"lit,omitempty"`
	// Hole is a piece that is not known.
	Hole *Hole `json:"hole,omitempty"`
	// Choice are the pieces of which one stands here.
	Choice []Branch `json:"choice,omitempty"`
	// Each is a piece that is repeated.
	Each *Each `json:"each,omitempty"`
	// Ref stands for the parts of one of the Document's Fragments, by its place. It is there only in a written Document.
	Ref *int `json:"ref,omitempty"`
}

// Hole is a piece of a text that is known only when the program runs.
type Hole struct {
	// Name is made from the expression, in UPPER_SNAKE.
	Name string `json:"name"`
	// Expr is the expression, with names resolved as far as they could be.
	Expr string `json:"expr"`
	// Why says why it is not known.
	Why string `json:"why"`
	// Value is what it is the value of; nil where it is something that is made of such values, which Subjects then are.
	Value    *Subject  `json:"value,omitempty"`
	Subjects []Subject `json:"subjects,omitempty"`
	// Default is what stands in its place in the default world, where that is known.
	Default string `json:"default,omitempty"`
}

// MadeOf are all subjects that the hole depends on.
func (h *Hole) MadeOf() []Subject {
	if h.Value != nil {
		return []Subject{*h.Value}
	}
	return h.Subjects
}

// Branch is one of the pieces of a choice.
type Branch struct {
	// When is the condition under which it is taken.
	When  Cond   `json:"when"`
	Parts []Part `json:"parts"`
}

// Each is a piece that is repeated for every element of something.
type Each struct {
	// Name is made from the expression, in UPPER_SNAKE.
	Name string `json:"name"`
	// Over is the expression that is gone through.
	Over string `json:"over"`
	// Sep stands between two repetitions.
	Sep   string `json:"sep"`
	Parts []Part `json:"parts"`
}

// Literal makes a Text that is known whole.
func Literal(s string) Text {
	return Text{Text: s, Parts: Join([]Part{{Lit: s}})}
}

// IsLiteral says whether the text is known whole.
func (t Text) IsLiteral() bool {
	for _, p := range t.Parts {
		if p.Hole != nil || p.Choice != nil || p.Each != nil {
			return false
		}
	}
	return true
}

// Join puts the pieces one after the other: empty literals go, neighbouring ones become one.
func Join(pieces ...[]Part) []Part {
	out := []Part{}
	var run []string // of literals
	flush := func() {
		if len(run) > 0 {
			out = append(out, Part{Lit: strings.Join(run, "")})
			run = run[:0]
		}
	}
	for _, parts := range pieces {
		for _, p := range parts {
			switch {
			case p.Hole != nil, p.Choice != nil, p.Each != nil, p.Ref != nil:
				flush()
				out = append(out, p)
			case p.Lit != "":
				run = append(run, p.Lit)
			}
		}
	}
	flush()
	return out
}

// Literals goes through the literal pieces of the parts in order; branches and repetitions are entered.
func Literals(parts []Part) iter.Seq[string] {
	return func(yield func(string) bool) { eachLiteral(parts, yield) }
}

func eachLiteral(parts []Part, yield func(string) bool) bool {
	for _, p := range parts {
		if p.Lit != "" && !yield(p.Lit) {
			return false
		}
		for _, b := range p.Choice {
			if !eachLiteral(b.Parts, yield) {
				return false
			}
		}
		if p.Each != nil && !eachLiteral(p.Each.Parts, yield) {
			return false
		}
	}
	return true
}

// Holes goes through the holes of the parts in order; branches and repetitions are entered.
func Holes(parts []Part) iter.Seq[*Hole] {
	return func(yield func(*Hole) bool) { eachHole(parts, yield) }
}

func eachHole(parts []Part, yield func(*Hole) bool) bool {
	for _, p := range parts {
		if p.Hole != nil && !yield(p.Hole) {
			return false
		}
		for _, b := range p.Choice {
			if !eachHole(b.Parts, yield) {
				return false
			}
		}
		if p.Each != nil && !eachHole(p.Each.Parts, yield) {
			return false
		}
	}
	return true
}

// Pattern is the text as a regular expression that matches the whole of what the program sends.
func (t Text) Pattern() string {
	var b strings.Builder
	b.WriteString(`^`)
	writePattern(&b, t.Parts)
	b.WriteString(`$`)
	return b.String()
}

func writePattern(b *strings.Builder, parts []Part) {
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			b.WriteString(`(?s:.*?)`)
		case p.Choice != nil:
			for i, branch := range p.Choice {
				b.WriteString([]string{`(?:`, `|`}[min(i, 1)])
				writePattern(b, branch.Parts)
			}
			b.WriteString(`)`)
		case p.Each != nil:
			b.WriteString(`(?:(?:`)
			writePattern(b, p.Each.Parts)
			b.WriteString(`)(?:` + regexp.QuoteMeta(p.Each.Sep) + `)?)*`)
		default:
			b.WriteString(regexp.QuoteMeta(p.Lit))
		}
	}
}
