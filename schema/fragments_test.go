package schema

import (
	"fmt"
	"strings"
	"testing"
)

// TestFragments writes parts that stand in several places once.
func TestFragments(t *testing.T) {
	long := strings.Repeat("a text that is long enough to be worth it. ", 4) + "\n"
	inner := []Part{{Choice: []Branch{{When: Asks(0), Parts: []Part{{Lit: long}}}, {When: Negated(Asks(0)), Parts: []Part{}}}}}
	section := append([]Part{{Lit: "Head. "}, {Hole: &Hole{Name: "X", Expr: "x", Why: "y"}}}, inner...)
	doc := asking()
	doc.Prompts = []Prompt{
		{ID: "whole", Text: Text{Parts: []Part{{Each: &Each{Over: "list", Parts: section}}, {Lit: "end"}}}},
		{ID: "section", Text: Text{Parts: section}},
		{ID: "choice", Text: Text{Parts: inner}},
		{ID: "alone", Text: Text{Parts: []Part{{Lit: long + "end"}}}},
		{ID: "short", Text: Text{Parts: []Part{{Lit: "end"}}}},
	}
	for c := range doc.textConditions() {
		c.Text = doc.Reading(c)
	}
	answers := NewAnswers(doc, World{})
	for text := range doc.Texts() {
		text.Text = answers.Text(text.Parts)
	}
	text := checkRoundTrip(t, doc).String()
	if n := strings.Count(text, `"lit":"`+long[:len(long)-1]); n != 1 {
		t.Errorf("the long text stands %d times in\n%s", n, text)
	}
	if n := strings.Count(text, `"lit":"Head. "`); n != 1 {
		t.Errorf("the section stands %d times", n)
	}
	if n := strings.Count(text, `"lit":"end"`); n != 3 {
		t.Errorf("a short part stands %d times, not at its three places", n)
	}
	if doc.Fragments != nil || doc.Prompts[1].Text.Parts[0].Lit != "Head. " {
		t.Error("encoding changed the document")
	}
}

func TestFragmentsThatAreWrong(t *testing.T) {
	var bomb strings.Builder
	for i := range 40 {
		fmt.Fprintf(&bomb, `,[{"ref":%d},{"ref":%d}]`, i, i)
	}
	for _, c := range []struct{ fragments, want string }{
		{`[[{"ref":0}]]`, "stands before it"},
		{`[[{"lit":"x"}],[{"ref":-1}]]`, "stands before it"},
		{`[[{"lit":"x"}]` + bomb.String() + `]`, "more than"},
	} {
		_, err := Decode(strings.NewReader(`{"schemaVersion":2,"fragments":` + c.fragments + `}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: got %v, want %q", c.fragments, err, c.want)
		}
	}
	if _, err := Decode(strings.NewReader(`{"schemaVersion":2,"tools":[{"enabledWhen":{"not":{"q":3}}}]}`)); err == nil {
		t.Error("a question that is not there: no error")
	}
}
