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
	if n := strings.Count(text, `"lit":"end"`); n != 2 {
		t.Errorf("a short part stands %d times, not where it is not all of a text", n)
	}
	if !strings.Contains(text, `"text":{"text":"end"}`) {
		t.Error("a text that is known whole has parts")
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

// TestVariantsAreTheirParts leaves out the renderings of variants, and puts them back.
func TestVariantsAreTheirParts(t *testing.T) {
	long := strings.Repeat("a text that is long enough to be worth it. ", 4)
	doc := asking()
	doc.Tools = []Tool{{Name: "Look"}}
	for _, end := range []string{"one", "two"} {
		v := DescriptionVariant{When: Asks(0), Description: Literal(long + "\n" + end)}
		doc.Tools[0].DescriptionVariants = append(doc.Tools[0].DescriptionVariants, v)
	}
	if n := strings.Count(checkRoundTrip(t, doc).String(), long); n != 1 {
		t.Errorf("what the variants share stands %d times", n)
	}
	var whole strings.Builder
	if err := EncodeWhole(&whole, doc); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(whole.String(), `"text": "`+long); n != 2 {
		t.Errorf("the renderings stand %d times in the whole document", n)
	}
}

// TestRunsOfConditions writes conditions that several formulas share, within longer ones, once.
func TestRunsOfConditions(t *testing.T) {
	doc := asking()
	for range 12 {
		doc.Questions = append(doc.Questions, Question{Kind: KindArgument, Subject: "x", Test: TestHolds, Answers: Same(false)})
	}
	var path []Cond
	for i := range 12 {
		path = append(path, Negated(Asks(i)))
		all := Cond{All: append(path[:len(path):len(path)], Asks((i+1)%len(doc.Questions)))}
		doc.Prompts = append(doc.Prompts, Prompt{ID: fmt.Sprint(i), Text: Literal("x"), Guards: []Cond{all}})
	}
	if n := strings.Count(checkRoundTrip(t, doc).String(), `{"q":3}`); n > 4 {
		t.Errorf("a question stands %d times", n)
	}
}

// TestReadingOfWhatIsLong says what a long condition depends on.
func TestReadingOfWhatIsLong(t *testing.T) {
	doc := asking()
	var all []Cond
	for i := range 20 {
		doc.Questions = append(doc.Questions, Question{Kind: KindOther, Test: TestOther, Expr: fmt.Sprintf("a rather long expression number %d", i), Answers: Same(true)})
		all = append(all, Asks(len(doc.Questions)-1))
	}
	long := Cond{All: all}
	want := "by default; depends on a rather long expression number 0, a rather long expression number 1 and 18 more"
	if got := doc.Reading(&long); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	doc.Questions[len(doc.Questions)-1].Means = &Cond{All: []Cond{Asks(0)}}
	doc.Questions[0] = Question{Kind: KindEnv, Subject: "A-B", Test: TestHolds, Answers: Same(false)}
	want = `not by default; depends on process.env["A-B"] and 19 more`
	if got := doc.Reading(&long); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
