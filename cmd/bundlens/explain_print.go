package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
)

// Bounds of what is shown of a record, unless all of it is asked for.
const (
	maxExcerpt   = 1200 // of its source, in bytes
	maxLines     = 30   // of its source
	maxOrigins   = 5    // places where it stands
	maxNames     = 12   // names in its source
	maxForms     = 12   // other forms of a text
	maxDiffering = 6    // lines in which one of them differs
	maxWidth     = 160  // of such a line, and of what is open, in characters
	maxCondition = 240  // of a condition, in characters
)

// explanation is the text that says where records come from.
type explanation struct {
	strings.Builder
	in     *source.Input
	engine engineOptions
	words  *queries.Vocabulary
	shown
}

func (p *explanation) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// most is a bound, which is none where all is asked for: then it is n.
func (p *explanation) most(bound, n int) int {
	if p.full {
		return n
	}
	return min(bound, n)
}

// cut is a line with at most so many characters.
func (p *explanation) cut(s string, bound int) string {
	runes := []rune(s)
	if p.full || len(runes) <= bound {
		return printable(s)
	}
	return printable(string(runes[:bound])) + " ..."
}

func (p *explanation) record(r record) {
	p.printf("%s (%s)\n", printable(r.name), r.kind)
	for _, g := range r.guards {
		p.printf("  when %s\n", p.cut(g, maxCondition))
	}
	shown := p.most(maxOrigins, len(r.origins))
	for i, o := range r.origins[:shown] {
		p.printf("  stands in %s, bytes %d to %d", printable(o.Module), o.Start, o.End)
		if o.Symbol != "" {
			p.printf(", as %s", printable(o.Symbol))
		}
		p.WriteByte('\n')
		if i == 0 && p.in != nil {
			p.excerpt(o)
			if len(r.texts) > 0 {
				p.chain(analyzer.Resolve(p.in, o, analyzer.Options{Assume: p.engine.assume}))
			}
			if p.why {
				p.reasons(analyzer.Why(p.in, o, valued(p.words), analyzer.Options{Assume: p.engine.assume}))
			}
		}
	}
	if more := len(r.origins) - shown; more > 0 {
		p.printf("  and %s more\n", count(more, "place"))
	}
	for _, t := range r.texts {
		if t.text != nil {
			p.text(t)
		}
	}
}

// excerpt writes the source of a record, laid out anew and cut where it is long.
func (p *explanation) excerpt(o schema.Origin) {
	for i := range p.in.Modules {
		m := &p.in.Modules[i]
		if m.Name != o.Module {
			continue
		}
		src, err := m.Read()
		if err != nil || o.Start < 0 || o.End > len(src) || o.Start >= o.End {
			return
		}
		left := p.most(maxExcerpt, len(src)*2)
		for i, line := range strings.Split(laidOut(string(src[o.Start:o.End])), "\n") {
			if !p.full && (i == maxLines || len(line) > left) {
				p.printf("    %s ...\n", printable(strings.ToValidUTF8(line[:min(left, len(line))], "")))
				return
			}
			left -= len(line)
			p.printf("    %s\n", printable(strings.ToValidUTF8(line, "")))
		}
		return
	}
}

// laidOut is a piece of source as a person would lay it out: an expression, a member of an object, or a statement. One
// that can't be read by itself stays as it is.
func laidOut(src string) string {
	if rest, ok := strings.CutPrefix(src, "{"); ok {
		src = "{\n" + rest // one member a line
	}
	for _, around := range [][2]string{{"(", ")"}, {"({", "})"}, {"", ""}, {"var ", ""}} {
		r := api.Transform(around[0]+src+around[1], api.TransformOptions{LogLevel: api.LogLevelSilent, Charset: api.CharsetUTF8, TreeShaking: api.TreeShakingFalse})
		if len(r.Errors) == 0 && len(r.Code) > 0 {
			code := strings.TrimSuffix(strings.TrimSpace(string(r.Code)), ";")
			if strings.HasPrefix(code, around[0]) && strings.HasSuffix(code, around[1]) { // of an object or a function
				code = strings.TrimSuffix(strings.TrimPrefix(code, around[0]), around[1])
			}
			return code
		}
	}
	return src
}

// chain writes the names that a record rests on, those in the definition of another one below it.
func (p *explanation) chain(names []analyzer.Resolved) {
	if len(names) > 0 {
		p.WriteString("  names in it:\n")
	}
	shown := p.most(maxNames, len(names))
	for _, n := range names[:shown] {
		p.printf("    %s%s is %s (%s, byte %d)\n", strings.Repeat("  ", n.Depth), printable(n.Name), printable(n.Value), printable(n.Defined.Module), n.Defined.Start)
	}
	if more := len(names) - shown; more > 0 {
		p.printf("    and %s more\n", count(more, "name"))
	}
}

// text writes a text, what is open in it, and its other forms.
func (p *explanation) text(t namedText) {
	p.printf("  %s:\n", t.name)
	for line := range strings.SplitSeq(t.text.Text, "\n") {
		p.printf("    | %s\n", printable(line))
	}
	p.open(t.text)
	forms := slices.Clone(t.other)
	slices.SortStableFunc(forms, func(a, b schema.DescriptionVariant) int { return cmp.Compare(len(a.When.Text), len(b.When.Text)) })
	shown := p.most(maxForms, len(forms))
	for i := range forms[:shown] {
		p.printf("  %s, when %s:\n", t.name, p.cut(forms[i].When.String(), maxCondition))
		if p.full {
			for line := range strings.SplitSeq(forms[i].Description.Text, "\n") {
				p.printf("    | %s\n", printable(line))
			}
			p.open(&forms[i].Description)
			continue
		}
		p.differing(t.text.Text, forms[i].Description.Text)
	}
	if more := len(forms) - shown; more > 0 {
		p.printf("  and %s more\n", count(more, "other form"))
	}
}

// open says what stayed open in a text, and why.
func (p *explanation) open(t *schema.Text) {
	said := map[string]bool{}
	for h := range schema.Holes(t.Parts) {
		if !said[h.Expr] {
			said[h.Expr] = true
			p.printf("  open: ${%s} is %s: %s\n", h.Name, p.cut(h.Expr, maxWidth), p.cut(h.Why, maxWidth))
		}
	}
}

// differing writes the lines in which a form of a text differs from the text.
func (p *explanation) differing(text, form string) {
	lines := slices.DeleteFunc(diff.Lines(text, form), func(l diff.Line) bool { return strings.TrimSpace(l.Text) == "" })
	if len(lines) == 0 {
		p.WriteString("    (other empty lines)\n")
	}
	shown := p.most(maxDiffering, len(lines))
	for _, l := range lines[:shown] {
		p.printf("    %s %s\n", map[string]string{diff.Delete: "-", diff.Insert: "+"}[l.Op], p.cut(strings.TrimRight(l.Text, "\n"), maxWidth))
	}
	if more := len(lines) - shown; more > 0 {
		p.printf("    and %s more\n", count(more, "line"))
	}
}
