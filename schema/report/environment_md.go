package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// EnvironmentMarkdown writes for people what the program asks its surroundings for, and what the answers do to tools and
// texts.
func EnvironmentMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Environment and switches", doc)
	if len(doc.Environment)+len(doc.Flags) == 0 {
		p.line("No environment variable and no feature flag was found.")
		return p.err
	}
	p.remoteTexts(doc.Flags)
	var variables, flags []setting
	for _, v := range doc.Environment {
		variables = append(variables, setting{schema.Subject{Kind: schema.KindEnv, Name: v.Name}, values(v.Defaults...), v.Uses, v.Origins})
	}
	for _, f := range doc.Flags {
		flags = append(flags, setting{schema.Subject{Kind: schema.KindFlag, Name: f.Key}, values(f.Fallback), f.Uses, f.Origins})
	}
	e := effectsOf(doc)
	p.settingsOf(e, "Environment variables", "variable", "without it", variables)
	p.settingsOf(e, "Feature flags", "flag", "without an answer", flags)
	return p.err
}

// setting is a variable or flag.
type setting struct {
	about   schema.Subject
	without string // what the program takes where it is not set
	uses    []schema.Use
	origins []schema.Origin
}

// settingsOf lists the variables or flags: what each does, and those that do nothing to a record in a table.
func (p *page) settingsOf(e *effects, title, noun, without string, list []setting) {
	if len(list) == 0 {
		return
	}
	p.heading(2, title)
	used := 0
	for _, s := range list {
		used += min(len(s.uses), 1)
	}
	p.paragraph("%s, %d of which tools or texts depend on. What one does is said for the values that the program asks for, all else being as by default.", counted(len(list), noun), used)
	for _, s := range list {
		if len(s.uses) > 0 {
			p.setting(e, s, without)
		}
	}
	if used == len(list) {
		return
	}
	p.paragraph("On the others no tool and no text depends:")
	p.table(noun, without, "places")
	for _, s := range list {
		if len(s.uses) == 0 {
			p.row(code(s.about.Name), s.without, fmt.Sprint(len(s.origins)))
		}
	}
	p.line("")
}

func (p *page) setting(e *effects, s setting, without string) {
	p.heading(3, code(s.about.Name))
	if s.without != "" {
		p.line("* %s: %s", without, s.without)
	}
	found := e.of(s.about, s.uses)
	for _, x := range found {
		p.line("* set to %s: %s", code(x.value), strings.Join(x.did, "; "))
	}
	var names []string
	for _, u := range s.uses {
		if name := code(u.Record); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(found) == 0 {
		p.line("* with other settings it decides on: %s", named(names))
	} else {
		p.line("* depends on it: %s", named(names))
	}
	if len(s.origins) > 0 {
		p.line("* read at %s, first in %s", counted(len(s.origins), "place"), where(s.origins[0]))
	}
	p.line("")
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

// maxRecords is how many records are named at once.
const maxRecords = 8
