package trace

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// Parameter is one place in a tool's input.
type Parameter struct {
	// Path names it: "a.b" is a member, "a[]" an item, "a[0]" the first item where each has its own form, "a.*" any
	// member that has no name of its own, and "a|2" the second of several forms that a value may take.
	Path     string `json:"path"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	// Description is verbatim.
	Description string `json:"description"`
	// Allowed are the values of an enum or const, as JSON; Default too, empty where there is none.
	Allowed []string `json:"allowed"`
	Default string   `json:"default"`
	// Range is what limits numbers, lengths and counts, such as "1 to 10" or "more than 0".
	Range  string `json:"range"`
	Format string `json:"format"`
}

// Parameters lists every place in a JSON Schema, in the order of the schema.
func Parameters(schema json.RawMessage) ([]Parameter, error) {
	v, err := ordered.Parse(schema)
	if err != nil {
		return nil, err
	}
	w := &walker{root: v}
	if m := w.resolved(v); m != nil {
		w.inside("", m)
	}
	return w.out, nil
}

type walker struct {
	root any
	out  []Parameter
	open []*ordered.Map // schemas on the way here: a schema may contain itself
}

// maxParameters bounds a schema whose parts refer to each other.
const maxParameters = 10_000

// resolved follows references inside the document.
func (w *walker) resolved(v any) *ordered.Map {
	for range 20 {
		m, ok := v.(*ordered.Map)
		if !ok {
			return nil
		}
		ref, ok := m.Value("$ref").(string)
		if !ok {
			return m
		}
		target, found := pointer(w.root, strings.TrimPrefix(ref, "#"))
		if !found {
			return m
		}
		if t, isMap := target.(*ordered.Map); isMap && m.Len() > 1 { // words beside a reference count
			both := t.Clone()
			both.Assign(m)
			both.Delete("$ref")
			target = both
		}
		v = target
	}
	return nil
}

// pointer follows a JSON pointer.
func pointer(v any, path string) (any, bool) {
	if path == "" {
		return v, true
	}
	for _, step := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch at := v.(type) {
		case *ordered.Map:
			if !at.Has(step) {
				return nil, false
			}
			v = at.Value(step)
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// add lists one place and what lies below it.
func (w *walker) add(path string, schema any, required bool) {
	m := w.resolved(schema)
	if m == nil {
		if b, isBool := schema.(bool); isBool && !b {
			return // nothing may stand there
		}
		m = ordered.New()
	}
	if len(w.out) >= maxParameters {
		return
	}
	w.out = append(w.out, Parameter{Path: path, Type: typeOf(m), Required: required, Description: text(m, "description"),
		Allowed: allowed(m), Default: jsonOf(m, "default"), Range: rangeOf(m), Format: formatOf(m)})
	w.inside(path, m)
}

// inside lists what lies below a place.
func (w *walker) inside(path string, m *ordered.Map) {
	if slices.Contains(w.open, m) || len(w.open) > 60 {
		return
	}
	w.open = append(w.open, m)
	defer func() { w.open = w.open[:len(w.open)-1] }()
	w.members(path, m)
	w.items(path, m)
	for _, key := range []string{"anyOf", "oneOf"} {
		forms, _ := m.Value(key).([]any)
		for i, form := range forms {
			// A form that is nothing but a type is told in the type already.
			if f := w.resolved(form); f != nil && deep(f) {
				w.add(path+"|"+strconv.Itoa(i+1), form, false)
			}
		}
	}
	parts, _ := m.Value("allOf").([]any)
	for _, part := range parts {
		if p := w.resolved(part); p != nil {
			w.inside(path, p)
		}
	}
}

// members lists the named and the free members of an object.
func (w *walker) members(path string, m *ordered.Map) {
	required := map[string]bool{}
	names, _ := m.Value("required").([]any)
	for _, n := range names {
		if name, ok := n.(string); ok {
			required[name] = true
		}
	}
	if props, ok := m.Value("properties").(*ordered.Map); ok {
		for _, name := range props.Keys() {
			w.add(join(path, member(name)), props.Value(name), required[name])
		}
	}
	if patterns, ok := m.Value("patternProperties").(*ordered.Map); ok {
		for _, p := range patterns.Keys() {
			w.add(join(path, "/"+p+"/"), patterns.Value(p), false)
		}
	}
	if free, ok := m.Value("additionalProperties").(*ordered.Map); ok && free.Len() > 0 {
		w.add(join(path, "*"), free, false)
	}
}

// items lists the items of an array.
func (w *walker) items(path string, m *ordered.Map) {
	tuple, _ := m.Value("prefixItems").([]any)
	switch items := m.Value("items").(type) {
	case *ordered.Map:
		w.below(path+"[]", items)
	case []any: // how tuples were written before 2020-12
		tuple = items
	}
	for i, item := range tuple {
		w.add(path+"["+strconv.Itoa(i)+"]", item, false)
	}
}

// below lists an item where it says more than its type, and else only what lies below it: the array's own line
// names the type of its items.
func (w *walker) below(path string, schema *ordered.Map) {
	m := w.resolved(schema)
	if m != nil && text(m, "description") == "" && allowed(m) == nil && rangeOf(m) == "" && formatOf(m) == "" {
		w.inside(path, m)
		return
	}
	w.add(path, schema, false)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// member is a name as it stands in a path: one with a separator in it is quoted.
func member(name string) string {
	if name == "" || strings.ContainsAny(name, ".[]|*\" ") {
		return strconv.Quote(name)
	}
	return name
}

// deep says whether a form holds more than a type.
func deep(m *ordered.Map) bool {
	for _, key := range []string{"properties", "items", "prefixItems", "anyOf", "oneOf", "allOf", "description", "additionalProperties"} {
		if m.Has(key) {
			return true
		}
	}
	return false
}
