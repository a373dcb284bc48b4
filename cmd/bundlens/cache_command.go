package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
)

// cacheCommand is the command that looks after the analyses that are kept.
func cacheCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:  "cache",
		Usage: "list the analyses that are kept, or remove them",
		Description: "An analysis is kept in the user's cache directory, by what was read, the version of this program and the options.\n" +
			"The same is then not analysed again; --no-cache of a command does it all the same. Together they take 1 GiB at\n" +
			"most: the ones that were not used for longest go first.\n\n" +
			"Examples:\n" +
			"  bundlens cache list\n" +
			"  bundlens cache prune --max 200\n" +
			"  bundlens cache clear",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list the analyses, the last used first: when, how large, of what, with which options",
				Description: "Examples:\n  bundlens cache list", Action: func(c *cli.Context) error { return listCache(ui) }},
			{Name: "prune", Usage: "remove those that were not used for longest",
				Description: "Examples:\n  bundlens cache prune\n  bundlens cache prune --max 200",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "max", Value: "1024", Usage: "keep `MIB` of them"}},
				Action:      func(c *cli.Context) error { return pruneCache(ui, c.String("max")) }},
			{Name: "clear", Usage: "remove all of them",
				Description: "Examples:\n  bundlens cache clear", Action: func(c *cli.Context) error { return clearCache(ui) }},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usageError(fmt.Sprintf("cache has no command %q", c.Args().First()), "cache")
			}
			return usageError("cache takes list, prune or clear", "cache")
		},
	}
}

func listCache(ui *terminal) error {
	entries, err := openCache(true).list()
	if err != nil {
		return err
	}
	rows := tabwriter.NewWriter(ui.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		fmt.Fprintf(rows, "%s\t%.1f MiB\t%s\t%s\n", e.used.Format("2006-01-02 15:04"), float64(e.Bytes)/(1<<20), printable(e.Input), e.Options)
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	ui.note("%s kept", strings.Replace(count(len(entries), "analysis"), "analysiss", "analyses", 1))
	return nil
}

func pruneCache(ui *terminal, limit string) error {
	mib, err := strconv.ParseInt(limit, 10, 32)
	if err != nil || mib < 0 {
		return usageError(fmt.Sprintf("--max takes a number of MiB, not %q", limit), "cache prune")
	}
	removed, err := openCache(true).prune(mib << 20)
	ui.note("%d removed", removed)
	return err
}

func clearCache(ui *terminal) error {
	c := openCache(true)
	entries, err := c.list()
	if err != nil {
		return err
	}
	ui.note("%d removed", len(entries))
	return c.clear()
}
