package schema

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// Encode writes v, a Document or any of its parts, as indented JSON with a final newline. The same value gives the
// same bytes: a nil list is written as [], and nothing is escaped that JSON does not ask for.
func Encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(listsMade(reflect.ValueOf(v)).Interface())
}

// Decode reads a Document. One of a later version is refused.
func Decode(r io.Reader) (*Document, error) {
	var doc Document
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	switch {
	case doc.SchemaVersion == 0:
		return nil, fmt.Errorf("not a document of bundlens: it has no schemaVersion")
	case doc.SchemaVersion > Version:
		return nil, fmt.Errorf("the document is of version %d; this program reads versions up to %d", doc.SchemaVersion, Version)
	}
	return &doc, nil
}

// listsMade answers a copy of v in which every nil list is an empty one. Bytes, such as raw JSON, are not a list.
func listsMade(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(listsMade(v.Elem()))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			out.Field(i).Set(listsMade(v.Field(i)))
		}
		return out
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(listsMade(v.Index(i)))
		}
		return out
	default:
		return v
	}
}
