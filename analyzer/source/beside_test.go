package source

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBeside loads the files that a program names to read them: by a path, by the folder that they lie in, and from
// above its own folder; none that nothing names, and none for a program that reads nothing.
func TestBeside(t *testing.T) {
	const reads = `const fs = require("fs"); fs.readFileSync(path.join(__dirname, "..", "prompts", name + ".md")); fs.readFileSync(new URL("./own.txt", u)); fs.readFileSync(` + "`${dir}/data/one.json`" + `)`
	files := []string{
		"package.json", `{"name": "p", "bin": "dist/main.js"}`, "dist/main.js", reads, "dist/own.txt", "own", "dist/other.txt", "other",
		"prompts/a.md", "a", "prompts/deep/b.md", "b", "prompts/run.js", "1", "prompts/.hidden", "x", "data/one.json", "{}", "data/two.json", "{}", "docs/long.md", "docs",
	}
	load := func(files []string, spec string) (names []string, in *Input) {
		in, err := Open(context.Background(), filepath.Join(tree(t, files...), spec), Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { in.Close() })
		for _, m := range in.Modules {
			names = append(names, m.Name)
		}
		slices.Sort(names)
		return names, in
	}
	want := []string{"data/one.json", "dist/main.js", "dist/own.txt", "prompts/a.md", "prompts/deep/b.md"}
	for _, spec := range []string{"", "dist/main.js"} {
		names, in := load(files, spec)
		if !slices.Equal(names, want) {
			t.Errorf("%q: %q, want %q", spec, names, want)
		}
		if list, ok := in.Folder("prompts"); !ok || !slices.Equal(list, []string{"a.md", "deep/", "run.js"}) {
			t.Errorf("%q: prompts has %q, %v", spec, list, ok)
		}
		if _, ok := in.Folder("docs"); ok {
			t.Error("docs was looked into")
		}
	}
	files[3] = strings.ReplaceAll(reads, "readFileSync", "loadText")
	if names, _ := load(files, ""); !slices.Equal(names, []string{"dist/main.js"}) {
		t.Errorf("nothing is read, and %q loaded", names)
	}
}
