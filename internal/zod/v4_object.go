package zod

import (
	"strconv"

	"github.com/bundlens/bundlens/internal/ordered"
)

func (c *v4) writeObject(d *Def, out *ordered.Map, p place) {
	out.Set("type", "object")
	fields := d.Shape.List()
	c.writeFields(fields, out, p)
	var required []string
	for _, f := range fields {
		unknown, needed := false, false
		if c.input() {
			needed = f.Schema.Def().inputOptin(&unknown) == requiredKey
		} else {
			needed = !f.Schema.Def().optout(walk{}, &unknown)
		}
		if needed && !unknown {
			required = append(required, f.Name)
		}
	}
	setRequired(out, required)
	c.writeCatchall(d, out, p)
}

// writeFields writes properties. A name that occurs twice counts once.
func (c *v4) writeFields(fields []Field, out *ordered.Map, p place) {
	properties := &ordered.Map{}
	out.Set("properties", properties)
	for _, f := range fields {
		properties.Set(f.Name, c.child(f.Schema, p, "properties", f.Name))
	}
}

// setRequired writes the names in the order that an object has them.
func setRequired(out *ordered.Map, names []string) {
	sorted := &ordered.Map{}
	for _, n := range names {
		sorted.Set(n, true)
	}
	if sorted.Len() == 0 {
		return
	}
	var list []any
	for _, n := range sorted.Keys() {
		list = append(list, n)
	}
	out.Set("required", list)
}

func (c *v4) writeCatchall(d *Def, out *ordered.Map, p place) {
	catchall := d.Catchall.Def()
	if open := d.Shape.open(); open != "" {
		c.lose(p.at("properties").path, "object", open, LossUnknown)
		if catchall == nil || catchall.Kind == KindNever {
			return
		}
	}
	switch {
	case catchall == nil:
		if !c.input() {
			out.Set("additionalProperties", false)
		}
	case catchall.Kind == KindNever:
		out.Set("additionalProperties", false)
	default:
		out.Set("additionalProperties", c.process(catchall, p.at("additionalProperties")))
	}
}

// open returns why a shape may have further fields.
func (s *Shape) open() string {
	if s == nil {
		return "the shape isn't known"
	}
	s.List()
	return s.Open
}

func (c *v4) writeProperties(d *Def, out *ordered.Map, p place) {
	fields := d.Shape.List()
	if !c.input() {
		for _, f := range fields {
			if f.Schema.Def().transforms(walk{}) {
				c.noForm(d, p, `z.properties() returns its input, so the output of a transforming schema at key "`+f.Name+`" cannot be represented in JSON Schema`)
			}
		}
	}
	out.Set("type", "object")
	c.writeFields(fields, out, p)
	var required []string
	for _, f := range fields {
		unknown := false
		if f.Schema.Def().inputOptin(&unknown) == requiredKey && !unknown {
			required = append(required, f.Name)
		}
	}
	setRequired(out, required)
}

func (c *v4) writeTuple(d *Def, out *ordered.Map, p place) {
	out.Set("type", "array")
	prefix, restKey := "prefixItems", "items"
	if c.target != draft2020 {
		prefix, restKey = "items", "additionalItems"
	}
	if d.ItemsWhy != "" {
		c.lose(p.path, "tuple", d.ItemsWhy, LossUnknown)
		return
	}
	items := make([]any, 0, len(d.Items))
	for i, r := range d.Items {
		items = append(items, c.child(r, p, prefix, strconv.Itoa(i)))
	}
	var rest *ordered.Map
	if d.Rest != nil {
		rest = c.child(d.Rest, p, restKey)
	}
	if c.target == openAPI30 && c.d.since(1, 0) {
		c.tupleAnyOf(d, items, rest, out)
	} else {
		out.Set(prefix, items)
		if rest != nil {
			out.Set(restKey, rest)
			if !c.d.since(1, 2) { // written twice, at the wrong keyword the second time
				out.Set("items", c.child(d.Rest, p, "items"))
			}
		}
	}
	if c.d.since(5, 0) {
		c.tupleLength(d, restKey, out)
	}
	b := d.aggregate()
	setBound(out, "minItems", b.min)
	setBound(out, "maxItems", b.max)
}

// tupleAnyOf is the form for a target that has no tuples.
func (c *v4) tupleAnyOf(d *Def, items []any, rest *ordered.Map, out *ordered.Map) {
	any := items
	if rest != nil {
		any = append(items[:len(items):len(items)], rest)
	}
	out.Set("items", ordered.New("anyOf", any))
	if c.d.since(5, 0) {
		return
	}
	out.Set("minItems", float64(len(items)))
	if rest == nil {
		out.Set("maxItems", float64(len(items)))
	}
}

// tupleLength writes the length that the items ask for.
func (c *v4) tupleLength(d *Def, restKey string, out *ordered.Map) {
	n := len(d.Items)
	for ; n > 0; n-- {
		unknown := false
		item := d.Items[n-1].Def()
		if c.input() && item.inputOptin(&unknown) == requiredKey || !c.input() && !item.optout(walk{}, &unknown) {
			break
		}
	}
	closed := d.Rest == nil
	if closed && c.target != openAPI30 {
		out.Set(restKey, false)
	}
	if n > 0 {
		out.Set("minItems", float64(n))
	}
	if closed {
		out.Set("maxItems", float64(len(d.Items)))
	}
}

func (c *v4) writeRecord(d *Def, out *ordered.Map, p place) {
	out.Set("type", "object")
	key := d.Key.Def()
	patterns := key.aggregate().patterns
	if d.Mode == "loose" && len(patterns) > 0 && c.d.since(3, 4) {
		value := c.child(d.Value, p, "patternProperties", "*")
		all := &ordered.Map{}
		for _, r := range patterns {
			all.Set(c.patternSource(r), value)
		}
		out.Set("patternProperties", all)
	} else {
		if c.hasPropertyNames() {
			out.Set("propertyNames", c.process(key, p.at("propertyNames")))
			c.records = append(c.records, d)
		}
		out.Set("additionalProperties", c.child(d.Value, p, "additionalProperties"))
	}
	c.recordRequired(d, key, out)
}

func (c *v4) hasPropertyNames() bool {
	switch c.target {
	case draft2020, draft07:
		return true
	case draft04:
		return !c.d.since(0, 9)
	}
	return !c.d.since(1, 0)
}

// recordRequired writes the keys of a closed set.
func (c *v4) recordRequired(d, key *Def, out *ordered.Map) {
	if !c.d.since(3, 0) {
		return
	}
	set := key.values(walk{})
	if !c.d.since(3, 4) {
		if set = nil; key.Kind == KindEnum {
			set = newValueSet(key.enumValues()...)
		}
	}
	unknown := false
	if c.d.since(5, 0) && (d.Partial || c.input() && d.Value.Def().inputOptin(&unknown) != requiredKey) {
		return
	}
	if set == nil {
		return
	}
	var required []any
	for _, v := range set.list {
		switch {
		case v.Kind == ArgString:
			required = append(required, v.Str)
		case v.Kind == ArgNumber && c.d.since(5, 3):
			required = append(required, v.text())
		case v.Kind == ArgNumber:
			required = append(required, v.Num)
		}
	}
	if len(required) > 0 {
		out.Set("required", required)
	}
}
