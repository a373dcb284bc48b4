// Command bundlens reads the minified JavaScript of an agent program, as shipped, and says what that program tells its
// model: its tools with their JSON Schemas and descriptions.
package main

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func main() {
	collectLate()
	os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// collectLate lets the heap grow to 16 MB, not 4, before garbage is collected for the first time: a command that only looks
// something up in a Document ends before that, and a collection is a tenth of its time. From then on it is as usual.
func collectLate() {
	const usual, patient = 100, 400
	if before := debug.SetGCPercent(patient); before != usual { // GOGC says otherwise
		debug.SetGCPercent(before)
		return
	}
	type mark struct{ _ *byte } // with a pointer, so that it shares no memory with what lives longer
	runtime.AddCleanup(new(mark), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// Run runs the program with the given arguments, without its own name, and answers its exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible()
	defer stop()
	ui := newTerminal(stdout, stderr)
	app := newApp(ui)
	app.Reader, app.Writer, app.ErrWriter = stdin, stdout, ui.notes()
	if last := len(args) - 1; last >= 0 && args[last] == completionFlag() {
		return ui.conclude(complete(app, args[:last]))
	}
	line, err := arrange(app, args)
	if err == nil && !line.help {
		err = line.configure(app, os.Getenv)
	}
	switch {
	case err != nil:
	case line.help:
		err = showHelp(app, line)
	default:
		err = untilInterrupted(ctx, func() error { return app.RunContext(ctx, append([]string{app.Name}, line.line()...)) })
	}
	return ui.conclude(err)
}

// newApp puts the commands together.
func newApp(ui *terminal) *cli.App {
	app := &cli.App{
		Name:  "bundlens",
		Usage: "says what an agent program tells its model, from the program as it is shipped",
		Description: "It reads minified JavaScript, npm packages and executables made by Bun. It runs nothing of what it reads;\n" +
			"only trace runs a program.\n\n" +
			"Exit codes: 0 nothing to remark; 1 something was found, or nothing where there should be something;\n" +
			"2 it could not be done, or the input could not be seen whole.\n\n" +
			"What is typed often may stand in a file bundlens.yaml in the working directory, or in the one that BUNDLENS_CONFIG\n" +
			"names: flags by their names, and those of one command below its name. BUNDLENS_NAME is the environment variable for\n" +
			"the flag --name. What is typed counts first, then the environment, then the file.",
		Flags:       globalFlags(),
		HideVersion: true, // its -v would be taken from --verbose
		Commands: []*cli.Command{
			analyzeCommand(ui),
			schemasCommand(ui),
			exportCommand(ui),
			getCommand(ui),
			renderCommand(ui),
			viewCommand(ui),
			explainCommand(ui),
			formatCommand(ui),
			auditCommand(ui),
			queryCommand(ui),
			extractCommand(),
			fetchCommand(ui),
			traceCommand(ui),
			lintCommand(ui),
			diffCommand(ui),
			historyCommand(ui),
			blameCommand(ui),
			sweepCommand(ui),
			workerCommand(ui),
			cacheCommand(ui),
			completionCommand(),
			manCommand(),
			versionCommand(),
		},
		Before:                    ui.configure,
		Action:                    noCommand,
		OnUsageError:              usageFailed,
		ExitErrHandler:            func(*cli.Context, error) {}, // Run decides on the exit code
		DisableSliceFlagSeparator: true,                         // a value may hold a comma
	}
	for _, c := range app.Commands {
		c.OnUsageError = usageFailed
	}
	return app
}

// globalFlags are those that every command takes.
func globalFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour the output: `auto|always|never`", DefaultText: "auto"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but results and errors"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "say more about what is done"},
		&cli.StringFlag{Name: "cache-dir", Usage: "keep what is fetched in `DIR`", DefaultText: "below the user's cache directory"},
		&cli.BoolFlag{Name: "offline", Usage: "fetch nothing: a package has to be in the cache, by an exact version"},
		&cli.BoolFlag{Name: "follow-links", Usage: "read what lies outside of a directory, too, where its links and imports lead there"},
		&cli.BoolFlag{Name: "version", Usage: "print the version"},
	}
}

// noCommand runs where no command was recognised.
func noCommand(c *cli.Context) error {
	if c.Bool("version") {
		return printVersion(c)
	}
	if c.NArg() > 0 {
		return unknownCommand(c.App, nil, c.Args().First())
	}
	c.App.Writer = c.App.ErrWriter // nobody asked for it
	if err := cli.ShowAppHelp(c); err != nil {
		return err
	}
	return usageError("no command was given", "")
}
