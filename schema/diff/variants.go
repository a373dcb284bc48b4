package diff

import (
	"maps"
	"slices"
	"strings"

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

// description compares what the model is sent of a tool: what that is by default, what it may be, and each of the other
// forms, as far as no form before has the same. A line that both sides have in some form is no change of words in any of
// them, whatever it depends on.
func (c *comparison) description(d *draft, from, to *schema.Tool) {
	id := "tool " + d.record.Name
	if from.Description == nil || to.Description == nil {
		c.text(d, id, "description", from.Description, to.Description)
		return
	}
	known := len(d.texts)
	if field := "description"; from.Description.IsLiteral() && to.Description.IsLiteral() {
		c.text(d, id, field, from.Description, to.Description)
	} else {
		d.texts = append(d.texts, c.byDefault(d, id, field, from.Description, to.Description))
		c.text(d, id, field+" otherwise", from.Description, to.Description)
	}
	forms := func(conds *conditions, list []schema.DescriptionVariant) (out []form) {
		for i, v := range list {
			out = append(out, form{when: conds.text(&v.When), body: c.wordings.of(&list[i].Description), text: &list[i].Description})
		}
		return out
	}
	before, after := forms(d.before, from.DescriptionVariants), forms(d.after, to.DescriptionVariants)
	for _, m := range matchForms(before, after) {
		if !d.unpaired("description variant", m) {
			c.text(d, id, "description when "+m.to.when, m.from.text, m.to.text)
		}
	}
	same := inBoth(linesOf(from.Description.Text, before), linesOf(to.Description.Text, after))
	for _, p := range d.texts[min(known+1, len(d.texts)):] {
		p.variant, p.same = true, same
	}
}

// linesOf are the lines that a text has in one of its forms.
func linesOf(text string, forms []form) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(text) {
		lines[lineWords(line)] = true
	}
	for _, f := range forms {
		for line := range strings.Lines(f.body) {
			lines[lineWords(line)] = true
		}
	}
	return lines
}

// lineWords is a line without what says how the text around it is put together.
func lineWords(line string) string { return strings.Trim(line, " \t\r\n⟦|⟧") }

func inBoth(a, b map[string]bool) map[string]bool {
	maps.DeleteFunc(a, func(line string, _ bool) bool { return !b[line] })
	return a
}
