package format

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/source"
)

// carry writes what the modules need beside them to be found and run: each package's package.json, and what they import that
// is no JavaScript, as it is.
func (p *printer) carry(in *source.Input, modules []*module) error {
	if p.options.Only != nil || p.options.OneFile {
		return nil
	}
	written := map[string]bool{}
	for _, m := range modules {
		for _, g := range m.groups {
			written[g.path] = true
		}
	}
	put := func(name string, text []byte) error {
		file := filePath(name)
		if written[file] {
			return nil
		}
		written[file] = true
		p.result.Files++
		return p.write(File{Path: file, Code: text})
	}
	for _, m := range in.Modules {
		if m.Kind == source.JSON || m.Kind == source.Text {
			if err := put(m.Name, m.Source); err != nil {
				return err
			}
		}
	}
	typed := typedFolders(in, modules)
	for _, m := range in.Manifests() {
		text := m.Text
		if kind := typed[path.Dir(m.Name)]; kind != "" {
			text = withType(text, kind)
		}
		if err := put(m.Name, append(slices.Clip(text), '\n')); err != nil {
			return err
		}
	}
	if typed[noManifest] != "module" {
		return nil
	}
	text, err := json.MarshalIndent(map[string]any{"private": true, "type": "module"}, "", "  ")
	if err != nil {
		return fmt.Errorf("package.json: %w", err)
	}
	return put("package.json", append(text, '\n'))
}

// noManifest stands for the folder of modules that no package.json is around.
const noManifest = ""

// typedFolders says which type the package.json of a folder has to give its files, where that is another than it gives: a file
// in it was made an ES module, or is one only by what stands in it. Among those that stay CommonJS modules it gives none, so
// that Node looks at what stands in them.
func typedFolders(in *source.Input, modules []*module) map[string]string {
	folders := []string{}
	for _, m := range in.Manifests() {
		folders = append(folders, path.Dir(m.Name))
	}
	strict := map[string]bool{}
	for i := range in.Modules {
		strict[in.Modules[i].Name] = in.IsStrict(i)
	}
	typed, common := map[string]bool{}, map[string]bool{}
	for _, m := range modules {
		around := path.Dir(m.source.Name)
		for !slices.Contains(folders, around) && around != "." && around != "/" && path.Base(around) != ".." {
			around = path.Dir(around)
		}
		if !slices.Contains(folders, around) {
			around = noManifest
		}
		switch {
		case path.Ext(m.path) != ".js":
		case m.isESM || len(m.groups) > 1:
			if !strict[m.source.Name] {
				typed[around] = true
			}
		default:
			common[around] = true
		}
	}
	types := map[string]string{}
	for folder := range typed {
		types[folder] = "module"
		if common[folder] {
			types[folder] = "by what stands in a file"
		}
	}
	return types
}

// withType is a package.json that gives its files another type: of two members of one name the last counts.
func withType(text []byte, kind string) []byte {
	body, _ := strings.CutSuffix(strings.TrimSpace(string(text)), "}")
	if strings.TrimSpace(body) != "{" {
		body = strings.TrimRight(body, " \t\r\n") + ",\n  "
	}
	return fmt.Appendf(nil, "%s\"type\": %q\n}", body, kind)
}
