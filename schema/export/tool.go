package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

// tool is a tool as all formats use it.
type tool struct {
	*schema.Tool
	ident         string // its name as an identifier of its own
	input, output any    // the schemas, parsed; nil where they are not known
}

func newTool(t *schema.Tool, idents identifiers) (*tool, error) {
	out := &tool{Tool: t, ident: idents.of(pascal(t.Name, "Tool"))}
	var err error
	if out.input, err = parseSchema(t.InputSchema); err != nil {
		return nil, fmt.Errorf("input schema: %w", err)
	}
	if out.output, err = parseSchema(t.OutputSchema); err != nil {
		return nil, fmt.Errorf("output schema: %w", err)
	}
	return out, nil
}

// parseSchema reads a schema: an object, or the true or false that stands for all or nothing; nil where there is none.
func parseSchema(raw json.RawMessage) (any, error) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	v, err := ordered.Parse(raw)
	if err != nil {
		return nil, err
	}
	switch v.(type) {
	case *ordered.Map, bool:
		return v, nil
	}
	return nil, fmt.Errorf("is no JSON Schema: %s", ordered.String(v))
}

// description is the text that the model is sent; empty where it is not known.
func (t *tool) description() string {
	if t.Description == nil {
		return ""
	}
	return t.Description.Text
}

// inexact are lines on what is not exact about the tool as it is exported; nil where all is.
func (t *tool) inexact() []string {
	var lines []string
	if t.input == nil {
		lines = append(lines, "The input schema is not known.")
	}
	for _, l := range t.Losses {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprintf("Not said by the schema, at %s: %s: %s (%s).", place(l.Path), l.Construct, l.Why, l.Kind)), " "))
	}
	if !t.Complete && len(t.Losses) == 0 && t.input != nil {
		lines = append(lines, "The input schema says less than the program.")
	}
	lines = append(lines, t.inexactDescription()...)
	if n := len(t.SchemaVariants); n > 0 {
		lines = append(lines, fmt.Sprintf("This is the schema of the default world; there are %d more, under conditions.", n))
	}
	switch {
	case t.Enabled == nil:
		lines = append(lines, "It is not known whether the model gets this tool by default.")
	case !*t.Enabled:
		lines = append(lines, "The model does not get this tool by default.")
	}
	return lines
}

func (t *tool) inexactDescription() []string {
	if t.Description == nil {
		return []string{"The description is not known."}
	}
	var names []string
	seen := map[string]bool{}
	for h := range schema.Holes(t.Description.Parts) {
		if !seen[h.Name] {
			seen[h.Name] = true
			names = append(names, h.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{"Known only when the program runs, in the description: " + strings.Join(names, ", ") + "."}
}

// about are the lines on a tool: its description, and what is not exact.
func (t *tool) about() []string {
	var lines []string
	if doc := strings.TrimSpace(t.description()); doc != "" {
		lines = append(lines, doc)
	}
	return append(lines, paragraph(lines, t.inexact())...)
}

// paragraph are lines with an empty one before them, where there are any and others stand before them.
func paragraph(before, lines []string) []string {
	if len(before) == 0 || len(lines) == 0 {
		return lines
	}
	return append([]string{""}, lines...)
}

// place names a JSON pointer.
func place(pointer string) string {
	if pointer == "" || pointer == "#" {
		return "the root"
	}
	return pointer
}
