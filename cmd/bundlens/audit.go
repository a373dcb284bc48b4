package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/audit"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/internal/regular"
)

// auditOptions is what the user asked of audit.
type auditOptions struct {
	input, platform, format, baseline string
	engine                            engineOptions
	stdin                             io.Reader
}

// auditCommand says what speaks against installing a program.
func auditCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "audit",
		Usage:     "say what a program's tools can reach, and what speaks against installing it",
		ArgsUsage: "INPUT",
		Description: "INPUT is what analyze takes: a package before it is installed, too. Nothing of it is run. Says which programs it starts,\n" +
			"which files it reads and writes, where it connects to, which code it runs that it is given, each with the way from a\n" +
			"tool to it; which scripts run at installation; and finds instructions aimed at the model, hidden text, private files\n" +
			"that are read, code that is fetched or decoded and run, secrets. --baseline compares with an earlier --format json of\n" +
			"a version that is trusted: what it knows is no reason to fail, and what changed since is one.\n\n" +
			"Exit codes: 0 nothing speaks against it; 1 something does; 2 it could not be done, or not be seen whole.\n\n" +
			"Examples:\n" +
			"  bundlens audit npm:NAME\n" +
			"  bundlens audit npm:NAME@1.2.3 --format json > trusted.json\n" +
			"  bundlens audit npm:NAME --baseline trusted.json\n" +
			"  bundlens audit ./server --format sarif > audit.sarif",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Value: "text", Usage: "write as `text|json|sarif`", DefaultText: "text"},
			&cli.StringFlag{Name: "baseline", Usage: "compare with the report in `FILE`, that --format json wrote"},
			assumeFlag(), platformFlag(), workersFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError(fmt.Sprintf("audit takes one input, not %d", c.NArg()), "audit")
			}
			engine, err := engineOptionsOf(c)
			if err != nil {
				return err
			}
			engine.facts = []analyzer.Fact{facts.Tools}
			o := auditOptions{c.Args().First(), c.String("platform"), c.String("format"), c.String("baseline"), engine, c.App.Reader}
			if !slices.Contains([]string{"text", "json", "sarif"}, o.format) {
				return usageError(fmt.Sprintf("--format takes text, json or sarif, not %q", o.format), "audit")
			}
			return runAudit(c.Context, ui, o)
		},
	}
}

// runAudit does what the command says.
func runAudit(ctx context.Context, ui *terminal, o auditOptions) error {
	var baseline *audit.Report
	if o.baseline != "" {
		text, err := regular.ReadNamed(ctx, o.baseline, maxFile)
		if err != nil {
			return err
		}
		if baseline, err = audit.Read(bytes.NewReader(text)); err != nil {
			return fmt.Errorf("%s: %w", o.baseline, err)
		}
	}
	in, err := open(ctx, ui, o.input, o.platform, o.stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	ui.progress("auditing "+o.input, 0, 0)
	doc, err := analyze(ctx, in, o.engine)
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	r, err := audit.Run(ctx, in, doc, analyzer.Options{Assume: o.engine.assume})
	if err != nil {
		return fmt.Errorf("%s: %w", o.input, err)
	}
	if baseline != nil {
		r.Compare(baseline)
	}
	ui.endProgress()
	switch o.format {
	case "json":
		err = r.WriteJSON(ui.stdout)
	case "sarif":
		err = r.WriteSARIF(ui.stdout, version())
	default:
		err = r.WriteText(ui.stdout)
	}
	if err != nil {
		return err
	}
	return auditVerdict(o.input, r)
}

// auditVerdict is what the report is worth.
func auditVerdict(input string, r *audit.Report) error {
	n := 0
	for _, f := range r.Findings {
		if f.Fails() {
			n++
		}
	}
	switch {
	case n == 1:
		return &findingsError{input + ": 1 finding speaks against it"}
	case n > 1:
		return &findingsError{fmt.Sprintf("%s: %d findings speak against it", input, n)}
	case !r.Complete:
		return &blindError{input + ": a part of it could not be read, so that there may be more in it"}
	}
	return nil
}
