package source

import (
	"path"
	"slices"
	"strings"
)

// ImportKind says how a module refers to another one, on which the file may depend that it gets.
type ImportKind int

// An import declaration or import() is of the first kind, require() of the second.
const (
	ByImport ImportKind = iota
	ByRequire
)

// resolver finds the module that a specifier means. Names are paths with forward slashes; what stands behind them,
// files or a table, is its two functions.
type resolver struct {
	// has says whether there is a file of that name.
	has func(name string) bool
	// manifest gives the package.json of a directory; nil where there is none.
	manifest func(dir string) *manifest
}

// Resolve answers the index of the module that specifier means in the module called from. It knows what Node and Bun
// know: relative paths, absolute names, left-out extensions, index files, node_modules with exports, and imports.
// The algorithms are those of https://nodejs.org/api/esm.html#resolution-algorithm-specification and of
// https://nodejs.org/api/modules.html#all-together.
func (in *Input) Resolve(from, specifier string, kind ImportKind) (int, bool) {
	name, ok := in.resolver.resolve(from, specifier, kind)
	if !ok {
		return -1, false
	}
	i, ok := in.index[name]
	return i, ok
}

// link makes the table of names. Of two modules of one name the first counts.
func (in *Input) link() {
	in.index = make(map[string]int, len(in.Modules))
	for i := range in.Modules {
		if _, taken := in.index[in.Modules[i].Name]; !taken {
			in.index[in.Modules[i].Name] = i
		}
	}
	in.resolver.has = func(name string) bool {
		_, ok := in.index[name]
		return ok
	}
	if in.resolver.manifest == nil {
		in.resolver.manifest = func(string) *manifest { return nil }
	}
}

// resolve answers the name of the module that specifier means in the module called from.
func (r resolver) resolve(from, specifier string, kind ImportKind) (string, bool) {
	specifier = strings.TrimPrefix(specifier, "file://")
	from = strings.ReplaceAll(from, `\`, "/")
	specifier = strings.ReplaceAll(specifier, `\`, "/")
	if name, ok := r.resolvePlain(from, specifier, kind); ok {
		return name, true
	}
	if cut := strings.IndexAny(specifier, "?"); cut > 0 {
		return r.resolvePlain(from, specifier[:cut], kind)
	}
	return "", false
}

func (r resolver) resolvePlain(from, specifier string, kind ImportKind) (string, bool) {
	switch {
	case specifier == "" || IsBuiltin(specifier):
		return "", false
	case isRelative(specifier):
		name := path.Join(path.Dir(from), specifier)
		if last := specifier[strings.LastIndexByte(specifier, '/')+1:]; last == "" || last == "." || last == ".." {
			return r.directory(name)
		}
		return r.file(name)
	case strings.HasPrefix(specifier, "#"):
		return r.internal(from, specifier, kind)
	case strings.HasPrefix(specifier, "/") || strings.Contains(specifier, ":/"):
		return r.absolute(specifier)
	}
	if r.has(specifier) {
		return specifier, true
	}
	return r.dependency(from, specifier, kind)
}

// isRelative tells a specifier that starts at the module's own directory.
func isRelative(specifier string) bool {
	first, _, _ := strings.Cut(specifier, "/")
	return first == "." || first == ".."
}

// IsBeside tells a specifier that names a JavaScript module of the same program: a file beside the module, by its name
// with or without its extension.
func IsBeside(specifier string) bool {
	if !isRelative(specifier) {
		return false
	}
	switch path.Ext(specifier) {
	case ".node", ".wasm", ".json", ".css", ".html", ".txt", ".md", ".yaml", ".yml":
		return false
	}
	return true
}

// IsStrict tells whether a module is an ES module by its name or by the package.json around it, for Node and for
// bundlers, whatever stands in it.
func (in *Input) IsStrict(module int) bool {
	name := in.Modules[module].Name
	switch path.Ext(name) {
	case ".mjs":
		return true
	case ".cjs":
		return false
	}
	for dir := path.Dir(name); ; dir = parent(dir) {
		if m := in.resolver.manifest(dir); m != nil {
			return m.json.Get("type").String() == "module"
		}
		if atTop(dir) {
			return false
		}
	}
}

// Manifest is a package.json of a package that modules of an input belong to. Its name is that of a file among the modules.
type Manifest struct {
	Name string
	Text []byte
}

// Manifests gives the package.json files that say how the modules are found and read: those around each module, up to
// that of its package, in the order of their names.
func (in *Input) Manifests() (found []Manifest) {
	seen := map[string]bool{}
	for i := range in.Modules {
		for dir := path.Dir(in.Modules[i].Name); !seen[dir]; dir = parent(dir) {
			seen[dir] = true
			m := in.resolver.manifest(dir)
			if m != nil {
				found = append(found, Manifest{path.Join(dir, "package.json"), []byte(m.json.Raw)})
			}
			if m != nil && m.name != "" || atTop(dir) {
				break
			}
		}
	}
	slices.SortFunc(found, func(a, b Manifest) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// file tries the endings that may be left out.
func (r resolver) file(name string) (string, bool) {
	if r.has(name) {
		return name, true
	}
	for _, ending := range []string{".js", ".mjs", ".cjs", ".json"} {
		if r.has(name + ending) {
			return name + ending, true
		}
	}
	// What was written as TypeScript may still be named so.
	if stem, ok := strings.CutSuffix(name, ".ts"); ok && r.has(stem+".js") {
		return stem + ".js", true
	}
	return r.directory(name)
}

// directory takes the file that stands for a directory.
func (r resolver) directory(name string) (string, bool) {
	if m := r.manifest(name); m != nil {
		for _, main := range m.mains() {
			if file, ok := r.exact(path.Join(name, main)); ok {
				return file, true
			}
		}
	}
	return r.indexOf(name)
}

// exact tries a name, its left-out endings and its index file, but no package.json.
func (r resolver) exact(name string) (string, bool) {
	for _, ending := range []string{"", ".js", ".mjs", ".cjs", ".json"} {
		if r.has(name + ending) {
			return name + ending, true
		}
	}
	return r.indexOf(name)
}

func (r resolver) indexOf(dir string) (string, bool) {
	for _, index := range []string{"index.js", "index.mjs", "index.cjs", "index.json"} {
		if name := path.Join(dir, index); r.has(name) {
			return name, true
		}
	}
	return "", false
}

// absolute looks a name up that starts at a root. In a folder into which an executable was unpacked the files stand
// at the end of such a name, so leading directories are left out until one is there.
func (r resolver) absolute(name string) (string, bool) {
	if file, ok := r.file(name); ok {
		return file, true
	}
	rest := strings.TrimPrefix(name, "/")
	for rest != "" {
		if file, ok := r.exact(rest); ok {
			return file, true
		}
		_, after, found := strings.Cut(rest, "/")
		if !found {
			return "", false
		}
		rest = after
	}
	return "", false
}

// internal resolves a specifier of the form "#x" by the package that from belongs to.
func (r resolver) internal(from, specifier string, kind ImportKind) (string, bool) {
	for dir := path.Dir(from); ; dir = parent(dir) {
		if m := r.manifest(dir); m != nil {
			to, ok := m.imported(specifier, kind)
			if !ok {
				return "", false
			}
			if strings.HasPrefix(to, "./") {
				return r.exact(path.Join(dir, to))
			}
			return r.dependency(from, to, kind)
		}
		if atTop(dir) {
			return "", false
		}
	}
}

// dependency resolves a package's name, or a path below one, upwards from the module.
func (r resolver) dependency(from, specifier string, kind ImportKind) (string, bool) {
	name, sub := splitPackage(specifier)
	if name == "" {
		return "", false
	}
	for dir := path.Dir(from); ; dir = parent(dir) {
		if m := r.manifest(dir); m != nil && m.name == name && m.json.Get("exports").Exists() {
			if file, ok := r.inPackage(dir, m, sub, kind); ok {
				return file, true
			}
		}
		at := path.Join(dir, "node_modules", name)
		if file, ok := r.inPackage(at, r.manifest(at), sub, kind); ok {
			return file, true
		}
		if atTop(dir) {
			return "", false
		}
	}
}

// inPackage resolves a subpath ("." or "./x") of the package in dir.
func (r resolver) inPackage(dir string, m *manifest, sub string, kind ImportKind) (string, bool) {
	if m != nil {
		file, ok := m.export(sub, kind)
		switch {
		case ok && file == "":
			return "", false
		case ok:
			return r.exact(path.Join(dir, file))
		}
	}
	return r.file(path.Join(dir, sub))
}

// splitPackage cuts "@scope/name/x" into "@scope/name" and "./x".
func splitPackage(specifier string) (name, sub string) {
	parts := strings.SplitN(specifier, "/", 3)
	n := 1
	if strings.HasPrefix(specifier, "@") {
		n = 2
	}
	if len(parts) < n {
		return "", ""
	}
	name = strings.Join(parts[:n], "/")
	return name, "." + specifier[len(name):]
}

// parent is the directory above; above a name's first directory lie "..", "../.." and so on, for a package that is
// installed among others.
func parent(dir string) string {
	return path.Join(dir, "..")
}

// maxUp is how far above the input's directory installed packages are looked for.
const maxUp = 8

func atTop(dir string) bool {
	return dir == "/" || strings.Count(dir, "..") >= maxUp
}
