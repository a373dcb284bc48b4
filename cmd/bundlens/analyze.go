package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/excerpt"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// analyzeOptions is what the user asked of analyze.
type analyzeOptions struct {
	input    string
	dir      string
	pages    bool // one for each record, also of what is said in passing
	json     bool
	force    bool
	stats    bool
	ledger   string
	tables   bool // of what was found, and not a summary
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// analyzeCommand is the command that finds out what a program tells its model.
func analyzeCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "analyze",
		Usage:     "find what a program tells its model: tools with their schemas and descriptions, prompts, reminders",
		ArgsUsage: "INPUT",
		Description: "INPUT is a JavaScript file, a directory, an npm tarball, an executable made by Bun, npm:NAME[@VERSION|@TAG],\n" +
			"or - for JavaScript on standard input. Without -o and --json, prints a summary, or tables of what --facts names.\n\n" +
			"Exit codes: 0 tools were found and everything was read; 1 everything was read and no tool was found;\n" +
			"2 it could not be done, or a part of the input could not be seen.\n\n" +
			"Examples:\n" +
			"  bundlens analyze cli.js\n" +
			"  bundlens analyze ./package -o out\n" +
			"  bundlens analyze ./package -o out --facts tools,prompts\n" +
			"  bundlens analyze cli.js --facts prompts --facts environment\n" +
			"  bundlens analyze npm:@modelcontextprotocol/server-everything@latest\n" +
			"  bundlens analyze app.exe -o out --assume FEATURE=true\n" +
			"  bundlens analyze cli.js -o out --facts all --ledger ledger.jsonl\n" +
			"  bundlens analyze cli.js --json | jq -r '.tools[].name'\n" +
			"  cat cli.js | bundlens analyze -",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the reports to `DIR`; - prints all that was found as JSON"},
			&cli.BoolFlag{Name: "pages", Usage: "write a page for every record; without it, results of tools and what else is said in passing have none"},
			&cli.BoolFlag{Name: "json", Usage: "print all that was found as JSON"},
			&cli.StringFlag{Name: "ledger", Usage: "write to `FILE` (- is standard output), as JSON lines, each literal that reads like English and is in no record, with the rule that left it out"},
			&cli.BoolFlag{Name: "stats", Usage: "say how long it took and how much was read"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		),
		Action: func(c *cli.Context) error {
			o, err := analyzeOptionsOf(c)
			if err != nil {
				return err
			}
			return runAnalyze(c.Context, ui, o)
		},
	}
}

// analyzeOptionsOf reads the command line.
func analyzeOptionsOf(c *cli.Context) (analyzeOptions, error) {
	if c.NArg() != 1 {
		return analyzeOptions{}, usageError(fmt.Sprintf("analyze takes one input, not %d", c.NArg()), "analyze")
	}
	engine, err := engineOptionsOf(c)
	o := analyzeOptions{
		input: c.Args().First(), dir: c.String("output"), pages: c.Bool("pages"), json: c.Bool("json"), force: c.Bool("force"), stats: c.Bool("stats"), ledger: c.String("ledger"),
		platform: c.String("platform"), stdin: c.App.Reader, engine: engine, tables: c.IsSet("facts"),
	}
	if o.dir == "-" {
		o.dir, o.json = "", true
	}
	if o.ledger == "-" && o.json && err == nil {
		err = usageError("the ledger and the JSON can't both go to standard output", "analyze")
	}
	return o, err
}

// runAnalyze does what the command says.
func runAnalyze(ctx context.Context, ui *terminal, o analyzeOptions) error {
	var costs costs
	o.engine.took = costs.add
	w := wanted{input: o.input, platform: o.platform, engine: o.engine, stdin: o.stdin, program: o.ledger != ""}
	switch {
	case o.ledger != "" || o.pages || looksLikeDocument(o.input):
	case o.dir != "" || o.json:
		w.part = &excerpt.Want{Counted: []string{"tools"}} // what is written is there already
	case !o.tables:
		w.part = &excerpt.Want{Lists: []string{"tools", "prompts"}, Kinds: []string{schema.KindAssembly}, Unread: true,
			Counted: []string{"prompts", "reminders", "agents", "commands", "environment", "flags", "capabilities"}}
	}
	r, err := obtain(ctx, ui, w)
	if err != nil {
		return err
	}
	if r.program != nil {
		defer r.program.Close()
	}
	if err := output(ui, o, r); err != nil {
		return err
	}
	if o.ledger != "" {
		if r.program == nil {
			return fmt.Errorf("%s: is a document; the ledger is of a program", o.input)
		}
		if err := writeLedger(ctx, ui, o.ledger, r.program, r.doc); err != nil {
			return err
		}
	}
	remark(ui, r)
	if o.stats {
		printStats(ui, r)
		costs.print(ui)
	}
	if !slices.Contains(r.doc.Health.Facts, facts.Tools.Name) && r.doc.Health.Seen() {
		return nil // nobody asked for tools
	}
	return r.verdict(o.input)
}

// costs is how long each step took. Facts are evaluated side by side, so that together they may take less.
type costs struct {
	mu    sync.Mutex
	lines []string
}

func (c *costs) add(step string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, fmt.Sprintf("%s: %s", step, d.Round(time.Millisecond)))
}

func (c *costs) print(ui *terminal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.lines)
	for _, line := range c.lines {
		fmt.Fprintln(ui.stderr, line)
	}
}

// output gives the result in the forms that were asked for.
func output(ui *terminal, o analyzeOptions, r *obtained) error {
	if o.dir != "" {
		err := writeDirAtomically(o.dir, o.force, func(tmp string) error {
			if r.kept != nil && !o.pages {
				return r.kept.writeTo(tmp)
			}
			var g errgroup.Group
			g.Go(func() error { return report.WritePages(r.doc, tmp, report.PageOptions{All: o.pages}) })
			g.Go(func() error { return report.Write(r.doc, tmp) })
			return g.Wait()
		})
		if err != nil {
			return err
		}
		ui.note("%s written to %s", count(len(r.doc.Tools), "tool"), o.dir)
	}
	switch {
	case o.json:
		return printWhole(ui, r)
	case o.dir == "" && o.ledger != "-" && o.tables:
		return printTables(ui, r.doc)
	case o.dir == "" && o.ledger != "-":
		return printSummary(ui, o.input, r.doc)
	}
	return nil
}

// printWhole prints the Document for other readers: what the one in a directory leaves out, because it follows, stands in it.
func printWhole(ui *terminal, r *obtained) error {
	doc := r.doc
	if r.kept != nil {
		var err error
		if doc, err = readDocument(filepath.Join(r.kept.report(), intelFile)); err != nil {
			return err
		}
	}
	return schema.EncodeWhole(ui.stdout, doc)
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// maxRemarks is how many diagnostics are shown where the user did not ask for more.
const maxRemarks = 5

// remark shows the diagnostics: errors and warnings, the first ones, or all of them with --verbose.
func remark(ui *terminal, r *obtained) {
	shown, hidden := 0, 0
	for _, d := range r.doc.Diagnostics {
		if r.analysed && d.Code == schema.CodeInput {
			continue // said when it was opened
		}
		if !ui.verbose && (d.Severity == schema.SeverityNote || shown >= maxRemarks) {
			hidden++
			continue
		}
		shown++
		place := ""
		if d.Origin != nil {
			place = fmt.Sprintf(" (%s, byte %d)", d.Origin.Module, d.Origin.Start)
		}
		ui.note("%s %s%s", ui.paint(ui.stderr, yellow, d.Severity+":"), d.Message, place)
	}
	if hidden > 0 {
		ui.note("%s more with --verbose", count(hidden, "remark"))
	}
}

// printStats says how long it took and how much was read.
func printStats(ui *terminal, r *obtained) {
	h := r.doc.Health
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	how := "analysed in " + r.analysing.Round(time.Millisecond).String()
	if !r.analysed {
		how = "not analysed again"
	}
	fmt.Fprintf(ui.stderr, "opened in %s, %s, %d MiB of memory\n", r.opening.Round(time.Millisecond), how, mem.Sys>>20)
	fmt.Fprintf(ui.stderr, "%s, %d bytes; %d statements indexed, %d parsed (%d bytes)\n",
		count(h.Modules, "module"), h.Bytes, h.Units.Indexed, h.Units.Parsed, h.ParsedBytes)
	fmt.Fprintf(ui.stderr, "%s, %s, %s not resolved\n",
		count(h.ParseErrors, "parse error"), count(h.BudgetHits, "budget hit"), count(h.Unresolved, "name"))
}

// maxNotSeen is how many things that could not be seen stand in the error; the Document and --verbose have all.
const maxNotSeen = 2

// verdict says what the result is worth. Nothing found and not seen are different things.
func verdict(input string, in *source.Input, doc *schema.Document) error {
	if len(doc.Tools) == 0 && len(in.Missing) > 0 {
		return &blindError{fmt.Sprintf("%s: could not see the program: it may lie in the package %s, which is not here",
			input, strings.Join(in.Missing, " or "))}
	}
	if !doc.Health.Seen() {
		return notSeen(input, doc)
	}
	if len(doc.Tools) == 0 {
		return &findingsError{input + ": found nothing: everything was read, and there is no tool in it"}
	}
	return nil
}

// notSeen is the error for a program that was not seen whole: what was found, what is missing, and where there is more.
func notSeen(input string, doc *schema.Document) error {
	what := fmt.Sprintf("could not see everything: %s found", count(len(doc.Tools), "tool"))
	if len(doc.Tools) == 0 {
		what = "could not see: no tool was found"
	}
	reasons := doc.Health.NotSeen
	more := ""
	switch {
	case len(reasons) == 0:
		reasons = []string{"the input could not be read to the end"}
	case len(reasons) > maxNotSeen:
		reasons, more = reasons[:maxNotSeen], fmt.Sprintf("; and %d more", len(reasons)-maxNotSeen)
	}
	return &hintedError{
		what: fmt.Sprintf("%s: %s, but %s%s", input, what, strings.Join(reasons, "; "), more),
		hint: "see health.notSeen and health.candidates.dropped of --json, and 'bundlens explain INPUT OFFSET'",
	}
}
