package format

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/sourcemap"
)

var update = flag.Bool("update", false, "write golden files anew")

// write writes files below a directory.
func write(t *testing.T, dir string, files []txtar.File) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// formatted formats a file, on some workers, and checks that what was made parses.
func formatted(t *testing.T, file string, opts Options) (files []txtar.File) {
	t.Helper()
	in, err := source.Open(t.Context(), file, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	result, err := Write(t.Context(), in, opts, func(f File) error {
		files = append(files, txtar.File{Name: f.Path, Data: f.Code})
		if f.Map != nil {
			files = append(files, txtar.File{Name: f.Path + ".map", Data: f.Map})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range result.Warnings {
		t.Error(w)
	}
	parser := js.NewParser()
	defer parser.Close()
	for _, f := range files {
		if strings.HasSuffix(f.Name, "js") {
			if tree, err := parser.Parse(context.Background(), f.Data, 0, uint32(len(f.Data)), ""); err != nil || tree.HasError {
				t.Errorf("%s does not parse (%v)\n%s", f.Name, err, f.Data)
			}
		}
	}
	return files
}

func archives(t testing.TB, dir string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob("testdata/" + dir + "/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no testdata", err)
	}
	found := map[string]*txtar.Archive{}
	for _, p := range paths {
		if found[p], err = txtar.ParseFile(p); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestSame formats two builds of one program: the results are the same.
func TestSame(t *testing.T) {
	for path, archive := range archives(t, "same") {
		var got []string
		for i, f := range archive.Files {
			dir := t.TempDir()
			write(t, dir, []txtar.File{{Name: "cli.js", Data: f.Data}})
			files := formatted(t, filepath.Join(dir, "cli.js"), Options{Workers: 1 + 3*i})
			got = append(got, string(txtar.Format(&txtar.Archive{Files: files})))
		}
		if got[0] != got[1] {
			t.Errorf("%s: the builds differ:\n%s\n----------\n%s", path, got[0], got[1])
		}
	}
}

// TestGolden compares with what stands behind the program in the archive.
func TestGolden(t *testing.T) {
	for path, archive := range archives(t, "golden") {
		dir := t.TempDir()
		write(t, dir, archive.Files[:1])
		got := txtar.Archive{Comment: archive.Comment, Files: append(archive.Files[:1:1], formatted(t, filepath.Join(dir, archive.Files[0].Name), Options{})...)}
		for i := range got.Files[1:] {
			got.Files[i+1].Name = "out/" + got.Files[i+1].Name
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(&got), 0o666); err != nil {
				t.Fatal(err)
			}
		} else if !bytes.Equal(txtar.Format(&got), txtar.Format(archive)) {
			t.Errorf("%s: got\n%s", path, txtar.Format(&got))
		}
	}
}

// TestRuns runs programs as they are, and formatted in both ways: they print the same. The names of functions are others.
func TestRuns(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not here to run programs with")
	}
	for path, archive := range archives(t, "run") {
		dir := t.TempDir()
		write(t, dir, archive.Files)
		want := node(t, dir, "main.mjs")
		for _, oneFile := range []bool{false, true} {
			if oneFile && strings.Contains(path, "commonjs") {
				continue // it stays a CommonJS module, among ES modules
			}
			out := t.TempDir()
			write(t, out, archive.Files)
			for _, f := range archive.Files {
				if strings.HasSuffix(f.Name, ".json") {
					continue
				}
				files := formatted(t, filepath.Join(dir, f.Name), Options{OneFile: oneFile})
				for i := range files {
					if files[i].Name == "cli.cjs" { // divided, it is an ES module
						files[i].Name = "cli.js"
						write(t, out, []txtar.File{{Name: "cli.cjs", Data: []byte(`module.exports = require("./cli.js").default`)}})
						main := bytes.ReplaceAll(archive.Files[0].Data, []byte("./cli.cjs"), []byte("./cli.js"))
						write(t, out, []txtar.File{{Name: "main.mjs", Data: main}})
					}
				}
				write(t, out, files)
			}
			if got := node(t, out, "main.mjs"); got != want {
				t.Errorf("%s, in one file: %v\n got %s\nwant %s", path, oneFile, got, want)
			}
		}
	}
}

// TestPackages runs packages as they are, and formatted whole: they print the same.
func TestPackages(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not here to run programs with")
	}
	for path, archive := range archives(t, "packages") {
		dir, out := t.TempDir(), t.TempDir()
		write(t, dir, archive.Files)
		write(t, out, formatted(t, dir, Options{}))
		if got, want := node(t, out, "dist/main.js"), node(t, dir, "dist/main.js"); got != want || want == "" {
			t.Errorf("%s: got %s\nwant %s", path, got, want)
		}
	}
}

func node(t *testing.T, dir, main string) string {
	t.Helper()
	cmd := exec.Command("node", main)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "NODE_NO_WARNINGS=1") // of files whose kind it has to find out
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%v\n%s", err, out)
	}
	return string(out)
}

// TestBuilds formats bundles of real bundlers and minifiers.
func TestBuilds(t *testing.T) {
	files, err := filepath.Glob("../../testdata/builds/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("no bundles", err)
	}
	for _, file := range files {
		if n := len(formatted(t, file, Options{})); n < 1 {
			t.Errorf("%s: %d files", file, n)
		}
		formatted(t, file, Options{OneFile: true})
	}
}

// TestSourceMap finds each text of a program in what was made of it, and the place in the source that the map gives for it.
// Characters beyond ASCII, and lines that end in all ways, stand before them.
func TestSourceMap(t *testing.T) {
	src := archives(t, "same")["testdata/same/lazy.txtar"].Files[0].Data
	for _, before := range []string{"", "/*! \u00e9\u2028 \U0001f600\r\n\r */ \"\U0001f600\u00e9\"; "} {
		checkSourceMaps(t, append([]byte(before), src...))
	}
}

func checkSourceMaps(t *testing.T, src []byte) {
	dir := t.TempDir()
	write(t, dir, []txtar.File{{Name: "cli.js", Data: src}})
	files := formatted(t, filepath.Join(dir, "cli.js"), Options{SourceMaps: true})
	places := placesIn(src)
	checked := 0
	for i, f := range files {
		if !strings.HasSuffix(f.Name, ".map") {
			continue
		}
		var m sourceMap
		if err := json.Unmarshal(f.Data, &m); err != nil {
			t.Fatal(err)
		}
		code := files[i-1].Data
		own := placesIn(code)
		for _, word := range []string{`"RangeProblem"`, `"px"`, `"look"`, ".trim", ".split", `" a,b "`} {
			at := bytes.Index(code, []byte(word))
			if at < 0 {
				continue
			}
			word = strings.TrimPrefix(word, ".")
			at = bytes.Index(code, []byte(word))
			line, column := own.of(int32(at))
			from := int32(-1)
			if err := sourcemap.Each(m.Mappings, func(m sourcemap.Mapping) {
				if m.Line == line && m.Column == column {
					from, _ = places.offset(m.SourceLine, m.SourceColumn)
				}
			}); err != nil {
				t.Fatal(err)
			}
			if from < 0 || !bytes.HasPrefix(src[from:], []byte(word)) {
				t.Errorf("%s: %s is mapped to offset %d", f.Name, word, from)
			}
			checked++
		}
	}
	if checked < 6 {
		t.Errorf("%d of 6 texts found", checked)
	}
}

// TestPlaces goes from each character's offset to its line and column, and back.
func TestPlaces(t *testing.T) {
	text := "a\nb\r\nc\r\u00e9x\u2028\U0001f600y\U0001f600z\u20ac\n\u2029end"
	p := placesIn([]byte(text))
	line, column := int32(0), int32(0)
	for at, r := range text {
		if l, c := p.of(int32(at)); l != line || c != column {
			t.Errorf("offset %d is line %d, column %d, not %d, %d", at, l, c, line, column)
		}
		if back, ok := p.offset(line, column); !ok || back != int32(at) {
			t.Errorf("line %d, column %d is offset %d, not %d", line, column, back, at)
		}
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\r' && text[at+1] != '\n':
			line, column = line+1, 0
		case r > 0xffff:
			column += 2
		default:
			column++
		}
	}
	if _, ok := p.offset(99, 0); ok {
		t.Error("there is a line 100")
	}
}
