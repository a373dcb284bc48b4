package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Paint gives a text a colour. The styles are "insert", "delete", "moved", "breaking", "bold" and "dim".
type Paint func(style, text string) string

// WriteJSON writes the result as JSON.
func (r *Result) WriteJSON(w io.Writer) error { return schema.Encode(w, r) }

// Extent is how much of a result is written.
type Extent int

// What is written: nothing but counts, the first page, or all of it.
const (
	Stat Extent = iota
	FirstPage
	Full
)

// WriteText writes the result for people.
func (r *Result) WriteText(w io.Writer, paint Paint, extent Extent) error {
	if paint == nil {
		paint = func(_, text string) string { return text }
	}
	p := &textWriter{paint: paint, around: r.around}
	for _, remark := range r.Remarks { // first: what follows is to be read with them in mind
		p.line("%s %s", paint("breaking", "note:"), printable(remark))
	}
	p.line("%s", paint("bold", r.From.Title()+" -> "+r.To.Title()+": "+r.headline()))
	if extent == Stat {
		p.stat(r)
	} else {
		p.front(r)
		for i := range r.Sections {
			p.section(&r.Sections[i], extent)
		}
		p.tokens(r.Tokens)
		if extent == FirstPage && r.hidden() > 0 {
			p.line("")
			p.line("%s", paint("dim", fmt.Sprintf("%d more records changed: --full tells them, --only tools,prompts some", r.hidden())))
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// hidden counts the records that are not on the first page.
func (r *Result) hidden() (n int) {
	for i := range r.Sections {
		n += len(r.Sections[i].Records) - len(r.Sections[i].shown(FirstPage))
	}
	return n
}

// shown are the records of a section that are written, those with breaking changes first.
func (s *Section) shown(extent Extent) (list []*Record) {
	for _, breaking := range []bool{true, false} {
		for i := range s.Records {
			if x := &s.Records[i]; x.Breaking == breaking && (extent == Full || x.Default) {
				list = append(list, x)
			}
		}
	}
	return list
}

// front writes what changed in the main prompt of each mode.
func (p *textWriter) front(r *Result) {
	if len(r.Prompts) == 0 {
		return
	}
	p.line("")
	p.line("%s", p.paint("bold", "system prompt"))
	for i := range r.Prompts {
		d := &r.Prompts[i]
		p.line("  %s: %s", d.Mode, d.summary())
		if i > 0 && sameHunks(d.Hunks, r.Prompts[i-1].Hunks) {
			p.line("    as above")
			continue
		}
		for _, h := range d.Hunks {
			p.line("    %s", p.paint("dim", fmt.Sprintf("@@ -%d +%d @@", h.FromLine, h.ToLine)))
			p.lines("      ", p.inline(h.Edits))
		}
	}
}

// summary says in a few words what became of a prompt.
func (d *PromptDiff) summary() string {
	switch d.Change {
	case Unchanged:
		return fmt.Sprintf("unchanged (about %d tokens)", d.To)
	case Changed:
		return fmt.Sprintf("changed (about %d tokens, %+d)", d.To, d.To-d.From)
	}
	return d.Change
}

func sameHunks(a, b []Hunk) bool {
	return len(a) > 0 && slices.EqualFunc(a, b, func(x, y Hunk) bool { return x.key() == y.key() })
}

// lines writes a text with several lines.
func (p *textWriter) lines(indent, text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		p.line("%s%s", indent, line)
	}
}

// section writes the records of a section: what came and went in a paragraph, and what changed one by one.
func (p *textWriter) section(s *Section, extent Extent) {
	list := s.shown(extent)
	if len(list) == 0 && !(s.Kind == "tools" && extent == FirstPage) {
		return
	}
	head := s.Kind
	if s.Kind == "tools" && extent == FirstPage {
		if head = "tools enabled by default"; len(list) == 0 {
			p.line("")
			p.line("%s: unchanged", p.paint("bold", head))
			return
		}
	}
	p.line("")
	p.line("%s", p.paint("bold", head))
	for _, t := range p.once(s.Kind, list) {
		p.record(t)
	}
	for _, change := range []string{Added, Removed, NotSeen} {
		if names := paragraph(s.Kind, list, change); len(names) > 0 {
			style := map[string]string{Added: "insert", Removed: "delete"}[change]
			head := change
			if style != "" {
				head = p.paint(style, change)
			}
			p.line("  %s: %s", head, strings.Join(names, ", "))
		}
	}
	if s.Repeated > 0 && extent == Full {
		p.line("  %s", p.paint("dim", fmt.Sprintf("%d more changed only as texts above", s.Repeated)))
	}
}

// inParagraph says whether a record is told by its name alone: one that came or went, but for a tool.
func (r *Record) inParagraph(kind string) bool {
	return kind != "tools" && (r.Change == Added || r.Change == Removed || r.Change == NotSeen)
}

// paragraph are the names of what came or went. Those that begin with the same word stand together, which says it once.
func paragraph(kind string, list []*Record, change string) (names []string) {
	last := ""
	for _, r := range list {
		if r.Change != change || !r.inParagraph(kind) {
			continue
		}
		name := printable(r.Name)
		if kind == "prompts" || kind == "reminders" {
			first, rest, _ := strings.Cut(name, "-")
			if first == last {
				name = "-" + rest
			}
			last = first
		}
		names = append(names, name)
	}
	if more := len(names) - maxNames; more > 0 {
		names = append(names[:maxNames], fmt.Sprintf("and %d more", more))
	}
	return names
}

// stat writes how many records of each kind changed.
func (p *textWriter) stat(r *Result) {
	for _, d := range r.Prompts {
		p.line("  system prompt, %-11s %s", d.Mode+":", d.summary())
	}
	for _, s := range r.Sections {
		if len(s.Records)+s.Repeated == 0 {
			continue
		}
		tokens, breaking := 0, 0
		for _, x := range s.Records {
			tokens += x.Tokens
			breaking += x.breaking()
		}
		line := fmt.Sprintf("  %-13s %s", s.Kind, s.counts())
		if s.Repeated > 0 {
			line += fmt.Sprintf(", %d more as others", s.Repeated)
		}
		if tokens != 0 {
			line += fmt.Sprintf(" (%+d tokens)", tokens)
		}
		if breaking > 0 {
			line += " " + p.paint("breaking", fmt.Sprintf("%d breaking", breaking))
		}
		p.line("%s", line)
	}
}

// headline counts what changed.
func (r *Result) headline() string {
	if !r.Differs {
		return "no difference"
	}
	var parts []string
	for _, s := range r.Sections {
		if counts := s.counts(); counts != "" {
			parts = append(parts, s.Kind+" "+counts)
		}
	}
	if r.Breaking > 0 {
		parts = append(parts, fmt.Sprintf("%d breaking", r.Breaking))
	}
	return strings.Join(parts, "; ")
}

// counts says how many records were added, removed, renamed and changed.
func (s *Section) counts() string {
	n := map[string]int{}
	for _, x := range s.Records {
		n[x.Change]++
	}
	var counts []string
	for _, change := range []string{Added, Removed, Renamed, Changed, NotSeen} {
		if n[change] > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n[change], change))
		}
	}
	return strings.Join(counts, ", ")
}

// signs are how a change is marked.
var signs = map[string]string{Added: "+", Removed: "-", Renamed: ">", Changed: "~", NotSeen: "?"}

type textWriter struct {
	b      strings.Builder
	paint  Paint
	around int // characters that the user wants around a change; 0 for as many as usual
}

func (p *textWriter) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// title is a record's name, with its former one, or the names of several.
func (t *told) title() string {
	name := printable(strings.Join(t.names, ", "))
	if t.OldName != "" {
		name = printable(t.OldName) + " -> " + name
	}
	return name
}

func (p *textWriter) record(r *told) {
	style := map[string]string{Added: "insert", Removed: "delete", Renamed: "moved"}[r.Change]
	head := signs[r.Change] + " " + r.title()
	if style != "" {
		head = p.paint(style, head)
	}
	if r.Breaking {
		head += " " + p.paint("breaking", "breaking")
	}
	if r.Tokens != 0 {
		head += " " + p.paint("dim", r.tokens())
	}
	p.line("  %s", head)
	for _, d := range r.details {
		mark := " "
		if d.breaking {
			mark = p.paint("breaking", "!")
		}
		p.line("   %s %s", mark, d.line)
	}
}

// tokens says how many more the record has; of several each.
func (t *told) tokens() string {
	if len(t.names) > 1 {
		return fmt.Sprintf("(%+d tokens each)", t.Tokens)
	}
	return fmt.Sprintf("(%+d tokens)", t.Tokens)
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

// maxOther bounds the name of where a piece stands, in characters.
const maxOther = 48

func from(other string) string {
	if other == "" {
		return ""
	}
	return "from " + clip(other, maxOther) + ": "
}

func to(other string) string {
	if other == "" {
		return ""
	}
	return "to " + clip(other, maxOther) + ": "
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
