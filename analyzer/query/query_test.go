package query

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
)

var update = flag.Bool("update", false, "write what is wanted anew")

// open opens files as a program.
func open(t *testing.T, files []txtar.File) *source.Input {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in, err := source.Open(t.Context(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// run returns what a query finds, as text.
func run(t *testing.T, in *source.Input, q *queries.Query, opts Options) string {
	t.Helper()
	var b strings.Builder
	err := Run(t.Context(), in, q, opts, func(m Match) error {
		fmt.Fprintf(&b, "%s %d\n", m.Module, m.Pattern)
		for _, c := range m.Captures {
			fmt.Fprintf(&b, "  %s %d:%d %s", c.Name, c.Line, c.Column, c.Text)
			for _, more := range []any{c.Defined, c.Value} {
				if text := encoded(more); string(text) != "null" {
					fmt.Fprintf(&b, " %s", text)
				}
			}
			b.WriteString("\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestQueries runs the files query.scm, or a query of the examples that the comment names, over the programs of
// testdata, and compares with the file want.
func TestQueries(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var program []txtar.File
			var text, want string
			for _, f := range archive.Files {
				switch f.Name {
				case "query.scm":
					text = string(f.Data)
				case "want":
					want = string(f.Data)
				default:
					program = append(program, f)
				}
			}
			if name, ok := strings.CutPrefix(strings.TrimSpace(string(archive.Comment)), "example: "); ok {
				b, err := os.ReadFile(filepath.Join("../../examples/queries", name))
				if err != nil {
					t.Fatal(err)
				}
				text = string(b)
			}
			q, err := queries.Compile("query.scm", text)
			if err != nil {
				t.Fatal(err)
			}
			in := open(t, program)
			one := run(t, in, q, Options{Eval: true, Workers: 1})
			if *update {
				archive.Files[len(archive.Files)-1].Data = []byte(one)
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if one != want {
				t.Errorf("got\n%s\nwant\n%s", one, want)
			}
			if several := run(t, in, q, Options{Eval: true, Workers: 4}); several != one {
				t.Errorf("with four workers\n%s\nwith one\n%s", several, one)
			}
		})
	}
}

// TestPieces compares what is found in the pieces of bundles, with anchors and without, with what is found in a tree of the
// whole file.
func TestPieces(t *testing.T) {
	files, err := filepath.Glob("../../testdata/builds/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("no bundles", err)
	}
	for _, pattern := range []string{
		`(call_expression function: (_) @f) @call`, `(variable_declarator name: (identifier) @name) @d`, `(string) @s`,
		`((member_expression property: (property_identifier) @p) (#eq? @p "description"))`,
		`((property_identifier) @p (#match? @p "^(descr|inp)[a-z]+"))`, `[(arrow_function) (function_declaration)] @f`,
		`(statement_block) @b`, `((arguments . (_) @a (string) @b))`,
	} {
		q, err := queries.Compile("pieces.scm", pattern)
		if err != nil {
			t.Fatal(err)
		}
		if q.Wide() {
			t.Errorf("%s is wide", pattern)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := open(t, []txtar.File{{Name: "index.js", Data: text}})
			s := searcher{query: q}
			s.parsers.New = func() any { return js.NewParser() }
			pieces, err := s.module(t.Context(), analyzer.Link(in).Modules[0], 2)
			if err != nil {
				t.Fatal(err)
			}
			parser := js.NewParser()
			_, whole, err := parser.ParseMatching(context.Background(), text, 0, uint32(len(text)), "", []*queries.Query{q})
			parser.Close()
			if err != nil {
				t.Fatal(err)
			}
			if got, want := places(pieces), places(whole[0]); !slices.Equal(got, want) {
				t.Errorf("%s in %s: %d matches in pieces, %d in the whole", pattern, filepath.Base(file), len(got), len(want))
			}
		}
	}
}

func places(matches []js.Match) (list []string) {
	for _, m := range matches {
		place := fmt.Sprint(m.Pattern)
		for _, c := range m.Captures {
			place += fmt.Sprintf(" %s %d-%d", c.Name, c.Node.Start(), c.Node.End())
		}
		list = append(list, place)
	}
	slices.Sort(list)
	return list
}

func TestWide(t *testing.T) {
	for pattern, wide := range map[string]bool{
		"(program) @p":             true,
		"(lexical_declaration) @d": true,
		"(_) @any":                 true,
		"_ @any":                   true,
		"((comment) @a . (function_declaration) @b)":                  true,
		"[(string) (export_statement)] @x":                            true,
		"(statement_block (variable_declaration) @d)":                 false,
		`((identifier) @a (#eq? @a "x"))`:                             false,
		"(call_expression arguments: (arguments (_) @a)) @c":          false,
		`((pair key: (_) @k value: (_) @v) @p (#match? @k "schema"))`: false,
	} {
		q, err := queries.Compile("q.scm", pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
		} else if q.Wide() != wide {
			t.Errorf("%s: wide is %v", pattern, q.Wide())
		}
	}
}

// TestAnchors checks which texts predicates imply.
func TestAnchors(t *testing.T) {
	for pattern, want := range map[string]string{
		`((identifier) @a (#eq? @a "fetch"))`:                                              "[fetch]",
		`((identifier) @a (#not-eq? @a "fetch"))`:                                          "[]",
		`((identifier) @a (#any-of? @a "one" "two"))`:                                      "[one two]",
		`((identifier) @a (#match? @a "^use(State|Effect)$"))`:                             "[State Effect]",
		`((identifier) @a (#match? @a "^[a-z]+$"))`:                                        "[]",
		`((identifier) @a (#match? @a "(?i)fetch"))`:                                       "[]",
		`((call_expression arguments: (arguments (string)? @a)) (#eq? @a "text"))`:         "[]",
		`((identifier) @a (#eq? @a "x"))`:                                                  "[]",
		`((identifier) @a (#eq? @a "fetch")) ((identifier) @b)`:                            "[]",
		`((identifier) @a (#eq? @a "fetch")) ((property_identifier) @b (#eq? @b "fetch"))`: "[fetch]",
	} {
		q, err := queries.Compile("q.scm", pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
		} else if got := fmt.Sprint(q.Anchors); got != want {
			t.Errorf("%s: got %s, want %s", pattern, got, want)
		}
	}
}
