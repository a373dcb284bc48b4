package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"go.yaml.in/yaml/v4"

	"github.com/bundlens/bundlens/schema"
)

// TestPages compares the pages of the sample with those that are kept, one behind the other.
func TestPages(t *testing.T) {
	seen := PageOptions{All: true, FirstSeen: func(list, name string) string {
		if list == "tools" {
			return "1.2.3"
		}
		return ""
	}}
	var got bytes.Buffer
	for p := range Pages(sample(t), seen) {
		fmt.Fprintf(&got, "-- %s --\n%s", p.Name, p.Text)
	}
	golden := filepath.Join("testdata", "pages.txt")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("not as in testdata (go test ./schema/report -update):\n%s", got.String())
	}
}

// hostile is a Document with names and texts that want to be more than text.
func hostile() *schema.Document {
	doc := &schema.Document{SchemaVersion: schema.Version}
	for _, name := range []string{"../../etc/passwd", "a/b", "a\\b", "A_B", "a_b", "", "index", "...", "x\x1b[2J\u202e\n---\nid: other", strings.Repeat("long", 200), "名"} {
		text := schema.Literal("Look.\u200b\n```\n# no heading\x07\n---\nid: other\n")
		doc.Tools = append(doc.Tools, schema.Tool{Name: name, Description: &text})
		doc.Prompts = append(doc.Prompts, schema.Prompt{ID: name, Kind: "message", Title: "](javascript:x) " + name, Text: text, Guards: []schema.Cond{{Text: "a\u202eb\": |\n"}}})
	}
	return doc
}

// TestPagesAreSafe asserts that names of records can't lead out of the directory, hide another page, or show what is not
// there.
func TestPagesAreSafe(t *testing.T) {
	taken, pages := map[string]bool{}, map[string]string{}
	for p := range Pages(hostile(), PageOptions{All: true}) {
		low := strings.ToLower(p.Name)
		if taken[low] || path.Clean(p.Name) != p.Name || strings.Contains(p.Name, "../") || len(path.Base(p.Name)) > 200 || strings.ContainsAny(p.Name, "\\\x1b\n") {
			t.Errorf("a page is called %q", p.Name)
		}
		taken[low], pages[p.Name] = true, string(p.Text)
		if strings.ContainsAny(string(p.Text), "\x1b\x07\u202e\u200b") {
			t.Errorf("%s has characters that nobody sees:\n%q", p.Name, p.Text)
		}
		if path.Base(p.Name) == IndexFile {
			continue
		}
		_, rest, _ := strings.Cut(string(p.Text), "---\n")
		head, _, ok := strings.Cut(rest, "\n---\n")
		var front struct {
			ID, Kind  string
			When      []string
			Tokens    int
			FirstSeen *string `yaml:"firstSeen"`
		}
		if err := yaml.Unmarshal([]byte(head), &front); !ok || err != nil || front.ID == "other" || front.Kind == "" || front.Tokens == 0 || front.FirstSeen != nil {
			t.Errorf("%v: %+v in front of\n%s", err, front, p.Text)
		}
	}
	link := regexp.MustCompile(`\]\(([^()]*)\)`)
	for name, text := range pages {
		if path.Base(name) != IndexFile {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			if to := path.Join(path.Dir(name), found[1]); pages[to] == "" && !strings.Contains(to, ".md") && to != "intel.json" && found[1] != "javascript:x" {
				t.Errorf("%s leads to %s, which is not there", name, to)
			}
		}
		if strings.Contains(strings.ReplaceAll(text, `\]`, ""), "](javascript") {
			t.Errorf("a title is a link in\n%s", text)
		}
	}
}

func TestWritePages(t *testing.T) {
	dir := t.TempDir()
	if err := WritePages(sample(t), dir, PageOptions{}); err != nil {
		t.Fatal(err)
	}
	for p := range Pages(sample(t), PageOptions{}) {
		if got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.Name))); err != nil || !bytes.Equal(got, p.Text) {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, IndexFile)); err != nil || !strings.Contains(string(text), "Those in passing have no page: 1 text block, 1 tool result.") {
		t.Errorf("%v: got\n%s", err, text)
	}
	if err := WritePages(sample(t), filepath.Join(dir, IndexFile), PageOptions{}); err == nil {
		t.Error("pages below a file")
	}
}

func TestWrapped(t *testing.T) {
	for _, c := range [][2]string{
		{"short\n", "short\n"},
		{"", ""},
		{"one two three four five six\nseven", "one two three\nfour five six\nseven"},
		{"  * one two three four five", "  * one two\n    three four\n    five"},
		{"12. one two three four five\n", "12. one two\n    three four\n    five\n"},
		{"averyveryverylongword and more words", "averyveryverylongword\nand more words"},
		{"名名 名名 名名 名名", "名名 名名 名名\n名名"},
	} {
		got := wrapped(c[0], 15)
		if got != c[1] {
			t.Errorf("%q: got %q, want %q", c[0], got, c[1])
		}
		if a, b := strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(c[0]), " "); a != b {
			t.Errorf("%q became %q", b, a)
		}
		for line := range strings.Lines(got) {
			if line = strings.TrimSuffix(line, "\n"); uniseg.StringWidth(line) > 15 && strings.Contains(line, " ") {
				t.Errorf("%q is longer than asked for", line)
			}
		}
	}
}

// TestEffects says of a variable what it does to tools and texts.
func TestEffects(t *testing.T) {
	yes, no := true, false
	on, three := schema.Asks(0), schema.Asks(1)
	off := schema.Negated(on)
	text := schema.Text{Text: "a", Parts: []schema.Part{{Choice: []schema.Branch{{When: three, Parts: []schema.Part{{Lit: "three"}}}, {When: schema.Negated(three), Parts: []schema.Part{{Lit: "a"}}}}}}}
	doc := &schema.Document{SchemaVersion: schema.Version, Questions: []schema.Question{
		{Kind: schema.KindEnv, Subject: "SWITCH", Test: schema.TestOn, Answers: schema.Same(false), Decided: true},
		{Kind: schema.KindEnv, Subject: "LEVEL", Test: schema.TestEquals, Values: []json.RawMessage{json.RawMessage(`"3"`), json.RawMessage(`"4"`)}, Answers: schema.Same(false), Decided: true},
	}}
	doc.Tools = []schema.Tool{{Name: "Look", Enabled: &no, EnabledWhen: &on}, {Name: "Stay", Enabled: &yes, EnabledWhen: &off}, {Name: "Always", Enabled: &yes, Description: &text}}
	doc.Prompts = []schema.Prompt{{ID: "here", Text: schema.Literal("x"), Guards: []schema.Cond{on}}, {ID: "gone", Text: schema.Literal("x"), Guards: []schema.Cond{off}}, {ID: "other", Text: text}}
	doc.Agents, doc.Commands = []schema.Agent{{Name: "helper", EnabledWhen: &on}}, []schema.Command{{Name: "go", EnabledWhen: &off}}
	uses := func(records ...string) (list []schema.Use) {
		for _, r := range records {
			list = append(list, schema.Use{Record: r, How: schema.UseCondition})
		}
		return list
	}
	e := effectsOf(doc)
	for _, c := range []struct {
		name string
		uses []schema.Use
		want string
	}{
		{"SWITCH", uses("tools/Look", "tools/Stay", "prompts/here", "prompts/gone", "tools/None", "agents/helper", "commands/go"),
			"1: the model gets `tools/Look`; the model no longer gets `tools/Stay`; the model is told `prompts/here`; the model is no longer told `prompts/gone`; there is `agents/helper`; there is no longer `commands/go`"},
		{"LEVEL", uses("tools/Always", "prompts/other"), "3: another description of `tools/Always`; other words in `prompts/other`"},
		{"OTHER", uses("tools/Look"), ""},
	} {
		var got []string
		for _, x := range e.of(schema.Subject{Kind: schema.KindEnv, Name: c.name}, c.uses) {
			got = append(got, x.value+": "+strings.Join(x.did, "; "))
		}
		if s := strings.Join(got, "\n"); s != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, s, c.want)
		}
	}
}
