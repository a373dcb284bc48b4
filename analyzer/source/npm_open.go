package source

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/regular"
)

// maxForwards is how many packages may each name the next one as the one to look into.
const maxForwards = 4

// maxDamaged is how many directories of the cache may turn out to be damaged, one after the other.
const maxDamaged = 8

// openNPM opens a package of the npm registry, or the platform's package where it is only a launcher for that. What is
// damaged in the cache is fetched again.
func openNPM(ctx context.Context, spec string, opts Options) (*Input, error) {
	for damaged := 0; ; damaged++ {
		in, err := openNPMForward(ctx, spec, opts, 0)
		var unsealed *unsealedError
		if !errors.As(err, &unsealed) || damaged == maxDamaged {
			return in, err
		}
		if err := os.RemoveAll(unsealed.dir); err != nil {
			return nil, err
		}
	}
}

func openNPMForward(ctx context.Context, spec string, opts Options, forwards int) (*Input, error) {
	name, version := splitSpec(spec)
	got, err := fetch(ctx, name, version, opts)
	if err != nil {
		return nil, err
	}
	p, err := openPackage(ctx, got.dir, got.dir, got.seal, opts)
	var of *manifest
	if err == nil {
		of = p.manifest
	} else if of, _ = readManifest(ctx, got.dir, got.seal); of == nil || !errors.Is(err, ErrNothing) {
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
	p, warning, err := withDependencies(ctx, p, got, opts)
	if err != nil {
		return nil, err
	}
	in, err := p.named(KindPackage, got.dir, of)
	if err != nil {
		return nil, renamed(err, got.dir, got.spec())
	}
	in.Missing = nil // the packages of the platform were looked at
	if warning != nil {
		in.Warnings = append(in.Warnings, warning)
		for _, name := range p.unmet() {
			in.Modules = append(in.Modules, Module{Name: "node_modules/" + name, Kind: JS, Err: warning})
		}
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
		q, err := openPackage(ctx, got.dir, got.dir, got.seal, opts)
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
// bundle builds its schemas with a library of its own. Where they can't be had, the package is taken as it is, with a
// warning; a disk that is full or a cache that is damaged is an error.
func withDependencies(ctx context.Context, p *opened, got *fetched, opts Options) (q *opened, warning, err error) {
	if len(p.unmet()) == 0 {
		return p, nil, nil
	}
	cache, err := cacheDir(opts)
	if err != nil {
		return nil, nil, err
	}
	tree := slot(cache, got.Name, got.Version) + "+dependencies"
	sealed := readSeal(tree)
	if sealed == nil {
		npm := client{asked: got.spec(), progress: opts.Progress, offline: opts.Offline, fetching: opts.Fetching}
		sealed, err = npm.install(ctx, cache, got.Name+"@"+got.Version, tree)
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case errors.Is(err, ErrNoSpace):
			return nil, nil, err
		case err != nil:
			return p, fail(got.spec(), ErrDependencies, err), nil
		}
	}
	q, err = openPackage(ctx, filepath.Join(tree, "node_modules", filepath.FromSlash(got.Name)), tree, sealed, opts)
	return q, nil, renamed(err, tree, got.spec())
}

// install makes the directory tree hold a package with its dependencies. Nothing of them is run.
func (c client) install(ctx context.Context, cache, spec, tree string) (*seal, error) {
	c.progress(Step{Name: "fetching the dependencies of " + c.asked})
	tmp, err := fetchingDir(cache)
	if err != nil {
		return nil, noSpace(c.asked, err)
	}
	defer os.RemoveAll(tmp)
	// Without a package.json the client would look for one further up.
	if err := os.WriteFile(filepath.Join(tmp, "package.json"), []byte("{}"), 0o666); err != nil {
		return nil, noSpace(c.asked, err)
	}
	forget, err := c.configure(ctx, tmp)
	if err != nil {
		return nil, noSpace(c.asked, err)
	}
	_, err = c.run(ctx, "install", spec, "--json", "--prefix", tmp, "--ignore-scripts", "--omit=dev",
		"--omit=optional", "--no-audit", "--no-fund", "--no-bin-links", "--no-package-lock")
	if err := errors.Join(err, forget()); err != nil {
		return nil, err
	}
	if err := c.complete(ctx, tmp); err != nil {
		return nil, err
	}
	s, err := moveSealed(tmp, tree)
	return s, noSpace(c.asked, err)
}

// configure lets the project's .npmrc count for what the client does in dir, as it does for what it does in the project.
// It may hold passwords, and forget takes it away.
func (c client) configure(ctx context.Context, dir string) (forget func() error, err error) {
	out, err := c.run(ctx, "prefix")
	if err != nil {
		return nil, err
	}
	config, at := filepath.Join(strings.TrimSpace(string(out)), npmrc), filepath.Join(dir, npmrc)
	if _, err := os.Stat(config); err != nil {
		return func() error { return nil }, nil
	}
	return func() error { return os.Remove(at) }, os.Symlink(config, at)
}

const npmrc = ".npmrc"

// complete compares what the client installed with its own list: of each package the package.json is there and is one.
func (c client) complete(ctx context.Context, dir string) error {
	list, err := regular.Read(ctx, filepath.Join(dir, "node_modules", ".package-lock.json"), maxSeal)
	if err != nil || !gjson.ValidBytes(list) {
		return fail(c.asked, ErrFetch, "the npm client left no list of what it installed")
	}
	gjson.GetBytes(list, "packages").ForEach(func(key, about gjson.Result) bool {
		m, problem := readManifest(ctx, filepath.Join(dir, filepath.FromSlash(key.String())), nil)
		switch {
		case about.Get("link").Bool() || m == nil && problem == nil && about.Get("optional").Bool():
		case problem != nil || m == nil || m.version != about.Get("version").String():
			err = fail(c.asked, ErrFetch, "of its dependencies "+key.String()+" is not whole")
		}
		return err == nil
	})
	return err
}
