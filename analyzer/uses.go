package analyzer

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// linkUses says of each variable and flag which records hang on it, as their conditions and holes name it. A variable
// that only conditions name, because the program reads it by way of something else, is added without a place.
func linkUses(doc *schema.Document) {
	c := &uses{variables: map[string][]schema.Use{}, flags: map[string][]schema.Use{}}
	for _, t := range doc.Tools {
		c.record = "tools/" + t.Name
		c.conditions(t.EnabledWhen)
		for _, x := range t.Traits {
			c.conditions(x.When)
		}
		for _, v := range t.SchemaVariants {
			c.conditions(v.When)
		}
		for _, v := range t.DescriptionVariants {
			c.conditions(v.When)
		}
		c.text(t.Description)
	}
	c.prompts("prompts/", doc.Prompts)
	c.prompts("reminders/", doc.Reminders)
	for _, a := range doc.Agents {
		c.record = "agents/" + a.Name
		c.conditions(a.EnabledWhen)
		c.text(a.WhenToUse)
		c.text(a.Prompt)
	}
	for _, x := range doc.Commands {
		c.record = "commands/" + x.Name
		c.conditions(x.EnabledWhen)
		c.text(x.Prompt)
	}
	for i := range doc.Flags {
		doc.Flags[i].Uses = c.flags[doc.Flags[i].Key]
	}
	for i := range doc.Environment {
		v := &doc.Environment[i]
		v.Uses = c.variables[v.Name]
		delete(c.variables, v.Name)
	}
	for name, list := range c.variables {
		doc.Environment = append(doc.Environment, schema.Variable{Name: name, Uses: list})
	}
	slices.SortFunc(doc.Environment, func(a, b schema.Variable) int { return cmp.Compare(a.Name, b.Name) })
}

// uses collects what records name.
type uses struct {
	record           string
	variables, flags map[string][]schema.Use
}

func (c *uses) prompts(list string, prompts []schema.Prompt) {
	for _, p := range prompts {
		c.record = list + p.ID
		c.conditions(p.Guards...)
		c.text(&p.Text)
	}
}

func (c *uses) conditions(list ...string) {
	for _, s := range list {
		c.note(s, schema.UseCondition)
	}
}

func (c *uses) text(t *schema.Text) {
	if t != nil {
		c.parts(t.Parts)
	}
}

func (c *uses) parts(parts []schema.Part) {
	for _, p := range parts {
		if p.Hole != nil {
			c.note(p.Hole.Expr, schema.UseText)
		}
		for _, b := range p.Choice {
			c.note(b.When, schema.UseCondition)
			c.parts(b.Parts)
		}
		if p.Each != nil {
			c.note(p.Each.Over, schema.UseText)
			c.parts(p.Each.Parts)
		}
	}
}

// note keeps that the record names what an expression names.
func (c *uses) note(expr, how string) {
	use := schema.Use{Record: c.record, How: how}
	add := func(m map[string][]schema.Use, name string) {
		list := m[name]
		if i := slices.IndexFunc(list, func(u schema.Use) bool { return u.Record == use.Record }); i < 0 {
			m[name] = append(list, use)
		} else if how == schema.UseText {
			list[i].How = how
		}
	}
	for name := range NamedAfter(expr, "process.env.") {
		add(c.variables, name)
	}
	for name := range NamedAfter(expr, `process.env["`) {
		add(c.variables, name)
	}
	for key := range NamedAfter(expr, `flag("`) {
		add(c.flags, key)
	}
}

// NamedAfter goes through the names that stand whole behind a mark in an expression: one that was cut off is none.
func NamedAfter(expr, mark string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := expr; ; {
			_, after, found := strings.Cut(rest, mark)
			if !found {
				return
			}
			end := strings.IndexFunc(after, func(r rune) bool {
				return !(r == '_' || r == '-' || r == '$' || r == ':' && mark[len(mark)-1] == '"' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
			})
			if end < 0 {
				end = len(after)
			}
			cut := strings.HasPrefix(after[end:], "...")
			if end > 0 && !cut && !yield(after[:end]) {
				return
			}
			rest = after[end:]
		}
	}
}
