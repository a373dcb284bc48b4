package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// maxForwards is how many packages may each name the next one as the one to look into.
const maxForwards = 4

// openNPM opens a package of the npm registry, or the platform's package where it is only a launcher for that.
func openNPM(ctx context.Context, spec string, opts Options) (*Input, error) {
	return openNPMForward(ctx, spec, opts, 0)
}

func openNPMForward(ctx context.Context, spec string, opts Options, forwards int) (*Input, error) {
	name, version := splitSpec(spec)
	got, err := fetch(ctx, name, version, opts)
	if err != nil {
		return nil, err
	}
	p, err := openPackage(ctx, got.dir, got.dir, opts)
	var of *manifest
	if err == nil {
		of = p.manifest
	} else if of, _ = readManifest(got.dir); of == nil || !errors.Is(err, ErrNothing) {
		return nil, renamed(err, got.dir, got.spec())
	}
	if next := of.forward(); err != nil && next != "" && forwards < maxForwards {
		return openNPMForward(ctx, next, opts, forwards+1)
	}
	if err != nil || p.launcher() {
		if q, part, platformErr := fetchPlatform(ctx, of, p, opts); q != nil {
			p, got, err = q, part, nil
		} else if platformErr != nil {
			return nil, platformErr
		}
	}
	if err != nil {
		return nil, renamed(err, got.dir, got.spec())
	}
	p, warning := withDependencies(ctx, p, got, opts)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	in, err := p.named(KindPackage, got.dir, of)
	if err != nil {
		return nil, renamed(err, got.dir, got.spec())
	}
	in.Missing = nil // the packages of the platform were looked at
	if warning != nil {
		in.Warnings = append(in.Warnings, warning)
	}
	in.Size = got.Size
	in.digest = func() string { return got.SHA256 }
	return in, nil
}

// forward is the dependency, as NAME@VERSION, that holds the program of a package that was renamed: its bin lies there.
func (m *manifest) forward() string {
	for _, file := range m.programs() {
		inside, ok := strings.CutPrefix(path.Clean(file), "node_modules/")
		if !ok {
			continue
		}
		name, _ := splitPackage(inside)
		if spec := m.json.Get("dependencies." + gjson.Escape(name)); spec.Exists() {
			return name + "@" + spec.String()
		}
	}
	return ""
}

// fetchPlatform fetches the packages of the platform until one holds more of the program than p, which may be nil.
// Only a package whose name belongs to the launcher is one without which the program is not complete.
func fetchPlatform(ctx context.Context, of *manifest, p *opened, opts Options) (*opened, *fetched, error) {
	for _, d := range of.platformPackages(opts.Platform) {
		got, err := fetch(ctx, d.name, d.spec, opts)
		if err != nil {
			if d.related {
				return nil, nil, err
			}
			continue
		}
		q, err := openPackage(ctx, got.dir, got.dir, opts)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err == nil && (p == nil || q.outweighs(p)) {
			return q, got, nil
		}
		if d.related && errors.Is(err, ErrNothing) && holdsProgram(ctx, got.dir) {
			return nil, nil, fail("npm:"+of.name+"@"+of.version, ErrNothing,
				"its program is in "+got.spec()+", an executable that was not made by Bun")
		}
	}
	return nil, nil, nil
}

// holdsProgram says whether a folder holds an executable, other than a library for a JavaScript program.
func holdsProgram(ctx context.Context, dir string) bool {
	files, _ := listTree(ctx, dir)
	return slices.ContainsFunc(files, func(f treeFile) bool {
		if f.size < minExecutable || path.Ext(f.name) == ".node" {
			return false
		}
		what, err := sniffFile(filepath.Join(dir, filepath.FromSlash(f.name)))
		return err == nil && what == holdsExecutable
	})
}

// withDependencies opens a package again among its dependencies where it imports some: a program that is not one
// bundle builds its schemas with a library of its own. Without them the package is analysed as it is, with a warning.
func withDependencies(ctx context.Context, p *opened, got *fetched, opts Options) (*opened, error) {
	if !p.lacks() {
		return p, nil
	}
	cache, err := cacheDir(opts)
	if err != nil {
		return p, err
	}
	tree := slot(cache, got.Name, got.Version) + "+dependencies"
	if _, err := os.Stat(tree); err != nil {
		npm := client{asked: got.spec(), progress: opts.Progress}
		if err := npm.install(ctx, cache, got.Name+"@"+got.Version, tree); err != nil {
			return p, fmt.Errorf("its dependencies are not here: %w", err)
		}
	}
	q, err := openPackage(ctx, filepath.Join(tree, "node_modules", filepath.FromSlash(got.Name)), tree, opts)
	if err != nil {
		return p, err
	}
	return q, nil
}

// install makes the directory tree hold a package with its dependencies. Nothing of them is run.
func (c client) install(ctx context.Context, cache, spec, tree string) error {
	c.progress(Step{Name: "fetching the dependencies of " + c.asked})
	tmp, err := fetchingDir(cache)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	// Without a package.json the client would look for one further up.
	if err := os.WriteFile(filepath.Join(tmp, "package.json"), []byte("{}"), 0o666); err != nil {
		return err
	}
	if _, err := c.run(ctx, tmp, "install", spec, "--json", "--prefix", tmp, "--ignore-scripts", "--omit=dev",
		"--omit=optional", "--no-audit", "--no-fund", "--no-bin-links", "--no-package-lock"); err != nil {
		return err
	}
	if err := os.Rename(tmp, tree); err != nil {
		if _, there := os.Stat(tree); there != nil {
			return err
		}
	}
	return nil
}
