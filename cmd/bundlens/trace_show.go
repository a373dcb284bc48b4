package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/trace"
)

// capturesRead says what captures may be.
const capturesRead = "DIR holds captures, as files or below; a file may be named, too. Besides those of this program it reads those of\n" +
	"claude-trace, claude-tap and cctrace (.json, .jsonl, also with .gz or .zst).\n\n" +
	"Exit codes: 0 everything was read; 1 there is no request to a model; 2 it could not be done, or a part could not be\n" +
	"seen, which is said.\n\n"

// traceShowCommand lists captures.
func traceShowCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "list what captures hold: tools, system blocks, reminders, streams",
		ArgsUsage: "DIR...",
		Description: capturesRead +
			"Examples:\n" +
			"  bundlens trace show captures\n" +
			"  bundlens trace show captures --json | jq '.tools[].name'",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print it all as JSON, with the texts"},
			pathsFlag(), maxRecordFlag(),
		},
		Action: func(c *cli.Context) error {
			set, err := collect(c, "trace show")
			if err != nil {
				return err
			}
			if err := showSet(ui.stdout, set, c.Bool("json")); err != nil {
				return err
			}
			return sight(strings.Join(c.Args().Slice(), " "), set)
		},
	}
}

// collect reads the captures that the command names.
func collect(c *cli.Context, command string) (*trace.Set, error) {
	if c.NArg() == 0 {
		return nil, usageError(command+" takes a directory", command)
	}
	return trace.Collect(c.Context, c.Args().Slice(), readOptions(c))
}

func showSet(w io.Writer, set *trace.Set, asJSON bool) error {
	if asJSON {
		return schema.Encode(w, set)
	}
	return set.WriteText(w)
}

// sight is the error that says that not all could be seen, or that there was nothing.
func sight(what string, set *trace.Set) error {
	if set.Blind() {
		n := 0
		first := ""
		for _, f := range set.Findings {
			if f.Severity == trace.SeverityError {
				if n++; n == 1 {
					first = f.String()
				}
			}
		}
		return &blindError{fmt.Sprintf("%s: could not see everything: %s (%s)", what, count(n, "finding"), first)}
	}
	if len(set.Requests) == 0 {
		return &findingsError{what + ": everything was read, and there is no request to a model"}
	}
	return nil
}

// traceSchemasCommand writes the reference of parameters.
func traceSchemasCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "schemas",
		Usage:     "write the parameter reference of the tools that were sent",
		ArgsUsage: "DIR...",
		Description: capturesRead +
			"With --intel, lists the tools that an analysis knows and no request showed, with the condition of each.\n\n" +
			"Examples:\n" +
			"  bundlens trace schemas captures > parameters.md\n" +
			"  bundlens trace schemas captures --intel out -o parameters.md\n" +
			"  bundlens trace schemas captures --json | jq '.tools[] | .name, .parameters[].path'",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "intel", Usage: "compare with an analysis: an intel.json, or a `DIR` that analyze wrote"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`"},
			&cli.BoolFlag{Name: "json", Usage: "write JSON instead of Markdown"},
			pathsFlag(), maxRecordFlag(),
		},
		Action: func(c *cli.Context) error {
			set, err := collect(c, "trace schemas")
			if err != nil {
				return err
			}
			ref, err := reference(set, c.String("intel"))
			if err != nil {
				return err
			}
			if err := writeReference(ui, ref, c.String("output"), c.Bool("json")); err != nil {
				return err
			}
			return sight(strings.Join(c.Args().Slice(), " "), set)
		},
	}
}

func reference(set *trace.Set, intel string) (*trace.Reference, error) {
	if intel == "" {
		return trace.NewReference(set, nil)
	}
	doc, err := readDocument(intel)
	if err != nil {
		return nil, err
	}
	return trace.NewReference(set, doc)
}

// writeReference prints it, or puts it into a file that is whole or not there.
func writeReference(ui *terminal, ref *trace.Reference, path string, asJSON bool) error {
	write := ref.WriteMarkdown
	if asJSON {
		write = func(w io.Writer) error { return schema.Encode(w, ref) }
	}
	if path == "" || path == "-" {
		return write(ui.stdout)
	}
	return writeFileAtomically(path, write)
}

// writeFileAtomically writes a file beside its place and moves it there when it is whole.
func writeFileAtomically(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bundlens-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := write(tmp); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
