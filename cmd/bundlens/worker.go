package main

import (
	"context"
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/fleet"
)

// workerCommand is the command that does the work of sweeps.
func workerCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:  "worker",
		Usage: "analyse what sweeps hand out, on as many machines as there are",
		Description: "Takes inputs from the queue in NATS JetStream that sweep --nats fills, analyses them, and puts the Documents into the store\n" +
			"there. It takes what fits into its memory, and only what a sweep of the same engine handed out. It works until it is\n" +
			"ended (Ctrl-C, SIGTERM); what it has begun then goes to another worker. deploy/README.md says how to run many.\n\n" +
			"Examples:\n" +
			"  bundlens worker --nats nats://10.0.0.1:4222,nats://10.0.0.2:4222 --creds worker.creds\n" +
			"  bundlens worker --nats tls://nats.example.com --tls-ca ca.pem --memory 8000 --metrics :9090",
		Flags: fleetFlags(),
		Action: func(c *cli.Context) error {
			o, err := fleetOptionsOf(c)
			switch {
			case err != nil:
				return err
			case c.NArg() > 0:
				return usageError("worker takes no arguments; sweeps name the inputs", "worker")
			case o.url == "":
				return usageError("worker needs --nats URL", "worker")
			}
			return runWorker(c.Context, ui, &o)
		},
	}
}

// runWorker works until the user ends it.
func runWorker(ctx context.Context, ui *terminal, o *fleetOptions) error {
	build, err := engineBuild()
	if err != nil {
		return err
	}
	f, stop, err := openFleet(ctx, o, "", "bundlens worker")
	if err != nil {
		return err
	}
	defer stop()
	w := o.worker(ui, f, build, false)
	w.Log = func(job *fleet.Job, e *fleet.Entry) { ui.detail("%s: %s %s", job.Input, e.State, e.Reason) }
	w.Full = func(err error) {
		ui.note("%s the store takes no more: %v", ui.paint(ui.stderr, yellow, "warning:"), err)
	}
	if err := serveMetrics(ctx, ui, f, o.metrics, w.Metrics); err != nil {
		return err
	}
	ui.note("%s works for %s, with %d MiB for %s at once", w.Name, withoutPassword(o.url), o.memory>>20, count(o.parallel, "job"))
	if err := f.Work(ctx, w); !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}
