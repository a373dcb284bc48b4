package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/schema"
)

// sweepStatusCommand says how far a fleet is.
func sweepStatusCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "say how far the sweeps of a fleet, or of a store, are",
		Description: "Says how many inputs wait, run, are done and could not be done, how fast it goes, and about how long the rest takes. Of\n" +
			"a store without --nats it can be asked while no sweep is at work in it.\n\n" +
			"Examples:\n" +
			"  bundlens sweep status -o store\n" +
			"  bundlens sweep status --nats nats://10.0.0.1:4222 --json",
		Flags: append(fleetFlags(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "the `STORE` of sweeps without --nats"},
			&cli.BoolFlag{Name: "json", Usage: "print it as JSON"},
		),
		Action: func(c *cli.Context) error {
			o, err := fleetOptionsOf(c)
			if err != nil {
				return err
			}
			dir := c.String("output")
			if (dir == "") == (o.url == "") {
				return usageError("sweep status needs -o STORE or --nats URL", "sweep")
			}
			if _, err := os.Stat(filepath.Join(dir, fleetDir)); o.url == "" && err != nil {
				return fmt.Errorf("%s: holds no store of a sweep", dir)
			}
			f, stop, err := openFleet(c.Context, &o, dir, "bundlens sweep status")
			if err != nil {
				return err
			}
			defer stop()
			s, err := f.Status(c.Context, nil)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return schema.Encode(ui.stdout, s)
			}
			return printStatus(ui, s)
		},
	}
}

// maxFailuresShown bounds the failures that are printed; --json has all.
const maxFailuresShown = 10

// printStatus says it to a person.
func printStatus(ui *terminal, s *fleet.Status) error {
	w := ui.stdout
	fmt.Fprintf(w, "%d done, %d running on %s, %d waiting, %d could not be done\n", s.Done, s.Running, count(len(s.Workers), "worker"), s.Waiting, s.Dead)
	fmt.Fprintf(w, "%d of them share a Document with another input, %d were not seen whole; %d bytes of Documents\n", s.Shared, s.Incomplete, s.Bytes)
	switch left := s.Waiting + s.Running; {
	case left == 0:
	case s.Rate == 0:
		fmt.Fprintf(w, "too few have ended in the last %s to say how long the rest takes\n", fleet.RateOver)
	default:
		fmt.Fprintf(w, "%.0f an hour; the rest takes %s to %s if it is like the last ones\n", s.Rate, s.Least.Round(time.Second), s.Most.Round(time.Second))
	}
	for i, failure := range s.Failures {
		if i == maxFailuresShown {
			fmt.Fprintf(w, "and %d more; --json has all\n", len(s.Failures)-i)
			break
		}
		fmt.Fprintf(w, "failed: %s: %s\n", failure.Input, failure.Reason)
	}
	return nil
}

// plan says what a sweep would do, and about what it would take, by what jobs took before.
func (o *sweepOptions) plan(ctx context.Context, ui *terminal, inputs []swept) error {
	known := map[string]*fleet.Entry{}
	took := map[fleet.Class][]time.Duration{}
	if _, err := os.Stat(filepath.Join(o.dir, fleetDir)); err == nil || o.fleet.url != "" {
		f, stop, err := openFleet(ctx, &o.fleet, o.dir, "bundlens sweep")
		if err != nil {
			return err
		}
		defer stop()
		err = f.Watch(ctx, func(key string, e *fleet.Entry) bool {
			if key != "" {
				known[key] = e
				if e.State == fleet.Done && !e.Shared {
					took[e.Class] = append(took[e.Class], e.Took)
				}
			}
			return key != ""
		})
		if err != nil {
			return err
		}
	}
	var bytes int64
	var work time.Duration
	todo, kept, dead, unknown, packages := 0, 0, 0, 0, 0
	for _, in := range inputs {
		switch e := known[in.job.Key()]; {
		case e != nil && e.State == fleet.Done:
			kept++
			continue
		case e != nil && e.State == fleet.Dead && !o.again:
			dead++
			continue
		}
		todo++
		bytes += in.job.Size
		if !in.job.File {
			packages++
		}
		if times := took[fleet.ClassOf(in.job.Size)]; len(times) > 0 {
			work += mean(times)
		} else {
			unknown++
		}
	}
	w := ui.stdout
	fmt.Fprintf(w, "%s: %d to analyse, %d are done already, %d could not be done before\n", count(len(inputs), "input"), todo, kept, dead)
	fmt.Fprintf(w, "%d bytes of files, %s to fetch\n", bytes, count(packages, "package"))
	switch {
	case todo == 0:
	case unknown == todo:
		fmt.Fprintln(w, "nothing of the kind was analysed yet, so that nothing can be said of the time")
	default:
		fmt.Fprintf(w, "about %s of work for %d of them, by what such inputs took before, divided by the jobs at once; nothing is known of %d\n",
			work.Round(time.Second), todo-unknown, unknown)
	}
	return nil
}

func mean(times []time.Duration) time.Duration {
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return sum / time.Duration(len(times))
}
