package report

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// param is one place in a schema: a property, or something below one.
type param struct {
	path        string
	kind        string // its type, in words
	required    bool
	description string
}

// maxParams bounds the rows of one schema, and maxParamDepth how deep they go: a schema may refer to itself.
const (
	maxParams     = 2000
	maxParamDepth = 12
)

// params lists the properties of a schema in their order, those of nested objects behind their own.
func params(raw []byte) []param {
	if len(raw) == 0 || !gjson.ValidBytes(raw) {
		return nil
	}
	c := collector{root: gjson.ParseBytes(raw)}
	c.below(c.root, "", 0, nil)
	return c.rows
}

// collector walks one schema.
type collector struct {
	root gjson.Result
	rows []param
}

// below lists what lies below a schema whose own row is written already.
func (c *collector) below(s gjson.Result, path string, depth int, seen []string) {
	if depth > maxParamDepth || len(c.rows) >= maxParams {
		return
	}
	s, seen, ok := c.follow(s, seen)
	if !ok {
		return
	}
	required := map[string]bool{}
	for _, name := range s.Get("required").Array() {
		required[name.String()] = true
	}
	s.Get("properties").ForEach(func(key, value gjson.Result) bool {
		at := join(path, key.String())
		c.add(at, value, required[key.String()])
		c.below(value, at, depth+1, seen)
		return true
	})
	if items := s.Get("items"); items.IsObject() {
		c.below(items, path+"[]", depth+1, seen)
	}
	for i, item := range s.Get("prefixItems").Array() {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.add(at, item, true)
		c.below(item, at, depth+1, seen)
	}
	if values := s.Get("additionalProperties"); values.IsObject() && len(values.Map()) > 0 {
		c.below(values, join(path, "*"), depth+1, seen)
	}
	for _, key := range []string{"anyOf", "oneOf", "allOf"} {
		for i, branch := range s.Get(key).Array() {
			at := path
			if key != "allOf" {
				at = fmt.Sprintf("%s(%d)", path, i+1)
			}
			c.below(branch, at, depth+1, seen)
		}
	}
}

// add writes one row.
func (c *collector) add(path string, s gjson.Result, required bool) {
	description := s.Get("description").String()
	if target, _, ok := c.follow(s, nil); ok && description == "" {
		description = target.Get("description").String()
	}
	c.rows = append(c.rows, param{path: path, kind: c.words(s, 0), required: required, description: description})
}

// follow goes where a reference leads; not a second time to where it came from.
func (c *collector) follow(s gjson.Result, seen []string) (gjson.Result, []string, bool) {
	for s.Get("$ref").Exists() {
		ref := s.Get("$ref").String()
		for _, known := range seen {
			if known == ref {
				return s, seen, false
			}
		}
		seen = append(seen[:len(seen):len(seen)], ref)
		target := c.root
		for _, key := range strings.Split(strings.TrimPrefix(strings.TrimPrefix(ref, "#"), "/"), "/") {
			if key != "" {
				key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
				target = target.Get(gjson.Escape(key))
			}
		}
		if !target.Exists() {
			return s, seen, false
		}
		s = target
	}
	return s, seen, true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// words says a schema's type and bounds.
func (c *collector) words(s gjson.Result, depth int) string {
	switch {
	case depth > 4:
		return "..."
	case s.Get("$ref").Exists():
		target, _, ok := c.follow(s, nil)
		if !ok || target.Raw == c.root.Raw {
			return s.Get("$ref").String()
		}
		return c.words(target, depth+1)
	case s.Get("const").Exists():
		return s.Get("const").Raw
	case s.Get("enum").IsArray():
		return c.alternatives(s.Get("enum").Array(), func(v gjson.Result) string { return v.Raw })
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		if branches := s.Get(key); branches.IsArray() {
			return c.alternatives(branches.Array(), func(v gjson.Result) string { return c.words(v, depth+1) })
		}
	}
	kind := s.Get("type").String()
	if types := s.Get("type"); types.IsArray() {
		kind = c.alternatives(types.Array(), gjson.Result.String)
	}
	switch {
	case kind == "" && s.Raw == "{}":
		kind = "anything"
	case kind == "array" && s.Get("items").IsObject():
		kind = "array of " + c.words(s.Get("items"), depth+1)
	case kind == "":
		kind = "any"
	}
	return kind + bounds(s)
}

func (c *collector) alternatives(list []gjson.Result, word func(gjson.Result) string) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = word(v)
	}
	return strings.Join(words, " or ")
}

// bounds lists the keywords that narrow a type.
func bounds(s gjson.Result) string {
	var out []string
	for _, key := range []string{"format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
		"exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "default"} {
		if v := s.Get(key); v.Exists() && !widest(key, v) {
			out = append(out, key+" "+v.Raw)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return " (" + strings.Join(out, ", ") + ")"
}

// widest says whether a bound is that of every safe integer, which narrows nothing.
func widest(key string, v gjson.Result) bool {
	const safe = 1<<53 - 1
	return key == "maximum" && v.Num == safe || key == "minimum" && v.Num == -safe
}
