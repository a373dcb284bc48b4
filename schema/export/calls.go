package export

import (
	"slices"

	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

// Lengths that the vendors take of a tool's name.
const (
	anthropicName = 128
	openAIName    = 64
)

// mcp writes the result of tools/list. See https://modelcontextprotocol.io/specification/2025-06-18/server/tools.
func mcp(p *Program) ([]byte, error) {
	list := []any{}
	for _, t := range p.tools {
		m := ordered.New("name", t.Name)
		if t.Description != nil {
			m.Set("description", t.description())
		}
		m.Set("inputSchema", objectSchema(t.input, nil))
		lines := t.inexact()
		if out, ok := t.output.(*ordered.Map); ok && out.Value("type") == "object" {
			answer, remarks := componentSchema(out, "#") // clients compile it
			lines = append(lines, remarks...)
			m.Set("outputSchema", objectSchema(answer, nil))
		}
		if hints := hints(t); hints.Len() > 0 {
			m.Set("annotations", hints)
		}
		if len(lines) > 0 {
			m.Set("_meta", ordered.New("bundlens/complete", t.Complete, "bundlens/remarks", anys(lines)))
		}
		list = append(list, m)
	}
	out := ordered.New("tools", list)
	if lines := p.caveats(); len(lines) > 0 {
		out.Set("_meta", ordered.New("bundlens/complete", false, "bundlens/remarks", anys(lines)))
	}
	return indented(out)
}

// hints are the annotations of a tool that its traits say.
func hints(t *tool) *ordered.Map {
	out := ordered.New()
	for _, h := range []struct{ trait, hint string }{{schema.TraitReadOnly, "readOnlyHint"}, {schema.TraitDestructive, "destructiveHint"}} {
		for _, trait := range t.Traits {
			if trait.Name == h.trait && trait.Value != nil {
				out.Set(h.hint, *trait.Value)
			}
		}
	}
	return out
}

func anys(lines []string) []any {
	out := make([]any, len(lines))
	for i, l := range lines {
		out[i] = l
	}
	return out
}

// anthropic writes the member tools of a request. See https://docs.anthropic.com/en/api/messages. It has no member for
// remarks, so that they stand in the schema's $comment.
func anthropic(p *Program) ([]byte, error) {
	list := []any{}
	taken := identifiers{}
	for _, t := range p.tools {
		name := wireName(t.Name, anthropicName, taken)
		m := ordered.New("name", name)
		if t.Description != nil {
			m.Set("description", t.description())
		}
		m.Set("input_schema", objectSchema(t.input, t.wireRemarks(name)))
		list = append(list, m)
	}
	return indented(list)
}

// openAIChat writes the member tools of a request. See https://platform.openai.com/docs/api-reference/chat.
func openAIChat(p *Program) ([]byte, error) {
	list := []any{}
	for _, f := range functions(p) {
		list = append(list, ordered.New("type", "function", "function", f))
	}
	return indented(list)
}

// openAIResponses writes the member tools of a request. See https://platform.openai.com/docs/api-reference/responses.
func openAIResponses(p *Program) ([]byte, error) {
	list := []any{}
	for _, f := range functions(p) {
		m := ordered.New("type", "function")
		m.Assign(f)
		m.Set("strict", false) // the default is true there, and takes a part of JSON Schema only
		list = append(list, m)
	}
	return indented(list)
}

func functions(p *Program) (list []*ordered.Map) {
	taken := identifiers{}
	for _, t := range p.tools {
		name := wireName(t.Name, openAIName, taken)
		m := ordered.New("name", name)
		if t.Description != nil {
			m.Set("description", t.description())
		}
		m.Set("parameters", objectSchema(t.input, t.wireRemarks(name)))
		list = append(list, m)
	}
	return list
}

// wireRemarks are what is not exact of a tool that is sent under a name.
func (t *tool) wireRemarks(name string) []string {
	lines := t.inexact()
	if name != t.Name {
		lines = append([]string{"The program calls it " + quoted(t.Name) + "."}, lines...)
	}
	return lines
}

// objectSchema is an input schema as protocols take it: of the type object, its properties' schemas objects too. What
// is not known takes any object. lines go into its $comment.
func objectSchema(s any, lines []string) *ordered.Map {
	own := asMap(s)
	out := ordered.New("type", "object")
	if typ, ok := own.Get("type"); ok && typ != "object" && !isObjectToo(typ) {
		lines = append([]string{"The program's schema is of the type " + ordered.String(typ) + ", which a tool's input is not."}, lines...)
		own = ordered.New()
	}
	for _, key := range own.Keys() {
		v := own.Value(key)
		switch key {
		case "type", "$comment":
			continue
		case "properties":
			v = objectProperties(v)
		case "required":
			if !isListOfStrings(v) {
				lines = append(lines, "The program's schema has a member required that is no list of names.")
				continue
			}
		}
		out.Set(key, v)
	}
	comment(out, lines)
	return out
}

func isListOfStrings(v any) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(v any) bool { return !isString(v) })
}

func isObjectToo(typ any) bool {
	list, _ := typ.([]any)
	for _, t := range list {
		if t == "object" {
			return true
		}
	}
	return false
}

func objectProperties(v any) any {
	props, ok := v.(*ordered.Map)
	if !ok {
		return ordered.New()
	}
	out := ordered.New()
	for _, name := range props.Keys() {
		out.Set(name, asMap(props.Value(name)))
	}
	return out
}
