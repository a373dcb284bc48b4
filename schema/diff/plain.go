package diff

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// wordings are texts as they are compared: what each says in any world, without the conditions for that, which are
// compared by themselves. Of a choice stand the pieces that say something, ⟦one|the other⟧, each once in a text. A text is
// put into words once, however often it is compared.
type wordings map[*schema.Text]string

func (w wordings) of(t *schema.Text) string {
	if t == nil {
		return ""
	}
	said, ok := w[t]
	if !ok {
		said = wording(t)
		w[t] = said
	}
	return said
}

func wording(t *schema.Text) string {
	if len(t.Parts) == 0 {
		return t.Text
	}
	var w plainWriter
	return string(w.piece(t.Parts))
}

// plainWriter writes texts. Pieces that several branches share are said once: which part of a text stands in which branch
// changes with how the program puts it together.
type plainWriter struct {
	b    []byte
	said map[string]bool
}

// minSaid is how long a piece is that is not said again.
const minSaid = 25

// piece writes a text of its own. It stands in the writer's memory until the next one.
func (w *plainWriter) piece(parts []schema.Part) []byte {
	w.b = w.b[:0]
	clear(w.said)
	w.parts(parts)
	return w.b
}

func (w *plainWriter) parts(parts []schema.Part) {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Hole != nil:
			w.b = append(w.b, holeName(p.Hole)...)
		case p.Choice != nil:
			w.choice(p.Choice)
		case p.Each != nil:
			w.b = append(w.b, "⟦each:"...)
			w.parts(p.Each.Parts)
			w.b = append(w.b, "⟧"...)
		default:
			w.b = append(w.b, p.Lit...)
		}
	}
}

// choice writes the pieces of a choice in the order of their letters: in which order they stand says how the program asks,
// and not what it says.
func (w *plainWriter) choice(branches []schema.Branch) {
	start := len(w.b)
	var pieces []string
	for i := range branches {
		w.parts(branches[i].Parts)
		said := string(w.b[start:])
		w.b = w.b[:start]
		if said == "" || w.said[said] {
			continue
		}
		if len(said) >= minSaid {
			w.note(said)
		}
		pieces = append(pieces, said)
	}
	slices.Sort(pieces)
	for i, said := range pieces {
		w.b = append(w.b, []string{"⟦", "|"}[min(i, 1)]...)
		w.b = append(w.b, said...)
	}
	if len(pieces) > 0 {
		w.b = append(w.b, "⟧"...)
	}
}

func (w *plainWriter) note(said string) {
	if w.said == nil {
		w.said = map[string]bool{}
	}
	w.said[said] = true
}

// numbered are the names of holes that stand for what a function is given, whichever it is.
var numbered = []string{"ARGUMENT", "ARGUMENTS", "ELEMENT", "PROPERTY", "VALUE", "UNDEFINED", "FUNCTION", "MODULE_STATE", "LOCAL", "INDEX", "ITEM", "ALTERNATIVES", "TEXT", "CHOICE"}

// holeName is how a hole is shown. One that was named after nothing that a reader knows has no name.
func holeName(h *schema.Hole) string {
	if slices.Contains(numbered, strings.TrimRight(h.Name, "0123456789")) {
		return "${...}"
	}
	if name := strings.Trim(h.Name, "_$"); len(name) <= maxMinified {
		for _, t := range token.Get().FindAllString(h.Expr, -1) {
			if minified(t) && strings.EqualFold(strings.Trim(t, "_$"), name) {
				return "${...}"
			}
		}
	}
	return "${" + h.Name + "}"
}
