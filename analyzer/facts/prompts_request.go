package facts

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// maxRequestSteps bounds how much of a program is evaluated to see which texts it puts into the bodies of its requests.
const maxRequestSteps = 240_000

// asked is what a program says in the body of a request, as it puts it together on its way there.
type asked struct {
	node     js.Node
	system   []eval.Part
	messages []said
}

// said is a message of a request, of the user or what stands for one.
type said struct {
	text eval.Value
	when *eval.Cond
}

// askedOf evaluates the program up to its requests and reads their bodies.
func (w *promptWriter) askedOf() (list []asked) {
	f := &finder{Pass: w.Pass, calls: w.requests}
	f.calls.read = func(bodies []eval.Watched) []*definition {
		for _, body := range bodies {
			list = append(list, asked{node: body.Node, system: w.systemOf(body.This), messages: w.messagesOf(body.This)})
		}
		return nil
	}
	f.followAll(maxRequestSteps)
	return list
}

// requested are the system prompts that stand in the bodies of requests. One whose text has a record already, or that
// begins as one of the assemblies that are known, is no news.
func (w *promptWriter) requested(all []asked, known []assembly) (list []assembly) {
	seen := w.literalTexts()
	for _, a := range all {
		text := strings.TrimSpace(literalsOf(a.system))
		first := firstLiteral(a.system)
		within := func(a assembly) bool { return first != "" && holdsPiece(a.whole().Parts, first) }
		if readable(text) && !seen[text] && !slices.ContainsFunc(known, within) {
			seen[text] = true
			list = append(list, assembly{function: a.node, parts: undivided(a.system)})
		}
	}
	return list
}

// messagesOf are the texts of the messages in a body that are the user's, and so what the program says in the user's place.
func (w *promptWriter) messagesOf(body eval.Value) (list []said) {
	for _, key := range w.Words("request.messages") {
		o, ok := (eval.World{}).Pick(w.Machine.Get(body, key)).(*eval.Object)
		if !ok || o.Kind != eval.KindArray {
			continue
		}
		for _, e := range o.Elems {
			if (eval.World{}).Pick(w.Machine.Get(e.Value, "role")) != eval.String("user") {
				continue
			}
			for _, member := range []string{"content", "parts"} {
				w.eachBlock(w.Machine.Get(e.Value, member), e.When, func(text eval.Value, when *eval.Cond) {
					list = append(list, said{text, when})
				})
			}
		}
	}
	return list
}

// eachBlock visits the texts of a message: itself, or those of its blocks and of the results of tools among them.
func (w *promptWriter) eachBlock(v eval.Value, when *eval.Cond, visit func(eval.Value, *eval.Cond)) {
	if isText(v) {
		visit(v, when)
		return
	}
	eachObject(v, orTrue(when), func(o *eval.Object, when *eval.Cond) {
		if o.Kind == eval.KindArray {
			for _, e := range o.Elems {
				w.eachBlock(e.Value, both(when, e.When), visit)
			}
			return
		}
		for _, key := range []string{"text", "content"} {
			if p := o.Own(key); p != nil {
				w.eachBlock(p.Value, when, visit)
			}
		}
	})
}

// draftSaid adds what the program says in the messages of its requests, where none of the texts that flow there is that
// message; those that are no more than a part of it have no record of their own.
func (w *promptWriter) draftSaid(all []asked) {
	known := w.drafts
	w.drafts = slices.Clone(known)
	for _, a := range all {
		for i, m := range a.messages {
			parts := w.Machine.PartsOf(m.text)
			piece := longestLiteral(parts)
			if piece == "" || slices.ContainsFunc(known, func(d *promptDraft) bool { return w.isSaid(d, parts, piece) }) {
				continue
			}
			k := draftKey{a.node, i}
			if w.byPlace[k] != nil {
				continue
			}
			w.byPlace[k] = &promptDraft{node: a.node, value: m.text, tags: usedAsMessage, guards: open(m.when)}
			w.drafts = slices.DeleteFunc(w.drafts, func(d *promptDraft) bool {
				inside := longestLiteral(w.Machine.PartsOf(d.value))
				return d.tags&^(usedAsMessage|usedAsBlock) == 0 && inside != "" && holdsPiece(parts, inside)
			})
			w.drafts = append(w.drafts, w.byPlace[k])
		}
	}
}

// mostOf is how much of a message a text has to be to be that message.
const mostOf = 0.8

// isSaid tells whether a draft is a message: it holds its longest line, or the literals of one are most of the other's.
func (w *promptWriter) isSaid(d *promptDraft, message []eval.Part, piece string) bool {
	parts := w.Machine.PartsOf(d.value)
	if holdsPiece(parts, piece) {
		return true
	}
	inside := longestLiteral(parts)
	return inside != "" && holdsPiece(message, inside) && float64(literalBytes(parts)) > mostOf*float64(literalBytes(message))
}

// longestLiteral is the longest line of a text's literals that somebody reads; "" where there is none.
func longestLiteral(parts []eval.Part) string { return longestReadable(literalsOf(parts)) }

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
	for _, path := range w.Words("request.system") {
		parts = append(parts, w.section(memberAt(w.Machine, body, path))...)
	}
	for _, key := range w.Words("request.messages") {
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
