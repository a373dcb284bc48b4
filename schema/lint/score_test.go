package lint

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// TestSameAsScore compares every figure with those of the script that scores analyses elsewhere, on documents that
// are right in part: made of what was really sent, with holes, choices, lost lines and changed schemas. A campaign does it
// with all versions, and `go test` with the last.
func TestSameAsScore(t *testing.T) {
	shared := os.Getenv("BUNDLENS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	script := filepath.Join(shared, "score", "score.py")
	truths, _ := filepath.Glob(filepath.Join(shared, "truth", "*.json.gz"))
	if _, err := os.Stat(script); err != nil || len(truths) == 0 {
		t.Skip("the script or what it compares with is not here")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	for seed, truth := range campaign.Chosen(truths) {
		t.Run(filepath.Base(truth), func(t *testing.T) {
			traffic, err := ReadTraffic(t.Context(), truth)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			doc := partlyRight(t, traffic, rand.New(rand.NewPCG(uint64(seed), 7)))
			if err := report.Write(doc, dir); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			out, err := exec.CommandContext(ctx, python, script, truth, dir, "--json").Output()
			if err != nil {
				t.Fatal(err)
			}
			var want struct{ Figures map[string]Figure }
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatal(err)
			}
			got, err := Run([]Subject{{Name: dir, Document: doc}}, Options{Traffic: []Traffic{traffic}, CallerSchemas: DefaultCallerSchemas})
			if err != nil {
				t.Fatal(err)
			}
			compareFigures(t, got.Documents[0].Figures, want.Figures)
		})
	}
}

func compareFigures(t *testing.T, got []Figure, want map[string]Figure) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d figures, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[g.Key]
		if g.Key != FigureKeys[i] {
			t.Errorf("figure %d is %s, want %s", i, g.Key, FigureKeys[i])
		}
		if g.Got != w.Got || g.Of != w.Of || (g.Percent == nil) != (w.Percent == nil) || g.Percent != nil && *g.Percent != *w.Percent {
			t.Errorf("%s: got %d of %d, want %d of %d", g.Key, g.Got, g.Of, w.Got, w.Of)
		}
		t.Logf("%s %d/%d", g.Key, g.Got, g.Of)
	}
}

// partlyRight makes a document of what was sent, and spoils some of it.
func partlyRight(t *testing.T, traffic Traffic, r *rand.Rand) *schema.Document {
	t.Helper()
	s, err := collect([]Traffic{traffic})
	if err != nil {
		t.Fatal(err)
	}
	doc := &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true}}
	doc.Source.Version = traffic.Version
	at := map[string]int{}
	for _, b := range s.tools {
		text := spoiled(b.description, r)
		input, _ := json.Marshal(spoiledSchema(b.schema, r))
		if i, ok := at[b.name]; ok {
			tool := &doc.Tools[i]
			if r.IntN(3) > 0 {
				tool.SchemaVariants = append(tool.SchemaVariants, schema.SchemaVariant{When: schema.Cond{Text: "x"}, InputSchema: input})
				tool.DescriptionVariants = append(tool.DescriptionVariants, schema.DescriptionVariant{When: schema.Cond{Text: "x"}, Description: text})
			}
			continue
		}
		if r.IntN(12) == 0 {
			continue
		}
		at[b.name] = len(doc.Tools)
		enabled := r.IntN(3) > 0
		doc.Tools = append(doc.Tools, schema.Tool{Name: b.name, Enabled: &enabled, InputSchema: input, Description: &text})
	}
	yes := true
	doc.Tools = append(doc.Tools, schema.Tool{Name: "NeverSent", Enabled: &yes})
	for i, lines := range [][]sentLine{s.system, slices.Concat(s.context, s.reminders)} {
		var block []string
		for n, l := range lines {
			if r.IntN(4) > 0 {
				block = append(block, l.text)
			}
			if n%9 == 8 {
				p := schema.Prompt{ID: "p", Text: spoiled(strings.Join(block, "\n"), r)}
				if block = nil; i == 0 {
					doc.Prompts = append(doc.Prompts, p)
				} else {
					doc.Reminders = append(doc.Reminders, p)
				}
			}
		}
	}
	return doc
}

// spoiled is a text with holes where words were, a choice, or lost words. There are few holes: the script's patterns
// are tried by backtracking.
func spoiled(text string, r *rand.Rand) schema.Text {
	if r.IntN(3) == 0 {
		return schema.Literal(text)
	}
	parts, holes := []schema.Part{}, 0
	for _, line := range strings.SplitAfter(text, "\n") {
		at := strings.IndexByte(line, ' ') + 1
		switch n := r.IntN(12); {
		case n == 0 && holes < 2:
			holes++
			parts = append(parts, schema.Part{Lit: line[:at]}, schema.Part{Hole: &schema.Hole{Name: "REST", Expr: "x", Why: "y"}}, schema.Part{Lit: "\n"})
		case n == 1:
			parts = append(parts, schema.Part{Choice: []schema.Branch{{When: schema.Cond{Text: "a"}, Parts: []schema.Part{{Lit: "Another line.\n"}}},
				{When: schema.Cond{Text: "b"}, Parts: []schema.Part{{Lit: line}}}}})
		case n == 2 && len(line) > 40:
			parts = append(parts, schema.Part{Lit: strings.ToValidUTF8(line[at:len(line)/2], "")})
		case n == 3 && holes < 2 && len(line) > 40:
			holes++
			parts = append(parts, schema.Part{Each: &schema.Each{Over: "list", Sep: "\n", Parts: []schema.Part{{Lit: strings.TrimSuffix(line, "\n")}}}})
		default:
			parts = append(parts, schema.Part{Lit: line})
		}
	}
	return schema.Text{Parts: schema.Join(parts)}
}

// spoiledSchema changes a schema in one place, or not at all.
func spoiledSchema(v any, r *rand.Rand) any {
	s, ok := norm(v).(map[string]any)
	if !ok || r.IntN(2) == 0 {
		return v
	}
	members, _ := s["properties"].(map[string]any)
	for _, p := range properties(v, "") {
		m, ok := members[strings.TrimPrefix(p.path, ".")].(map[string]any)
		if !ok {
			continue
		}
		switch r.IntN(5) {
		case 0:
			m["minLength"] = json.Number("1")
		case 1:
			delete(m, "description")
		case 2:
			if len(p.description) > 30 {
				m["description"] = p.description[:10] + "${HOLE}" + strings.ToValidUTF8(p.description[15:], "")
			}
		}
	}
	return s
}

func TestReadTraffic(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const body = `{"model":"m","system":[{"type":"text","text":"one\ntwo"}],"tools":[{"name":"Look","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"hi"}]}`
	for name, c := range map[string]struct {
		text string
		says string
	}{
		"body.json":      {body, ""},
		"capture.json":   {`{"request":{"url":"https://example.test/v1/messages","body":` + body + `},"response":null}`, ""},
		"lines.jsonl":    {body + "\n" + body + "\n", ""},
		"cut.json":       {body[:50], "cut.json"},
		"two.json":       {body + body, ""},
		"cut.jsonl":      {body + "\n" + body[:40], "cut.jsonl: at byte"},
		"cut-modes.json": {`{"version":"1.0.0","tools":[],"modes":{"print":`, "cut-modes.json: at byte"},
		"modes.json":     {`{"version":"1.0.0","tools":[{"name":"Look"}],"modes":{"print":{"requests":[{"tools":[0],"system":["x"],"messages":[]}]}}}`, ""},
		"bad-index.json": {`{"version":"1.0.0","tools":[],"modes":{"print":{"requests":[{"tools":[3],"system":[],"messages":[]}]}}}`, "there is no tool 3"},
	} {
		got, err := ReadTraffic(t.Context(), write(name, c.text))
		if c.says == "" && (err != nil || len(got.Requests) == 0 || len(got.Requests[0].Tools) != 1) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got %v, want %s", name, err, c.says)
		}
	}
	write("tree/one.json", body)
	write("tree/other/two.json", body)
	got, err := ReadTraffic(t.Context(), filepath.Join(dir, "tree"))
	if err != nil || len(got.Requests) != 2 || got.Requests[0].Mode != "" || got.Requests[1].Mode != "other" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := ReadTraffic(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty directory is no traffic")
	}
}

func TestCovered(t *testing.T) {
	for _, c := range []struct {
		line string
		segs []string
		want int
	}{
		{"one two three", []string{"one", "three"}, 8},
		{"one one", []string{"one"}, 3},
		{"größer", []string{"größ"}, 4},
		{"short", []string{"much longer than that"}, 0},
		{"abcabc", []string{"bca", "abc"}, 3},
	} {
		if got := covered(c.line, c.segs); got != c.want {
			t.Errorf("%s: got %d, want %d", c.line, got, c.want)
		}
	}
}

func TestSameSchema(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"type":"object","required":["a","b"],"$schema":"x"}`, `{"required":["b","a"],"type":"object"}`, true},
		{`{"required":[]}`, `{}`, true},
		{`{"minimum":1}`, `{"minimum":1.0}`, true},
		{`{"minimum":1}`, `{"minimum":"1"}`, false},
		{`{"description":"Reads at most ${LIMIT} lines"}`, `{"description":"Reads at most 2000 lines"}`, true},
		{`{"description":"a ${LIMIT}"}`, `{"description":"a quite different and long text"}`, false},
		{`{"title":"${X} lines"}`, `{"title":"2 lines"}`, false},
		{`{"enum":["a"]}`, `{"enum":["a","b"]}`, false},
		{`null`, `{}`, false},
	} {
		if got := sameSchema(norm(parseJSON([]byte(c.a))), norm(parseJSON([]byte(c.b)))); got != c.want {
			t.Errorf("%s, %s: got %v", c.a, c.b, got)
		}
	}
}

func TestCanonicalNumbers(t *testing.T) {
	if canonical(parseJSON([]byte(`[1]`))) == canonical(parseJSON([]byte(`[1.0]`))) {
		t.Error("a whole number has the same form as another")
	}
	if a, b := canonical(parseJSON([]byte(`[1e3]`))), canonical(parseJSON([]byte(`[1000.0]`))); a != b {
		t.Error(a, b)
	}
	if !bytes.Contains([]byte(canonical(parseJSON([]byte(`9007199254740991`)))), []byte("9007199254740991")) {
		t.Error("a large number lost digits")
	}
}
