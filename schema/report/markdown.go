package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// page writes Markdown and keeps the first error.
type page struct {
	w      io.Writer
	err    error
	raised int // how many levels higher headings stand than on the page of all records
}

// line writes one line.
func (p *page) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, hidden.Spelled(fmt.Sprintf(format, args...))+"\n")
	}
}

// paragraph writes a line with an empty one behind it.
func (p *page) paragraph(format string, args ...any) {
	p.line(format+"\n", args...)
}

// heading begins a section.
func (p *page) heading(level int, title string) {
	p.paragraph("%s %s", strings.Repeat("#", max(1, level-p.raised)), title)
}

// row writes a row of a table. A bar would end a cell, in code too.
func (p *page) row(cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	p.line("| %s |", strings.Join(cells, " | "))
}

// table writes the head of a table.
func (p *page) table(heads ...string) {
	p.row(heads...)
	p.line("|%s", strings.Repeat(" --- |", len(heads)))
}

// block writes a text as it is, but for lines that are too long to read, fenced so that nothing in it can end the fence.
func (p *page) block(text string) { p.fenced("text", wrapped(text, maxColumns)) }

// maxColumns is how long a line of a text is before it goes on in the next one.
const maxColumns = 110

// Wrapping says to readers what wrapped does.
const wrapping = "A line that is too long to read goes on in the next one; intel.json has the text as it is."

// wrapped is a text in which no line is longer than so many columns but for a word that is. A line goes on where it began,
// or behind the mark of a list.
func wrapped(text string, columns int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		for first := true; uniseg.StringWidth(line) > columns; first = false {
			margin := len(itemStart.Get().FindString(line))
			at := lastSpace(line, margin, columns)
			if at < 0 {
				break
			}
			b.WriteString(line[:at] + "\n")
			if first && margin < columns/2 {
				line = strings.Repeat(" ", margin) + line[at+1:]
			} else {
				line = line[:len(line)-len(strings.TrimLeft(line, " "))] + line[at+1:]
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// itemStart is what a line begins with that is not its text.
var itemStart = lazyregexp.New(`^[ \t]*(?:[-*+•] |\d+[.)] )?`)

// lastSpace is the last space of a line behind its margin at which it is short enough; behind that, the first; -1 for none.
func lastSpace(line string, margin, columns int) int {
	at := -1
	for i := margin; i < len(line); i++ {
		if line[i] != ' ' || i == margin {
			continue
		}
		if uniseg.StringWidth(line[:i]) > columns && at >= 0 {
			break
		}
		if at = i; uniseg.StringWidth(line[:i]) > columns {
			break
		}
	}
	return at
}

// fenced is block for a text in a language.
func (p *page) fenced(language, text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.paragraph("%s%s\n%s\n%s", fence, language, strings.TrimSuffix(text, "\n"), fence)
}

// code sets a text as code, on one line.
func code(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return ""
	}
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// condition sets a condition as code, cut to what can be read; the JSON files have all of it.
func condition(when string) string {
	return code(shorten(when, schema.MaxReading))
}

// firstLine is the first line of a text that says something.
func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

var marks = strings.NewReplacer("\\", `\\`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "\r", "", "\n", "<br>")

// prose escapes what Markdown would take for a mark, and keeps the text on one line.
func prose(s string) string { return marks.Replace(strings.TrimSpace(s)) }

// shorten cuts a text after about n characters.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n])) + " ..."
}

// program names what was analysed.
func program(s schema.Source) string {
	name := s.Name
	if s.Package != "" {
		name = s.Package
	}
	return strings.TrimSpace(name + " " + s.Version)
}

// head writes a page's title and, where not everything was read, a warning.
func (p *page) head(title string, doc *schema.Document) {
	p.heading(1, title+" of "+prose(program(doc.Source)))
	if !doc.Health.Complete {
		p.paragraph("**The program could not be read to the end: there may be more than stands here.**")
	}
}

// where says where something stands.
func where(o schema.Origin) string {
	s := fmt.Sprintf("%s, bytes %d to %d", code(o.Module), o.Start, o.End)
	if o.Symbol != "" {
		s += ", " + code(o.Symbol)
	}
	return s
}

// answer says a yes, a no, or what it depends on.
func answer(value *bool, when string) string {
	switch {
	case value == nil && when == "":
		return "not known"
	case value == nil:
		return "depends on " + condition(when)
	}
	s := map[bool]string{true: "yes", false: "no"}[*value]
	if when != "" {
		s += ", depends on " + condition(when)
	}
	return s
}
