// Package excerpt reads a part of a written Document: some of its lists, and of the questions, fragments and formulas only
// those that they lead to. It is many times faster than reading the whole of a large one.
package excerpt

import (
	"bytes"
	"fmt"
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

// Read reads a part of a Document, from the whole of its bytes. Questions, fragments and formulas keep their places; those
// that nothing leads to are empty. A Document of an earlier version is read whole. What is not read is not looked at:
// whether it is as it should be shows where it is read.
func Read(data []byte, want Want) (*schema.Document, error) {
	members, ok := lines(data)
	if !ok {
		if !gjson.ValidBytes(data) {
			return nil, fmt.Errorf("not a document of bundlens: it is not JSON")
		}
		if gjson.GetBytes(data, "schemaVersion").Int() != schema.Version {
			return schema.Decode(bytes.NewReader(data))
		}
		members = values(data)
	}
	return schema.Decode(bytes.NewReader(cut(members, want)))
}

// member is a member of a Document: a value, or a list's records.
type member struct {
	name    string
	value   []byte
	isList  bool
	records [][]byte
}

// values are the members of a Document, in whichever way it is laid out.
func values(data []byte) (members []member) {
	gjson.ParseBytes(data).ForEach(func(key, value gjson.Result) bool {
		m := member{name: key.String(), value: []byte(value.Raw), isList: value.IsArray()}
		if m.isList {
			value.ForEach(func(_, v gjson.Result) bool {
				m.records = append(m.records, []byte(v.Raw))
				return true
			})
		}
		members = append(members, m)
		return true
	})
	return members
}

// cut is the Document without what is not wanted.
func cut(members []member, want Want) []byte {
	x := &cutter{want: want}
	for i := range members {
		switch m := &members[i]; {
		case m.name == "fragments":
			x.pools[fragments].fill(m.records)
		case m.name == "questions":
			x.pools[questions].fill(m.records)
		case m.name == "formulas":
			x.pools[formulas].fill(m.records)
		case !m.isList:
			x.member(m.name, m.value)
		case m.name == "diagnostics" || slices.Contains(want.Lists, m.name):
			x.list(m)
		}
	}
	x.follow(x.out.Bytes())
	for i := range x.pools {
		x.member(names[i], x.pools[i].json([]byte(empty[i])))
	}
	return append(x.out.Bytes(), '}')
}

// cutter writes an excerpt.
type cutter struct {
	want  Want
	out   bytes.Buffer
	pools [3]pool
}

// The lists that others refer to by place: their names, the keys under which that is done, and what stands in the place of
// what nothing leads to.
const (
	questions = iota
	fragments
	formulas
)

var (
	names = [3]string{"questions", "fragments", "formulas"}
	keys  = [3]string{`"q"`, `"ref"`, `"f"`}
	empty = [3]string{"{}", "[]", "{}"}
)

func (x *cutter) member(name string, value []byte) {
	x.key(name)
	x.out.Write(value)
}

func (x *cutter) key(name string) {
	if x.out.Len() == 0 {
		x.out.WriteByte('{')
	} else {
		x.out.WriteByte(',')
	}
	fmt.Fprintf(&x.out, "%q:", name)
}

// list writes the records of a list that are wanted.
func (x *cutter) list(m *member) {
	x.key(m.name)
	x.out.WriteByte('[')
	first := true
	for _, r := range m.records {
		if m.name == "prompts" && x.want.Kinds != nil && !slices.Contains(x.want.Kinds, gjson.GetBytes(r, "kind").String()) {
			continue
		}
		if !first {
			x.out.WriteByte(',')
		}
		first = false
		if m.name == "tools" && x.want.Switches {
			r = switches(r)
		}
		x.out.Write(r)
	}
	x.out.WriteByte(']')
}

// switches is what the record of a tool says of when the model gets it.
func switches(tool []byte) []byte {
	out := []byte{'{'}
	for i, v := range gjson.GetManyBytes(tool, "name", "enabled", "enabledWhen") {
		if raw := v.Raw; raw != "" {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(fmt.Appendf(out, "%q:", []string{"name", "enabled", "enabledWhen"}[i]), raw...)
		}
	}
	return append(out, '}')
}

// follow marks what a text of the Document leads to.
func (x *cutter) follow(raw []byte) {
	open := [][]byte{raw}
	for len(open) > 0 {
		raw := open[len(open)-1]
		open = open[:len(open)-1]
		for i := range x.pools {
			open = x.pools[i].mark(open, raw, []byte(keys[i]))
		}
	}
}
