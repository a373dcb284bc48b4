package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/bundlens/bundlens/schema"
)

func summarised(t *testing.T, doc *schema.Document, o SummaryOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Summary(&b, doc, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSummaryFits asserts that no line is wider than there are columns, whatever names and texts are.
func TestSummaryFits(t *testing.T) {
	yes := true
	doc := &schema.Document{Source: schema.Source{Name: strings.Repeat("名", 90), Kind: "file", Entry: strings.Repeat("ä/", 90)}}
	doc.Health.Facts = []string{"agents", "capabilities", "commands", "environment", "prompts", "tools"}
	for _, name := range []string{"Look", "検索する", strings.Repeat("検索", 60), strings.Repeat("x", 200), "\x1b[31mred", "👩‍👩‍👧‍👦", "e\u0301", "a\u202eb", "mcp__files__read"} {
		d := schema.Literal("# " + name + " " + strings.Repeat("看看", 100))
		doc.Tools = append(doc.Tools, schema.Tool{Name: name, Description: &d, Enabled: &yes, Origin: schema.Origin{Module: "node_modules/@a/b/x.js"}},
			schema.Tool{Name: name, InputSchema: json.RawMessage(`{}`)})
	}
	for _, columns := range []int{0, 20, 40, 80, 120} {
		for line := range strings.Lines(summarised(t, doc, SummaryOptions{Columns: columns})) {
			most := columns
			if columns == 0 {
				most = 80
			}
			if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > most && columns != 20 {
				t.Errorf("%d columns, not %d: %q", n, most, line)
			}
			if strings.ContainsAny(line, "\x1b\u202e") {
				t.Errorf("%q moves the cursor", line)
			}
		}
	}
}

func TestFirstSentence(t *testing.T) {
	for _, c := range [][2]string{
		{"Looks at things. And more.", "Looks at things."},
		{"Looks at v1.2 of things, e.g. this one, and so on. More.", "Looks at v1.2 of things, e.g. this one, and so on."},
		{"# Look\n\nLooks.", "Look"},
		{"- Looks at things\n- Takes a path", "Looks at things"},
		{"Looks\nat things\n\nMore", "Looks at things"},
		{"**Looks** at things! Yes", "Looks** at things!"},
		{"見る。もっと", "見る。"},
		{"", ""},
	} {
		d := schema.Literal(c[0])
		if got := firstSentence(&schema.Tool{Description: &d}); got != c[1] {
			t.Errorf("%q: got %q, want %q", c[0], got, c[1])
		}
	}
	if got := firstSentence(&schema.Tool{}); got != "(its description is not known)" {
		t.Errorf("got %q", got)
	}
}

// TestSummarySays asserts what a summary says of a small Document, and that it says only what was looked for.
func TestSummarySays(t *testing.T) {
	yes, no := true, false
	d := schema.Literal("Looks. At things.")
	doc := &schema.Document{Source: schema.Source{Name: "cli.js", Kind: "file", Package: "p", Version: "1.2.3"}, Tools: []schema.Tool{
		{Name: "Look", Description: &d, Enabled: &yes, InputSchema: json.RawMessage(`{}`), Complete: true},
		{Name: "mcp__files__read", Description: &d, Enabled: &yes},
		{Name: "Touch", Enabled: &no}, {Name: "Leap"},
	}}
	doc.Health = schema.Health{Facts: []string{"agents", "tools"}, Complete: false, ModulesUnread: 1, Modules: 1234, Bytes: 2_500_000}
	got := summarised(t, doc, SummaryOptions{Input: "cli.js", Heading: func(s string) string { return "<" + s + ">" }})
	want := `<p 1.2.3>
file, 2.5 MB of JavaScript in 1,234 modules

<TOOLS  2 by default, 1 off by default, 1 not known>
  of the program itself
  Look  Looks.
  of the MCP server files
  mcp__files__read  Looks.
  off by default: Touch
  not known:      Leap

ALSO   none of these: sub-agents

<TOKENS about                prompt      tools   together>
       in a terminal             -         21         21
       printing                  -         21         21

HEALTH NOT everything could be read, so that more may be there; 1 module unread;
       1 of 4 schemas exact; 2 of 4 descriptions known to the letter

NEXT   bundlens schemas cli.js         the tools' JSON Schemas
       bundlens explain cli.js NAME    where a record comes from
       bundlens analyze cli.js -o DIR  everything, as files
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
