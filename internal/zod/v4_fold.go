package zod

import (
	"slices"

	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/internal/ordered"
)

// rewrite makes the changes that version 4.5 and later make to a finished
// schema: plain type unions, numeric record keys, and object intersections.
func (c *v4) rewrite() {
	if !c.d.since(5, 0) {
		return
	}
	if c.target != openAPI30 {
		for _, d := range c.order {
			compactTypeUnion(c.seen[d].body(), 0)
		}
	}
	if c.d.since(5, 3) {
		c.rewriteKeyNames()
	}
	c.foldIntersections()
}

// compactTypeUnion turns an anyOf of bare types into a list of types.
func compactTypeUnion(m *ordered.Map, depth int) {
	options, _ := m.Value("anyOf").([]any)
	if len(options) == 0 || m.Has("type") || depth > 200 {
		return
	}
	var types []any
	for _, o := range options {
		option, ok := o.(*ordered.Map)
		if !ok {
			return
		}
		compactTypeUnion(option, depth+1)
		if option.Len() != 1 || !option.Has("type") {
			return
		}
		members, ok := option.Value("type").([]any)
		if !ok {
			members = []any{option.Value("type")}
		}
		for _, t := range members {
			if _, ok := t.(string); !ok {
				return
			}
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	m.Delete("anyOf")
	if len(types) == 1 {
		m.Set("type", types[0])
		return
	}
	m.Set("type", types)
}

// ------------------------------------------------------------ record keys

// rewriteKeyNames says of numeric record keys what their text looks like.
func (c *v4) rewriteKeyNames() {
	bodies := map[*ordered.Map]*ordered.Map{}
	for _, d := range c.order {
		if s := c.seen[d]; s.def != nil && bodies[s.schema] == nil {
			bodies[s.schema] = s.def
		}
	}
	rewrites := map[*ordered.Map]*ordered.Map{}
	for _, d := range c.records {
		names, _ := c.seen[d].body().Value("propertyNames").(*ordered.Map)
		if names == nil || rewrites[names] != nil {
			continue
		}
		if to := c.keyNames(bodies, names, map[*ordered.Map]bool{}); to != names {
			rewrites[names] = to
		}
	}
	for _, d := range c.order {
		for _, carrier := range []*ordered.Map{c.seen[d].schema, c.seen[d].def} {
			names, _ := carrier.Value("propertyNames").(*ordered.Map)
			if to := rewrites[names]; to != nil {
				carrier.Set("propertyNames", to)
			}
		}
	}
}

func (c *v4) keyNames(bodies map[*ordered.Map]*ordered.Map, m *ordered.Map, visited map[*ordered.Map]bool) *ordered.Map {
	if m.Has("$ref") {
		body := bodies[m]
		if visited[m] || body == nil {
			return m
		}
		visited[m] = true
		if to := c.keyNames(bodies, body, visited); to != body {
			return to
		}
		return m
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		m = c.keyBranches(bodies, m, keyword, visited)
	}
	numericType, hasNumber := keyTypes(m)
	values := keyValues(m)
	numericValue := slices.ContainsFunc(values, func(v any) bool { _, ok := v.(float64); return ok })
	if !numericType && !numericValue {
		return m
	}
	return c.stringKeys(m, numericType, hasNumber, values != nil)
}

func (c *v4) keyBranches(bodies map[*ordered.Map]*ordered.Map, m *ordered.Map, keyword string, visited map[*ordered.Map]bool) *ordered.Map {
	branches, ok := m.Value(keyword).([]any)
	if !ok {
		return m
	}
	mapped, changed := make([]any, len(branches)), false
	for i, b := range branches {
		mapped[i] = b
		if bm, ok := b.(*ordered.Map); ok {
			to := c.keyNames(bodies, bm, visited)
			mapped[i], changed = to, changed || to != bm
		}
	}
	if !changed {
		return m
	}
	m = m.Clone()
	m.Set(keyword, mapped)
	return m
}

// keyTypes tells whether a key's type is numeric only, and whether it has "number".
func keyTypes(m *ordered.Map) (numeric, number bool) {
	types, ok := m.Value("type").([]any)
	if !ok {
		types = []any{m.Value("type")}
	}
	number = slices.Contains(types, any("number"))
	numeric = !slices.Contains(types, any("string")) && (number || slices.Contains(types, any("integer")))
	return numeric, number
}

func keyValues(m *ordered.Map) []any {
	if list, ok := m.Value("enum").([]any); ok {
		return list
	}
	if v, ok := m.Get("const"); ok {
		return []any{v}
	}
	return nil
}

func (c *v4) stringKeys(m *ordered.Map, numericType, hasNumber, hasValues bool) *ordered.Map {
	rest := m.Clone()
	for _, k := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format", "id"} {
		rest.Delete(k)
	}
	if list, ok := rest.Value("enum").([]any); ok {
		out := make([]any, len(list))
		for i, v := range list {
			out[i] = numberAsText(v)
		}
		rest.Set("enum", out)
	} else if v, ok := rest.Get("const"); ok {
		rest.Set("const", numberAsText(v))
	}
	if !numericType {
		return rest
	}
	rest.Set("type", "string")
	if !hasValues {
		forms := integerPattern
		if hasNumber {
			forms = typePatterns[KindNumber]
		}
		source, _ := c.d.pick(forms)
		rest.Set("pattern", source)
	}
	return rest
}

func numberAsText(v any) any {
	if f, ok := v.(float64); ok {
		return ecma.FormatNumber(f)
	}
	return v
}

// ------------------------------------------------------------ intersections

var foldable = []string{"type", "properties", "required", "additionalProperties"}

// foldIntersections merges the objects of an allOf into one, innermost first,
// in every schema that holds that allOf.
func (c *v4) foldIntersections() {
	carriers := map[*list][]*ordered.Map{}
	for _, d := range c.order {
		for _, m := range []*ordered.Map{c.seen[d].schema, c.seen[d].def} {
			if all, ok := m.Value("allOf").(*list); ok {
				carriers[all] = append(carriers[all], m)
			}
		}
	}
	for _, all := range c.intersections {
		for _, m := range carriers[all] {
			foldIntersection(m)
		}
	}
}

func foldIntersection(m *ordered.Map) {
	all, _ := m.Value("allOf").(*list)
	if all == nil || len(all.items) < 2 {
		return
	}
	for _, k := range foldable {
		if m.Has(k) {
			return
		}
	}
	folded := foldMembers(all.items)
	if folded == nil {
		return
	}
	m.Delete("allOf")
	m.Assign(folded)
}

// foldMembers folds objects, distributing over the first union among them.
func foldMembers(members []any) *ordered.Map {
	at, keyword := firstUnion(members)
	if at < 0 {
		return foldObjects(members, 0)
	}
	union := members[at].(*ordered.Map)
	if union.Len() != 1 {
		return nil
	}
	rest := slices.Delete(slices.Clone(members), at, at+1)
	var branches []any
	for _, b := range union.Value(keyword).([]any) {
		folded := foldObjects(append(slices.Clone(rest), b), 0)
		if folded == nil {
			return nil
		}
		branches = append(branches, folded)
	}
	return ordered.New(keyword, branches)
}

func firstUnion(members []any) (int, string) {
	for i, m := range members {
		for _, k := range []string{"oneOf", "anyOf"} {
			if mm, ok := m.(*ordered.Map); ok {
				if _, ok := mm.Value(k).([]any); ok {
					return i, k
				}
			}
		}
	}
	return -1, ""
}

// foldObjects combines object schemas, or returns nil when one has a keyword
// that doesn't fold.
func foldObjects(members []any, depth int) *ordered.Map {
	var objects []*ordered.Map
	for _, m := range members {
		o, ok := m.(*ordered.Map)
		if !ok || o.Value("type") != any("object") || depth > 200 {
			return nil
		}
		for _, k := range o.Keys() {
			if !slices.Contains(foldable, k) {
				return nil
			}
		}
		objects = append(objects, o)
	}
	properties, required := &ordered.Map{}, []any{}
	for _, o := range objects {
		own, _ := o.Value("properties").(*ordered.Map)
		for _, k := range own.Keys() {
			if !properties.Has(k) {
				properties.Set(k, foldProperty(objects, k, depth))
			}
		}
		names, _ := o.Value("required").([]any)
		for _, n := range names {
			if !slices.Contains(required, n) {
				required = append(required, n)
			}
		}
	}
	folded := ordered.New("type", "object", "properties", properties)
	if len(required) > 0 {
		folded.Set("required", required)
	}
	foldAdditional(objects, folded)
	return folded
}

// foldProperty combines what every object says of one key.
func foldProperty(objects []*ordered.Map, key string, depth int) any {
	var parts []any
	for _, o := range objects {
		own, _ := o.Value("properties").(*ordered.Map)
		part := own.Value(key)
		if part == nil {
			part = undeclared(o)
		}
		if part != nil && !containsText(parts, part) {
			parts = append(parts, part)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	if folded := foldObjects(parts, depth+1); folded != nil {
		return folded
	}
	return ordered.New("allOf", parts)
}

// undeclared is what an object says of keys it doesn't declare, or nil.
func undeclared(o *ordered.Map) any {
	if extra, ok := o.Value("additionalProperties").(*ordered.Map); ok && extra.Len() > 0 {
		return extra
	}
	return nil
}

func containsText(list []any, v any) bool {
	return slices.ContainsFunc(list, func(x any) bool { return sameText(x, v) })
}

func foldAdditional(objects []*ordered.Map, folded *ordered.Map) {
	closed := true
	var parts []any
	for _, o := range objects {
		if o.Value("additionalProperties") != any(false) {
			closed = false
		}
		if extra := undeclared(o); extra != nil && !containsText(parts, extra) {
			parts = append(parts, extra)
		}
	}
	switch {
	case closed:
		folded.Set("additionalProperties", false)
	case len(parts) == 1:
		folded.Set("additionalProperties", parts[0])
	case len(parts) > 1:
		folded.Set("additionalProperties", ordered.New("allOf", parts))
	}
}
