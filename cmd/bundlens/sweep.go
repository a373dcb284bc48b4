package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/regular"
)

// sweepOptions is what the user asked of sweep.
type sweepOptions struct {
	specs     []string
	list, dir string
	limit     int
	platforms []string
	dryRun    bool
	again     bool
	json      bool
	stdin     io.Reader
	engine    engineOptions
	fleet     fleetOptions
	build     string // the engine
}

// sweepCommand is the command that has many inputs analysed.
func sweepCommand(ui *terminal) *cli.Command {
	flags := slices.DeleteFunc(engineFlags(), func(f cli.Flag) bool {
		return slices.Contains([]string{"platform", "no-cache", "workers"}, f.Names()[0])
	})
	flags = append(append(flags, fleetFlags()...),
		&cli.StringFlag{Name: "from", Usage: "take inputs from `FILE`, too, one a line; - is standard input"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "keep Documents, differences and an index in `STORE`"},
		&cli.IntFlag{Name: "limit", Usage: "of each range the newest `N` versions"},
		&cli.StringSliceFlag{Name: "platform", Value: cli.NewStringSlice("linux-x64"), Usage: "the `PLATFORM` to choose among packages for one each; may be repeated"},
		&cli.BoolFlag{Name: "dry-run", Usage: "say what there is to do, and what it would take, and do nothing"},
		&cli.BoolFlag{Name: "again", Usage: "try what could not be done before once more"},
		&cli.BoolFlag{Name: "json", Usage: "print a JSON line for each input when it is done, or could not be"},
		&cli.IntFlag{Name: "replicas", Usage: "keep everything on `N` servers", DefaultText: "3 in a cluster"},
		&cli.IntFlag{Name: "max-store", Usage: "keep Documents of up to `MIB` together", DefaultText: "what the server allows"},
	)
	return &cli.Command{
		Name:      "sweep",
		Usage:     "analyse many inputs, each once, and keep Documents, differences and an index up to date",
		ArgsUsage: "INPUT...",
		Description: "INPUT is a file, npm:NAME, npm:NAME@VERSION, or a range of versions npm:NAME@FROM..TO, of which either end may be left\n" +
			"out. STORE gets documents/, history/ for packages of which there are several versions, and index.json. An input that was\n" +
			"analysed before with the same engine and options is not analysed again, whoever asked for it; a sweep that was ended\n" +
			"goes on when it is started again. What can't be analysed is kept apart with the reason.\n\n" +
			"It does all of this by itself. With --nats it hands the work to the workers of a fleet instead: see worker.\n\n" +
			"Exit codes: 0 every input was analysed; 2 one or more could not be.\n\n" +
			"Examples:\n" +
			"  bundlens sweep npm:@modelcontextprotocol/server-everything@2025.8.4..2025.9.25 -o store\n" +
			"  bundlens sweep --from inputs.txt -o store --json\n" +
			"  bundlens sweep --from inputs.txt -o store --dry-run\n" +
			"  bundlens sweep --from inputs.txt -o store --nats nats://10.0.0.1:4222 --creds sweep.creds\n" +
			"  bundlens sweep status -o store",
		Flags:       flags,
		Subcommands: []*cli.Command{sweepStatusCommand(ui)},
		Action: func(c *cli.Context) error {
			o, err := sweepOptionsOf(c)
			if err != nil {
				return err
			}
			return runSweep(c.Context, ui, o)
		},
	}
}

// sweepOptionsOf reads the command line.
func sweepOptionsOf(c *cli.Context) (*sweepOptions, error) {
	o := &sweepOptions{specs: c.Args().Slice(), list: c.String("from"), dir: c.String("output"), limit: c.Int("limit"), platforms: c.StringSlice("platform"),
		dryRun: c.Bool("dry-run"), again: c.Bool("again"), json: c.Bool("json"), stdin: c.App.Reader}
	if len(o.specs) == 0 && o.list == "" {
		return nil, usageError("sweep takes inputs, or --from FILE", "sweep")
	}
	if o.dir == "" {
		return nil, usageError("sweep needs -o STORE", "sweep")
	}
	if err := asDirectory(o.dir, "sweep"); err != nil {
		return nil, err
	}
	var err error
	if o.engine, err = engineOptionsOf(c); err != nil {
		return nil, err
	}
	if o.fleet, err = fleetOptionsOf(c); err != nil {
		return nil, err
	}
	o.fleet.replicas, o.fleet.maxStore = c.Int("replicas"), int64(c.Int("max-store"))<<20
	o.build, err = engineBuild()
	return o, err
}

// runSweep does what the command says.
func runSweep(ctx context.Context, ui *terminal, o *sweepOptions) error {
	specs, err := readSpecs(o.specs, o.list, standardInput(ctx, o.stdin))
	if err != nil {
		return err
	}
	inputs, err := o.expand(ctx, ui, specs)
	if err != nil {
		return err
	}
	if o.dryRun {
		return o.plan(ctx, ui, inputs)
	}
	f, stop, err := openFleet(ctx, &o.fleet, o.dir, "bundlens sweep")
	if err != nil {
		return err
	}
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel(nil)
	if o.fleet.url == "" {
		w := o.fleet.worker(ui, f, o.build, true)
		w.Full = func(err error) { cancel(fmt.Errorf("the store takes no more: %w", err)) }
		if err := serveMetrics(ctx, ui, f, o.fleet.metrics, w.Metrics); err != nil {
			return err
		}
		working.Go(func() {
			if err := f.Work(ctx, w); !errors.Is(err, context.Canceled) {
				cancel(err)
			}
		})
	}
	for at := 0; at < len(inputs); at += submittedAtOnce {
		ui.steps("inputs submitted", at, len(inputs))
		if err := o.submit(ctx, f, inputs[at:min(at+submittedAtOnce, len(inputs))]); err != nil {
			return firstOf(context.Cause(ctx), err)
		}
	}
	ui.endProgress()
	entries, err := o.wait(ctx, ui, f, inputs)
	if err != nil {
		return firstOf(context.Cause(ctx), err)
	}
	if err := o.keep(ctx, ui, f, inputs, entries); err != nil {
		return err
	}
	return o.conclude(ui, inputs, entries)
}

// submittedAtOnce is how many inputs are handed in together: what is handed in first is begun meanwhile.
const submittedAtOnce = 1024

// submit hands in some inputs, with their bytes where the workers are elsewhere.
func (o *sweepOptions) submit(ctx context.Context, f *fleet.Fleet, inputs []swept) error {
	var jobs []*fleet.Job
	for _, in := range inputs {
		jobs = append(jobs, in.job)
		if !in.job.File || o.fleet.url == "" {
			continue
		}
		err := f.Offer(ctx, in.job.Content, func() (io.ReadCloser, error) {
			file, _, err := regular.Open(in.job.Input)
			return file, err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", in.job.Input, err)
		}
	}
	return f.Submit(ctx, jobs, o.again)
}

// wait waits until every input is done or could not be, and answers the entries by key.
func (o *sweepOptions) wait(ctx context.Context, ui *terminal, f *fleet.Fleet, inputs []swept) (map[string]*fleet.Entry, error) {
	open := map[string]bool{}
	for _, in := range inputs {
		open[in.job.Key()] = true
	}
	entries := map[string]*fleet.Entry{}
	var failed error
	err := f.Watch(ctx, func(key string, e *fleet.Entry) bool {
		if open[key] && e.State.Final() {
			delete(open, key)
			entries[key] = e
			failed = o.tell(ui, e)
			ui.steps("inputs", len(entries), len(inputs))
		}
		return len(open) > 0 && failed == nil
	})
	ui.endProgress()
	return entries, firstOf(failed, err)
}

// conclude says how it ended.
func (o *sweepOptions) conclude(ui *terminal, inputs []swept, entries map[string]*fleet.Entry) error {
	dead := 0
	for _, e := range entries {
		if e.State == fleet.Dead {
			dead++
		}
	}
	ui.note("%s in %s", count(len(inputs)-dead, "Document"), o.dir)
	if dead > 0 {
		return &blindError{fmt.Sprintf("%s could not be analysed; index.json in %s has the reasons, and --again tries once more", count(dead, "input"), o.dir)}
	}
	return nil
}
