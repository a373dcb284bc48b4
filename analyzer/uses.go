package analyzer

import (
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// linkUses says of each variable and flag which records depend on it, as their conditions and holes name it. A variable
// that only conditions name, because the program reads it by way of something else, is added without a place.
func linkUses(doc *schema.Document) {
	c := &uses{doc: doc, variables: map[string][]schema.Use{}, flags: map[string][]schema.Use{}}
	for i := range doc.Tools {
		t := &doc.Tools[i]
		c.begin("tools/" + t.Name)
		c.condition(t.EnabledWhen)
		for _, x := range t.Traits {
			c.condition(x.When)
		}
		for j := range t.SchemaVariants {
			c.condition(&t.SchemaVariants[j].When)
		}
		for j := range t.DescriptionVariants {
			c.condition(&t.DescriptionVariants[j].When)
		}
		c.text(t.Description)
	}
	c.prompts("prompts/", doc.Prompts)
	c.prompts("reminders/", doc.Reminders)
	for _, a := range doc.Agents {
		c.begin("agents/" + a.Name)
		c.condition(a.EnabledWhen)
		c.text(a.WhenToUse)
		c.text(a.Prompt)
	}
	for _, x := range doc.Commands {
		c.begin("commands/" + x.Name)
		c.condition(x.EnabledWhen)
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
	doc              *schema.Document
	record           string
	asked            map[int]bool // questions that the record asks
	variables, flags map[string][]schema.Use
}

func (c *uses) begin(record string) { c.record, c.asked = record, map[int]bool{} }

func (c *uses) prompts(list string, prompts []schema.Prompt) {
	for i := range prompts {
		p := &prompts[i]
		c.begin(list + p.ID)
		for j := range p.Guards {
			c.condition(&p.Guards[j])
		}
		c.text(&p.Text)
	}
}

func (c *uses) condition(cond *schema.Cond) {
	for id := range cond.Questions() {
		if c.asked[id] {
			continue
		}
		c.asked[id] = true
		q := &c.doc.Questions[id]
		c.note(q.Subjects(), schema.UseCondition)
		c.condition(q.Means)
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
			c.note(p.Hole.MadeOf(), schema.UseText)
		}
		for i := range p.Choice {
			c.condition(&p.Choice[i].When)
			c.parts(p.Choice[i].Parts)
		}
		if p.Each != nil {
			c.parts(p.Each.Parts)
		}
	}
}

// note keeps that the record depends on some subjects.
func (c *uses) note(subjects []schema.Subject, how string) {
	use := schema.Use{Record: c.record, How: how}
	for _, s := range subjects {
		of := map[string]map[string][]schema.Use{schema.KindEnv: c.variables, schema.KindFlag: c.flags}[s.Kind]
		if of == nil {
			continue
		}
		list := of[s.Name]
		if i := slices.IndexFunc(list, func(u schema.Use) bool { return u.Record == use.Record }); i < 0 {
			of[s.Name] = append(list, use)
		} else if how == schema.UseText {
			list[i].How = how
		}
	}
}
