package bundlens_test

import (
	"go/ast"
	"go/doc"
	goparser "go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// stable are the packages that keep their functions and types within a major version; the package comment says so.
var stable = []string{".", "schema", "bunextract"}

// folders are those of the project's packages, without what is a module of its own.
func folders(t *testing.T) (dirs []string) {
	t.Helper()
	for _, line := range mayImport {
		dirs = append(dirs, line.pkg)
	}
	return append(dirs, ".")
}

// isPublic says whether somebody else can import a package.
func isPublic(dir string) bool {
	return !slices.Contains(strings.Split(dir, "/"), "internal") && dir != "cmd/bundlens" && dir != "web/build"
}

// TestPublic has each package that somebody else can import say what it is, and show it by an example that runs.
func TestPublic(t *testing.T) {
	for _, dir := range folders(t) {
		if !isPublic(dir) {
			continue
		}
		said, shown := parsed(t, dir)
		if !said {
			t.Errorf("%s: no package comment", dir)
		}
		if !shown {
			t.Errorf("%s: no example with its output", dir)
		}
	}
}

// parsed says whether a package has a comment and an example that is run.
func parsed(t *testing.T, dir string) (said, shown bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := goparser.ParseFile(token.NewFileSet(), name, nil, goparser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			said = said || f.Doc != nil
			continue
		}
		runs := func(e *doc.Example) bool { return e.Output != "" }
		shown = shown || slices.ContainsFunc(doc.Examples(f), runs)
	}
	return said, shown
}

// TestStable has the packages that are stable speak of nothing that may change: what a package hands out belongs to it.
func TestStable(t *testing.T) {
	var patterns, paths []string
	for _, dir := range stable {
		patterns = append(patterns, "./"+dir)
		paths = append(paths, strings.TrimSuffix(module+strings.TrimPrefix(dir, "."), "/"))
	}
	list, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		for name, object := range exported(p.Types) {
			types.TypeString(object.Type(), func(q *types.Package) string { // is asked for the package of each type that is named
				if strings.HasPrefix(q.Path()+"/", module) && !slices.Contains(paths, q.Path()) {
					t.Errorf("%s.%s speaks of %s, which is not stable", p.PkgPath, name, q.Path())
				}
				return q.Path()
			})
		}
	}
}

// exported are the exported names of a package, and the exported fields and methods of its types.
func exported(p *types.Package) map[string]types.Object {
	found := map[string]types.Object{}
	add := func(name string, o types.Object) {
		if ast.IsExported(o.Name()) {
			found[name] = o
		}
	}
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !ast.IsExported(name) {
			continue
		}
		named, isType := o.Type().(*types.Named)
		if _, declares := o.(*types.TypeName); !declares || !isType {
			add(name, o)
			continue
		}
		for m := range named.Methods() {
			add(name+"."+m.Name(), m)
		}
		if s, ok := named.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				add(name+"."+f.Name(), f)
			}
		}
	}
	return found
}

// TestMap reads the table in ARCHITECTURE.md: each package has its line, and each file that it names is there.
func TestMap(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			lines[strings.Trim(cells[1], " `")] = cells[3]
		}
	}
	for _, dir := range folders(t) {
		start, there := lines[dir]
		if !there && dir != "." && !strings.HasSuffix(dir, "test") {
			t.Errorf("ARCHITECTURE.md: no line for %s", dir)
		}
		for i, name := range strings.Split(start, "`") {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil && i%2 == 1 && filepath.Ext(name) != "" {
				t.Errorf("ARCHITECTURE.md: %v", err)
			}
		}
	}
}
