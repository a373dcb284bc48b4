package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/bunextract"
	"github.com/bundlens/bundlens/internal/regular"
)

// maxOverlap is how many times the size of a graph its modules may take together once they are written. Modules share
// bytes where a program carries the same file twice; without a bound, a small file could fill any disk.
const maxOverlap = 8

// maxSourceFrame bounds one decompressed source of a source map, in bytes.
const maxSourceFrame = 256 << 20

// extractOptions is what the user asked of extract.
type extractOptions struct {
	file       string // - is stdin
	dir        string // "" writes no files
	list       bool
	json       bool
	graphs     bool
	graph      int
	sourceMaps bool
	force      bool

	stdin          io.Reader
	stdout, stderr io.Writer
}

// extractCommand is the command that takes a program out of the executable that it was compiled into.
func extractCommand() *cli.Command {
	return &cli.Command{
		Name:      "extract",
		Usage:     "take the modules out of an executable made by bun build --compile",
		ArgsUsage: "FILE",
		Description: "Reads ELF, Mach-O and PE executables of Bun 0.6.0 to 1.4.5, and - for standard input. Without -o, lists the\n" +
			"modules and writes nothing. Text is written as UTF-8, all else as it is stored. File names are made safe:\n" +
			"--json tells which module went where.\n\n" +
			"Examples:\n" +
			"  bundlens extract app                      list the modules\n" +
			"  bundlens extract app -o modules           write them\n" +
			"  bundlens extract app -o modules --sourcemaps\n" +
			"  bundlens extract app --json | jq -r '.modules[] | select(.entry) | .file'",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the modules to `DIR`"},
			&cli.BoolFlag{Name: "list", Usage: "list the modules, also when they are written"},
			&cli.BoolFlag{Name: "json", Usage: "list them as JSON"},
			&cli.BoolFlag{Name: "graphs", Usage: "list the graphs in the file instead; reads all of it"},
			&cli.IntFlag{Name: "graph", Usage: "take graph `N` of those that --graphs lists"},
			&cli.BoolFlag{Name: "sourcemaps", Usage: "write the source maps of modules, too"},
			&cli.BoolFlag{Name: "force", Usage: "write into a directory that holds other files"},
		},
		Action: func(cctx *cli.Context) error {
			if cctx.NArg() != 1 {
				return usageError(fmt.Sprintf("extract takes one file, not %d", cctx.NArg()), "extract")
			}
			if err := asDirectory(cctx.String("output"), "extract"); err != nil {
				return err
			}
			return runExtract(cctx.Context, extractOptions{
				file:       cctx.Args().First(),
				dir:        cctx.String("output"),
				list:       cctx.Bool("list"),
				json:       cctx.Bool("json"),
				graphs:     cctx.Bool("graphs"),
				graph:      cctx.Int("graph"),
				sourceMaps: cctx.Bool("sourcemaps"),
				force:      cctx.Bool("force"),
				stdin:      standardInput(cctx.Context, cctx.App.Reader),
				stdout:     cctx.App.Writer,
				stderr:     cctx.App.ErrWriter,
			})
		},
	}
}

// runExtract does what the command says.
func runExtract(ctx context.Context, o extractOptions) error {
	if o.sourceMaps && o.dir == "" {
		return usageError("--sourcemaps needs a directory to write to: -o DIR", "extract")
	}
	f, err := o.open()
	if err != nil {
		return err
	}
	defer f.Close()
	for _, warning := range f.Warnings {
		fmt.Fprintf(o.stderr, "warning: %s: %v\n", o.file, warning)
	}
	if o.graphs {
		return o.printGraphs(f)
	}
	g, err := o.choose(f)
	if err != nil {
		return err
	}
	names := extractNames(g, o.sourceMaps)
	if o.dir != "" {
		err := writeDirAtomically(o.dir, o.force, func(tmp string) error { return writeModules(ctx, tmp, g, names) })
		if err != nil {
			return err
		}
		fmt.Fprintf(o.stderr, "%d modules written to %s\n", len(g.Modules), o.dir)
	}
	switch {
	case o.json:
		return o.printJSON(f, g, names)
	case o.list || o.dir == "":
		return o.printList(f, g)
	}
	return nil
}

// openFile is an executable, and what has to be done with it once it was read.
type openFile struct {
	*bunextract.File
	discard func()
}

// Close closes the file and discards the copy of stdin.
func (f *openFile) Close() {
	f.File.Close()
	f.discard()
}

// open opens the file. Standard input goes to a temporary file first: an executable is read from its end, too.
func (o *extractOptions) open() (*openFile, error) {
	if o.file != "-" {
		file, _, err := regular.Open(o.file)
		if err != nil {
			return nil, err
		}
		f, err := bunextract.NewFile(file)
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("%s: %w", o.file, err)
		}
		return &openFile{f, func() { file.Close() }}, nil
	}
	tmp, err := os.CreateTemp("", "bundlens-")
	if err != nil {
		return nil, err
	}
	discard := func() {
		tmp.Close()
		os.Remove(tmp.Name())
	}
	if _, err := io.Copy(tmp, o.stdin); err != nil {
		discard()
		return nil, fmt.Errorf("reading standard input: %w", err)
	}
	f, err := bunextract.NewFile(tmp)
	if err != nil {
		discard()
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return &openFile{f, discard}, nil
}

// choose returns the graph that the user wants.
func (o *extractOptions) choose(f *openFile) (*bunextract.Graph, error) {
	if o.graph == 0 {
		return f.Graph, nil
	}
	graphs, err := f.Graphs()
	if err != nil {
		return nil, err
	}
	if o.graph < 0 || o.graph >= len(graphs) {
		return nil, fmt.Errorf("%s: no graph %d, there are 0 to %d", o.file, o.graph, len(graphs)-1)
	}
	return graphs[o.graph], nil
}

// moduleFiles are the names of the files of one module, relative and separated by "/".
type moduleFiles struct {
	contents  string
	sourceMap string // "" for none
}

// extractNames names the files of a graph's modules.
func extractNames(g *bunextract.Graph, sourceMaps bool) []moduleFiles {
	// These names are taken: writeDirAtomically keeps its own files under them.
	all := []*bunextract.Module{{Name: markerName, Loader: bunextract.LoaderFile}, {Name: ".old", Loader: bunextract.LoaderFile}}
	reserved := len(all)
	safe := bunextract.SafeNames(append(all, g.Modules...))[reserved:]
	files := make([]moduleFiles, len(safe))
	for i, name := range safe {
		files[i].contents = name
		all = append(all, &bunextract.Module{Name: name, Loader: bunextract.LoaderFile})
	}
	if !sourceMaps {
		return files
	}
	// A map stands beside its module. Safe names stay as they are, so only those of maps can change here.
	for _, name := range safe {
		all = append(all, &bunextract.Module{Name: name + ".map", Loader: bunextract.LoaderFile})
	}
	maps := bunextract.SafeNames(all)[reserved+len(safe):]
	for i, m := range g.Modules {
		if m.SourceMapSize() > 0 {
			files[i].sourceMap = maps[i]
		}
	}
	return files
}

// writeModules writes a graph's modules below dir.
func writeModules(ctx context.Context, dir string, g *bunextract.Graph, files []moduleFiles) error {
	var total int64
	for _, m := range g.Modules {
		if total += m.Size(); total > maxOverlap*g.Size {
			return fmt.Errorf("the modules overlap: they take more than %d times the %d bytes of their graph", maxOverlap, g.Size)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxSourceFrame))
	if err != nil {
		return err
	}
	defer decoder.Close()
	decompress := func(frame []byte) ([]byte, error) { return decoder.DecodeAll(frame, nil) }
	for i, m := range g.Modules {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeNew(root, files[i].contents, m.Open()); err != nil {
			return fmt.Errorf("writing %s: %w", files[i].contents, err)
		}
		if files[i].sourceMap == "" {
			continue
		}
		sourceMap, err := m.SourceMap(decompress)
		if err != nil {
			return err
		}
		text, err := json.Marshal(sourceMap)
		if err != nil {
			return err
		}
		if err := writeNew(root, files[i].sourceMap, strings.NewReader(string(text))); err != nil {
			return fmt.Errorf("writing %s: %w", files[i].sourceMap, err)
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet, and the directories that it stands in.
func writeNew(root *os.Root, name string, from io.Reader) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	to, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// graphJSON is what --json prints.
type graphJSON struct {
	File        string       `json:"file"`
	Container   string       `json:"container"`
	Arch        string       `json:"arch,omitempty"`
	Location    string       `json:"location"`
	Offset      int64        `json:"offset"`
	Size        int64        `json:"size"`
	RecordSize  int          `json:"recordSize"`
	OffsetsSize int          `json:"offsetsSize"`
	Runtime     string       `json:"runtime,omitempty"`
	ExecArgv    string       `json:"execArgv,omitempty"`
	Flags       uint32       `json:"flags"`
	Entry       string       `json:"entry"`
	Warnings    []string     `json:"warnings"`
	Modules     []moduleJSON `json:"modules"`
}

// moduleJSON is a module in what --json prints. Sizes are in bytes as stored.
type moduleJSON struct {
	Name          string `json:"name"`
	File          string `json:"file"` // where -o writes it
	SourceMap     string `json:"sourceMap,omitempty"`
	Loader        string `json:"loader"`
	Encoding      string `json:"encoding"`
	Format        string `json:"format"`
	Side          string `json:"side"`
	Offset        int64  `json:"offset"`
	Size          int64  `json:"size"`
	SourceMapSize int64  `json:"sourceMapSize"`
	BytecodeSize  int64  `json:"bytecodeSize"`
	Entry         bool   `json:"entry"`
}

// printJSON prints a graph and its modules as JSON.
func (o *extractOptions) printJSON(f *openFile, g *bunextract.Graph, files []moduleFiles) error {
	version, err := f.RuntimeVersion()
	if err != nil {
		return err
	}
	out := graphJSON{
		File:        o.file,
		Container:   g.Container.String(),
		Arch:        g.Arch,
		Location:    g.Location.String(),
		Offset:      g.Offset,
		Size:        g.Size,
		RecordSize:  g.RecordSize,
		OffsetsSize: g.OffsetsSize,
		Runtime:     string(version),
		ExecArgv:    g.ExecArgv,
		Flags:       g.Flags,
		Entry:       g.Entry().Name,
		Warnings:    []string{},
	}
	for _, warning := range f.Warnings {
		out.Warnings = append(out.Warnings, warning.Error())
	}
	for i, m := range g.Modules {
		out.Modules = append(out.Modules, moduleJSON{
			Name:          m.Name,
			File:          files[i].contents,
			SourceMap:     files[i].sourceMap,
			Loader:        m.Loader.String(),
			Encoding:      m.Encoding.String(),
			Format:        m.Format.String(),
			Side:          m.Side.String(),
			Offset:        m.Offset(),
			Size:          m.Size(),
			SourceMapSize: m.SourceMapSize(),
			BytecodeSize:  m.BytecodeSize(),
			Entry:         m.IsEntry(),
		})
	}
	enc := json.NewEncoder(o.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// printList prints a graph and its modules as a table.
func (o *extractOptions) printList(f *openFile, g *bunextract.Graph) error {
	version, err := f.RuntimeVersion()
	if err != nil {
		return err
	}
	head := tabwriter.NewWriter(o.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(head, "container\t%s\n", strings.TrimSpace(g.Container.String()+" "+g.Arch))
	fmt.Fprintf(head, "graph\t%d bytes at offset %d, found by %s\n", g.Size, g.Offset, g.Location)
	fmt.Fprintf(head, "records\t%d of %d bytes\n", len(g.Modules), g.RecordSize)
	if version != "" {
		fmt.Fprintf(head, "bun\t%s\n", version)
	}
	if g.ExecArgv != "" {
		fmt.Fprintf(head, "arguments\t%s\n", printable(g.ExecArgv))
	}
	fmt.Fprintln(head)
	if err := head.Flush(); err != nil {
		return err
	}
	rows := tabwriter.NewWriter(o.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "SIZE\tLOADER\tENCODING\tENTRY\tNAME")
	for _, m := range g.Modules {
		entry := ""
		if m.IsEntry() {
			entry = "*"
		}
		fmt.Fprintf(rows, "%d\t%s\t%s\t%s\t%s\n", m.Size(), m.Loader, m.Encoding, entry, printable(path.Clean(m.Path())))
	}
	return rows.Flush()
}

// printGraphs prints the graphs of a file as a table.
func (o *extractOptions) printGraphs(f *openFile) error {
	graphs, err := f.Graphs()
	if err != nil {
		return err
	}
	rows := tabwriter.NewWriter(o.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "GRAPH\tCONTAINER\tFOUND BY\tOFFSET\tSIZE\tRECORD\tMODULES\tNESTED\tENTRY")
	for i, g := range graphs {
		container := strings.TrimSpace(g.Container.String() + " " + g.Arch)
		fmt.Fprintf(rows, "%d\t%s\t%s\t%d\t%d\t%d\t%d\t%v\t%s\n",
			i, container, g.Location, g.Offset, g.Size, g.RecordSize, len(g.Modules), g.Nested, printable(g.Entry().Path()))
	}
	return rows.Flush()
}

// printable quotes a text that could steer a terminal.
func printable(s string) string {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	return s
}
