package schema

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestEncodeListsAreNeverNull(t *testing.T) {
	doc := Document{SchemaVersion: Version, Tools: []Tool{{
		Name:                "A",
		DescriptionVariants: []DescriptionVariant{{When: Cond{Text: "x"}, Description: Text{Text: "a<b>&c"}}},
		Losses:              []Loss{{Path: ""}},
	}}}
	var b bytes.Buffer
	if err := Encode(&b, &doc); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		`"aliases":[]`, `"prompts": []`, `"inputSchema":null`, `"enabled":null`, `"a<b>&c"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if doc.Tools[0].Aliases != nil {
		t.Error("encoding changed the document")
	}
	if !strings.HasSuffix(text, "}\n") {
		t.Error("no final newline")
	}
}

func TestDecodeReadsWhatEncodeWrote(t *testing.T) {
	yes := true
	doc := &Document{SchemaVersion: Version, Tools: []Tool{{Name: "A", Enabled: &yes, InputSchema: []byte(`{"type":"object"}`)}}}
	var first, second bytes.Buffer
	if err := Encode(&first, doc); err != nil {
		t.Fatal(err)
	}
	back, err := Decode(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := Encode(&second, back); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Errorf("not the same bytes:\n%s\n%s", first.String(), second.String())
	}
	if !reflect.DeepEqual(back.Tools[0].Enabled, &yes) {
		t.Error("enabled was lost")
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                     "no schemaVersion",
		`[]`:                     "not a document",
		`{"schemaVersion":9999}`: "version 9999",
	} {
		if _, err := Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
