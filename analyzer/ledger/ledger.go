// Package ledger accounts for what an analysis left out: every literal of a program that reads like English belongs to
// a record of the Document, or gets an entry that says by which rule it is none of it. A rule goes by where a text
// flows (an exception, a log, the screen), never by how it sounds; where that can't be told, the entry says so.
//
// The form is JSON lines, one [Entry] each, in the order of modules and offsets.
package ledger

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bundlens/bundlens/analyzer/js"
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

// Summary counts what was looked at.
type Summary struct {
	// Literals read like English, Recorded of them belong to a record; the others have an entry.
	Literals, Recorded int
	// Rules counts entries by rule.
	Rules map[string]int
	// Unread counts statements that could not be parsed.
	Unread int
}

// Write writes the entries of an input of which doc is the analysis. It parses one statement at a time, and
// holds no more than the entries of one module.
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

// Each calls yield with the entries that Write writes, of one module or, where that is "", of all.
func Each(ctx context.Context, in *source.Input, doc *schema.Document, module string, yield func(Entry) error) (Summary, error) {
	l := &writer{known: wordsOf(doc), yield: yield, parser: js.NewParser(), summary: Summary{Rules: map[string]int{}}}
	defer l.parser.Close()
	for i := range in.Modules {
		m := &in.Modules[i]
		if m.Kind != source.JS || module != "" && m.Name != module {
			continue
		}
		src, err := m.Read()
		if err != nil {
			l.summary.Unread++
			continue
		}
		if err := l.module(ctx, m.Name, src); err != nil {
			return l.summary, fmt.Errorf("ledger: %w", err)
		}
	}
	return l.summary, nil
}

type writer struct {
	known   words
	yield   func(Entry) error
	parser  *js.Parser
	summary Summary
}

// open is an entry before it is known what the functions of its module do with their parameters.
type open struct {
	Entry
	via     parameter
	library bool
}

// module writes the entries of one module. They are held back to its end, when it is known which of its functions log
// what they are given, throw it or show it.
func (l *writer) module(ctx context.Context, name string, src []byte) error {
	functions := newPassing()
	var entries []open
	done := uint32(0)
	for _, u := range js.Scan(src).Units {
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
		library := wrapped(tree)
		for i := range tree.Len() {
			n := tree.At(i)
			switch {
			case n.Start() < done: // a statement that was looked at
			case isFunction(n):
				functions.add(n)
			case n.Kind() == js.String || n.Kind() == js.TemplateString:
				if e, ok := l.literal(name, n); ok {
					e.library = library
					entries = append(entries, e)
				}
			}
		}
		done = max(done, u.End)
	}
	for _, e := range entries {
		if e.Rule == RuleUnknown {
			e.Rule = cmp.Or(functions.rule(e.via), e.Rule)
		}
		if e.Rule == RuleUnknown && e.library {
			e.Rule = RuleLibrary
		}
		l.summary.Rules[e.Rule]++
		if err := l.yield(e.Entry); err != nil {
			return err
		}
	}
	return nil
}

// literal is the entry of one literal, if it needs one.
func (l *writer) literal(module string, n js.Node) (open, bool) {
	text := textOf(n)
	if !english(text) || isName(n) {
		return open{}, false
	}
	l.summary.Literals++
	if l.known.have(text) {
		l.summary.Recorded++
		return open{}, false
	}
	rule, into, via := destination(n)
	e := Entry{Module: module, Start: int(n.Start()), End: int(n.End()), Rule: rule, Into: into, Text: excerpt(text)}
	return open{Entry: e, via: via}, true
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
