package main

import (
	"io"

	"github.com/urfave/cli/v2"
)

// manCommand prints the program's page of the manual.
func manCommand() *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the page of the manual, or the reference of all commands",
		Description: "The page is that of all commands, in the form that man reads, or as Markdown.\n\n" +
			"Examples:\n" +
			"  bundlens man > /usr/local/share/man/man1/bundlens.1\n" +
			"  bundlens man | man -l -\n" +
			"  bundlens man --markdown > commands.md",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "markdown", Usage: "print it as Markdown"}},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usageError("man takes no arguments", "man")
			}
			page, err := c.App.ToManWithSection(1)
			if c.Bool("markdown") {
				page, err = c.App.ToMarkdown()
			}
			if err != nil {
				return err
			}
			_, err = io.WriteString(c.App.Writer, page)
			return err
		},
	}
}
