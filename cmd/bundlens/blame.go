package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
	"github.com/bundlens/bundlens/schema/history"
)

// blameCommand is the command that says when the lines of a text came.
func blameCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "blame",
		Usage:     "say of each line of a text in which version it came",
		ArgsUsage: "HISTORY KIND/NAME [TEXT]",
		Description: "HISTORY is a directory that history wrote, and KIND/NAME a record of its index.json, such as tools/Read or the id of a\n" +
			"prompt, under any name that it had. The text is that of the default world in the newest version that has it. With TEXT\n" +
			"only the lines that hold it are printed.\n\n" +
			"Exit codes: 0 lines were printed; 1 there is no such record, or no such line; 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens blame history tools/echo\n" +
			"  bundlens blame history prompts/system-prompt-tone 'Be brief'",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action: func(c *cli.Context) error {
			if c.NArg() < 2 || c.NArg() > 3 {
				return usageError("blame takes a history, a record and perhaps a text", "blame")
			}
			kind, name, ok := strings.Cut(c.Args().Get(1), "/")
			if !ok || !slices.Contains(diff.Kinds, kind) {
				return usageError(fmt.Sprintf("a record is KIND/NAME, its kind one of %s, not %q", strings.Join(diff.Kinds, ", "), c.Args().Get(1)), "blame")
			}
			return runBlame(c.Context, ui, c.Args().First(), kind, name, c.Args().Get(2), c.Bool("json"))
		},
	}
}

// runBlame does what the command says.
func runBlame(ctx context.Context, ui *terminal, dir, kind, name, text string, asJSON bool) error {
	lines, err := history.Blame(ctx, dir, kind, name)
	switch {
	case errors.Is(err, history.ErrNoRecord):
		return &findingsError{err.Error()}
	case err != nil:
		return err
	}
	lines = slices.DeleteFunc(lines, func(l history.Line) bool { return !strings.Contains(l.Text, text) })
	if len(lines) == 0 {
		return &findingsError{fmt.Sprintf("%s/%s: no line holds %q", kind, name, text)}
	}
	if asJSON {
		return schema.Encode(ui.stdout, lines)
	}
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Since))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(ui.stdout, "%-*s  %s\n", width, l.Since, printable(l.Text)); err != nil {
			return err
		}
	}
	return nil
}
