package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
)

// buildsDir holds a program of some sixty texts, and builds of it.
var buildsDir = filepath.Join("..", "..", "testdata", "builds")

// bundlers are the commands that build it: of a package, reading the program, or what another has made of it.
var bundlers = []struct {
	name string
	args string // SRC and OUT stand for folders
}{
	{"esbuild", "esbuild SRC/main.js --bundle --format=esm --platform=node --log-level=error --outfile=OUT/esbuild.js"},
	{"esbuild.min", "esbuild SRC/main.js --bundle --format=esm --platform=node --log-level=error --minify --outfile=OUT/esbuild.min.js"},
	{"bun", "bun build SRC/main.js --target=node --outfile=OUT/bun.js"},
	{"bun.min", "bun build SRC/main.js --target=node --minify --outfile=OUT/bun.min.js"},
	{"terser.min", "terser OUT/esbuild.js --module --toplevel -c -m -o OUT/terser.min.js"},
}

// TestBuilds asserts that one program gives the same ids, texts and guards, and an empty diff, however it was built.
func TestBuilds(t *testing.T) {
	if *update {
		makeBuilds(t, buildsDir)
	}
	want := checkBuilds(t, buildsDir)
	file := filepath.Join(buildsDir, "want.txt")
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != want {
		t.Errorf("what is found is not what %s says; got:\n%s", file, want)
	}
	if n := strings.Count(want, "\n\n"); n < 50 {
		t.Errorf("%d texts, want fifty or more", n)
	}
}

// TestNewBuilds is TestBuilds with builds made now.
func TestNewBuilds(t *testing.T) {
	campaign.Need(t, "it installs bundlers")
	dir := t.TempDir()
	makeBuilds(t, dir)
	checkBuilds(t, dir)
}

// makeBuilds builds the program into a folder, with bundlers installed by npm into the user's cache.
func makeBuilds(t *testing.T, dir string) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm can't be had:", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no cache folder:", err)
	}
	tools := filepath.Join(cache, "bundlens-test", "bundlers")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tools, "node_modules", ".bin", "terser")); err != nil {
		install := exec.Command(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", tools, "esbuild@0.25.12", "terser@5.44.1", "bun@1.2.23")
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("the bundlers can't be had: %v\n%s", err, out)
		}
	}
	for _, b := range bundlers {
		args := strings.Fields(strings.NewReplacer("SRC", filepath.Join(buildsDir, "src"), "OUT", dir).Replace(b.args))
		args[0] = filepath.Join(tools, "node_modules", ".bin", args[0])
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%s can't be run: %v\n%s", b.name, err, out)
		}
	}
}

// checkBuilds compares all builds in a folder with the first, and answers what was found in it.
func checkBuilds(t *testing.T, dir string) (first string) {
	t.Helper()
	var doc *schema.Document
	for _, b := range bundlers {
		other := analyzeBuild(t, filepath.Join(dir, b.name+".js"))
		list := textsOf(t, other)
		if doc == nil {
			doc, first = other, list
			continue
		}
		if list != first {
			t.Errorf("%s gives other texts than %s:\n%s", b.name, bundlers[0].name, firstDifference(first, list))
		}
		changes, err := diff.Compare(doc, other, diff.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if changes.Differs {
			b, _ := json.MarshalIndent(changes, "", " ")
			t.Errorf("a diff of two builds is not empty:\n%s", b)
		}
	}
	return first
}

func analyzeBuild(t *testing.T, file string) *schema.Document {
	t.Helper()
	in, err := source.Open(context.Background(), file, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, facts.All, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// textsOf lists the texts of a Document with their ids, guards and parts; of parts, all but the expressions of holes,
// which say by which names a function knows what it is given.
func textsOf(t *testing.T, doc *schema.Document) string {
	t.Helper()
	var b strings.Builder
	add := func(kind, id string, guards []string, text *schema.Text) {
		if text == nil {
			return
		}
		for h := range schema.Holes(text.Parts) {
			h.Expr, h.Why = "", ""
		}
		parts, err := json.Marshal(text.Parts)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %q\n%s\n%s\n\n", kind, id, guards, text.Text, parts)
	}
	for _, p := range append(doc.Prompts, doc.Reminders...) {
		add(p.Kind, p.ID, p.Told(), &p.Text)
	}
	for _, tool := range doc.Tools {
		add("tool", tool.Name, []string{tool.EnabledWhen.String()}, tool.Description)
	}
	for _, a := range doc.Agents {
		add("agent", a.Name, []string{a.EnabledWhen.String()}, a.Prompt)
	}
	return b.String()
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n\n"), strings.Split(b, "\n\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n---\n" + y[i]
		}
	}
	return fmt.Sprintf("%d and %d texts", len(x), len(y))
}
