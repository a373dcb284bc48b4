package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// printExplained prints a prompt with a remark above each run of lines that one record holds under the same conditions.
func printExplained(w io.Writer, doc *schema.Document, rendered *render.Prompt) error {
	prompt := rendered.Record
	lines := slices.Collect(strings.Lines(rendered.Text + "\n"))
	holders := holdersOf(doc, prompt, lines)
	last := ""
	for i, line := range lines {
		if piece := known(line); piece != "" {
			if remark := remarkOn(prompt, holders[i], piece); remark != last {
				last = remark
				if _, err := fmt.Fprintf(w, "<!-- %s -->\n", remark); err != nil {
					return err
				}
			}
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

// holdersOf are the records that hold the lines of a prompt: of several that hold a line, the one that holds most of
// what follows, and of these the smallest. What no other holds is the prompt's own.
func holdersOf(doc *schema.Document, prompt *schema.Prompt, lines []string) []*schema.Prompt {
	holders := make([]*schema.Prompt, len(lines))
	run := map[*schema.Prompt]int{} // of lines that a record holds from here on
	for i := len(lines) - 1; i >= 0; i-- {
		piece := known(lines[i])
		holders[i] = prompt
		for j := range doc.Prompts {
			p := &doc.Prompts[j]
			if p.Kind == schema.KindAssembly {
				continue
			}
			if piece != "" && !holds(p.Text.Parts, piece) {
				delete(run, p)
				continue
			}
			if piece != "" {
				run[p]++
			}
			if h := holders[i]; run[p] > run[h] || run[p] > 0 && run[p] == run[h] && len(p.Text.Text) < len(h.Text.Text) {
				holders[i] = p
			}
		}
	}
	return holders
}

// remarkOn says which record holds a piece of a prompt, where that stands, and on what the piece hangs.
func remarkOn(prompt, holder *schema.Prompt, piece string) string {
	remark := fmt.Sprintf("%s: %s, bytes %d to %d", holder.ID, holder.Origin.Module, holder.Origin.Start, holder.Origin.End)
	guards := holder.Told()
	around, _ := conditions(prompt.Text.Parts, piece)
	for _, g := range around {
		if !slices.Contains(guards, g) {
			guards = append(guards, g)
		}
	}
	for i, g := range guards {
		if len(guards) > 1 && strings.Contains(g, " || ") {
			guards[i] = "(" + g + ")"
		}
	}
	if len(guards) > 0 {
		remark += "; when " + strings.Join(guards, " && ")
	}
	return remark
}

// holeMark is a hole in a rendered text.
var holeMark = lazyregexp.New(`\$\{[A-Za-z0-9_$.]*\}`)

// known is the longest piece of a line between its holes; "" where that is no more than a mark.
func known(line string) (piece string) {
	for _, s := range holeMark.Get().Split(strings.TrimSpace(line), -1) {
		if len(s) > len(piece) {
			piece = s
		}
	}
	if len(piece) < 4 {
		return ""
	}
	return piece
}

func holds(parts []schema.Part, piece string) bool {
	_, ok := conditions(parts, piece)
	return ok
}

// conditions are those under which a piece of a text stands in it, the outermost first.
func conditions(parts []schema.Part, piece string) (when []string, ok bool) {
	for _, p := range parts {
		if strings.Contains(p.Lit, piece) {
			return nil, true
		}
		for _, b := range p.Choice {
			if inner, ok := conditions(b.Parts, piece); ok {
				return append([]string{b.When.String()}, inner...), true
			}
		}
		if p.Each != nil {
			if inner, ok := conditions(p.Each.Parts, piece); ok {
				return inner, true
			}
		}
	}
	return nil, false
}
