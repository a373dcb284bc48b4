package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

// historyOptions is what the user asked of history.
type historyOptions struct {
	name     string
	from, to string
	limit    int
	dir      string
	force    bool
	parallel int
	platform string
	engine   engineOptions
}

// historyCommand is the command that follows a program over its versions.
func historyCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "analyse a range of versions and say what changed from one to the next",
		ArgsUsage: "npm:NAME",
		Description: "Writes versions/VERSION with the reports of each, diffs/A_to_B.md, index.json with the lifetime of every record, and\n" +
			"CHANGELOG.md. What is there already is kept, so that a run that was ended can be gone on with, and a later one takes\n" +
			"only the new versions. Pre-releases are left out unless --from or --to is one.\n\n" +
			"Exit codes: 0 every version was analysed; 2 one or more could not be; the others are written all the same.\n\n" +
			"Examples:\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --limit 10 -o history\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --from 2025.3.19 --to 2025.8.4 -o history",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "from", Usage: "the first `VERSION`"},
			&cli.StringFlag{Name: "to", Usage: "the last `VERSION`"},
			&cli.IntFlag{Name: "limit", Usage: "the newest `N` versions of the range"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the history to `DIR`"},
			&cli.IntFlag{Name: "parallel", Value: 2, Usage: "fetch `N` versions at once", DefaultText: "2"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		),
		Action: func(c *cli.Context) error {
			o, err := historyOptionsOf(c)
			if err != nil {
				return err
			}
			return runHistory(c.Context, ui, o)
		},
	}
}

// historyOptionsOf reads the command line.
func historyOptionsOf(c *cli.Context) (historyOptions, error) {
	o := historyOptions{from: c.String("from"), to: c.String("to"), limit: c.Int("limit"), dir: c.String("output"), force: c.Bool("force"),
		parallel: c.Int("parallel"), platform: c.String("platform")}
	wrong := func(format string, args ...any) (historyOptions, error) {
		return o, usageError(fmt.Sprintf(format, args...), "history")
	}
	if c.NArg() != 1 {
		return wrong("history takes one program, not %d", c.NArg())
	}
	name, isNPM := strings.CutPrefix(c.Args().First(), "npm:")
	switch {
	case !isNPM || name == "" || strings.LastIndexByte(name, '@') > 0 || strings.HasPrefix(name, "-"):
		return wrong("history takes npm:NAME, without a version, not %q", c.Args().First())
	case o.dir == "":
		return wrong("history needs -o DIR")
	case o.limit < 0:
		return wrong("--limit takes a number from 1 on, not %d", o.limit)
	case o.parallel < 1:
		return wrong("--parallel takes a number from 1 on, not %d", o.parallel)
	}
	if err := asDirectory(o.dir, "history"); err != nil {
		return o, err
	}
	o.name = name
	var err error
	o.engine, err = engineOptionsOf(c)
	return o, err
}

// historyMemory is how much memory the collector lets the program have before it works harder.
const historyMemory = 400 << 20

// runHistory does what the command says.
func runHistory(ctx context.Context, ui *terminal, o historyOptions) error {
	debug.SetMemoryLimit(historyMemory)
	if err := ui.mayFetch("the list of versions of npm:" + o.name); err != nil {
		return err
	}
	all, err := source.Versions(ctx, o.name)
	if err != nil {
		return err
	}
	versions := history.Range(all, o.from, o.to, o.limit)
	if len(versions) == 0 {
		return fmt.Errorf("npm:%s: none of its %s is in the range", o.name, count(len(all), "version"))
	}
	key, err := engineKey(o)
	if err != nil {
		return err
	}
	ui.steps("versions", 0, len(versions))
	summary, err := history.Run(ctx, o.dir, history.Plan{
		Package: o.name, Versions: versions, Engine: key, Parallel: o.parallel,
		Fetch: func(ctx context.Context, version string) error {
			in, err := source.Open(ctx, o.spec(version), ui.sourceOptions(o.platform))
			if err != nil {
				return err
			}
			return in.Close()
		},
		Analyze: func(ctx context.Context, version string) (*schema.Document, error) {
			return historyAnalyze(ctx, ui, o, version)
		},
		Report: func(s history.Step) { reportStep(ui, s) },
	}, o.force)
	if err != nil {
		return err
	}
	ui.note("%s written to %s, %d of them kept from before", count(len(summary.Versions), "version"), o.dir, summary.Kept)
	if n := len(summary.Failures); n > 0 {
		var names []string
		for _, f := range summary.Failures {
			names = append(names, f.Version)
		}
		return &blindError{fmt.Sprintf("%s could not be analysed: %s", count(n, "version"), strings.Join(names, ", "))}
	}
	return nil
}

func (o historyOptions) spec(version string) string { return "npm:" + o.name + "@" + version }

// historyAnalyze analyses one version and gives its memory back. One in which nothing was found is a failure: an empty
// version between two others would look like a program that lost all its tools.
func historyAnalyze(ctx context.Context, ui *terminal, o historyOptions, version string) (*schema.Document, error) {
	defer debug.FreeOSMemory()
	in, err := source.Open(ctx, o.spec(version), ui.sourceOptions(o.platform))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	doc, err := analyze(ctx, in, o.engine)
	if err != nil {
		return nil, err
	}
	if len(doc.Tools) == 0 {
		return nil, verdict(o.spec(version), in, doc)
	}
	return doc, nil
}

// reportStep says in a line what became of a version, and shows on a terminal how far it is.
func reportStep(ui *terminal, s history.Step) {
	what := count(s.Tools, "tool")
	switch {
	case s.Err != nil:
		what = ui.paint(ui.stderr, red, "failed:") + " " + describe(s.Err)
	case s.Kept:
		what += ", kept"
	}
	ui.note("[%d/%d] %s: %s", s.Done, s.Total, s.Version, what)
	ui.steps("versions", s.Done, s.Total)
}

// engineKey stands for all that decides on what is found: the program's version, or its own bytes where it was built
// from a checkout, and the options.
func engineKey(o historyOptions) (string, error) {
	h := sha256.New()
	v := version()
	if v == "(devel)" || v == "unknown" || strings.Contains(v, "dirty") {
		if err := hashSelf(h); err != nil {
			return "", err
		}
	}
	fmt.Fprintln(h, v, runtime.Version(), schema.Version, o.engine.schemaIO, o.engine.refs, o.platform, o.engine.vocabulary)
	for _, k := range slices.Sorted(maps.Keys(o.engine.assume)) {
		fmt.Fprintf(h, "%q=%q\n", k, o.engine.assume[k])
	}
	return v + "+" + hex.EncodeToString(h.Sum(nil)[:8]), nil
}

func hashSelf(w io.Writer) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	self, _, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer self.Close()
	_, err = io.Copy(w, self)
	return err
}
