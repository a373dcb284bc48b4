package source

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tidwall/gjson"
)

// manifest is what is of use in a package.json.
type manifest struct {
	name, version string
	json          gjson.Result
}

// maxManifest bounds a package.json; real ones have a few kilobytes.
const maxManifest = 4 << 20

// readManifest reads the package.json of a directory; nil without an error where there is none.
func readManifest(dir string) (*manifest, error) {
	file := filepath.Join(dir, "package.json")
	info, err := os.Stat(file)
	if err != nil || info.IsDir() {
		return nil, nil
	}
	if info.Size() > maxManifest {
		return nil, fail(file, ErrTooBig, sizes(info.Size(), maxManifest))
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	if !gjson.ValidBytes(data) {
		return nil, fail(file, ErrCorrupt, "it is not JSON")
	}
	return parseManifest(data), nil
}

func parseManifest(data []byte) *manifest {
	m := &manifest{json: gjson.ParseBytes(data)}
	m.name, m.version = m.json.Get("name").String(), m.json.Get("version").String()
	return m
}

// programs are the files that the package offers to run, the one of the package's own name first; a library's
// entries where it offers none.
func (m *manifest) programs() []string {
	var out []string
	bin := m.json.Get("bin")
	switch {
	case bin.IsObject():
		own := path.Base(m.name)
		bin.ForEach(func(name, file gjson.Result) bool {
			if name.String() == own {
				out = append([]string{file.String()}, out...)
			} else {
				out = append(out, file.String())
			}
			return true
		})
	case bin.Type == gjson.String:
		out = append(out, bin.String())
	}
	if len(out) > 0 {
		return out
	}
	if file, ok := m.export("."); ok {
		return []string{file}
	}
	return m.mains()
}

// mains are the files that stand for the package where it has no exports, the preferred one first.
func (m *manifest) mains() []string {
	var out []string
	for _, key := range []string{"module", "main"} {
		if v := m.json.Get(key); v.Type == gjson.String && v.String() != "" {
			out = append(out, v.String())
		}
	}
	return append(out, "index.js")
}

// conditions are those of a conditional export that a program on this side takes.
var conditions = map[string]bool{"node": true, "import": true, "require": true, "module": true, "module-sync": true, "default": true}

// export answers the file for a subpath such as "." or "./x" by the exports of the package.
func (m *manifest) export(subpath string) (string, bool) {
	exports := m.json.Get("exports")
	if !exports.Exists() {
		return "", false
	}
	if !exports.IsObject() || !hasSubpaths(exports) {
		if subpath != "." {
			return "", false
		}
		return target(exports, "")
	}
	return match(exports, subpath)
}

// imported answers the file for a specifier such as "#x" by the imports of the package.
func (m *manifest) imported(specifier string) (string, bool) {
	return match(m.json.Get("imports"), specifier)
}

func hasSubpaths(exports gjson.Result) (yes bool) {
	exports.ForEach(func(key, _ gjson.Result) bool {
		yes = strings.HasPrefix(key.String(), ".")
		return false
	})
	return yes
}

// match looks a key up in a table of exports or imports, where a key may hold one star.
func match(table gjson.Result, want string) (file string, ok bool) {
	best := -1
	table.ForEach(func(key, value gjson.Result) bool {
		k := key.String()
		if k == want {
			file, ok = target(value, "")
			return false
		}
		head, tail, starred := strings.Cut(k, "*")
		if starred && len(head) > best && len(want) >= len(head)+len(tail) &&
			strings.HasPrefix(want, head) && strings.HasSuffix(want, tail) {
			if f, found := target(value, want[len(head):len(want)-len(tail)]); found {
				file, ok, best = f, true, len(head)
			}
		}
		return true
	})
	return file, ok
}

// target takes the first branch of a conditional export that applies.
func target(v gjson.Result, star string) (file string, ok bool) {
	switch {
	case v.Type == gjson.String:
		return strings.ReplaceAll(v.String(), "*", star), true
	case v.IsArray():
		for _, x := range v.Array() {
			if file, ok = target(x, star); ok {
				return file, ok
			}
		}
	case v.IsObject():
		v.ForEach(func(key, x gjson.Result) bool {
			if conditions[key.String()] {
				file, ok = target(x, star)
			}
			return !ok
		})
	}
	return file, ok
}
