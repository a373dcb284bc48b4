package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/schema"
)

// renderOptions is what the user asked of render.
type renderOptions struct {
	input    string
	id       string
	list     bool
	explain  bool
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
			"  bundlens render cli.js --list\n" +
			"  bundlens render app.exe --prompt system-prompt-whole-you-are-a-helper",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "prompt", Usage: "print the prompt with this `ID`, not the main one"},
			&cli.BoolFlag{Name: "list", Usage: "list the prompts that there are"},
			&cli.StringSliceFlag{Name: "with", Usage: "take `TOOL` for present"},
			&cli.StringSliceFlag{Name: "without", Usage: "take `TOOL` for absent"},
			&cli.BoolFlag{Name: "explain", Usage: "say above each part where it stands and on what it hangs"},
		),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError(fmt.Sprintf("render takes one input, not %d", c.NArg()), "render")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			return runRender(c.Context, ui, renderOptions{
				input: c.Args().First(), id: c.String("prompt"), list: c.Bool("list"), explain: c.Bool("explain"), with: c.StringSlice("with"),
				without: c.StringSlice("without"), platform: c.String("platform"), engine: engine, stdin: c.App.Reader,
			})
		},
	}
}

// runRender does what the command says: it looks for the tools first, because sections hang on them.
func runRender(ctx context.Context, ui *terminal, o renderOptions) error {
	in, err := open(ctx, ui, o.input, o.platform, o.stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	ui.progress("analysing "+o.input, 0, 0)
	o.engine.facts = []analyzer.Fact{facts.Tools}
	tools, err := analyze(ctx, in, o.engine)
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	o.assumeTools(tools)
	o.engine.facts = []analyzer.Fact{facts.Prompts}
	doc, err := analyze(ctx, in, o.engine)
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	ui.endProgress()
	if err := printPrompt(ui.stdout, doc, o); err != nil {
		return err
	}
	if !doc.Health.Complete {
		return &blindError{o.input + ": could not see everything: the input could not be read to the end"}
	}
	return nil
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

func printPrompt(w io.Writer, doc *schema.Document, o renderOptions) error {
	prompt := (*schema.Prompt)(nil)
	for i := range doc.Prompts {
		p := &doc.Prompts[i]
		if p.Kind != schema.KindAssembly {
			continue
		}
		if o.list {
			if _, err := fmt.Fprintf(w, "%s\t%d\t%s\n", p.ID, len(p.Text.Text), p.Title); err != nil {
				return err
			}
			continue
		}
		if o.id == p.ID || o.id == "" && prompt == nil { // the main one stands first
			prompt = p
		}
	}
	switch {
	case o.list:
		return nil
	case prompt == nil && o.id != "":
		return &findingsError{fmt.Sprintf("%s: there is no whole prompt %q; --list names them", o.input, o.id)}
	case prompt == nil:
		return &findingsError{o.input + ": found nothing: everything was read, and no list of sections is in it"}
	case !o.explain:
		_, err := io.WriteString(w, strings.TrimRight(prompt.Text.Text, "\n")+"\n")
		return err
	}
	return printExplained(w, doc, prompt)
}

// printExplained prints a prompt with a remark above each run of lines that one record holds.
func printExplained(w io.Writer, doc *schema.Document, prompt *schema.Prompt) error {
	last := ""
	for line := range strings.Lines(strings.TrimRight(prompt.Text.Text, "\n") + "\n") {
		if p := holder(doc, line); p != nil && p.ID != last {
			last = p.ID
			remark := fmt.Sprintf("<!-- %s: %s, bytes %d to %d", p.ID, p.Origin.Module, p.Origin.Start, p.Origin.End)
			if len(p.Guards) > 0 {
				remark += "; when " + strings.Join(p.Guards, " && ")
			}
			if _, err := fmt.Fprintln(w, remark+" -->"); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

// holder is the smallest record that holds a line.
func holder(doc *schema.Document, line string) *schema.Prompt {
	line = strings.TrimSpace(line)
	if len(line) < 4 {
		return nil
	}
	var best *schema.Prompt
	for i := range doc.Prompts {
		p := &doc.Prompts[i]
		if p.Kind != schema.KindAssembly && strings.Contains(p.Text.Text, line) && (best == nil || len(p.Text.Text) < len(best.Text.Text)) {
			best = p
		}
	}
	return best
}
