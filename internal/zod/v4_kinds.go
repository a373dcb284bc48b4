package zod

import (
	"math"
	"strconv"

	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/internal/ordered"
)

// write writes the keywords of an instance's own kind.
func (c *v4) write(d *Def, out *ordered.Map, p place) {
	c.loseChecks(d, p)
	switch d.Kind {
	case KindString:
		c.writeString(d, out)
	case KindNumber:
		c.writeNumber(d, out)
	case KindBoolean, KindSuccess:
		out.Set("type", "boolean")
	case KindNull:
		c.writeNull(out)
	case KindNever:
		out.Set("not", &ordered.Map{})
	case KindAny, KindUnknown:
	case KindArray:
		c.writeArray(d, out, p)
	case KindObject:
		c.writeObject(d, out, p)
	case KindProperties:
		c.writeProperties(d, out, p)
	case KindUnion:
		c.writeUnion(d, out, p)
	case KindIntersection:
		c.writeIntersection(d, out, p)
	case KindTuple:
		c.writeTuple(d, out, p)
	case KindRecord:
		c.writeRecord(d, out, p)
	case KindEnum:
		c.writeEnum(d, out, p)
	case KindLiteral:
		c.writeLiteral(d, out, p)
	case KindFile:
		c.writeFile(d, out)
	case KindTemplateLiteral:
		c.writeTemplate(d, out, p)
	default:
		c.writeWrapper(d, out, p)
	}
}

// unrepresentable are the kinds that JSON Schema has no form for, and what the
// library says of them.
var unrepresentable = map[Kind]string{
	KindBigInt:    "BigInt cannot be represented in JSON Schema",
	KindSymbol:    "Symbols cannot be represented in JSON Schema",
	KindUndefined: "Undefined cannot be represented in JSON Schema",
	KindVoid:      "Void cannot be represented in JSON Schema",
	KindDate:      "Date cannot be represented in JSON Schema",
	KindNaN:       "NaN cannot be represented in JSON Schema",
	KindCustom:    "Custom types cannot be represented in JSON Schema",
	KindFunction:  "Function types cannot be represented in JSON Schema",
	KindTransform: "Transforms cannot be represented in JSON Schema",
	KindMap:       "Map cannot be represented in JSON Schema",
	KindSet:       "Set cannot be represented in JSON Schema",
}

// writeWrapper writes the kinds that inherit the schema of another instance,
// and those that have no schema.
func (c *v4) writeWrapper(d *Def, out *ordered.Map, p place) {
	switch d.Kind {
	case KindOptional, KindNonOptional, KindPromise, KindLazy:
		c.follow(d, d.Inner, p)
	case KindReadonly:
		c.follow(d, d.Inner, p)
		out.Set("readOnly", true)
	case KindNullable:
		c.writeNullable(d, out, p)
	case KindDefault, KindPrefault:
		c.follow(d, d.Inner, p)
		c.writeDefault(d, out, p)
	case KindCatch:
		c.follow(d, d.Inner, p)
		c.writeCatch(d, out, p)
	case KindPipe:
		side := d.Out
		if c.input() && d.In.Def().Kind != KindTransform {
			side = d.In
		}
		c.follow(d, side, p)
	case KindUnresolved:
		c.lose(p.path, "schema", d.Why, LossUnknown)
	default:
		c.noForm(d, p, unrepresentable[d.Kind])
	}
}

// follow makes d inherit the schema in r.
func (c *v4) follow(d *Def, r *Ref, p place) {
	inner := r.Def()
	if inner == nil {
		c.lose(p.path, string(d.Kind), "nothing inside", LossUnknown)
		return
	}
	c.process(inner, p)
	c.seen[d].ref = inner
}

// noForm notes a part that JSON Schema has no form for.
func (c *v4) noForm(d *Def, p place, message string) {
	if message == "" {
		c.lose(p.path, string(d.Kind), "a kind of schema that isn't known", LossUnknown)
		return
	}
	if c.opts.Unrepresentable != "any" {
		c.fail(message)
	}
	c.lose(p.path, string(d.Kind), message, LossUnrepresentable)
}

func (c *v4) child(r *Ref, p place, steps ...string) *ordered.Map {
	d := r.Def()
	if d == nil {
		c.lose(p.at(steps...).path, "schema", "nothing there", LossUnknown)
		return &ordered.Map{}
	}
	return c.process(d, p.at(steps...))
}

func (c *v4) writeString(d *Def, out *ordered.Map) {
	b := d.aggregate()
	out.Set("type", "string")
	setBound(out, "minLength", b.min)
	setBound(out, "maxLength", b.max)
	if f := jsonFormat(b.format); f != "" && !(b.format == "time" && c.d.since(3, 0)) && !b.lax {
		out.Set("format", f)
	}
	if b.contentEncoding != "" {
		out.Set("contentEncoding", b.contentEncoding)
	}
	c.writePatterns(b.patterns, out)
}

func jsonFormat(format string) string {
	switch format {
	case "guid":
		return "uuid"
	case "url":
		return "uri"
	case "datetime":
		return "date-time"
	case "json_string":
		return "json-string"
	case "regex":
		return ""
	}
	return format
}

func (c *v4) writePatterns(patterns []*Regex, out *ordered.Map) {
	if len(patterns) == 1 {
		out.Set("pattern", c.patternSource(patterns[0]))
		return
	}
	all := &list{}
	for _, r := range patterns {
		item := &ordered.Map{}
		if c.old() {
			item.Set("type", "string")
		}
		item.Set("pattern", c.patternSource(r))
		all.items = append(all.items, item)
	}
	if len(all.items) > 0 {
		out.Set("allOf", all)
	}
}

// patternSource returns the source to write: the exact form of the two
// patterns that the parser has in a lax one.
func (c *v4) patternSource(r *Regex) string {
	if c.d.since(6, 0) && r.builtin {
		switch r.Source {
		case base64Lax:
			return base64Exact
		case base64urlLax:
			return base64urlForm
		}
	}
	return r.Source
}

func setBound(out *ordered.Map, key string, v *float64) {
	if v != nil {
		out.Set(key, *v)
	}
}

func (c *v4) writeNumber(d *Def, out *ordered.Map) {
	b := d.aggregate()
	out.Set("type", "number")
	if b.isInt {
		out.Set("type", "integer")
	}
	c.writeLimit(out, "minimum", "exclusiveMinimum", b.min, b.exMin, func(ex, in float64) bool { return ex >= in })
	c.writeLimit(out, "maximum", "exclusiveMaximum", b.max, b.exMax, func(ex, in float64) bool { return ex <= in })
	c.writeDivisors(b.divisors, out)
}

// writeLimit writes the tighter one of an inclusive and an exclusive bound.
func (c *v4) writeLimit(out *ordered.Map, key, exKey string, in, ex *float64, tighter func(ex, in float64) bool) {
	legacy := c.target == draft04 || c.target == openAPI30
	switch {
	case ex != nil && (in == nil || tighter(*ex, *in)):
		if !legacy {
			out.Set(exKey, *ex)
			return
		}
		out.Set(key, *ex)
		out.Set(exKey, true)
	case in != nil:
		out.Set(key, *in)
	}
}

func (c *v4) writeDivisors(divisors []float64, out *ordered.Map) {
	var kept []float64
	for _, v := range divisors {
		if c.d.since(5, 0) {
			if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
				c.fail("A multipleOf divisor of " + ecma.FormatNumber(v) + " cannot be represented in JSON Schema")
				continue
			}
			v = math.Abs(v)
		}
		kept = appendNew(kept, v)
	}
	if len(kept) == 0 {
		return
	}
	out.Set("multipleOf", kept[0])
	if len(kept) > 1 {
		all := &list{}
		for _, v := range kept[1:] {
			all.items = append(all.items, ordered.New("multipleOf", v))
		}
		out.Set("allOf", all)
	}
}

func appendNew(vs []float64, v float64) []float64 {
	for _, w := range vs {
		if v == w {
			return vs
		}
	}
	return append(vs, v)
}

func (c *v4) writeNull(out *ordered.Map) {
	if c.target != openAPI30 || !c.d.since(1, 0) {
		out.Set("type", "null")
		return
	}
	out.Set("type", "string")
	out.Set("nullable", true)
	out.Set("enum", []any{nil})
}

func (c *v4) writeArray(d *Def, out *ordered.Map, p place) {
	b := d.aggregate()
	setBound(out, "minItems", b.min)
	setBound(out, "maxItems", b.max)
	out.Set("type", "array")
	out.Set("items", c.child(d.Inner, p, "items"))
}

func (c *v4) writeUnion(d *Def, out *ordered.Map, p place) {
	keyword := "anyOf"
	if (d.Exclusive && c.d.since(2, 0)) || (d.Discriminator != "" && c.d.since(1, 13)) {
		keyword = "oneOf"
	}
	options := make([]any, 0, len(d.Options))
	for i, o := range d.Options {
		options = append(options, c.child(o, p, keyword, strconv.Itoa(i)))
	}
	if d.OptionsWhy != "" {
		c.lose(p.path, "union", d.OptionsWhy, LossUnknown)
		return
	}
	out.Set(keyword, options)
}

func (c *v4) writeIntersection(d *Def, out *ordered.Map, p place) {
	all := &list{}
	for i, side := range []*Ref{d.Left, d.Right} {
		m := c.child(side, p, "allOf", strconv.Itoa(i))
		if inner, ok := m.Value("allOf").(*list); ok && m.Len() == 1 {
			all.items = append(all.items, inner.items...)
			continue
		}
		all.items = append(all.items, m)
	}
	out.Set("allOf", all)
	c.intersections = append(c.intersections, all)
}

func (c *v4) writeNullable(d *Def, out *ordered.Map, p place) {
	inner := d.Inner.Def()
	m := c.process(inner, p)
	if c.target != openAPI30 || !c.d.since(1, 0) {
		out.Set("anyOf", []any{m, ordered.New("type", "null")})
		return
	}
	c.seen[d].ref = inner
	out.Set("nullable", true)
}
