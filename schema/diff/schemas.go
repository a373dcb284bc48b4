package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// SchemaChange is one difference of two schemas.
type SchemaChange struct {
	// Of is "" for the default input schema, "output", or the condition of a variant.
	Of string `json:"of,omitempty"`
	// Path is where: a property such as options[].label; empty for the schema itself.
	Path string `json:"path"`
	// Kind names the change in kebab-case; it is stable.
	Kind string `json:"kind"`
	// From and To are JSON; empty where there is nothing on that side.
	From string `json:"from"`
	To   string `json:"to"`
	// Rule is the change in the terms of oasdiff, the usual checker for OpenAPI; empty where it has no rule for it.
	Rule string `json:"rule,omitempty"`
	// Breaking says that what was right before may be wrong now: for an input a call, for an output what a reader
	// of it relies on.
	Breaking bool `json:"breaking"`
}

// effect is what a change does to the values that a schema takes.
type effect int

const (
	neither effect = iota
	narrows
	widens
	breaks // either way
)

// schemaComparison walks two schemas side by side.
type schemaComparison struct {
	of           string
	output       bool
	rootA, rootB any
	seen         map[string]bool // pairs of references that are being followed
	changes      []SchemaChange
}

// Kinds of changes of a schema: those that only one side has, and one of its properties.
const (
	schemaKnown   = "schema-known"
	schemaUnknown = "schema-unknown"

	propertyRemoved = "property-removed"
)

// compareSchemas says what changed. A schema that is not known can't be compared, and that is said.
func compareSchemas(of string, a, b []byte, output bool) []SchemaChange {
	if bytes.Equal(a, b) {
		return nil
	}
	x, y := parsed(a), parsed(b)
	c := &schemaComparison{of: of, output: output, rootA: x, rootB: y, seen: map[string]bool{}}
	switch {
	case x == nil && y == nil:
	case x == nil:
		c.add("", schemaKnown, neither, nil, nil)
	case y == nil:
		c.add("", schemaUnknown, neither, nil, nil)
	default:
		c.compare("", x, y, 0)
	}
	return c.changes
}

func parsed(raw []byte) any {
	v, err := ordered.Parse(raw)
	if err != nil {
		return nil
	}
	return v
}

// compact is a JSON value without white space; null where there is none.
func compact(raw []byte) string { return text(parsed(raw)) }

// packed is JSON as it is written but without white space; "" where there is none.
func packed(raw []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return ""
	}
	return b.String()
}

func text(v any) string {
	out, err := ordered.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(out)
}

func (c *schemaComparison) add(path, kind string, e effect, from, to any) {
	change := SchemaChange{Of: c.of, Path: path, Kind: kind, Breaking: e == breaks || e == narrows && !c.output || e == widens && c.output}
	if from != nil {
		change.From = text(from)
	}
	if to != nil {
		change.To = text(to)
	}
	change.Rule = change.rule()
	c.changes = append(c.changes, change)
}

// maxSchemaDepth bounds how deep schemas are followed; one may refer to itself.
const maxSchemaDepth = 40

func (c *schemaComparison) compare(path string, a, b any, depth int) {
	if ordered.Equal(a, b) && text(c.rootDefs(c.rootA)) == text(c.rootDefs(c.rootB)) || depth > maxSchemaDepth {
		return
	}
	x, okA := a.(*ordered.Map)
	y, okB := b.(*ordered.Map)
	if !okA || !okB {
		c.bool(path, a, b)
		return
	}
	if x.Has("$ref") || y.Has("$ref") {
		key := text(x.Value("$ref")) + text(y.Value("$ref"))
		if c.seen[key] {
			return
		}
		c.seen[key] = true
		defer delete(c.seen, key)
		x, y = follow(x, c.rootA), follow(y, c.rootB)
	}
	c.types(path, x, y)
	c.values(path, x, y)
	c.limits(path, x, y)
	c.properties(path, x, y, depth)
	c.below(path, x, y, depth)
	c.others(path, x, y)
}

func (c *schemaComparison) rootDefs(root any) any {
	m, _ := root.(*ordered.Map)
	return ordered.New("a", m.Value("$defs"), "b", m.Value("definitions"))
}

// bool compares schemas of which one is true or false, or no schema at all.
func (c *schemaComparison) bool(path string, a, b any) {
	e := breaks
	if x, ok := a.(bool); ok && !x || b == any(true) {
		e = widens
	} else if ok && x || b == any(false) {
		e = narrows
	}
	c.add(path, "schema-changed", e, a, b)
}

// follow goes where a reference into the same schema leads.
func follow(m *ordered.Map, root any) *ordered.Map {
	for range 8 {
		ref, ok := m.Value("$ref").(string)
		if !ok || !strings.HasPrefix(ref, "#") {
			return m
		}
		at := root
		for _, key := range strings.Split(strings.TrimPrefix(ref, "#"), "/")[min(1, strings.Count(ref, "/")):] {
			o, _ := at.(*ordered.Map)
			at = o.Value(strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
		}
		target, ok := at.(*ordered.Map)
		if !ok {
			return m
		}
		m = target
	}
	return m
}

// types compares the type keyword.
func (c *schemaComparison) types(path string, a, b *ordered.Map) {
	from, to := typesOf(a), typesOf(b)
	if slices.Equal(from, to) {
		return
	}
	e := neither
	switch {
	case len(from) == 0 || len(to) > 0 && covers(to, from) && !covers(from, to):
		e = widens
		if len(from) == 0 {
			e = narrows
		}
	case len(to) == 0:
		e = widens
	case covers(from, to):
		e = narrows
	default:
		e = breaks
	}
	c.add(path, "type-changed", e, a.Value("type"), b.Value("type"))
}

func typesOf(m *ordered.Map) []string {
	switch t := m.Value("type").(type) {
	case string:
		return []string{t}
	case []any:
		var out []string
		for _, x := range t {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		slices.Sort(out)
		return out
	}
	return nil
}

// covers says whether every value of the types part has a type of all.
func covers(all, part []string) bool {
	for _, t := range part {
		if !slices.Contains(all, t) && !(t == "integer" && slices.Contains(all, "number")) {
			return false
		}
	}
	return true
}

// values compares enum and const, which is an enum of one.
func (c *schemaComparison) values(path string, a, b *ordered.Map) {
	from, to := valuesOf(a), valuesOf(b)
	switch {
	case from == nil && to == nil:
	case from == nil:
		c.add(path, "enum-added", narrows, nil, to)
	case to == nil:
		c.add(path, "enum-removed", widens, from, nil)
	default:
		if gone := without(from, to); len(gone) > 0 {
			c.add(path, "enum-narrowed", narrows, gone, nil)
		}
		if more := without(to, from); len(more) > 0 {
			c.add(path, "enum-widened", widens, nil, more)
		}
	}
}

func valuesOf(m *ordered.Map) []any {
	if v, ok := m.Get("const"); ok {
		return []any{v}
	}
	list, _ := m.Value("enum").([]any)
	return list
}

func without(list, drop []any) []any {
	var out []any
	for _, v := range list {
		if !slices.ContainsFunc(drop, func(d any) bool { return ordered.Equal(v, d) }) {
			out = append(out, v)
		}
	}
	return out
}

// limit is a bound.
type limit struct {
	key    string
	larger effect // what a larger number does
}

var limits = []limit{
	{"minimum", narrows}, {"exclusiveMinimum", narrows}, {"minLength", narrows}, {"minItems", narrows}, {"minProperties", narrows},
	{"maximum", widens}, {"exclusiveMaximum", widens}, {"maxLength", widens}, {"maxItems", widens}, {"maxProperties", widens},
}

func (c *schemaComparison) limits(path string, a, b *ordered.Map) {
	for _, l := range limits {
		from, hadOne := a.Get(l.key)
		to, hasOne := b.Get(l.key)
		if ordered.Equal(from, to) {
			continue
		}
		e := breaks
		x, okX := from.(float64)
		y, okY := to.(float64)
		switch {
		case !hadOne:
			e = narrows
		case !hasOne:
			e = widens
		case okX && okY && y > x:
			e = l.larger
		case okX && okY:
			e = map[effect]effect{narrows: widens, widens: narrows}[l.larger]
		}
		c.add(path, "limit-changed", e, bound(l.key, from, hadOne), bound(l.key, to, hasOne))
	}
	for _, key := range []string{"pattern", "format", "multipleOf", "uniqueItems"} {
		from, hadOne := a.Get(key)
		to, hasOne := b.Get(key)
		if ordered.Equal(from, to) {
			continue
		}
		e := breaks
		if !hadOne {
			e = narrows
		} else if !hasOne {
			e = widens
		}
		c.add(path, key+"-changed", e, bound(key, from, hadOne), bound(key, to, hasOne))
	}
}

func bound(key string, v any, there bool) any {
	if !there {
		return nil
	}
	return ordered.New(key, v)
}

// join is the path of a property.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// properties compares what an object has, and what it has to have.
func (c *schemaComparison) properties(path string, a, b *ordered.Map, depth int) {
	from, _ := a.Value("properties").(*ordered.Map)
	to, _ := b.Value("properties").(*ordered.Map)
	requiredA, requiredB := required(a), required(b)
	for _, name := range from.Keys() {
		at := join(path, name)
		if !to.Has(name) {
			c.add(at, propertyRemoved, breaks, from.Value(name), nil)
			continue
		}
		switch was, is := slices.Contains(requiredA, name), slices.Contains(requiredB, name); {
		case !was && is:
			c.add(at, "property-required", narrows, nil, nil)
		case was && !is:
			c.add(at, "property-optional", widens, nil, nil)
		}
		c.compare(at, from.Value(name), to.Value(name), depth+1)
	}
	for _, name := range to.Keys() {
		if from.Has(name) {
			continue
		}
		if slices.Contains(requiredB, name) {
			c.add(join(path, name), "required-property-added", narrows, nil, to.Value(name))
		} else {
			c.add(join(path, name), "property-added", neither, nil, to.Value(name))
		}
	}
}

func required(m *ordered.Map) []string {
	var out []string
	list, _ := m.Value("required").([]any)
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// below compares the schemas inside a schema other than its properties.
func (c *schemaComparison) below(path string, a, b *ordered.Map, depth int) {
	for _, k := range []struct{ key, at string }{{"items", "[]"}, {"additionalProperties", ".*"}, {"propertyNames", ".<name>"}} {
		from, hadOne := a.Get(k.key)
		to, hasOne := b.Get(k.key)
		switch {
		case !hadOne && !hasOne:
		case k.key == "additionalProperties":
			c.additional(path, orTrue(from, hadOne), orTrue(to, hasOne), depth)
		case !hadOne:
			c.add(path+k.at, k.key+"-added", narrows, nil, to)
		case !hasOne:
			c.add(path+k.at, k.key+"-removed", widens, from, nil)
		default:
			c.compare(path+k.at, from, to, depth+1)
		}
	}
	for _, key := range []string{"anyOf", "oneOf", "allOf", "prefixItems"} {
		from, _ := a.Value(key).([]any)
		to, _ := b.Value(key).([]any)
		c.branches(path, key, from, to, depth)
	}
}

func orTrue(v any, there bool) any {
	if !there {
		return true
	}
	return v
}

// additional compares what else an object may have. An empty schema takes anything.
func (c *schemaComparison) additional(path string, from, to any, depth int) {
	open := func(v any) bool {
		m, ok := v.(*ordered.Map)
		return v == any(true) || ok && m.Len() == 0
	}
	switch {
	case open(from) && open(to) || ordered.Equal(from, to):
	case open(to) || from == any(false):
		c.add(path, "object-opened", widens, from, to)
	case open(from) || to == any(false):
		c.add(path, "object-closed", narrows, from, to)
	default:
		c.compare(path+".*", from, to, depth+1)
	}
}

// branches compares lists of schemas. Those that are on both sides drop out; one for one is a change, the rest came
// or went.
func (c *schemaComparison) branches(path, key string, from, to []any, depth int) {
	if key != "prefixItems" {
		from, to = without(from, to), without(to, from)
	}
	both := min(len(from), len(to))
	for i := range both {
		c.compare(fmt.Sprintf("%s(%s %d)", path, key, i+1), from[i], to[i], depth+1)
	}
	fewer, more := narrows, widens
	if key == "allOf" || key == "prefixItems" {
		fewer, more = widens, narrows
	}
	for _, v := range from[both:] {
		c.add(path, key+"-branch-removed", fewer, v, nil)
	}
	for _, v := range to[both:] {
		c.add(path, key+"-branch-added", more, nil, v)
	}
}

// compared are the keywords that the functions above look at, and not are those that say nothing about values.
var (
	compared = []string{"type", "enum", "const", "properties", "required", "items", "additionalProperties", "propertyNames", "anyOf", "oneOf",
		"allOf", "prefixItems", "pattern", "format", "multipleOf", "uniqueItems", "$ref", "$defs", "definitions"}
	notes = []string{"description", "title", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly", "$schema", "$id"}
)

// others compares the remaining keywords as they are.
func (c *schemaComparison) others(path string, a, b *ordered.Map) {
	keys := a.Keys()
	for _, k := range b.Keys() {
		if !a.Has(k) {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		isLimit := slices.ContainsFunc(limits, func(l limit) bool { return l.key == k })
		from, hadOne := a.Get(k)
		to, hasOne := b.Get(k)
		if slices.Contains(compared, k) || isLimit || hadOne == hasOne && ordered.Equal(from, to) {
			continue
		}
		e, kind := breaks, "keyword-changed"
		if slices.Contains(notes, k) {
			e = neither
		}
		if slices.Contains([]string{"description", "default", "title"}, k) {
			c.add(path, k+"-changed", e, from, to)
			continue
		}
		c.add(path, kind, e, bound(k, from, hadOne), bound(k, to, hasOne))
	}
}
