package eval

import (
	"flag"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

var update = flag.Bool("update", false, "rewrite what the corpora expect")

// TestCorpus evaluates the name `out` of the first module of each archive in testdata/eval: small programs in the
// shapes that bundlers emit. The file want holds the value, with holes and choices written out.
func TestCorpus(t *testing.T) {
	archives, err := filepath.Glob("../../../testdata/eval/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := evaluateArchive(t, archive)
			for i, f := range archive.Files {
				if f.Name != "want" {
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got)
					if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
						t.Fatal(err)
					}
				} else if got != string(f.Data) {
					t.Errorf("got\n%swant\n%s", got, f.Data)
				}
			}
		})
	}
}

// evaluateArchive returns each name that starts with out in the first module, and what it evaluates to; a function that is
// declared under such a name is called.
func evaluateArchive(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	var sources []scope.Source
	at := map[string]int{}
	for _, f := range archive.Files {
		if f.Name != "want" {
			at[f.Name] = len(sources)
			sources = append(sources, scope.Source{Name: f.Name, Text: f.Data, Entry: len(sources) == 0})
		}
	}
	program := scope.New(sources, func(from int, specifier string, _ scope.ImportKind) (int, bool) {
		name := specifier
		if strings.HasPrefix(specifier, ".") {
			name = path.Join(path.Dir(sources[from].Name), specifier)
		}
		i, ok := at[name]
		return i, ok
	})
	m := New(program, Config{})
	module := program.Modules[0]
	var b strings.Builder
	seen := map[string]bool{}
	for _, d := range module.Index().Defs {
		if !strings.HasPrefix(d.Name, "out") || seen[d.Name] {
			continue
		}
		seen[d.Name] = true
		v := m.force(m.global(module, -1, d.Name))
		if f, ok := v.(*Object); ok && f.Func != nil && f.Func.Node.Kind() == js.FunctionDeclaration {
			v = m.Run(func() Value { return m.Call(f, Undefined, nil) })
		}
		b.WriteString(d.Name + " = " + show(m, v) + "\n")
	}
	return b.String()
}
