package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/schema"
)

// ToolSchemasMarkdown writes for people what the tools take.
func ToolSchemasMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Tools", doc)
	tools := byName(doc)
	if len(tools) == 0 {
		p.line("No tool was found.")
		return p.err
	}
	p.overview(tools)
	for _, t := range tools {
		p.toolSchema(t)
	}
	return p.err
}

// overview writes one row a tool.
func (p *page) overview(tools []schema.Tool) {
	p.table("tool", "enabled", "read-only", "parameters", "variants", "losses")
	for _, t := range tools {
		readOnly := ""
		if i := slices.IndexFunc(t.Traits, func(x schema.Trait) bool { return x.Name == schema.TraitReadOnly }); i >= 0 {
			readOnly = answer(t.Traits[i].Value, "")
		}
		top := len(gjson.GetBytes(t.InputSchema, "properties").Map())
		p.row(code(t.Name), answer(t.Enabled, ""), readOnly, fmt.Sprint(top), fmt.Sprint(len(t.SchemaVariants)), fmt.Sprint(len(t.Losses)))
	}
	p.line("")
}

func (p *page) toolSchema(t schema.Tool) {
	p.heading(2, prose(t.Name))
	if t.Summary != nil && t.Summary.Text != "" {
		p.paragraph("%s", prose(shorten(firstLine(t.Summary.Text), 300)))
	}
	p.toolFacts(&t)
	p.toolParams(&t)
}

// toolFacts lists what there is to say of a tool beside its texts and schemas.
func (p *page) toolFacts(t *schema.Tool) {
	p.line("* enabled: %s", answer(t.Enabled, t.EnabledWhen.String()))
	for _, x := range t.Traits {
		p.line("* %s: %s", prose(x.Name), answer(x.Value, x.When.String()))
	}
	for _, alias := range t.Aliases {
		p.line("* also called %s", code(alias))
	}
	if t.Dialect != "" {
		p.line("* schema made from %s", prose(t.Dialect))
	}
	p.paragraph("* stands in %s", where(t.Origin))
}

// toolParams writes what a tool takes and answers.
func (p *page) toolParams(t *schema.Tool) {
	rows := params(t.InputSchema)
	switch {
	case len(t.InputSchema) == 0 || string(t.InputSchema) == "null":
		p.paragraph("Its input schema is not known.")
	case len(rows) == 0:
		p.paragraph("It takes no parameters.")
	default:
		p.params(rows)
	}
	if out := params(t.OutputSchema); len(out) > 0 {
		p.heading(3, "Answers")
		p.params(out)
	}
	p.schemaVariants(t, rows)
	p.losses(t)
}

// params writes a table of parameters.
func (p *page) params(rows []param) {
	p.table("parameter", "type", "required", "description")
	for _, r := range rows {
		required := ""
		if r.required {
			required = "yes"
		}
		p.row(code(r.path), code(r.kind), required, prose(r.description))
	}
	p.line("")
}

// schemaVariants writes of each variant what it has otherwise than the default.
func (p *page) schemaVariants(t *schema.Tool, rows []param) {
	for _, v := range t.SchemaVariants {
		p.heading(3, "When "+condition(v.When.String()))
		var changed []param
		have := map[string]bool{}
		for _, r := range params(v.InputSchema) {
			have[r.path] = true
			if !slices.Contains(rows, r) {
				changed = append(changed, r)
			}
		}
		if len(changed) > 0 {
			p.paragraph("New or other than above:")
			p.params(changed)
		}
		for _, r := range rows {
			if !have[r.path] {
				p.line("* without %s", code(r.path))
			}
		}
		p.line("")
	}
}

// losses writes what the schema does not say.
func (p *page) losses(t *schema.Tool) {
	if len(t.Losses) == 0 {
		return
	}
	p.heading(3, "What this schema does not say")
	p.table("place", "construct", "kind", "why")
	for _, l := range t.Losses {
		place := l.Path
		if place == "" {
			place = "/"
		}
		p.row(code(place), code(l.Construct), prose(l.Kind), prose(l.Why))
	}
	p.line("")
}
