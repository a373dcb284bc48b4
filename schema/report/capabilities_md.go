package report

import (
	"io"
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// SandboxCapabilitiesMarkdown writes for people what the program may do to the machine, and what limits it, as its code
// states it.
func SandboxCapabilitiesMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Sandbox and permissions", doc)
	if len(doc.Capabilities) == 0 {
		p.line("No statement about a sandbox or permissions was found.")
		return p.err
	}
	var kinds []string
	for _, c := range doc.Capabilities {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	for _, kind := range kinds {
		p.paragraph("## %s", prose(kind))
		for _, c := range doc.Capabilities {
			if c.Kind == kind {
				p.capability(c)
			}
		}
	}
	return p.err
}

func (p *page) capability(c schema.Capability) {
	p.paragraph("### %s", prose(c.Name))
	p.paragraph("It stands in %s.", where(c.Origin))
	if c.Detail != nil {
		p.text(*c.Detail)
	}
}
