package schema

import "fmt"

// Link puts back what a Document as it is written has once, or leaves out because it follows. [Decode] calls it; it is for
// those who read a written Document in parts.
func (d *Document) Link() error { return d.link(true) }

// LinkUnread is Link for those who evaluate conditions and don't show them: the ones within texts get no text.
func (d *Document) LinkUnread() error { return d.link(false) }

func (d *Document) link(readable bool) error {
	first := d.firstOrigins()
	for i := range d.Questions {
		if q := &d.Questions[i]; i > 0 && q.Again {
			*q = d.Questions[i-1]
		} else {
			q.read(first)
		}
	}
	if err := linkMembers(d.Tools); err != nil {
		return err
	}
	if err := linkVariants(d.Tools); err != nil {
		return err
	}
	if err := d.linkFormulas(); err != nil {
		return err
	}
	if err := d.checkQuestions(); err != nil {
		return err
	}
	if readable {
		d.readConditions()
	}
	if err := d.linkFragments(); err != nil {
		return err
	}
	answers := NewAnswers(d, World{})
	for t := range d.Texts() {
		switch {
		case len(t.Parts) == 0:
			t.Parts = Literal(t.Text).Parts
		case t.Text == "":
			t.Text = answers.Text(t.Parts)
		}
	}
	return nil
}

// readConditions gives conditions within texts their texts.
func (d *Document) readConditions() {
	readings := &reader{doc: d}
	for c := range d.textConditions() {
		if c.Text == "" {
			c.Text = readings.reading(c)
		}
	}
}

// checkQuestions makes sure that conditions ask only what the Document has.
func (d *Document) checkQuestions() error {
	for c := range d.Conditions() {
		for id := range c.Questions() {
			if id < 0 || id >= len(d.Questions) {
				return fmt.Errorf("a condition asks question %d, and there are %d", id, len(d.Questions))
			}
		}
	}
	return nil
}

// Bounds of what references to fragments put into lists, in parts and in bytes: a few bytes could ask for any number.
const (
	maxLinked      = 1 << 20
	maxLinkedBytes = 1 << 28
)

// linker puts fragments in the places of references.
type linker struct {
	fragments [][]Part
	linked    int
	bytes     int
}

// linkFragments puts the parts of fragments in the places of references to them.
func (d *Document) linkFragments() error {
	l := &linker{}
	for i, parts := range d.Fragments {
		linked, err := l.link(parts)
		if err != nil {
			return fmt.Errorf("fragment %d: %w", i, err)
		}
		l.fragments = append(l.fragments, linked)
	}
	for t := range d.Texts() {
		linked, err := l.link(t.Parts)
		if err != nil {
			return err
		}
		t.Parts = linked
	}
	d.Fragments = nil
	return nil
}

func (l *linker) link(parts []Part) ([]Part, error) {
	out := make([]Part, 0, len(parts))
	refers := false
	for _, p := range parts {
		var err error
		switch {
		case p.Ref != nil && (*p.Ref < 0 || *p.Ref >= len(l.fragments)):
			return nil, fmt.Errorf("a reference to fragment %d stands before it", *p.Ref)
		case p.Ref != nil:
			out, refers = append(out, l.fragments[*p.Ref]...), true
			if l.linked += len(l.fragments[*p.Ref]); l.linked > maxLinked {
				return nil, fmt.Errorf("its references stand for more than %d parts", maxLinked)
			}
			continue
		case len(p.Choice) > 0:
			for i := range p.Choice {
				if p.Choice[i].Parts, err = l.link(p.Choice[i].Parts); err != nil {
					return nil, err
				}
			}
		case p.Each != nil:
			if p.Each.Parts, err = l.link(p.Each.Parts); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	if !refers {
		return out, nil
	}
	if len(parts) == 1 {
		return l.fragments[*parts[0].Ref], nil // as one in memory as well
	}
	for _, p := range out {
		if l.bytes += len(p.Lit); l.bytes > maxLinkedBytes {
			return nil, fmt.Errorf("its references stand for more than %d bytes", maxLinkedBytes)
		}
	}
	return Join(out), nil
}
