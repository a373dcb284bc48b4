package flow

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the corpora expect")

// What the corpora's programs hand their texts to.
const (
	tagTold     Tag = 1 << iota // told(value, path): followed from anywhere
	tagReminded                 // reminded(value, path): followed through reachOfReminded choices of a caller
)

const reachOfReminded = 2

var tagNames = map[string]Tag{"told": tagTold, "reminded": tagReminded}

// TestCorpus follows what the programs in testdata/flow give to told and reminded. The file want of each archive lists
// the sources in the order in which they stand: the tags, the source, and the functions through which it comes, each
// with what of its parameters the text rests on; then what was cut.
func TestCorpus(t *testing.T) {
	archives, err := filepath.Glob("../../../testdata/flow/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := follow(t, archive)
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

// follow traces the program of an archive.
func follow(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	var sources []scope.Source
	at := map[string]int{}
	for _, f := range archive.Files {
		if f.Name != "want" {
			at[f.Name] = len(sources)
			sources = append(sources, scope.Source{Name: f.Name, Text: f.Data})
		}
	}
	tracer := New(scope.New(sources, func(from int, specifier string, _ scope.ImportKind) (int, bool) {
		i, ok := at[path.Join(path.Dir(sources[from].Name), specifier)]
		return i, ok
	}))
	tracer.Reach = map[Tag]int{tagReminded: reachOfReminded}
	tracer.Members = tagTold
	for _, m := range tracer.Program.Modules {
		for unit := range m.Index().Units {
			tree, err := m.Tree(int32(unit))
			if err != nil {
				t.Fatal(err)
			}
			for i := range tree.Len() {
				n := tree.At(i)
				tag := tagNames[n.Child(js.FieldFunction).Text()]
				if n.Kind() != js.CallExpression || tag == 0 {
					continue
				}
				value := n.Child(js.FieldArguments).FirstChild()
				tracer.Follow(value, keyText(value.Next()), tag)
			}
		}
	}
	return describe(tracer, tracer.Run())
}

func describe(tracer *Tracer, found []*Source) string {
	slices.SortStableFunc(found, func(a, b *Source) int {
		if a.Node.Tree().Module != b.Node.Tree().Module {
			return a.Node.Tree().Module - b.Node.Tree().Module
		}
		return int(a.Node.Start()) - int(b.Node.Start())
	})
	var b strings.Builder
	for _, s := range found {
		for _, name := range []string{"told", "reminded"} {
			if s.Tags&tagNames[name] != 0 {
				fmt.Fprintf(&b, "%s ", name)
			}
		}
		b.WriteString(s.Node.Text())
		var ways []string
		for _, f := range s.Paths {
			if f != nil {
				ways = append(ways, " via "+nameOf(f.Function)+uses(f))
			}
		}
		slices.Sort(ways)
		b.WriteString(strings.Join(slices.Compact(ways), "") + "\n")
	}
	return b.String()
}

func nameOf(f js.Node) string {
	for p := f; p.Valid(); p = p.Parent() {
		if name := p.Child(js.FieldName); name.Valid() {
			return name.Text()
		}
	}
	return "a function"
}

// uses writes what of a function's parameters its result rests on.
func uses(f *Frame) string {
	var list []string
	for _, u := range f.used {
		s := fmt.Sprint(u.index)
		if u.path != "" {
			s += "." + strings.ReplaceAll(u.path, "/", ".")
		}
		list = append(list, s)
	}
	slices.Sort(list)
	return "(" + strings.Join(slices.Compact(list), ", ") + ")"
}
