package tokens

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0},
		{"hello world", 2},
		{"Reads a file from the disk, at most two thousand lines of it.", 18},
		{strings.Repeat("hello world ", 100_000), 222_000},
		{strings.Repeat("é", maxCounted), 18_186}, // cut between two bytes
	} {
		if got := Of(c.text); got < c.want*95/100 || got > c.want*105/100 {
			t.Errorf("%.20q...: got %d, want about %d", c.text, got, c.want)
		}
	}
}

func TestOfTools(t *testing.T) {
	on, off, text := true, false, schema.Literal("hello world")
	tool := schema.Tool{Name: "hello", Description: &text, InputSchema: json.RawMessage(`{ "type": "object" }`), Enabled: &on}
	hidden := tool
	hidden.Enabled = &off
	doc := &schema.Document{Tools: []schema.Tool{tool, hidden, {Name: "hello"}}}
	want := Of("hello") + Of("hello world") + Of(`{"type":"object"}`)
	if got := OfTools(doc); got != want || OfText(nil) != 0 {
		t.Errorf("got %d, want %d", got, want)
	}
}
