package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a document with one of everything that a report shows.
func sample(t *testing.T) *schema.Document {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "document.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := schema.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestWrite(t *testing.T) {
	doc, dir := sample(t), t.TempDir()
	if err := Write(doc, dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range Files {
		got, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", f.Name)
		if *update {
			if err := os.WriteFile(golden, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not as in testdata (go test ./schema/report -update):\n%s", f.Name, got)
		}
		if strings.HasSuffix(f.Name, ".json") && !json.Valid(got) {
			t.Errorf("%s is not JSON", f.Name)
		}
	}
}

func TestEmptyDocument(t *testing.T) {
	for _, f := range Files {
		var b bytes.Buffer
		if err := f.Write(&b, &schema.Document{SchemaVersion: schema.Version}); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(f.Name, "tool-") && strings.HasSuffix(f.Name, ".json"):
			if b.String() != "[]\n" {
				t.Errorf("%s: got %q", f.Name, b.String())
			}
		case strings.HasSuffix(f.Name, ".md"):
			if !strings.Contains(b.String(), "No ") || !strings.Contains(b.String(), "was found") || !strings.Contains(b.String(), "could not be read to the end") {
				t.Errorf("%s: got %q", f.Name, b.String())
			}
		}
	}
}

func TestParams(t *testing.T) {
	for _, c := range []struct{ schema, want string }{
		{`{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"integer","maximum":9007199254740991,"minimum":1}},"required":["a"]}`,
			"b: string; a!: integer (minimum 1)"},
		{`{"properties":{"l":{"type":"array","items":{"type":"object","properties":{"x":{"enum":["p",1]}}}}}}`,
			`l: array of object; l[].x: "p" or 1`},
		{`{"anyOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"b"}}}]}`, `(1).k: "a"; (2).k: "b"`},
		{`{"$ref":"#/definitions/T","definitions":{"T":{"type":"object","properties":{"next":{"$ref":"#/definitions/T"}}}}}`, `next: object`},
		{`{"properties":{"m":{"type":"object","additionalProperties":{"properties":{"v":{}}}}}}`, `m: object; m.*.v: anything`},
		{`{"properties":{"u":{"type":["string","null"],"default":"x"}}}`, `u: string or null (default "x")`},
		{`{"properties":{"t":{"type":"array","prefixItems":[{"type":"string"}]}}}`, `t: array; t[0]!: string`},
		{`{"$ref":"#/nowhere"}`, ""}, {`null`, ""}, {``, ""}, {`{`, ""},
	} {
		var rows []string
		for _, p := range params([]byte(c.schema)) {
			mark := ""
			if p.required {
				mark = "!"
			}
			rows = append(rows, p.path+mark+": "+p.kind)
		}
		if got := strings.Join(rows, "; "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.schema, got, c.want)
		}
	}
}

func TestBlockCannotBeLeft(t *testing.T) {
	var b bytes.Buffer
	p := &page{w: &b}
	p.block("a\n````\n# not a heading")
	if !strings.HasPrefix(b.String(), "`````text\n") {
		t.Errorf("got %q", b.String())
	}
}
