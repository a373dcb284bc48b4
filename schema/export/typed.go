package export

// The exports to languages with types have one frame: for each tool a type of its input and, where it is known, one of
// its output, each behind the types that it refers to; then a table of the inputs and one of the outputs, with the types
// by the names of the tools.

// typed is a language with types.
type typed struct {
	// taken are the names that no type may have.
	taken identifiers
	// begin is called before the types of one schema; it may be nil.
	begin func()
	// define writes one type. lines are what is said of it.
	define func(d *definition, lines []string)
	// table writes the table of the inputs, or of the outputs, by its title and entries.
	table func(outputs bool, title string, entries []entry)
}

// entry is a tool and a type of it.
type entry struct{ tool, name string }

// declare writes a program's tools.
func (t typed) declare(p *Program) {
	var inputs, outputs []entry
	for _, tool := range p.tools {
		name := t.taken.of(tool.ident + "Input")
		inputs = append(inputs, entry{tool.Name, name})
		t.schema(shapeOf(tool.input, name, t.taken), tool.about())
		if tool.output != nil {
			name := t.taken.of(tool.ident + "Output")
			outputs = append(outputs, entry{tool.Name, name})
			t.schema(shapeOf(tool.output, name, t.taken), []string{"What " + tool.Name + " answers."})
		}
	}
	t.table(false, "The inputs of the tools, by name.", inputs)
	t.table(true, "What the tools answer, by name, where it is known.", outputs)
}

// schema writes a schema's types: those that it refers to first.
func (t typed) schema(s *shaped, lines []string) {
	if t.begin != nil {
		t.begin()
	}
	for _, d := range s.definitions {
		t.define(d, nil)
	}
	t.define(s.root, lines)
}
