package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"

	"github.com/bundlens/bundlens/analyzer/source"
)

// The exit codes of the program.
const (
	exitClean    = 0 // done, and nothing to remark
	exitFindings = 1 // done, and there is something to remark: a difference, a lint, nothing found
	exitFailed   = 2 // not done, or not seen whole

	exitSignal = 128 // and the signal's number: a signal ended it
)

// findingsError says that the work was done and that its result calls for attention.
type findingsError struct{ what string }

// Error says what was found.
func (e *findingsError) Error() string { return e.what }

// blindError says that the input could not be seen whole, so that a result means little.
type blindError struct{ what string }

// Error says what could not be seen.
func (e *blindError) Error() string { return e.what }

// hintedError is a wrong command line, with what helps.
type hintedError struct{ what, hint string }

// Error says what is wrong, without the hint.
func (e *hintedError) Error() string { return e.what }

// exitCode is the one place where an error becomes a number.
func exitCode(err error) int {
	var findings *findingsError
	var interrupted *interruptedError
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &findings):
		return exitFindings
	case errors.As(err, &interrupted):
		return exitSignal + int(interrupted.signal)
	case errors.Is(err, context.Canceled):
		return exitSignal + int(syscall.SIGINT)
	default:
		return exitFailed
	}
}

// usageError is a wrong command line; the hint says where help is if it is empty.
func usageError(what, command string) error {
	return &hintedError{what, strings.Join(strings.Fields("run 'bundlens "+command+" --help' for usage"), " ")}
}

// usageFailed turns an error of the flag parser into one with a hint.
func usageFailed(c *cli.Context, err error, _ bool) error {
	command, flags := "", c.App.Flags
	if c.Command != nil && c.App.Command(c.Command.Name) != nil {
		command, flags = c.Command.Name, slices.Concat(c.Command.Flags, flags)
	}
	what := err.Error()
	if _, name, ok := strings.Cut(what, "flag provided but not defined: "); ok {
		dashed := "--" + strings.TrimLeft(name, "-")
		what = "unknown flag " + dashed
		if near := nearest(strings.TrimLeft(name, "-"), flagNames(flags)); near != "" {
			return &hintedError{what, "did you mean --" + near + "?"}
		}
	}
	return usageError(what, command)
}

// unknownCommand is the error for a command that is not there: of the program, or of the command of a parent.
func unknownCommand(app *cli.App, parent *cli.Command, name string) error {
	path, commands := "", app.Commands
	if parent != nil {
		path, commands = parent.Name+" ", parent.Subcommands
	}
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Names()...)
		}
	}
	what := fmt.Sprintf("unknown command %q", path+printable(name))
	if near := nearest(name, names); near != "" {
		return &hintedError{what, "did you mean '" + app.Name + " " + path + near + "'?"}
	}
	return usageError(what, strings.TrimSpace(path))
}

// flagNames are the names of flags that are longer than a letter.
func flagNames(flags []cli.Flag) []string {
	var names []string
	for _, f := range flags {
		for _, n := range f.Names() {
			if len(n) > 1 {
				names = append(names, n)
			}
		}
	}
	return names
}

// nearest is the name that is at most two letters off, or "". The cli package would propose a name for any word.
func nearest(word string, names []string) string {
	best, at := "", 3
	for _, n := range names {
		if d := smetrics.WagnerFischer(word, n, 1, 1, 1); d < at && d < len(n) {
			best, at = n, d
		}
	}
	return best
}

// describe is the text of an error for the user.
func describe(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
	if full && !errors.Is(err, source.ErrNoSpace) { // which says so
		return "the disk is full: " + err.Error()
	}
	return err.Error()
}
