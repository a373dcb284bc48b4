package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema/trace"
	"github.com/bundlens/bundlens/schema/trace/live"
)

// traceRunCommand runs a program and records what it sends.
func traceRunCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a program and print what it sent",
		ArgsUsage: "-- COMMAND ARG...",
		Description: "Runs COMMAND with the hook in it, as its user would. With --offline it runs against a server of this program instead,\n" +
			"with an invented key, a HOME and a git repository that are thrown away, and on Linux in a network that has only\n" +
			"loopback: no account, no cost, and nothing leaves the machine. Where such a network can't be had it does not run,\n" +
			"unless --no-sandbox is given.\n\n" +
			"--mode print adds the arguments that make the program answer once and end; --mode interactive runs it in a terminal\n" +
			"of its own, types the prompt, and ends it when it has sent what it sends. Without --mode the command runs as it is.\n" +
			"What has to be known of a program for that, --profile gives; --print-profile prints the one that is built in.\n\n" +
			"Exit codes: 0 requests were captured; 1 the program ended and sent none; 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens trace run --offline --mode print -- node cli.js\n" +
			"  bundlens trace run --offline --mode interactive --dir captures -- ./program\n" +
			"  bundlens trace run --offline --mode print --mcp-stub --env FEATURE=1 -- ./program --model small\n" +
			"  bundlens trace run --dir captures -- ./program\n" +
			"  bundlens trace run --print-profile > profile.json",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "dir", Usage: "put the captures into `DIR`; one is made if not given"},
			&cli.BoolFlag{Name: "offline", Usage: "run it against a server of this program, shut off from the network"},
			&cli.BoolFlag{Name: "no-sandbox", Usage: "with --offline: run it even where it can't be shut off"},
			pathsFlag(),
			&cli.StringFlag{Name: "mode", Usage: "run it in `MODE`: print or interactive"},
			&cli.StringFlag{Name: "prompt", Value: "hi", Usage: "ask `TEXT` in a mode"},
			&cli.BoolFlag{Name: "mcp-stub", Usage: "give it a server of the Model Context Protocol with one tool"},
			&cli.StringSliceFlag{Name: "env", Usage: "set `NAME=VALUE` for the program; may be repeated"},
			&cli.StringFlag{Name: "profile", Usage: "take what has to be known of the program from `FILE`"},
			&cli.BoolFlag{Name: "print-profile", Usage: "print the built-in profile and do nothing else"},
			&cli.DurationFlag{Name: "timeout", Value: 2 * time.Minute, Usage: "in a mode or offline: end it after `TIME`; 0 is never"},
			&cli.BoolFlag{Name: "json", Usage: "print what was captured as JSON"},
		},
		Action: func(c *cli.Context) error {
			if c.Bool("print-profile") {
				_, err := ui.stdout.Write(live.DefaultProfile())
				return err
			}
			run, err := runOf(c, ui)
			if err != nil {
				return err
			}
			return traceRun(c.Context, ui, run, c.Bool("json"))
		},
	}
}

var envLine = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*=`)

// runOf reads the command line.
func runOf(c *cli.Context, ui *terminal) (*live.Run, error) {
	run := &live.Run{Command: c.Args().Slice(), Dir: c.String("dir"), Env: c.StringSlice("env"), Offline: c.Bool("offline"),
		Sandbox: !c.Bool("no-sandbox"), Mode: c.String("mode"), Prompt: c.String("prompt"), MCPStub: c.Bool("mcp-stub"),
		Timeout: c.Duration("timeout"), Profile: live.DefaultProfile(), Stdin: c.App.Reader, Stdout: ui.stdout, Stderr: ui.stderr}
	switch {
	case len(run.Command) == 0:
		return nil, usageError("trace run takes a command", "trace run")
	case run.Mode != "" && run.Mode != live.ModePrint && run.Mode != live.ModeInteractive:
		return nil, usageError(fmt.Sprintf("--mode takes print or interactive, not %q", run.Mode), "trace run")
	case c.Bool("no-sandbox") && !run.Offline:
		return nil, usageError("--no-sandbox means something with --offline only", "trace run")
	}
	for _, line := range run.Env {
		if !envLine.Get().MatchString(line) {
			return nil, usageError(fmt.Sprintf("--env takes NAME=VALUE, not %q", line), "trace run")
		}
	}
	if !run.Offline && run.Mode == "" && !c.IsSet("timeout") {
		run.Timeout = 0 // the user is at work in it
	}
	if run.Mode != "" || c.Bool("json") {
		run.Stdout = ui.notes() // stdout is for what was captured
	}
	if path := c.String("profile"); path != "" {
		data, err := regular.ReadNamed(c.Context, path, maxFile)
		if err != nil {
			return nil, err
		}
		if _, err := live.ParseProfile(data); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		run.Profile = data
	}
	var err error
	if paths := c.StringSlice("path"); len(paths) > 0 {
		if run.Profile, err = withPaths(run.Profile, paths); err != nil {
			return nil, err
		}
	}
	run.Self, err = self()
	return run, err
}

// withPaths returns a profile whose requests to the model have other paths.
func withPaths(profile []byte, paths []string) ([]byte, error) {
	p, err := live.ParseProfile(profile)
	if err != nil {
		return nil, err
	}
	p.Paths = paths
	return json.Marshal(p)
}

// self is this program's executable, by the name under which it was called: a program may do different things under
// different names.
func self() (string, error) {
	if path, err := exec.LookPath(os.Args[0]); err == nil {
		return filepath.Abs(path)
	}
	return os.Executable()
}

// traceRun does what the command says.
func traceRun(ctx context.Context, ui *terminal, run *live.Run, asJSON bool) error {
	if err := captureDir(run); err != nil {
		return err
	}
	report, err := run.Do(ctx)
	if errors.Is(err, live.ErrNoSandbox) {
		return &hintedError{err.Error(), "--no-sandbox runs the program with the network that there is"}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", run.Command[0], err)
	}
	remarks(ui, report)
	// What was captured is there, even if the run was interrupted.
	set, err := trace.Collect(context.WithoutCancel(ctx), []string{run.Dir}, trace.Options{Paths: profilePaths(run.Profile)})
	if errors.Is(err, trace.ErrNoCaptures) {
		return nothingSent(run, report)
	}
	if err != nil {
		return err
	}
	out := ui.stdout
	if run.Mode == "" && !asJSON {
		out = ui.notes() // stdout is the program's
	}
	if err := showSet(out, set, asJSON); err != nil {
		return err
	}
	ui.note("captures are in %s", run.Dir)
	return sight(run.Dir, set)
}

// captureDir makes the directory of the captures. One that holds captures already is refused: what a run sent would
// be mixed with what another did.
func captureDir(run *live.Run) error {
	if run.Dir == "" {
		dir, err := os.MkdirTemp("", "bundlens-captures-")
		run.Dir = dir
		return err
	}
	if err := os.MkdirAll(run.Dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(run.Dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s: directory is not empty; the captures of one run go into a directory of their own", run.Dir)
	}
	return err
}

func profilePaths(profile []byte) []string {
	p, err := live.ParseProfile(profile)
	if err != nil {
		return nil
	}
	return p.Paths
}

// remarks says what is worth knowing of a run.
func remarks(ui *terminal, r *live.Report) {
	switch {
	case r.TimedOut:
		ui.note("%s the program was ended because it took too long", ui.paint(ui.stderr, yellow, "warning:"))
	case r.ExitCode != 0 && !r.Ended:
		ui.note("%s the program ended with %d", ui.paint(ui.stderr, yellow, "warning:"), r.ExitCode)
	}
	for _, i := range r.Network {
		ui.detail("network: %s carried %d bytes", i.Name, i.SentBytes)
	}
	for what, n := range r.OtherRequests {
		ui.detail("not to a model: %s, %d times", printable(what), n)
	}
}

// nothingSent is the error where no request was captured.
func nothingSent(run *live.Run, r *live.Report) error {
	what := run.Command[0] + ": no request to a model was captured"
	if !run.Offline {
		what += "; what is sent by programs other than those of Node and Bun, or to other paths than --profile names, is not seen"
	}
	if r.Screen != "" {
		what += "; its terminal showed last: " + strings.Join(strings.Fields(r.Screen), " ")
	}
	if r.TimedOut || r.ExitCode != 0 {
		return &blindError{what}
	}
	return &findingsError{what}
}

// traceServeCommand answers in a model's place.
func traceServeCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "answer in a model's place, and record what is sent",
		Description: "A server on loopback that answers every message with a short text, streamed where that is asked for. Its address is\n" +
			"printed on stdout when it is ready. It runs until it is interrupted, and then says what it was sent.\n\n" +
			"Examples:\n" +
			"  bundlens trace serve --dir captures\n" +
			"  bundlens trace serve --dir captures --addr 127.0.0.1:8080",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:0", Usage: "listen on `HOST:PORT`, which has to be of loopback"},
			&cli.StringFlag{Name: "dir", Usage: "put the captures into `DIR`"},
			pathsFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.String("dir") == "" {
				return usageError("trace serve takes --dir", "trace serve")
			}
			return traceServe(c.Context, ui, c.String("addr"), c.String("dir"), c.StringSlice("path"))
		},
	}
}

// traceServe serves until the context ends.
func traceServe(ctx context.Context, ui *terminal, addr, dir string, paths []string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	listener, err := live.Listen(addr)
	if err != nil {
		return err
	}
	n, failing := 0, false
	server := &live.Server{Record: &trace.Recorder{Dir: dir, Environ: os.Environ()}, Paths: paths}
	seen := make(chan int, 1000)
	server.Seen = func(tools int) { seen <- tools }
	web := &http.Server{Handler: server, ReadHeaderTimeout: 30 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	if _, err := io.WriteString(ui.stdout, "http://"+listener.Addr().String()+"\n"); err != nil {
		return err
	}
	for {
		select {
		case tools := <-seen:
			n++
			ui.note("request %d: %s", n, count(tools, "tool"))
			if err := server.Err(); err != nil && !failing {
				failing = true
				ui.note("%s %v", ui.paint(ui.stderr, yellow, "warning:"), err)
			}
		case err := <-failed:
			return err
		case <-ctx.Done():
			web.Close()
			if err := server.Err(); err != nil {
				return &lostError{err}
			}
			ui.note("%s recorded in %s", count(n, "request"), dir)
			return nil
		}
	}
}
