package source

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// openScript opens a JavaScript file with what it imports from beside it.
func openScript(ctx context.Context, file string, opts Options) (*Input, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	root, m := packageOf(ctx, filepath.Dir(abs))
	rel, err := filepath.Rel(root, abs)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	name := filepath.ToSlash(rel)
	l := newLoader(ctx, root, "", opts)
	l.named = name
	if err := l.follow(name); err != nil {
		return nil, err
	}
	in := l.input(KindFile, file, 0)
	in.Size = in.Modules[0].Size
	src := in.Modules[0].Source
	in.digest = lazily(func() string { return hexSum(src) })
	if m != nil && slices.ContainsFunc(m.programs(), func(p string) bool { return path.Clean(p) == name }) {
		in.Package, in.Version = m.name, m.version
	}
	return in, nil
}

// packageOf finds the directory upwards from dir that has a package.json; dir itself where there is none.
func packageOf(ctx context.Context, dir string) (string, *manifest) {
	for at, up := dir, 0; up < maxUp; at, up = filepath.Dir(at), up+1 {
		if m, err := readManifest(ctx, at, nil); err == nil && m != nil {
			return at, m
		}
	}
	return dir, nil
}

// openDirectory opens an unpacked package by its programs, or a folder of modules.
func openDirectory(ctx context.Context, root string, opts Options) (*Input, error) {
	p, err := openPackage(ctx, root, "", nil, opts)
	if err != nil {
		return nil, err
	}
	if p.launcher() {
		if other := p.installedPlatform(opts.Platform); other != "" {
			q, err := openPackage(ctx, other, "", nil, opts)
			if err == nil && q.outweighs(p) {
				return q.named(KindDirectory, root, p.manifest)
			}
		}
	}
	return p.named(KindDirectory, root, p.manifest)
}

// opened is a directory whose program was found: scripts or an executable.
type opened struct {
	root       string
	manifest   *manifest // nil for a plain folder
	executable string    // path of the program, where it is an executable
	loader     *loader   // its modules, where it is a script
	entry      int
	gone       []string // programs that the package.json names and that are not there, where none of them is
	opts       Options
}

// openPackage finds the program in a directory. Nothing outside of the directory confines, if there is one, is read; what
// is read is compared with sealed, if there is one.
func openPackage(ctx context.Context, root, confines string, sealed *seal, opts Options) (*opened, error) {
	m, err := readManifest(ctx, root, sealed)
	if err != nil {
		return nil, err
	}
	p := &opened{root: root, manifest: m, entry: -1, opts: opts, loader: newLoader(ctx, root, confines, opts)}
	p.loader.seal, p.loader.directory = sealed, confines == ""
	if m != nil && p.loader.leaves("package.json") {
		p.manifest, m = nil, nil
	}
	if m != nil {
		if found, err := p.fromManifest(); found || err != nil {
			return p, err
		}
	}
	p.gone = p.notThere()
	files, err := listTree(ctx, root)
	if err != nil {
		return nil, err
	}
	if p.executable = p.bunExecutable(files); p.executable != "" {
		return p, nil
	}
	return p, p.fromFolder(files)
}

// fromManifest takes the programs that the package.json names and that are there.
func (p *opened) fromManifest() (found bool, err error) {
	var scripts []string
	for _, file := range p.manifest.programs() {
		name, ok := p.loader.resolver.exact(path.Clean(file))
		if !ok || p.loader.outside(name) {
			continue
		}
		what, err := sniffFile(p.loader.file(name))
		if err != nil {
			return false, err
		}
		switch {
		case what == holdsExecutable && len(scripts) == 0 && isBunExecutable(p.loader.file(name)):
			p.executable = p.loader.file(name)
			return true, nil
		case what == holdsScript:
			scripts = append(scripts, name)
		}
	}
	if len(scripts) == 0 {
		return false, nil
	}
	p.entry, p.loader.stubs = 0, true
	return true, p.loader.follow(scripts...)
}

// notThere are the programs that the package.json names, but for the name that a package has without naming one.
func (p *opened) notThere() (names []string) {
	if p.manifest == nil {
		return nil
	}
	for _, file := range p.manifest.programs() {
		if _, ok := p.loader.resolver.exact(path.Clean(file)); !ok && file != unnamedMain {
			names = append(names, file)
		}
	}
	return names
}

// fromFolder takes all scripts of a folder.
func (p *opened) fromFolder(files []treeFile) error {
	var scripts []string
	for _, f := range files {
		if !p.loader.has(f.name) {
			continue // a link that leads out
		}
		if isScriptName(f.name) {
			scripts = append(scripts, f.name)
			continue
		}
		if path.Ext(f.name) == "" && f.size > 0 {
			if what, err := sniffFile(p.loader.file(f.name)); err == nil && what == holdsScript {
				scripts = append(scripts, f.name)
			}
		}
	}
	if len(scripts) == 0 {
		return fail(p.root, ErrNothing, "it holds no JavaScript and no executable made by Bun"+p.largest(files))
	}
	if err := p.loader.follow(scripts...); err != nil {
		return err
	}
	for _, name := range []string{"index", "main", "cli"} {
		if entry, ok := p.loader.resolver.exact(name); ok && p.entry < 0 {
			p.entry = p.loader.index[entry]
		}
	}
	return nil
}

// named makes the Input, with the names of the package that the user asked for.
func (p *opened) named(kind Kind, at string, m *manifest) (*Input, error) {
	var in *Input
	if p.executable != "" {
		var err error
		if in, err = openExecutable(p.executable, p.opts); err != nil {
			return nil, err
		}
		in.Kind = kind
	} else {
		in = p.loader.input(kind, at, p.entry)
		in.Gone = p.gone
		if p.launcher() {
			in.Missing = p.missingPlatform(p.opts.Platform)
		}
	}
	in.Path = at
	if m != nil {
		in.Package, in.Version = m.name, m.version
	}
	return in, nil
}

// outweighs says whether p holds more of a program than the launcher q does.
func (p *opened) outweighs(q *opened) bool {
	return p.executable != "" || p.loader.scriptBytes() > q.loader.scriptBytes()
}

// unmet are the packages that the program imports and declares, and that are not here.
func (p *opened) unmet() (names []string) {
	if p.manifest == nil || p.executable != "" {
		return nil
	}
	for name := range p.loader.unmet {
		if p.manifest.json.Get("dependencies." + gjson.Escape(name)).Exists() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// largest says what the largest file is, where nothing of use was found.
func (p *opened) largest(files []treeFile) string {
	if len(files) == 0 {
		return ""
	}
	largest := slices.MaxFunc(files, func(a, b treeFile) int { return cmp.Compare(a.size, b.size) })
	what, err := sniffFile(p.loader.file(largest.name))
	if err != nil {
		return ""
	}
	return "; the largest file is " + largest.name + ", and " + what.describe()
}

// treeFile is a file below a directory.
type treeFile struct {
	name string
	size int64
}

// skipped are directories that hold no modules of the program itself.
var skipped = map[string]bool{"node_modules": true, "bower_components": true}

// listTree lists the regular files of a folder in a fixed order, without hidden directories and dependencies.
func listTree(ctx context.Context, root string) ([]treeFile, error) {
	var files []treeFile
	err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		if err := cmp.Or(ctx.Err(), err); err != nil {
			return err
		}
		if d.IsDir() {
			if at != root && (skipped[d.Name()] || strings.HasPrefix(d.Name(), ".")) {
				return fs.SkipDir
			}
			return nil
		}
		info, err := os.Stat(at) // follows a link to a file
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root, at)
		files = append(files, treeFile{filepath.ToSlash(rel), info.Size()})
		return err
	})
	if err != nil && ctx.Err() == nil {
		err = fail(root, ErrUnreadable, err)
	}
	return files, err
}

// minExecutable is a size that no executable of Bun is under; the runtime alone has tens of megabytes.
const minExecutable = 1 << 20

// bunExecutable finds the largest file that is an executable made by Bun; "" where there is none.
func (p *opened) bunExecutable(files []treeFile) string {
	large := slices.DeleteFunc(slices.Clone(files), func(f treeFile) bool { return f.size < minExecutable })
	slices.SortStableFunc(large, func(a, b treeFile) int { return cmp.Compare(b.size, a.size) })
	for _, f := range large {
		file := p.loader.file(f.name)
		if what, err := sniffFile(file); err == nil && what == holdsExecutable && p.loader.has(f.name) && isBunExecutable(file) {
			return file
		}
	}
	return ""
}
