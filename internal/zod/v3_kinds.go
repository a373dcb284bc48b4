package zod

import (
	"slices"
	"strconv"

	"github.com/bundlens/bundlens/internal/ordered"
)

// put writes a keyword, and the message of its check when those are asked for.
func (c *v3) put(m *ordered.Map, key string, v any, check *Check) {
	m.Set(key, v)
	c.putMessage(m, key, check)
}

func (c *v3) putMessage(m *ordered.Map, key string, check *Check) {
	text := check.Options["message"].Str
	if !c.opts.ErrorMessages || text == "" {
		return
	}
	messages, ok := m.Value("errorMessage").(*ordered.Map)
	if !ok {
		messages = &ordered.Map{}
		m.Set("errorMessage", messages)
	}
	messages.Set(key, text)
}

func (c *v3) parseNumber(d *Def, m *ordered.Map) *ordered.Map {
	for _, check := range d.Checks {
		n, known := check.Value.number()
		switch {
		case check.Kind == "int" && d.Kind == KindNumber:
			m.Set("type", "integer")
			c.putMessage(m, "type", check)
		case !known:
		case check.Kind == "min":
			c.putLimit(m, "minimum", "exclusiveMinimum", n, check)
		case check.Kind == "max":
			c.putLimit(m, "maximum", "exclusiveMaximum", n, check)
		case check.Kind == "multipleOf":
			c.put(m, "multipleOf", n, check)
		}
	}
	return m
}

func (c *v3) putLimit(m *ordered.Map, key, exclusive string, n float64, check *Check) {
	switch {
	case check.Inclusive:
		c.put(m, key, n, check)
	case c.target == jsonSchema7:
		c.put(m, exclusive, n, check)
	default:
		m.Set(exclusive, true)
		c.put(m, key, n, check)
	}
}

func (c *v3) parseDate(d *Def) *ordered.Map {
	forms := c.opts.DateStrategy
	if len(forms) == 0 {
		forms = []string{"format:date-time"}
	}
	var all []any
	for _, form := range forms {
		m := ordered.New("type", "string", "format", "date-time")
		switch form {
		case "format:date":
			m.Set("format", "date")
		case "integer":
			m = c.parseDateNumber(d)
		}
		all = append(all, m)
	}
	if len(all) == 1 {
		return all[0].(*ordered.Map)
	}
	return ordered.New("anyOf", all)
}

func (c *v3) parseDateNumber(d *Def) *ordered.Map {
	m := ordered.New("type", "integer", "format", "unix-time")
	if c.target == openAPI3 {
		return m
	}
	for _, check := range d.Checks {
		if n, ok := check.Value.number(); ok && (check.Kind == "min" || check.Kind == "max") {
			c.put(m, check.Kind+"imum", n, check)
		}
	}
	return m
}

func (c *v3) parseArray(d *Def, w where) *ordered.Map {
	m := ordered.New("type", "array")
	if inner := d.Inner.Def(); inner == nil || inner.Kind != KindAny {
		setSchema(m, "items", c.parse(inner, w.at("items"), false))
	}
	c.putBounds(d, m)
	return m
}

// setSchema writes a schema, if there is one.
func setSchema(m *ordered.Map, key string, s *ordered.Map) {
	if s != nil {
		m.Set(key, s)
	}
}

func (c *v3) putBounds(d *Def, m *ordered.Map) {
	for _, check := range d.Checks {
		n, known := check.Value.number()
		if !known {
			continue
		}
		if check.Kind != "max" {
			c.put(m, "minItems", n, check)
		}
		if check.Kind != "min" {
			c.put(m, "maxItems", n, check)
		}
	}
}

func (c *v3) parseSet(d *Def, w where) *ordered.Map {
	m := ordered.New("type", "array", "uniqueItems", true)
	setSchema(m, "items", c.parse(d.Inner.Def(), w.at("items"), false))
	c.putBounds(d, m)
	return m
}

func (c *v3) parseObject(d *Def, w where) *ordered.Map {
	properties := &ordered.Map{}
	m := ordered.New("type", "object", "properties", properties)
	var required []string
	for _, f := range inFieldOrder(d.Shape.List()) {
		def := f.Schema.Def()
		o := def.parse(Undefined(), 0)
		if o.assumed && def.Kind != KindUnresolved {
			c.lose(append(slices.Clone(c.relative(w)), "properties", f.Name), "required", "whether it is required depends on a function of the program", LossAssumed)
		}
		if o.ok && c.target == openAI {
			def, o.ok = nullableForm(def), false
		}
		at := w.at("properties", f.Name)
		at.property = at.path
		s := c.parse(def, at, false)
		if s == nil {
			continue
		}
		properties.Set(f.Name, s)
		if !o.ok {
			required = append(required, f.Name)
		}
	}
	setRequired(m, required)
	c.parseAdditional(d, m, w)
	return m
}

// inFieldOrder returns fields in the order that an object has them.
func inFieldOrder(fields []Field) []Field {
	order, at := &ordered.Map{}, map[string]int{}
	for i, f := range fields {
		order.Set(f.Name, true)
		at[f.Name] = i
	}
	out := make([]Field, 0, len(fields))
	for _, k := range order.Keys() {
		out = append(out, fields[at[k]])
	}
	return out
}

// nullableForm is what an optional property becomes for a target that has no
// optional ones.
func nullableForm(d *Def) *Def {
	if d.Kind == KindOptional {
		d = d.Inner.Def()
	}
	if d.parse(Null(), 0).ok {
		return d
	}
	return &Def{Kind: KindNullable, Class: "ZodNullable", Dialect: d.Dialect, Inner: To(d), Description: d.Description}
}

func (c *v3) parseAdditional(d *Def, m *ordered.Map, w where) {
	catchall := d.Catchall.Def()
	open := d.Shape.open()
	if open != "" {
		c.lose(append(slices.Clone(c.relative(w)), "properties"), "object", open, LossUnknown)
	}
	if catchall != nil && catchall.Kind != KindNever {
		setSchema(m, "additionalProperties", c.parse(catchall, w.at("additionalProperties"), false))
		return
	}
	rejects := c.opts.RejectedAdditional
	if rejects == nil {
		rejects = false
	}
	switch {
	case d.UnknownKeys == "passthrough", d.UnknownKeys == "strip" && c.opts.RemoveAdditional == "strict":
		m.Set("additionalProperties", c.allowed())
	case open != "":
	case d.UnknownKeys == "strict", d.UnknownKeys == "strip":
		m.Set("additionalProperties", rejects)
	}
}

func (c *v3) allowed() any {
	if c.opts.AllowedAdditional == nil {
		return true
	}
	return c.opts.AllowedAdditional
}

func (c *v3) parseIntersection(d *Def, w where) *ordered.Map {
	merged := []any{}
	unevaluated := c.target == jsonSchema2019
	for i, side := range []*Ref{d.Left, d.Right} {
		m := c.parse(side.Def(), w.at("allOf", strconv.Itoa(i)), false)
		if m == nil {
			continue
		}
		if all, ok := m.Value("allOf").([]any); ok && m.Value("type") != any("string") {
			merged = append(merged, all...)
			unevaluated = unevaluated && m.Has("unevaluatedProperties")
			continue
		}
		if m.Value("additionalProperties") == any(false) {
			m = m.Clone()
			m.Delete("additionalProperties")
		} else {
			unevaluated = false
		}
		merged = append(merged, m)
	}
	if len(merged) == 0 {
		return nil
	}
	out := ordered.New("allOf", merged)
	if unevaluated {
		out.Set("unevaluatedProperties", false)
	}
	return out
}

func (c *v3) parseTuple(d *Def, w where) *ordered.Map {
	if d.ItemsWhy != "" {
		c.lose(c.relative(w), "tuple", d.ItemsWhy, LossUnknown)
		return ordered.New("type", "array")
	}
	n := float64(len(d.Items))
	m := ordered.New("type", "array", "minItems", n)
	if d.Rest == nil {
		m.Set("maxItems", n)
	}
	items := []any{}
	for i, r := range d.Items {
		if s := c.parse(r.Def(), w.at("items", strconv.Itoa(i)), false); s != nil {
			items = append(items, s)
		}
	}
	m.Set("items", items)
	if d.Rest != nil {
		setSchema(m, "additionalItems", c.parse(d.Rest.Def(), w.at("additionalItems"), false))
	}
	return m
}

func (c *v3) parseRecord(d *Def, w where) *ordered.Map {
	key := d.Key.Def()
	if c.target == openAPI3 && key != nil && key.Kind == KindEnum {
		return c.parseEnumRecord(d, key, w)
	}
	m := ordered.New("type", "object")
	if s := c.parse(d.Value.Def(), w.at("additionalProperties"), false); s != nil {
		m.Set("additionalProperties", s)
	} else {
		m.Set("additionalProperties", c.allowed())
	}
	if c.target == openAPI3 || key == nil {
		return m
	}
	names := key
	if key.Kind == KindBranded {
		names = key.Inner.Def()
	}
	switch {
	case key.Kind == KindEnum:
		m.Set("propertyNames", ordered.New("enum", c.enumValues(key, w)))
	case names.Kind == KindString && len(names.Checks) > 0:
		text := c.recordKey(key, names, w)
		text.Delete("type")
		m.Set("propertyNames", text)
	}
	return m
}

// recordKey writes a string key; a branded one counts as a visit.
func (c *v3) recordKey(key, names *Def, w where) *ordered.Map {
	if key.Kind == KindBranded {
		return c.orAny(c.parse(names, w.deeper(), false)).Clone()
	}
	c.loseChecks(names, w)
	return c.parseString(names)
}

func (c *v3) parseEnumRecord(d, key *Def, w where) *ordered.Map {
	properties := &ordered.Map{}
	values := c.enumValues(key, w)
	for _, v := range values {
		name, _ := v.(string)
		properties.Set(name, c.orAny(c.parse(d.Value.Def(), w.at("properties", name), false)))
	}
	m := ordered.New("type", "object", "required", values, "properties", properties)
	m.Set("additionalProperties", c.opts.RejectedAdditional)
	if c.opts.RejectedAdditional == nil {
		m.Set("additionalProperties", false)
	}
	return m
}

func (c *v3) parseMap(d *Def, w where) *ordered.Map {
	if c.opts.MapStrategy == "record" {
		return c.parseRecord(d, w)
	}
	key := c.orAny(c.parse(d.Key.Def(), w.at("items", "items", "0"), false))
	value := c.orAny(c.parse(d.Value.Def(), w.at("items", "items", "1"), false))
	pair := ordered.New("type", "array", "items", []any{key, value}, "minItems", 2.0, "maxItems", 2.0)
	return ordered.New("type", "array", "maxItems", 125.0, "items", pair)
}
