package zod

import (
	"slices"
	"strconv"

	"github.com/bundlens/bundlens/internal/ordered"
)

// primitivesV3 are the kinds that a list of types can say.
var primitivesV3 = map[Kind]string{
	KindString:  "string",
	KindNumber:  "number",
	KindBigInt:  "integer",
	KindBoolean: "boolean",
	KindNull:    "null",
}

func (c *v3) parseUnion(d *Def, w where) *ordered.Map {
	if d.OptionsWhy != "" {
		c.lose(c.relative(w), "union", d.OptionsWhy, LossUnknown)
		return &ordered.Map{}
	}
	if c.target != openAPI3 {
		for _, form := range []func([]*Def) *ordered.Map{typeUnion, literalUnion, c.enumUnion} {
			if m := form(defs(d.Options)); m != nil {
				return m
			}
		}
	}
	anyOf := []any{}
	for i, o := range d.Options {
		m := c.parse(o.Def(), w.at("anyOf", strconv.Itoa(i)), false)
		if m != nil && !(c.opts.StrictUnions && m.Len() == 0) {
			anyOf = append(anyOf, m)
		}
	}
	if len(anyOf) == 0 {
		return nil
	}
	return ordered.New("anyOf", anyOf)
}

func defs(list []*Ref) []*Def {
	out := make([]*Def, 0, len(list))
	for _, r := range list {
		out = append(out, r.Def())
	}
	return out
}

// typeUnion is a union of bare primitives, as one list of types.
func typeUnion(options []*Def) *ordered.Map {
	var types []any
	for _, o := range options {
		t, ok := primitivesV3[o.Kind]
		if !ok || len(o.Checks) > 0 {
			return nil
		}
		types = addNew(types, t)
	}
	return ordered.New("type", oneOrAll(types))
}

func addNew(list []any, v any) []any {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

func oneOrAll(list []any) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// literalUnion is a union of literals without descriptions, as one enum.
func literalUnion(options []*Def) *ordered.Map {
	var types, values []any
	for _, o := range options {
		if o.Kind != KindLiteral || o.Description.Str != "" || o.Description.Kind == ArgUnknown {
			return nil
		}
		v := o.literalValue()
		t := v.typeof()
		switch v.Kind {
		case ArgString, ArgNumber, ArgBool:
		case ArgBigInt:
			t = "integer"
		case ArgNull:
			t = "null"
		default:
			return nil
		}
		types = addNew(types, t)
		values = addNew(values, literalJSON(v))
	}
	return ordered.New("type", oneOrAll(types), "enum", values)
}

func literalJSON(a Arg) any {
	if n, ok := a.number(); ok && a.Kind == ArgBigInt {
		return n
	}
	v, _, _ := a.json()
	return v
}

func (c *v3) enumUnion(options []*Def) *ordered.Map {
	var values []any
	for _, o := range options {
		if o.Kind != KindEnum {
			return nil
		}
		for _, v := range c.enumValues(o, where{}) {
			values = addNew(values, v)
		}
	}
	return ordered.New("type", "string", "enum", values)
}

func (c *v3) enumValues(d *Def, w where) []any {
	list := []any{}
	for _, a := range d.Values {
		v, _, why := a.json()
		if why != "" {
			c.lose(c.relative(w), "enum", why, LossUnknown)
			continue
		}
		list = append(list, v)
	}
	return list
}

func (c *v3) parseEnum(d *Def, w where) *ordered.Map {
	for _, a := range d.Values {
		if a.Kind == ArgUnknown {
			c.lose(c.relative(w), "enum", a.unknownWhy(), LossUnknown)
			return &ordered.Map{}
		}
	}
	return ordered.New("type", "string", "enum", c.enumValues(d, w))
}

func (c *v3) parseNativeEnum(d *Def, w where) *ordered.Map {
	if d.EntriesWhy != "" {
		c.lose(c.relative(w), "enum", d.EntriesWhy, LossUnknown)
		return &ordered.Map{}
	}
	byKey := map[string]Arg{}
	for _, e := range d.Entries {
		byKey[e.Key] = e.Value
	}
	var types []string
	values := []any{}
	for _, e := range d.Entries {
		if byKey[e.Value.text()].Kind == ArgNumber {
			continue // the reverse mapping of a numeric enum
		}
		v, _, why := e.Value.json()
		if why != "" {
			c.lose(c.relative(w), "enum", why, LossUnknown)
			return &ordered.Map{}
		}
		values = append(values, v)
		if t := e.Value.typeof(); !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	m := ordered.New("type", []any{"string", "number"}, "enum", values)
	if len(types) == 1 {
		m.Set("type", "number")
		if types[0] == "string" {
			m.Set("type", "string")
		}
	}
	return m
}

func (c *v3) parseLiteral(d *Def, w where) *ordered.Map {
	v := d.literalValue()
	t := v.typeof()
	switch v.Kind {
	case ArgUnknown:
		c.lose(c.relative(w), "literal", v.unknownWhy(), LossUnknown)
		return &ordered.Map{}
	case ArgArray:
		return ordered.New("type", "array")
	case ArgBigInt:
		t = "integer"
	case ArgNumber, ArgBool, ArgString:
	default:
		return ordered.New("type", "object")
	}
	if c.target == openAPI3 {
		return ordered.New("type", t, "enum", []any{literalJSON(v)})
	}
	return ordered.New("type", t, "const", literalJSON(v))
}

func (c *v3) parseOptional(d *Def, w where) *ordered.Map {
	if w.property != nil && slices.Equal(w.path, w.property) {
		return c.parse(d.Inner.Def(), w.deeper(), false)
	}
	inner := c.parse(d.Inner.Def(), w.at("anyOf", "1"), false)
	if inner == nil {
		return c.any(w)
	}
	return ordered.New("anyOf", []any{ordered.New("not", c.any(w)), inner})
}

func (c *v3) parseNullable(d *Def, w where) *ordered.Map {
	inner := d.Inner.Def()
	t, primitive := primitivesV3[inner.Kind]
	primitive = primitive && len(inner.Checks) == 0
	switch {
	case primitive && c.target == openAPI3:
		return ordered.New("type", t, "nullable", true)
	case primitive:
		return ordered.New("type", []any{t, "null"})
	case c.target == openAPI3:
		return nullableFlag(c.parse(inner, w.deeper(), false))
	}
	m := c.parse(inner, w.at("anyOf", "0"), false)
	if m == nil {
		return nil
	}
	return ordered.New("anyOf", []any{m, ordered.New("type", "null")})
}

func nullableFlag(m *ordered.Map) *ordered.Map {
	if m == nil {
		return nil
	}
	if m.Has("$ref") {
		return ordered.New("allOf", []any{m}, "nullable", true)
	}
	m = m.Clone()
	m.Set("nullable", true)
	return m
}

func (c *v3) parseDefault(d *Def, w where) *ordered.Map {
	m := &ordered.Map{}
	if inner := c.parse(d.Inner.Def(), w.deeper(), false); inner != nil {
		m = inner.Clone()
	}
	value := made(d.Default)
	v, big, why := value.json()
	if n, ok := value.number(); ok && big {
		v = n
	} else if big {
		why = "a bigint in the default"
	}
	if why != "" {
		c.lose(c.relative(w), "default", why, LossUnknown)
		m.Delete("default")
		return m
	}
	m.Set("default", v)
	return m
}

func (c *v3) parsePipeline(d *Def, w where) *ordered.Map {
	switch c.opts.PipeStrategy {
	case "input":
		return c.parse(d.In.Def(), w.deeper(), false)
	case "output":
		return c.parse(d.Out.Def(), w.deeper(), false)
	}
	all := []any{}
	for _, side := range []*Ref{d.In, d.Out} {
		if m := c.parse(side.Def(), w.at("allOf", strconv.Itoa(len(all))), false); m != nil {
			all = append(all, m)
		}
	}
	return ordered.New("allOf", all)
}
