package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/format"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// formatOptions is what the user asked of format.
type formatOptions struct {
	input, output, platform string
	only                    string
	force, maps             bool
	workers                 int
	stdin                   io.Reader
}

// formatCommand writes a program readably.
func formatCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "format",
		Usage:     "write a program readably, one file for each module that was bundled",
		ArgsUsage: "INPUT",
		Description: "INPUT is what analyze takes. With -o DIR, lazy modules and CommonJS modules of a bundle become files of their own, with\n" +
			"imports between them; with -o FILE.js, or - for standard output, the program's one module stays one file. In place of\n" +
			"minified names stand names made from what the code says and does, which are the same in the next build, so that\n" +
			"'git diff' of two versions shows what changed. Each file has a source map to the input. The result runs as the input\n" +
			"does, where that is an ES module.\n\n" +
			"Exit codes: 0 all is written; 1 there is no such tool; 2 it could not be done, or a part could not be read.\n\n" +
			"Examples:\n" +
			"  bundlens format cli.js -o readable\n" +
			"  bundlens format npm:NAME@1.2.3 -o readable\n" +
			"  bundlens format cli.js -o readable.js\n" +
			"  bundlens format cli.js --only NAME | less",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to the directory `DIR`, or to the file FILE.js", DefaultText: "standard output"},
			&cli.StringFlag{Name: "only", Usage: "write only the files that belong to the tool `NAME`"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
			&cli.BoolFlag{Name: "no-source-map", Usage: "write no source maps"},
			platformFlag(), workersFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError(fmt.Sprintf("format takes one input, not %d", c.NArg()), "format")
			}
			return runFormat(c.Context, ui, formatOptions{
				input: c.Args().First(), output: c.String("output"), platform: c.String("platform"), force: c.Bool("force"), only: c.String("only"),
				maps: !c.Bool("no-source-map"), workers: c.Int("workers"), stdin: c.App.Reader,
			})
		},
	}
}

const gcPercentOfFormat = 100

// runFormat does what the command says.
func runFormat(ctx context.Context, ui *terminal, o formatOptions) error {
	in, err := open(ctx, ui, o.input, o.platform, o.stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	// What was written is garbage, unlike a Document: collecting it late saves no time.
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercentOfFormat))
	opts := format.Options{Workers: o.workers, SourceMaps: o.maps}
	ui.progress("formatting "+o.input, 0, 0)
	if o.only != "" {
		if opts.Only, err = placesOfTool(ctx, in, o); err != nil {
			return err
		}
	}
	var result *format.Result
	if o.output == "" || o.output == "-" || strings.HasSuffix(o.output, ".js") || strings.HasSuffix(o.output, ".mjs") {
		result, err = formatToFile(ctx, ui, in, o.output, opts)
	} else {
		err = writeDirAtomically(o.output, o.force, func(dir string) (err error) {
			result, err = format.Write(ctx, in, opts, func(f format.File) error { return writeFormatted(dir, f) })
			return err
		})
	}
	ui.endProgress()
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	for _, w := range result.Warnings {
		ui.note("%s left as it was: %v", ui.paint(ui.stderr, yellow, "warning:"), w)
	}
	for _, m := range in.Modules {
		if m.Err != nil {
			return &blindError{fmt.Sprintf("%s: module %s could not be read: %v", o.input, m.Name, m.Err)}
		}
	}
	if o.output != "" && o.output != "-" {
		ui.note("%d files written to %s", result.Files, o.output)
	}
	return nil
}

func writeFormatted(dir string, f format.File) error {
	name := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if f.Map != nil {
		if err := os.WriteFile(name+".map", f.Map, 0o666); err != nil {
			return err
		}
	}
	return os.WriteFile(name, f.Code, 0o666)
}

// errSeveral says that a program is no single module.
var errSeveral = errors.New("it has several modules: -o DIR writes a file for each")

// formatToFile writes a program of one module to a file, or to standard output.
func formatToFile(ctx context.Context, ui *terminal, in *source.Input, output string, opts format.Options) (*format.Result, error) {
	opts.OneFile = opts.Only == nil
	if output != "" && output != "-" {
		opts.Path = filepath.Base(output)
	}
	toStdout := output == "" || output == "-"
	opts.SourceMaps = opts.SourceMaps && !toStdout
	var files []format.File
	result, err := format.Write(ctx, in, opts, func(f format.File) error {
		if f.Path == "package.json" {
			return nil
		}
		if files = append(files, f); len(files) > 1 && (opts.OneFile || !toStdout) {
			return errSeveral
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	result.Files = 1
	if toStdout {
		return result, printFormatted(ui.stdout, files)
	}
	return result, writeFormatted(filepath.Dir(output), files[0])
}

// printFormatted prints files one after the other, each of several with its path before it.
func printFormatted(w io.Writer, files []format.File) error {
	for _, f := range files {
		if len(files) > 1 {
			if _, err := fmt.Fprintf(w, "// %s\n", f.Path); err != nil {
				return err
			}
		}
		if _, err := w.Write(f.Code); err != nil {
			return err
		}
	}
	return nil
}

// placesOfTool tells the places where a tool is defined.
func placesOfTool(ctx context.Context, in *source.Input, o formatOptions) (func(module string, start, end int) bool, error) {
	doc, err := analyze(ctx, in, engineOptions{facts: []analyzer.Fact{facts.Tools}, workers: o.workers})
	if err != nil {
		return nil, err
	}
	var places []schema.Origin
	var names []string
	for _, t := range doc.Tools {
		if t.Name == o.only {
			places = append(append(places, t.Origin), t.Origins...)
		}
		names = append(names, t.Name)
	}
	if len(places) == 0 {
		return nil, &findingsError{fmt.Sprintf("%s: there is no tool %q; there is %s", o.input, o.only, orNone(names))}
	}
	return func(module string, start, end int) bool {
		return slices.ContainsFunc(places, func(p schema.Origin) bool { return p.Module == module && p.Start < end && start < p.End })
	}, nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
