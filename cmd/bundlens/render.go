package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// renderOptions is what the user asked of render.
type renderOptions struct {
	input    string
	id       string
	list     bool
	explain  bool
	modes    bool
	part     string // "" is the system prompt, too
	platform string
	engine   engineOptions
	world    schema.World
	stdin    io.Reader
}

// renderCommand is the command that prints a whole system prompt.
func renderCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "print a system prompt whole, as it is in some configuration",
		ArgsUsage: "INPUT",
		Description: "INPUT is what analyze takes, a directory that it wrote, or an intel.json. Prints the sections that the program joins to its system prompt, in their order, as\n" +
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
			"  bundlens render cli.js --part tools\n" +
			"  bundlens render app.exe --prompt system-prompt-whole-you-are-a-helper",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "prompt", Usage: "print the prompt with this `ID`, not the main one"},
			&cli.StringFlag{Name: "part", Usage: "print a part of what is sent beside what the user says, of context and reminders what nothing rules out in this configuration: `system|context|reminders|tools`", DefaultText: partSystem},
			&cli.BoolFlag{Name: "list", Usage: "list the prompts that there are"},
			&cli.StringSliceFlag{Name: "with", Usage: "take `TOOL` for present"},
			&cli.StringSliceFlag{Name: "without", Usage: "take `TOOL` for absent"},
			&cli.BoolFlag{Name: "explain", Usage: "say above each part where it stands and what it depends on"},
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
			part := c.String("part")
			if part != "" && !slices.Contains(renderParts, part) {
				return usageError(fmt.Sprintf("--part %s: it is one of %s", part, strings.Join(renderParts, ", ")), "render")
			}
			if part != "" && part != partSystem && (c.Bool("modes") || c.Bool("explain") || c.Bool("list") || c.IsSet("prompt")) {
				return usageError("--part goes with --modes, --explain, --list and --prompt for the system prompt alone", "render")
			}
			world := engine.world()
			for _, name := range c.StringSlice("with") {
				world.Set["tool."+name] = "true"
			}
			for _, name := range c.StringSlice("without") {
				world.Set["tool."+name] = "false"
			}
			return runRender(c.Context, ui, renderOptions{
				world: world,
				input: c.Args().First(), id: c.String("prompt"), list: c.Bool("list"), explain: c.Bool("explain"), modes: c.Bool("modes"), part: part,
				platform: c.String("platform"), engine: engine, stdin: c.App.Reader,
			})
		},
	}
}

// runRender does what the command says.
func runRender(ctx context.Context, ui *terminal, o renderOptions) error {
	w := wanted{input: o.input, platform: o.platform, engine: o.engine, stdin: o.stdin, part: o.wanted()}
	r, err := obtain(ctx, ui, w)
	if err != nil {
		return err
	}
	switch {
	case o.modes:
		err = printModes(ui.stdout, r.doc, o)
	case o.part != "" && o.part != partSystem:
		err = printPart(ui.stdout, r.doc, o)
	default:
		err = printPrompt(ui.stdout, r.doc, o)
	}
	if err == nil && !r.doc.ReadWhole() {
		return notSeen(o.input, r.doc)
	}
	return err
}

// choose is the prompt that the user asked for.
func (o renderOptions) choose(prompts []render.Prompt) (*render.Prompt, error) {
	for i := range prompts {
		if o.id == "" || o.id == prompts[i].ID {
			return &prompts[i], nil
		}
	}
	if o.id != "" {
		return nil, &findingsError{fmt.Sprintf("%s: there is no whole prompt %q; --list names them", o.input, o.id)}
	}
	return nil, &findingsError{o.input + ": found nothing: everything was read, and no list of sections is in it"}
}

func printPrompt(w io.Writer, doc *schema.Document, o renderOptions) error {
	prompts := render.New(doc, o.world).Prompts()
	if o.list {
		for _, p := range prompts {
			if _, err := fmt.Fprintf(w, "%s\t%d\t%s\n", p.ID, len(p.Text), p.Title); err != nil {
				return err
			}
		}
		return nil
	}
	prompt, err := o.choose(prompts)
	if err != nil {
		return err
	}
	if o.explain {
		return printExplained(w, doc, prompt)
	}
	_, err = io.WriteString(w, prompt.Text+"\n")
	return err
}

// printModes prints a prompt as it is in both modes: what is the same once, and what differs with a mark in front.
func printModes(w io.Writer, doc *schema.Document, o renderOptions) error {
	var texts []string
	for _, mode := range []string{schema.ModeInteractive, schema.ModePrint} {
		world := o.world
		world.Mode = mode
		p, err := o.choose(render.New(doc, world).Prompts())
		if err != nil {
			return err
		}
		texts = append(texts, p.Text+"\n")
	}
	marks := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "  ", diffmatchpatch.DiffDelete: "- ", diffmatchpatch.DiffInsert: "+ "}
	d := diffmatchpatch.New()
	left, right, lines := d.DiffLinesToRunes(texts[0], texts[1])
	for _, run := range d.DiffCharsToLines(d.DiffMainRunes(left, right, false), lines) {
		for line := range strings.Lines(run.Text) {
			if _, err := io.WriteString(w, marks[run.Type]+line); err != nil {
				return err
			}
		}
	}
	return nil
}
