package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema/lint"
)

// lintOptions is what the user asked of lint.
type lintOptions struct {
	inputs        []string
	traces        []string
	format        string
	baseline      string
	writeBaseline string
	listRules     bool
	source        string
	failOn        lint.Severity
	platform      string
	engine        engineOptions
	stdin         io.Reader
	options       lint.Options
}

// lintCommand is the command that says how good an analysis is.
func lintCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "say how good an analysis is: accuracy against traces, and what was not seen",
		ArgsUsage: "INPUT|DIR|INTEL...",
		Description: "INPUT is what analyze takes, DIR a directory that analyze wrote, INTEL its intel.json; several are compared in the\n" +
			"order of their versions. Findings have their place in your files: in those of INPUT, or of --source, or in the document.\n" +
			"--trace takes what the program was seen to send: a directory of captured requests, or a file of requests by mode.\n" +
			"A trace is compared with the document of its version.\n\n" +
			"Exit codes: 0 no finding; 1 a warning or an error was found that the baseline does not have (--fail-on says from which\n" +
			"severity on); 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens lint out\n" +
			"  bundlens lint out --trace captures\n" +
			"  bundlens lint out --trace truth.json.gz --floor tools.found=100\n" +
			"  bundlens lint versions/1.0.0 versions/1.1.0 --format json\n" +
			"  bundlens lint out --rule name-unresolved=off --rule text-hole=warning\n" +
			"  bundlens lint out --write-baseline known.json\n" +
			"  bundlens lint out --baseline known.json --format sarif > lint.sarif\n" +
			"  bundlens lint dist/cli.js --format github --fail-on error\n" +
			"  bundlens lint out --source dist/cli.js --format junit > lint.xml\n" +
			"  bundlens lint --rules",
		Flags: append(engineFlags(),
			&cli.StringSliceFlag{Name: "trace", Usage: "compare with what was sent: `DIR|FILE`"},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`text|json|sarif|junit|github`; github is annotations, and a summary of the job", DefaultText: "text"},
			&cli.StringFlag{Name: "source", Usage: "the program that the document is of, `FILE|DIR`: findings have their places in it"},
			&cli.StringFlag{Name: "fail-on", Value: "warning", Usage: "the severity from which on a finding is a reason to fail: `error|warning|note|never`", DefaultText: "warning"},
			&cli.StringSliceFlag{Name: "rule", Usage: "the severity of a rule, off, note, warning or error: `ID=SEVERITY`"},
			&cli.StringSliceFlag{Name: "floor", Usage: "a figure below the percentage is an error: `FIGURE=PERCENT`"},
			&cli.StringFlag{Name: "baseline", Usage: "only what `FILE` does not have is a reason to fail"},
			&cli.StringFlag{Name: "write-baseline", Usage: "write all findings to `FILE`, as a baseline"},
			&cli.StringSliceFlag{Name: "caller-schema", Usage: "a tool whose schema is the caller's own: `NAME`", DefaultText: strings.Join(lint.DefaultCallerSchemas, ", ")},
			&cli.BoolFlag{Name: "rules", Usage: "list the rules"},
			&cli.BoolFlag{Name: "no-exit-code", Usage: "end with 0 where something was found, as --fail-on never does"},
		),
		Action: func(c *cli.Context) error {
			o, err := lintOptionsOf(c)
			if err != nil {
				return err
			}
			return runLint(c.Context, ui, o)
		},
	}
}

// lintOptionsOf reads the command line.
func lintOptionsOf(c *cli.Context) (lintOptions, error) {
	o := lintOptions{
		inputs: c.Args().Slice(), traces: c.StringSlice("trace"), format: c.String("format"), baseline: c.String("baseline"),
		writeBaseline: c.String("write-baseline"), listRules: c.Bool("rules"), source: c.String("source"), failOn: lint.Severity(c.String("fail-on")), platform: c.String("platform"), stdin: c.App.Reader,
		options: lint.Options{Rules: c.StringSlice("rule"), CallerSchemas: lint.DefaultCallerSchemas, Floors: map[string]float64{}},
	}
	wrong := func(format string, args ...any) (lintOptions, error) {
		return o, usageError(fmt.Sprintf(format, args...), "lint")
	}
	if c.IsSet("caller-schema") {
		o.options.CallerSchemas = c.StringSlice("caller-schema")
	}
	if !slices.Contains([]string{"text", "json", "sarif", "junit", "github"}, o.format) {
		return wrong("--format takes text, json, sarif, junit or github, not %q", o.format)
	}
	if !slices.Contains([]lint.Severity{lint.Error, lint.Warning, lint.Note, "never"}, o.failOn) {
		return wrong("--fail-on takes error, warning, note or never, not %q", o.failOn)
	}
	if o.failOn == "never" || c.Bool("no-exit-code") {
		o.failOn = lint.Off
	}
	if o.source != "" && len(o.inputs) != 1 {
		return wrong("--source goes with one document, not %d", len(o.inputs))
	}
	var err error
	if o.engine, err = engineOptionsOf(c); err != nil {
		return o, err
	}
	for _, floor := range c.StringSlice("floor") {
		key, value, _ := strings.Cut(floor, "=")
		percent, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return wrong("--floor takes FIGURE=PERCENT, not %q", floor)
		}
		o.options.Floors[key] = percent
	}
	if len(o.inputs) == 0 && !o.listRules {
		return wrong("lint takes a document or a directory that analyze wrote")
	}
	return o, nil
}

// runLint does what the command says.
func runLint(ctx context.Context, ui *terminal, o lintOptions) error {
	if o.listRules {
		for _, r := range lint.Rules {
			if _, err := fmt.Fprintf(ui.stdout, "%-28s %-8s %s\n", r.ID, r.Severity, r.Doc); err != nil {
				return err
			}
		}
		return nil
	}
	var subjects []lint.Subject
	for _, input := range o.inputs {
		s, err := lintSubject(ctx, ui, o, input)
		if err != nil {
			return err
		}
		subjects = append(subjects, s)
	}
	for _, path := range o.traces {
		t, err := lint.ReadTraffic(ctx, path)
		if err != nil {
			return err
		}
		o.options.Traffic = append(o.options.Traffic, t)
	}
	var err error
	if o.options.Baseline, err = readBaseline(ctx, o.baseline); err != nil {
		return err
	}
	report, err := lint.Run(subjects, o.options)
	if err != nil {
		return err
	}
	if err := writeLint(ui, o, report); err != nil {
		return err
	}
	if o.writeBaseline != "" {
		return writeBaseline(ui, o.writeBaseline, report)
	}
	if n := report.Fails(o.failOn); n > 0 {
		return &findingsError{fmt.Sprintf("%s of severity %s or worse, not counting what is known", count(n, "finding"), o.failOn)}
	}
	return nil
}

// lintSubject is a document, read or made, with the places of what it tells.
func lintSubject(ctx context.Context, ui *terminal, o lintOptions, input string) (lint.Subject, error) {
	if looksLikeDocument(input) {
		return readSubject(ctx, ui, o, input)
	}
	if o.source != "" {
		return lint.Subject{}, usageError("--source goes with a document, and "+input+" is none", "lint")
	}
	in, err := open(ctx, ui, input, o.platform, o.stdin)
	if err != nil {
		return lint.Subject{}, err
	}
	defer in.Close()
	o.engine.took = ui.phases(input, o.engine.facts)
	doc, err := analyze(ctx, in, o.engine)
	if err != nil {
		return lint.Subject{}, fmt.Errorf("%s: %w", input, err)
	}
	ui.endProgress()
	return lint.Subject{Name: input, File: userPath(input), Document: doc, Places: sourcePlaces(in)}, nil
}

// readSubject reads a document. Its places are those in the program that --source names, or in its own file.
func readSubject(ctx context.Context, ui *terminal, o lintOptions, input string) (lint.Subject, error) {
	doc, err := readDocument(input)
	if err != nil {
		return lint.Subject{}, err
	}
	file := documentFile(input)
	s := lint.Subject{Name: input, File: userPath(file), Document: doc}
	if o.source == "" {
		s.Places, err = documentPlaces(file)
		return s, err
	}
	in, err := open(ctx, ui, o.source, o.platform, o.stdin)
	if err != nil {
		return s, err
	}
	defer in.Close()
	s.File, s.Places = userPath(o.source), sourcePlaces(in)
	return s, sameProgram(doc, in)
}

// writeLint writes the report in the form that was asked for.
func writeLint(ui *terminal, o lintOptions, r *lint.Report) error {
	switch o.format {
	case "json":
		return r.WriteJSON(ui.stdout)
	case "sarif":
		return r.WriteSARIF(ui.stdout, version())
	case "junit":
		return r.WriteJUnit(ui.stdout, o.failOn)
	case "github":
		if err := r.WriteGitHub(ui.stdout); err != nil {
			return err
		}
		return appendSummary(r)
	}
	return r.WriteText(ui.stdout, lint.TextOptions{Notes: ui.verbose, Known: ui.verbose, Paint: func(style, text string) string {
		return ui.paint(ui.stdout, map[string]string{"error": red, "warning": yellow, "note": "36", "bold": bold, "dim": "2"}[style], text)
	}})
}

// summaryVariable names the file that GitHub Actions shows as the summary of a job.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// appendSummary adds the report to the job's summary, where there is a job.
func appendSummary(r *lint.Report) error {
	path := os.Getenv(summaryVariable)
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("the summary of the job: %w", err)
	}
	return errors.Join(r.WriteMarkdown(file), file.Close())
}

// readBaseline reads a baseline; nil where none was asked for.
func readBaseline(ctx context.Context, path string) (*lint.Baseline, error) {
	if path == "" {
		return nil, nil
	}
	text, err := regular.ReadNamed(ctx, path, maxFile)
	if err != nil {
		return nil, err
	}
	b, err := lint.ReadBaseline(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// writeBaseline writes the findings as what is known from now on. Their number is said and is no reason to fail.
func writeBaseline(ui *terminal, path string, r *lint.Report) error {
	b := lint.NewBaseline(r)
	if err := writeFileAtomically(path, b.Write); err != nil {
		return err
	}
	ui.note("%s written to %s", count(len(b.Findings), "known finding"), path)
	return nil
}
