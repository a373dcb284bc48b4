package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/schema"
)

// Figure is how much of something the analysis got right.
type Figure struct {
	Key string `json:"key"`
	Got int    `json:"got"`
	Of  int    `json:"of"`
	// Percent is null where there is nothing to count.
	Percent *float64 `json:"percent"`
}

func newFigure(key string, got, of int) Figure {
	f := Figure{Key: key, Got: got, Of: of}
	if of > 0 {
		p := 100.0 * float64(got) / float64(of)
		f.Percent = &p
	}
	return f
}

// FigureKeys are the figures, in the order in which they are given.
var FigureKeys = []string{"tools.found", "tools.default", "tools.precision", "schema.default", "schema.any", "props",
	"props.description", "desc.default", "desc.text", "desc.bytes", "system.lines", "context.lines", "reminders.lines"}

// scorer compares a document with what was sent.
type scorer struct {
	doc    *schema.Document
	sent   *sent
	caller []string // tools whose schema is the caller's, not the program's
	tools  map[string]*schema.Tool
	plain  map[string][]*sentTool // what the plain modes sent under a name

	figures  []Figure
	findings []Finding
}

// score makes the figures and says what is behind each that is not full.
func score(doc *schema.Document, traffic []Traffic, caller []string) ([]Figure, []Finding, error) {
	sent, err := collect(traffic)
	if err != nil {
		return nil, nil, err
	}
	s := &scorer{doc: doc, sent: sent, caller: caller, tools: map[string]*schema.Tool{}, plain: map[string][]*sentTool{}}
	for i := range doc.Tools {
		s.tools[doc.Tools[i].Name] = &doc.Tools[i]
	}
	for _, t := range sent.tools {
		if t.plain {
			s.plain[t.name] = append(s.plain[t.name], t)
		}
	}
	s.toolFigures()
	s.schemaFigures()
	s.propertyFigures()
	s.descriptionFigures()
	s.lineFigures()
	return s.figures, s.findings, nil
}

// count makes the figure of a population: how many items are ok. What is not becomes a finding.
func count[T any](s *scorer, key string, items []T, ok func(T) bool, miss func(T) Finding) {
	got := 0
	for _, x := range items {
		if ok(x) {
			got++
		} else {
			s.findings = append(s.findings, miss(x))
		}
	}
	s.figures = append(s.figures, newFigure(key, got, len(items)))
}

// about makes a finding about a tool.
func (s *scorer) about(rule, name, format string, args ...any) Finding {
	f := Finding{Rule: rule, Subject: name, Message: fmt.Sprintf(format, args...)}
	if t := s.tools[name]; t != nil {
		f.Origin = &t.Origin
	}
	return f
}

func (s *scorer) enabled(name string) bool {
	t := s.tools[name]
	return t != nil && t.Enabled != nil && *t.Enabled
}

func (s *scorer) toolFigures() {
	names := map[string]bool{}
	for _, t := range s.sent.tools {
		names[t.name] = true
	}
	count(s, "tools.found", slices.Sorted(maps.Keys(names)),
		func(n string) bool { return s.tools[n] != nil },
		func(n string) Finding {
			return s.about(ruleToolMissing, n, "the program sends it, and it was not found")
		})
	count(s, "tools.default", slices.Sorted(maps.Keys(s.plain)), s.enabled,
		func(n string) Finding {
			return s.about(ruleToolNotDefault, n, "the plain program sends it, and the analysis does not call it enabled")
		})
	var enabled []string
	for n := range s.tools {
		if s.enabled(n) {
			enabled = append(enabled, n)
		}
	}
	slices.Sort(enabled)
	count(s, "tools.precision", enabled,
		func(n string) bool { return names[n] },
		func(n string) Finding {
			return s.about(ruleToolNotSent, n, "the analysis calls it enabled, and no trace shows it")
		})
}

// candidates are the normal forms of the schemas that a tool may have.
func candidates(t *schema.Tool) []any {
	if t == nil {
		return nil
	}
	out := []any{norm(parseJSON(t.InputSchema))}
	for _, v := range t.SchemaVariants {
		out = append(out, norm(parseJSON(v.InputSchema)))
	}
	return out
}

// pairs are the distinct tools with a schema of the program's own, by name and schema.
func (s *scorer) pairs() []*sentTool {
	var out []*sentTool
	seen := map[string]bool{}
	for _, t := range s.sent.tools {
		if !t.hasSchema || slices.Contains(s.caller, t.name) {
			continue
		}
		if key := t.name + "\x00" + canonical(norm(t.schema)); !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	return out
}

func (s *scorer) schemaFigures() {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(s.plain)), func(n string) bool { return slices.Contains(s.caller, n) })
	count(s, "schema.default", names, func(n string) bool {
		t := s.tools[n]
		return t != nil && slices.ContainsFunc(s.plain[n], func(b *sentTool) bool {
			return sameSchema(norm(parseJSON(t.InputSchema)), norm(b.schema))
		})
	}, func(n string) Finding {
		return s.about(ruleSchemaDiffers, n, "its default input schema is not what the plain program sends")
	})
	count(s, "schema.any", s.pairs(), func(b *sentTool) bool {
		return slices.ContainsFunc(candidates(s.tools[b.name]), func(c any) bool { return c != nil && sameSchema(c, norm(b.schema)) })
	}, func(b *sentTool) Finding {
		f := s.about(ruleVariantMissing, b.name, "a schema that it was sent with (%s) is neither its default nor a variant", modesOf(b))
		f.Detail = canonical(norm(b.schema))
		return f
	})
}

func modesOf(t *sentTool) string {
	modes := slices.Clone(t.modes)
	slices.Sort(modes)
	named := slices.DeleteFunc(modes, func(m string) bool { return m == "" })
	if len(named) == 0 {
		return "plain"
	}
	return strings.Join(named[:min(len(named), 3)], ", ")
}

func (s *scorer) propertyFigures() {
	var got, of, gotText, ofText int
	for _, b := range s.pairs() {
		want := properties(b.schema, "")
		best, bestText, missing := 0, 0, []Finding(nil)
		forms := candidates(s.tools[b.name])
		if len(forms) == 0 {
			forms = []any{nil}
		}
		for i, form := range forms {
			n, texts, miss := s.agreeing(b, want, form)
			if i == 0 || n > best || n == best && texts > bestText {
				best, bestText, missing = n, texts, miss
			}
		}
		got, gotText, of = got+best, gotText+bestText, of+len(want)
		for _, p := range want {
			if p.described {
				ofText++
			}
		}
		s.findings = append(s.findings, missing...)
	}
	s.figures = append(s.figures, newFigure("props", got, of), newFigure("props.description", gotText, ofText))
}

// agreeing counts the properties, and the descriptions of properties, that a form of ours has as they were sent.
func (s *scorer) agreeing(b *sentTool, want []property, form any) (n, texts int, missing []Finding) {
	have := map[string]property{}
	for _, p := range properties(form, "") {
		have[p.path] = p
	}
	miss := func(rule string, p property, what string) {
		f := s.about(rule, b.name+p.path, "%s", what)
		if t := s.tools[b.name]; t != nil {
			f.Origin = &t.Origin
		}
		missing = append(missing, f)
	}
	for _, p := range want {
		h, ok := have[p.path]
		switch {
		case !ok:
			miss(ruleProperty, p, "the property was sent, and the schema does not have it")
		case h.shape != p.shape:
			miss(ruleProperty, p, "the property was sent with other keywords")
		default:
			n++
		}
		switch {
		case p.described && ok && h.description == p.description && h.described:
			texts++
		case p.described && ok:
			miss(rulePropertyText, p, "the property was sent with another description")
		}
	}
	return n, texts, missing
}

func (s *scorer) descriptionFigures() {
	count(s, "desc.default", slices.Sorted(maps.Keys(s.plain)), func(n string) bool {
		t := s.tools[n]
		return t != nil && t.Description != nil && slices.ContainsFunc(s.plain[n], func(b *sentTool) bool {
			return textMatches(*t.Description, b.description)
		})
	}, func(n string) Finding {
		return s.about(ruleDescription, n, "its default description is not what the plain program sends")
	})
	count(s, "desc.text", slices.Sorted(maps.Keys(s.plain)), func(n string) bool {
		t := s.tools[n]
		return t != nil && t.Description != nil && slices.ContainsFunc(s.plain[n], func(b *sentTool) bool {
			return sameString(t.Description.Text, b.description)
		})
	}, func(n string) Finding {
		f := s.about(ruleDescriptionWorld, n, "its description in the default world is not letter for letter what the plain program sends")
		if len(s.sent.environment) > 0 {
			f.Message += "; it was run with " + strings.Join(s.sent.environment, " ") + ", which analyze --assume env.NAME=VALUE takes"
		}
		return f
	})
	type pair struct{ name, text string }
	seen := map[pair]bool{}
	got, of := 0, 0
	for _, b := range s.sent.tools {
		p := pair{b.name, b.description}
		if seen[p] {
			continue
		}
		seen[p] = true
		n, total := s.coveredText(p.name, p.text)
		got, of = got+n, of+total
	}
	s.figures = append(s.figures, newFigure("desc.bytes", got, of))
}

// coveredText counts how many characters of a tool's description stand in literal text of that tool.
func (s *scorer) coveredText(name, text string) (got, of int) {
	segs := longestFirst(segments(described(s.tools[name])...))
	var worst []string
	for i, line := range strings.Split(text, "\n") {
		n, length := covered(line, segs), utf8.RuneCountInString(line)
		got, of = got+n, of+length
		if float64(n) < lineShare*float64(length) {
			worst = append(worst, fmt.Sprintf("line %d: %s", i+1, line))
		}
	}
	if float64(got) < wellCovered*float64(of) {
		f := s.about(ruleDescriptionText, name, "%d of %d characters of a description that was sent stand in its text", got, of)
		f.Detail = strings.Join(worst, "\n")
		s.findings = append(s.findings, f)
	}
	return got, of
}

// wellCovered is the share from which on a description is not worth a finding.
const wellCovered = 0.97

// described are the texts that a tool may be described with.
func described(t *schema.Tool) []schema.Text {
	if t == nil || t.Description == nil {
		return nil
	}
	out := []schema.Text{*t.Description}
	for _, v := range t.DescriptionVariants {
		out = append(out, v.Description)
	}
	return out
}

func (s *scorer) lineFigures() {
	prompts, reminders := []schema.Text{}, []schema.Text{}
	for _, p := range s.doc.Prompts {
		prompts = append(prompts, p.Text)
	}
	for _, p := range s.doc.Reminders {
		reminders = append(reminders, p.Text)
	}
	lines := func(key, rule string, lines []sentLine, f *finder) {
		count(s, key, lines, func(l sentLine) bool { return f.explains(l.text) }, func(l sentLine) Finding {
			place := l.place
			return Finding{Rule: rule, Subject: clip(l.text, 160), Message: "no record explains it: " + l.text, Place: &place}
		})
	}
	lines("system.lines", ruleSystemLine, s.sent.system, newFinder(prompts))
	any := newFinder(append(reminders, prompts...))
	lines("context.lines", ruleContextLine, s.sent.context, any)
	lines("reminders.lines", ruleReminderLine, s.sent.reminders, any)
}

// clip cuts a text to so many characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
