package excerpt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// document is one in which prompts share parts and conditions lead to one another.
func document() *schema.Document {
	yes, no := true, false
	doc := &schema.Document{SchemaVersion: schema.Version, Source: schema.Source{Name: `"ref": 7 and "q": 1`}}
	for i := range 40 {
		q := schema.Question{Kind: schema.KindEnv, Subject: fmt.Sprintf("V%d", i), Test: schema.TestHolds, Answers: schema.ModeAnswers{Interactive: &no, Print: &yes}}
		if i%4 == 1 {
			means := schema.Asks(i - 1)
			q.Kind, q.Means = schema.KindOther, &means
		}
		doc.Questions = append(doc.Questions, q)
	}
	shared := schema.Part{Lit: strings.Repeat("shared by many. ", 20)}
	for i := range 40 {
		kind := []string{schema.KindAssembly, "message"}[i%2]
		doc.Prompts = append(doc.Prompts, schema.Prompt{ID: fmt.Sprintf("p%d", i), Kind: kind, Text: schema.Text{Parts: []schema.Part{
			{Lit: fmt.Sprint(i)}, shared, {Choice: []schema.Branch{{When: schema.Asks(i), Parts: []schema.Part{{Lit: strings.Repeat("when it holds. ", 20+i/8)}}}, {When: schema.Negated(schema.Asks(i))}}},
		}}})
	}
	doc.Tools = []schema.Tool{{Name: "Look", Dialect: "zod-4", EnabledWhen: new(schema.Cond)}}
	*doc.Tools[0].EnabledWhen = schema.Asks(39)
	return doc
}

func TestRead(t *testing.T) {
	doc := document()
	var b bytes.Buffer
	if err := schema.Encode(&b, doc); err != nil {
		t.Fatal(err)
	}
	checkRead(t, doc, b.Bytes())
	var indented bytes.Buffer
	if err := json.Indent(&indented, b.Bytes(), "  ", "  "); err != nil {
		t.Fatal(err)
	}
	checkRead(t, doc, indented.Bytes())
}

func checkRead(t *testing.T, doc *schema.Document, data []byte) {
	t.Helper()
	part, err := readBytes(data, Want{Lists: []string{"prompts"}, Kinds: []string{schema.KindAssembly}})
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Tools) > 0 || part.Source != doc.Source {
		t.Errorf("tools %v, source %v", part.Tools, part.Source)
	}
	for _, world := range []schema.World{{}, {Mode: schema.ModePrint}, {Set: map[string]string{"env.V8": "1"}}} {
		want, got := render.New(doc, world).Prompts(), render.New(part, world).Prompts()
		if len(want) != len(got) || len(want) != 20 {
			t.Fatalf("%d prompts, want %d", len(got), len(want))
		}
		for i := range want {
			if want[i].Text != got[i].Text {
				t.Errorf("%s in %+v: got %q, want %q", want[i].ID, world, got[i].Text, want[i].Text)
			}
		}
	}
	if n := len(part.Questions); n != 20 || part.Questions[3].Subject != "V6" {
		t.Errorf("%d questions, the fourth is %+v", n, part.Questions[3])
	}
	tools, err := readBytes(data, Want{Lists: []string{"tools"}})
	if err != nil || len(tools.Tools) != 1 || len(tools.Questions) != 1 || tools.Questions[0].Subject != "V39" || tools.Tools[0].Dialect == "" {
		t.Errorf("tools: %+v, %v", tools, err)
	}
}

// TestReadCounted counts the records that are not read.
func TestReadCounted(t *testing.T) {
	doc := document()
	doc.Flags = make([]schema.Flag, 3)
	var b bytes.Buffer
	if err := schema.Encode(&b, doc); err != nil {
		t.Fatal(err)
	}
	part, err := readBytes(b.Bytes(), Want{Lists: []string{"prompts"}, Kinds: []string{schema.KindAssembly}, Counted: []string{"prompts", "flags"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Prompts) != 40 || part.Prompts[0].ID != "p0" || part.Prompts[1].ID != "" || len(part.Flags) != 3 || len(part.Tools) != 0 {
		t.Errorf("%d prompts, %d flags, %d tools", len(part.Prompts), len(part.Flags), len(part.Tools))
	}
}

// TestReadFirst reads of the prompts the first, and of the tools those that it asks about.
func TestReadFirst(t *testing.T) {
	doc := document()
	tool := func(name string) schema.Cond {
		doc.Questions = append(doc.Questions, schema.Question{Kind: schema.KindTool, Subject: name, Test: schema.TestHolds, Answers: schema.Same(false)})
		return schema.Asks(len(doc.Questions) - 1)
	}
	yes := true
	onLook, onSee := tool("Look"), tool("See")
	doc.Tools = []schema.Tool{{Name: "Never", Enabled: &yes}, {Name: "See", Enabled: &yes, Dialect: "zod-4"}, {Name: "Look", Enabled: &yes, EnabledWhen: &onSee}}
	doc.Prompts[2].Text.Parts = append(doc.Prompts[2].Text.Parts, schema.Part{Choice: []schema.Branch{{When: onLook, Parts: []schema.Part{{Lit: "You can look."}}}}})
	doc.Prompts = doc.Prompts[1:] // which is no whole prompt
	var b bytes.Buffer
	if err := schema.Encode(&b, doc); err != nil {
		t.Fatal(err)
	}
	part, err := readBytes(b.Bytes(), Want{Lists: []string{"tools", "prompts"}, Kinds: []string{schema.KindAssembly}, First: true, Switches: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Prompts) != 1 || part.Prompts[0].ID != "p2" || len(part.Tools) != 2 || part.Tools[0].Name != "See" || part.Tools[1].Name != "Look" || part.Tools[0].Dialect != "" {
		t.Fatalf("%d prompts, tools %+v", len(part.Prompts), part.Tools)
	}
	for _, set := range []map[string]string{nil, {"tool.See": "false"}, {"tool.Look": "false"}} {
		want, _ := render.New(doc, schema.World{Set: set}).Main()
		if got, _ := render.New(part, schema.World{Set: set}).Main(); got.Text != want.Text {
			t.Errorf("%v: got %q, want %q", set, got.Text, want.Text)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{"", "[", `{"schemaVersion": 2, "tools": [{"enabledWhen": {"q": 5}}]}`, `{"schemaVersion": 99}`} {
		if _, err := readBytes([]byte(text), Want{Lists: []string{"tools"}}); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
	doc, err := readBytes([]byte(`{"schemaVersion": 1, "tools": [{"enabledWhen": "a"}]}`), Want{})
	if err != nil || len(doc.Tools) != 1 {
		t.Errorf("version 1: %v, %v", doc, err)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := schema.Encode(&b, document()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"schemaVersion": 2, "fragments": [[{"ref": 0}]], "questions": 3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := readBytes(data, Want{Lists: []string{"prompts", "tools"}})
		if err != nil {
			return
		}
		render.New(doc, schema.World{}).Prompts()
		if whole, err := schema.Decode(bytes.NewReader(data)); err == nil && json.Valid(data) && len(whole.Prompts) != len(doc.Prompts) {
			t.Errorf("%d prompts, and %d in the whole", len(doc.Prompts), len(whole.Prompts))
		}
	})
}

func readBytes(data []byte, want Want) (*schema.Document, error) {
	return Read(bytes.NewReader(data), int64(len(data)), want)
}
