package facts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// TestPrompts compares what is found in each bundle of testdata/facts/prompts*.txtar with the file "want" beside it.
func TestPrompts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "facts", "prompts*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := listPrompts(analyzeSource(t, archive.Files[0].Data, Prompts))
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(archive.Files[len(archive.Files)-1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func analyzeSource(t *testing.T, text []byte, list ...analyzer.Fact) *schema.Document {
	t.Helper()
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: bytes.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, list, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	validate(t, doc)
	return doc
}

func listPrompts(doc *schema.Document) string {
	var b strings.Builder
	for _, p := range append(doc.Prompts, doc.Reminders...) {
		fmt.Fprintf(&b, "%s %s", p.Kind, p.ID)
		for _, g := range p.Told() {
			fmt.Fprintf(&b, " [%s]", g)
		}
		fmt.Fprintf(&b, "\n\t%s\n", strings.ReplaceAll(p.Text.Text, "\n", "\n\t"))
	}
	return b.String()
}

// TestSurroundedByMode renders a prompt in both modes: which line says who the model is depends on how the program runs,
// which reaches the request as an option.
func TestSurroundedByMode(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "facts", "prompts_surround.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	doc := analyzeSource(t, archive.Files[0].Data, Prompts)
	for mode, want := range map[string]string{schema.ModeInteractive: "You are Brook, at the terminal of a person.\n", schema.ModePrint: "You are Brook, run by another program.\n"} {
		main, _ := render.New(doc, schema.World{Mode: mode}).Main()
		if !strings.HasPrefix(main.Text, want) {
			t.Errorf("%s: got %q, want %q first", mode, main.Text[:min(60, len(main.Text))], want)
		}
	}
}

// TestPromptsThroughRecursion follows texts through an object that is made anew around itself, each time with a method
// that calls that of the one before: the rounds of a recursion come to an end before the budget does.
func TestPromptsThroughRecursion(t *testing.T) {
	bundle := `function around(o){return{...o,read(){let s=o.read();return{...s,todos:pick(s.todos)}}}}
function pick(q){return q.a}
function nest(o,n){return n>0?nest(around(o),n-1):around(o)}
function send(c){return fetch(url,{body:{model:m,messages:[{role:"user",content:nest(c,3).read().todos}],system:"what the model is told first"}})}
send({read(){return{todos:{a:"the text at the bottom of it all"}}}})
`
	doc := analyzeSource(t, []byte(bundle), Prompts)
	if got := listPrompts(doc); !strings.Contains(got, "what the model is told first") {
		t.Errorf("got:\n%s", got)
	}
	if doc.Health.BudgetHits != 0 {
		t.Errorf("%d budgets ran out", doc.Health.BudgetHits)
	}
}

// TestPromptsCutOff asserts that where the texts of one use come from too many places to look at, a diagnostic names the
// use, once, and that the other uses have theirs.
func TestPromptsCutOff(t *testing.T) {
	bundle := "var many=[" + strings.Repeat(`"",`, 110_000) + `"the last of all the messages"];
function send(){return fetch(url,{body:{model:m,messages:[{role:"user",content:many}],system:"what the model is told first"}})}
`
	doc := analyzeSource(t, []byte(bundle), Prompts)
	if got := listPrompts(doc); !strings.Contains(got, "what the model is told first") {
		t.Errorf("got:\n%s", got)
	}
	if d := doc.Diagnostics; len(d) != 1 || d[0].Code != "texts-cut-off" || !strings.Contains(d[0].Message, "kind message ") {
		t.Errorf("diagnostics %+v", d)
	}
}

// TestHostilePrompts asserts that input made to take for ever ends, and is still read around.
func TestHostilePrompts(t *testing.T) {
	deep := strings.Repeat("`the deep text ${", 500) + "x" + strings.Repeat("} goes on`", 500)
	choices := "`start of the text " + strings.Repeat("${c?\"yes\":\"no\"}", 20) + "`"
	for i := range 20 {
		choices = strings.Replace(choices, "${c?", fmt.Sprintf("${c%d()?", i), 1)
	}
	long := "`list of all\n${Array.from({length:1e6}).map((e, i) => `line of text ${i}`).join(\"\\n\")}`"
	for name, c := range map[string]struct{ text, want string }{
		"deep template": {deep, "the deep text the deep text"},
		"itself":        {"again()", "once more ${"},
		"each other":    {"ping()", "to there ${"},
		"choices":       {choices, "start of the text "},
		"large map":     {long, "list of all\n\t${"},
		"surrogate":     {"\"a text with half \\uD800 a character\"", "a text with half"},
	} {
		t.Run(name, func(t *testing.T) {
			bundle := "function again(){return `once more ${again()} and again`}\n" +
				"function ping(){return `from here ${pong()}`}function pong(){return `to there ${ping()}`}\n" +
				"function send(x){return fetch(url,{body:{model:m,messages:[{role:\"user\",content:\"the other text is here\"}],system:" + c.text + "}})}\n"
			doc := analyzeSource(t, []byte(bundle), Prompts)
			got := listPrompts(doc)
			if !strings.Contains(got, "the other text is here") || !strings.Contains(got, c.want) {
				t.Errorf("got:\n%.2000s", got)
			}
			var b bytes.Buffer
			if err := schema.Encode(&b, doc); err != nil || !json.Valid(b.Bytes()) || b.Len() > 1<<20 {
				t.Errorf("%d bytes of a document, %v", b.Len(), err)
			}
			if strings.Contains(c.want, "${") && !anyHole(doc) {
				t.Error("no hole says what is not known")
			}
		})
	}
}

// TestFindPiece finds pieces in literals side by side, on each way through choices.
func TestFindPiece(t *testing.T) {
	lit := func(s string) eval.Part { return eval.Part{Lit: s} }
	choice := eval.Part{Choice: &eval.PartChoice{Then: []eval.Part{lit("named ")}, Else: nil}}
	each := eval.Part{Each: &eval.PartEach{Parts: []eval.Part{lit("and ")}}}
	hole := eval.Part{Hole: &eval.Unknown{}}
	for _, c := range []struct {
		parts []eval.Part
		piece string
		want  bool
	}{
		{[]eval.Part{lit("the model "), choice, lit("X")}, "model named X", true},
		{[]eval.Part{lit("the model "), choice, lit("X")}, "model X", true},
		{[]eval.Part{lit("the model "), choice, lit("X")}, "named named", false},
		{[]eval.Part{lit("ab"), each, lit("c")}, "abc", true},
		{[]eval.Part{lit("ab "), each, lit("c")}, "ab and c", true},
		{[]eval.Part{lit("ab"), hole, lit("c")}, "abc", false},
		{[]eval.Part{lit("aa"), lit("ab")}, "aaab", true},
		{[]eval.Part{lit("aa"), lit("ab")}, "aab", true},
		{[]eval.Part{choice}, "named", true},
		{nil, "x", false},
	} {
		if _, got := findPiece(c.parts, c.piece, nil); got != c.want {
			t.Errorf("%q in %+v: %v", c.piece, c.parts, got)
		}
	}
}

func anyHole(doc *schema.Document) bool {
	for _, p := range doc.Prompts {
		for h := range schema.Holes(p.Text.Parts) {
			if h.Why != "" {
				return true
			}
		}
	}
	return false
}
