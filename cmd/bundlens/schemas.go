package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/internal/excerpt"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/export"
	"github.com/bundlens/bundlens/schema/render"
)

// schemasOptions is what the user asked of schemas.
type schemasOptions struct {
	input    string
	names    []string
	sent     bool // only the tools that the model gets in the world
	dir      string
	force    bool
	platform string
	engine   engineOptions
	world    schema.World
	stdin    io.Reader
}

// schemasCommand is the command that gives the input schemas of a program's tools.
func schemasCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "schemas",
		Usage:     "give the JSON Schemas of a program's tools",
		ArgsUsage: "INPUT [NAME...]",
		Description: "INPUT is what analyze takes. Prints one JSON object, the schemas by the names of their tools: of all tools, or of\n" +
			"those that are named. With --sent, only of those that the model gets with these settings. With -o, writes a file\n" +
			"NAME.json for each.\n\n" +
			"Exit codes: 0 there are schemas and everything was read; 1 everything was read, and there is no tool, or not\n" +
			"one that was named; 2 it could not be done, or a part of the input could not be seen.\n\n" +
			"Examples:\n" +
			"  bundlens schemas cli.js\n" +
			"  bundlens schemas cli.js Look Touch\n" +
			"  bundlens schemas cli.js --sent --mode print --assume env.TERN_STRICT=1\n" +
			"  bundlens schemas ./package -o schemas\n" +
			"  bundlens schemas app.exe --schema-io input --refs none\n" +
			"  bundlens schemas cli.js Look | jq -r '.Look.required[]'",
		Flags: append(engineFlags(),
			&cli.BoolFlag{Name: "sent", Usage: "only the tools that the model gets"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write a file for each tool to `DIR`"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		),
		Action: func(c *cli.Context) error {
			o, err := schemasOptionsOf(c)
			if err != nil {
				return err
			}
			return runSchemas(c.Context, ui, o)
		},
	}
}

// schemasOptionsOf reads the command line.
func schemasOptionsOf(c *cli.Context) (schemasOptions, error) {
	if c.NArg() == 0 {
		return schemasOptions{}, usageError("schemas takes an input", "schemas")
	}
	engine, err := engineOptionsOf(c)
	engine.facts = []analyzer.Fact{facts.Tools}
	dir := c.String("output")
	if dir == "-" {
		dir = "" // what is printed without a directory
	}
	world := engine.world()
	return schemasOptions{
		world: world, sent: c.Bool("sent"),
		input: c.Args().First(), names: c.Args().Tail(), dir: dir, force: c.Bool("force"),
		platform: c.String("platform"), stdin: c.App.Reader, engine: engine,
	}, err
}

// runSchemas does what the command says.
func runSchemas(ctx context.Context, ui *terminal, o schemasOptions) error {
	r, err := obtain(ctx, ui, wanted{input: o.input, platform: o.platform, engine: o.engine, stdin: o.stdin, orMore: true, part: &excerpt.Want{Lists: []string{"tools"}}})
	if err != nil {
		return err
	}
	rendered := render.New(r.doc, o.world)
	for i := range r.doc.Tools {
		r.doc.Tools[i].InputSchema = rendered.InputSchema(&r.doc.Tools[i])
	}
	all := r.doc.Tools
	if o.sent {
		all = slices.DeleteFunc(slices.Clone(all), func(t schema.Tool) bool {
			enabled, known := rendered.Answers().Tool(t.Name)
			return !enabled || !known
		})
	}
	tools, missing := named(all, o.names)
	if err := writeSchemas(ui, o, tools); err != nil {
		return err
	}
	for _, t := range tools {
		for _, l := range t.Losses {
			ui.detail("%s: %s: %s: %s", printable(t.Name), l.Path, l.Construct, l.Why)
		}
	}
	if err := r.verdict(o.input); err != nil {
		return err
	}
	if len(missing) > 0 {
		return absent(o.input, missing[0], r.doc.Tools)
	}
	return nil
}

// absent says that there is no such tool, and which one may have been meant.
func absent(input, name string, tools []schema.Tool) error {
	var all []string
	for _, t := range tools {
		all = append(all, t.Name)
	}
	what := fmt.Sprintf("%s: there is no tool %s", input, name)
	if near := nearest(name, all); near != "" {
		what += "; did you mean " + near + "?"
	}
	return &findingsError{what}
}

// named answers the tools of the given names, in the order of the names, or all of them where none is given, and the
// names that no tool has.
func named(tools []schema.Tool, names []string) (found []schema.Tool, missing []string) {
	if len(names) == 0 {
		return tools, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(tools, func(t schema.Tool) bool { return t.Name == name })
		if i < 0 {
			missing = append(missing, name)
			continue
		}
		found = append(found, tools[i])
	}
	return found, missing
}

// writeSchemas prints the schemas, or writes them to the directory that was asked for.
func writeSchemas(ui *terminal, o schemasOptions, tools []schema.Tool) error {
	if o.dir != "" {
		if err := writeDirAtomically(o.dir, o.force, func(tmp string) error { return schemaFiles(tmp, tools) }); err != nil {
			return err
		}
		ui.note("%s written to %s", count(len(tools), "schema"), o.dir)
		return nil
	}
	all := ordered.New()
	for _, t := range tools {
		v, err := parsedSchema(t)
		if err != nil {
			return err
		}
		all.Set(t.Name, v)
	}
	return printJSON(ui.stdout, all)
}

// schemaFiles writes one file for each tool.
func schemaFiles(dir string, tools []schema.Tool) error {
	taken := map[string]bool{}
	for _, t := range tools {
		v, err := parsedSchema(t)
		if err != nil {
			return err
		}
		file, err := os.OpenFile(filepath.Join(dir, export.FileName(t.Name, taken)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		err = printJSON(file, v)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parsedSchema is a tool's input schema with its keys in the order in which they were found. One that is not known is
// the schema that takes anything.
func parsedSchema(t schema.Tool) (any, error) {
	if len(t.InputSchema) == 0 {
		return ordered.New(), nil
	}
	v, err := ordered.Parse(t.InputSchema)
	if err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", t.Name, err)
	}
	return v, nil
}

func printJSON(w io.Writer, v any) error {
	text, err := ordered.MarshalIndent(v, "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
