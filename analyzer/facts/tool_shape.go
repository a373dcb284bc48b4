package facts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

// Members by which definitions of schemas say what they are, whichever library made them: those of zod, Valibot, ArkType,
// TypeBox, Effect and others that grew out of these.
var (
	innerMembers    = []string{"def", "_def", "ast", "~standard"}
	kindMembers     = []string{"type", "kind", "typeName", "_tag", "_type"}
	shapeMembers    = []string{"shape", "properties", "entries", "fields", "given", "props"}
	elementMembers  = []string{"element", "item", "items", "innerType", "inner", "wrapped", "schema", "type"}
	wordsMembers    = []string{"entries", "values", "options", "enum"}
	metadataMembers = []string{"metadata", "meta", "annotations", "config"}
)

// plainKinds are the kinds that JSON Schema has a type for.
var plainKinds = map[string]string{
	"string": "string", "str": "string", "text": "string", "number": "number", "num": "number", "float": "number",
	"integer": "integer", "int": "integer", "boolean": "boolean", "bool": "boolean", "null": "null",
}

// maxShapeDepth bounds how deep a definition is read.
const maxShapeDepth = 12

// shaped is a schema read from what its definition says of itself, as far as that goes. What the program's converter
// makes of it may say more: it is never complete.
func (f *finder) shaped(d *definition, why string) (form, bool) {
	s := &shapeReader{finder: f}
	m, _ := s.read(d.schema, 0)
	if properties := m.Value("properties"); properties == nil {
		return form{}, false
	}
	r := converted{schema: m, dialect: "json-schema", losses: []schema.Loss{{
		Construct: "schema", Kind: "unknown", Why: "read from the definition's own members, as its conversion could not be evaluated: " + cmp.Or(why, "nothing is seen to convert it"),
	}}}
	return form{nil, r.text(), r}, true
}

type shapeReader struct {
	*finder
	open []*eval.Object
}

// read is a definition as JSON Schema; optional says that it need not be given.
func (s *shapeReader) read(v eval.Value, depth int) (m *ordered.Map, optional bool) {
	m = ordered.New()
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || depth > maxShapeDepth || slices.Contains(s.open, o) {
		return m, false
	}
	s.open = append(s.open, o)
	defer func() { s.open = s.open[:len(s.open)-1] }()
	at := s.levels(o)
	kind := strings.ToLower(strings.TrimPrefix(s.word(at, kindMembers), "Zod"))
	switch {
	case kind == "optional" || kind == "maybe" || kind == "default" || kind == "exactoptional" || kind == "prefault":
		m, _ = s.read(s.first(at, elementMembers), depth+1)
		optional = true
	case kind == "nullable" || kind == "nullish" || kind == "readonly" || kind == "pipe" || kind == "effects" || kind == "branded" || kind == "lazy":
		m, optional = s.read(s.first(at, elementMembers), depth+1)
		optional = optional || kind == "nullish"
	case kind == "array" || kind == "list":
		m.Set("type", "array")
		element, _ := s.read(s.first(at, elementMembers), depth+1)
		m.Set("items", element)
	case kind == "enum" || kind == "picklist":
		m.Set("type", "string")
		if words := s.words(at); len(words) > 0 {
			m.Set("enum", words)
		}
	case plainKinds[kind] != "":
		m.Set("type", plainKinds[kind])
	default:
		s.object(m, at, depth)
	}
	if text := s.description(at); text != "" {
		m.Set("description", text)
	}
	return m, optional
}

// object reads the members of an object's definition, where it has any.
func (s *shapeReader) object(m *ordered.Map, at []*eval.Object, depth int) {
	shape, ok := s.first(at, shapeMembers).(*eval.Object)
	if !ok || shape.Kind != eval.KindObject {
		return
	}
	properties, required := ordered.New(), []any{}
	for _, name := range shape.Keys() {
		child, optional := s.read(s.member(shape, name), depth+1)
		properties.Set(name, child)
		if !optional {
			required = append(required, name)
		}
	}
	m.Set("type", "object")
	m.Set("properties", properties)
	if len(required) > 0 {
		m.Set("required", required)
	}
}

// levels are the objects that a definition keeps what it says of itself in: the definition and what is inside.
func (s *shapeReader) levels(o *eval.Object) []*eval.Object {
	at := []*eval.Object{o}
	for _, key := range innerMembers {
		if inner, ok := s.picked(o, key).(*eval.Object); ok && inner.Kind == eval.KindObject {
			at = append(at, inner)
		}
	}
	return at
}

// picked is a member in the default world; what a function without parameters returns where it is one.
func (s *shapeReader) picked(o *eval.Object, key string) eval.Value {
	v := (eval.World{}).Pick(s.member(o, key))
	if eval.IsFunction(v) {
		v = (eval.World{}).Pick(s.Machine.RunWithin(maxDefinitionSteps, func() eval.Value { return s.Machine.Call(v, o, nil) }))
	}
	return v
}

// first is the first member of those names that is an object.
func (s *shapeReader) first(at []*eval.Object, names []string) eval.Value {
	for _, o := range at {
		for _, name := range names {
			if inner, ok := s.picked(o, name).(*eval.Object); ok {
				return inner
			}
		}
	}
	return eval.Undefined
}

// word is the first member of those names that is a text.
func (s *shapeReader) word(at []*eval.Object, names []string) string {
	for _, o := range at {
		for _, name := range names {
			if text, ok := s.picked(o, name).(eval.String); ok && text != "" {
				return string(text)
			}
		}
	}
	return ""
}

// words are the texts that an enumeration allows.
func (s *shapeReader) words(at []*eval.Object) (list []any) {
	o, ok := s.first(at, wordsMembers).(*eval.Object)
	if !ok {
		return nil
	}
	if o.Kind != eval.KindArray && o.Kind != eval.KindSet {
		for _, key := range o.Keys() {
			if text, ok := s.picked(o, key).(eval.String); ok {
				list = append(list, string(text))
			}
		}
		return list
	}
	for _, word := range s.strings(o) {
		list = append(list, word)
	}
	return list
}

// description is what a definition says of itself, or its metadata do.
func (s *shapeReader) description(at []*eval.Object) string {
	if text := s.word(at, []string{"description"}); text != "" {
		return text
	}
	var metadata []*eval.Object
	for _, o := range at {
		for _, name := range metadataMembers {
			if inner, ok := s.picked(o, name).(*eval.Object); ok {
				metadata = append(metadata, inner)
			}
		}
	}
	return s.word(metadata, []string{"description"})
}
