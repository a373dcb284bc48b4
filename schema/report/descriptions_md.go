package report

import (
	"io"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// ToolDescriptionsMarkdown writes for people what the model is told of the tools.
func ToolDescriptionsMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Tool descriptions", doc)
	tools := byName(doc)
	if len(tools) == 0 {
		p.line("No tool was found.")
		return p.err
	}
	p.paragraph("%s %s", tokens.Accuracy, wrapping)
	var count tokens.Counter
	for _, t := range tools {
		p.heading(2, prose(t.Name))
		p.description(&t, &count, whole)
	}
	return p.err
}

// description writes what is said of a tool, in all its variants.
func (p *page) description(t *schema.Tool, count *tokens.Counter, x extent) {
	p.paragraph("About %d tokens, and %d with its name and schema.", count.OfText(t.Description), count.OfTool(t))
	if t.Summary != nil && t.Summary.Text != "" {
		p.paragraph("For people: %s", prose(t.Summary.Text))
	}
	if t.Description == nil {
		p.paragraph("Its description is not known.")
	} else {
		p.textWithin(*t.Description, x)
	}
	for _, v := range t.DescriptionVariants {
		p.heading(3, "When "+condition(v.When.String()))
		p.variant(t.Description, v.Description)
	}
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

// extent is how much of a text a page shows; intel.json has all of it.
type extent struct {
	bytes    int
	holes    int
	branches int // conditions
	depth    int // of conditions within others
}

// Extents of texts that a page is about, and of those that it lists.
var (
	whole = extent{bytes: 12_000, holes: 40, branches: 24, depth: 3}
	brief = extent{bytes: 4_000, holes: 8, branches: 6, depth: 1}
)

// text writes a text as it is in the default world, then what of it depends on something.
func (p *page) text(t schema.Text) { p.textWithin(t, whole) }

func (p *page) textWithin(t schema.Text, x extent) {
	shown := t.Text
	if len(shown) > x.bytes {
		shown = strings.ToValidUTF8(shown[:x.bytes], "")
	}
	p.block(shown)
	if more := len(t.Text) - len(shown); more > 0 {
		p.paragraph("%d more bytes of it are in intel.json.", more)
	}
	p.holes(t.Parts, x.holes)
	if n := p.branches(t.Parts, 0, x.depth, x.branches); n < x.branches {
		if n == 0 {
			p.line("* and more, which intel.json has")
		}
		p.line("")
	}
}

// holes writes a table of what is not known of a text.
func (p *page) holes(parts []schema.Part, limit int) {
	type row struct{ name, expr, why string }
	seen := map[row]bool{}
	for h := range schema.Holes(parts) {
		r := row{h.Name, h.Expr, h.Why}
		if seen[r] {
			continue
		}
		if len(seen) == limit {
			p.row("and more", "", "")
			break
		}
		if len(seen) == 0 {
			p.table("not known before it runs", "expression", "why")
		}
		seen[r] = true
		p.row(code("${"+h.Name+"}"), code(shorten(h.Expr, 200)), prose(h.Why))
	}
	if len(seen) > 0 {
		p.line("")
	}
}

// branches lists the conditions of a text under which it says something, those within a branch set in. It answers how
// many more may be listed.
func (p *page) branches(parts []schema.Part, level, depth, left int) int {
	indent := strings.Repeat("  ", level)
	for _, part := range parts {
		for _, b := range part.Choice {
			said := shorten(strings.TrimSpace(literalsOf(b.Parts)), 160)
			switch {
			case left == 0:
				return 0
			case said == "":
				continue
			}
			p.line("%s* when %s: %s", indent, condition(b.When.String()), code(said))
			left--
			if level < depth {
				left = p.branches(b.Parts, level+1, depth, left)
			}
		}
		if part.Each != nil && left > 0 {
			p.line("%s* repeated for each of %s", indent, condition(part.Each.Over))
			left = p.branches(part.Each.Parts, level+1, depth, left-1)
		}
	}
	return left
}

// literalsOf is what is known of a text, whatever the conditions.
func literalsOf(parts []schema.Part) string {
	var b strings.Builder
	for lit := range schema.Literals(parts) {
		b.WriteString(lit)
	}
	return b.String()
}
