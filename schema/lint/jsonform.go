package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// parseJSON reads a JSON value with its numbers as they are written; nil where there is none.
func parseJSON(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// norm leaves out what does not count in a comparison: $schema, and the order of required.
func norm(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			if k != "$schema" {
				out[k] = norm(x)
			}
		}
		if required, ok := out["required"].([]any); ok {
			if len(required) == 0 {
				delete(out, "required")
			}
			slices.SortFunc(required, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = norm(x)
		}
		return out
	}
	return v
}

// sameSchema is deep equality of two normal forms; a description of ours that has holes may match anything there.
func sameSchema(ours, sent any) bool {
	switch a := ours.(type) {
	case map[string]any:
		b, ok := sent.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, x := range a {
			y, ok := b[k]
			if !ok || !sameMember(k, x, y) {
				return false
			}
		}
		return true
	case []any:
		b, ok := sent.([]any)
		return ok && slices.EqualFunc(a, b, sameSchema)
	case json.Number:
		b, ok := sent.(json.Number)
		return ok && sameNumber(a, b)
	}
	switch sent.(type) {
	case map[string]any, []any:
		return false
	}
	return ours == sent
}

func sameMember(key string, ours, sent any) bool {
	if key == "description" {
		a, isText := ours.(string)
		b, both := sent.(string)
		if isText && both {
			return sameString(a, b)
		}
	}
	return sameSchema(ours, sent)
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y
}

var holeInString = lazyregexp.New(`\$\{[A-Za-z0-9_.$]+\}`)

// sameString compares texts as they are read; a hole of ours matches anything where enough of the rest is literal.
func sameString(ours, sent string) bool {
	if ours == sent {
		return true
	}
	literals := holeInString.Get().Split(ours, -1)
	if len(literals) < 2 {
		return false
	}
	length := 0
	for i, s := range literals {
		length += utf8.RuneCountInString(s)
		literals[i] = regexp.QuoteMeta(s)
	}
	if float64(length) < holeShare*float64(utf8.RuneCountInString(sent)) {
		return false
	}
	re, err := regexp.Compile(`^` + strings.Join(literals, `(?s:.*?)`) + `$`)
	return err == nil && re.MatchString(sent)
}

// property is one property somewhere in a schema.
type property struct {
	path string
	// shape is what the schema says of it beside its description and what lies below it, and whether it is required.
	shape       string
	description string
	described   bool
}

// notShape are the keywords that don't belong to a property's own shape.
var notShape = []string{"description", "properties", "items", "anyOf", "oneOf", "allOf"}

// properties lists all properties below a schema.
func properties(v any, path string) []property {
	s, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	var out []property
	required, _ := s["required"].([]any)
	members, _ := s["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		at := path + "." + name
		p := property{path: at, shape: shapeOf(members[name], slices.Contains(required, any(name)))}
		if m, ok := members[name].(map[string]any); ok {
			p.description, p.described = m["description"].(string)
		}
		out = append(append(out, p), properties(members[name], at)...)
	}
	for _, k := range []string{"items", "additionalProperties", "propertyNames"} {
		out = append(out, properties(s[k], path+"["+k+"]")...)
	}
	for _, k := range []string{"anyOf", "oneOf", "allOf", "prefixItems"} {
		branches, _ := s[k].([]any)
		for i, b := range branches {
			out = append(out, properties(b, fmt.Sprintf("%s[%s%d]", path, k, i))...)
		}
	}
	return out
}

func shapeOf(v any, required bool) string {
	if m, ok := v.(map[string]any); ok {
		own := map[string]any{}
		for k, x := range m {
			if !slices.Contains(notShape, k) {
				own[k] = x
			}
		}
		v = own
	}
	return canonical([]any{norm(v), required})
}

// canonical is a text that two values share when they are the same, whole numbers told from others.
func canonical(v any) string {
	text, err := json.Marshal(numbered(v))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// numbered writes every number in one form.
func numbered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = numbered(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = numbered(x)
		}
		return out
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(string(v), ".eE") {
			return json.RawMessage(`{"float":"` + strconv.FormatFloat(f, 'g', -1, 64) + `"}`)
		}
	}
	return v
}
