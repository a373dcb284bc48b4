package facts

import (
	"slices"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

func isText(v eval.Value) bool {
	switch v := v.(type) {
	case eval.String:
		return true
	case *eval.Text:
		return true
	case *eval.Choice:
		return textOrNothing(v.Then) && textOrNothing(v.Else) && (isText(v.Then) || isText(v.Else))
	}
	return false
}

// alternative is one of the texts that a value may be.
type alternative struct {
	when *eval.Cond
	text eval.Value
}

// maxAlternatives is how many texts of one value are told apart.
const maxAlternatives = 24

// alternatives are the texts that a value may be, each with its condition: a text is its own record, whether the
// program returns it from a branch of its own or chooses it in an expression.
func alternatives(list []alternative, v eval.Value, when *eval.Cond) []alternative {
	c, ok := asChoice(v)
	if !ok || len(list) >= maxAlternatives {
		if saysSomething(v) || when == nil {
			list = append(list, alternative{when, v})
		}
		return list
	}
	list = alternatives(list, c.Then, eval.And(when, c.Cond))
	return alternatives(list, c.Else, eval.And(when, eval.Not(c.Cond)))
}

// asChoice takes a value for a choice: one of values, or a text that is nothing but a choice.
func asChoice(v eval.Value) (*eval.Choice, bool) {
	if t, ok := v.(*eval.Text); ok && len(t.Parts) == 1 && t.Parts[0].Choice != nil {
		p := t.Parts[0].Choice
		return &eval.Choice{Cond: p.Cond, Then: textOf(p.Then), Else: textOf(p.Else)}, true
	}
	c, ok := v.(*eval.Choice)
	return c, ok
}

func textOf(parts []eval.Part) eval.Value {
	if len(parts) == 0 {
		return eval.String("")
	}
	return &eval.Text{Parts: parts}
}

func saysSomething(v eval.Value) bool { return isText(v) && v != eval.String("") }

func textOrNothing(v eval.Value) bool {
	return isText(v) || v == eval.Undefined || v == eval.Null || v == eval.Bool(false)
}

// holds tells whether a literal of a text holds a piece.
func (w *promptWriter) holds(v eval.Value, piece string) bool {
	return holdsPiece(w.Machine.PartsOf(v), piece)
}

func holdsPiece(parts []eval.Part, piece string) bool {
	for _, p := range parts {
		if strings.Contains(p.Lit, piece) || p.Choice != nil && (holdsPiece(p.Choice.Then, piece) || holdsPiece(p.Choice.Else, piece)) ||
			p.Each != nil && holdsPiece(p.Each.Parts, piece) {
			return true
		}
	}
	return false
}

// reads tells whether a piece of a literal can be read in a text, in one literal or across several.
func (w *promptWriter) reads(v eval.Value, piece string) bool {
	_, found := findPiece(w.Machine.PartsOf(v), piece, nil)
	return found
}

// findPiece finds a piece in one literal, or in several that stand side by side on a way through the choices: what choices
// have in common stands before and behind them. Begun are how many bytes of the piece stand right before the parts, one
// for each way there; ended are how many stand at their end.
func findPiece(parts []eval.Part, piece string, begun []int) (ended []int, found bool) {
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			begun = nil
		case p.Choice != nil:
			after, yes := findPiece(p.Choice.Then, piece, begun)
			otherwise, no := findPiece(p.Choice.Else, piece, begun)
			if yes || no {
				return nil, true
			}
			begun = append(after, otherwise...)
		case p.Each != nil:
			after, yes := findPiece(p.Each.Parts, piece, begun)
			if yes {
				return nil, true
			}
			begun = append(slices.Clip(begun), after...)
		case p.Lit != "":
			if begun, found = findInLiteral(p.Lit, piece, begun); found {
				return nil, true
			}
		}
		slices.Sort(begun)
		begun = slices.Compact(begun)
	}
	return begun, false
}

func findInLiteral(lit, piece string, begun []int) (ended []int, found bool) {
	if strings.Contains(lit, piece) {
		return nil, true
	}
	for _, n := range begun {
		rest := piece[n:]
		if strings.HasPrefix(lit, rest) {
			return nil, true
		}
		if strings.HasPrefix(rest, lit) {
			ended = append(ended, n+len(lit))
		}
	}
	for n := min(len(lit), len(piece)-1); n > 0; n-- {
		if strings.HasSuffix(lit, piece[:n]) {
			ended = append(ended, n)
		}
	}
	return ended, false
}

// pieceOf is the longest line that somebody reads of what a source says by itself, or, where it only puts others together,
// of what these say, whatever else they do; "" where there is none.
func (w *promptWriter) pieceOf(n js.Node) string {
	best := literalOf(n)
	if best != "" || n.Kind() != js.TemplateString {
		return best
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if inside := c.FirstChild(); c.Kind() == js.TemplateSubstitution && !namesParameter(inside) {
			parts := w.Machine.PartsOf(w.evalWithin(inside, stepsOfPiece))
			if line := longestLine(parts, w.known(inside)); len(line) > len(best) {
				best = line
			}
		}
	}
	return best
}

// namesParameter tells a name that a parameter of the function around it has: its text is that of whoever calls the function.
func namesParameter(n js.Node) (is bool) {
	n.EnclosingFunction().ParameterNames(func(p js.Node) { is = is || p.Text() == n.Text() })
	return is
}

// longestLine is the longest line that somebody reads in one literal of a text, also in one of its choices where these are
// wanted; "" where there is none.
func longestLine(parts []eval.Part, inChoices bool) (best string) {
	for _, p := range parts {
		lines := []string{longestReadable(p.Lit)}
		if p.Choice != nil && inChoices {
			lines = append(lines, longestLine(p.Choice.Then, true), longestLine(p.Choice.Else, true))
		}
		for _, line := range lines {
			if len(line) > len(best) {
				best = line
			}
		}
	}
	return best
}

// longestReadable is the longest line of a text that somebody reads; "" where there is none.
func longestReadable(text string) (best string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); len(line) > len(best) && readable(line) {
			best = line
		}
	}
	return best
}

// literalOf is the longest line of the literals in a source; "" where there is nothing to read in them.
func literalOf(n js.Node) string {
	best := ""
	take := func(s string) {
		for line := range strings.SplitSeq(s, "\n") {
			if line = strings.TrimSpace(line); len(line) > len(best) {
				best = line
			}
		}
	}
	tree := n.Tree()
	for i := int(n.Index()); i < n.After(); i++ {
		switch c := tree.At(i); c.Kind() {
		case js.String:
			s, _ := js.DecodeString(c.Text())
			take(s)
		case js.TemplateString:
			eachChunk(c, take)
		case js.ArrowFunction, js.FunctionExpression:
			i = c.After() - 1
		}
	}
	if readable(best) || n.Field() == js.FieldKey && isHeading(best) {
		return best
	}
	return ""
}

// isHeading tells a key that is there to be read: words with hyphens between them.
func isHeading(key string) bool {
	for _, r := range key {
		if r != '-' && !unicode.IsLetter(r) {
			return false
		}
	}
	return readable(strings.ReplaceAll(key, "-", " "))
}

// eachChunk calls visit with the literal pieces of a template.
func eachChunk(t js.Node, visit func(string)) {
	at := t.Start() + 1
	chunk := func(to uint32) {
		if at < to {
			s, _ := js.DecodeTemplate(string(t.Tree().Src[at:to]))
			visit(s)
		}
	}
	for c := t.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.TemplateSubstitution {
			chunk(c.Start())
			at = c.End()
		}
	}
	if t.End() > 0 {
		chunk(t.End() - 1)
	}
}

// readable tells whether a text has words in it that somebody reads, and is no identifier, path or mark.
func readable(s string) bool {
	words, letters := 0, 0
	for _, f := range strings.Fields(s) {
		n := 0
		for _, r := range f {
			if unicode.IsLetter(r) {
				n++
			}
		}
		if n > 1 {
			words++
			letters += n
		}
	}
	return words >= 2 && letters >= 8
}
