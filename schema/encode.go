package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Encode writes v, a Document or any of its parts, as JSON that people can read, with a final newline. The same value
// gives the same bytes: a nil list is written as [], and nothing is escaped that JSON does not ask for.
//
// Of a Document each record stands on a line, and what begins and ends a list on others: package excerpt relies on that. What several places share is written once, as its Fragments and Formulas
// and as members of the first of the tools that have them, schemas of a tool in other worlds are patches of one another, and what follows is left out: the text of a condition within a text where it is its Reading, the parts of a text that
// is known whole, the rendering of a variant of a description, and of what a command sends, where it is that of its parts, and of a question what its fields say.
// [Decode] puts all that back.
func Encode(w io.Writer, v any) error {
	if doc, ok := v.(*Document); ok {
		return encodeDocument(w, doc)
	}
	return encodeLaid(w, v, copier{})
}

// EncodeWhole writes a Document for readers that look for values by their paths: nothing of it is left out, and
// conditions stand where they belong. Parts that several texts share are still written once. Decode reads it as well.
func EncodeWhole(w io.Writer, doc *Document) error {
	s := newSharer(doc)
	s.whole = true
	s.share()
	out := *doc
	out.Fragments, out.Formulas = s.fragments, []Cond{}
	return encodeLaid(w, &out, copier{sharer: s})
}

// encodeLaid writes a value on lines of a readable length.
func encodeLaid(w io.Writer, v any, c copier) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c.copy(reflect.ValueOf(v)).Interface()); err != nil {
		return err
	}
	_, err := w.Write(layout(b.Bytes()))
	return err
}

// encodeDocument writes each member of a Document on lines of its own, and each record of a list.
func encodeDocument(w io.Writer, doc *Document) error {
	s := newSharer(doc)
	out := *doc
	out.Formulas = s.share()
	out.Fragments = s.fragments
	out.Tools = writtenVariants(writtenMembers(doc.Tools))
	var lines documentWriter
	d := reflect.ValueOf(out)
	for i := range d.NumField() {
		name, _, _ := strings.Cut(d.Type().Field(i).Tag.Get("json"), ",")
		fmt.Fprintf(&lines.b, "%s%q: ", []string{"{", ",\n"}[min(i, 1)], name)
		lines.copier = copier{sharer: s}
		if name == "formulas" {
			lines.copier = copier{} // they are written already
		}
		write := lines.value
		if d.Field(i).Kind() == reflect.Slice {
			write = lines.list
		}
		if err := write(d.Field(i)); err != nil {
			return err
		}
	}
	lines.b.WriteString("}\n")
	_, err := w.Write(lines.b.Bytes())
	return err
}

// documentWriter writes the members of a Document.
type documentWriter struct {
	b      bytes.Buffer
	copier copier
}

// value writes a value on a line.
func (w *documentWriter) value(v reflect.Value) error {
	enc := json.NewEncoder(&w.b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(w.copier.copy(v).Interface()); err != nil {
		return err
	}
	w.b.Truncate(w.b.Len() - 1) // the encoder ends the line
	return nil
}

// list writes a list, each record on a line. A question that reads as the one before it says so.
func (w *documentWriter) list(list reflect.Value) error {
	w.b.WriteByte('[')
	var before []byte
	for i := range list.Len() {
		w.b.WriteString([]string{"\n", ",\n"}[min(i, 1)])
		start := w.b.Len()
		if err := w.value(list.Index(i)); err != nil {
			return err
		}
		if list.Type() != reflect.TypeFor[[]Question]() {
			continue
		}
		if record := w.b.Bytes()[start:]; bytes.Equal(record, before) {
			w.b.Truncate(start)
			w.b.WriteString(again)
		} else {
			before = bytes.Clone(record)
		}
	}
	if list.Len() > 0 {
		w.b.WriteByte('\n')
	}
	w.b.WriteByte(']')
	return nil
}

// again is a Question that reads as the one before it, as it is written.
const again = `{"again":true}`

// Decode reads a Document of this version or of an earlier one, which it turns into one of this version. One of a later
// version is refused.
func Decode(r io.Reader) (*Document, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return Parse(data)
}

// Parse is Decode for a Document that is in memory.
func Parse(data []byte) (*Document, error) {
	var doc Document
	if err := json.Unmarshal(data, &doc); err != nil {
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
	if err := doc.Link(); err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	return &doc, nil
}

// copier copies values for writing: every nil list becomes an empty one. With a sharer, texts and conditions become what
// is written of them. Bytes, such as raw JSON, are not a list.
type copier struct{ sharer *sharer }

func (c copier) copy(v reflect.Value) reflect.Value {
	if c.sharer != nil {
		switch x := v.Interface().(type) {
		case Text:
			return reflect.ValueOf(c.sharer.text(x))
		case DescriptionVariant:
			return reflect.ValueOf(c.sharer.variant(x))
		case Command:
			v = reflect.ValueOf(c.sharer.command(x))
		case Question:
			return reflect.ValueOf(c.sharer.question(x))
		case Cond:
			return reflect.ValueOf(c.sharer.cond(x))
		case Part:
			return v // it is written already
		case json.RawMessage:
			if string(x) == "null" {
				return reflect.Zero(v.Type()) // there is none
			}
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(c.copy(v.Elem()))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(c.copy(v.Field(i)))
			}
		}
		return out
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(c.copy(v.Index(i)))
		}
		return out
	default:
		return v
	}
}
