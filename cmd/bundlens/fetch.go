package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
)

// fetchedFacts is what fetch says of what it fetched.
type fetchedFacts struct {
	Spec     string `json:"spec"`
	Path     string `json:"path"`
	Version  string `json:"version"`
	Platform string `json:"platform"`
	SHA256   string `json:"sha256"`
	Size     int64  `json:"size"`
}

// fetchOptions is what the user asked of fetch.
type fetchOptions struct {
	spec, output, platform string
	binary                 string
	force, asJSON          bool
}

// fetchCommand fetches a program without analysing it.
func fetchCommand(ui *terminal) *cli.Command {
	return &cli.Command{
		Name:      "fetch",
		Usage:     "fetch a version of a program and check that it is whole",
		ArgsUsage: "SPEC",
		Description: "SPEC is npm:NAME[@VERSION|@TAG], fetched through the npm client, compared with the registry's digest and unpacked to\n" +
			"a directory; or channel:BASE_URL[@latest|@stable|@VERSION], a place from which executables are published. Of a\n" +
			"channel it reads BASE_URL/latest, then BASE_URL/VERSION/manifest.json, in which \"platforms\" gives each platform a\n" +
			"\"checksum\" (SHA-256), a \"size\" and perhaps a \"binary\", and fetches BASE_URL/VERSION/PLATFORM/BINARY. It goes on\n" +
			"where an earlier run was interrupted. A file is put in its place only when its size and digest are right.\n" +
			"Prints the path of what was fetched.\n\n" +
			"Examples:\n" +
			"  bundlens fetch npm:NAME@1.2.3\n" +
			"  bundlens fetch npm:NAME@latest -o package\n" +
			"  bundlens fetch channel:https://example.com/releases --platform darwin-arm64\n" +
			"  bundlens fetch channel:https://example.com/releases@1.2.3 -o program",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "put it at `PATH`; named after program and version if not given"},
			&cli.StringFlag{Name: "platform", Value: "linux-x64", Usage: "of a channel: fetch the program for `PLATFORM`"},
			&cli.StringFlag{Name: "binary", Usage: "of a channel: the executable is called `NAME` where the manifest does not say"},
			&cli.BoolFlag{Name: "force", Usage: "replace what is there"},
			&cli.BoolFlag{Name: "json", Usage: "print what was fetched as JSON"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError("fetch takes one specification", "fetch")
			}
			if err := asDirectory(c.String("output"), "fetch"); err != nil {
				return err
			}
			return runFetch(c.Context, ui, fetchOptions{spec: c.Args().First(), output: c.String("output"), platform: c.String("platform"),
				binary: c.String("binary"), force: c.Bool("force"), asJSON: c.Bool("json")})
		},
	}
}

// runFetch does what the command says.
func runFetch(ctx context.Context, ui *terminal, o fetchOptions) error {
	opts := ui.sourceOptions(o.platform)
	opts.Progress = func(s source.Step) { ui.progress(s.Name, s.Done, s.Total) }
	var facts *fetchedFacts
	var err error
	switch {
	case strings.HasPrefix(o.spec, "npm:"):
		facts, err = fetchNPM(ctx, o, opts)
	case strings.HasPrefix(o.spec, "channel:"):
		if err := ui.mayFetch(o.spec); err != nil {
			return err
		}
		facts, err = fetchChannel(ctx, o, opts)
	default:
		return usageError(fmt.Sprintf("fetch takes npm:NAME or channel:BASE_URL, not %q", o.spec), "fetch")
	}
	ui.endProgress()
	if err != nil {
		return err
	}
	ui.detail("%s: %d bytes, SHA-256 %s", facts.Path, facts.Size, facts.SHA256)
	if o.asJSON {
		return schema.Encode(ui.stdout, facts)
	}
	_, err = fmt.Fprintln(ui.stdout, facts.Path)
	return err
}

// fetchNPM unpacks a package to a directory.
func fetchNPM(ctx context.Context, o fetchOptions, opts source.Options) (*fetchedFacts, error) {
	p, err := source.FetchPackage(ctx, strings.TrimPrefix(o.spec, "npm:"), opts)
	if err != nil {
		return nil, err
	}
	dir := o.output
	if dir == "" {
		dir = strings.ReplaceAll(strings.TrimPrefix(p.Name, "@"), "/", "-") + "-" + p.Version
	}
	if err := writeDirAtomically(dir, o.force, func(tmp string) error { return copyTree(ctx, p.Dir, tmp) }); err != nil {
		return nil, err
	}
	return &fetchedFacts{Spec: "npm:" + p.Name + "@" + p.Version, Path: dir, Version: p.Version, SHA256: p.SHA256, Size: p.Size}, nil
}

// copyTree copies the files below a directory.
func copyTree(ctx context.Context, from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return firstOf(err, ctx.Err())
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		return copyFile(path, target)
	})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// programStarts are how files that can be run begin: scripts, and the executables of the systems there are.
var programStarts = []string{"#!", "\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"}

// copyFile copies a file, and lets it be run if it is a program: the cache, which is only read, does not keep that.
func copyFile(from, to string) error {
	in, _, err := regular.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	start := make([]byte, 4)
	n, err := io.ReadFull(in, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	mode := fs.FileMode(0o666)
	for _, s := range programStarts {
		if strings.HasPrefix(string(start[:n]), s) {
			mode = 0o777
		}
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.MultiReader(strings.NewReader(string(start[:n])), in))
	return firstOf(err, out.Close())
}

// fetchChannel fetches an executable.
func fetchChannel(ctx context.Context, o fetchOptions, opts source.Options) (*fetchedFacts, error) {
	channel, err := source.ParseChannel(o.spec)
	if err != nil {
		return nil, err
	}
	if o.binary != "" {
		channel.Binary = o.binary
	}
	a, err := channel.Resolve(ctx, o.platform)
	if err != nil {
		return nil, err
	}
	target := o.output
	if target == "" {
		ext := filepath.Ext(a.Name)
		if ext != ".exe" {
			ext = ""
		}
		target = strings.TrimSuffix(a.Name, ext) + "-" + a.Version + "-" + a.Platform + ext
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s: is a directory, not a place for a file", target)
	case err == nil && !o.force:
		return nil, fmt.Errorf("%s: is there already (use --force to replace it)", target)
	}
	if err := channel.Download(ctx, a, target, opts); err != nil {
		return nil, err
	}
	info, err = os.Stat(target)
	if err != nil {
		return nil, err
	}
	return &fetchedFacts{Spec: "channel:" + channel.Base + "@" + a.Version, Path: target, Version: a.Version, Platform: a.Platform,
		SHA256: a.SHA256, Size: info.Size()}, nil
}
