package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema/diff"
)

// diffOptions is what the user asked of diff.
type diffOptions struct {
	from, to   string
	format     string
	noExitCode bool
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
		Description: "A and B are documents (intel.json), directories that analyze wrote, or anything that analyze takes. Tools are matched by\n" +
			"name, then by schema and text; schemas are compared property by property, texts word by word. What only another\n" +
			"build changes is not compared.\n\n" +
			"Exit codes: 0 there is no difference; 1 something differs; 2 it could not be done, or nothing differs in what\n" +
			"could not be seen whole.\n\n" +
			"Examples:\n" +
			"  bundlens diff old new\n" +
			"  bundlens diff old/intel.json cli.js\n" +
			"  bundlens diff npm:@modelcontextprotocol/server-everything@2025.8.4 npm:@modelcontextprotocol/server-everything\n" +
			"  bundlens diff old new --format markdown > changes.md\n" +
			"  bundlens diff old new --format json --no-exit-code | jq .breaking",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`text|markdown|json`", DefaultText: "text"},
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
	o := diffOptions{from: c.Args().Get(0), to: c.Args().Get(1), format: c.String("format"), noExitCode: c.Bool("no-exit-code"),
		platform: c.String("platform"), engine: engine, stdin: c.App.Reader}
	if err == nil && !slices.Contains([]string{"text", "markdown", "json"}, o.format) {
		err = usageError(fmt.Sprintf("--format takes text, markdown or json, not %q", o.format), "diff")
	}
	return o, err
}

// runDiff does what the command says.
func runDiff(ctx context.Context, ui *terminal, o diffOptions) error {
	from, err := documentOf(ctx, ui, o.from, o.platform, o.engine, o.stdin)
	if err != nil {
		return err
	}
	to, err := documentOf(ctx, ui, o.to, o.platform, o.engine, o.stdin)
	if err != nil {
		return err
	}
	result, err := diff.Compare(from, to)
	if err != nil {
		return err
	}
	for _, side := range []struct {
		input string
		side  diff.Side
	}{{o.from, result.From}, {o.to, result.To}} {
		if !side.side.Complete {
			ui.note("%s %s could not be seen whole: what is missing may be there", ui.paint(ui.stderr, yellow, "warning:"), side.input)
		}
	}
	if err := writeDiff(ui, o.format, result); err != nil {
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
func writeDiff(ui *terminal, format string, r *diff.Result) error {
	switch format {
	case "json":
		return r.WriteJSON(ui.stdout)
	case "markdown":
		return r.WriteMarkdown(ui.stdout)
	}
	colors := map[string]string{"insert": "32", "delete": "31", "moved": "36", "breaking": red, "bold": bold, "dim": "2"}
	return r.WriteText(ui.stdout, func(style, text string) string { return ui.paint(ui.stdout, colors[style], text) })
}
