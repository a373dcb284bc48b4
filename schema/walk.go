package schema

import "iter"

// Texts goes through the Document's texts in its order.
func (d *Document) Texts() iter.Seq[*Text] {
	return func(yield func(*Text) bool) {
		for _, t := range d.texts() {
			if t != nil && !yield(t) {
				return
			}
		}
	}
}

func (d *Document) texts() (list []*Text) {
	for i := range d.Tools {
		t := &d.Tools[i]
		list = append(list, t.Description, t.Summary)
		for j := range t.DescriptionVariants {
			list = append(list, &t.DescriptionVariants[j].Description)
		}
	}
	for _, prompts := range [][]Prompt{d.Prompts, d.Reminders} {
		for i := range prompts {
			list = append(list, &prompts[i].Text)
		}
	}
	for i := range d.Agents {
		list = append(list, d.Agents[i].WhenToUse, d.Agents[i].Prompt)
	}
	for i := range d.Commands {
		list = append(list, d.Commands[i].Description, d.Commands[i].Prompt)
	}
	for i := range d.Capabilities {
		list = append(list, d.Capabilities[i].Detail)
	}
	return list
}

// Conditions goes through all conditions: those of the records first, then those in texts and those that questions
// stand for. One that several texts share in memory comes once for each.
func (d *Document) Conditions() iter.Seq[*Cond] {
	return func(yield func(*Cond) bool) {
		for _, c := range d.recordConditions() {
			if c != nil && !yield(c) {
				return
			}
		}
		for c := range d.textConditions() {
			if !yield(c) {
				return
			}
		}
		for i := range d.Questions {
			if c := d.Questions[i].Means; c != nil && !yield(c) {
				return
			}
		}
	}
}

// textConditions goes through the conditions in texts and fragments of a Document as it is written.
func (d *Document) textConditions() iter.Seq[*Cond] {
	return func(yield func(*Cond) bool) {
		for t := range d.Texts() {
			if !eachCondition(t.Parts, yield) {
				return
			}
		}
		for _, parts := range d.Fragments {
			if !eachCondition(parts, yield) {
				return
			}
		}
	}
}

func (d *Document) recordConditions() (list []*Cond) {
	for i := range d.Tools {
		t := &d.Tools[i]
		list = append(list, t.EnabledWhen)
		for j := range t.Traits {
			list = append(list, t.Traits[j].When)
		}
		for j := range t.SchemaVariants {
			list = append(list, &t.SchemaVariants[j].When)
		}
		for j := range t.DescriptionVariants {
			list = append(list, &t.DescriptionVariants[j].When)
		}
	}
	for _, prompts := range [][]Prompt{d.Prompts, d.Reminders} {
		for i := range prompts {
			for j := range prompts[i].Guards {
				list = append(list, &prompts[i].Guards[j])
			}
		}
	}
	for i := range d.Agents {
		list = append(list, d.Agents[i].EnabledWhen)
	}
	for i := range d.Commands {
		list = append(list, d.Commands[i].EnabledWhen)
	}
	return list
}

func eachCondition(parts []Part, yield func(*Cond) bool) bool {
	for i := range parts {
		p := &parts[i]
		for j := range p.Choice {
			if b := &p.Choice[j]; !yield(&b.When) || !eachCondition(b.Parts, yield) {
				return false
			}
		}
		if p.Each != nil && !eachCondition(p.Each.Parts, yield) {
			return false
		}
	}
	return true
}
