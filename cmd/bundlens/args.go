package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// arrange puts the arguments in the order that the cli package needs, which stops to look for flags at the first
// argument that is none: flags of the program, command, flags of the command, "--", arguments. A user may write flags
// before or after the arguments; what stands behind a "--" of the user's is no flag. The command comes first among
// the arguments. Where help is asked for, the rest of the line counts no more.
func arrange(app *cli.App, args []string) (arranged, error) {
	app.Setup() // adds the commands and flags for help
	var a arranged
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			a.rest = append(a.rest, args[i+1:]...)
			return a, nil
		case arg == "-h" || arg == "--help" || arg == "help" && a.mayBeCommand():
			a.help = true
		case len(arg) > 1 && arg[0] == '-':
			if !a.flag(app, arg) {
				continue
			}
			if i+1 == len(args) || a.isFlag(app, args[i+1]) {
				return a, a.valueMissing(arg, args[i+1:])
			}
			i++
			*a.last = append(*a.last, args[i])
		case len(a.rest) == 0 && a.named(app, arg) != nil:
			a.command = a.named(app, arg)
			a.path = append(a.path, a.command.Name)
		default:
			a.rest = append(a.rest, arg)
		}
	}
	return a, nil
}

// mayBeCommand says whether the next argument may name a command.
func (a *arranged) mayBeCommand() bool {
	return len(a.rest) == 0 && (a.command == nil || len(a.command.Subcommands) > 0)
}

// isFlag says whether an argument is a flag, rather than the value of the one before it.
func (a *arranged) isFlag(app *cli.App, arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return arg == "--" || len(arg) > 1 && arg[0] == '-' && (a.find(app, name) != nil || arg == "-h" || arg == "--help")
}

// valueMissing is the error for a flag whose value was forgotten; rest is what follows it.
func (a *arranged) valueMissing(flag string, rest []string) error {
	what := flag + " needs a value"
	if len(rest) > 0 && rest[0] != "--" {
		what += ", and " + rest[0] + " is a flag"
	}
	return usageError(what, strings.Join(a.path, " "))
}

// arranged are arguments by what they are.
type arranged struct {
	command             *cli.Command // the innermost
	path                []string     // the names of it and of those around it
	global, local, rest []string
	help                bool      // help is asked for
	last                *[]string // where the last flag went
}

// named is the command that an argument names: one of the program's, or of the command that was named before it.
func (a *arranged) named(app *cli.App, arg string) *cli.Command {
	if a.command == nil {
		return app.Command(arg)
	}
	for _, c := range a.command.Subcommands {
		if c.HasName(arg) {
			return c
		}
	}
	return nil
}

// flag files a flag with the program or the command; wantsValue says that the next argument is its value.
func (a *arranged) flag(app *cli.App, arg string) (wantsValue bool) {
	name, _, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	a.last = &a.local
	found := a.find(app, name)
	if found != nil && (a.command == nil || !slices.Contains(a.command.Flags, found)) {
		a.last = &a.global
	}
	*a.last = append(*a.last, arg)
	_, isBool := found.(*cli.BoolFlag)
	return found != nil && !isBool && !joined
}

// find returns the flag of a name: the command's, or the program's.
func (a *arranged) find(app *cli.App, name string) cli.Flag {
	if a.command != nil {
		if f := flagNamed(a.command.Flags, name); f != nil {
			return f
		}
	}
	return flagNamed(app.Flags, name)
}

// line is the command line in order.
func (a *arranged) line() []string {
	line := a.global
	switch {
	case a.command != nil:
		line = append(append(line, a.path...), a.local...)
	case len(a.rest) == 0:
		line = append(line, a.local...)
	}
	if len(a.rest) > 0 {
		line = append(append(line, "--"), a.rest...)
	}
	return line
}

// flagNamed finds a flag by any of its names.
func flagNamed(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}
