package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// parentTemplate is the help of a command that has commands of its own. The cli package lists them only while it runs one.
const parentTemplate = `NAME:
   {{template "helpNameTemplate" .}}

USAGE:
   {{template "usageTemplate" .}}

DESCRIPTION:
   {{template "descriptionTemplate" .}}

COMMANDS:{{range .Subcommands}}{{if not .Hidden}}
   {{.Name}}{{"\t"}}{{.Usage}}{{end}}{{end}}
`

// showHelp prints the help of the program, or of the command that the user named; that of one with commands of its own
// lists them.
func showHelp(app *cli.App, line arranged) error {
	c := line.command
	if len(line.rest) > 0 && line.mayNameMore() {
		return unknownCommand(app, c, line.rest[0])
	}
	if c == nil {
		return cli.ShowAppHelp(cli.NewContext(app, nil, nil))
	}
	c.HelpName = strings.Join(append([]string{app.Name}, line.path...), " ")
	template := cli.CommandHelpTemplate
	if len(c.Subcommands) > 0 {
		template = parentTemplate
	}
	cli.HelpPrinter(app.Writer, template, c)
	return nil
}

// mayNameMore says whether the arguments after the command should have named one.
func (a *arranged) mayNameMore() bool { return a.command == nil || len(a.command.Subcommands) > 0 }
