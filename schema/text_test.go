package schema

import (
	"regexp"
	"slices"
	"testing"
)

// menu is a text with one part of every sort.
var menu = []Part{
	{Lit: "Use "},
	{Hole: &Hole{Name: "TOOL", Expr: "x.name", Why: "not a constant"}},
	{Lit: " (a|b)\n"},
	{Choice: []Branch{{When: Cond{Text: "fast"}, Parts: []Part{{Lit: "now"}}}, {When: Cond{Text: "!fast"}, Parts: []Part{}}}},
	{Each: &Each{Over: "list", Sep: ", ", Parts: []Part{{Lit: "<"}, {Hole: &Hole{Name: "ITEM"}}, {Lit: ">"}}}},
}

func TestPattern(t *testing.T) {
	re := regexp.MustCompile(Text{Parts: menu}.Pattern())
	for text, want := range map[string]bool{
		"Use X (a|b)\nnow":         true,
		"Use X\nY (a|b)\n":         true,
		"Use X (a|b)\n<1>, <2>":    true,
		"Use X (a|b)\nnow<1>":      true,
		"Use X ab\nnow":            false,
		"Use X (a|b)\nnever":       false,
		"Please use X (a|b)\nnow":  false,
		"Use X (a|b)\nnow and so.": false,
	} {
		if got := re.MatchString(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestLiteralsAndHoles(t *testing.T) {
	if got, want := slices.Collect(Literals(menu)), []string{"Use ", " (a|b)\n", "now", "<", ">"}; !slices.Equal(got, want) {
		t.Errorf("literals: got %q, want %q", got, want)
	}
	var names []string
	for h := range Holes(menu) {
		names = append(names, h.Name)
	}
	if want := []string{"TOOL", "ITEM"}; !slices.Equal(names, want) {
		t.Errorf("holes: got %q, want %q", names, want)
	}
	for range Literals(menu) {
		break // stopping early is allowed
	}
}

func TestJoin(t *testing.T) {
	hole := Part{Hole: &Hole{Name: "X"}}
	got := Join([]Part{{Lit: "a"}, {}, {Lit: "b"}}, []Part{{Lit: "c"}, hole}, nil, []Part{{Lit: ""}, {Lit: "d"}})
	if len(got) != 3 || got[0].Lit != "abc" || got[1].Hole == nil || got[2].Lit != "d" {
		t.Errorf("got %+v", got)
	}
}

func TestIsLiteral(t *testing.T) {
	if !Literal("x").IsLiteral() || !Literal("").IsLiteral() || (Text{Parts: menu}).IsLiteral() {
		t.Error("wrong answer")
	}
}
