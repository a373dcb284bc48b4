package export

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

func TestFileName(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range [][2]string{{"Read", "Read.json"}, {"read", "read-2.json"}, {"a/b", "a_b.json"}, {"a:b", "a_b-2.json"}, {"..", "_.json"}, {"", "_-2.json"},
		{"con", "_con.json"}, {"COM1.x", "_COM1.x.json"}, {".hidden", "_hidden.json"}, {"名前", "名前.json"}, {strings.Repeat("é", 300), strings.Repeat("é", 100) + ".json"}} {
		if got := FileName(c[0], taken); got != c[1] {
			t.Errorf("%s: got %s, want %s", c[0], got, c[1])
		}
	}
}

func TestIdentifiers(t *testing.T) {
	for _, c := range [][3]string{{"Bash", "Bash", "Bash"}, {"get-sum", "GetSum", "get_sum"}, {"mcp__x__y", "McpXY", "mcp_x_y"}, {"", "Tool", "tool"}, {"1st", "Tool1st", "tool_1st"},
		{"名前", "名前", "名前"}, {"ﬁle", "File", "file"}, {"*/", "Tool", "tool"}, {"__proto__", "Proto", "proto"}, {"é", "É", "é"}} {
		if got := pascal(c[0], "Tool"); got != c[1] {
			t.Errorf("%q: got %s, want %s", c[0], got, c[1])
		}
		if got := snake(c[0], "tool"); got != c[2] {
			t.Errorf("%q: got %s, want %s", c[0], got, c[2])
		}
	}
	taken := identifiers{}
	for _, want := range []string{"A", "A_2", "A_3"} {
		if got := taken.of("A"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if a, b := wireName("a b", 4, taken), wireName("a_bcd", 4, taken); a != "a_b" || b != "a_bc" {
		t.Errorf("got %s, %s", a, b)
	}
	if got := wireName("a_bcz", 4, taken); got != "a__2" {
		t.Errorf("got %s", got)
	}
}

// TestTypes asserts the types of small schemas.
func TestTypes(t *testing.T) {
	for _, c := range [][2]string{
		{`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`, "{ a: string; }"},
		{`{"type":"object","properties":{"a":{"type":"string"}}}`, "{ a?: string; [k: string]: unknown; }"},
		{`{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"number"}}`, "{ a?: string; [k: string]: number | string | undefined; }"},
		{`{"type":["string","null"]}`, "string | null"},
		{`{"type":"array","items":{"enum":["a",1,null]}}`, `("a" | 1 | null)[]`},
		{`{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false,"minItems":1}`, "[string, number?]"},
		{`{"type":"array","items":[{"type":"string"}],"minItems":1}`, "[string, ...unknown[]]"},
		{`{"anyOf":[{"type":"string"},{}]}`, "unknown"},
		{`{"type":"string","enum":["a",1]}`, `"a"`},
		{`{"type":"string","nullable":true}`, "string | null"},
		{`{"const":{"__proto__":["*/"]}}`, `{ __proto__: ["*/"] }`},
		{`{"allOf":[{"type":"object","required":["a"],"additionalProperties":false},{"type":"string"}]}`, "{ a: never; } & string"},
		{`false`, "never"},
		{`{"type":"object","additionalProperties":false}`, "Record<string, never>"},
	} {
		v, err := ordered.Parse([]byte(c[0]))
		if err != nil {
			t.Fatal(err)
		}
		w := &typeWriter{code{unit: ""}}
		got := strings.Join(strings.Fields(w.expr(shapeOf(v, "X", identifiers{}).root.shape, 0)), " ")
		if got != c[1] {
			t.Errorf("%s:\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

// TestInexact asserts that every format says what is not exact.
func TestInexact(t *testing.T) {
	d := schema.Literal("Looks.")
	doc := &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true}, Tools: []schema.Tool{{Name: "Look", Description: &d,
		InputSchema: json.RawMessage(`{"type":"object","properties":{"p":{"type":"string"}},"$comment":"the program's"}`),
		Losses:      []schema.Loss{{Path: "/properties/p", Construct: "refine", Why: "a check by a function", Kind: "narrower"}}}}}
	p, err := New(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		text, err := f.Write(p)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "a check by a function") {
			t.Errorf("%s does not say it:\n%s", f.Name, text)
		}
	}
}

// TestOneOfAName asserts that of several tools of a name the one is exported that the model gets, and that it is said.
func TestOneOfAName(t *testing.T) {
	yes, no := true, false
	doc := &schema.Document{Tools: []schema.Tool{{Name: "A", Enabled: &no}, {Name: "A", Enabled: &yes, Complete: true}, {Name: "B"}}}
	p, err := New(doc, Options{Names: []string{"A", "C"}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() != 1 || !p.tools[0].Complete || len(p.Remarks) != 1 || len(p.Missing) != 1 || p.Missing[0] != "C" {
		t.Errorf("got %d tools, %q, missing %q", p.Len(), p.Remarks, p.Missing)
	}
	if p, _ = New(doc, Options{Enabled: true}); p.Len() != 1 {
		t.Errorf("got %d tools", p.Len())
	}
	if _, err := New(&schema.Document{Tools: []schema.Tool{{Name: "A", InputSchema: json.RawMessage(`7`)}}}, Options{}); err == nil {
		t.Error("7 is taken for a schema")
	}
}

// FuzzExport asserts that whatever a schema and the names are, each format is written, the same twice, JSON where it is
// to be, without hidden characters, and that no comment ends early.
func FuzzExport(f *testing.F) {
	for name, s := range hostileSchemas {
		f.Add(name, "Takes "+name, s)
	}
	for _, name := range hostileNames {
		f.Add(name, name, `{"type":"object","properties":{"a":{"type":"string","description":"*/"}}}`)
	}
	f.Fuzz(func(t *testing.T, name, description, input string) {
		if !json.Valid([]byte(input)) {
			t.Skip()
		}
		text := schema.Literal(description)
		doc := &schema.Document{Tools: []schema.Tool{{Name: name, Description: &text, InputSchema: json.RawMessage(input), OutputSchema: json.RawMessage(input)}}}
		p, err := New(doc, Options{})
		if err != nil {
			t.Skip()
		}
		for _, format := range Formats {
			out, err := format.Write(p)
			if err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			again, _ := format.Write(p)
			if string(again) != string(out) {
				t.Fatalf("%s differs", format.Name)
			}
			switch {
			case strings.HasPrefix(format.Extension, ".json"):
				if !json.Valid(out) && format.Name != "jsonl" {
					t.Fatalf("%s is no JSON: %s", format.Name, out)
				}
			case strings.ContainsFunc(string(out), hidden):
				t.Fatalf("%s has a hidden character: %q", format.Name, out)
			}
		}
	})
}
