package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// renderOptions is what the user asked of render.
type renderOptions struct {
	input    string
	id       string
	list     bool
	explain  bool
	modes    bool
	with     []string
	without  []string
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// renderCommand is the command that prints a whole system prompt.
func renderCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "print a system prompt whole, as it is in some configuration",
		ArgsUsage: "INPUT",
		Description: "INPUT is what analyze takes. Prints the sections that the program joins to its system prompt, in their order, as\n" +
			"they are with no environment variable set, every feature flag at its fallback, and the tools that are enabled\n" +
			"then. What is known only when the program runs stands there as ${NAME}.\n\n" +
			"Exit codes: 0 a prompt was printed; 1 everything was read, and there is no prompt; 2 it could not be done, or a\n" +
			"part of the input could not be seen.\n\n" +
			"Examples:\n" +
			"  bundlens render cli.js\n" +
			"  bundlens render cli.js --explain\n" +
			"  bundlens render cli.js --without Look --assume env.TERN_STRICT=1\n" +
			"  bundlens render cli.js --modes\n" +
			"  bundlens render cli.js --list\n" +
			"  bundlens render app.exe --prompt system-prompt-whole-you-are-a-helper",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "prompt", Usage: "print the prompt with this `ID`, not the main one"},
			&cli.BoolFlag{Name: "list", Usage: "list the prompts that there are"},
			&cli.StringSliceFlag{Name: "with", Usage: "take `TOOL` for present"},
			&cli.StringSliceFlag{Name: "without", Usage: "take `TOOL` for absent"},
			&cli.BoolFlag{Name: "explain", Usage: "say above each part where it stands and on what it hangs"},
			&cli.BoolFlag{Name: "modes", Usage: "print both modes as one: - marks what only a terminal's has, + what only print's has"},
		),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError(fmt.Sprintf("render takes one input, not %d", c.NArg()), "render")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			if c.Bool("modes") && (c.IsSet("mode") || c.Bool("explain") || c.Bool("list")) {
				return usageError("--modes does not go with --mode, --explain or --list", "render")
			}
			return runRender(c.Context, ui, renderOptions{
				input: c.Args().First(), id: c.String("prompt"), list: c.Bool("list"), explain: c.Bool("explain"), modes: c.Bool("modes"), with: c.StringSlice("with"),
				without: c.StringSlice("without"), platform: c.String("platform"), engine: engine, stdin: c.App.Reader,
			})
		},
	}
}

// runRender does what the command says.
func runRender(ctx context.Context, ui *terminal, o renderOptions) error {
	in, err := open(ctx, ui, o.input, o.platform, o.stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	ui.progress("analysing "+o.input, 0, 0)
	print := printPrompt
	if o.modes {
		o.engine.assume["mode"] = "interactive"
		print = func(w io.Writer, interactive *schema.Document, o renderOptions) error {
			o.engine.assume["mode"] = "print"
			other, err := o.analyze(ctx, in)
			if err != nil {
				return err
			}
			return printModes(w, interactive, other, o)
		}
	}
	doc, err := o.analyze(ctx, in)
	if err != nil {
		return err
	}
	err = print(ui.stdout, doc, o)
	ui.endProgress()
	if err == nil && !doc.Health.Complete {
		return &blindError{o.input + ": could not see everything: the input could not be read to the end"}
	}
	return err
}

// analyze looks for the prompts. The tools come first, because sections hang on them.
func (o renderOptions) analyze(ctx context.Context, in *source.Input) (*schema.Document, error) {
	o.engine.assume = maps.Clone(o.engine.assume)
	o.engine.facts = []analyzer.Fact{facts.Tools}
	tools, err := analyze(ctx, in, o.engine)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.input, err)
	}
	o.assumeTools(tools)
	o.engine.facts = []analyzer.Fact{facts.Prompts}
	doc, err := analyze(ctx, in, o.engine)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.input, err)
	}
	return doc, nil
}

// assumeTools takes the tools that are enabled for present, and then does what the user says.
func (o renderOptions) assumeTools(doc *schema.Document) {
	for _, t := range doc.Tools {
		if t.Enabled != nil && *t.Enabled {
			o.engine.assume["tool."+t.Name] = "true"
		}
	}
	for _, name := range o.with {
		o.engine.assume["tool."+name] = "true"
	}
	for _, name := range o.without {
		o.engine.assume["tool."+name] = "false"
	}
}

// assemblies are the whole prompts of a document, the main one first.
func assemblies(doc *schema.Document) (list []*schema.Prompt) {
	for i := range doc.Prompts {
		if p := &doc.Prompts[i]; p.Kind == schema.KindAssembly {
			list = append(list, p)
		}
	}
	return list
}

// choose is the prompt that the user asked for.
func (o renderOptions) choose(doc *schema.Document) (*schema.Prompt, error) {
	for _, p := range assemblies(doc) {
		if o.id == "" || o.id == p.ID {
			return p, nil
		}
	}
	if o.id != "" {
		return nil, &findingsError{fmt.Sprintf("%s: there is no whole prompt %q; --list names them", o.input, o.id)}
	}
	return nil, &findingsError{o.input + ": found nothing: everything was read, and no list of sections is in it"}
}

func printPrompt(w io.Writer, doc *schema.Document, o renderOptions) error {
	if o.list {
		for _, p := range assemblies(doc) {
			if _, err := fmt.Fprintf(w, "%s\t%d\t%s\n", p.ID, len(p.Text.Text), p.Title); err != nil {
				return err
			}
		}
		return nil
	}
	prompt, err := o.choose(doc)
	if err != nil {
		return err
	}
	if o.explain {
		return printExplained(w, doc, prompt)
	}
	_, err = io.WriteString(w, printed(prompt))
	return err
}

// printed is a prompt as it is printed.
func printed(p *schema.Prompt) string { return strings.Trim(p.Text.Text, "\n") + "\n" }

// printModes prints a prompt as it is in both modes: what is the same once, and what differs with a mark in front.
func printModes(w io.Writer, interactive, printing *schema.Document, o renderOptions) error {
	a, err := o.choose(interactive)
	if err != nil {
		return err
	}
	b, err := o.choose(printing)
	if err != nil {
		return err
	}
	marks := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "  ", diffmatchpatch.DiffDelete: "- ", diffmatchpatch.DiffInsert: "+ "}
	d := diffmatchpatch.New()
	left, right, lines := d.DiffLinesToRunes(printed(a), printed(b))
	for _, run := range d.DiffCharsToLines(d.DiffMainRunes(left, right, false), lines) {
		for line := range strings.Lines(run.Text) {
			if _, err := io.WriteString(w, marks[run.Type]+line); err != nil {
				return err
			}
		}
	}
	return nil
}
