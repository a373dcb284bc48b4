package zod

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// typesOf writes `type` when all values have the same one of those given.
func typesOf(values []any, out *ordered.Map, kinds ...string) {
	for _, kind := range kinds {
		all := true
		for _, v := range values {
			all = all && jsonType(v) == kind
		}
		if all {
			out.Set("type", kind)
		}
	}
}

func jsonType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	}
	return "object"
}

func (c *v4) writeEnum(d *Def, out *ordered.Map, p place) {
	if d.EntriesWhy != "" {
		c.lose(p.path, "enum", d.EntriesWhy, LossUnknown)
		return
	}
	values := []any{}
	for _, a := range d.enumValues() {
		v, _, why := a.json()
		if why != "" {
			c.lose(p.path, "enum", why, LossUnknown)
			return
		}
		values = append(values, v)
	}
	if len(values) == 0 && c.d.since(5, 0) {
		out.Set("not", &ordered.Map{})
		return
	}
	typesOf(values, out, "number", "string")
	out.Set("enum", values)
}

func (c *v4) writeLiteral(d *Def, out *ordered.Map, p place) {
	if len(d.Values) == 0 && c.d.since(5, 0) {
		out.Set("not", &ordered.Map{})
		return
	}
	values := []any{}
	for _, a := range d.Values {
		switch a.Kind {
		case ArgUndefined:
			c.noForm(d, p, "Literal `undefined` cannot be represented in JSON Schema")
		case ArgBigInt:
			c.noForm(d, p, "BigInt literals cannot be represented in JSON Schema")
			v, _ := a.number()
			values = append(values, v)
		default:
			v, _, why := a.json()
			if why != "" {
				c.lose(p.path, "literal", why, LossUnknown)
				return
			}
			values = append(values, v)
		}
	}
	c.writeConst(values, out)
}

func (c *v4) writeConst(values []any, out *ordered.Map) {
	switch {
	case len(values) == 0:
	case len(values) > 1:
		typesOf(values, out, "number", "string", "null")
		if _, ok := out.Get("type"); !ok {
			typesOf(values, out, "boolean")
			if out.Has("type") && !c.d.since(2, 0) { // the library's own slip
				out.Set("type", "string")
			}
		}
		out.Set("enum", values)
	default:
		out.Set("type", jsonType(values[0]))
		if c.target == draft04 && c.d.since(0, 9) || c.target == openAPI30 && c.d.since(1, 0) {
			out.Set("enum", values)
			return
		}
		out.Set("const", values[0])
	}
}

func (c *v4) writeFile(d *Def, out *ordered.Map) {
	b := d.aggregate()
	file := ordered.New("type", "string", "format", "binary", "contentEncoding", "binary")
	setBound(file, "minLength", b.min)
	setBound(file, "maxLength", b.max)
	mime := make([]any, 0, len(b.mime))
	for _, m := range b.mime {
		mime = append(mime, m.Str)
	}
	switch {
	case !b.hasMime:
	case len(mime) == 0 && c.d.since(6, 0):
		file.Set("not", &ordered.Map{})
	case len(mime) == 1:
		file.Set("contentMediaType", mime[0])
	default:
		shared := c.d.since(3, 0)
		var options []any
		for _, m := range mime {
			option := &ordered.Map{}
			if !shared {
				option.Assign(file)
			}
			option.Set("contentMediaType", m)
			options = append(options, option)
		}
		if !shared {
			file = &ordered.Map{}
		}
		file.Set("anyOf", options)
	}
	out.Assign(file)
}

func (c *v4) writeDefault(d *Def, out *ordered.Map, p place) {
	key := "default"
	if d.Kind == KindPrefault {
		if !c.input() {
			return
		}
		key = "_prefault"
	}
	v, big, why := made(d.Default).json()
	switch {
	case why != "":
		c.lose(p.path, string(d.Kind), why, LossUnknown)
	case big && c.d.since(5, 0):
		c.noForm(d, p, "BigInt defaults cannot be represented in JSON Schema")
	case big:
		c.fail("Do not know how to serialize a BigInt")
	case v == undef{}:
		c.fail(`"undefined" is not valid JSON`)
	default:
		out.Set(key, v)
	}
}

func (c *v4) writeCatch(d *Def, out *ordered.Map, p place) {
	a := d.Catch
	if a.Kind == ArgFunc {
		a = a.Func.call()
	}
	if a.Kind == ArgUnknown {
		c.lose(p.path, "catch", a.unknownWhy(), LossUnknown)
		return
	}
	v, big, why := a.json()
	switch {
	case why != "":
		c.lose(p.path, "catch", why, LossUnknown)
	case big:
		c.fail("Error converting schema to JSON.")
	default:
		out.Set("default", v)
	}
}

// made returns the value that a function makes, or the value itself.
func made(a Arg) Arg {
	if a.Kind == ArgFunc {
		return a.Func.call()
	}
	return a
}

// ------------------------------------------------------------ checks

// loseChecks notes the checks that JSON Schema can't express, and those of
// which a part isn't known.
func (c *v4) loseChecks(d *Def, p place) {
	for _, check := range d.Checks {
		loseCheck(&c.losses, check, p.path)
	}
	if d.Check != nil && d.Kind != KindCustom {
		loseCheck(&c.losses, d.Check, p.path)
	}
}

func loseCheck(l *losses, check *Check, path []string) {
	if check.Why != "" {
		l.lose(path, check.Kind, check.Why, LossUnknown)
		return
	}
	switch check.Kind {
	case "custom":
		l.lose(path, "refine", "a check by a function of the program", LossNarrower)
	case "property", "properties":
		l.lose(path, "property", "a check of a property of the value", LossNarrower)
	case "string_format":
		if check.Pattern == nil && check.Fn != nil {
			l.lose(path, "format "+check.Format, "a format checked by a function of the program", LossNarrower)
		}
	}
}

// writeTemplate writes the pattern of a template literal.
func (c *v4) writeTemplate(d *Def, out *ordered.Map, p place) {
	source, why := d.templatePattern(0)
	if why != "" && strings.HasPrefix(why, "Invalid ") {
		c.fail(why)
	}
	out.Set("type", "string")
	if why != "" {
		c.lose(p.path, "template literal", why, LossUnknown)
		return
	}
	out.Set("pattern", source)
}
