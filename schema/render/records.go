package render

import (
	"encoding/json"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Prompt is a whole system prompt in a world.
type Prompt struct {
	ID    string
	Title string
	// Text is without empty lines at its ends.
	Text string
	// Record is where it comes from.
	Record *schema.Prompt
}

// Prompts are the whole system prompts, the main one first.
func (r *Renderer) Prompts() (list []Prompt) {
	for i := range r.doc.Prompts {
		if p := &r.doc.Prompts[i]; p.Kind == schema.KindAssembly {
			list = append(list, Prompt{p.ID, p.Title, r.prompt(p), p})
		}
	}
	return list
}

// prompt is a whole prompt as the model is told it.
func (r *Renderer) prompt(p *schema.Prompt) string {
	return strings.Trim(r.answers.Whole(p.Text.Parts), "\n")
}

// Main is the main system prompt; ok is false where there is none.
func (r *Renderer) Main() (p Prompt, ok bool) {
	for i := range r.doc.Prompts {
		if p := &r.doc.Prompts[i]; p.Kind == schema.KindAssembly {
			return Prompt{p.ID, p.Title, r.prompt(p), p}, true
		}
	}
	return Prompt{}, false
}

// Applies says whether all guards of a text hold that are told.
func (r *Renderer) Applies(p *schema.Prompt) bool {
	for i := range p.Guards {
		if holds, _ := r.answers.Holds(&p.Guards[i]); !holds {
			return false
		}
	}
	return true
}

// Tool is a tool as a request has it in a world.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"input_schema"`
	// Record is where it comes from.
	Record *schema.Tool `json:"-"`
}

// Tools are the tools that the model gets, in the Document's order. One of which that is not known is not among them.
func (r *Renderer) Tools() (list []Tool) {
	for i := range r.doc.Tools {
		t := &r.doc.Tools[i]
		if enabled, known := r.answers.Tool(t.Name); enabled && known {
			list = append(list, r.Tool(t))
		}
	}
	return list
}

// Tool is a tool as it is sent where it is.
func (r *Renderer) Tool(t *schema.Tool) Tool {
	return Tool{Name: t.Name, Description: r.Description(t), InputSchema: r.InputSchema(t), Record: t}
}

// InputSchema is a tool's schema in the world: the one by default, or the variant whose condition holds.
func (r *Renderer) InputSchema(t *schema.Tool) json.RawMessage {
	i := r.variant(len(t.SchemaVariants), func(i int) *schema.Cond { return &t.SchemaVariants[i].When })
	if i < 0 {
		return t.InputSchema
	}
	return t.SchemaVariants[i].InputSchema
}

// Description is what the model is told of a tool in the world; "" where that is not known.
func (r *Renderer) Description(t *schema.Tool) string {
	if t.Description == nil {
		return ""
	}
	i := r.variant(len(t.DescriptionVariants), func(i int) *schema.Cond { return &t.DescriptionVariants[i].When })
	if i >= 0 {
		return t.DescriptionVariants[i].Description.Text
	}
	text := r.Text(t.Description.Parts)
	if text == New(r.doc, schema.World{}).Text(t.Description.Parts) {
		return t.Description.Text // evaluated in that world alone, which may know more
	}
	return text
}

// variant is the variant whose condition holds, the one that asks most where several do; -1 for none.
func (r *Renderer) variant(count int, when func(i int) *schema.Cond) int {
	best, most := -1, -1
	for i := range count {
		if holds, _ := r.answers.Holds(when(i)); !holds {
			continue
		}
		asked := 0
		for range when(i).Questions() {
			asked++
		}
		if asked > most {
			best, most = i, asked
		}
	}
	return best
}
