package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/query"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/queries"
)

// queryCommand runs a user's own query over a program.
func queryCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "query",
		Usage:     "find code by a tree-sitter query, and say what it evaluates to",
		ArgsUsage: "FILE.scm INPUT, or -e PATTERN INPUT",
		Description: "FILE.scm, or -, holds patterns of tree-sitter for its JavaScript grammar, with the predicates #eq?, #not-eq?, #match?,\n" +
			"#not-match?, #any-of? and #not-any-of?. INPUT is what analyze takes. Prints a line of JSON for each match: its module,\n" +
			"and each capture with its place, its text, where a name is defined in whatever module, and with --eval its value:\n" +
			"\"known\" where it is known whole, or what is known of it and why not more. A query is the faster the more its\n" +
			"predicates say: only statements that hold one of their texts are parsed.\n\n" +
			"Exit codes: 0 something matched; 1 nothing did; 2 it could not be done, or the input could not be read whole.\n\n" +
			"Examples:\n" +
			"  bundlens query -e '((identifier) @name (#eq? @name \"fetch\"))' cli.js\n" +
			"  bundlens query fetch-urls.scm cli.js --eval\n" +
			"  bundlens query environment.scm npm:NAME | jq -r '.captures[] | select(.name == \"name\") | .text' | sort -u\n" +
			"  bundlens query registrations.scm cli.js --eval | jq -c '.captures[] | select(.name == \"tool\") | .value'",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "expression", Aliases: []string{"e"}, Usage: "the query is `PATTERN`, and no file"},
			&cli.BoolFlag{Name: "eval", Usage: "evaluate what is captured"},
			assumeFlag(), modeFlag(), platformFlag(), workersFlag(),
		},
		Action: func(c *cli.Context) error {
			args := c.Args().Slice()
			name, text := "-e", c.String("expression")
			if !c.IsSet("expression") {
				if len(args) != 2 {
					return usageError(fmt.Sprintf("query takes a file of patterns and an input, not %d arguments", len(args)), "query")
				}
				var err error
				if name, text, err = readQuery(c.Context, args[0], standardInput(c.Context, c.App.Reader)); err != nil {
					return err
				}
				args = args[1:]
			}
			if len(args) != 1 {
				return usageError(fmt.Sprintf("query -e takes one input, not %d", len(args)), "query")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			q, err := queries.Compile(name, text)
			if err != nil {
				return err
			}
			o := query.Options{Eval: c.Bool("eval"), Assume: engine.assume, Workers: engine.workers}
			return runQuery(c.Context, ui, q, args[0], c.String("platform"), c.App.Reader, o)
		},
	}
}

// readQuery reads a file of patterns; its name is for messages.
func readQuery(ctx context.Context, file string, stdin io.Reader) (name, text string, err error) {
	if file == "-" {
		b, err := io.ReadAll(stdin)
		return "standard input", string(b), err
	}
	b, err := regular.ReadNamed(ctx, file, maxFile)
	return filepath.Base(file), string(b), err
}

// runQuery prints what matches.
func runQuery(ctx context.Context, ui *terminal, q *queries.Query, input, platform string, stdin io.Reader, o query.Options) error {
	in, err := open(ctx, ui, input, platform, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	enc := json.NewEncoder(ui.stdout)
	enc.SetEscapeHTML(false)
	found := 0
	if err := query.Run(ctx, in, q, o, func(m query.Match) error { found++; return enc.Encode(m) }); err != nil {
		return fmt.Errorf("%s: %w", input, err)
	}
	for _, m := range in.Modules {
		if m.Err != nil {
			return &blindError{fmt.Sprintf("%s: module %s could not be read: %v", input, m.Name, m.Err)}
		}
	}
	if found == 0 {
		return &findingsError{input + ": nothing matches"}
	}
	return nil
}
