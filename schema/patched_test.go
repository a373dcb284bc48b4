package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestVariantsAreWrittenAsPatches asserts that a schema that differs little from another is written as the difference, and
// read as it was, its keys in their order.
func TestVariantsAreWrittenAsPatches(t *testing.T) {
	long := strings.Repeat("what it is for, in many words, ", 20)
	object := func(properties string) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{"path":{"type":"string","description":%q}%s}}`, long, properties))
	}
	own, deep, reordered := object(`,"depth":{"type":"number"}`), object(`,"deep":{"type":"boolean","default":null}`), json.RawMessage(`{"properties":{},"type":"object"}`)
	var variants []SchemaVariant
	for i, s := range []json.RawMessage{object(""), deep, object(`,"deep":{"type":"boolean","default":null},"wide":{}`), reordered, own, json.RawMessage(`{"type":"object","a":1e400}`), nil} {
		variants = append(variants, SchemaVariant{When: Asks(i), InputSchema: s})
	}
	doc := asking()
	doc.Tools = []Tool{{Name: "Look", InputSchema: own, SchemaVariants: variants}, {Name: "Unknown", SchemaVariants: []SchemaVariant{{When: Asks(0), InputSchema: deep}}}}
	back, text := decoded(t, doc)
	for i, tool := range doc.Tools {
		if got := back.Tools[i].SchemaVariants; !reflect.DeepEqual(got, tool.SchemaVariants) {
			t.Errorf("%s: got %s, want %s", tool.Name, asJSON(got), asJSON(tool.SchemaVariants))
		}
	}
	for _, written := range []string{`"patch":{"properties":{"depth":null}}`, `"patch":{"properties":{"wide":{}}},"of":1`, `"patch":{}`, string(reordered)} {
		if !strings.Contains(text, written) {
			t.Errorf("no %s in\n%s", written, text)
		}
	}
	if n := strings.Count(text, long); n != 3 { // the tool's, that with a null in it, and that of the other tool
		t.Errorf("the long text stands %d times in\n%s", n, text)
	}
	for _, of := range []string{"-1", "0", "1"} {
		_, err := Decode(strings.NewReader(`{"schemaVersion":2,"tools":[{"schemaVariants":[{"patch":{},"of":` + of + `}]}]}`))
		if err == nil || !strings.Contains(err.Error(), "does not stand before it") {
			t.Errorf("a patch of variant %s: got %v", of, err)
		}
	}
}

// TestPatchesAreBounded asserts that a few bytes don't ask for any number.
func TestPatchesAreBounded(t *testing.T) {
	own := fmt.Sprintf(`{"description":%q}`, strings.Repeat("x", 1<<20))
	many := strings.TrimSuffix(strings.Repeat(`{"patch":{}},`, maxLinkedBytes>>20+1), ",")
	_, err := Decode(strings.NewReader(`{"schemaVersion":2,"tools":[{"inputSchema":` + own + `,"schemaVariants":[` + many + `]}]}`))
	if err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
}
