package export

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// maxDepth bounds how deep a schema is followed. No reader of the formats bears much more.
const maxDepth = 30

// shapeOf makes the shape of a schema, whose definitions get identifiers that begin with ident. A schema that is not
// known, nil, takes anything.
//
// It reads the drafts from 4 to 2020-12, and the nullable of OpenAPI 3.0. A schema with keywords for objects or arrays
// that gives no type is taken for one of an object or array, as people mean it; a note says so.
func shapeOf(s any, ident string, idents identifiers) *shaped {
	b := &shaper{root: s, ident: ident, idents: idents, known: map[string]*definition{}}
	root := &definition{name: ident}
	b.known[""] = root
	if s == nil {
		root.shape = &shape{notes: []string{"the schema is not known"}}
	} else {
		root.shape = b.shape(s, 0)
	}
	out := &shaped{root: root, definitions: b.list}
	out.settle()
	return out
}

// shaper makes shapes of one schema.
type shaper struct {
	root   any
	ident  string
	idents identifiers
	known  map[string]*definition // by pointer
	list   []*definition
}

func (b *shaper) shape(s any, depth int) *shape {
	m, ok := s.(*ordered.Map)
	switch {
	case s == false:
		return &shape{kind: nothing}
	case !ok:
		return &shape{}
	case depth > maxDepth:
		return &shape{notes: []string{fmt.Sprintf("nested more than %d deep", maxDepth)}}
	}
	parts, notes := b.conjuncts(m, depth)
	out := &shape{}
	switch len(parts) {
	case 0:
	case 1:
		out = parts[0]
	default:
		out = &shape{kind: intersection, of: parts}
	}
	if out.kind == reference && (m.Has("description") || len(notes) > 0) {
		out = &shape{kind: intersection, of: []*shape{out}}
	}
	out.notes = append(out.notes, notes...)
	if d, ok := m.Value("description").(string); ok {
		out.doc = d
	} else if title, ok := m.Value("title").(string); ok && out.doc == "" {
		out.doc = title
	}
	if v, ok := m.Get("default"); ok {
		out.preset, out.has = v, true
	}
	return out
}

// conjuncts are the shapes all of which a schema asks for.
func (b *shaper) conjuncts(m *ordered.Map, depth int) (parts []*shape, notes []string) {
	if ref, ok := m.Value("$ref").(string); ok {
		parts = append(parts, b.refer(ref))
	}
	if values, ok := values(m); ok {
		parts = append(parts, literals(m, values))
	} else if base := b.base(m, depth, &notes); base != nil {
		parts = append(parts, base)
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		if list, ok := m.Value(key).([]any); ok && len(list) > 0 {
			parts = append(parts, b.union(list, key == "oneOf", depth))
		}
	}
	if list, ok := m.Value("allOf").([]any); ok {
		for _, s := range list {
			parts = append(parts, b.shape(s, depth+1))
		}
	}
	if m.Value("nullable") == true {
		for i, p := range parts {
			parts[i] = &shape{kind: union, of: []*shape{p, {kind: null}}}
		}
	}
	for _, key := range m.Keys() {
		if slices.Contains(unsayable, key) {
			notes = append(notes, "says more by its "+key)
		}
	}
	return parts, notes
}

// unsayable are keywords that no shape has a word for.
var unsayable = []string{"not", "if", "unevaluatedProperties", "unevaluatedItems", "dependencies", "dependentSchemas", "$dynamicRef", "$recursiveRef", "extends", "disallow"}

func (b *shaper) union(list []any, exactlyOne bool, depth int) *shape {
	out := &shape{kind: union, oneOf: exactlyOne}
	for _, s := range list {
		out.of = append(out.of, b.shape(s, depth+1))
	}
	if len(out.of) == 1 {
		return out.of[0]
	}
	return out
}

// values are what a schema gives as const or enum.
func values(m *ordered.Map) ([]any, bool) {
	if v, ok := m.Get("const"); ok {
		return []any{v}, true
	}
	list, ok := m.Value("enum").([]any)
	return list, ok
}

// literals is the shape of values, of which those go that the type of the schema does not take.
func literals(m *ordered.Map, list []any) *shape {
	types := types(m)
	var of []*shape
	seen := map[string]bool{}
	for _, v := range list {
		key := ordered.String(v)
		if seen[key] || len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return isOf(v, t) }) {
			continue
		}
		seen[key] = true
		of = append(of, &shape{kind: literal, value: v})
	}
	switch len(of) {
	case 0:
		return &shape{kind: nothing}
	case 1:
		return of[0]
	}
	return &shape{kind: union, of: of}
}

// isOf says whether a JSON value is of a type.
func isOf(v any, typ string) bool {
	switch v := v.(type) {
	case nil:
		return typ == "null"
	case bool:
		return typ == "boolean"
	case string:
		return typ == "string"
	case float64:
		return typ == "number" || typ == "integer" && v == float64(int64(v))
	case []any:
		return typ == "array"
	}
	return typ == "object"
}

// types are the types that a schema names.
func types(m *ordered.Map) (names []string) {
	switch t := m.Value("type").(type) {
	case string:
		names = []string{t}
	case []any:
		for _, v := range t {
			if s, ok := v.(string); ok && !slices.Contains(names, s) {
				names = append(names, s)
			}
		}
	}
	return names
}

// kinds are the kinds of JSON Schema's types.
var kinds = map[string]kind{"null": null, "boolean": boolean, "number": number, "integer": integer, "string": text, "array": array, "object": object, "any": anything}

// checked are the keywords that ask something of the values of a kind. Those of a number are those of an integer, too.
var checked = map[kind][]string{
	text:   {"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"},
	number: {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
	array:  {"minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"},
	object: {"minProperties", "maxProperties", "propertyNames", "patternProperties", "dependentRequired"},
}

// base is the shape of what a schema says by its type; nil where it names none and has no keyword of one.
func (b *shaper) base(m *ordered.Map, depth int, notes *[]string) *shape {
	named := types(m)
	if len(named) == 0 {
		typ := implied(m)
		if typ == "" {
			for _, k := range []kind{text, number, array, object} {
				for _, c := range checksOf(m, k) {
					*notes = append(*notes, "asks "+c.String()+" of values of one type, and names none")
				}
			}
			return nil
		}
		named = []string{typ}
		*notes = append(*notes, "names no type; taken for "+typ)
	}
	var of []*shape
	for _, name := range named {
		k, ok := kinds[name]
		if !ok {
			*notes = append(*notes, fmt.Sprintf("names a type that there is not: %q", name))
		}
		of = append(of, b.ofKind(m, k, depth))
	}
	if len(of) == 1 {
		return of[0]
	}
	return &shape{kind: union, of: of}
}

// implied is the type of a schema that has keywords of objects or arrays; empty for others.
func implied(m *ordered.Map) string {
	for _, key := range []string{"properties", "required", "additionalProperties", "patternProperties"} {
		if m.Has(key) {
			return "object"
		}
	}
	for _, key := range []string{"items", "prefixItems"} {
		if m.Has(key) {
			return "array"
		}
	}
	return ""
}

func (b *shaper) ofKind(m *ordered.Map, k kind, depth int) *shape {
	var out *shape
	switch k {
	case array:
		out = b.array(m, depth)
	case object:
		out = b.object(m, depth)
	default:
		out = &shape{kind: k}
	}
	if k == integer {
		k = number
	}
	out.checks = checksOf(m, k)
	return out
}

// checksOf are the checks on a kind. Those that ask nothing go: an exclusive bound of draft 4 is one of today's, and
// names that have to be strings are.
func checksOf(m *ordered.Map, k kind) (list []check) {
	for _, key := range checked[k] {
		v, ok := m.Get(key)
		if !ok || v == false && key == "uniqueItems" || v == float64(0) && strings.HasPrefix(key, "min") && k != number {
			continue
		}
		switch key {
		case "minimum", "maximum":
			if m.Value("exclusive"+strings.ToUpper(key[:1])+key[1:]) == true {
				key = "exclusive" + strings.ToUpper(key[:1]) + key[1:]
			}
		case "exclusiveMinimum", "exclusiveMaximum":
			if _, isBool := v.(bool); isBool {
				continue
			}
		case "propertyNames":
			if names, ok := v.(*ordered.Map); ok && names.Len() == 1 && names.Value("type") == "string" {
				continue
			}
		}
		list = append(list, check{key, v})
	}
	return list
}

func (b *shaper) array(m *ordered.Map, depth int) *shape {
	items, ok := m.Get("items")
	first, isTuple := m.Value("prefixItems").([]any)
	if list, old := items.([]any); old && !isTuple {
		first, isTuple = list, true
		items, ok = m.Get("additionalItems")
	}
	if !ok {
		items = true
	}
	if !isTuple || len(first) > maxDepth {
		out := &shape{kind: array, rest: b.shape(items, depth+1)}
		if isTuple {
			out.rest, out.notes = &shape{}, []string{"has more elements with a schema of their own than are told apart"}
		}
		return out
	}
	out := &shape{kind: tuple}
	for _, s := range first {
		out.of = append(out.of, b.shape(s, depth+1))
	}
	if items != false {
		out.rest = b.shape(items, depth+1)
	}
	if n, ok := m.Value("minItems").(float64); ok {
		out.least = min(len(out.of), max(int(n), 0))
	}
	if n, ok := m.Value("maxItems").(float64); ok && int(n) <= len(out.of) {
		out.rest = nil
	}
	return out
}

func (b *shaper) object(m *ordered.Map, depth int) *shape {
	out := &shape{kind: object}
	required := map[string]bool{}
	list, _ := m.Value("required").([]any)
	for _, v := range list {
		if name, ok := v.(string); ok {
			required[name] = true
		}
	}
	props, _ := m.Value("properties").(*ordered.Map)
	for _, name := range props.Keys() {
		own, _ := props.Value(name).(*ordered.Map)
		out.props = append(out.props, property{name, required[name] || own.Value("required") == true, b.shape(props.Value(name), depth+1)})
	}
	more, ok := m.Get("additionalProperties")
	if !ok {
		more = true
	}
	if more != false {
		out.rest = b.shape(more, depth+1)
	}
	if patterns, ok := m.Value("patternProperties").(*ordered.Map); ok && patterns.Len() > 0 {
		out.rest = b.matching(patterns, out.rest, depth)
	}
	for _, v := range list { // those that are asked for and not described
		name, ok := v.(string)
		if !ok || props.Has(name) || slices.ContainsFunc(out.props, func(p property) bool { return p.name == name }) {
			continue
		}
		s := out.rest
		if s == nil {
			s = &shape{kind: nothing}
		}
		out.props = append(out.props, property{name, true, s})
	}
	return out
}

// matching is what further members may be where names are matched with patterns: any of the patterns' schemas, or that
// of the others.
func (b *shaper) matching(patterns *ordered.Map, others *shape, depth int) *shape {
	out := &shape{kind: union}
	for _, p := range patterns.Keys() {
		out.of = append(out.of, b.shape(patterns.Value(p), depth+1))
	}
	if others != nil {
		out.of = append(out.of, others)
	}
	if len(out.of) == 1 {
		return out.of[0]
	}
	return out
}

// refer is the shape of a reference. One out of the schema, or to what is not there, takes anything.
func (b *shaper) refer(ref string) *shape {
	pointer, ok := b.local(ref)
	if !ok {
		return &shape{notes: []string{"refers to " + strconv.Quote(ref) + ", which is not in the schema"}}
	}
	if d := b.known[pointer]; d != nil {
		return &shape{kind: reference, ref: d}
	}
	target, ok := resolve(b.root, pointer)
	if !ok {
		return &shape{notes: []string{"refers to " + strconv.Quote(ref) + ", which is not there"}}
	}
	d := &definition{name: b.idents.of(b.ident + definitionName(pointer))}
	b.known[pointer] = d
	d.shape = b.shape(target, 0)
	b.list = append(b.list, d)
	return &shape{kind: reference, ref: d}
}

// local is the JSON pointer of a reference within the schema.
func (b *shaper) local(ref string) (string, bool) {
	if root, ok := b.root.(*ordered.Map); ok {
		if id, ok := root.Value("$id").(string); ok && id != "" {
			ref = strings.TrimPrefix(ref, strings.TrimSuffix(id, "#"))
		}
	}
	switch {
	case ref == "" || ref == "#" || ref == "#/":
		return "", true
	case strings.HasPrefix(ref, "#/"):
		return ref[1:], true
	}
	return "", false
}

// definitionName is the part of an identifier for what a pointer leads to: its last words that are names.
func definitionName(pointer string) string {
	var words []string
	for i, step := range steps(pointer) {
		keyword := slices.Contains([]string{"$defs", "definitions", "properties", "items", "anyOf", "allOf", "oneOf", "additionalProperties"}, step)
		if keyword && i%2 == 0 {
			continue
		}
		words = append(words, step)
	}
	return pascal(strings.Join(words, " "), "Part")
}

// steps are the keys of a JSON pointer. See RFC 6901.
func steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	list := strings.Split(pointer[1:], "/")
	for i, s := range list {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		list[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
	}
	return list
}

// resolve goes where a JSON pointer leads.
func resolve(at any, pointer string) (any, bool) {
	for _, step := range steps(pointer) {
		switch v := at.(type) {
		case *ordered.Map:
			next, ok := v.Get(step)
			if !ok {
				return nil, false
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			at = v[i]
		default:
			return nil, false
		}
	}
	return at, true
}
