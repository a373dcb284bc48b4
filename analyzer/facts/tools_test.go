package facts

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

var update = flag.Bool("update", false, "write want.json of the corpus anew")

// wanted is what the corpus says of a tool.
type wanted struct {
	Name        string            `json:"name"`
	Aliases     []string          `json:"aliases,omitempty"`
	Description *string           `json:"description"`
	Enabled     *bool             `json:"enabled"`
	EnabledWhen string            `json:"enabledWhen,omitempty"`
	Traits      map[string]string `json:"traits,omitempty"`
	InputSchema json.RawMessage   `json:"inputSchema"`
	Variants    []json.RawMessage `json:"variants,omitempty"`
	Losses      []string          `json:"losses,omitempty"`
	Origins     int               `json:"origins,omitempty"` // where it is not 1
}

// TestTools analyses each bundle of the corpus and compares the tools that are found. A bundle holds at least one near
// miss, which the expected list leaves out.
func TestTools(t *testing.T) {
	files, err := filepath.Glob("../../testdata/facts/tools/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { testBundle(t, file) })
	}
}

func testBundle(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := -1
	main := ""
	for i, f := range archive.Files {
		if f.Name == "want.json" {
			want = i
			continue
		}
		if main == "" {
			main = filepath.Join(dir, f.Name)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := toolsOf(t, main)
	if *update {
		if want < 0 {
			archive.Files = append(archive.Files, txtar.File{Name: "want.json"})
			want = len(archive.Files) - 1
		}
		archive.Files[want].Data = got
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want < 0 {
		t.Fatal("no want.json: run with -update and read what it writes")
	}
	if !bytes.Equal(got, archive.Files[want].Data) {
		t.Errorf("tools are\n%s\nwant\n%s", got, archive.Files[want].Data)
	}
}

// toolsOf analyses a bundle and writes the tools in the corpus's form.
func toolsOf(t *testing.T, file string) []byte {
	t.Helper()
	in, err := source.Open(context.Background(), file, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := analyzer.Analyze(context.Background(), in, []analyzer.Fact{Tools}, analyzer.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	validate(t, doc)
	list := []wanted{}
	for i := range doc.Tools {
		list = append(list, wantedOf(&doc.Tools[i]))
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// validate checks a Document against its own JSON Schema.
func validate(t *testing.T, doc *schema.Document) {
	t.Helper()
	own, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.DocumentSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("document", own); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("document")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := schema.Encode(&b, doc); err != nil {
		t.Fatal(err)
	}
	written, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(written); err != nil {
		t.Errorf("the document is not what its JSON Schema says: %v", err)
	}
}

func wantedOf(tool *schema.Tool) wanted {
	w := wanted{Name: tool.Name, Aliases: tool.Aliases, Enabled: tool.Enabled, EnabledWhen: tool.EnabledWhen.String(), InputSchema: tool.InputSchema}
	if tool.Description != nil {
		w.Description = &tool.Description.Text
	}
	if len(tool.Origins) != 1 {
		w.Origins = len(tool.Origins)
	}
	for _, v := range tool.SchemaVariants {
		w.Variants = append(w.Variants, v.InputSchema)
	}
	for _, l := range tool.Losses {
		w.Losses = append(w.Losses, l.Why)
	}
	for _, trait := range tool.Traits {
		if w.Traits == nil {
			w.Traits = map[string]string{}
		}
		w.Traits[trait.Name] = trait.When.String()
		if trait.Value != nil {
			w.Traits[trait.Name] = map[bool]string{true: "yes", false: "no"}[*trait.Value]
		}
	}
	return w
}
