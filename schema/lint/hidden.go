package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/schema"
)

// hiddenTexts finds texts with characters that people don't see and models read: controls, marks that turn the direction of
// what follows, and characters without a width.
func hiddenTexts(doc *schema.Document) []Finding {
	var out []Finding
	look := func(subject string, t *schema.Text, origin *schema.Origin) {
		if t == nil {
			return
		}
		found := map[rune]int{}
		for lit := range schema.Literals(t.Parts) {
			countHidden(lit, found)
		}
		if len(found) > 0 {
			out = append(out, Finding{Rule: ruleHiddenText, Subject: subject, Message: "characters that nobody sees: " + namesOf(found), Origin: origin})
		}
	}
	for i := range doc.Tools {
		t := &doc.Tools[i]
		look(t.Name, t.Description, &t.Origin)
		look(t.Name, t.Summary, &t.Origin)
	}
	for _, list := range [][]schema.Prompt{doc.Prompts, doc.Reminders} {
		for i := range list {
			look(list[i].ID, &list[i].Text, &list[i].Origin)
		}
	}
	for i := range doc.Agents {
		look(doc.Agents[i].Name, doc.Agents[i].WhenToUse, &doc.Agents[i].Origin)
		look(doc.Agents[i].Name, doc.Agents[i].Prompt, &doc.Agents[i].Origin)
	}
	for i := range doc.Commands {
		look(doc.Commands[i].Name, doc.Commands[i].Description, &doc.Commands[i].Origin)
		look(doc.Commands[i].Name, doc.Commands[i].Prompt, &doc.Commands[i].Origin)
	}
	return out
}

// countHidden counts the characters of a text that people don't see. One that joins or varies the picture before it, as in
// emoji, is seen by what it does.
func countHidden(text string, found map[rune]int) {
	before := ' '
	for _, r := range text {
		joins := (r == '\u200d' || r >= '\ufe00' && r <= '\ufe0f') && before > 0x7f
		if !joins && isHidden(r) {
			found[r]++
		}
		before = r
	}
}

func isHidden(r rune) bool {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x034f || r == 0x17b4 || r == 0x17b5 // letters that are drawn as nothing
}

// namesOf are characters by their numbers, with how often each stands there.
func namesOf(found map[rune]int) string {
	var list []string
	for _, r := range slices.Sorted(maps.Keys(found)) {
		list = append(list, fmt.Sprintf("U+%04X (%d times)", r, found[r]))
	}
	return strings.Join(list, ", ")
}
