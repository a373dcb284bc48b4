package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// explainCommand is the command that says where something was found and what it was reduced to.
func explainCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say where a record comes from, what it was reduced to, and what stayed open",
		ArgsUsage: "INPUT NAME|ID|OFFSET",
		Description: "INPUT is what analyze takes. What is explained is a tool, agent or command by its name, a text by its ID, or all\n" +
			"records that stand at a byte offset, of the first module or of MODULE:OFFSET.\n\n" +
			"Exit codes: 0 something was found; 1 there is no such record; 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens explain cli.js Look\n" +
			"  bundlens explain cli.js system-prompt-tone\n" +
			"  bundlens explain cli.js 48213",
		Flags: engineFlags(),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usageError(fmt.Sprintf("explain takes an input and what to explain, not %d arguments", c.NArg()), "explain")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			return runExplain(c.Context, ui, c.Args().First(), c.Args().Get(1), c.String("platform"), c.App.Reader, engine)
		},
	}
}

func runExplain(ctx context.Context, ui *terminal, input, what, platform string, stdin io.Reader, engine engineOptions) error {
	in, err := open(ctx, ui, input, platform, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	ui.progress("analysing "+input, 0, 0)
	doc, err := analyze(ctx, in, engine)
	if err != nil {
		return fmt.Errorf("%s: %w", input, err)
	}
	ui.endProgress()
	found := 0
	for _, r := range explained(doc) {
		if r.is(what) {
			found++
			if err := r.print(ui.stdout, in); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return &findingsError{fmt.Sprintf("%s: there is no record %q", input, what)}
	}
	return nil
}

// record is any part of a Document that can be explained.
type record struct {
	kind, name string
	origins    []schema.Origin
	guards     []string
	texts      []namedText
}

type namedText struct {
	name string
	text *schema.Text
}

// explained lists the records of a Document.
func explained(doc *schema.Document) []record {
	var list []record
	for _, t := range doc.Tools {
		origins := t.Origins
		if len(origins) == 0 {
			origins = []schema.Origin{t.Origin}
		}
		list = append(list, record{"tool", t.Name, origins, guard(t.EnabledWhen), []namedText{{"description", t.Description}, {"summary", t.Summary}}})
	}
	for _, p := range doc.Prompts {
		list = append(list, record{p.Kind, p.ID, []schema.Origin{p.Origin}, p.Guards, []namedText{{"text", &p.Text}}})
	}
	for _, p := range doc.Reminders {
		list = append(list, record{p.Kind, p.ID, []schema.Origin{p.Origin}, p.Guards, []namedText{{"text", &p.Text}}})
	}
	for _, a := range doc.Agents {
		list = append(list, record{"agent", a.Name, []schema.Origin{a.Origin}, guard(a.EnabledWhen), []namedText{{"when to use", a.WhenToUse}, {"prompt", a.Prompt}}})
	}
	for _, c := range doc.Commands {
		list = append(list, record{"command", c.Name, []schema.Origin{c.Origin}, guard(c.EnabledWhen), []namedText{{"description", c.Description}, {"prompt", c.Prompt}}})
	}
	for _, v := range doc.Environment {
		list = append(list, record{"environment variable", v.Name, v.Origins, nil, nil})
	}
	for _, f := range doc.Flags {
		list = append(list, record{"feature flag, fallback " + string(f.Fallback), f.Key, f.Origins, nil, nil})
	}
	return list
}

func guard(when string) []string {
	if when == "" {
		return nil
	}
	return []string{when}
}

// is tells whether a name, ID or offset means the record.
func (r record) is(what string) bool {
	if r.name == what {
		return true
	}
	module, number := "", what
	if i := strings.LastIndexByte(what, ':'); i >= 0 {
		module, number = what[:i], what[i+1:]
	}
	at, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	for _, o := range r.origins {
		if o.Start <= at && at < o.End && (module == "" || module == o.Module) {
			return true
		}
	}
	return false
}

// maxExcerpt bounds what is shown of the source, in bytes, and maxOrigins of how many places.
const (
	maxExcerpt = 600
	maxOrigins = 5
)

func (r record) print(w io.Writer, in *source.Input) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", printable(r.name), r.kind)
	for _, g := range r.guards {
		fmt.Fprintf(&b, "  when %s\n", printable(g))
	}
	for i, o := range r.origins {
		if i == maxOrigins {
			fmt.Fprintf(&b, "  and %s more\n", count(len(r.origins)-i, "place"))
			break
		}
		fmt.Fprintf(&b, "  stands in %s, bytes %d to %d", printable(o.Module), o.Start, o.End)
		if o.Symbol != "" {
			fmt.Fprintf(&b, ", as %s", printable(o.Symbol))
		}
		b.WriteByte('\n')
		if i == 0 {
			excerpt(&b, in, o)
		}
	}
	for _, t := range r.texts {
		if t.text == nil {
			continue
		}
		fmt.Fprintf(&b, "  %s:\n", t.name)
		for line := range strings.SplitSeq(t.text.Text, "\n") {
			fmt.Fprintf(&b, "    | %s\n", printable(line))
		}
		open := map[string]bool{}
		for h := range schema.Holes(t.text.Parts) {
			if !open[h.Expr] {
				open[h.Expr] = true
				fmt.Fprintf(&b, "  open: ${%s} is %s: %s\n", h.Name, printable(h.Expr), printable(h.Why))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// excerpt writes the source of a record, cut where it is long.
func excerpt(b *strings.Builder, in *source.Input, o schema.Origin) {
	for _, m := range in.Modules {
		if m.Name != o.Module || o.Start < 0 || o.End > len(m.Source) || o.Start >= o.End {
			continue
		}
		s := string(m.Source[o.Start:min(o.End, o.Start+maxExcerpt)])
		more := ""
		if o.End-o.Start > maxExcerpt {
			more = " ..."
		}
		fmt.Fprintf(b, "    %s%s\n", printable(strings.ToValidUTF8(s, "")), more)
		return
	}
}
