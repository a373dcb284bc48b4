package diff

import (
	"fmt"
	"io"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Paint gives a text a colour. The styles are "insert", "delete", "moved", "breaking", "bold" and "dim".
type Paint func(style, text string) string

// WriteJSON writes the result as JSON.
func (r *Result) WriteJSON(w io.Writer) error { return schema.Encode(w, r) }

// WriteText writes the result for people.
func (r *Result) WriteText(w io.Writer, paint Paint) error {
	if paint == nil {
		paint = func(_, text string) string { return text }
	}
	p := &textWriter{paint: paint}
	p.line("%s", paint("bold", r.From.Title()+" -> "+r.To.Title()+": "+r.headline()))
	for _, s := range r.Sections {
		if len(s.Records) == 0 {
			continue
		}
		p.line("")
		p.line("%s", paint("bold", s.Kind))
		for i := range s.Records {
			p.record(&s.Records[i])
		}
	}
	p.tokens(r.Tokens)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// headline counts what changed.
func (r *Result) headline() string {
	if !r.Differs {
		return "no difference"
	}
	var parts []string
	for _, s := range r.Sections {
		n := map[string]int{}
		for _, x := range s.Records {
			n[x.Change]++
		}
		var counts []string
		for _, change := range []string{Added, Removed, Renamed, Changed} {
			if n[change] > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n[change], change))
			}
		}
		if len(counts) > 0 {
			parts = append(parts, s.Kind+" "+strings.Join(counts, ", "))
		}
	}
	if r.Breaking > 0 {
		parts = append(parts, fmt.Sprintf("%d breaking", r.Breaking))
	}
	return strings.Join(parts, "; ")
}

// signs are how a change is marked.
var signs = map[string]string{Added: "+", Removed: "-", Renamed: ">", Changed: "~"}

type textWriter struct {
	b     strings.Builder
	paint Paint
}

func (p *textWriter) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// title is a record's name, with its former one.
func (r *Record) title() string {
	name := printable(r.Name)
	if r.OldName != "" {
		name = printable(r.OldName) + " -> " + name
	}
	return name
}

func (p *textWriter) record(r *Record) {
	style := map[string]string{Added: "insert", Removed: "delete", Renamed: "moved"}[r.Change]
	head := signs[r.Change] + " " + r.title()
	if style != "" {
		head = p.paint(style, head)
	}
	if r.Breaking {
		head += " " + p.paint("breaking", "breaking")
	}
	if r.Tokens != 0 {
		head += " " + p.paint("dim", fmt.Sprintf("(%+d tokens)", r.Tokens))
	}
	p.line("  %s", head)
	for _, f := range r.Fields {
		p.line("      %s: %s", f.Field, p.value(f))
	}
	for _, c := range r.Schema {
		mark := " "
		if c.Breaking {
			mark = p.paint("breaking", "!")
		}
		p.line("    %s %s", mark, p.schema(c))
	}
	if r.Change == Added || r.Change == Removed {
		return // the texts of a whole record would drown the changes
	}
	for i := range r.Texts {
		p.text(&r.Texts[i])
	}
}

// value is what a field was and is, or only the side that it has.
func (p *textWriter) value(f FieldChange) string {
	switch {
	case f.From == "":
		return p.paint("insert", "+ "+shown(f.To))
	case f.To == "":
		return p.paint("delete", "- "+shown(f.From))
	}
	return shown(f.From) + " -> " + shown(f.To)
}

// shown is a value in a line.
func shown(v string) string { return clip(printable(v), 160) }

// schema writes a change of a schema in a line.
func (p *textWriter) schema(c SchemaChange) string {
	where := printable(c.Path)
	if where == "" {
		where = "(schema)"
	}
	if c.Of != "" {
		where = clip(printable(c.Of), 80) + ": " + where
	}
	line := where + " " + c.Kind
	switch {
	case c.Kind == "description-changed" && c.From != "" && c.To != "":
		return line + ": " + p.inline(wordEdits(unquote(c.From), unquote(c.To)))
	case c.From != "" && c.To != "":
		return line + ": " + shown(c.From) + " -> " + shown(c.To)
	case c.From != "":
		return line + ": " + shown(c.From)
	case c.To != "":
		return line + ": " + shown(c.To)
	}
	return line
}

func unquote(s string) string {
	if v, ok := parsed([]byte(s)).(string); ok {
		return v
	}
	return s
}

// inline writes edits in the manner of a word diff: [-gone-] and {+new+}.
func (p *textWriter) inline(edits []Edit) string {
	var b strings.Builder
	for _, e := range edits {
		text := printable(e.Text)
		switch e.Op {
		case Insert:
			text = p.each("insert", "{+", text, "+}")
		case Delete:
			text = p.each("delete", "[-", text, "-]")
		case MovedIn:
			text = p.each("moved", "{>"+from(e.Other), text, "<}")
		case MovedTo:
			text = p.each("moved", "[<"+to(e.Other), text, ">]")
		}
		b.WriteString(text)
	}
	return b.String()
}

func from(other string) string {
	if other == "" {
		return ""
	}
	return "from " + other + ": "
}

func to(other string) string {
	if other == "" {
		return ""
	}
	return "to " + other + ": "
}

// each marks a piece; a line break at its end stays outside, and every line has its own colour.
func (p *textWriter) each(style, open, text, end string) string {
	body := strings.TrimSuffix(text, "\n")
	tail := text[len(body):]
	lines := strings.Split(open+body+end, "\n")
	for i := range lines {
		lines[i] = p.paint(style, lines[i])
	}
	return strings.Join(lines, "\n") + tail
}

func (p *textWriter) text(t *TextChange) {
	if t.Change != Changed {
		p.line("      %s %s", printable(t.Field), t.Change)
		return
	}
	for _, h := range t.Hunks {
		p.line("      %s", p.paint("dim", fmt.Sprintf("%s @@ -%d +%d @@", clip(printable(t.Field), 100), h.FromLine, h.ToLine)))
		for _, line := range strings.Split(strings.TrimRight(p.inline(h.Edits), "\n"), "\n") {
			p.line("        %s", line)
		}
	}
}

func (p *textWriter) tokens(deltas []TokenDelta) {
	head := false
	for _, d := range deltas {
		if d.Delta == 0 {
			continue
		}
		if !head {
			p.line("")
			p.line("%s", p.paint("bold", "tokens, estimated"))
			head = true
		}
		p.line("  %-26s %d -> %d (%+d)", d.Part, d.From, d.To, d.Delta)
	}
}

// clip cuts a text to so many characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// printable keeps what comes out of a program from moving the terminal's cursor; line breaks stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
