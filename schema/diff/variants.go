package diff

import (
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// form is a schema or a description that a tool has under a condition.
type form struct {
	when, body string
	schema     []byte
	text       *schema.Text
}

// matchForms pairs forms under the same condition, by content and then by likeness: a condition that was too long to
// tell is that of several. Under another condition only the same content is the same form.
func matchForms(a, b []form) []matched[form] {
	words := remembered(func(f *form) grams { return shingles(f.body) })
	like := likeness[form]{score: func(x, y *form) float64 {
		switch {
		case x.body == y.body:
			return 1
		case x.when == y.when:
			return words(x).overlap(words(y))
		}
		return 0
	}}
	return match(a, b, func(f *form) string { return f.when }, func(f *form) string { return f.body }, &like)
}

// unpaired notes a form that only one side has, or has under another condition; false where there is more to compare.
func (d *draft) unpaired(field string, m matched[form]) bool {
	from, to := orZero(m.from), orZero(m.to)
	when := func(present bool, f form) string {
		if !present {
			return ""
		}
		return "when " + f.when
	}
	d.field(field, when(m.from != nil, from), when(m.to != nil, to))
	return m.from == nil || m.to == nil || from.body == to.body
}

// schemaVariants compares the other schemas of a tool. What changed in the default in the same way is not said again.
func (d *draft) schemaVariants(a, b []schema.SchemaVariant) {
	forms := func(c *conditions, list []schema.SchemaVariant) (out []form) {
		for _, v := range list {
			out = append(out, form{when: c.text(&v.When), body: packed(v.InputSchema), schema: v.InputSchema})
		}
		return out
	}
	for _, m := range matchForms(forms(d.before, a), forms(d.after, b)) {
		if d.unpaired("schema variant", m) {
			continue
		}
		for _, c := range compareSchemas("when "+m.to.when, m.from.schema, m.to.schema, false) {
			same := c
			same.Of = ""
			if !slices.Contains(d.record.Schema, same) && !slices.Contains(d.record.Schema, c) {
				d.record.Schema = append(d.record.Schema, c)
			}
		}
	}
}

// descriptionVariants compares the other descriptions of a tool.
func (c *comparison) descriptionVariants(d *draft, a, b []schema.DescriptionVariant) {
	forms := func(conds *conditions, list []schema.DescriptionVariant) (out []form) {
		for i, v := range list {
			out = append(out, form{when: conds.text(&v.When), body: c.wordings.of(&list[i].Description), text: &list[i].Description})
		}
		return out
	}
	for _, m := range matchForms(forms(d.before, a), forms(d.after, b)) {
		if !d.unpaired("description variant", m) {
			c.variant(d, "tool "+d.record.Name, "description when "+m.to.when, m.from.text, m.to.text)
		}
	}
}
