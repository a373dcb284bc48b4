package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/schema"
)

// hiddenTexts finds texts with characters that people don't see and models read.
func hiddenTexts(doc *schema.Document) []Finding {
	var out []Finding
	look := func(subject string, t *schema.Text, origin *schema.Origin) {
		if t == nil {
			return
		}
		found := map[rune]int{}
		for lit := range schema.Literals(t.Parts) {
			for _, r := range hidden.In(lit) {
				found[r]++
			}
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

// namesOf are characters by their numbers, with how often each stands there.
func namesOf(found map[rune]int) string {
	var list []string
	for _, r := range slices.Sorted(maps.Keys(found)) {
		list = append(list, fmt.Sprintf("U+%04X (%d times)", r, found[r]))
	}
	return strings.Join(list, ", ")
}
