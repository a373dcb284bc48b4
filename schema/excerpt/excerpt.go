// Package excerpt reads a part of a written Document: some of its lists, and of the questions and fragments only those
// that they lead to. It is many times faster than reading the whole of a large one.
package excerpt

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/schema"
)

// Want says what to read. What the Document says of its source, its health and the analysis is always read.
type Want struct {
	// Lists are the Document's lists by their names, such as "tools". Others are empty in the excerpt.
	Lists []string
	// Kinds, where it is not nil, are the kinds of prompts that are read.
	Kinds []string
}

// Read reads a part of a Document, from the whole of its bytes. Questions and fragments keep their places; those that
// nothing leads to are empty. A Document of an earlier version is read whole.
func Read(data []byte, want Want) (*schema.Document, error) {
	if !gjson.ValidBytes(data) {
		return nil, fmt.Errorf("not a document of bundlens: it is not JSON")
	}
	if gjson.GetBytes(data, "schemaVersion").Int() != schema.Version {
		return schema.Decode(bytes.NewReader(data))
	}
	return schema.Decode(bytes.NewReader(cut(data, want)))
}

// cut is the Document without what is not wanted.
func cut(data []byte, want Want) []byte {
	x := &cutter{want: want}
	gjson.ParseBytes(data).ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); {
		case name == "fragments":
			x.fragments = newPool(value, `"ref"`)
		case name == "questions":
			x.questions = newPool(value, `"q"`)
		case value.IsArray() && name != "diagnostics" && !x.wants(name):
		case name == "prompts" && want.Kinds != nil:
			x.member(name, x.ofKinds(value))
		default:
			x.member(name, value.Raw)
		}
		return true
	})
	x.follow(x.out.String())
	x.member("questions", x.questions.json())
	x.member("fragments", x.fragments.json())
	return append(x.out.Bytes(), '}')
}

// cutter writes an excerpt.
type cutter struct {
	want                 Want
	out                  bytes.Buffer
	fragments, questions pool
}

func (x *cutter) wants(list string) bool { return slices.Contains(x.want.Lists, list) }

func (x *cutter) member(name, raw string) {
	if x.out.Len() == 0 {
		x.out.WriteByte('{')
	} else {
		x.out.WriteByte(',')
	}
	fmt.Fprintf(&x.out, "%q:%s", name, raw)
}

// ofKinds are the prompts of the wanted kinds.
func (x *cutter) ofKinds(prompts gjson.Result) string {
	var b bytes.Buffer
	b.WriteByte('[')
	prompts.ForEach(func(_, p gjson.Result) bool {
		if slices.Contains(x.want.Kinds, p.Get("kind").String()) {
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			b.WriteString(p.Raw)
		}
		return true
	})
	b.WriteByte(']')
	return b.String()
}

// follow marks what a text of the Document leads to.
func (x *cutter) follow(raw string) {
	open := []string{raw}
	for len(open) > 0 {
		raw := open[len(open)-1]
		open = open[:len(open)-1]
		open = x.questions.mark(open, raw)
		open = x.fragments.mark(open, raw)
	}
}

// pool is a list of the Document that others refer to by place.
type pool struct {
	key  string // under which they do
	raw  []string
	used []bool
}

func newPool(list gjson.Result, key string) pool {
	p := pool{key: key}
	list.ForEach(func(_, v gjson.Result) bool {
		p.raw = append(p.raw, v.Raw)
		return true
	})
	p.used = make([]bool, len(p.raw))
	return p
}

// mark marks what a text of the Document refers to, and adds what is new to a list.
func (p *pool) mark(found []string, raw string) []string {
	for rest := raw; p.key != ""; {
		i := indexOf(rest, p.key)
		if i < 0 {
			return found
		}
		rest = rest[i+len(p.key):]
		if place, ok := number(rest); ok && place < len(p.raw) && !p.used[place] {
			p.used[place] = true
			found = append(found, p.raw[place])
		}
	}
	return found
}

// json is the list with its places.
func (p *pool) json() string {
	var b bytes.Buffer
	b.WriteByte('[')
	empty := "{}"
	if len(p.raw) > 0 && p.raw[0][0] == '[' {
		empty = "[]"
	}
	for i, raw := range p.raw {
		if i > 0 {
			b.WriteByte(',')
		}
		if !p.used[i] {
			raw = empty
		}
		b.WriteString(raw)
	}
	b.WriteByte(']')
	return b.String()
}

// indexOf is where a key stands that is none within a string.
func indexOf(s, key string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], key)
		if i < 0 {
			return -1
		}
		if i += from; i == 0 || s[i-1] != '\\' {
			return i
		}
		from = i + len(key)
	}
}

// number reads the number behind a colon.
func number(s string) (n int, ok bool) {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] == ':') {
		i++
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && n < 1<<30; i++ {
		n, ok = 10*n+int(s[i]-'0'), true
	}
	return n, ok
}
