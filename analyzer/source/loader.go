package source

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// loader gathers the modules of a directory.
type loader struct {
	ctx    context.Context
	root   string
	limits Limits
	// followLinks says that files outside are read where links and imports lead there.
	followLinks bool
	// confines is the directory that holds the whole input, for what was unpacked; may be empty.
	confines string
	// named is the file that the user named, which may be a link to anywhere. Others may not.
	named string
	// directory says that the user named a directory; no import leads out of it.
	directory bool
	// left are the files outside that were not read.
	left []error
	// seal is what the files were when they were fetched; nil for others.
	seal *seal
	// unsealed is that a package.json is not what it was then.
	unsealed error
	// stubs says that small modules may start others, which are not loaded otherwise.
	stubs bool

	// listed are the folders that were looked into, folders those whose files were loaded, carried how many files that was.
	listed  map[string]map[string]bool
	folders map[string][]string
	carried int

	modules   []Module
	index     map[string]int
	total     int64
	there     map[string]bool // what has answered
	manifests map[string]*manifest
	resolver  resolver
	// resolved keeps answers by directory and specifier: modules beside each other import the same ones, and each
	// question costs dozens of looks at the file system. An empty answer is a specifier that means no file.
	resolved map[question]string
	// unmet are names that were imported and may be those of packages that are not here.
	unmet map[string]bool
}

// question is what a specifier means in the modules of a directory.
type question struct {
	dir, specifier string
	kind           ImportKind
}

func newLoader(ctx context.Context, root, confines string, opts Options) *loader {
	l := &loader{ctx: ctx, root: root, confines: confines, limits: opts.Limits, followLinks: opts.FollowLinks,
		index: map[string]int{}, there: map[string]bool{}, manifests: map[string]*manifest{}, resolved: map[question]string{},
		unmet: map[string]bool{}, listed: map[string]map[string]bool{}, folders: map[string][]string{}}
	l.resolver = resolver{has: l.has, manifest: l.manifest}
	return l
}

// file is the path of a module's file.
func (l *loader) file(name string) string {
	return filepath.Join(l.root, filepath.FromSlash(name))
}

func (l *loader) has(name string) bool {
	if l.outside(name) || path.IsAbs(name) {
		return false
	}
	there, known := l.there[name]
	if !known {
		info, err := os.Stat(l.file(name))
		there = err == nil && info.Mode().IsRegular()
		there = there && !l.leaves(name)
		l.there[name] = there
	}
	return there
}

// manifest reads a directory's package.json once. A damaged one counts as missing here.
func (l *loader) manifest(dir string) *manifest {
	if l.outside(dir) || path.IsAbs(dir) {
		return nil
	}
	m, known := l.manifests[dir]
	if !known && l.leadsOut(path.Join(dir, "package.json")) {
		known, l.manifests[dir] = true, nil
	}
	if !known {
		var err error
		var unsealed *unsealedError
		if m, err = readManifest(l.ctx, l.file(dir), l.seal); errors.As(err, &unsealed) {
			l.unsealed = err
		}
		l.manifests[dir] = m
	}
	return m
}

// add loads one file as a module, once.
func (l *loader) add(name string) error {
	if _, known := l.index[name]; known {
		return nil
	}
	if err := l.ctx.Err(); err != nil {
		return err
	}
	if len(l.modules) >= l.limits.Modules {
		return fail(l.root, ErrTooBig, "it has more modules than the limit allows")
	}
	if l.leadsOut(name) {
		return fail(l.file(name), ErrOutside, linkOut)
	}
	file := l.file(name)
	src, err := readBounded(l.ctx, file, l.limits.File)
	if err == nil {
		err = l.seal.check(file, src)
	}
	if err != nil {
		return err
	}
	m := Module{Name: name, Kind: kindOf(name, src), Size: int64(len(src))}
	if m.Kind == Asset {
		m.open = func() ([]byte, error) { return readBounded(context.WithoutCancel(l.ctx), file, l.limits.File) }
	} else {
		m.Source = src
		l.total += m.Size
	}
	if l.total > l.limits.Total {
		return fail(l.root, ErrTooBig, sizes(l.total, l.limits.Total))
	}
	l.index[name] = len(l.modules)
	l.modules = append(l.modules, m)
	return nil
}

// follow loads the files named and all that they import.
func (l *loader) follow(names ...string) error {
	for _, name := range names {
		if err := l.add(name); err != nil {
			return err
		}
	}
	for i := 0; i < len(l.modules); i++ {
		m := l.modules[i]
		if m.Kind != JS {
			continue
		}
		for spec, kind := range specifiers(m.Source) {
			if name := l.resolve(m.Name, spec, kind); name != "" {
				if err := l.add(name); err != nil {
					return err
				}
			}
		}
		if err := l.followRead(m); err != nil {
			return err
		}
		if l.stubs {
			if err := l.followStarted(m); err != nil {
				return err
			}
		}
	}
	return l.unsealed
}

// resolve answers the file that a specifier means, or "".
func (l *loader) resolve(from, specifier string, kind ImportKind) string {
	key := question{path.Dir(from), specifier, kind}
	name, known := l.resolved[key]
	if !known {
		name, _ = l.resolver.resolve(from, specifier, kind)
		l.resolved[key] = name
		if name == "" && !strings.HasPrefix(specifier, ".") {
			dependency, _ := splitPackage(specifier)
			l.unmet[dependency] = true
		}
	}
	return name
}

// followStarted loads the scripts of the input that a small module names in a string.
func (l *loader) followStarted(m Module) error {
	if strings.Contains(m.Name, "node_modules/") {
		return nil // a dependency starts nothing of the program's
	}
	for text := range started(m.Source) {
		text = strings.TrimPrefix(text, "/")
		for _, name := range []string{path.Join(path.Dir(m.Name), text), path.Join(text)} {
			if filepath.IsLocal(filepath.FromSlash(name)) && l.has(name) {
				if err := l.add(name); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// input makes an Input of what was loaded. The first module is the entry if entry says so.
func (l *loader) input(kind Kind, at string, entry int) *Input {
	in := &Input{Kind: kind, Path: at, Modules: l.modules, Entry: entry, resolver: resolver{manifest: l.manifest}, folders: l.folders}
	in.Warnings = append(in.Warnings, l.left...)
	if entry >= 0 {
		in.Modules[entry].Entry = true
	}
	return in
}

// scriptBytes is how much JavaScript was loaded.
func (l *loader) scriptBytes() (n int64) {
	for i := range l.modules {
		if l.modules[i].Kind == JS {
			n += l.modules[i].Size
		}
	}
	return n
}

// kindOf says what a file holds.
func kindOf(name string, src []byte) ModuleKind {
	switch {
	case strings.EqualFold(path.Ext(name), ".json"):
		return JSON
	case len(src) == 0 && isScriptName(name):
		return JS
	}
	switch sniff(path.Base(name), src[:min(len(src), sniffLen)]) {
	case holdsScript:
		return JS
	case holdsOtherText, holdsOtherScript:
		return Text
	}
	return Asset
}
