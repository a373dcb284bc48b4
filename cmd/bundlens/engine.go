package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// engineOptions are the options that the analysis itself takes.
type engineOptions struct {
	assume   map[string]string
	workers  int
	schemaIO string
	// vocabulary are a user's entries, as text; empty without any.
	vocabulary string
	refs       string
	facts      []analyzer.Fact
	timeout    time.Duration
	memory     int64                              // in bytes
	took       func(step string, d time.Duration) // nil, or told how long each step took
	noCache    bool
	given      []string // flags that only an analysis can take into account
}

// engineFlags are the flags of every command that analyses an input.
func engineFlags() []cli.Flag {
	return []cli.Flag{
		assumeFlag(),
		modeFlag(),
		platformFlag(),
		&cli.StringSliceFlag{Name: "facts", Usage: "look for these `FACTS`: " + strings.Join(factNames(), ",") + ", or all; may be repeated", DefaultText: "all"},
		workersFlag(),
		&cli.DurationFlag{Name: "timeout", Value: analyzer.DefaultTimeout, Usage: "give up what takes longer than `TIME`, and say what that is; 0 is never"},
		&cli.IntFlag{Name: "max-memory", Value: analyzer.DefaultMaxMemory >> 20, Usage: "give up what takes more than about `MIB` of memory, and say what that is; 0 is without a limit"},
		&cli.StringFlag{Name: "schema-io", Usage: "the side of a transforming schema: `input|output`", DefaultText: "the program's own"},
		&cli.StringFlag{Name: "vocabulary", Usage: "know also the members and methods that `FILE` names, by which programs give a model something", TakesFile: true},
		&cli.BoolFlag{Name: "no-cache", Usage: "analyse it even where the same was analysed before, and keep nothing"},
		&cli.StringFlag{Name: "refs", Usage: "repeat a part of a schema that is used twice, or refer to it: `none|root`", DefaultText: "the program's own"},
	}
}

func assumeFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "assume", Usage: "take an environment variable or a feature flag for set, env.NAME or flag.KEY to say which: `KEY=VALUE`"}
}

func modeFlag() cli.Flag {
	return &cli.StringFlag{Name: "mode", Usage: "take the program for run in a terminal, or to print one result and end: `interactive|print`", DefaultText: "interactive, with what print changes as variants"}
}

func platformFlag() cli.Flag {
	return &cli.StringFlag{Name: "platform", Value: "linux-x64", Usage: "the `PLATFORM` to choose among packages for one each", DefaultText: "linux-x64"}
}

func workersFlag() cli.Flag {
	return &cli.IntFlag{Name: "workers", Usage: "run on `N` processors at once", DefaultText: "all"}
}

// engineOptionsOf reads the flags that engineFlags names.
func engineOptionsOf(c *cli.Context) (engineOptions, error) {
	o := engineOptions{assume: map[string]string{}, workers: c.Int("workers"), schemaIO: c.String("schema-io"), refs: c.String("refs"),
		timeout: c.Duration("timeout"), memory: int64(c.Int("max-memory")) << 20, noCache: c.Bool("no-cache")}
	for _, flag := range []string{"assume", "mode", "platform", "facts", "schema-io", "refs", "vocabulary"} {
		if c.IsSet(flag) {
			o.given = append(o.given, "--"+flag)
		}
	}
	wrong := func(format string, args ...any) error {
		return usageError(fmt.Sprintf(format, args...), c.Command.Name)
	}
	switch {
	case !slices.Contains([]string{"", "input", "output"}, o.schemaIO):
		return o, wrong("--schema-io takes input or output, not %q", o.schemaIO)
	case !slices.Contains([]string{"", "none", "root"}, o.refs):
		return o, wrong("--refs takes none or root, not %q", o.refs)
	case o.timeout < 0 || o.memory < 0:
		return o, wrong("--timeout and --max-memory take nothing below 0")
	case o.workers < 0:
		return o, wrong("--workers takes a number from 1 on, not %d", o.workers)
	}
	if o.workers == 0 {
		o.workers = runtime.GOMAXPROCS(0)
	}
	var err error
	if o.vocabulary, err = vocabularyIn(c.Context, c.String("vocabulary")); err != nil {
		return o, err
	}
	if o.facts, err = factsNamed(c.StringSlice("facts")); err != nil {
		return o, wrong("%v", err)
	}
	for _, pair := range c.StringSlice("assume") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return o, wrong("--assume takes KEY=VALUE, not %q", pair)
		}
		for _, key := range assumed(key) {
			o.assume[key] = value
		}
	}
	if c.IsSet("mode") {
		o.assume["mode"] = c.String("mode")
	}
	if mode, ok := o.assume["mode"]; ok && !slices.Contains([]string{"interactive", "print"}, mode) {
		return o, wrong("--mode takes interactive or print, not %q", mode)
	}
	if system, _, _ := strings.Cut(c.String("platform"), "-"); o.assume["platform"] == "" && c.IsSet("platform") {
		o.assume["platform"] = system
	}
	return o, nil
}

// vocabularyIn is the text of a file with entries for the vocabulary, which are checked; empty for no file.
func vocabularyIn(ctx context.Context, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := regular.ReadNamed(ctx, file, maxFile)
	if err == nil {
		_, err = (*queries.Vocabulary)(nil).Extend(text)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return string(text), nil
}

// words is the vocabulary that an analysis has.
func (o *engineOptions) words() (*queries.Vocabulary, error) {
	if o.vocabulary == "" {
		return nil, nil
	}
	return (*queries.Vocabulary)(nil).Extend([]byte(o.vocabulary))
}

// world moves what the user takes for given out of the options of the analysis: a document of the default world answers
// for others as well.
func (o *engineOptions) world() schema.World {
	w := schema.World{Set: o.assume, Mode: o.assume["mode"]}
	o.given = slices.DeleteFunc(o.given, func(flag string) bool { return flag == "--assume" || flag == "--mode" || flag == "--platform" })
	o.assume = nil
	return w
}

func factNames() []string { return factList(facts.All) }

func factList(list []analyzer.Fact) (names []string) {
	for _, f := range list {
		names = append(names, f.Name)
	}
	return names
}

// factsNamed are the facts of lists of names with commas between, each once, in their own order. The word all, and no
// list, name all of them.
func factsNamed(lists []string) ([]analyzer.Fact, error) {
	if len(lists) == 0 {
		return facts.All, nil
	}
	asked := make([]bool, len(facts.All))
	for _, name := range strings.Split(strings.Join(lists, ","), ",") {
		if name == "all" {
			for i := range asked {
				asked[i] = true
			}
			continue
		}
		i := slices.IndexFunc(facts.All, func(f analyzer.Fact) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("--facts takes names out of %s, not %q", strings.Join(factNames(), ", "), name)
		}
		asked[i] = true
	}
	var named []analyzer.Fact
	for i, f := range facts.All {
		if asked[i] {
			named = append(named, f)
		}
	}
	return named, nil
}

// assumed are the keys by which the engine knows what the user calls key: "env.NAME", "flag.KEY", "mode", "platform" and
// the like are its own, and another name may be that of a variable or of a flag.
func assumed(key string) []string {
	kind, _, of := strings.Cut(key, ".")
	switch kind {
	case "mode", schema.KindPlatform, schema.KindModel:
		return []string{key}
	case schema.KindEnv, schema.KindFlag, schema.KindTool, schema.KindSetting, schema.KindArgument:
		if of {
			return []string{key}
		}
	}
	return []string{"env." + key, "flag." + key}
}

// open reads what the user named, and passes on what there is to remark.
func open(ctx context.Context, ui *terminal, input, platform string, stdin io.Reader) (*source.Input, error) {
	opts := ui.sourceOptions(platform)
	opts.Stdin = standardInput(ctx, stdin)
	opts.Progress = func(s source.Step) { ui.progress(s.Name, s.Done, s.Total) }
	in, err := source.Open(ctx, input, opts)
	if err != nil {
		return nil, err
	}
	for _, warning := range in.Warnings {
		ui.note("%s %s: %v", ui.paint(ui.stderr, yellow, "warning:"), input, warning)
	}
	return in, nil
}

// gcPercentOfAnalysis is for what is soon forgotten: more collections take a tenth more time and save half of the memory.
const gcPercentOfAnalysis = 60

// analyze looks for the facts that are asked for. When the user interrupts it, it ends at once: what an evaluation does in between is of
// no use to anybody.
func analyze(ctx context.Context, in *source.Input, o engineOptions) (*schema.Document, error) {
	debug.SetGCPercent(gcPercentOfAnalysis)
	if o.memory > 0 {
		debug.SetMemoryLimit(o.memory) // the collector works harder before anything has to be given up
	}
	words, err := o.words()
	if err != nil {
		return nil, err
	}
	type result struct {
		doc *schema.Document
		err error
	}
	done := make(chan result, 1)
	go func() {
		doc, err := analyzer.Analyze(ctx, in, o.facts, analyzer.Options{
			Assume: o.assume, Vocabulary: words, Workers: o.workers, SchemaIO: o.schemaIO, Refs: o.refs, Timeout: o.timeout, MaxMemory: o.memory, Took: o.took,
		})
		done <- result{doc, err}
	}()
	select {
	case r := <-done:
		return r.doc, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
