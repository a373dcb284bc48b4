package facts

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/eval"
)

// maxRequestSteps bounds how much of a program is evaluated to see which texts it puts into the bodies of its requests.
const maxRequestSteps = 240_000

// systemMembers are the members of a request that hold the text a model is given before all others, and of what those
// members may stand in.
var systemMembers = [][]string{{"system"}, {"instructions"}, {"systemInstruction"}, {"config", "systemInstruction"}}

// requested are the system prompts that stand in the bodies of requests, as the program puts them together on its way
// there. One whose text has a record already, or that begins as one of the assemblies that are known, is no news.
func (w *promptWriter) requested(known []assembly) (list []assembly) {
	f := &finder{Pass: w.Pass, calls: w.requests}
	seen := w.literalTexts()
	f.calls.read = func(bodies []eval.Watched) []*definition {
		for _, body := range bodies {
			parts := w.systemOf(body.This)
			text := strings.TrimSpace(literalsOf(parts))
			first := firstLiteral(parts)
			within := func(a assembly) bool { return first != "" && holdsPiece(a.parts, first) }
			if readable(text) && !seen[text] && !slices.ContainsFunc(known, within) {
				seen[text] = true
				list = append(list, assembly{function: body.Node, parts: undivided(parts)})
			}
		}
		return nil
	}
	f.followAll(maxRequestSteps)
	return list
}

// undivided is a text without the divider after its last section.
func undivided(parts []eval.Part) []eval.Part {
	n := len(parts) - 1
	switch {
	case n < 0:
	case parts[n].Lit == sectionDivider:
		return parts[:n]
	case parts[n].Choice != nil:
		c := parts[n].Choice
		return append(slices.Clone(parts[:n]), choiceOf(c.Cond, undivided(c.Then), undivided(c.Else))...)
	}
	return parts
}

// literalTexts are the texts that have a record and no parts that are open.
func (w *promptWriter) literalTexts() map[string]bool {
	texts := map[string]bool{}
	for _, p := range w.Document.Prompts {
		if p.Text.IsLiteral() {
			texts[strings.TrimSpace(p.Text.Text)] = true
		}
	}
	return texts
}

// systemOf is the text of the system prompt in the body of a request: of the member that holds it, and of the messages
// that the program itself speaks in.
func (w *promptWriter) systemOf(body eval.Value) (parts []eval.Part) {
	for _, path := range systemMembers {
		v := body
		for _, key := range path {
			v = w.Machine.Get(v, key)
		}
		parts = append(parts, w.section(v)...)
	}
	for _, key := range []string{"messages", "input"} {
		o, ok := (eval.World{}).Pick(w.Machine.Get(body, key)).(*eval.Object)
		if !ok || o.Kind != eval.KindArray {
			continue
		}
		for _, e := range o.Elems {
			if w.speaksForProgram(e.Value) {
				parts = append(parts, choiceOf(e.When, w.section(w.Machine.Get(e.Value, "content")), nil)...)
			}
		}
	}
	return parts
}

// speaksForProgram tells a message of the program itself from one of a conversation.
func (w *promptWriter) speaksForProgram(message eval.Value) bool {
	role := (eval.World{}).Pick(w.Machine.Get(message, "role"))
	return role == eval.String("system") || role == eval.String("developer")
}

// literalsOf are the literals of a text, one after the other.
func literalsOf(parts []eval.Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Lit)
		if p.Choice != nil {
			b.WriteString(literalsOf(p.Choice.Then))
			b.WriteString(literalsOf(p.Choice.Else))
		}
		if p.Each != nil {
			b.WriteString(literalsOf(p.Each.Parts))
		}
	}
	return b.String()
}
