package diff

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// WriteMarkdown writes the result as a page.
func (r *Result) WriteMarkdown(w io.Writer) error {
	p := &textWriter{paint: func(_, text string) string { return text }}
	p.line("# %s to %s", escaped(r.From.Title()), escaped(r.To.Title()))
	p.line("")
	p.line("%s.", escaped(r.headline()))
	for _, s := range r.Sections {
		if len(s.Records) == 0 {
			continue
		}
		p.line("")
		p.line("## %s%s", strings.ToUpper(s.Kind[:1]), s.Kind[1:])
		if plain(s.Records) {
			p.line("")
		}
		for i := range s.Records {
			p.markdown(&s.Records[i], plain(s.Records))
		}
	}
	p.tokenTable(r.Tokens)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// plain says whether records have nothing but a name, so that a list is enough.
func plain(records []Record) bool {
	for _, r := range records {
		if len(r.Fields)+len(r.Schema)+len(r.Texts) > 0 {
			return false
		}
	}
	return true
}

func (p *textWriter) markdown(r *Record, asList bool) {
	change := r.Change
	if r.OldName != "" {
		change += " from " + code(r.OldName)
	}
	if asList {
		p.line("- %s %s", code(r.Name), change)
		return
	}
	if r.Breaking {
		change += ", **breaking**"
	}
	if r.Tokens != 0 {
		change += fmt.Sprintf(", %+d tokens", r.Tokens)
	}
	p.line("")
	p.line("### %s", escaped(r.Name))
	p.line("")
	p.line("%s.", strings.ToUpper(change[:1])+change[1:])
	if len(r.Fields)+len(r.Schema) > 0 {
		p.line("")
	}
	for _, f := range r.Fields {
		p.line("- %s: %s", escaped(f.Field), fieldItem(f))
	}
	for _, c := range r.Schema {
		p.line("- %s", schemaItem(c))
	}
	for i := range r.Texts {
		if r.Change != Added && r.Change != Removed {
			p.fenced(&r.Texts[i])
		}
	}
}

func schemaItem(c SchemaChange) string {
	where := "the schema"
	if c.Path != "" {
		where = code(c.Path)
	}
	if c.Of != "" {
		where += " (" + code(clip(c.Of, 100)) + ")"
	}
	line := where + " " + c.Kind
	if c.From != "" {
		line += " from " + code(clip(c.From, 300))
	}
	if c.To != "" {
		line += " to " + code(clip(c.To, 300))
	}
	if c.Breaking {
		line += " **breaking**"
	}
	return line
}

// fenced writes the hunks of a text, with a fence that no line of it can close.
func (p *textWriter) fenced(t *TextChange) {
	p.line("")
	if t.Change != Changed {
		p.line("%s %s.", escaped(t.Field), t.Change)
		return
	}
	p.line("%s:", escaped(clip(t.Field, 200)))
	for _, h := range t.Hunks {
		body := p.inline(h.Edits)
		fence := "```"
		for strings.Contains(body, fence) {
			fence += "`"
		}
		p.line("")
		p.line("%stext", fence)
		p.line("@@ -%d +%d @@", h.FromLine, h.ToLine)
		for _, line := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
			p.line("%s", line)
		}
		p.line("%s", fence)
	}
}

func (p *textWriter) tokenTable(deltas []TokenDelta) {
	head := false
	for _, d := range deltas {
		if d.Delta == 0 {
			continue
		}
		if !head {
			p.line("")
			p.line("## Tokens, estimated")
			p.line("")
			p.line("| part | before | after | change |")
			p.line("|---|--:|--:|--:|")
			head = true
		}
		p.line("| %s | %d | %d | %+d |", d.Part, d.From, d.To, d.Delta)
	}
}

var special = regexp.MustCompile("[\\\\`*_{}\\[\\]<>#|]")

// escaped is a text that Markdown leaves as it is.
func escaped(s string) string {
	return special.ReplaceAllString(strings.ReplaceAll(printable(s), "\n", " "), `\$0`)
}

var ticks = regexp.MustCompile("`+")

// code is a text as code, in as many backticks as it needs.
func code(s string) string {
	s = strings.ReplaceAll(printable(s), "\n", " ")
	fence := "`"
	for _, run := range ticks.FindAllString(s, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fieldItem is what a field was and is, or what it lost or got.
func fieldItem(f FieldChange) string {
	switch {
	case f.From == "":
		return "added " + code(clip(f.To, 200))
	case f.To == "":
		return "removed " + code(clip(f.From, 200))
	}
	return code(clip(f.From, 200)) + " to " + code(clip(f.To, 200))
}
