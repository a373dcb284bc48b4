package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// EnvironmentMarkdown writes for people what the program asks its surroundings for, and what depends on the answers.
func EnvironmentMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Environment and switches", doc)
	if len(doc.Environment)+len(doc.Flags) == 0 {
		p.line("No environment variable and no feature flag was found.")
		return p.err
	}
	p.remoteTexts(doc.Flags)
	if len(doc.Environment) > 0 {
		p.paragraph("## Environment variables")
		p.paragraph("%d variables. Those that something depends on stand first.", len(doc.Environment))
		p.table("variable", "without it", "what depends on it", "places")
		for _, v := range usedFirst(doc.Environment, func(v schema.Variable) []schema.Use { return v.Uses }) {
			p.row(code(v.Name), values(v.Defaults...), records(v.Uses), fmt.Sprint(len(v.Origins)))
		}
		p.line("")
	}
	if len(doc.Flags) > 0 {
		p.paragraph("## Feature flags")
		p.paragraph("%d flags, with what the program takes where nobody answers. Those that something depends on stand first.", len(doc.Flags))
		p.table("flag", "without an answer", "what depends on it", "places")
		for _, f := range usedFirst(doc.Flags, func(f schema.Flag) []schema.Use { return f.Uses }) {
			p.row(code(f.Key), values(f.Fallback), records(f.Uses), fmt.Sprint(len(f.Origins)))
		}
		p.line("")
	}
	return p.err
}

// remoteTexts lists the texts of which a piece comes from a remote configuration, and so is not in the program.
func (p *page) remoteTexts(flags []schema.Flag) {
	isText := func(u schema.Use) bool { return u.How == schema.UseText }
	if !slices.ContainsFunc(flags, func(f schema.Flag) bool { return slices.ContainsFunc(f.Uses, isText) }) {
		return
	}
	p.paragraph("## Texts from a remote configuration")
	p.paragraph("A piece of these texts is what somebody answers to a flag. It can't be seen in the program.")
	p.table("record", "flag", "without an answer")
	for _, f := range flags {
		for _, u := range f.Uses {
			if isText(u) {
				p.row(code(u.Record), code(f.Key), values(f.Fallback))
			}
		}
	}
	p.line("")
}

// usedFirst puts the elements on which something hangs before the others.
func usedFirst[T any](list []T, uses func(T) []schema.Use) []T {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b T) int {
		return min(len(uses(b)), 1) - min(len(uses(a)), 1)
	})
	return out
}

// values sets constants as code.
func values(list ...json.RawMessage) string {
	var out []string
	for _, v := range list {
		if len(v) > 0 && string(v) != "null" {
			out = append(out, code(shorten(string(v), 80)))
		}
	}
	return strings.Join(out, ", ")
}

// maxRecords is how many records are named in one row.
const maxRecords = 8

func records(uses []schema.Use) string {
	var out []string
	for i, u := range uses {
		if i == maxRecords {
			out = append(out, fmt.Sprintf("and %d more", len(uses)-i))
			break
		}
		out = append(out, code(u.Record))
	}
	return strings.Join(out, ", ")
}
