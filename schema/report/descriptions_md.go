package report

import (
	"io"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// ToolDescriptionsMarkdown writes for people what the model is told of the tools.
func ToolDescriptionsMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Tool descriptions", doc)
	tools := byName(doc)
	if len(tools) == 0 {
		p.line("No tool was found.")
	}
	for _, t := range tools {
		p.paragraph("## %s", prose(t.Name))
		if t.Summary != nil && t.Summary.Text != "" {
			p.paragraph("For people: %s", prose(t.Summary.Text))
		}
		if t.Description == nil {
			p.paragraph("Its description is not known.")
		} else {
			p.text(*t.Description)
		}
		for _, v := range t.DescriptionVariants {
			p.paragraph("### When %s", condition(v.When))
			p.variant(t.Description, v.Description)
		}
	}
	return p.err
}

// variant writes of a text only the lines that the default has not, or that it has more; whole where that is most of
// it.
func (p *page) variant(base *schema.Text, t schema.Text) {
	if base == nil {
		p.text(t)
		return
	}
	added, gone := missingFrom(t.Text, base.Text), missingFrom(base.Text, t.Text)
	if 2*len(added) > strings.Count(t.Text, "\n") {
		p.text(t)
		return
	}
	if len(added) > 0 {
		p.paragraph("With these lines:")
		p.block(strings.Join(added, "\n"))
	}
	if len(gone) > 0 {
		p.paragraph("Without these lines:")
		p.block(strings.Join(gone, "\n"))
	}
}

// missingFrom answers the lines of a that are not in b.
func missingFrom(a, b string) []string {
	have := map[string]bool{}
	for line := range strings.SplitSeq(b, "\n") {
		have[line] = true
	}
	var out []string
	for line := range strings.SplitSeq(a, "\n") {
		if !have[line] {
			out = append(out, line)
		}
	}
	return out
}

// text writes a text as it is in the default world, then what of it hangs on something.
func (p *page) text(t schema.Text) {
	p.block(t.Text)
	seen := map[schema.Hole]bool{}
	for h := range schema.Holes(t.Parts) {
		if seen[*h] {
			continue
		}
		if len(seen) == 0 {
			p.table("not known before it runs", "expression", "why")
		}
		seen[*h] = true
		p.row(code("${"+h.Name+"}"), code(shorten(h.Expr, 200)), prose(h.Why))
	}
	if len(seen) > 0 {
		p.line("")
	}
	if n := p.branches(t.Parts, "", maxBranches); n < maxBranches {
		if n == 0 {
			p.line("* and more, which intel.json has")
		}
		p.line("")
	}
}

// maxBranches is how many conditions of one text are listed.
const maxBranches = 40

// branches lists the conditions of a text, those within a branch set in. It answers how many more may be listed.
func (p *page) branches(parts []schema.Part, indent string, left int) int {
	for _, part := range parts {
		for _, b := range part.Choice {
			if left == 0 {
				return 0
			}
			left--
			var text strings.Builder
			for lit := range schema.Literals(b.Parts) {
				text.WriteString(lit)
			}
			said := "nothing"
			if text.Len() > 0 {
				said = code(shorten(text.String(), 160))
			}
			p.line("%s* when %s: %s", indent, condition(b.When), said)
			left = p.branches(b.Parts, indent+"  ", left)
		}
		if part.Each != nil && left > 0 {
			p.line("%s* repeated for each of %s", indent, condition(part.Each.Over))
			left = p.branches(part.Each.Parts, indent+"  ", left-1)
		}
	}
	return left
}
