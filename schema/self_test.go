package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
)

var update = flag.Bool("update", false, "write document.schema.json anew")

// selfSchema makes the JSON Schema of the Document from the types and their comments.
func selfSchema(t *testing.T) []byte {
	t.Helper()
	r := jsonschema.Reflector{}
	// The sources are there when the test runs, and only then: this is why the result is committed.
	if err := r.AddGoComments("github.com/bundlens/bundlens/schema", "./"); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(&Document{})
	s.ID = ""
	s.Title = "Document of bundlens"
	for name, def := range s.Definitions {
		refine(def, structs(reflect.TypeFor[Document](), map[string]reflect.Type{})[name])
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDocumentSchema(t *testing.T) {
	got := selfSchema(t)
	if *update {
		if err := os.WriteFile("document.schema.json", got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, DocumentSchema) {
		t.Error("document.schema.json is not what the types say; run go test ./schema -update")
	}
}

// structs collects the struct types that a type is made of, by name.
func structs(t reflect.Type, into map[string]reflect.Type) map[string]reflect.Type {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return structs(t.Elem(), into)
	case reflect.Struct:
		if into[t.Name()] == nil {
			into[t.Name()] = t
			for i := range t.NumField() {
				structs(t.Field(i).Type, into)
			}
		}
	}
	return into
}

// refine says what the reflector does not see: a pointer that is always written may be null, and a Part is one of
// its fields.
func refine(def *jsonschema.Schema, t reflect.Type) {
	if t == reflect.TypeFor[Part]() {
		one := uint64(1)
		def.MinProperties, def.MaxProperties = &one, &one
	}
	if t == reflect.TypeFor[ModeAnswers]() {
		defer func() {
			each := *def
			each.Description = ""
			*def = jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "boolean"}, &each}, Description: def.Description}
		}()
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() != reflect.Pointer || rest != "" {
			continue
		}
		prop, _ := def.Properties.Get(name)
		value := *prop
		value.Description = ""
		def.Properties.Set(name, &jsonschema.Schema{
			AnyOf:       []*jsonschema.Schema{&value, {Type: "null"}},
			Description: prop.Description,
		})
	}
}
