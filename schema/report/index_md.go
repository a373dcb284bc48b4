package report

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// fileTitles say what the files of a report are, to people.
var fileTitles = []struct{ name, title string }{
	{"system-prompts.md", "what the model is told beside the tools, in one file"},
	{"tool-descriptions.md", "what it is told of the tools"},
	{"tool-schemas.md", "what the tools take"},
	{"tool-implementations.md", "what the tools do, as source"},
	{"environment.md", "environment variables and feature flags, and what they do"},
	{"sandbox-capabilities.md", "permissions, settings and sandboxes"},
	{"intel.json", "all of it, for programs"},
}

// index writes the page that leads to all others.
func (p *page) index(doc *schema.Document, lists []directory) {
	p.head("Index", doc)
	p.costs(doc)
	p.heading(2, "Files")
	for _, f := range fileTitles {
		p.line("* [%s](%s): %s", prose(f.name), f.name, f.title)
	}
	p.line("")
	for _, list := range lists {
		p.heading(2, fmt.Sprintf("[%s](%s)", list.title, path.Join(PagesDir, list.name, IndexFile)))
		p.listed(doc, list)
	}
}

// costs says what a request has in each mode before anybody says anything.
func (p *page) costs(doc *schema.Document) {
	p.paragraph("%s", tokens.Accuracy)
	p.table("tokens of a request", "whole system prompt", "definitions of all tools", "together")
	var counter tokens.Counter
	for _, m := range []struct{ title, mode string }{{"in a terminal", schema.ModeInteractive}, {"printing one result", schema.ModePrint}} {
		in := inMode(doc, m.mode, &counter)
		prompt := counter.Of(in.prompt.Text)
		p.row(m.title, unless(!in.prompted, grouped(prompt)), fmt.Sprintf("%s, for %s", grouped(in.toolText), counted(len(in.tools), "tool")), grouped(prompt+in.toolText))
	}
	p.line("")
}

// listed are the records of a list, those of the first importance by name: tools, agents and whole prompts. Others are
// counted by kind.
func (p *page) listed(doc *schema.Document, list directory) {
	var others kindCounts
	for _, e := range list.entries {
		if list.name != "tools" && list.name != "agents" && e.front.kind != schema.KindAssembly {
			others.add(e.front.kind)
			continue
		}
		off := ""
		if e.front.enabled != nil && !*e.front.enabled {
			off = ", off by default"
		}
		p.line("* [%s](%s)%s%s", linked(e.title), e.file, e.remark, off)
	}
	for _, k := range others {
		p.line("* %s", k)
	}
	p.line("")
	if list.name != "prompts" {
		return
	}
	var passing kindCounts
	for _, q := range doc.Prompts {
		if !slices.ContainsFunc(list.entries, func(e entry) bool { return e.front.kind == q.Kind }) {
			passing.add(q.Kind)
		}
	}
	if len(passing) > 0 {
		p.paragraph("Those in passing have no page: %s.", passing)
	}
}

// kindCounts counts records by their kind, in the order in which these come.
type kindCounts []kindCount

type kindCount struct {
	kind string
	n    int
}

func (list *kindCounts) add(kind string) {
	i := slices.IndexFunc(*list, func(k kindCount) bool { return k.kind == kind })
	if i < 0 {
		i = len(*list)
		*list = append(*list, kindCount{kind, 0})
	}
	(*list)[i].n++
}

func (k kindCount) String() string { return counted(k.n, strings.ReplaceAll(k.kind, "-", " ")) }

func (list kindCounts) String() string {
	var all []string
	for _, k := range list {
		all = append(all, k.String())
	}
	return strings.Join(all, ", ")
}

// linked is a title as the text of a link.
func linked(title string) string {
	return strings.ReplaceAll(prose(shorten(title, 100)), "]", `\]`)
}
