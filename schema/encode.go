package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// Encode writes v, a Document or any of its parts, as JSON that people can read, with a final newline. The same value
// gives the same bytes: a nil list is written as [], and nothing is escaped that JSON does not ask for. Parts that several
// texts of a Document share are written once, as its Fragments.
func Encode(w io.Writer, v any) error {
	v = listsMade(reflect.ValueOf(v)).Interface()
	if doc, ok := v.(*Document); ok {
		doc.shareParts() // it is a copy
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(layout(b.Bytes()))
	return err
}

// Decode reads a Document of this version or of an earlier one, which it turns into one of this version. One of a later
// version is refused.
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
	case doc.SchemaVersion == 1:
		doc.fromVersion1()
	}
	if err := doc.linkFragments(); err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	if err := doc.checkQuestions(); err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	return &doc, nil
}

// checkQuestions makes sure that conditions ask only what the Document has.
func (d *Document) checkQuestions() error {
	for c := range d.Conditions() {
		for id := range c.Questions() {
			if id < 0 || id >= len(d.Questions) {
				return fmt.Errorf("a condition asks question %d, and there are %d", id, len(d.Questions))
			}
		}
	}
	return nil
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
