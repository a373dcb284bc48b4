package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// TestSplit has the first block hold what tools and whole prompts lead to, the second all else, and no table's element
// twice.
func TestSplit(t *testing.T) {
	d := tern("1.0.0")
	for range 3 {
		d.Questions = append(d.Questions, schema.Question{Kind: schema.KindOther, Test: schema.TestHolds})
	}
	follows := schema.Asks(3)
	d.Questions[1].Means = &follows // and 2 is asked by a message alone, 4 by nothing
	d.Prompts = append(d.Prompts, schema.Prompt{ID: "message", Kind: "message", Text: schema.Text{Parts: []schema.Part{
		{Choice: []schema.Branch{{When: schema.Asks(2), Parts: []schema.Part{{Lit: `it says "q": 4`}}}}}}}})
	d.Tools[0].Implementation = []schema.Member{{Name: "call", Source: "call(){}"}}
	var b bytes.Buffer
	if err := schema.EncodeWhole(&b, d); err != nil {
		t.Fatal(err)
	}
	shown, rest, err := split(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	there := func(list []json.RawMessage) (out string) {
		for _, e := range list {
			out += map[bool]string{true: "+", false: "-"}[e != nil]
		}
		return out
	}
	if got := there(shown["questions"].([]json.RawMessage)) + " " + there(rest.Questions); got != "++-+- --+-+" {
		t.Errorf("questions: %s", got)
	}
	if got := len(shown["prompts"].([]json.RawMessage)); got != 1 {
		t.Errorf("%d prompts in the first block", got)
	}
	if got := fmt.Sprint(shown["counts"]); got != "map[agents:0 capabilities:0 commands:0 environment:1 flags:0 prompts:2 reminders:0 system-prompt:1]" {
		t.Errorf("counts: %s", got)
	}
	if !bytes.Contains(rest.Records["prompts"], []byte(`"message"`)) || !bytes.Contains(rest.Implementations[0], []byte("call(){}")) {
		t.Errorf("the rest lacks records or sources")
	}
	for _, bad := range []string{`[]`, `{}`, `{"prompts":[1],"reminders":[],"agents":[],"commands":[],"environment":[],"flags":[],"capabilities":[]}`} {
		if _, _, err := split([]byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}
