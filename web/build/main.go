// Command build bundles the sources of the explorer, and gathers the licences of what it bundled.
//
//	build SOURCES DIST
//
// go generate runs it, in schema/view.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/tidwall/gjson"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "build: two directories are needed, that of the sources and that of the built form")
		os.Exit(1)
	}
	files, err := Build(os.Args[1])
	for name, data := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[2], name), data, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// Build bundles the sources below a directory. It answers the built files by name.
func Build(dir string) (map[string][]byte, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:       abs,
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "src/main.tsx", OutputPath: "view"}},
		Outdir:              "dist",
		Bundle:              true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		Charset:             api.CharsetASCII,
		Format:              api.FormatIIFE,
		Target:              api.ES2022,
		JSX:                 api.JSXAutomatic,
		JSXImportSource:     "preact",
		LegalComments:       api.LegalCommentsNone, // NOTICES.txt has them
		Metafile:            true,
		LogLevel:            api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors; did npm ci run here?", len(result.Errors))
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	files["NOTICES.txt"], err = notices(abs, result.Metafile)
	return files, err
}

// notices are the licences of the packages that a build took something of, and those in the directory licences.
func notices(dir, metafile string) ([]byte, error) {
	packages := map[string]bool{}
	for input := range gjson.Get(metafile, "inputs").Map() {
		if _, rest, ok := strings.Cut(input, "node_modules/"); ok {
			name := strings.Split(rest, "/")
			packages[strings.Join(name[:1+strings.Count(name[0][:1], "@")], "/")] = true
		}
	}
	var out bytes.Buffer
	out.WriteString("The page that bundlens view shows contains work of third parties.\n")
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		root := filepath.Join(dir, "node_modules", name)
		manifest, err := os.ReadFile(filepath.Join(root, "package.json"))
		if err != nil {
			return nil, err
		}
		licence, err := os.ReadFile(filepath.Join(root, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		title := name + " " + gjson.GetBytes(manifest, "version").String()
		fmt.Fprintf(&out, "\n== %s ==\n\n%s\n", title, bytes.TrimSpace(licence))
	}
	others, err := filepath.Glob(filepath.Join(dir, "licences", "*.txt"))
	for _, file := range others {
		data, readErr := os.ReadFile(file)
		err = errors.Join(err, readErr)
		fmt.Fprintf(&out, "\n== %s ==\n\n%s\n", strings.TrimSuffix(filepath.Base(file), ".txt"), bytes.TrimSpace(data))
	}
	return out.Bytes(), err
}
