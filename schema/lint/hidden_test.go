package lint

import (
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

func TestHiddenTexts(t *testing.T) {
	text := func(s string) *schema.Text { x := schema.Literal(s); return &x }
	doc := &schema.Document{
		Tools:   []schema.Tool{{Name: "Plain", Description: text("Reads a file.\n\tIn lines. 👩\u200d💻 ✔\ufe0f é")}, {Name: "Turned", Description: text("a\u202eb\u202ec")}},
		Prompts: []schema.Prompt{{ID: "tags", Text: *text("do \U000e0061\U000e0062 this")}, {ID: "width", Text: *text("pass\u200bword \u200d")}},
		Agents:  []schema.Agent{{Name: "bell", Prompt: text("\x07\x1b[2J")}},
	}
	var got []string
	for _, f := range hiddenTexts(doc) {
		got = append(got, f.Subject+": "+f.Message[strings.Index(f.Message, "U+"):])
	}
	want := []string{"Turned: U+202E (2 times)", "tags: U+E0061 (1 times), U+E0062 (1 times)", "width: U+200B (1 times), U+200D (1 times)", "bell: U+0007 (1 times), U+001B (1 times)"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
