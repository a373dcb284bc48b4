package diff

import (
	"io"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// WriteMarkdown writes the result as a page, with the same content as the text.
func (r *Result) WriteMarkdown(w io.Writer, extent Extent) error {
	p := &textWriter{paint: func(_, text string) string { return text }, around: r.around}
	p.line("# %s to %s", escaped(r.From.Title()), escaped(r.To.Title()))
	for _, remark := range r.Remarks {
		p.line("")
		p.line("**Note:** %s.", escaped(remark))
	}
	p.line("")
	p.line("%s.", escaped(r.headline()))
	if extent == Stat {
		p.line("")
		p.line("```text")
		p.stat(r)
		p.line("```")
	} else {
		p.markdownFront(r)
		for i := range r.Sections {
			p.markdownSection(&r.Sections[i], extent)
		}
		p.tokenTable(r.Tokens)
		if extent == FirstPage && r.hidden() > 0 {
			p.line("")
			p.line("%d more records changed.", r.hidden())
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// markdownFront writes what changed in the main prompt of each mode.
func (p *textWriter) markdownFront(r *Result) {
	if len(r.Prompts) == 0 {
		return
	}
	p.line("")
	p.line("## System prompt")
	for i := range r.Prompts {
		d := &r.Prompts[i]
		p.line("")
		if i > 0 && sameHunks(d.Hunks, r.Prompts[i-1].Hunks) {
			p.line("%s: %s, as above.", d.Mode, d.summary())
			continue
		}
		p.line("%s: %s.", d.Mode, d.summary())
		p.fencedHunks(d.Hunks)
	}
}

// markdownSection writes the records of a section: what changed one by one, and what came and went in a line.
func (p *textWriter) markdownSection(s *Section, extent Extent) {
	list := s.shown(extent)
	head := strings.ToUpper(s.Kind[:1]) + s.Kind[1:]
	if s.Kind == "tools" && extent == FirstPage {
		head = "Tools enabled by default"
		if len(list) == 0 {
			p.line("")
			p.line("## %s", head)
			p.line("")
			p.line("Unchanged.")
		}
	}
	if len(list) == 0 {
		return
	}
	p.line("")
	p.line("## %s", head)
	for _, t := range p.once(s.Kind, list) {
		p.markdown(t)
	}
	for _, change := range []string{Added, Removed, NotSeen} {
		if names := paragraph(s.Kind, list, change); len(names) > 0 {
			for i := range names {
				if !strings.HasPrefix(names[i], "and ") {
					names[i] = code(names[i])
				}
			}
			p.line("")
			p.line("%s: %s.", strings.ToUpper(change[:1])+change[1:], strings.Join(names, ", "))
		}
	}
	if s.Repeated > 0 && extent == Full {
		p.line("")
		p.line("%d more changed only as texts above.", s.Repeated)
	}
}

func (p *textWriter) markdown(r *told) {
	change := r.Change
	if r.OldName != "" {
		change += " from " + code(r.OldName)
	}
	if r.Breaking {
		change += ", **breaking**"
	}
	if r.Tokens != 0 {
		change += ", " + strings.Trim(r.tokens(), "()")
	}
	if change = strings.TrimPrefix(change, Changed); change != "" {
		change = ": " + strings.TrimPrefix(change, ", ")
	}
	p.line("")
	p.line("### %s%s", escaped(strings.Join(r.names, ", ")), change)
	for i, d := range r.details {
		if i == 0 {
			p.line("")
		}
		item := "- " + code(d.line)
		if d.breaking {
			item += " **breaking**"
		}
		p.line("%s", item)
	}
}

func (p *textWriter) fencedHunks(list []Hunk) {
	for _, h := range list {
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

var special = lazyregexp.New("[\\\\`*_{}\\[\\]<>#|]")

// escaped is a text that Markdown leaves as it is.
func escaped(s string) string {
	return special.Get().ReplaceAllString(strings.ReplaceAll(printable(s), "\n", " "), `\$0`)
}

var ticks = lazyregexp.New("`+")

// code is a text as code, in as many backticks as it needs.
func code(s string) string {
	s = strings.ReplaceAll(printable(s), "\n", " ")
	fence := "`"
	for _, run := range ticks.Get().FindAllString(s, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}
