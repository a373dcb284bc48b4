package schema

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// decoded is a Document as it is read again, with its bytes.
func decoded(t *testing.T, doc *Document) (*Document, string) {
	t.Helper()
	text := checkRoundTrip(t, doc).Bytes()
	back, err := Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return back, string(text)
}

// TestQuestionsAreWrittenShortly asserts that what a question's other fields say is left out of it, and put back.
func TestQuestionsAreWrittenShortly(t *testing.T) {
	doc := asking()
	at := Origin{Module: "m.js", Start: 3, End: 9}
	doc.Environment = []Variable{{Name: "QUIET", Origins: []Origin{at, {Module: "m.js", Start: 20}}}}
	doc.Flags = []Flag{{Key: "fast", Origins: []Origin{{Module: "n.js"}}}}
	doc.PlaceQuestions()
	if o := doc.Questions[1].Origin; o == nil || *o != at || doc.Questions[3].Origin == nil || doc.Questions[2].Origin != nil {
		t.Errorf("a variable that is read at %+v is asked about at %+v", at, o)
	}
	doc.Questions[8].Answers = Same(false) // which is what not to be known comes to
	doc.Questions[3].Origin = &Origin{Module: "elsewhere.js"}
	back, text := decoded(t, doc)
	if !reflect.DeepEqual(doc.Questions, back.Questions) {
		t.Errorf("got\n%s\nwant\n%s", asJSON(back.Questions), asJSON(doc.Questions))
	}
	for _, left := range []string{`"expr":"process.env.QUIET"`, `"expr":"flag(`, `"answers":false`, `"m.js","start":3,"end":9}}`} {
		if strings.Contains(text, left) {
			t.Errorf("%s is written in\n%s", left, text)
		}
	}
	for _, kept := range []string{`"expr":"list.length > 3"`, `"expr":"process.env.SWITCH === \"0\""`, `"answers":true`, "elsewhere.js"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%s is not written in\n%s", kept, text)
		}
	}
	var whole strings.Builder
	if err := EncodeWhole(&whole, doc); err != nil || !strings.Contains(whole.String(), `"expr": "process.env.QUIET"`) || !strings.Contains(whole.String(), `"answers": false`) {
		t.Errorf("%v, in whole\n%s", err, whole.String())
	}
}

// TestQuestionsOfOlderDocuments asserts that questions are read that say more than they have to.
func TestQuestionsOfOlderDocuments(t *testing.T) {
	back, err := Decode(strings.NewReader(`{"schemaVersion":2,"questions":[
		{"kind":"env","subject":"QUIET","test":"holds","answers":false,"decided":true,"expr":"its own words","origin":{"module":"m.js","start":1,"end":2}},{"again":true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Question{Kind: KindEnv, Subject: "QUIET", Test: TestHolds, Answers: Same(false), Decided: true, Expr: "its own words", Origin: &Origin{Module: "m.js", Start: 1, End: 2}}
	if !reflect.DeepEqual(back.Questions, []Question{want, want}) {
		t.Errorf("got %s", asJSON(back.Questions))
	}
}

// TestMembersAreWrittenOnce asserts that a function that several tools have stands once.
func TestMembersAreWrittenOnce(t *testing.T) {
	call := Member{Name: "call", Source: "call(a){return run(a)}", Bytes: 22}
	other := Member{Name: "call", Source: "call(b){return stop(b)}", Bytes: 23}
	drawn := Member{Name: "draw", Bytes: 400}
	doc := &Document{SchemaVersion: Version, Tools: []Tool{
		{Name: "A", Implementation: []Member{call, drawn}},
		{Name: "B", Implementation: []Member{other, call, drawn}},
		{Name: "C", Implementation: []Member{call, other}},
		{Name: "D"},
	}}
	back, text := decoded(t, doc)
	for i, tool := range doc.Tools {
		if got := back.Tools[i].Implementation; len(tool.Implementation) > 0 && !reflect.DeepEqual(got, tool.Implementation) {
			t.Errorf("%s: got %s, want %s", tool.Name, asJSON(got), asJSON(tool.Implementation))
		}
	}
	for _, m := range []Member{call, other} {
		if n := strings.Count(text, m.Source); n != 1 {
			t.Errorf("%s stands %d times in\n%s", m.Source, n, text)
		}
	}
	if doc.Tools[2].Implementation[0].Like != nil {
		t.Error("encoding changed the document")
	}
	for _, list := range []string{`[{"implementation":[{"name":"call","like":0}]}]`, `[{},{"implementation":[{"name":"call","like":0}]}]`, `[{"implementation":[{"name":"call","like":-1}]}]`} {
		if _, err := Decode(strings.NewReader(`{"schemaVersion":2,"tools":` + list + `}`)); err == nil || !strings.Contains(err.Error(), "call of tool") {
			t.Errorf("%s: got %v", list, err)
		}
	}
}

// TestSummariesAreShort asserts that what is told of a long condition is not long itself.
func TestSummariesAreShort(t *testing.T) {
	long := strings.Repeat("ä", 400)
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("process.env.A_RATHER_LONG_NAME_OF_A_VARIABLE_%d", i))
	}
	for _, c := range []struct {
		names, exprs []string
		end          string
	}{
		{many, nil, "more"}, {many[:2], nil, "VARIABLE_1"}, {nil, []string{long, long}, "and 1 more"}, {[]string{long}, many, "and 40 more"}, {nil, many, "and 38 more"},
	} {
		for _, holds := range []bool{true, false} {
			got := Summary(holds, c.names, c.exprs)
			if len(got) > MaxReading || !strings.HasSuffix(got, c.end) || strings.ContainsRune(got, '\ufffd') {
				t.Errorf("%d bytes: %s", len(got), got)
			}
		}
	}
}

// TestCommandsAreTheirParts leaves out the rendering of what a command sends, and puts it back.
func TestCommandsAreTheirParts(t *testing.T) {
	doc := asking()
	parts := []Part{{Lit: "Look at "}, {Hole: &Hole{Name: "WHAT", Expr: "argument", Why: "passed"}}, {Lit: "."}}
	other, alone := Text{Text: "Look at nothing.", Parts: parts}, Literal("Look.")
	doc.Commands = []Command{{Name: "look", Prompt: &Text{Text: "Look at ${WHAT}.", Parts: parts}}, {Name: "other", Prompt: &other}, {Name: "alone", Prompt: &alone}, {Name: "none"}}
	back, text := decoded(t, doc)
	for i := range doc.Commands {
		if got, want := asJSON(back.Commands[i].Prompt), asJSON(doc.Commands[i].Prompt); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if strings.Contains(text, "Look at ${WHAT}.") || !strings.Contains(text, "Look at nothing.") {
		t.Errorf("written as\n%s", text)
	}
}
