package source

import (
	"bytes"
	"context"
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

// readManifest reads the package.json of a directory, and compares it with sealed if there is one; nil without an error
// where there is none.
func readManifest(ctx context.Context, dir string, sealed *seal) (*manifest, error) {
	file := filepath.Join(dir, "package.json")
	info, err := os.Stat(file)
	if err != nil || info.IsDir() {
		return nil, nil
	}
	data, err := readBounded(ctx, file, maxManifest)
	if err != nil {
		return nil, err
	}
	if err := sealed.check(file, data); err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // as npm reads it
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
	if file, _ := m.export(".", ByImport); file != "" {
		return []string{file}
	}
	return m.mains()
}

// mains are the files that stand for the package where it has no exports, the preferred one first. "module" is for
// bundlers, and what they leave apart they leave to Node.
func (m *manifest) mains() []string {
	var out []string
	for _, key := range []string{"main", "module"} {
		if v := m.json.Get(key); v.Type == gjson.String && v.String() != "" {
			out = append(out, v.String())
		}
	}
	return append(out, unnamedMain)
}

// unnamedMain is the file that stands for a package which names none.
const unnamedMain = "index.js"

// takes says whether a condition of an export holds for Node.
func (k ImportKind) takes(condition string) bool {
	switch condition {
	case "import":
		return k == ByImport
	case "require":
		return k == ByRequire
	}
	return condition == "node" || condition == "node-addons" || condition == "module-sync" || condition == "default"
}

// export answers the file for a subpath such as "." or "./x" by the exports of the package; an empty one where they
// refuse it.
func (m *manifest) export(subpath string, kind ImportKind) (string, bool) {
	exports := m.json.Get("exports")
	if !exports.Exists() {
		return "", false
	}
	if !exports.IsObject() || !hasSubpaths(exports) {
		if subpath != "." {
			return "", false
		}
		return kind.target(exports, "")
	}
	return kind.match(exports, subpath)
}

// imported answers the file for a specifier such as "#x" by the imports of the package.
func (m *manifest) imported(specifier string, kind ImportKind) (string, bool) {
	return kind.match(m.json.Get("imports"), specifier)
}

func hasSubpaths(exports gjson.Result) (yes bool) {
	exports.ForEach(func(key, _ gjson.Result) bool {
		yes = strings.HasPrefix(key.String(), ".")
		return false
	})
	return yes
}

// match looks a key up in a table of exports or imports, where a key may hold one star: that with most before its star
// counts.
func (k ImportKind) match(table gjson.Result, want string) (file string, ok bool) {
	var found gjson.Result
	star, best := "", -1
	table.ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		if name == want {
			found, star = value, ""
			return false
		}
		head, tail, starred := strings.Cut(name, "*")
		if starred && len(head) > best && len(want) > len(head)+len(tail) &&
			strings.HasPrefix(want, head) && strings.HasSuffix(want, tail) {
			found, star, best = value, want[len(head):len(want)-len(tail)], len(head)
		}
		return true
	})
	return k.target(found, star)
}

// target takes the first branch of a conditional export that applies. A branch that is null says that there is no file:
// ok is true then and file empty.
func (k ImportKind) target(v gjson.Result, star string) (file string, ok bool) {
	switch {
	case v.Type == gjson.String:
		return strings.ReplaceAll(v.String(), "*", star), true
	case v.Type == gjson.Null && v.Raw != "":
		return "", true
	case v.IsArray():
		for _, x := range v.Array() {
			if f, found := k.target(x, star); found {
				file, ok = f, true
				if f != "" {
					break
				}
			}
		}
	case v.IsObject():
		v.ForEach(func(key, x gjson.Result) bool {
			if k.takes(key.String()) {
				file, ok = k.target(x, star)
			}
			return !ok
		})
	}
	return file, ok
}
