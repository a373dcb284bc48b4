package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/ledger"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// explainCommand is the command that says where something was found and what it was reduced to.
func explainCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say where a record comes from, what it was reduced to, and what stayed open",
		ArgsUsage: "INPUT NAME|ID|OFFSET",
		Description: "INPUT is what analyze takes, or what it wrote; then all but the source is shown. What is explained is a tool, agent or command by its name, a text by its ID, or all\n" +
			"records that stand at a byte offset, of the first module or of MODULE:OFFSET. Of a text at an offset that is in no\n" +
			"record, the rule that left it out is named.\n" +
			"--why evaluates the record again, and lists what its description, its condition and its text are made of: the names,\n" +
			"the calls, the conditions that the program asks, and the bounds that were hit, each with its place. A call's arguments\n" +
			"that only the program's own callers know are open then.\n" +
			"Long things are cut, and of the other forms of a text only the lines are shown in which they differ: --full shows all.\n\n" +
			"Exit codes: 0 something was found; 1 there is no such record; 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens explain cli.js Look\n" +
			"  bundlens explain cli.js system-prompt-tone\n" +
			"  bundlens explain cli.js 48213\n" +
			"  bundlens explain --why cli.js Look",
		Flags: append(engineFlags(),
			&cli.BoolFlag{Name: "full", Usage: "cut nothing: the whole source, all names, each form of a text as it is"},
			&cli.BoolFlag{Name: "why", Usage: "show how the values and conditions of a record came about"}),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usageError(fmt.Sprintf("explain takes an input and what to explain, not %d arguments", c.NArg()), "explain")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			return runExplain(c.Context, ui, c.Args().First(), c.Args().Get(1), c.String("platform"), c.App.Reader, engine, shown{full: c.Bool("full"), why: c.Bool("why")})
		},
	}
}

// shown is how much of a record is shown.
type shown struct{ full, why bool }

func runExplain(ctx context.Context, ui *terminal, input, what, platform string, stdin io.Reader, engine engineOptions, how shown) error {
	r, err := obtain(ctx, ui, wanted{input: input, platform: platform, engine: engine, stdin: stdin, program: true})
	if err != nil {
		return err
	}
	in := r.program
	if in != nil {
		defer in.Close()
	}
	records := explained(r.doc)
	if how.why && in == nil {
		return usageError("--why needs the program itself, not what was found in it", "explain")
	}
	words, err := engine.words()
	if err != nil {
		return err
	}
	p := &explanation{in: in, engine: engine, words: words, shown: how}
	found := 0
	for _, r := range records {
		if r.is(what) {
			found++
			p.record(r)
		}
	}
	if found > 0 {
		_, err := io.WriteString(ui.stdout, p.String())
		return err
	}
	if in != nil {
		if told, err := explainLeftOut(ctx, ui.stdout, in, r.doc, what); err != nil || told {
			return err
		}
	}
	return &findingsError{fmt.Sprintf("%s: there is no record %q%s", input, what, alike(records, what))}
}

// explainLeftOut says of the text at an offset by which rule it is in no record; told is false where there is none.
func explainLeftOut(ctx context.Context, w io.Writer, in *source.Input, doc *schema.Document, what string) (told bool, err error) {
	module, at, ok := placeOf(what)
	if !ok {
		return false, nil
	}
	if module == "" && len(in.Modules) > 0 {
		module = in.Modules[0].Name
	}
	_, err = ledger.Each(ctx, in, doc, module, func(e ledger.Entry) error {
		if at < e.Start || at >= e.End {
			return nil
		}
		told = true
		if e.Into == ledger.IntoTools {
			_, err := fmt.Fprintf(w, "what looks like a tool, or hands tools out, and is in no record\n  stands in %s, bytes %d to %d\n  left out as: %s\n",
				printable(e.Module), e.Start, e.End, e.Rule)
			return err
		}
		_, err := fmt.Fprintf(w, "a text that is in no record\n  stands in %s, bytes %d to %d\n  left out as: %s%s\n    | %s\n",
			printable(e.Module), e.Start, e.End, e.Rule, into(e.Into), printable(e.Text))
		return err
	})
	return told, err
}

func into(place string) string {
	if place == "" {
		return ""
	}
	return ", goes into " + printable(place)
}

// maxAlike is how many names are offered in place of one that there is not.
const maxAlike = 5

// alike offers the records with names that hold what was asked for, or begin as it does.
func alike(records []record, what string) string {
	what = strings.ToLower(what)
	var names []string
	for _, r := range records {
		name := strings.ToLower(r.name)
		if len(what) > 2 && (strings.Contains(name, what) || strings.Contains(what, name) && len(name) > 3) && !slices.Contains(names, r.name) {
			names = append(names, r.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	more := ""
	if len(names) > maxAlike {
		names, more = names[:maxAlike], ", ..."
	}
	return "; there is " + strings.Join(names, ", ") + more
}

// record is any part of a Document that can be explained.
type record struct {
	kind, name string
	origins    []schema.Origin
	guards     []string
	texts      []namedText
}

// namedText is a text of a record, and the other forms that it has.
type namedText struct {
	name  string
	text  *schema.Text
	other []schema.DescriptionVariant
}

// explained lists the records of a Document.
func explained(doc *schema.Document) []record {
	var list []record
	for _, t := range doc.Tools {
		origins := t.Origins
		if len(origins) == 0 {
			origins = []schema.Origin{t.Origin}
		}
		list = append(list, record{"tool", t.Name, origins, guard(t.EnabledWhen), toolTexts(&t)})
	}
	for _, p := range doc.Prompts {
		list = append(list, record{p.Kind, p.ID, []schema.Origin{p.Origin}, p.Told(), []namedText{{name: "text", text: &p.Text}}})
	}
	for _, p := range doc.Reminders {
		list = append(list, record{p.Kind, p.ID, []schema.Origin{p.Origin}, p.Told(), []namedText{{name: "text", text: &p.Text}}})
	}
	for _, a := range doc.Agents {
		list = append(list, record{"agent", a.Name, []schema.Origin{a.Origin}, guard(a.EnabledWhen), []namedText{{name: "when to use", text: a.WhenToUse}, {name: "prompt", text: a.Prompt}}})
	}
	for _, c := range doc.Commands {
		list = append(list, record{"command", c.Name, []schema.Origin{c.Origin}, guard(c.EnabledWhen), []namedText{{name: "description", text: c.Description}, {name: "prompt", text: c.Prompt}}})
	}
	for _, v := range doc.Environment {
		list = append(list, record{"environment variable", v.Name, v.Origins, nil, nil})
	}
	for _, f := range doc.Flags {
		list = append(list, record{"feature flag, fallback " + string(f.Fallback), f.Key, f.Origins, nil, nil})
	}
	return list
}

// toolTexts are what is said of a tool: its description, and its summary where that is another.
func toolTexts(t *schema.Tool) []namedText {
	texts := []namedText{{"description", t.Description, t.DescriptionVariants}}
	if t.Summary != nil && (t.Description == nil || t.Summary.Text != t.Description.Text) {
		texts = append(texts, namedText{name: "summary", text: t.Summary})
	}
	return texts
}

func guard(when *schema.Cond) []string {
	if when == nil {
		return nil
	}
	return []string{when.String()}
}

// is tells whether a name, ID or offset means the record.
func (r record) is(what string) bool {
	if r.name == what {
		return true
	}
	module, at, ok := placeOf(what)
	if !ok {
		return false
	}
	for _, o := range r.origins {
		if o.Start <= at && at < o.End && (module == "" || module == o.Module) {
			return true
		}
	}
	return false
}

// placeOf reads OFFSET or MODULE:OFFSET.
func placeOf(what string) (module string, at int, ok bool) {
	number := what
	if i := strings.LastIndexByte(what, ':'); i >= 0 {
		module, number = what[:i], what[i+1:]
	}
	at, err := strconv.Atoi(number)
	return module, at, err == nil
}
