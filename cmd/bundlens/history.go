package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

// historyOptions is what the user asked of history.
type historyOptions struct {
	program  string   // npm:NAME or channel:URL; empty where the user named inputs
	inputs   []string // in their order, where the user named several
	versions []string
	choose   history.Selection
	shard    int // of shards, counted from 1; 0 for all
	shards   int
	dir      string
	force    bool
	dryRun   bool
	parallel int
	analyses int
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// historyCommand is the command that follows a program over its versions.
func historyCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "analyse a range of versions and say what changed from one to the next",
		ArgsUsage: "npm:NAME | channel:URL | INPUT INPUT... | merge DIR...",
		Description: "Writes versions/VERSION with the reports of each, diffs/A_to_B.md, index.json with the lifetime of every record, and\n" +
			"CHANGELOG.md. What is there already is kept, so that a run that was ended can be gone on with, and a later one takes\n" +
			"only the new versions. Pre-releases are left out unless --from or --to is one. Several inputs of any kind are versions in\n" +
			"the order in which they stand; LABEL=INPUT says what one is called. With --platform A,B each platform has a history of its\n" +
			"own below DIR. merge puts parts together that --shard made, with the same options. A record that was renamed or reworded is one record; blame says in which version a line of it came.\n\n" +
			"Exit codes: 0 every version was analysed; 2 one or more could not be; the others are written all the same.\n\n" +
			"Examples:\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --limit 10 -o history\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --from 2025.3.19 --to 2025.8.4 -o history\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --every minor --since 2025-06-01 --dry-run\n" +
			"  bundlens history npm:@modelcontextprotocol/server-everything --shard 1/2 -o part1\n" +
			"  bundlens history merge part1 part2 -o history\n" +
			"  bundlens history old=cli.js new=app.exe -o history",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "from", Usage: "the first `VERSION`"},
			&cli.StringFlag{Name: "to", Usage: "the last `VERSION`"},
			&cli.StringFlag{Name: "versions", Usage: "these versions: `A,B,C`"},
			&cli.StringFlag{Name: "every", Usage: "the last version of each `major|minor|patch`", DefaultText: "all versions"},
			&cli.StringFlag{Name: "since", Usage: "what came on `DATE`, such as 2025-06-01, or later"},
			&cli.IntFlag{Name: "limit", Usage: "the newest `N` versions of what is left"},
			&cli.StringFlag{Name: "shard", Usage: "the `N/OF` part of the versions, to be merged with the others"},
			&cli.BoolFlag{Name: "dry-run", Usage: "say which versions these are, and analyse none"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the history to `DIR`"},
			&cli.IntFlag{Name: "parallel", Value: 2, Usage: "fetch `N` versions at once", DefaultText: "2"},
			&cli.IntFlag{Name: "analyses", Value: 1, Usage: "analyse `N` versions at once, which share --max-memory", DefaultText: "1"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		),
		Action: func(c *cli.Context) error {
			if c.Args().First() == "merge" {
				return mergeHistories(c.Context, ui, c.Args().Tail(), c.String("output"), c.Bool("force"))
			}
			o, err := historyOptionsOf(c)
			if err != nil {
				return err
			}
			return runHistories(c.Context, ui, o)
		},
	}
}

// historyOptionsOf reads the command line.
func historyOptionsOf(c *cli.Context) (historyOptions, error) {
	o := historyOptions{dir: c.String("output"), force: c.Bool("force"), dryRun: c.Bool("dry-run"), parallel: c.Int("parallel"), analyses: c.Int("analyses"),
		platform: c.String("platform"), stdin: c.App.Reader,
		choose: history.Selection{From: c.String("from"), To: c.String("to"), Every: c.String("every"), Limit: c.Int("limit")}}
	wrong := func(format string, args ...any) (historyOptions, error) {
		return o, usageError(fmt.Sprintf(format, args...), "history")
	}
	if v := c.String("versions"); v != "" {
		o.versions = strings.Split(v, ",")
	}
	if shard := c.String("shard"); shard != "" {
		n, of, _ := strings.Cut(shard, "/")
		o.shard, _ = strconv.Atoi(n)
		if o.shards, _ = strconv.Atoi(of); o.shard < 1 || o.shard > o.shards {
			return wrong("--shard takes N/OF, such as 1/4, not %q", shard)
		}
	}
	if since := c.String("since"); since != "" {
		var err error
		if o.choose.Since, err = time.Parse(time.DateOnly, since); err != nil {
			return wrong("--since takes a date such as 2025-06-01, not %q", since)
		}
	}
	_, noSeries := o.choose.Of(nil)
	switch {
	case noSeries != nil:
		return wrong("--every takes major, minor or patch, not %q", o.choose.Every)
	case o.dir == "" && !o.dryRun:
		return wrong("history needs -o DIR")
	case o.choose.Limit < 0:
		return wrong("--limit takes a number from 1 on, not %d", o.choose.Limit)
	case o.parallel < 1 || o.analyses < 1:
		return wrong("--parallel and --analyses take a number from 1 on")
	}
	if err := o.takePrograms(c.Args().Slice()); err != nil {
		return o, err
	}
	if o.dir != "" {
		if err := asDirectory(o.dir, "history"); err != nil {
			return o, err
		}
	}
	var err error
	o.engine, err = engineOptionsOf(c)
	o.engine.memory /= int64(o.analyses)
	return o, err
}

// takePrograms takes the arguments: a program with many versions, or versions.
func (o *historyOptions) takePrograms(args []string) error {
	wrong := func(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...), "history") }
	selects := o.versions != nil || o.choose != (history.Selection{})
	switch {
	case len(args) == 0:
		return wrong("history takes a program, or versions of one")
	case len(args) > 1 && selects:
		return wrong("--from, --to, --versions, --every, --since and --limit are for one program with many versions")
	case len(args) > 1:
		o.inputs = args
		return nil
	}
	o.program = args[0]
	name, isNPM := strings.CutPrefix(o.program, "npm:")
	isChannel := strings.HasPrefix(o.program, "channel:")
	switch {
	case isNPM && (name == "" || strings.LastIndexByte(name, '@') > 0 || strings.HasPrefix(name, "-")):
		return wrong("history takes npm:NAME, without a version, not %q", o.program)
	case isChannel && o.versions == nil:
		return wrong("a channel has no list of its versions: --versions names them")
	case !isNPM && !isChannel:
		return wrong("history takes npm:NAME, a channel, or several inputs, not %q alone", o.program)
	}
	return nil
}

// historyMemory is how much memory the collector lets the program have before it works harder.
const historyMemory = 400 << 20

// runHistories makes a history for each platform.
func runHistories(ctx context.Context, ui *terminal, o historyOptions) error {
	platforms := strings.Split(o.platform, ",")
	if len(platforms) == 1 {
		return runHistory(ctx, ui, o)
	}
	var failed []error
	for _, platform := range platforms {
		one := o
		one.platform = platform
		if o.dir != "" {
			one.dir = filepath.Join(o.dir, platform)
		}
		ui.note("%s:", platform)
		if err := runHistory(ctx, ui, one); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", platform, err))
		}
	}
	return errors.Join(failed...)
}

// runHistory does what the command says.
func runHistory(ctx context.Context, ui *terminal, o historyOptions) error {
	debug.SetMemoryLimit(historyMemory * int64(o.analyses))
	specs, versions, err := o.specs(ctx, ui)
	if err != nil {
		return err
	}
	if o.shards > 0 {
		versions = history.Shard(versions, o.shard, o.shards)
	}
	if o.dryRun {
		for _, v := range versions {
			fmt.Fprintf(ui.stdout, "%s\t%s\n", v, specs[v])
		}
		return nil
	}
	key, err := engineKey(o)
	if err != nil {
		return err
	}
	ui.steps("versions", 0, len(versions))
	summary, err := history.Run(ctx, o.dir, history.Plan{
		Package: o.name(), Versions: versions, Ordered: len(o.inputs) > 0, Engine: key, Parallel: o.parallel, Analyses: o.analyses,
		Fetch: func(ctx context.Context, version string) error {
			in, err := source.Open(ctx, specs[version], ui.sourceOptions(o.platform))
			if err != nil {
				return err
			}
			return in.Close()
		},
		Analyze: func(ctx context.Context, version string) (*schema.Document, error) {
			return historyAnalyze(ctx, ui, o, specs[version])
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

// name is the name of the program; that of the first input where the user named several.
func (o *historyOptions) name() string {
	if len(o.inputs) > 0 {
		_, spec := labelled(o.inputs[0])
		return spec
	}
	return strings.TrimPrefix(o.program, "npm:")
}

// labelled divides LABEL=INPUT. What has no label is called by its base name.
func labelled(input string) (label, spec string) {
	if label, spec, ok := strings.Cut(input, "="); ok && label != "" && !strings.ContainsAny(label, "/:") {
		return label, spec
	}
	return filepath.Base(input), input
}

// specs are the versions to look at, in order, and what each is as an input.
func (o *historyOptions) specs(ctx context.Context, ui *terminal) (specs map[string]string, versions []string, err error) {
	specs = map[string]string{}
	for _, input := range o.inputs {
		label, spec := labelled(input)
		if specs[label] != "" {
			return nil, nil, usageError(fmt.Sprintf("two versions are called %q: LABEL=INPUT names them", label), "history")
		}
		specs[label], versions = spec, append(versions, label)
	}
	if o.inputs != nil {
		return specs, versions, nil
	}
	if versions = o.versions; versions == nil {
		if versions, err = o.published(ctx, ui); err != nil {
			return nil, nil, err
		}
	}
	for _, v := range versions {
		specs[v] = o.program + "@" + v
	}
	return specs, versions, nil
}

// published are the versions of a package in the registry that are to be looked at.
func (o *historyOptions) published(ctx context.Context, ui *terminal) ([]string, error) {
	if err := ui.mayFetch("the list of versions of " + o.program); err != nil {
		return nil, err
	}
	all, err := source.Versions(ctx, o.name())
	if err != nil {
		return nil, err
	}
	var times map[string]time.Time
	if !o.choose.Since.IsZero() {
		if times, err = source.Published(ctx, o.name()); err != nil {
			return nil, err
		}
	}
	var releases []history.Release
	for _, v := range all {
		releases = append(releases, history.Release{Version: v, Time: times[v]})
	}
	versions, err := o.choose.Of(releases)
	if err == nil && len(versions) == 0 {
		err = fmt.Errorf("%s: none of its %s is in the range", o.program, count(len(all), "version"))
	}
	return versions, err
}

// historyAnalyze analyses one version and gives its memory back. One that could not be seen, and in which nothing was found,
// is a failure: between two others it would look like a program that lost all its tools. One that was seen and has none is not.
func historyAnalyze(ctx context.Context, ui *terminal, o historyOptions, spec string) (*schema.Document, error) {
	defer debug.FreeOSMemory()
	r, err := obtain(ctx, ui, wanted{input: spec, platform: o.platform, engine: o.engine, stdin: o.stdin})
	if err != nil {
		return nil, err
	}
	var none *findingsError
	if err := r.verdict(spec); len(r.doc.Tools) == 0 && !errors.As(err, &none) {
		return nil, err
	}
	return r.doc, nil
}

// mergeHistories puts the parts together that shards made.
func mergeHistories(ctx context.Context, ui *terminal, parts []string, dir string, force bool) error {
	if len(parts) == 0 || dir == "" {
		return usageError("history merge takes histories and -o DIR", "history")
	}
	summary, err := history.Merge(ctx, dir, parts, force)
	if err != nil {
		return err
	}
	ui.note("%s written to %s", count(len(summary.Versions), "version"), dir)
	return nil
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
