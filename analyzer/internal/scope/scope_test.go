package scope

import (
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/queries"
)

const objects = `; fact: objects
; anchors: name
; @object: an object
(object) @object
`

// A unit has one tree, whether it is asked for by its place or by a query, and in whichever order: a node is the key
// under which facts remember a place.
func TestOneTreeForAUnit(t *testing.T) {
	q, err := queries.Load("objects.scm", objects)
	if err != nil {
		t.Fatal(err)
	}
	p := New([]Source{{Name: "main.js", Text: []byte("var a={name:1};")}}, func(int, string, ImportKind) (int, bool) { return 0, false })
	m := p.Modules[0]
	match := func() js.Node {
		found, err := m.Match(t.Context(), 0, []*queries.Query{q})
		if err != nil || len(found) != 1 || len(found[0]) != 1 {
			t.Fatalf("%v, %v", found, err)
		}
		return found[0][0].Capture("object")
	}
	first := match()
	tree, err := m.Tree(0)
	if err != nil {
		t.Fatal(err)
	}
	if second := match(); second != first || first.Tree() != tree {
		t.Errorf("%q has several nodes", first.Text())
	}
	if s := p.Stats(); s.UnitsParsed != 1 {
		t.Errorf("%d units parsed, want 1", s.UnitsParsed)
	}
}

func TestLookup(t *testing.T) {
	modules := []Source{
		{Name: "main.js", Text: []byte(`import{a as b}from"one";var init=E(()=>{let local=1;shared=local});var shared;process.x=1;`)},
		{Name: "one", Text: []byte(`export*from"two";`)},
		{Name: "two", Text: []byte(`var q=1;export{q as a};`)},
	}
	p := New(modules, func(_ int, specifier string, _ ImportKind) (int, bool) {
		for i, s := range modules {
			if s.Name == specifier {
				return i, true
			}
		}
		return 0, false
	})
	main := p.Modules[0]
	for _, c := range []struct {
		name   string
		thunk  int32
		module string // "" for a name that nothing declares
	}{
		{"b", -1, "two"}, {"shared", -1, "main.js"}, {"local", 0, "main.js"}, {"local", -1, ""}, {"process", -1, ""}, {"nothing", -1, ""},
	} {
		b, ok := main.Lookup(c.thunk, c.name)
		if ok != (c.module != "") || ok && b.Module.Name != c.module {
			t.Errorf("%s seen from thunk %d: %v in %v, want %q", c.name, c.thunk, ok, b.Module, c.module)
		}
	}
}
