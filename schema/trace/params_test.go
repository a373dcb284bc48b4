package trace

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

const questions = `{"$schema":"x","type":"object","additionalProperties":false,"required":["questions"],"properties":{
 "questions":{"description":"What to ask","type":"array","minItems":1,"maxItems":4,"items":{"type":"object","required":["q"],"properties":{
  "q":{"type":"string","description":"The | question"},
  "options":{"type":"array","items":{"type":"object","properties":{"label":{"type":"string","minLength":1,"maxLength":12},"on":{"type":"boolean","default":false}}}}}}},
 "mode":{"enum":["a","b"]},
 "count":{"type":"integer","exclusiveMinimum":0,"maximum":9007199254740991},
 "where":{"anyOf":[{"type":"string","format":"uri"},{"type":"object","properties":{"x":{"type":"number"}}},{"type":"null"}]},
 "map":{"type":"object","propertyNames":{"type":"string"},"additionalProperties":{"type":"string","pattern":"^a|b$"}},
 "pair":{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}]},
 "names":{"type":"array","items":{"type":"string","enum":["n"]}},
 "self":{"$ref":"#"},
 "odd.name":{"const":1},
 "any":{}
}}`

func TestParameters(t *testing.T) {
	got, err := Parameters([]byte(questions))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range got {
		fmt.Fprintf(&b, "%s: %s; %v; %s; %s; %s; %s; %s\n", p.Path, p.Type, p.Required, p.Description, strings.Join(p.Allowed, ","), p.Default, p.Range, p.Format)
	}
	want := `questions: object[]; true; What to ask; ; ; 1 to 4 items; 
questions[].q: string; true; The | question; ; ; ; 
questions[].options: object[]; false; ; ; ; ; 
questions[].options[].label: string; false; ; ; ; 1 to 12 characters; 
questions[].options[].on: boolean; false; ; ; false; ; 
mode: string; false; ; "a","b"; ; ; 
count: integer; false; ; ; ; more than 0; 
where: string or object or null; false; ; ; ; ; 
where|2: object; false; ; ; ; ; 
where|2.x: number; false; ; ; ; ; 
map: object; false; ; ; ; ; 
map.*: string; false; ; ; ; ; /^a|b$/
pair: array; false; ; ; ; ; 
pair[0]: string; false; ; ; ; ; 
pair[1]: number; false; ; ; ; ; 
names: string[]; false; ; ; ; ; 
names[]: string; false; ; "n"; ; ; 
self: object; false; ; ; ; ; 
"odd.name": number; false; ; 1; ; ; 
any: any; false; ; ; ; ; 
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	// Two schemas that refer to each other many times over end, too.
	wild := `{"$defs":{"a":{"type":"object","properties":{"x":{"$ref":"#/$defs/b"},"y":{"$ref":"#/$defs/b"}}},"b":{"properties":{"x":{"$ref":"#/$defs/a"},"y":{"$ref":"#/$defs/a"}}}},"$ref":"#/$defs/a"}`
	if got, err := Parameters([]byte(wild)); err != nil || len(got) != 14 {
		t.Errorf("%d parameters, %v", len(got), err)
	}
	if _, err := Parameters([]byte("{")); err == nil {
		t.Error("half a schema: no error")
	}
}

func TestReference(t *testing.T) {
	set, _ := read(t, "x", forms["own"]+strings.Replace(forms["own"], `"at":`, `"to":`, 1), Options{})
	no := false
	doc := &schema.Document{Tools: []schema.Tool{{Name: "Look"}, {Name: "Touch", Enabled: &no, EnabledWhen: &schema.Cond{Text: "env.TOUCH | flag"}}}}
	ref, err := NewReference(set, doc)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := ref.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Form 1 of 2, in 1 request.", "| `at` | string |", "| `to` | string |", "| `Touch` | no | `env.TOUCH \\| flag` |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is not in\n%s", want, &b)
		}
	}
	if len(ref.Unknown) != 0 {
		t.Errorf("unknown: %v", ref.Unknown)
	}
	ref, _ = NewReference(set, &schema.Document{})
	if fmt.Sprint(ref.Unknown) != "[Look]" {
		t.Errorf("unknown: %v", ref.Unknown)
	}
}

// TestText shows that nothing of a capture reaches the terminal as a control sequence.
func TestText(t *testing.T) {
	set, _ := read(t, "x", strings.ReplaceAll(forms["own"], "Look", `\u001b[31mLook\u0007`), Options{})
	var b bytes.Buffer
	if err := set.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\x07") || !strings.Contains(b.String(), "[31mLook") {
		t.Errorf("got %q", &b)
	}
}
