package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
	for _, k := range capabilityKinds {
		var list []schema.Capability
		for _, c := range doc.Capabilities {
			if c.Kind == k.kind {
				list = append(list, c)
			}
		}
		if len(list) == 0 {
			continue
		}
		p.paragraph("## %s", k.title)
		p.paragraph("%s", k.about)
		if k.table {
			p.capabilityTable(k.heads, list)
			continue
		}
		p.settings(list)
		for _, c := range list {
			if !isSimple(c) {
				p.capability(c)
			}
		}
	}
	return p.err
}

// isSimple tells a setting that has no settings in it.
func isSimple(c schema.Capability) bool {
	return c.Kind == schema.CapabilitySetting && len(params(c.Schema)) == 0
}

// settings writes a table of the simple ones.
func (p *page) settings(list []schema.Capability) {
	list = slices.DeleteFunc(slices.Clone(list), func(c schema.Capability) bool { return !isSimple(c) })
	if len(list) > 0 {
		p.capabilityTable([]string{"setting", "", "what it is for"}, list)
	}
}

// capabilityKinds are the kinds in the order of the page.
var capabilityKinds = []struct {
	kind, title, about string
	table              bool
	heads              []string
}{
	{schema.CapabilityMode, "Permission modes", "Words of which one says how much is asked before something is done.", true, []string{"where", "modes", "what it says of them"}},
	{schema.CapabilityOption, "Options", "Options of the command line that widen or narrow what is allowed.", true, []string{"option", "choices", "what it is for"}},
	{schema.CapabilitySetting, "Settings", "Settings for permissions, files, the network and the sandbox.", false, nil},
	{schema.CapabilitySandbox, "Sandbox", "Profiles of sandboxes, and arguments of the programs that make them, as far as the code holds them.", false, nil},
	{schema.CapabilityPaths, "Paths", "Lists of files and directories that the code treats in a way of their own.", false, nil},
	{schema.CapabilityHosts, "Hosts", "Lists of hosts that the code treats in a way of their own.", false, nil},
	{schema.CapabilityDecision, "Decisions", "What is said when something is refused, or when somebody is asked first.", true, []string{"answer", "", "message"}},
}

// capabilityTable writes one row a record.
func (p *page) capabilityTable(heads []string, list []schema.Capability) {
	withValues := slices.ContainsFunc(list, func(c schema.Capability) bool { return len(c.Values) > 0 })
	if !withValues {
		heads = []string{heads[0], heads[2]}
	}
	p.table(append(slices.Clone(heads), "place")...)
	for _, c := range list {
		cells := []string{code(c.Name)}
		if withValues {
			cells = append(cells, codes(c.Values))
		}
		said := ""
		if c.Detail != nil {
			said = prose(shorten(c.Detail.Text, maxSaid))
		}
		p.row(append(cells, said, fmt.Sprintf("%s %d", code(c.Origin.Module), c.Origin.Start))...)
	}
	p.line("")
}

// maxSaid is how much of a text a row shows, in characters.
const maxSaid = 400

// codes sets several words as code.
func codes(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = code(w)
	}
	return strings.Join(out, ", ")
}

func (p *page) capability(c schema.Capability) {
	p.paragraph("### %s", prose(c.Name))
	p.paragraph("It stands in %s.", where(c.Origin))
	if len(c.Values) > 0 {
		p.paragraph("%s", codes(c.Values))
	}
	if rows := params(c.Schema); len(rows) > 0 {
		p.params(rows)
	}
	if c.Detail != nil {
		p.text(*c.Detail)
	}
}
