package diff

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// wording is a text as it is compared: what it says in any world, without the conditions for that, which are compared by
// themselves. Of a choice stand the pieces that say something, ⟦one|the other⟧, each once in a text.
func wording(t *schema.Text) string {
	if t == nil {
		return ""
	}
	if len(t.Parts) == 0 {
		return t.Text
	}
	return piece(t.Parts)
}

func piece(parts []schema.Part) string {
	w := plainWriter{said: map[string]bool{}}
	w.parts(parts)
	return w.String()
}

// plainWriter writes a text. Pieces that several branches share are said once: which part of a text stands in which
// branch changes with how the program puts it together.
type plainWriter struct {
	strings.Builder
	said map[string]bool
}

// minSaid is how long a piece is that is not said again.
const minSaid = 25

func (w *plainWriter) parts(parts []schema.Part) {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Hole != nil:
			w.WriteString(holeName(p.Hole))
		case p.Choice != nil:
			w.choice(p.Choice)
		case p.Each != nil:
			w.WriteString("⟦each:")
			w.parts(p.Each.Parts)
			w.WriteString("⟧")
		default:
			w.WriteString(p.Lit)
		}
	}
}

func (w *plainWriter) choice(branches []schema.Branch) {
	var pieces []string
	for i := range branches {
		inner := plainWriter{said: w.said}
		inner.parts(branches[i].Parts)
		said := inner.String()
		if said == "" || w.said[said] {
			continue
		}
		if len(said) >= minSaid {
			w.said[said] = true
		}
		pieces = append(pieces, said)
	}
	if len(pieces) > 0 {
		w.WriteString("⟦" + strings.Join(pieces, "|") + "⟧")
	}
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
