package bundlens_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bundlens/bundlens/"

// mayImport is who may import whom, from the ground up. A package may import what its line names, and nothing else of
// the project. A new package is a new line; a line that has to name something above itself is a mistake elsewhere.
var mayImport = []struct {
	pkg     string
	imports []string
}{
	{"internal/ecma", nil},
	{"internal/sourcemap", nil},
	{"bunextract", []string{"internal/sourcemap"}},
	{"internal/regular", nil},
	{"internal/lazyregexp", nil},
	{"internal/hidden", nil},
	{"queries", []string{"internal/lazyregexp"}},
	{"analyzer/internal/textsearch", nil},
	{"internal/ordered", []string{"internal/ecma"}},
	{"schema", []string{"internal/lazyregexp", "internal/ordered"}},
	{"internal/zod", []string{"internal/ecma", "schema", "internal/ordered"}},
	{"internal/oracletest", nil},
	{"internal/campaign", nil},
	{"schema/render", []string{"schema"}},
	{"internal/excerpt", []string{"schema"}},
	{"schema/internal/tokens", []string{"schema"}},
	{"schema/report", []string{"internal/hidden", "internal/lazyregexp", "schema", "internal/ordered", "schema/render", "schema/internal/tokens"}},
	{"schema/trace/internal/redact", nil},
	{"schema/trace/internal/redact/redacttest", []string{"schema/trace/internal/redact"}},
	{"schema/trace", []string{"internal/lazyregexp", "internal/regular", "schema", "internal/ordered", "schema/trace/internal/redact"}},
	{"schema/export", []string{"internal/lazyregexp", "schema", "internal/ordered"}},
	{"schema/lint", []string{"internal/hidden", "internal/lazyregexp", "internal/regular", "schema", "schema/trace"}},
	{"schema/trace/live", []string{"internal/lazyregexp", "schema/trace", "schema/trace/internal/redact"}},
	{"schema/diff", []string{"internal/lazyregexp", "schema", "internal/ordered", "schema/render", "schema/internal/tokens"}},
	{"schema/history", []string{"internal/regular", "schema", "schema/diff", "schema/report", "schema/internal/tokens"}},
	{"internal/fleet/embedded", nil},
	{"internal/fleet", []string{"schema"}},
	{"web/build", nil},
	{"schema/view", []string{"internal/hidden", "internal/lazyregexp", "schema", "schema/diff", "schema/history", "schema/internal/tokens"}},
	{"analyzer/internal/js", []string{"analyzer/internal/textsearch", "internal/ecma", "queries"}},
	{"analyzer/source", []string{"internal/lazyregexp", "analyzer/internal/textsearch", "bunextract", "internal/regular", "schema"}},
	{"analyzer/internal/scope", []string{"internal/lazyregexp", "analyzer/internal/js", "analyzer/source", "queries"}},
	{"analyzer/internal/eval", []string{"internal/lazyregexp", "analyzer/internal/js", "analyzer/internal/scope", "internal/ecma", "schema", "internal/ordered"}},
	{"analyzer/ledger", []string{"analyzer/internal/js", "analyzer/source", "schema"}},
	{"analyzer/internal/flow", []string{"analyzer/internal/js", "analyzer/internal/scope"}},
	{"analyzer/internal/zod", []string{"internal/lazyregexp", "analyzer/internal/eval", "analyzer/internal/js", "analyzer/internal/textsearch", "schema", "internal/ordered", "internal/zod"}},
	// The contract: it knows no fact. Callers hand it the list.
	{"analyzer", []string{"internal/lazyregexp", "analyzer/internal/eval", "analyzer/internal/js", "analyzer/internal/scope", "analyzer/source", "analyzer/internal/textsearch", "analyzer/internal/zod", "queries",
		"schema", "internal/ordered", "internal/zod"}},
	{"analyzer/facts", []string{"internal/lazyregexp", "analyzer", "analyzer/internal/eval", "analyzer/internal/flow", "analyzer/internal/js", "analyzer/internal/scope", "analyzer/source", "analyzer/internal/zod",
		"queries", "schema", "internal/ordered", "internal/zod"}},
	{"analyzer/internal/binding", []string{"analyzer/internal/js"}},
	{"analyzer/audit", []string{"internal/lazyregexp", "analyzer", "analyzer/internal/binding", "analyzer/internal/eval", "analyzer/internal/js", "analyzer/internal/scope", "analyzer/source", "internal/regular", "schema"}},
	{"analyzer/format", []string{"internal/sourcemap", "internal/lazyregexp", "analyzer", "analyzer/internal/binding", "analyzer/internal/js", "analyzer/internal/scope", "analyzer/source"}},
	{"analyzer/query", []string{"analyzer", "analyzer/internal/eval", "analyzer/internal/js", "analyzer/internal/scope", "analyzer/source", "queries", "schema"}},
	{"cmd/bundlens", []string{"internal/hidden", "internal/lazyregexp", "analyzer/audit", "analyzer/format", "analyzer/query", "queries", "analyzer", "analyzer/facts", "analyzer/ledger", "analyzer/source", "bunextract", "internal/fleet", "internal/fleet/embedded", "internal/regular", "schema", "schema/diff", "internal/excerpt", "schema/export",
		"schema/history", "schema/lint", "internal/ordered", "schema/render", "schema/report", "schema/trace", "schema/trace/live", "schema/view",
		"internal/zod"}},
}

// parserUsers are the packages that may import the parser, which is what brings cgo in.
var parserUsers = []string{"analyzer/internal/js", "queries"}

const parser = "github.com/smacker/go-tree-sitter"

// standardOnly are the packages that use nothing but the standard library.
var standardOnly = []string{"bunextract", "internal/sourcemap", "internal/ecma", "internal/hidden", "internal/regular", "schema", "internal/ordered"}

// withoutCgo are the packages that no cgo may reach, and all that lies below them.
var withoutCgo = []string{"bunextract", "internal/fleet", "internal/zod", "schema", "analyzer/source"}

// listed is a package as go list tells it.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
	CgoFiles   []string
}

// list asks for all packages of the project and what they depend on.
func list(t *testing.T) map[string]*listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps,CgoFiles", "./...")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	packages := map[string]*listed{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}

func TestLayering(t *testing.T) {
	packages := list(t)
	allowed := map[string][]string{}
	for _, line := range mayImport {
		for _, below := range line.imports {
			if _, known := allowed[below]; !known {
				t.Errorf("the table lets %s import %s, which does not stand above it", line.pkg, below)
			}
		}
		allowed[line.pkg] = line.imports
	}
	for path, p := range packages {
		name, ours := strings.CutPrefix(path, module)
		if !ours {
			continue
		}
		may, known := allowed[name]
		if !known {
			t.Errorf("%s has no line in the table", name)
			continue
		}
		for _, i := range p.Imports {
			checkImport(t, packages, name, i, may)
		}
		below := func(top string) bool { return name == top || strings.HasPrefix(name, top+"/") }
		if slices.ContainsFunc(withoutCgo, below) {
			checkNoCgo(t, packages, name, p)
		}
	}
}

// checkImport checks one import of a package of the project.
func checkImport(t *testing.T, packages map[string]*listed, name, imported string, may []string) {
	t.Helper()
	if below, ours := strings.CutPrefix(imported, module); ours {
		if !slices.Contains(may, below) {
			t.Errorf("%s may not import %s", name, below)
		}
		return
	}
	if strings.HasPrefix(imported, parser) && !slices.Contains(parserUsers, name) {
		t.Errorf("%s may not import the parser", name)
	}
	if p := packages[imported]; p != nil && !p.Standard && slices.Contains(standardOnly, name) {
		t.Errorf("%s may import the standard library only, not %s", name, imported)
	}
}

// checkNoCgo checks all that a package depends on. The standard library can do without its own cgo.
func checkNoCgo(t *testing.T, packages map[string]*listed, name string, p *listed) {
	t.Helper()
	for _, path := range append(slices.Clone(p.Deps), p.ImportPath) {
		if dep := packages[path]; dep != nil && !dep.Standard && len(dep.CgoFiles) > 0 {
			t.Errorf("cgo reaches %s through %s", name, path)
		}
	}
}

// opensItself are the files that may open what they read without package regular: their names are fixed, or a writer's.
var opensItself = map[string]bool{
	"bunextract/file.go": true, "web/build/main.go": true, "analyzer/bounds_unix.go": true,
	"schema/trace/live/sandbox_linux.go": true,
}

// TestOneOpener looks for reads that would wait for a pipe, or would not end.
func TestOneOpener(t *testing.T) {
	opens := regexp.MustCompile(`\bos\.(Open|ReadFile)\(`)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			return cmp.Or(err, fs.SkipDir)
		}
		path = filepath.ToSlash(path)
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || opensItself[path] {
			return nil
		}
		text, err := os.ReadFile(path)
		if opens.Match(text) {
			t.Errorf("%s opens a file without package regular", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
