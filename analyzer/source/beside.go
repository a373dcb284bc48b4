package source

import (
	"bytes"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
)

// A program may read files that lie beside its modules: prompts, tables, packed texts. They are loaded where a module
// that reads files names them, or the folder that they lie in, in a string.

// Bounds of what is loaded so.
const (
	maxBesideFile = 4 << 20 // bytes of one
	maxBeside     = 2_000   // files
	maxBesideUp   = 4       // folders above the module's in which a name is looked for
	maxBesideDown = 4       // folders within a named one
	maxBesideName = 200
)

// readers are the words with which a program reads a file.
var readers = [][]byte{[]byte("readFile"), []byte("readdir"), []byte("Bun.file"), []byte("createReadStream")}

// readsFiles tells whether a module may read files.
func readsFiles(src []byte) bool {
	for _, word := range readers {
		if bytes.Contains(src, word) {
			return true
		}
	}
	return false
}

// followRead loads the files that a module names.
func (l *loader) followRead(m Module) error {
	if strings.Contains(m.Name, "node_modules/") || !readsFiles(m.Source) {
		return nil
	}
	seen := map[string]bool{}
	for text := range pathsIn(m.Source) {
		if seen[text] {
			continue
		}
		seen[text] = true
		for dir, up := path.Dir(m.Name), 0; up < maxBesideUp; dir, up = path.Dir(dir), up+1 {
			if err := l.addBeside(dir, text); err != nil {
				return err
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
	return nil
}

// addBeside loads the file of a name in a folder, or what lies in the folder of that name.
func (l *loader) addBeside(dir, text string) error {
	first, _, _ := strings.Cut(text, "/")
	isFolder, there := l.entries(dir)[first]
	if !there || !isFolder && first != text {
		return nil
	}
	name := path.Join(dir, text)
	if first == text && isFolder {
		return l.addFolder(name, 0)
	}
	base := path.Base(name)
	switch isFolder, there := l.entries(path.Dir(name))[base]; {
	case isFolder:
		return l.addFolder(name, 0)
	case there:
		return l.addCarried(name)
	}
	return nil
}

// entries are the names in a folder of the input, each with whether it is a folder itself.
func (l *loader) entries(dir string) map[string]bool {
	if names, known := l.listed[dir]; known {
		return names
	}
	names := map[string]bool{}
	l.listed[dir] = names
	if l.outside(dir) || path.IsAbs(dir) || l.leadsOut(dir) {
		return names
	}
	list, _ := os.ReadDir(l.file(dir)) // what can't be listed holds nothing for us
	for _, e := range list {
		if !strings.HasPrefix(e.Name(), ".") && !skipped[e.Name()] && (e.IsDir() || e.Type().IsRegular()) {
			names[e.Name()] = e.IsDir()
		}
	}
	return names
}

// addFolder loads the files in a folder.
func (l *loader) addFolder(dir string, depth int) error {
	if depth > maxBesideDown || l.folders[dir] != nil {
		return nil
	}
	names := l.entries(dir)
	list := make([]string, 0, len(names))
	for name, isFolder := range names {
		if isFolder {
			name += "/"
		}
		list = append(list, name)
	}
	slices.Sort(list)
	l.folders[dir] = list
	for _, name := range list {
		at := path.Join(dir, name)
		var err error
		if strings.HasSuffix(name, "/") {
			err = l.addFolder(at, depth+1)
		} else {
			err = l.addCarried(at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addCarried loads a file that is no script. One that is too large to be a text is left out.
func (l *loader) addCarried(name string) error {
	if isScriptName(name) || !carriedNames[strings.ToLower(path.Ext(name))] || l.carried >= maxBeside || !l.has(name) {
		return nil
	}
	if info, err := os.Stat(l.file(name)); err != nil || info.Size() > maxBesideFile {
		return nil
	}
	if _, known := l.index[name]; known {
		return nil
	}
	l.carried++
	if err := l.add(name); err != nil {
		return err
	}
	if m := &l.modules[len(l.modules)-1]; m.Kind == JS {
		m.Kind = Text // it is read, not run
	}
	return nil
}

// carriedNames are the endings of files that hold texts, plain or packed; maps, pictures and code hold none.
var carriedNames = map[string]bool{
	"": true, ".txt": true, ".text": true, ".md": true, ".mdx": true, ".markdown": true, ".mdc": true, ".rst": true, ".adoc": true,
	".prompt": true, ".tmpl": true, ".tpl": true, ".template": true, ".hbs": true, ".handlebars": true, ".mustache": true, ".ejs": true,
	".j2": true, ".jinja": true, ".jinja2": true, ".liquid": true, ".njk": true, ".json": true, ".jsonc": true, ".json5": true,
	".jsonl": true, ".ndjson": true, ".yaml": true, ".yml": true, ".toml": true, ".ini": true, ".xml": true, ".html": true, ".csv": true,
	".gz": true, ".zst": true, ".br": true, ".z": true, ".b64": true,
}

// pathsIn goes through the strings of a module that may be names of files or folders beside it, without what leads to
// where they are looked for.
func pathsIn(src []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(src); i++ {
			c := src[i]
			if c != '"' && c != '\'' && c != '`' {
				continue
			}
			end := bytes.IndexByte(src[i+1:min(len(src), i+2+maxBesideName)], c)
			if end <= 0 {
				continue
			}
			text := src[i+1 : i+1+end]
			if c == '`' {
				text = withoutHoles(text)
			}
			if !mayBePath(text) {
				continue // the quote may be none, so what follows it is looked at
			}
			if name := relativeName(string(text)); name != "" && !yield(name) {
				return
			}
		}
	}
}

// withoutHoles is what of a template may be a path: behind the first hole and before the last part with another.
func withoutHoles(text []byte) []byte {
	if bytes.HasPrefix(text, []byte("${")) {
		if end := bytes.IndexByte(text, '}'); end > 0 {
			text = text[end+1:]
		}
	}
	if hole := bytes.Index(text, []byte("${")); hole >= 0 {
		text = text[:max(0, bytes.LastIndexByte(text[:hole], '/'))]
	}
	return text
}

func mayBePath(text []byte) bool {
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c >= 0x80:
		case strings.IndexByte("._-/@+ ", c) < 0:
			return false
		}
	}
	return len(text) > 0 && text[0] != ' '
}

// relativeName is a path without what leads to where it starts.
func relativeName(text string) string {
	for {
		rest := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "/"), "./"), "../")
		if rest == text {
			break
		}
		text = rest
	}
	if text == "" || text == "." || text == ".." {
		return ""
	}
	return path.Clean(text)
}
