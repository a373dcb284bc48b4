package analyzer_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// program is a directory of modules that import one another, with enough tools for two workers, and with the prompts and
// reminders of a corpus.
func program(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	index := "var all=[];\n"
	for i := range 40 {
		name := fmt.Sprintf("tool-%d.mjs", i)
		text := fmt.Sprintf(`import{limit}from"./limits.mjs";
export var t%d={name:"tool_%d",description:process.env.LONG?`+"`up to ${limit} lines, at length`"+`:"short",inputSchema:{type:"object",properties:{a:{type:"string"}}},call(){}};
`, i, i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		index += fmt.Sprintf("import{t%d}from\"./%s\";\n", i, name)
	}
	archive, err := txtar.ParseFile(filepath.Join("..", "testdata", "facts", "prompts.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	index += "import \"./prompts.mjs\";\n"
	for name, text := range map[string]string{
		"limits.mjs": "export var limit=10*20;\n", "prompts.mjs": string(archive.Files[0].Data), "index.mjs": index,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func document(t *testing.T, dir string, list []analyzer.Fact, workers int) []byte {
	t.Helper()
	in, err := source.Open(context.Background(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, list, analyzer.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Tools) < 40 || len(doc.Prompts) == 0 || len(doc.Reminders) == 0 {
		t.Fatalf("%d tools, %d prompts, %d reminders", len(doc.Tools), len(doc.Prompts), len(doc.Reminders))
	}
	var b bytes.Buffer
	if err := schema.Encode(&b, doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same input gives the same bytes: again and again, with one worker or several, on one processor or several, and
// with the facts in reverse order.
func TestSameInputSameBytes(t *testing.T) {
	dir := program(t)
	want := document(t, dir, facts.All, 1)
	reversed := slices.Clone(facts.All)
	slices.Reverse(reversed)
	for name, got := range map[string][]byte{
		"again":       document(t, dir, facts.All, 1),
		"two workers": document(t, dir, facts.All, 2),
		"workers":     document(t, dir, facts.All, 8),
		"reversed":    document(t, dir, reversed, 2),
	} {
		if !bytes.Equal(got, want) {
			t.Errorf("%s: the document differs", name)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(processors)
		for range 3 {
			if !bytes.Equal(document(t, dir, facts.All, 0), want) {
				t.Errorf("%d processors: the document differs", processors)
			}
		}
	}
}
