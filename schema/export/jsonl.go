package export

import (
	"bytes"

	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

// jsonLines writes a record a line: what it is, the program, its text as the model gets it in the default world (null
// where that is not known), and the record as the Document has it.
func jsonLines(p *Program) ([]byte, error) {
	w := &lineWriter{program: p}
	for _, t := range p.tools {
		w.record("tool", t.Name, t.Description, t.Tool)
	}
	for i := range p.doc.Prompts {
		r := &p.doc.Prompts[i]
		w.record("prompt", r.ID, &r.Text, r)
	}
	for i := range p.doc.Reminders {
		r := &p.doc.Reminders[i]
		w.record("reminder", r.ID, &r.Text, r)
	}
	for i := range p.doc.Agents {
		r := &p.doc.Agents[i]
		w.record("agent", r.Name, r.Prompt, r)
	}
	for i := range p.doc.Commands {
		r := &p.doc.Commands[i]
		w.record("command", r.Name, r.Prompt, r)
	}
	return w.Bytes(), w.err
}

type lineWriter struct {
	bytes.Buffer
	program *Program
	err     error
}

// record writes a line; exact says whether all of the text and of a tool's schema is known.
func (w *lineWriter) record(kind, name string, text *schema.Text, record any) {
	if w.err != nil {
		return
	}
	exact := text != nil && text.IsLiteral()
	if t, ok := record.(*schema.Tool); ok {
		exact = exact && t.Complete
	}
	var said any
	if text != nil {
		said = text.Text
	}
	data, err := encoded(record)
	if err != nil {
		w.err = err
		return
	}
	value, err := ordered.Parse(data)
	if err != nil {
		w.err = err
		return
	}
	s := w.program.doc.Source
	line, err := ordered.Marshal(ordered.New("kind", kind, "name", name, "package", s.Package, "version", s.Version,
		"wholeProgram", w.program.doc.Health.Complete, "exact", exact, "text", said, "record", value))
	w.err = err
	w.Write(append(line, '\n'))
}
