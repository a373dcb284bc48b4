package export

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// typeScript writes the types of the tools' inputs and outputs, NameInput and NameOutput, and ToolInputs, which has
// those of the inputs by the names of the tools. The types are those that json-schema-to-typescript makes in their shape:
// an object that may have members that are not named has an index signature.
func typeScript(p *Program) ([]byte, error) {
	w := &typeWriter{code{unit: "  "}}
	w.blockComment(0, append([]string{"The tools of " + p.about() + "."}, p.caveats()...))
	typed{
		taken:  identifiers{"ToolInputs": true, "ToolOutputs": true},
		define: w.definition,
		table:  w.table,
	}.declare(p)
	return []byte(w.String()), nil
}

// table writes an interface with types by the names of tools.
func (w *typeWriter) table(outputs bool, title string, entries []entry) {
	w.line(0, "")
	w.blockComment(0, []string{title})
	w.line(0, "export interface %s {", map[bool]string{false: "ToolInputs", true: "ToolOutputs"}[outputs])
	for _, e := range entries {
		w.line(1, "%s: %s;", typeKey(e.tool), e.name)
	}
	w.line(0, "}")
}

// typeWriter writes types.
type typeWriter struct{ code }

// definition writes a type.
func (w *typeWriter) definition(d *definition, lines []string) {
	w.line(0, "")
	w.blockComment(0, append(lines, paragraph(lines, remarks(d.shape, typesSay))...))
	w.line(0, "export type %s = %s;", d.name, w.expr(d.shape, 0))
}

// expr is the type of a shape. level is the indentation of the line that it starts on.
func (w *typeWriter) expr(s *shape, level int) string {
	switch s.kind {
	case nothing:
		return "never"
	case null:
		return "null"
	case boolean:
		return "boolean"
	case number, integer:
		return "number"
	case text:
		return "string"
	case literal:
		return literalType(s.value)
	case reference:
		return s.ref.name
	case array:
		return w.operand(s.rest, level) + "[]"
	case tuple:
		return w.tuple(s, level)
	case object:
		return w.object(s, level)
	case union:
		return w.joined(s.of, " | ", level)
	case intersection:
		return w.joined(s.of, " & ", level)
	}
	return "unknown"
}

// typesSay says whether a type makes a check: of lengths, bounds and patterns it has no word.
func typesSay(_ *shape, name string, _ any) bool { return name == elementsInOrder }

// operand is a type as a part of one that binds more tightly.
func (w *typeWriter) operand(s *shape, level int) string {
	if (s.kind == union || s.kind == intersection) && len(s.of) > 1 {
		return "(" + w.expr(s, level) + ")"
	}
	return w.expr(s, level)
}

// joined are types with an operator between them, each once. Anything takes the others up, as the compiler has it too.
func (w *typeWriter) joined(list []*shape, operator string, level int) string {
	var out []string
	for _, s := range list {
		t := w.operand(s, level)
		switch {
		case t == "unknown" && operator == " | ":
			return t
		case t == "unknown" && len(list) > 1 || contains(out, t):
			continue
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return "unknown"
	}
	return strings.Join(out, operator)
}

func (w *typeWriter) tuple(s *shape, level int) string {
	var parts []string
	for i, e := range s.of {
		t := w.operand(e, level)
		if i >= s.least {
			t += "?"
		}
		parts = append(parts, t)
	}
	if s.rest != nil {
		parts = append(parts, "..."+w.operand(s.rest, level)+"[]")
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (w *typeWriter) object(s *shape, level int) string {
	if len(s.props) == 0 && s.rest == nil {
		return "Record<string, never>"
	}
	c := &typeWriter{code{unit: w.unit}}
	c.line(0, "{")
	types := []string{}
	optional := false
	for _, p := range s.props {
		c.blockComment(level+1, remarks(p.shape, typesSay))
		mark := ""
		if !p.required {
			mark, optional = "?", true
		}
		t := c.expr(p.shape, level+1)
		types = append(types, t)
		c.line(level+1, "%s%s: %s;", typeKey(p.name), mark, t)
	}
	if s.rest != nil {
		c.blockComment(level+1, remarks(s.rest, typesSay))
		c.line(level+1, "[k: string]: %s;", c.index(s.rest, types, optional, level+1))
	}
	return c.String() + strings.Repeat(w.unit, level) + "}"
}

// index is the type of an index signature, which has to take the named members too.
func (w *typeWriter) index(rest *shape, named []string, optional bool, level int) string {
	of := []string{w.operand(rest, level)}
	if of[0] == "unknown" {
		return of[0]
	}
	add := func(t string) {
		if !contains(of, t) {
			of = append(of, t)
		}
	}
	for _, t := range named {
		if strings.ContainsAny(t, "|&") {
			t = "(" + t + ")"
		}
		add(t)
	}
	if optional {
		add("undefined")
	}
	return strings.Join(of, " | ")
}

// literalType is the type of a JSON value.
func literalType(v any) string {
	switch v := v.(type) {
	case string:
		return quoted(v)
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, literalType(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *ordered.Map:
		var parts []string
		for _, k := range v.Keys() {
			parts = append(parts, typeKey(k)+": "+literalType(v.Value(k)))
		}
		if len(parts) == 0 {
			return "Record<string, never>"
		}
		return "{ " + strings.Join(parts, "; ") + " }"
	}
	return ordered.String(v)
}
