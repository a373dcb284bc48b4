package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/excerpt"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// Parts of what a program sends beside what the user says.
const (
	partSystem    = "system"
	partContext   = "context"
	partReminders = "reminders"
	partTools     = "tools"
)

var renderParts = []string{partSystem, partContext, partReminders, partTools}

const kindContext = "context" // of the records that make up that part

// wanted is what has to be read of a Document for a part.
func (o renderOptions) wanted() *excerpt.Want {
	switch o.part {
	case partContext:
		return &excerpt.Want{Lists: []string{"prompts"}, Kinds: []string{kindContext}}
	case partReminders:
		return &excerpt.Want{Lists: []string{"reminders"}}
	case partTools:
		return &excerpt.Want{Lists: []string{"tools"}}
	}
	w := &excerpt.Want{Lists: []string{"tools", "prompts"}, Switches: true}
	if !o.explain {
		w.Kinds = []string{schema.KindAssembly}
	}
	return w
}

// printPart prints the records of a part as they are in the world: the tools that a request has, and of other texts those
// that nothing rules out.
func printPart(w io.Writer, doc *schema.Document, o renderOptions) error {
	r := render.New(doc, o.world)
	var texts []string
	switch o.part {
	case partTools:
		for _, t := range r.Tools() {
			texts = append(texts, fmt.Sprintf("# %s\n\n%s\n\n%s", t.Name, strings.TrimSpace(t.Description), t.InputSchema))
		}
	case partContext:
		elsewhere := func(p schema.Prompt) bool { return p.Kind != kindContext }
		texts = textsThatApply(r, slices.DeleteFunc(slices.Clone(doc.Prompts), elsewhere))
	case partReminders:
		texts = textsThatApply(r, doc.Reminders)
	}
	if len(texts) == 0 {
		return &findingsError{o.input + ": found nothing: nothing of the part " + o.part + " is sent in this world"}
	}
	_, err := io.WriteString(w, strings.Join(texts, "\n\n")+"\n")
	return err
}

func textsThatApply(r *render.Renderer, list []schema.Prompt) (texts []string) {
	for i := range list {
		if text := strings.TrimSpace(r.Text(list[i].Text.Parts)); text != "" && r.Applies(&list[i]) {
			texts = append(texts, text)
		}
	}
	return texts
}
