package export

import (
	"net/url"

	"github.com/bundlens/bundlens/internal/ordered"
)

// openAPI describes the tools as an HTTP interface: POST /tools/NAME with the input, answered with the output. See
// https://spec.openapis.org/oas/v3.1.0. What is not exact stands in members that begin with x-bundlens.
func openAPI(p *Program) ([]byte, error) {
	version := p.doc.Source.Version
	if version == "" {
		version = "0"
	}
	info := ordered.New("title", "The tools of "+p.about(), "version", version)
	if lines := p.caveats(); len(lines) > 0 {
		info.Set("x-bundlens-complete", false)
		info.Set("x-bundlens-remarks", anys(lines))
	}
	paths, components := ordered.New(), ordered.New()
	taken := identifiers{}
	for _, t := range p.tools {
		paths.Set("/tools/"+url.PathEscape(t.Name), ordered.New("post", operation(t, taken, components)))
	}
	return indented(ordered.New("openapi", "3.1.0", "info", info, "paths", paths, "components", ordered.New("schemas", components)))
}

// operation is the call of a tool; its schemas go to the components.
func operation(t *tool, taken identifiers, components *ordered.Map) *ordered.Map {
	id := wireName(t.Name, openAIName, taken)
	out := ordered.New("operationId", id, "summary", t.Name)
	if t.Description != nil {
		out.Set("description", t.description())
	}
	lines := t.inexact()
	component := func(s any, suffix string) *ordered.Map {
		key := wireName(id+suffix, openAIName+len(suffix), taken)
		schema, remarks := componentSchema(s, "#/components/schemas/"+key)
		lines = append(lines, remarks...)
		components.Set(key, schema)
		return ordered.New("application/json", ordered.New("schema", ordered.New("$ref", "#/components/schemas/"+key)))
	}
	out.Set("requestBody", ordered.New("required", true, "content", component(t.input, "Input")))
	answer := ordered.New("description", "What the tool answers.")
	if t.output != nil {
		answer.Set("content", component(t.output, "Output"))
	}
	out.Set("responses", ordered.New("200", answer))
	if len(lines) > 0 {
		out.Set("x-bundlens-complete", t.Complete)
		out.Set("x-bundlens-remarks", anys(lines))
	}
	return out
}

// componentSchema is a schema in the dialect of OpenAPI 3.1, with its references from where it stands. One that is no
// valid schema takes anything; the remarks say so.
func componentSchema(s any, at string) (out any, remarks []string) {
	m := &modern{root: s, at: at}
	out = m.schema(asMap(s))
	if place, is := invalid(out); is {
		return ordered.New(), []string{"The program's schema is no valid one at " + place + ", so that nothing is said of it here."}
	}
	return out, m.remarks
}
