package main

import (
	"github.com/urfave/cli/v2"
	"strings"

	"github.com/bundlens/bundlens/schema/trace"
	"github.com/bundlens/bundlens/schema/trace/live"
)

// traceCommand holds the commands that see what a program really sends. They are the only ones that run a program.
func traceCommand(ui *terminal) *cli.Command {
	c := &cli.Command{
		Name:      "trace",
		Usage:     "see what a program really sends to its model",
		ArgsUsage: "COMMAND",
		Description: "The other commands read a program; these run it, or read what another run recorded. Captures hold what the program\n" +
			"sent, without keys, tokens and cookies; keep them to yourself all the same.\n\n" +
			"Examples:\n" +
			"  bundlens trace run --offline --mode print -- ./program\n" +
			"  bundlens trace run --dir captures -- ./program --flag \"a question\"\n" +
			"  bundlens trace hook > hook.cjs\n" +
			"  bundlens trace serve --dir captures\n" +
			"  bundlens trace show captures\n" +
			"  bundlens trace schemas captures --intel out/intel.json",
		Subcommands: []*cli.Command{
			traceRunCommand(ui),
			traceServeCommand(ui),
			traceHookCommand(ui),
			traceShowCommand(ui),
			traceSchemasCommand(ui),
			{Name: "inside", Hidden: true, HideHelp: true, Action: func(c *cli.Context) error {
				plans, reports := live.InsideFiles()
				return live.Inside(c.Context, plans, reports, c.App.Reader, ui.stdout, ui.stderr)
			}},
			{Name: "mcp-stub", Hidden: true, HideHelp: true, Action: func(c *cli.Context) error {
				return live.ServeMCP(c.App.Reader, ui.stdout)
			}},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return unknownCommand(c.App, c.Command, c.Args().First())
			}
			return usageError("trace takes a command", "trace")
		},
	}
	for _, sub := range c.Subcommands {
		sub.OnUsageError = usageFailed
	}
	return c
}

// traceHookCommand prints the script that records from inside a program.
func traceHookCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:  "hook",
		Usage: "print the script that records from inside a program",
		Description: "The script is loaded before a program of Node or Bun, executables made by Bun included, and records its requests\n" +
			"to the model with their answers, a JSON file each. Its settings, environment variables, stand in its head.\n\n" +
			"Examples:\n" +
			"  bundlens trace hook > hook.cjs\n" +
			"  BUNDLENS_TRACE_DIR=captures NODE_OPTIONS=--require=./hook.cjs node cli.js\n" +
			"  BUNDLENS_TRACE_DIR=captures BUN_OPTIONS=--preload=./hook.cjs ./program",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usageError("trace hook takes no arguments", "trace hook")
			}
			_, err := ui.stdout.Write(live.Hook())
			return err
		},
	}
}

// pathsFlag says which requests count.
func pathsFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "path", Usage: "count requests whose path ends with `PATH`; may be repeated",
		DefaultText: strings.Join(trace.DefaultPaths, ", ")}
}

func readOptions(c *cli.Context) trace.Options {
	return trace.Options{Paths: c.StringSlice("path"), MaxRecord: int64(c.Int("max-record")) << 20}
}

func maxRecordFlag() cli.Flag {
	return &cli.IntFlag{Name: "max-record", Value: 64, Usage: "leave out a record of more than `MIB`, and say so"}
}
