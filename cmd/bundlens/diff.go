package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
)

// diffOptions is what the user asked of diff.
type diffOptions struct {
	from, to   string
	format     string
	noExitCode bool
	noPager    bool
	extent     diff.Extent
	only       []string
	breaking   bool
	compare    diff.Options
	platform   string
	engine     engineOptions
	stdin      io.Reader
}

// diffCommand is the command that says what changed between two versions.
func diffCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "say what changed in what a program tells its model",
		ArgsUsage: "A B",
		Description: "A and B are documents (intel.json), directories that analyze wrote, or anything that analyze takes. The first page\n" +
			"is what changed in the main system prompt of each mode, word by word, and in the tools that are enabled by default,\n" +
			"breaking changes first; --full has all records. Tools are matched by name, then by schema and text; schemas are\n" +
			"compared property by property, with the rules of oasdiff, conditions as formulas. What only another build changes is\n" +
			"not compared. On a terminal a long result goes through $PAGER.\n\n" +
			"Exit codes: 0 there is no difference; 1 something differs; 2 it could not be done, or nothing differs in what\n" +
			"could not be seen whole.\n\n" +
			"Examples:\n" +
			"  bundlens diff old new\n" +
			"  bundlens diff old/intel.json cli.js\n" +
			"  bundlens diff npm:@modelcontextprotocol/server-everything@2025.8.4 npm:@modelcontextprotocol/server-everything\n" +
			"  bundlens diff old new --stat\n" +
			"  bundlens diff old new --full --only tools,environment\n" +
			"  bundlens diff old new --world env.DEBUG=1 --world mode=print\n" +
			"  bundlens diff old new --breaking\n" +
			"  bundlens diff old new --full --format markdown > changes.md\n" +
			"  bundlens diff old new --format json --no-exit-code | jq .breaking",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`text|markdown|json`", DefaultText: "text"},
			&cli.BoolFlag{Name: "full", Usage: "tell all records that changed, not only the first page"},
			&cli.BoolFlag{Name: "stat", Usage: "count what changed, and nothing else"},
			&cli.StringFlag{Name: "only", Usage: "compare these `KINDS` only: " + strings.Join(diff.Kinds, ",")},
			&cli.BoolFlag{Name: "breaking", Usage: "tell only what makes a call fail that was right before"},
			&cli.StringSliceFlag{Name: "world", Usage: "compare what users with these settings get: env.NAME, flag.KEY, mode, platform or tool.NAME, as `KEY=VALUE`"},
			&cli.IntFlag{Name: "context", Usage: "show `N` characters of a text around a change", DefaultText: "40"},
			&cli.BoolFlag{Name: "no-pager", Usage: "print to the terminal at once"},
			&cli.BoolFlag{Name: "no-exit-code", Usage: "end with 0 where something differs"},
		),
		Action: func(c *cli.Context) error {
			o, err := diffOptionsOf(c)
			if err != nil {
				return err
			}
			return runDiff(c.Context, ui, o)
		},
	}
}

// diffOptionsOf reads the command line.
func diffOptionsOf(c *cli.Context) (diffOptions, error) {
	if c.NArg() != 2 {
		return diffOptions{}, usageError(fmt.Sprintf("diff takes two inputs, not %d", c.NArg()), "diff")
	}
	engine, err := engineOptionsOf(c)
	o := diffOptions{from: c.Args().Get(0), to: c.Args().Get(1), format: c.String("format"), noExitCode: c.Bool("no-exit-code"), noPager: c.Bool("no-pager"),
		platform: c.String("platform"), engine: engine, stdin: c.App.Reader}
	if err == nil && !slices.Contains([]string{"text", "markdown", "json"}, o.format) {
		err = usageError(fmt.Sprintf("--format takes text, markdown or json, not %q", o.format), "diff")
	}
	if err == nil {
		err = o.shape(c)
	}
	return o, err
}

// shape reads the flags that say what is compared and how much is told.
func (o *diffOptions) shape(c *cli.Context) error {
	wrong := func(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...), "diff") }
	o.breaking, o.compare.Context, o.extent = c.Bool("breaking"), c.Int("context"), diff.FirstPage
	switch {
	case c.Bool("stat") && c.Bool("full"):
		return wrong("--stat and --full don't go together")
	case c.Bool("stat"):
		o.extent = diff.Stat
	case c.Bool("full"), o.breaking, c.IsSet("only"):
		o.extent = diff.Full
	}
	if o.compare.Context < 0 {
		return wrong("--context takes a number from 0 on, not %d", o.compare.Context)
	}
	if c.IsSet("only") {
		o.only = strings.Split(c.String("only"), ",")
	}
	for _, kind := range o.only {
		if !slices.Contains(diff.Kinds, kind) {
			return wrong("--only takes names out of %s, not %q", strings.Join(diff.Kinds, ", "), kind)
		}
	}
	world := &o.compare.World
	for _, pair := range c.StringSlice("world") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return wrong("--world takes KEY=VALUE, not %q", pair)
		}
		if key == "mode" {
			if world.Mode = value; value != schema.ModeInteractive && value != schema.ModePrint {
				return wrong("--world mode= takes interactive or print, not %q", value)
			}
			continue
		}
		if world.Set == nil {
			world.Set = map[string]string{}
		}
		for _, key := range assumed(key) {
			world.Set[key] = value
		}
	}
	return nil
}

// documents are those of both sides. Where both are there already they are read at once; two analyses would share the
// machine badly.
func (o *diffOptions) documents(ctx context.Context, ui *terminal) (from, to *schema.Document, err error) {
	if !looksLikeDocument(o.from) || !looksLikeDocument(o.to) {
		if from, err = documentOf(ctx, ui, o.from, o.platform, o.engine, o.stdin); err == nil {
			to, err = documentOf(ctx, ui, o.to, o.platform, o.engine, o.stdin)
		}
		return from, to, err
	}
	var second error
	var read sync.WaitGroup
	read.Go(func() { to, second = documentOf(ctx, ui, o.to, o.platform, o.engine, o.stdin) })
	from, err = documentOf(ctx, ui, o.from, o.platform, o.engine, o.stdin)
	read.Wait()
	return from, to, cmp.Or(err, second)
}

// runDiff does what the command says.
func runDiff(ctx context.Context, ui *terminal, o diffOptions) error {
	from, to, err := o.documents(ctx, ui)
	if err != nil {
		return err
	}
	result, err := diff.Compare(from, to, o.compare)
	if err != nil {
		return err
	}
	if o.only != nil {
		result.Only(o.only)
	}
	if o.breaking {
		result.OnlyBreaking()
	}
	for _, side := range []struct {
		input string
		side  diff.Side
	}{{o.from, result.From}, {o.to, result.To}} {
		if !side.side.Complete {
			ui.note("%s %s could not be seen whole: what is missing may be there", ui.paint(ui.stderr, yellow, "warning:"), side.input)
		}
	}
	if err := writeDiff(ui, o, result); err != nil {
		return err
	}
	switch {
	case !result.Differs && !(result.From.Complete && result.To.Complete):
		return &blindError{"no difference in what could be seen, and not everything could"}
	case result.Differs && !o.noExitCode:
		return errDiffers
	}
	return nil
}

// errDiffers says no more than the exit code, as the difference stands above it.
var errDiffers = &findingsError{"they differ"}

// writeDiff writes the result in the form that was asked for.
func writeDiff(ui *terminal, o diffOptions, r *diff.Result) error {
	switch o.format {
	case "json":
		return r.WriteJSON(ui.stdout)
	case "markdown":
		return r.WriteMarkdown(ui.stdout, o.extent)
	}
	colors := map[string]string{"insert": "32", "delete": "31", "moved": "36", "breaking": red, "bold": bold, "dim": "2"}
	var b bytes.Buffer
	if err := r.WriteText(&b, func(style, text string) string { return ui.paint(ui.stdout, colors[style], text) }, o.extent); err != nil {
		return err
	}
	return ui.page(b.Bytes(), !o.noPager)
}
