package trace

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// typeOf names a schema's type: "string", "string[]", "string or null".
func typeOf(m *ordered.Map) string {
	var types []string
	add := func(t string) {
		if t != "" && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	switch t := m.Value("type").(type) {
	case string:
		add(named(t, m))
	case []any:
		for _, one := range t {
			if s, ok := one.(string); ok {
				add(named(s, m))
			}
		}
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		forms, _ := m.Value(key).([]any)
		for _, form := range forms {
			if f, ok := form.(*ordered.Map); ok {
				add(typeOf(f))
			}
		}
	}
	if len(types) == 0 {
		return guessed(m)
	}
	return strings.Join(types, " or ")
}

// named is a type's name; that of an array tells its items too.
func named(t string, m *ordered.Map) string {
	if t != "array" {
		return t
	}
	items, ok := m.Value("items").(*ordered.Map)
	if !ok {
		return "array"
	}
	inner := typeOf(items)
	if strings.Contains(inner, " ") {
		inner = "(" + inner + ")"
	}
	return inner + "[]"
}

// guessed is the type of a schema that names none.
func guessed(m *ordered.Map) string {
	switch {
	case m.Has("properties"):
		return "object"
	case m.Has("items"), m.Has("prefixItems"):
		return named("array", m)
	case m.Has("$ref"):
		return text(m, "$ref")
	}
	for _, v := range append(list(m, "enum"), list(m, "const")...) {
		switch v.(type) {
		case string:
			return "string"
		case float64, int:
			return "number"
		case bool:
			return "boolean"
		case nil:
			return "null"
		}
	}
	return "any"
}

// list is a member as a list: itself if it is one.
func list(m *ordered.Map, key string) []any {
	v, ok := m.Get(key)
	if !ok {
		return nil
	}
	if l, isList := v.([]any); isList && key != "const" {
		return l
	}
	return []any{v}
}

func text(m *ordered.Map, key string) string {
	s, _ := m.Value(key).(string)
	return s
}

// jsonOf is a member as JSON; empty where it is not there.
func jsonOf(m *ordered.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return ordered.String(v)
}

// allowed are the values that may stand there, of every form.
func allowed(m *ordered.Map) []string {
	var out []string
	for _, v := range append(list(m, "enum"), list(m, "const")...) {
		out = append(out, ordered.String(v))
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		forms, _ := m.Value(key).([]any)
		for _, form := range forms {
			if f, ok := form.(*ordered.Map); ok {
				out = append(out, allowed(f)...)
			}
		}
	}
	return out
}

// bounds are the pairs of keywords that limit something, and what they limit.
var bounds = []struct{ low, high, unit string }{
	{"minimum", "maximum", ""},
	{"minLength", "maxLength", " characters"},
	{"minItems", "maxItems", " items"},
	{"minProperties", "maxProperties", " members"},
}

// maxSafe is the greatest whole number that JavaScript counts to; as a limit it says nothing but "whole".
const maxSafe = "9007199254740991"

// rangeOf says the limits in words.
func rangeOf(m *ordered.Map) string {
	var out []string
	for _, b := range bounds {
		low, high := jsonOf(m, b.low), jsonOf(m, b.high)
		if high == maxSafe {
			high = ""
		}
		if low == "-"+maxSafe {
			low = ""
		}
		switch {
		case low != "" && high != "":
			out = append(out, low+" to "+high+b.unit)
		case low != "":
			out = append(out, "at least "+low+b.unit)
		case high != "":
			out = append(out, "at most "+high+b.unit)
		}
	}
	for _, b := range []struct{ key, words string }{{"exclusiveMinimum", "more than "}, {"exclusiveMaximum", "less than "}, {"multipleOf", "a multiple of "}} {
		if v := jsonOf(m, b.key); v != "" {
			out = append(out, b.words+v)
		}
	}
	if m.Value("uniqueItems") == true {
		out = append(out, "no item twice")
	}
	return strings.Join(out, ", ")
}

// formatOf is the format or the pattern of a text.
func formatOf(m *ordered.Map) string {
	var out []string
	for _, key := range []string{"format", "contentEncoding", "contentMediaType"} {
		if f := text(m, key); f != "" {
			out = append(out, f)
		}
	}
	if p := text(m, "pattern"); p != "" {
		out = append(out, "/"+p+"/")
	}
	return strings.Join(out, ", ")
}
