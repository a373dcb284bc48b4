// Package excerpt reads a part of a written Document: some of its lists, and of the questions, fragments and formulas only
// those that they lead to. It is many times faster than reading the whole of a large one.
package excerpt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/schema"
)

// Want says what to read. What the Document says of its source, its health and the analysis is always read.
type Want struct {
	// Lists are the Document's lists by their names, such as "tools". Others are empty in the excerpt.
	Lists []string
	// Kinds, where it is not nil, are the kinds of prompts that are read.
	Kinds []string
	// Switches says that of tools no more is read than their names and whether the model gets them.
	Switches bool
}

// Read reads a part of a Document of so many bytes. Questions that nothing leads to are not there, and the others have other
// ids than in the whole. A Document of an earlier version is read whole. What is not read is not looked at: whether it is as
// it should be shows where it is read.
func Read(r io.ReaderAt, size int64, want Want) (*schema.Document, error) {
	x := newCutter(r, want)
	switch asWritten, err := lines(io.NewSectionReader(r, 0, size), x); {
	case err != nil && err != io.EOF:
		return nil, err
	case asWritten:
		return x.read()
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); err != nil && !(err == io.EOF && int64(n) == size) {
		return nil, err
	}
	if !gjson.ValidBytes(data) {
		return nil, fmt.Errorf("not a document of bundlens: it is not JSON")
	}
	if gjson.GetBytes(data, "schemaVersion").Int() != schema.Version {
		return schema.Decode(bytes.NewReader(data))
	}
	x = newCutter(bytes.NewReader(data), want)
	values(data, x)
	return x.read()
}

// values goes through a Document, in whichever way it is laid out.
func values(data []byte, v visitor) {
	gjson.ParseBytes(data).ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		if !value.IsArray() {
			v.value(name, []byte(value.Raw))
			return true
		}
		value.ForEach(func(_, record gjson.Result) bool {
			at := int64(record.Index) // from the beginning of the Document
			v.record(name, []byte(record.Raw), span{at, at + int64(len(record.Raw))})
			return true
		})
		return true
	})
}

// cutter makes an excerpt.
type cutter struct {
	want                           Want
	values                         bytes.Buffer
	lists                          map[string]*bytes.Buffer
	questions, fragments, formulas *pool
}

func newCutter(r io.ReaderAt, want Want) *cutter {
	return &cutter{want: want, lists: map[string]*bytes.Buffer{}, questions: &pool{file: r, key: `"q"`}, fragments: &pool{file: r, key: `"ref"`}, formulas: &pool{file: r, key: `"f"`}}
}

func (x *cutter) value(name string, text []byte) { fmt.Fprintf(&x.values, "%q:%s,", name, text) }

func (x *cutter) record(list string, text []byte, at span) {
	switch {
	case list == "questions":
		x.questions.add(text, at)
	case list == "fragments":
		x.fragments.add(text, at)
	case list == "formulas":
		x.formulas.add(text, at)
	case list != "diagnostics" && !slices.Contains(x.want.Lists, list):
	case list == "prompts" && x.want.Kinds != nil && !slices.Contains(x.want.Kinds, gjson.GetBytes(text, "kind").String()):
	default:
		b := x.lists[list]
		if b == nil {
			b = new(bytes.Buffer)
			x.lists[list] = b
		} else {
			b.WriteByte(',')
		}
		if list == "tools" && x.want.Switches {
			text = switches(text)
		}
		b.Write(text)
	}
}

// switches is what the record of a tool says of when the model gets it.
func switches(tool []byte) []byte {
	keys := []string{"name", "enabled", "enabledWhen"}
	out := []byte{'{'}
	for i, v := range gjson.GetManyBytes(tool, keys...) {
		if v.Exists() {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(fmt.Appendf(out, "%q:", keys[i]), v.Raw...)
		}
	}
	return append(out, '}')
}

// read reads what was cut out, and what that leads to.
func (x *cutter) read() (*schema.Document, error) {
	text := bytes.NewBufferString("{")
	text.Write(x.values.Bytes())
	for name, list := range x.lists {
		fmt.Fprintf(text, "%q:[", name)
		text.Write(list.Bytes())
		text.WriteString("],")
	}
	text.WriteString(`"questions":[]}`)
	doc := new(schema.Document)
	err := json.Unmarshal(text.Bytes(), doc)
	if err == nil {
		err = x.follow(text.Bytes())
	}
	if err == nil {
		err = errors.Join(inPlace(x.fragments, &doc.Fragments), used(x.formulas, &doc.Formulas), used(x.questions, &doc.Questions))
	}
	if err == nil {
		doc.Renumber(x.questions.place, x.formulas.place)
		err = doc.Link()
	}
	if err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	return doc, nil
}

// follow marks what a text of the Document leads to.
func (x *cutter) follow(text []byte) (err error) {
	open := [][]byte{text}
	for len(open) > 0 {
		text := open[len(open)-1]
		open = open[:len(open)-1]
		for _, p := range []*pool{x.questions, x.fragments, x.formulas} {
			if open, err = p.mark(open, text); err != nil {
				return err
			}
		}
	}
	return nil
}
