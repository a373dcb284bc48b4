// Package excerpt reads a part of a written Document: some of its lists, and of the questions, fragments and formulas only
// those that they lead to. It is many times faster than reading the whole of a large one.
package excerpt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
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
	// Counted are lists that are counted only: their records are not read, and empty.
	Counted []string
	// First says that of these the first alone is read.
	First bool
	// Switches says that of tools no more is read than their names and whether the model gets them, and only of those that
	// something asks about that is read.
	Switches bool
	// Unread says that conditions within texts are evaluated only, and need no text.
	Unread bool
}

// Read reads a part of a Document of so many bytes. Questions that nothing leads to are not there, and the others have other
// ids than in the whole. A Document of an earlier version is read whole. What is not read is not looked at: whether it is as
// it should be shows where it is read.
func Read(r io.ReaderAt, size int64, want Want) (*schema.Document, error) {
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("a document of %d bytes is too large", size)
	}
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
		return schema.Parse(data)
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
	lists                          map[string][][]byte
	switches                       []toolSwitch
	first                          bool // a prompt was met that is wanted
	questions, fragments, formulas *pool
}

// toolSwitch is what is said of when the model gets a tool.
type toolSwitch struct {
	name string
	at   shortSpan
	text []byte // where something asks about it
}

func newCutter(r io.ReaderAt, want Want) *cutter {
	return &cutter{want: want, lists: map[string][][]byte{}, questions: &pool{file: r, key: `"q"`}, fragments: &pool{file: r, key: `"ref"`}, formulas: &pool{file: r, key: `"f"`}}
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
	case list != "diagnostics" && !slices.Contains(x.want.Lists, list), list == "prompts" && !x.wantsPrompt(text):
		if slices.Contains(x.want.Counted, list) {
			x.add(list, []byte("{}"))
		}
	case list == "tools" && x.want.Switches:
		x.switches = append(x.switches, toolSwitch{name: gjson.GetBytes(text, "name").String(), at: shortSpan{uint32(at.start), uint32(at.end - at.start)}})
	default:
		x.add(list, text)
	}
}

func (x *cutter) wantsPrompt(text []byte) bool {
	if x.want.Kinds == nil {
		return true
	}
	if x.want.First && x.first || !slices.Contains(x.want.Kinds, gjson.GetBytes(text, "kind").String()) {
		return false
	}
	x.first = true
	return true
}

// add adds a record to a list of the excerpt.
func (x *cutter) add(list string, text []byte) {
	x.lists[list] = append(x.lists[list], bytes.Clone(text))
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
	open := [][]byte{x.values.Bytes()}
	for _, list := range x.lists {
		open = append(open, list...)
	}
	err := x.follow(open)
	for _, t := range x.switches {
		if t.text != nil {
			x.add("tools", t.text)
		}
	}
	doc := new(schema.Document)
	if err == nil {
		err = json.Unmarshal(x.text(), doc)
	}
	if err == nil {
		err = errors.Join(used(x.fragments, &doc.Fragments), used(x.formulas, &doc.Formulas), used(x.questions, &doc.Questions))
	}
	if err == nil {
		doc.Renumber(x.questions.place, x.fragments.place, x.formulas.place)
		link := doc.Link
		if x.want.Unread {
			link = doc.LinkUnread
		}
		err = link()
	}
	if err != nil {
		return nil, fmt.Errorf("not a document of bundlens: %w", err)
	}
	return doc, nil
}

// text is what was cut out, as a Document.
func (x *cutter) text() []byte {
	var text bytes.Buffer
	size := x.values.Len()
	for _, list := range x.lists {
		for _, record := range list {
			size += len(record) + len(",")
		}
	}
	text.Grow(size + 1<<10)
	text.WriteByte('{')
	text.Write(x.values.Bytes())
	for name, list := range x.lists {
		fmt.Fprintf(&text, "%q:[", name)
		for i, record := range list {
			if i > 0 {
				text.WriteByte(',')
			}
			text.Write(record)
		}
		text.WriteString("],")
	}
	text.WriteString(`"questions":[]}`)
	return text.Bytes()
}

// follow marks what texts of the Document lead to.
func (x *cutter) follow(open [][]byte) (err error) {
	for len(open) > 0 {
		text := open[len(open)-1]
		open = open[:len(open)-1]
		for _, p := range []*pool{x.questions, x.fragments, x.formulas} {
			known := len(open)
			if open, err = p.mark(open, text); err != nil {
				return err
			}
			if p == x.questions {
				for _, question := range open[known:] {
					if open, err = x.ask(open, question); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// ask adds the record of the tool that a question asks about, once.
func (x *cutter) ask(open [][]byte, question []byte) ([][]byte, error) {
	if len(x.switches) == 0 || gjson.GetBytes(question, "kind").String() != schema.KindTool {
		return open, nil
	}
	name := gjson.GetBytes(question, "subject").String()
	for i := range x.switches {
		if t := &x.switches[i]; t.name == name && t.text == nil {
			tool, err := t.at.read(x.questions.file)
			if err != nil {
				return nil, err
			}
			t.text = switches(tool)
			open = append(open, t.text)
		}
	}
	return open, nil
}
