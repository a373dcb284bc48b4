package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/rivo/uniseg"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
	"github.com/bundlens/bundlens/schema/render"
)

// SummaryOptions are how a summary is written.
type SummaryOptions struct {
	// Columns is how wide it may be; 0 is 80.
	Columns int
	// Input is what the user calls the program, as one word of a command line; empty where it can't be named again.
	Input string
	// Heading marks a text as a heading; nil leaves it as it is.
	Heading func(string) string
}

// Summary writes what a user wants to know first, for a terminal: what the program is, what its model can do, how sure
// that is, and what to do next. It says only what the analysis looked for.
func Summary(w io.Writer, doc *schema.Document, o SummaryOptions) error {
	if o.Columns <= 0 {
		o.Columns = 80
	}
	if o.Heading == nil {
		o.Heading = func(s string) string { return s }
	}
	s := &summary{SummaryOptions: o, doc: doc}
	var counter tokens.Counter
	var work sync.WaitGroup
	work.Go(func() { s.print = inMode(doc, schema.ModePrint, &counter) })
	work.Go(func() { s.terminal = inMode(doc, schema.ModeInteractive, &counter) })
	work.Wait()
	s.program()
	if s.looked("tools") {
		s.tools()
	}
	s.rest()
	s.tokens()
	s.health()
	s.next()
	_, err := io.WriteString(w, s.String())
	return err
}

// summary is a text within some columns.
type summary struct {
	strings.Builder
	SummaryOptions
	doc             *schema.Document
	terminal, print mode
}

// mode is what the model gets in one of the modes.
type mode struct {
	tools    map[string]bool // those that it has, by name
	toolText int             // tokens of their definitions
	prompt   render.Prompt   // the main one, if it has one
	prompted bool
}

func inMode(doc *schema.Document, name string, counter *tokens.Counter) mode {
	r := render.New(doc, schema.World{Mode: name})
	m := mode{tools: map[string]bool{}}
	for _, t := range r.Tools() {
		m.tools[t.Name] = true
		m.toolText += counter.OfDefinition(t.Name, t.Description, t.InputSchema)
	}
	m.prompt, m.prompted = r.Main()
	return m
}

func (s *summary) looked(fact string) bool { return slices.Contains(s.doc.Health.Facts, fact) }

// program says what was read.
func (s *summary) program() {
	src, h := s.doc.Source, s.doc.Health
	name := strings.TrimSpace(cmp.Or(src.Package, src.Name) + " " + src.Version)
	s.lines(s.Heading(s.cut(name, s.Columns)))
	kinds := map[string]string{"package": "npm package", "tarball": "npm tarball", "stdin": "standard input"}
	what := fmt.Sprintf("%s, %s of JavaScript in %s", cmp.Or(kinds[src.Kind], src.Kind), size(h.Bytes), counted(h.Modules, "module"))
	if src.Entry != "" {
		what += ", starts at " + src.Entry
	}
	s.wrapped("", strings.Fields(what))
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func counted(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "y"):
		noun = noun[:len(noun)-1] + "ies"
	default:
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// grouped is a number with a comma between its thousands.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// tools lists those that the model gets by default, and counts the others.
func (s *summary) tools() {
	var names []string
	groups := map[string][]*schema.Tool{}
	var depends, off []string
	for i := range s.doc.Tools {
		t := &s.doc.Tools[i]
		switch {
		case t.Enabled == nil:
			depends = append(depends, t.Name)
		case !*t.Enabled:
			off = append(off, t.Name)
		default:
			from := comesFrom(t)
			if groups[from] == nil {
				names = append(names, from)
			}
			groups[from] = append(groups[from], t)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(min(len(a), 1), min(len(b), 1)) }) // its own first
	head := fmt.Sprintf("TOOLS  %d by default", len(s.doc.Tools)-len(depends)-len(off))
	if len(off) > 0 {
		head += fmt.Sprintf(", %d off by default", len(off))
	}
	if len(depends) > 0 {
		head += fmt.Sprintf(", %d not known", len(depends))
	}
	s.lines("", s.Heading(s.cut(head, s.Columns)))
	for _, from := range names {
		if len(names) > 1 || from != "" {
			s.lines(s.cut("  "+cmp.Or(from, "of the program itself"), s.Columns))
		}
		s.list(groups[from])
	}
	s.named("  off by default: ", off)
	s.named("  not known:      ", depends)
}

// maxNamed is how many of the tools that are not there by default are named.
const maxNamed = 12

// named lists names.
func (s *summary) named(label string, names []string) {
	if len(names) == 0 {
		return
	}
	var items []string
	for i, name := range names {
		if i == maxNamed {
			items = append(items, fmt.Sprintf("and %d more", len(names)-i))
			break
		}
		if i < len(names)-1 {
			name += ","
		}
		items = append(items, name)
	}
	s.wrapped(label, items)
}

// comesFrom says where a tool comes from: the package whose module holds it, or the server that it is taken from, by the
// names that clients of the Model Context Protocol give such tools. It is empty for the program's own.
func comesFrom(t *schema.Tool) string {
	if rest, ok := strings.CutPrefix(t.Name, "mcp__"); ok {
		if server, _, ok := strings.Cut(rest, "__"); ok && server != "" {
			return "of the MCP server " + server
		}
	}
	if i := strings.LastIndex(t.Origin.Module, "node_modules/"); i >= 0 {
		parts := strings.SplitN(t.Origin.Module[i+len("node_modules/"):], "/", 3)
		if strings.HasPrefix(parts[0], "@") && len(parts) > 1 {
			return "of the package " + parts[0] + "/" + parts[1]
		}
		return "of the package " + parts[0]
	}
	return ""
}

// maxNameColumn is how wide the column of names is at most; a longer name has a line of its own.
const maxNameColumn = 28

// list writes a tool a line: its name and the first sentence of what the model is told of it.
func (s *summary) list(tools []*schema.Tool) {
	column := 0
	for _, t := range tools {
		if n := uniseg.StringWidth(hidden.Spelled(t.Name)); n <= maxNameColumn {
			column = max(column, n)
		}
	}
	for _, t := range tools {
		name := hidden.Spelled(t.Name)
		line := "  " + name
		pad := column - uniseg.StringWidth(name)
		if pad < 0 {
			s.lines(s.cut(line, s.Columns))
			line, pad = "  ", column
		}
		line += strings.Repeat(" ", pad+2) + s.onlyIn(t.Name) + firstSentence(t)
		s.lines(s.cut(line, s.Columns))
	}
}

// onlyIn says in which mode alone the model gets a tool.
func (s *summary) onlyIn(name string) string {
	switch terminal, print := s.terminal.tools[name], s.print.tools[name]; {
	case terminal && !print:
		return "(terminal) "
	case print && !terminal:
		return "(print) "
	}
	return ""
}

// paragraphEnd is where a paragraph of Markdown ends: at an empty line, or before a list or a heading.
var paragraphEnd = lazyregexp.New(`\n\s*(\n|[-*#•] |\d+[.)] )`)

// firstSentence is the first sentence of what the model is told of a tool, without marks of Markdown before it.
func firstSentence(t *schema.Tool) string {
	if t.Description == nil {
		return "(its description is not known)"
	}
	text := strings.TrimLeft(t.Description.Text, "#*-_ \t\r\n")
	paragraph := text
	if end := paragraphEnd.Get().FindStringIndex(text); end != nil {
		paragraph = text[:end[0]]
	}
	sentence, _, _ := uniseg.FirstSentenceInString(strings.Join(strings.Fields(paragraph), " "), -1)
	return hidden.Spelled(strings.TrimSpace(sentence))
}

// rest counts the records of other kinds.
func (s *summary) rest() {
	var parts, none []string
	whole := 0
	for _, p := range s.doc.Prompts {
		if p.Kind == schema.KindAssembly {
			whole++
		}
	}
	for _, kind := range []struct {
		fact, noun string
		n          int
	}{
		{"prompts", "whole system prompt", whole}, {"prompts", "other prompt text", len(s.doc.Prompts) - whole}, {"prompts", "reminder", len(s.doc.Reminders)},
		{"agents", "sub-agent", len(s.doc.Agents)}, {"commands", "command", len(s.doc.Commands)}, {"environment", "environment variable", len(s.doc.Environment)},
		{"environment", "feature flag", len(s.doc.Flags)}, {"capabilities", "capability", len(s.doc.Capabilities)},
	} {
		switch {
		case !s.looked(kind.fact):
		case kind.n == 0:
			none = append(none, strings.TrimPrefix(counted(0, kind.noun), "0 "))
		default:
			parts = append(parts, counted(kind.n, kind.noun)+",")
		}
	}
	for i, noun := range none {
		parts = append(parts, []string{"none of these: ", ""}[min(i, 1)]+noun+",")
	}
	if n := len(parts); n > 0 {
		parts[n-1] = strings.TrimSuffix(parts[n-1], ",")
		s.lines("")
		s.wrapped("ALSO   ", parts)
	}
}

// tokens says what a request costs before anybody says anything, in each mode.
func (s *summary) tokens() {
	if len(s.doc.Tools) == 0 && !s.terminal.prompted {
		return
	}
	s.lines("", s.Heading(s.cut(fmt.Sprintf("TOKENS %-16s %10s %10s %10s", "about", "prompt", "tools", "together"), s.Columns)))
	for _, m := range []struct {
		name string
		mode mode
	}{{"in a terminal", s.terminal}, {"printing", s.print}} {
		prompt, tools := tokens.Of(m.mode.prompt.Text), m.mode.toolText
		s.lines(s.cut(fmt.Sprintf("       %-16s %10s %10s %10s", m.name, unless(!m.mode.prompted, grouped(prompt)), unless(!s.looked("tools"), grouped(tools)), grouped(prompt+tools)), s.Columns))
	}
}

// unless is a text, or a dash where it does not apply.
func unless(not bool, text string) string {
	if not {
		return "-"
	}
	return text
}

// health says how sure all this is.
func (s *summary) health() {
	h := s.doc.Health
	parts := []string{"everything was read"}
	if !h.Complete {
		parts = []string{"NOT everything could be read, so that more may be there"}
		if h.ModulesUnread > 0 {
			parts = append(parts, counted(h.ModulesUnread, "module")+" unread")
		}
	}
	if n := len(s.doc.Tools); n > 0 && s.looked("tools") {
		exact, whole := 0, 0
		for _, t := range s.doc.Tools {
			if t.Complete && known(t.InputSchema) {
				exact++
			}
			if t.Description != nil && t.Description.IsLiteral() {
				whole++
			}
		}
		parts = append(parts, fmt.Sprintf("%d of %d schemas exact", exact, n), fmt.Sprintf("%d of %d descriptions known to the letter", whole, n))
	}
	if h.BudgetHits > 0 {
		parts = append(parts, counted(h.BudgetHits, "evaluation")+" given up")
	}
	if h.ParseErrors > 0 {
		parts = append(parts, counted(h.ParseErrors, "statement")+" with an error")
	}
	s.lines("")
	s.wrapped("HEALTH ", strings.Fields(strings.Join(parts, "; ")))
}

func known(schema json.RawMessage) bool { return len(schema) > 0 && string(schema) != "null" }

// next are the commands that a user wants next. A command is whole, or it is of no use, so that a long one has no word
// on what it does.
func (s *summary) next() {
	if s.Input == "" {
		return
	}
	var list [][2]string
	if s.terminal.prompted {
		list = append(list, [2]string{"render " + s.Input, "the whole system prompt"})
	}
	if len(s.doc.Tools) > 0 {
		list = append(list, [2]string{"schemas " + s.Input, "the tools' JSON Schemas"}, [2]string{"explain " + s.Input + " NAME", "where a record comes from"})
	}
	list = append(list, [2]string{"analyze " + s.Input + " -o DIR", "everything, as files"})
	column := 0
	for _, c := range list {
		column = max(column, uniseg.StringWidth(c[0]))
	}
	s.lines("")
	label := "NEXT   bundlens "
	for _, c := range list {
		line := label + c[0]
		if len(label)+column+2+len(c[1]) <= s.Columns {
			line += strings.Repeat(" ", column-uniseg.StringWidth(c[0])+2) + c[1]
		}
		s.lines(line)
		label = "       bundlens "
	}
}

// lines writes lines.
func (s *summary) lines(lines ...string) {
	for _, line := range lines {
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// wrapped writes items with spaces between in lines that begin below its label's end.
func (s *summary) wrapped(label string, items []string) {
	margin := uniseg.StringWidth(label)
	indent := strings.Repeat(" ", margin)
	line, at := "", margin
	for _, item := range items {
		item = s.cut(item, s.Columns-margin)
		n := uniseg.StringWidth(item)
		if line != "" && at+1+n > s.Columns {
			s.lines(label + line)
			label, line, at = indent, "", margin
		}
		if line != "" {
			item, n = " "+item, n+1
		}
		line, at = line+item, at+n
	}
	s.lines(label + line)
}

// cut is a text that is at most so many columns wide. It ends between two characters as people see them.
func (s *summary) cut(text string, columns int) string {
	text = hidden.Spelled(text)
	if uniseg.StringWidth(text) <= columns {
		return text
	}
	var b strings.Builder
	at, state := 0, -1
	for len(text) > 0 {
		var cluster string
		var n int
		cluster, text, n, state = uniseg.FirstGraphemeClusterInString(text, state)
		if at+n > columns-1 {
			break
		}
		b.WriteString(cluster)
		at += n
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
