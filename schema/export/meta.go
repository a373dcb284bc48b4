package export

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/ordered"
)

// What a schema of 2020-12 has to be like. The libraries that know it compile the schemas of all drafts whenever a program
// starts that has them in it, whatever the program then does. A test compares this with one of them.

// invalid is the place at which a value is no JSON Schema of 2020-12: a JSON pointer, the first by the alphabet. ok is
// false where it is one.
func invalid(s any) (pointer string, ok bool) {
	var c metaChecker
	c.schema(s, nil)
	if len(c.places) == 0 {
		return "", false
	}
	return slices.Min(c.places), true
}

// metaChecker collects the places that are wrong.
type metaChecker struct{ places []string }

func (c *metaChecker) want(ok bool, at []string) {
	if !ok {
		c.places = append(c.places, "/"+strings.Join(at, "/"))
	}
}

// below is the place of a member or element. The path that it leads on from is not changed.
func below(at []string, step string) []string { return append(at[:len(at):len(at)], step) }

func (c *metaChecker) schema(v any, at []string) {
	s, isMap := v.(*ordered.Map)
	if !isMap {
		_, isBool := v.(bool)
		c.want(isBool, at)
		return
	}
	for _, key := range s.Keys() {
		c.keyword(key, s.Value(key), below(at, key))
	}
}

var (
	idPattern     = lazyregexp.New(`^[^#]*#?$`)
	anchorPattern = lazyregexp.New(`^[A-Za-z_][-A-Za-z0-9._]*$`)
	simpleTypes   = []any{"array", "boolean", "integer", "null", "number", "object", "string"}
)

// keyword checks what stands behind a keyword; behind one that 2020-12 does not know anything may.
func (c *metaChecker) keyword(key string, v any, at []string) {
	list, isList := v.([]any)
	number, isNumber := v.(float64)
	text, isText := v.(string)
	switch key {
	case "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties", "contentSchema":
		c.schema(v, at)
	case "allOf", "anyOf", "oneOf", "prefixItems":
		c.want(isList && len(list) > 0, at)
		c.each(list, at, c.schema)
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
		c.members(v, at, c.schema)
	case "dependentRequired":
		c.members(v, at, c.names)
	case "dependencies":
		c.members(v, at, func(v any, at []string) {
			if _, isList := v.([]any); isList {
				c.names(v, at)
			} else {
				c.schema(v, at)
			}
		})
	case "$vocabulary":
		c.members(v, at, c.flag)
	case "type":
		if isList {
			c.want(len(list) > 0 && distinct(list) && !slices.ContainsFunc(list, func(v any) bool { return !slices.Contains(simpleTypes, v) }), at)
		} else {
			c.want(isText && slices.Contains(simpleTypes, v), at)
		}
	case "enum", "examples":
		c.want(isList, at)
	case "required":
		c.names(v, at)
	case "multipleOf":
		c.want(isNumber && number > 0, at)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		c.want(isNumber, at)
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		c.want(isNumber && number >= 0 && number == float64(int64(number)), at)
	case "uniqueItems", "deprecated", "readOnly", "writeOnly":
		c.flag(v, at)
	case "$id":
		c.want(isText && idPattern.Get().MatchString(text), at)
	case "$anchor", "$dynamicAnchor", "$recursiveAnchor":
		c.want(isText && anchorPattern.Get().MatchString(text), at)
	case "$schema", "$ref", "$dynamicRef", "$recursiveRef", "$comment", "title", "description", "pattern", "format", "contentEncoding", "contentMediaType":
		c.want(isText, at)
	}
}

func (c *metaChecker) flag(v any, at []string) {
	_, ok := v.(bool)
	c.want(ok, at)
}

// names checks a list of different texts.
func (c *metaChecker) names(v any, at []string) {
	list, ok := v.([]any)
	c.want(ok && distinct(list), at)
	c.each(list, at, func(v any, at []string) {
		_, ok := v.(string)
		c.want(ok, at)
	})
}

func (c *metaChecker) each(list []any, at []string, check func(any, []string)) {
	for i, v := range list {
		check(v, below(at, strconv.Itoa(i)))
	}
}

func (c *metaChecker) members(v any, at []string, check func(any, []string)) {
	s, ok := v.(*ordered.Map)
	c.want(ok, at)
	for _, key := range s.Keys() {
		check(s.Value(key), below(at, key))
	}
}

func distinct(list []any) bool {
	for i, v := range list {
		if slices.ContainsFunc(list[:i], func(other any) bool { return reflect.DeepEqual(v, other) }) {
			return false
		}
	}
	return true
}
