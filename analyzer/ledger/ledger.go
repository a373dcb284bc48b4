// Package ledger accounts for what an analysis left out: every literal of a program that reads like English belongs to
// a record of the Document, or gets an entry that says by which rule it is none of it. A rule goes by where a text
// flows (an exception, a log, the screen), never by how it sounds; where that can't be told, the entry says so.
//
// What looked like a tool and is in no record has an entry, too; its rules are those of [schema.Dropped].
//
// The form is JSON lines, one [Entry] each: what looked like a tool, then the literals, in the order of modules and offsets.
package ledger

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// Entry is a literal that belongs to no record.
type Entry struct {
	// Module, Start and End say where it stands, in bytes of the module's source.
	Module string `json:"module"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	// Rule is one of the constants.
	Rule string `json:"rule"`
	// Into says where the text goes, as far as the syntax around it says: "console.warn(...)", "label: ...".
	Into string `json:"into"`
	// Text is its beginning, with ${...} for what is put in.
	Text string `json:"text"`
}

// The rules by which a literal is left out.
const (
	RuleError         = "error"         // it goes into an exception, or is what a promise is rejected with
	RuleLog           = "log"           // it goes to a log, a console or an output stream
	RuleInterface     = "interface"     // it is part of an element of an interface, or of how one is labelled
	RuleCommandLine   = "command-line"  // it describes a command line: an option, an argument, a usage
	RuleDocumentation = "documentation" // it describes a part of a schema that is no tool's
	RuleComparison    = "comparison"    // it is what something is compared with or searched for
	RuleLibrary       = "library"       // it stands in a module of a library, wrapped by the bundler
	RuleUnknown       = "unknown"       // where it flows can't be told
)

// IntoTools is the Into of an entry that is no literal but what looked like a tool, or like a place that hands tools out.
const IntoTools = "tools"

// Summary counts what was looked at.
type Summary struct {
	// Literals read like English, Recorded of them belong to a record; the others have an entry.
	Literals, Recorded int
	// Rules counts entries by rule.
	Rules map[string]int
	// Unread counts statements that could not be parsed.
	Unread int
}

// Write writes the entries of an input; doc is its analysis. It parses one statement at a time.
func Write(ctx context.Context, w io.Writer, in *source.Input, doc *schema.Document) (Summary, error) {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	sum, err := Each(ctx, in, doc, "", func(e Entry) error { return enc.Encode(e) })
	if err != nil {
		return sum, err
	}
	if err := out.Flush(); err != nil {
		return sum, fmt.Errorf("ledger: %w", err)
	}
	return sum, nil
}

// Each calls yield with the entries that Write writes, of one module or, where that is "", of all. All modules are read
// for it, for a text may be given to a function of another.
func Each(ctx context.Context, in *source.Input, doc *schema.Document, module string, yield func(Entry) error) (Summary, error) {
	l := &writer{
		in: in, known: wordsOf(doc), parser: js.NewParser(), functions: newPassing(), exports: map[int]map[string]string{},
		summary: Summary{Rules: map[string]int{}},
	}
	defer l.parser.Close()
	for i := range in.Modules {
		if in.Modules[i].Kind != source.JS {
			continue
		}
		src, err := in.Modules[i].Read()
		if err != nil {
			l.summary.Unread++
			continue
		}
		if err := l.module(ctx, i, src, module == "" || in.Modules[i].Name == module); err != nil {
			return l.summary, fmt.Errorf("ledger: %w", err)
		}
	}
	for _, d := range doc.Health.Candidates.Dropped {
		if module != "" && d.Origin.Module != module {
			continue
		}
		l.summary.Rules[d.Rule]++
		e := Entry{Module: d.Origin.Module, Start: d.Origin.Start, End: d.Origin.End, Rule: d.Rule, Into: IntoTools, Text: d.What}
		if err := yield(e); err != nil {
			return l.summary, fmt.Errorf("ledger: %w", err)
		}
	}
	for _, e := range l.entries {
		if e.Rule == RuleUnknown && e.goesOn {
			e.Rule = cmp.Or(l.functions.rule(e.on), e.Rule)
		}
		if e.Rule == RuleUnknown && e.library {
			e.Rule = RuleLibrary
		}
		l.summary.Rules[e.Rule]++
		if err := yield(e.Entry); err != nil {
			return l.summary, fmt.Errorf("ledger: %w", err)
		}
	}
	return l.summary, nil
}

type writer struct {
	in        *source.Input
	known     words
	parser    *js.Parser
	functions *passing
	exports   map[int]map[string]string // of each module that others import from: local names by exported ones
	entries   []open
	summary   Summary
}

// open is an entry before it is known what the functions of the program do with their parameters.
type open struct {
	Entry
	on      place
	goesOn  bool
	library bool
}

// module adds the entries of one module, if they are wanted, and what its functions do with what they are given.
func (l *writer) module(ctx context.Context, id int, src []byte, wanted bool) error {
	index := js.Scan(src)
	l.functions.module(l.in, id, index, l.exportsOf)
	done := uint32(0)
	for _, u := range index.Units {
		if err := ctx.Err(); err != nil {
			return err
		}
		prefix := ""
		if u.Kind == js.UnitVar {
			prefix = "var "
		}
		tree, err := l.parser.Parse(ctx, src, u.Start, u.End, prefix)
		if err != nil {
			l.summary.Unread++
			continue
		}
		scopes, library := newScopes(id), wrapped(tree)
		for i := range tree.Len() {
			n := tree.At(i)
			switch {
			case n.Start() < done: // a statement that was looked at
			case n.IsFunction():
				l.functions.add(n, scopes)
			case n.Kind() == js.CallExpression:
				l.functions.called(n, scopes)
			case wanted && (n.Kind() == js.String || n.Kind() == js.TemplateString):
				if e, ok := l.literal(id, n, scopes); ok {
					e.library = library
					l.entries = append(l.entries, e)
				}
			}
		}
		done = max(done, u.End)
	}
	return nil
}

// exportsOf are the local names of what a module exports, by the exported ones.
func (l *writer) exportsOf(module int) map[string]string {
	names, ok := l.exports[module]
	if ok {
		return names
	}
	names = map[string]string{}
	l.exports[module] = names
	if src, err := l.in.Modules[module].Read(); err == nil {
		for _, e := range js.Scan(src).Exports {
			if e.From == "" {
				names[e.Exported] = e.Local
			}
		}
	}
	return names
}

// literal is the entry of one literal, if it needs one.
func (l *writer) literal(module int, n js.Node, s *scopes) (open, bool) {
	text := textOf(n)
	if !english(text) || isName(n) {
		return open{}, false
	}
	l.summary.Literals++
	if l.known.have(text) {
		l.summary.Recorded++
		return open{}, false
	}
	rule, into, on := destination(n)
	e := open{Entry: Entry{
		Module: l.in.Modules[module].Name, Start: int(n.Start()), End: int(n.End()), Rule: rule, Into: into, Text: excerpt(text),
	}}
	if rule == RuleUnknown {
		e.on, e.goesOn = s.place(on)
		l.functions.variable(e.on, on.variable, s)
	}
	return e, true
}

// maxExcerpt bounds the text of an entry, in bytes.
const maxExcerpt = 160

func excerpt(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxExcerpt {
		return strings.ToValidUTF8(text[:maxExcerpt], "") + "..."
	}
	return text
}

// gap stands for what is put into a template.
const gap = "${...}"

// textOf is the text of a literal.
func textOf(n js.Node) string {
	if n.Kind() == js.String {
		s, _ := js.DecodeString(n.Text())
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	src, at := n.Tree().Src, n.Start()+1
	chunk := func(to uint32) {
		if at < to {
			s, _ := js.DecodeTemplate(string(src[at:to]))
			b.WriteString(s)
		}
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.TemplateSubstitution {
			chunk(c.Start())
			b.WriteString(gap)
			at = c.End()
		}
	}
	chunk(n.End() - 1)
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}
