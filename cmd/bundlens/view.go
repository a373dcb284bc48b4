package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/cli/browser"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
	"github.com/bundlens/bundlens/schema/view"
)

// viewOptions is what the user asked of view.
type viewOptions struct {
	inputs   []string
	output   string
	port     int
	open     bool
	platform string
	engine   engineOptions
	stdin    io.Reader
}

// viewCommand is the command that shows documents in a browser.
func viewCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "view",
		Usage:     "explore what a program tells its model, in a browser",
		ArgsUsage: "INPUT [INPUT]",
		Description: "INPUT is a document (intel.json), a directory that analyze or history wrote, or anything that analyze takes. Two are\n" +
			"compared side by side; a directory of history becomes a timeline. Serves the page to this machine only, and prints\n" +
			"its address, until it is interrupted; -o writes it as one file, which needs no network and no server.\n\n" +
			"Exit codes: 0 it was served, or written; 2 it could not be done.\n\n" +
			"Examples:\n" +
			"  bundlens view cli.js --open\n" +
			"  bundlens view npm:@modelcontextprotocol/server-everything --port 8080\n" +
			"  bundlens view out -o report.html\n" +
			"  bundlens view old/intel.json new/intel.json\n" +
			"  bundlens view history --open",
		Flags: append(engineFlags(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the page to `FILE`, and serve nothing"},
			&cli.IntFlag{Name: "port", Usage: "serve at this `PORT`; a free one without it", DefaultText: "a free one"},
			&cli.BoolFlag{Name: "open", Usage: "open the page in the browser"},
		),
		Action: func(c *cli.Context) error {
			o, err := viewOptionsOf(c)
			if err != nil {
				return err
			}
			return runView(c.Context, ui, o)
		},
	}
}

// viewOptionsOf reads the command line.
func viewOptionsOf(c *cli.Context) (viewOptions, error) {
	o := viewOptions{inputs: c.Args().Slice(), output: c.String("output"), port: c.Int("port"), open: c.Bool("open"),
		platform: c.String("platform"), stdin: c.App.Reader}
	switch {
	case len(o.inputs) < 1 || len(o.inputs) > 2:
		return o, usageError(fmt.Sprintf("view takes one input, or two to compare, not %d", len(o.inputs)), "view")
	case o.port < 0 || o.port > 65535:
		return o, usageError(fmt.Sprintf("--port takes a number from 1 to 65535, not %d", o.port), "view")
	case o.output != "" && (o.open || o.port != 0):
		return o, usageError("-o does not go with --open or --port", "view")
	}
	var err error
	o.engine, err = engineOptionsOf(c)
	return o, err
}

// runView does what the command says.
func runView(ctx context.Context, ui *terminal, o viewOptions) error {
	page, dir, err := pageOf(ctx, ui, o)
	if err != nil {
		return err
	}
	if o.output != "" {
		return writePage(ui, o.output, page)
	}
	return serve(ctx, ui, o, view.Handler(page, dir))
}

// pageOf makes the page, and answers the directory of the history that it shows, if it shows one.
func pageOf(ctx context.Context, ui *terminal, o viewOptions) (page *view.Page, dir string, err error) {
	if len(o.inputs) == 1 && history.IsHistory(o.inputs[0]) {
		page, err = view.History(o.inputs[0], o.output == "")
		return page, o.inputs[0], err
	}
	var docs []*schema.Document
	for _, input := range o.inputs {
		doc, err := documentOf(ctx, ui, input, o.platform, o.engine, o.stdin)
		if err != nil {
			return nil, "", err
		}
		docs = append(docs, doc)
	}
	page, err = view.Documents(docs...)
	return page, "", err
}

// writePage writes the page to a file, whole or not at all.
func writePage(ui *terminal, file string, page *view.Page) (err error) {
	if file == "-" {
		_, err = page.WriteTo(ui.stdout)
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err = page.WriteTo(tmp)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("write the page: %w", err)
	}
	ui.note("written to %s", file)
	return nil
}

// serve serves to this machine until the user interrupts it.
func serve(ctx context.Context, ui *terminal, o viewOptions, handler http.Handler) error {
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)))
	if err != nil {
		return fmt.Errorf("serve the page: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	address := "http://" + listener.Addr().String() + "/"
	fmt.Fprintln(ui.stdout, address)
	ui.note("Interrupt it (Ctrl-C) to end.")
	if o.open {
		browser.Stdout, browser.Stderr = ui.notes(), ui.notes()
		if err := browser.OpenURL(address); err != nil {
			ui.note("%s could not open a browser: %v", ui.paint(ui.stderr, yellow, "warning:"), err)
		}
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
