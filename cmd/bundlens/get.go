package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/pretty"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
)

// getOptions is what the user asked of get.
type getOptions struct {
	paths    []string
	input    string
	raw      bool
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// getCommand is the command that prints a part of what was found.
func getCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "get",
		Usage:     "print parts of what was found, by their paths",
		ArgsUsage: "PATH... INPUT|DIR|INTEL",
		Description: "PATH is one of gjson's syntax (https://github.com/tidwall/gjson/blob/master/SYNTAX.md) into the document that\n" +
			"analyze -o writes as intel.json. INPUT is what analyze takes, DIR a directory that analyze wrote, INTEL its\n" +
			"intel.json. Prints JSON, a value after the other; with --raw, texts as they are and everything else on a line.\n\n" +
			"Exit codes: 0 all paths lead somewhere; 1 one leads to nothing; 2 it could not be done, or a part of the input\n" +
			"could not be seen.\n\n" +
			"Examples:\n" +
			"  bundlens get source.version --raw cli.js\n" +
			"  bundlens get 'tools.#.name' out\n" +
			"  bundlens get 'tools.#(name==\"Look\").inputSchema.properties' out/intel.json\n" +
			"  bundlens get --raw 'tools.#(name==\"Look\").description.text' 'health.complete' out\n" +
			"  bundlens get 'tools.#(enabled==true)#.name' --facts tools cli.js",
		Flags: append(engineFlags(),
			&cli.BoolFlag{Name: "raw", Aliases: []string{"r"}, Usage: "print texts as they are, without quotes"},
		),
		Action: func(c *cli.Context) error {
			o, err := getOptionsOf(c)
			if err != nil {
				return err
			}
			return runGet(c.Context, ui, o)
		},
	}
}

// getOptionsOf reads the command line.
func getOptionsOf(c *cli.Context) (getOptions, error) {
	if c.NArg() < 2 {
		return getOptions{}, usageError(fmt.Sprintf("get takes one path or more and an input, not %d arguments", c.NArg()), "get")
	}
	engine, err := engineOptionsOf(c)
	args := c.Args().Slice()
	return getOptions{
		paths: args[:len(args)-1], input: args[len(args)-1], raw: c.Bool("raw"), platform: c.String("platform"), engine: engine, stdin: c.App.Reader,
	}, err
}

// runGet prints what the paths lead to. Nothing is printed where one leads to nothing, so that values and paths can't
// be taken for one another's.
func runGet(ctx context.Context, ui *terminal, o getOptions) error {
	doc, err := documentOf(ctx, ui, o.input, o.platform, o.engine, o.stdin)
	if err != nil {
		return err
	}
	var encoded bytes.Buffer
	if err := schema.EncodeWhole(&encoded, doc); err != nil {
		return err
	}
	var out bytes.Buffer
	for _, path := range o.paths {
		value := gjson.GetBytes(encoded.Bytes(), path)
		if !value.Exists() {
			return &findingsError{fmt.Sprintf("%s: %s", o.input, leadsNowhere(encoded.Bytes(), path))}
		}
		writeValue(&out, value, o.raw)
	}
	if _, err := ui.stdout.Write(out.Bytes()); err != nil {
		return err
	}
	if !doc.Health.Seen() {
		return notSeen(o.input, doc)
	}
	return nil
}

// writeValue writes a value and a line break.
func writeValue(b *bytes.Buffer, v gjson.Result, raw bool) {
	switch {
	case raw && v.Type == gjson.String:
		b.WriteString(v.String())
	case raw:
		b.Write(pretty.Ugly([]byte(v.Raw)))
	default:
		b.Write(bytes.TrimRight(pretty.PrettyOptions([]byte(v.Raw), &pretty.Options{Indent: "  "}), "\n"))
	}
	b.WriteByte('\n')
}

// leadsNowhere says how far a path leads, and what is there in place of its next step.
func leadsNowhere(doc []byte, path string) string {
	at, here := "", gjson.ParseBytes(doc)
	for _, end := range pathEnds(path) {
		value := gjson.GetBytes(doc, path[:end])
		if end == len(path) || !value.Exists() {
			next := strings.TrimLeft(path[len(at):end], ".|")
			return fmt.Sprintf("the path %s leads to nothing: %s", path, nextSteps(at, here, next))
		}
		at, here = path[:end], value
	}
	return fmt.Sprintf("the path %q leads to nothing", path)
}

// pathEnds are where the steps of a path end: before a dot or bar that is not escaped and in no bracket or text.
func pathEnds(path string) (ends []int) {
	depth, quoted := 0, false
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth == 0 && (c == '.' || c == '|') && i > 0:
			ends = append(ends, i)
		}
	}
	return append(ends, len(path))
}

// maxSteps is how many steps are offered.
const maxSteps = 12

// nextSteps says what may follow at the place where a path ended, the likely ones first.
func nextSteps(at string, here gjson.Result, next string) string {
	place := "the document"
	if at != "" {
		place = at
	}
	switch {
	case here.IsArray():
		return fmt.Sprintf("%s is a list of %s, and %s is in none", place, count(len(here.Array()), "element"), next)
	case !here.IsObject():
		return fmt.Sprintf("%s is %s, in which there is no %s", place, here.Type, next)
	}
	var keys []string
	here.ForEach(func(key, _ gjson.Result) bool {
		keys = append(keys, key.String())
		return true
	})
	what := fmt.Sprintf("%s has no %s", place, next)
	prefix := ""
	if at != "" {
		prefix = at + "."
	}
	if near := nearest(next, keys); near != "" {
		return fmt.Sprintf("%s; did you mean %s%s?", what, prefix, gjson.Escape(near))
	}
	if len(keys) == 0 {
		return what + ": it is empty"
	}
	slices.Sort(keys)
	more := ""
	if len(keys) > maxSteps {
		keys, more = keys[:maxSteps], ", ..."
	}
	return fmt.Sprintf("%s; it has %s%s", what, printable(strings.Join(keys, ", ")), more)
}
