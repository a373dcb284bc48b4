package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// modern writes a schema of any draft in the words of 2020-12, as a part of another document. What it says of itself by
// $schema and $id goes, as the document has that; and references that lead to nothing in it, which readers would fail
// at, or follow to anywhere.
type modern struct {
	root    any
	at      string // where the schema stands, as a reference
	depth   int
	remarks []string // on what is gone
}

// Keywords by what stands behind them.
var (
	oneSchema   = []string{"not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties", "contentSchema"}
	listSchemas = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	mapSchemas  = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
)

func (m *modern) schema(v any) any {
	s, ok := v.(*ordered.Map)
	if !ok {
		return v
	}
	out := ordered.New()
	if m.depth >= maxDepth {
		m.remarks = append(m.remarks, fmt.Sprintf("The schema is nested more than %d deep; what is deeper is left out.", maxDepth))
		return out
	}
	m.depth++
	defer func() { m.depth-- }()
	for _, key := range s.Keys() {
		m.keyword(out, s, key, s.Value(key))
	}
	if s.Value("nullable") == true {
		return ordered.New("anyOf", []any{out, ordered.New("type", "null")})
	}
	return out
}

func (m *modern) keyword(out, s *ordered.Map, key string, v any) {
	list, isList := v.([]any)
	switch {
	case key == "$schema" || key == "$id" || key == "id" && isString(v) || key == "nullable":
	case key == "$ref" && isString(v):
		if ref, ok := m.reference(v.(string)); ok {
			out.Set(key, ref)
		} else {
			m.remarks = append(m.remarks, "The schema refers to "+quoted(v.(string))+", which is not in it.")
		}
	case key == "$dynamicRef" || key == "$recursiveRef":
		m.remarks = append(m.remarks, "The schema has a "+key+", which is left out.")
	case key == "enum" && isList && len(list) == 0:
		out.Set("not", ordered.New()) // some readers take no empty list
	case key == "prefixItems" && isList && len(list) == 0:
	case key == "pattern" && isString(v) && !isPattern(v.(string)):
		m.remarks = append(m.remarks, "The schema has the pattern "+quoted(v.(string))+", which is no regular expression.")
	case key == "items" && isList && len(list) == 0:
	case key == "items" && isList:
		out.Set("prefixItems", m.list(list))
	case key == "additionalItems":
		if _, tuple := s.Value("items").([]any); tuple {
			out.Set("items", m.schema(v))
		}
	case key == "exclusiveMinimum" || key == "exclusiveMaximum":
		if exclusive, old := v.(bool); !old {
			out.Set(key, v)
		} else if bound := strings.ToLower(key[9:]); exclusive && s.Has(bound) {
			out.Set(key, s.Value(bound))
			out.Delete(bound)
		}
	case (key == "minimum" || key == "maximum") && s.Value("exclusive"+strings.ToUpper(key[:1])+key[1:]) == true:
	case key == "required" && !isList:
	case slices.Contains(oneSchema, key):
		out.Set(key, m.schema(v))
	case slices.Contains(listSchemas, key) && isList:
		out.Set(key, m.list(list))
	case slices.Contains(mapSchemas, key):
		out.Set(key, m.named(v))
	default:
		out.Set(key, v)
	}
}

func isString(v any) bool { _, ok := v.(string); return ok }

func (m *modern) list(list []any) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = m.schema(v)
	}
	return out
}

func (m *modern) named(v any) any {
	s, ok := v.(*ordered.Map)
	if !ok {
		return v
	}
	out := ordered.New()
	for _, key := range s.Keys() {
		out.Set(key, m.schema(s.Value(key)))
	}
	return out
}

// reference is a reference from where the schema stands. What the pointer goes through may have another name now.
func (m *modern) reference(ref string) (string, bool) {
	pointer, ok := (&shaper{root: m.root}).local(ref)
	if _, there := resolve(m.root, pointer); !ok || !there {
		return "", false
	}
	var b strings.Builder
	b.WriteString(m.at)
	at := m.root
	raw := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, step := range steps(pointer) {
		next := raw[i]
		switch v := at.(type) {
		case *ordered.Map:
			_, tuple := v.Value("items").([]any)
			if step == "items" && tuple {
				next = "prefixItems"
			} else if step == "additionalItems" && tuple {
				next = "items"
			}
			at = v.Value(step)
		case []any:
			if n, err := strconv.Atoi(step); err == nil && n >= 0 && n < len(v) {
				at = v[n]
			}
		}
		b.WriteString("/" + next)
	}
	return b.String(), true
}
