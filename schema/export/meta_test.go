package export

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bundlens/bundlens/internal/ordered"
)

// TestInvalid compares the verdicts on invalid schemas with those of a library.
func TestInvalid(t *testing.T) {
	meta, err := jsonschema.NewCompiler().Compile(draft2020)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, key := range []string{
		"not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties", "contentSchema",
		"allOf", "anyOf", "oneOf", "prefixItems", "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependentRequired",
		"dependencies", "$vocabulary", "type", "enum", "const", "default", "examples", "required", "multipleOf", "minimum", "maximum", "exclusiveMinimum",
		"exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
		"uniqueItems", "deprecated", "readOnly", "writeOnly", "$anchor", "$dynamicAnchor", "$comment", "title", "description",
		"pattern", "format", "contentEncoding", "contentMediaType", "x-other", "nullable",
	} {
		for _, value := range []string{
			"null", "true", "0", "1", "-1", "1.5", `""`, `"string"`, `"a b"`, `"#"`, "[]", "{}", `["string"]`, `["string","string"]`, `["a","b"]`, `["a",1]`, `[{}]`,
			`[true,false]`, `[1,1]`, `{"a":{}}`, `{"a":true}`, `{"a":1}`, `{"a":["b"]}`, `{"a":["b","b"]}`, `{"a":["b",1]}`, `{"type":"no"}`, `[{"type":"no"}]`,
			`{"a":{"type":"no"}}`, `{"z":{"minLength":-1},"b":{"required":"x"}}`,
		} {
			for _, text := range []string{`{"` + key + `":` + value + `}`, `{"properties":{"p":{"` + key + `":` + value + `}},"description":7}`} {
				want := libraryInvalid(t, meta, text)
				v, err := ordered.Parse([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				got, is := invalid(v)
				if key == "dependencies" && strings.HasPrefix(got, want) { // which may be either of two things: the library names the whole
					want = got
				}
				if is != (want != "") || is && got != want {
					t.Errorf("%s: got %q, want %q", text, got, want)
				}
				if is {
					wrong++
				}
			}
		}
	}
	if wrong < 1000 {
		t.Errorf("only %d of the schemas are wrong", wrong)
	}
}

// libraryInvalid is the first place by the alphabet that the library calls wrong; "" for none.
func libraryInvalid(t *testing.T, meta *jsonschema.Schema, text string) string {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	var failed *jsonschema.ValidationError
	if !errors.As(meta.Validate(v), &failed) {
		return ""
	}
	var places []string
	var visit func(*jsonschema.ValidationError)
	visit = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			places = append(places, "/"+strings.Join(e.InstanceLocation, "/"))
		}
		for _, cause := range e.Causes {
			visit(cause)
		}
	}
	visit(failed)
	return slices.Min(places)
}
