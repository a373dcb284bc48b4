package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestReadsVersion1(t *testing.T) {
	doc, err := Decode(strings.NewReader(`{"schemaVersion": 1,
		"tools": [{"name": "Look", "enabledWhen": "flag(\"a\", true) && !(process.env.B || x === \"&& (\")", "traits": [{"name": "readOnly", "value": true, "when": ""}]},
			{"name": "Touch", "enabledWhen": "", "schemaVariants": [{"when": "!interactive", "inputSchema": {"when": "x", "type": "object"}}]}],
		"prompts": [{"id": "p", "guards": ["further conditions", "process.platform !== \"win32\""],
			"text": {"text": "", "parts": [{"choice": [{"when": "not by default; hangs on b", "parts": []}, {"when": "cut off, a || ...", "parts": []}]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if doc.SchemaVersion != Version {
		t.Errorf("it is of version %d", doc.SchemaVersion)
	}
	look := doc.Tools[0].EnabledWhen
	if len(look.All) != 2 || look.All[1].Not == nil || len(look.All[1].Not.Any) != 2 {
		t.Errorf("read as %s", asJSON(look))
	}
	if q := doc.Questions[*look.All[0].Q]; q.Kind != KindFlag || q.Subject != "a" || string(q.Fallback) != "true" || !*q.Answers.Print {
		t.Errorf("read as %s", asJSON(q))
	}
	for _, c := range []struct {
		set   string
		holds bool
	}{{"", true}, {"env.B", false}} {
		holds, _ := NewAnswers(doc, World{Set: map[string]string{c.set: "1"}}).Holds(look)
		if holds != c.holds {
			t.Errorf("with %q set it holds: %v", c.set, holds)
		}
	}
	if doc.Tools[0].Traits[0].When != nil || doc.Tools[1].EnabledWhen != nil {
		t.Error("a condition that there is not")
	}
	if got := string(doc.Tools[1].SchemaVariants[0].InputSchema); got != `{"when": "x", "type": "object"}` {
		t.Errorf("the schema became %s", got)
	}
	p := doc.Prompts[0]
	if !p.GuardsLeftOut || len(p.Guards) != 1 || p.Guards[0].Not == nil || p.Guards[0].Text != `process.platform !== "win32"` {
		t.Errorf("guards read as %s", asJSON(p.Guards))
	}
	if holds, _ := NewAnswers(doc, World{}).Holds(&p.Text.Parts[0].Choice[0].When); holds {
		t.Error("what does not hold by default holds")
	}
	if cut := p.Text.Parts[0].Choice[1].When; cut.Q == nil {
		t.Errorf("a condition that was cut is taken apart: %s", asJSON(cut))
	}
	checkRoundTrip(t, doc)
}

func asJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// checkRoundTrip makes sure that a Document is the same when it is written and read.
func checkRoundTrip(t *testing.T, doc *Document) *bytes.Buffer {
	t.Helper()
	var first, second bytes.Buffer
	if err := Encode(&first, doc); err != nil {
		t.Fatal(err)
	}
	back, err := Decode(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, first.String())
	}
	if err := Encode(&second, back); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Errorf("not the same bytes:\n%s\n%s", first.String(), second.String())
	}
	var texts [2][][]Part
	for i, d := range []*Document{doc, back} {
		for text := range d.Texts() {
			texts[i] = append(texts[i], text.Parts)
		}
	}
	if a, b := asJSON(texts[0]), asJSON(texts[1]); a != b && !reflect.DeepEqual(texts[0], texts[1]) {
		t.Errorf("other parts:\n%s\n%s", a, b)
	}
	return &first
}
