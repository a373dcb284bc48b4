package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/export"
)

// exportOptions is what the user asked of export.
type exportOptions struct {
	input    string
	format   export.Format
	tools    export.Options
	output   string
	force    bool
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// exportCommand is the command that writes a program's tools for other programs.
func exportCommand(ui *terminal) *cli.Command {
	var formats strings.Builder
	var names []string
	for _, f := range export.Formats {
		fmt.Fprintf(&formats, "  %-17s %s\n", f.Name, f.Doc)
		names = append(names, f.Name)
	}
	return &cli.Command{
		Name:      "export",
		Usage:     "write a program's tools for other programs: schemas, tool lists, types",
		ArgsUsage: "INPUT|DIR|INTEL",
		Description: "INPUT is what analyze takes, DIR a directory that analyze wrote, INTEL its intel.json.\n\n" +
			"Formats:\n" + formats.String() + "\n" +
			"All tools are exported, or those that the model gets by default (--enabled), or those that are named (--tool).\n" +
			"What is not exact about a tool stands in the output, as a comment or a member that readers skip.\n\n" +
			"Exit codes: 0 tools were exported and everything was read; 1 everything was read, and there is no tool, or not\n" +
			"one that was named; 2 it could not be done, or a part of the input could not be seen.\n\n" +
			"Examples:\n" +
			"  bundlens export --to typescript cli.js > tools.ts\n" +
			"  bundlens export --to json-schema out -o schemas\n" +
			"  bundlens export --to anthropic --enabled out/intel.json\n" +
			"  bundlens export --to zod --tool Look --tool Touch cli.js -o tools.ts\n" +
			"  bundlens export --to jsonl npm:@modelcontextprotocol/server-everything@latest | jq -r .name",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "to", Usage: "the `FORMAT`: " + strings.Join(names, ", ")},
			&cli.BoolFlag{Name: "enabled", Usage: "leave out what the model does not get by default"},
			&cli.StringSliceFlag{Name: "tool", Usage: "export only the tool `NAME`"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, or for json-schema to a directory, a file a tool"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		),
		Action: func(c *cli.Context) error {
			o, err := exportOptionsOf(c)
			if err != nil {
				return err
			}
			return runExport(c.Context, ui, o)
		},
	}
}

// exportOptionsOf reads the command line.
func exportOptionsOf(c *cli.Context) (exportOptions, error) {
	if c.NArg() != 1 {
		return exportOptions{}, usageError(fmt.Sprintf("export takes one input, not %d", c.NArg()), "export")
	}
	if !c.IsSet("to") {
		return exportOptions{}, usageError("export takes --to FORMAT", "export")
	}
	format, err := export.Find(c.String("to"))
	if err != nil {
		return exportOptions{}, usageError(err.Error(), "export")
	}
	engine, err := engineOptionsOf(c)
	return exportOptions{
		input: c.Args().First(), format: format, output: c.String("output"), force: c.Bool("force"),
		tools:    export.Options{Enabled: c.Bool("enabled"), Names: c.StringSlice("tool")},
		platform: c.String("platform"), engine: engine, stdin: c.App.Reader,
	}, err
}

// runExport does what the command says.
func runExport(ctx context.Context, ui *terminal, o exportOptions) error {
	doc, err := documentOf(ctx, ui, o.input, o.platform, o.engine, o.stdin)
	if err != nil {
		return err
	}
	program, err := export.New(doc, o.tools)
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	if err := writeExport(ui, o, program); err != nil {
		return err
	}
	for _, remark := range program.Remarks {
		ui.note("%s %s: %s", ui.paint(ui.stderr, yellow, "warning:"), o.input, remark)
	}
	return exportVerdict(o.input, doc, program)
}

// writeExport writes where the user wants it.
func writeExport(ui *terminal, o exportOptions, p *export.Program) error {
	if o.output == "" {
		text, err := o.format.Write(p)
		if err != nil {
			return err
		}
		_, err = ui.stdout.Write(text)
		return err
	}
	files, err := o.format.Files(p)
	if err != nil {
		return err
	}
	if !o.format.Directory {
		if err := writeFileAtomically(o.output, func(w io.Writer) error { _, err := w.Write(files[0].Text); return err }); err != nil {
			return err
		}
	} else if err := writeDirAtomically(o.output, o.force, func(tmp string) error { return exportFiles(tmp, files) }); err != nil {
		return err
	}
	ui.note("%s written to %s", count(p.Len(), "tool"), o.output)
	return nil
}

func exportFiles(dir string, files []export.File) error {
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// exportVerdict says what an export is worth.
func exportVerdict(input string, doc *schema.Document, p *export.Program) error {
	switch {
	case !doc.Health.Seen():
		return notSeen(input, doc)
	case len(p.Missing) > 0:
		return absent(input, p.Missing[0], doc.Tools)
	case p.Len() == 0:
		return &findingsError{input + ": found nothing: everything was read, and there is no tool to export"}
	}
	return nil
}
