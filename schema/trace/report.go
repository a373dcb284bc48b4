package trace

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bundlens/bundlens/schema"
)

// WriteText prints what a Set shows, for people. Nothing but the beginnings of texts is printed.
func (s *Set) WriteText(w io.Writer) error {
	var b bytes.Buffer
	for i, r := range s.Requests {
		s.writeRequest(&b, i+1, r)
	}
	s.writeTools(&b)
	writeTexts(&b, "System blocks", s.System)
	writeTexts(&b, "Reminders", s.Reminders)
	if s.Others > 0 {
		fmt.Fprintf(&b, "Not to a model: %s.\n\n", count(s.Others, "record"))
	}
	if len(s.Findings) > 0 {
		b.WriteString("Findings\n")
		for _, f := range s.Findings {
			fmt.Fprintf(&b, "  %s: %s\n", f.Severity, f)
		}
	}
	_, err := w.Write(bytes.TrimRight(b.Bytes(), "\n"))
	if err == nil && b.Len() > 0 {
		_, err = io.WriteString(w, "\n")
	}
	return err
}

// writeRequest prints one request.
func (s *Set) writeRequest(b *bytes.Buffer, n int, r Request) {
	fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("Request %d  %s  %s", n, cmp.Or(clean(r.Model), "(model not seen)"), clean(r.Time)), " "))
	total := 0
	for _, t := range r.Tools {
		total += s.Tools[t].Bytes
	}
	fmt.Fprintf(b, "  body      %s: %s (%s), %s, %s, %s\n", count(r.Bytes, "byte"), count(len(r.Tools), "tool"), count(total, "byte"),
		count(len(r.System), "system block"), count(len(r.Messages), "message"), count(len(r.Reminders), "reminder"))
	for _, m := range r.Messages {
		fmt.Fprintf(b, "  %-9s %s\n", clean(m.Role), count(m.Characters, "character"))
	}
	b.WriteString("  answer    " + answerText(r) + "\n\n")
}

// answerText says what came back, in a line.
func answerText(r Request) string {
	a := r.Answer
	if a == nil {
		return "none recorded"
	}
	var parts []string
	if r.Status != 0 {
		parts = append(parts, fmt.Sprint(r.Status))
	}
	if len(a.Events) > 0 {
		n := 0
		var kinds []string
		for _, kind := range slices.Sorted(maps.Keys(a.Events)) {
			n += a.Events[kind]
			kinds = append(kinds, fmt.Sprintf("%s %d", clean(kind), a.Events[kind]))
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", count(n, "event"), strings.Join(kinds, ", ")))
	}
	parts = append(parts, count(a.Text, "character")+" of text")
	if len(a.Calls) > 0 {
		parts = append(parts, "calls "+clean(strings.Join(a.Calls, ", ")))
	}
	if a.StopReason != "" {
		parts = append(parts, "stop: "+clean(a.StopReason))
	}
	if !a.Complete {
		parts = append(parts, "not whole")
	}
	if a.Error != "" {
		parts = append(parts, "error: "+clean(a.Error))
	}
	return strings.Join(parts, ", ")
}

// writeTools prints the tools as a table.
func (s *Set) writeTools(b *bytes.Buffer) {
	if len(s.Tools) == 0 {
		return
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TOOL\tREQUESTS\tBYTES\tPARAMETERS\tDESCRIPTION")
	for _, seen := range s.ByName() {
		count := "?"
		if ps, err := Parameters(seen.InputSchema); err == nil {
			count = fmt.Sprint(len(ps))
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\n", clean(seen.Name), seen.Requests, seen.Bytes, count, beginning(seen.Description, 60))
	}
	t.Flush()
	b.WriteString("\n")
}

func writeTexts(b *bytes.Buffer, title string, texts []Text) {
	if len(texts) == 0 {
		return
	}
	b.WriteString(title + "\n")
	for _, t := range texts {
		fmt.Fprintf(b, "  %7d characters, in %s: %s\n", t.Characters, count(t.Requests, "request"), beginning(t.Text, 80))
	}
	b.WriteString("\n")
}

// beginning is the first line of a text, cut to a number of characters.
func beginning(text string, n int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	runes := []rune(clean(line))
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}

// clean takes out what would move the cursor of a terminal: captures hold what anyone wrote.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// Reference is what the parameters of the tools seen are.
type Reference struct {
	Tools []ToolReference `json:"tools"`
	// NeverSeen are the tools that an analysis knows and no request showed.
	NeverSeen []Unseen `json:"neverSeen"`
	// Unknown are tools that were sent and that the analysis does not know.
	Unknown  []string  `json:"unknown"`
	Findings []Finding `json:"findings"`
}

// ToolReference are the parameters of one form of a tool.
type ToolReference struct {
	Name string `json:"name"`
	// Form and Forms tell the forms of one name apart; their order is that in which they were seen.
	Form     int `json:"form"`
	Forms    int `json:"forms"`
	Requests int `json:"requests"`
	// Open says that the input may have members that are not listed.
	Open       bool        `json:"open"`
	Parameters []Parameter `json:"parameters"`
}

// Unseen is a tool that was never sent.
type Unseen struct {
	Name    string `json:"name"`
	Enabled *bool  `json:"enabled"`
	// When is the condition that it depends on; empty where none is known.
	When string `json:"when"`
}

// NewReference lists the parameters of the tools of a Set. Forms of a tool that differ in their description only are
// one. The document, which may be nil, says what else there is.
func NewReference(s *Set, doc *schema.Document) (*Reference, error) {
	ref := &Reference{Findings: s.Findings}
	forms := map[string]map[string]int{} // name, schema, index
	for _, t := range s.ByName() {
		key := compact(t.InputSchema)
		if i, known := forms[t.Name][key]; known {
			ref.Tools[i].Requests += t.Requests
			continue
		}
		entry := ToolReference{Name: t.Name, Requests: t.Requests, Open: isOpen(t.InputSchema)}
		if t.InputSchema != nil {
			var err error
			if entry.Parameters, err = Parameters(t.InputSchema); err != nil {
				return nil, fmt.Errorf("the schema of %s: %w", t.Name, err)
			}
		}
		if forms[t.Name] == nil {
			forms[t.Name] = map[string]int{}
		}
		forms[t.Name][key] = len(ref.Tools)
		entry.Form = len(forms[t.Name])
		ref.Tools = append(ref.Tools, entry)
	}
	for i := range ref.Tools {
		ref.Tools[i].Forms = len(forms[ref.Tools[i].Name])
	}
	if doc != nil {
		ref.compare(doc, func(name string) bool { return forms[name] != nil })
	}
	return ref, nil
}

// compare lists what only one side has.
func (ref *Reference) compare(doc *schema.Document, seen func(string) bool) {
	known := map[string]bool{}
	for _, t := range doc.Tools {
		names := append([]string{t.Name}, t.Aliases...)
		for _, n := range names {
			known[n] = true
		}
		if !slices.ContainsFunc(names, seen) {
			ref.NeverSeen = append(ref.NeverSeen, Unseen{Name: t.Name, Enabled: t.Enabled, When: t.EnabledWhen.String()})
		}
	}
	for _, t := range ref.Tools {
		if !known[t.Name] && t.Form == 1 {
			ref.Unknown = append(ref.Unknown, t.Name)
		}
	}
}

// isOpen says whether a schema takes members that it does not name.
func isOpen(raw json.RawMessage) bool {
	var m struct {
		Additional json.RawMessage `json:"additionalProperties"`
	}
	return json.Unmarshal(raw, &m) != nil || string(m.Additional) != "false"
}

// WriteMarkdown prints the reference.
func (ref *Reference) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("# Parameters\n\n")
	for _, t := range ref.Tools {
		t.write(&b)
	}
	if len(ref.NeverSeen) > 0 {
		b.WriteString("## Never seen\n\nThe analysis knows these tools, and no request had them.\n\n| tool | enabled by default | depends on |\n|---|---|---|\n")
		for _, u := range ref.NeverSeen {
			enabled := "not known"
			if u.Enabled != nil {
				enabled = map[bool]string{true: "yes", false: "no"}[*u.Enabled]
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", u.Name, enabled, code(u.When))
		}
		b.WriteString("\n")
	}
	if len(ref.Unknown) > 0 {
		b.WriteString("## Unknown to the analysis\n\nThese tools were sent, and the analysis does not know them.\n\n")
		for _, name := range ref.Unknown {
			fmt.Fprintf(&b, "- `%s`\n", name)
		}
		b.WriteString("\n")
	}
	_, err := w.Write(append(bytes.TrimRight(b.Bytes(), "\n"), '\n'))
	return err
}

func (t ToolReference) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "## %s\n\n", t.Name)
	if t.Forms > 1 {
		fmt.Fprintf(b, "Form %d of %d, in %s.\n\n", t.Form, t.Forms, count(t.Requests, "request"))
	}
	switch {
	case len(t.Parameters) == 0 && t.Open:
		b.WriteString("Names no parameters, and takes any.\n\n")
		return
	case len(t.Parameters) == 0:
		b.WriteString("Takes no parameters.\n\n")
		return
	case t.Open:
		b.WriteString("Takes other members, too.\n\n")
	}
	b.WriteString("| parameter | type | required | description | allowed | default | range | format |\n|---|---|---|---|---|---|---|---|\n")
	for _, p := range t.Parameters {
		var values []string
		for _, a := range p.Allowed {
			values = append(values, code(a))
		}
		required := ""
		if p.Required {
			required = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", p.Path, cell(p.Type), required, cell(p.Description),
			strings.Join(values, ", "), code(p.Default), cell(p.Range), code(p.Format))
	}
	b.WriteString("\n")
}

// cell is a text that can stand in a table's cell.
func cell(s string) string {
	s = strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s)
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "<br>")
}

// code is a value as code in a cell; nothing where there is none.
func code(s string) string {
	if s == "" {
		return ""
	}
	mark := "`"
	for strings.Contains(s, mark) {
		mark += "`"
	}
	pad := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		pad = " "
	}
	return mark + pad + strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) + pad + mark
}
