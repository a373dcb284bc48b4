package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

var update = flag.Bool("update", false, "write what the scripts compare with anew")

// runAsCommand is set for a process of the tests that is to be the program.
const runAsCommand = "BUNDLENS_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(runAsCommand) != "" {
		main()
	}
	if code, is := role(); is {
		os.Exit(code)
	}
	testscript.Main(m, map[string]func(){
		"bundlens": func() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs the scripts below testdata. The first word of a script's name is its command.
func TestScript(t *testing.T) {
	graphs, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "bun-graphs"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("GRAPHS", graphs)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "netns" {
				return networkNamespaces(), nil
			}
			_, err := os.Stat(graphs)
			return cond == "graphs" && err == nil, nil
		},
	})
}

func TestArrange(t *testing.T) {
	app := newApp(newTerminal(nil, nil))
	for _, c := range []struct{ in, want string }{
		{"analyze a.js --json", "analyze --json -- a.js"},
		{"analyze a.js -o out", "analyze -o out -- a.js"},
		{"analyze -o out a.js", "analyze -o out -- a.js"},
		{"analyze a.js --output=out -q", "-q analyze --output=out -- a.js"},
		{"--color never analyze - --workers 2", "--color never analyze --workers 2 -- -"},
		{"analyze --color never -", "--color never analyze -- -"},
		{"analyze --assume A=-1 --assume B a.js", "analyze --assume A=-1 --assume B -- a.js"},
		{"analyze -- --json", "analyze -- --json"},
		{"analyze a.js -- -b.js", "analyze -- a.js -b.js"},
		{"-v", "-v"},
		{"--bogus", "--bogus"},
		{"analyze --bogus a.js", "analyze --bogus -- a.js"},
		{"bogus analyze --json", "-- bogus analyze"},
		{"extract --json app -o dir", "extract --json -o dir -- app"},
		{"trace show dir --json", "trace show --json -- dir"},
		{"trace --json show dir", "trace show --json -- dir"},
		{"trace run --dir d -- show run --json", "trace run --dir d -- show run --json"},
		{"trace bogus", "trace -- bogus"},
	} {
		line, err := arrange(app, strings.Fields(c.in))
		if got := strings.Join(line.line(), " "); got != c.want || err != nil {
			t.Errorf("%s:\n got %s, %v\nwant %s", c.in, got, err, c.want)
		}
	}
}

// TestArrangeAsks has command lines that ask for help, or lack a value.
func TestArrangeAsks(t *testing.T) {
	app := newApp(newTerminal(nil, nil))
	for _, c := range []struct {
		in, command string
		help        bool
		says        string
	}{
		{"--help", "", true, ""},
		{"help", "", true, ""},
		{"analyze -h", "analyze", true, ""},
		{"help analyze", "analyze", true, ""},
		{"trace run --help", "trace run", true, ""},
		{"trace --help run", "trace run", true, ""},
		{"help trace run", "trace run", true, ""},
		{"trace help run", "trace run", true, ""},
		{"trace run -- program --help", "trace run", false, ""},
		{"analyze help", "analyze", false, ""},
		{"analyze a.js -o", "analyze", false, "-o needs a value"},
		{"analyze a.js -o -", "analyze", false, ""},
		{"analyze a.js --output", "analyze", false, "--output needs a value"},
		{"analyze -o --json a.js", "analyze", false, "-o needs a value, and --json is a flag"},
		{"analyze -o -- a.js", "analyze", false, "-o needs a value"},
		{"trace run --dir -- program", "trace run", false, "--dir needs a value"},
		{"--color", "", false, "--color needs a value"},
	} {
		line, err := arrange(app, strings.Fields(c.in))
		if got := strings.Join(line.path, " "); got != c.command || line.help != c.help {
			t.Errorf("%s: command %q, help %v", c.in, got, line.help)
		}
		if (err == nil) != (c.says == "") || err != nil && err.Error() != c.says {
			t.Errorf("%s: got %v, want %q", c.in, err, c.says)
		}
	}
}

// TestHelpExamples runs every example of every command's help with the work itself left out.
func TestHelpExamples(t *testing.T) {
	app := newApp(newTerminal(nil, nil))
	examples := regexp.MustCompile(`(?m)^\s+(?:.*\| )?bundlens (.*)$`)
	commands := app.Commands
	for _, c := range app.Commands {
		commands = append(commands, slices.DeleteFunc(slices.Clone(c.Subcommands), func(sub *cli.Command) bool { return sub.Hidden })...)
	}
	for _, c := range commands {
		found := examples.FindAllStringSubmatch(c.Description, -1)
		if len(found) == 0 {
			t.Errorf("%s: no examples", c.Name)
		}
		for _, example := range found {
			line := example[1]
			for _, end := range []string{"  ", " | ", " > ", " >> "} {
				line, _, _ = strings.Cut(line, end)
			}
			if err := parse(t, strings.Fields(line)); err != nil {
				t.Errorf("bundlens %s: %v", line, err)
			}
		}
	}
}

// parse reads a command line as Run does, without running the command.
func parse(t *testing.T, args []string) error {
	t.Helper()
	ui := newTerminal(&bytes.Buffer{}, &bytes.Buffer{})
	app := newApp(ui)
	app.Writer, app.ErrWriter = ui.stdout, ui.stderr
	ran := false
	for _, c := range app.Commands {
		for _, sub := range c.Subcommands { // the subcommands of trace run programs and servers
			sub.Action = func(*cli.Context) error {
				ran = true
				return nil
			}
		}
		action := c.Action
		c.Action = func(cctx *cli.Context) error {
			ran = true
			if c.Name == "analyze" {
				_, err := analyzeOptionsOf(cctx)
				return err
			}
			if c.Name == "schemas" {
				_, err := schemasOptionsOf(cctx)
				return err
			}
			if c.Name == "export" {
				_, err := exportOptionsOf(cctx)
				return err
			}
			if c.Name == "get" {
				_, err := getOptionsOf(cctx)
				return err
			}
			if c.Name == "extract" || c.Name == "fetch" || c.Name == "render" || c.Name == "explain" || c.Name == "query" || c.Name == "format" || c.Name == "audit" || c.Name == "sweep" || c.Name == "worker" || c.Name == "blame" {
				return nil
			}
			if c.Name == "lint" {
				_, err := lintOptionsOf(cctx)
				return err
			}
			if c.Name == "view" {
				_, err := viewOptionsOf(cctx)
				return err
			}
			if c.Name == "diff" {
				_, err := diffOptionsOf(cctx)
				return err
			}
			if c.Name == "history" {
				_, err := historyOptionsOf(cctx)
				return err
			}
			return action(cctx)
		}
	}
	line, err := arrange(app, args)
	if err != nil {
		return err
	}
	err = app.Run(append([]string{app.Name}, line.line()...))
	if err == nil && !ran && !slices.Contains(args, "--version") {
		t.Errorf("%q ran no command", args)
	}
	return err
}

func TestNearest(t *testing.T) {
	names := []string{"analyze", "extract", "json"}
	for word, want := range map[string]string{"analyse": "analyze", "jsn": "json", "extarct": "extract", "xyz": "", "": ""} {
		if got := nearest(word, names); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{&findingsError{"x"}, 1},
		{fmt.Errorf("wrapped: %w", &findingsError{"x"}), 1},
		{&blindError{"x"}, 2},
		{usageError("x", ""), 2},
		{errors.New("x"), 2},
		{context.Canceled, 130},
		{fmt.Errorf("wrapped: %w", &interruptedError{syscall.SIGTERM}), 143},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: got %d, want %d", c.err, got, c.want)
		}
	}
	var out, notes bytes.Buffer
	if code := Run([]string{"analyze", "missing.js", "-q"}, nil, &out, &notes); code != exitFailed || out.Len() > 0 || notes.Len() == 0 {
		t.Errorf("got %d, %q, %q", code, &out, &notes)
	}
}

func TestVerdict(t *testing.T) {
	whole, part := schema.Health{Complete: true}, schema.Health{}
	some := []schema.Tool{{Name: "A"}}
	for _, c := range []struct {
		doc     schema.Document
		missing []string
		code    int
		says    string
	}{
		{schema.Document{Health: whole, Tools: some}, nil, 0, ""},
		{schema.Document{Health: whole, Tools: some}, []string{"p"}, 0, ""},
		{schema.Document{Health: whole}, nil, 1, "found nothing"},
		{schema.Document{Health: part}, nil, 2, "could not see"},
		{schema.Document{Health: part, Tools: some}, nil, 2, "1 tool found"},
		{schema.Document{Health: whole}, []string{"p"}, 2, "in the package p"},
	} {
		err := verdict("in", &source.Input{Missing: c.missing}, &c.doc)
		if exitCode(err) != c.code || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: got %v", c.doc.Health, err)
		}
	}
}
