package audit

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
)

var addressPattern = lazyregexp.New(`\b(?:https?|wss?)://[A-Za-z0-9.-]+`)

// hosts are those of the addresses in a program's text, in order. Those of schemas and examples are among them.
func hosts(program *scope.Program) []string {
	found := map[string]bool{}
	for _, m := range program.Modules {
		for _, address := range addressPattern.Get().FindAll(m.Text, -1) {
			if u, err := url.Parse(string(address)); err == nil && u.Host != "" {
				found[u.Host] = true
			}
		}
	}
	return orEmpty(slices.Sorted(maps.Keys(found)))
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Bounds of the packages that are looked at for install scripts.
const (
	maxManifests    = 20_000
	maxManifestSize = 4 << 20
)

// scripts are those of the package.json of a directory, and of the packages in it, which npm runs when they are installed.
func scripts(dir string) []Script {
	list := []Script{}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return list
	}
	seen := 0
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || seen > maxManifests {
			return filepath.SkipDir
		}
		if d.Name() != "package.json" || !d.Type().IsRegular() || !isPackage(dir, path) {
			return nil
		}
		seen++
		text, err := regular.Read(context.Background(), path, maxManifestSize)
		if err != nil || !gjson.ValidBytes(text) {
			return nil
		}
		manifest := gjson.ParseBytes(text)
		for _, event := range []string{"preinstall", "install", "postinstall"} {
			if command := manifest.Get("scripts." + event).String(); command != "" {
				list = append(list, Script{manifest.Get("name").String(), event, command})
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Script) int { return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Event, b.Event)) })
	return slices.Compact(list)
}

// isPackage tells the package.json of the directory itself, and of a package below a node_modules.
func isPackage(dir, path string) bool {
	parent := filepath.Dir(path)
	if parent == filepath.Clean(dir) {
		return true
	}
	above := filepath.Dir(parent)
	return filepath.Base(above) == "node_modules" || filepath.Base(filepath.Dir(above)) == "node_modules" && filepath.Base(above)[0] == '@'
}
