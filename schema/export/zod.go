package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dlclark/regexp2"

	"github.com/bundlens/bundlens/internal/ordered"
)

// zodSchemas writes the tools' schemas for Zod 4: NameInput and NameOutput, each with the type of its name, and
// toolInputs, which has those of the inputs by the names of the tools. They refuse what the JSON Schemas refuse, but
// for what a comment says is not checked, and change nothing: a default is told and not filled in.
func zodSchemas(p *Program) ([]byte, error) {
	w := &zodWriter{code: code{unit: "  "}}
	w.blockComment(0, append([]string{"The tools of " + p.about() + ", for Zod 4.",
		"Lengths are counted in UTF-16 units, where JSON Schema counts characters."}, p.caveats()...))
	w.line(0, `import { z } from "zod";`)
	typed{
		taken:  identifiers{"z": true, "toolInputs": true, "toolOutputs": true, "exactlyOne": true, "pattern": true},
		begin:  func() { w.done = map[*definition]bool{} },
		define: w.definition,
		table:  w.table,
	}.declare(p)
	if w.exactlyOne {
		w.WriteString(exactlyOneHelper)
	}
	if w.pattern {
		w.WriteString(patternHelper)
	}
	return []byte(w.String()), nil
}

// exactlyOneHelper is what oneOf asks for, which a union does not.
const exactlyOneHelper = `
/** What exactly one of the schemas takes. */
function exactlyOne<T extends readonly [z.ZodType, ...z.ZodType[]]>(schemas: T) {
  return z.union(schemas).refine((v) => schemas.filter((s) => s.safeParse(v).success).length === 1, "has to be exactly one of the alternatives");
}
`

// patternHelper makes a regular expression as JSON Schema wants it, by characters, and as it is where it is none so.
const patternHelper = `
/** The regular expression of a pattern. */
function pattern(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}
`

// zodWriter writes schemas for Zod.
type zodWriter struct {
	code
	// The helpers that are used.
	exactlyOne, pattern bool
	done                map[*definition]bool
}

// table writes an object with schemas by the names of tools.
func (w *zodWriter) table(outputs bool, title string, entries []entry) {
	w.line(0, "")
	w.blockComment(0, []string{title})
	w.line(0, "export const %s = {", map[bool]string{false: "toolInputs", true: "toolOutputs"}[outputs])
	for _, e := range entries {
		w.line(1, "%s: %s,", valueKey(e.tool), e.name)
	}
	w.line(0, "};")
}

// definition writes a constant and the type of its name. One that refers to itself can't have its type inferred.
func (w *zodWriter) definition(d *definition, lines []string) {
	w.line(0, "")
	w.blockComment(0, append(lines, paragraph(lines, remarks(d.shape, zodSays))...))
	typ := ""
	if d.again {
		typ = ": z.ZodType"
	}
	w.line(0, "export const %s%s = %s;", d.name, typ, w.expr(d.shape, 0))
	w.line(0, "export type %s = z.infer<typeof %s>;", d.name, d.name)
	w.done[d] = true
}

// zodSays says whether the schemas make a check.
func zodSays(_ *shape, name string, value any) bool {
	source, _ := value.(string)
	return slices.Contains(commonChecks, name) || name == onlyOne || name == elementsInOrder || name == "pattern" && isPattern(source)
}

// expr is a shape as Zod's constructors.
func (w *zodWriter) expr(s *shape, level int) string {
	switch s.kind {
	case nothing:
		return "z.never()"
	case null:
		return "z.null()"
	case boolean:
		return "z.boolean()"
	case number:
		return "z.number()" + w.calls(s)
	case integer:
		return "z.int()" + w.calls(s)
	case text:
		return "z.string()" + w.calls(s)
	case literal:
		return zodLiteral(s.value)
	case reference:
		if !w.done[s.ref] {
			return "z.lazy(() => " + s.ref.name + ")"
		}
		return s.ref.name
	case array:
		return "z.array(" + w.expr(s.rest, level) + ")" + w.calls(s)
	case tuple:
		return w.tuple(s, level)
	case object:
		return w.object(s, level)
	case union:
		return w.union(s, level)
	case intersection:
		return w.intersection(s.of, level)
	}
	return "z.unknown()"
}

// calls are the methods that make the checks of a shape.
func (w *zodWriter) calls(s *shape) string {
	methods := map[string]string{"minLength": "min", "maxLength": "max", "minItems": "min", "maxItems": "max", "minimum": "gte",
		"maximum": "lte", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt", "multipleOf": "multipleOf"}
	var b strings.Builder
	for _, c := range s.checks {
		if n, ok := c.value.(float64); ok && methods[c.name] != "" {
			fmt.Fprintf(&b, ".%s(%s)", methods[c.name], ordered.String(n))
		}
		if source, ok := c.value.(string); ok && c.name == "pattern" && isPattern(source) {
			w.pattern = true
			b.WriteString(".regex(pattern(" + quoted(source) + "))")
		}
	}
	return b.String()
}

// isPattern says whether JavaScript takes a text for a regular expression, as far as that can be told.
func isPattern(source string) bool {
	_, err := regexp2.Compile(source, regexp2.ECMAScript)
	return err == nil
}

func (w *zodWriter) union(s *shape, level int) string {
	if slices.IndexFunc(s.of, func(s *shape) bool { return s.kind != literal || !isPrimitive(s.value) }) < 0 {
		var values []string
		for _, l := range s.of {
			values = append(values, jsonValue(l.value))
		}
		return "z.literal([" + strings.Join(values, ", ") + "])"
	}
	call := "z.union("
	if s.oneOf && !apart(s.of) {
		call, w.exactlyOne = "exactlyOne(", true
	}
	return call + w.list(s.of, level) + ")"
}

// list is an array literal of schemas, one a line.
func (w *zodWriter) list(of []*shape, level int) string {
	var b strings.Builder
	b.WriteString("[\n")
	for _, s := range of {
		b.WriteString(strings.Repeat(w.unit, level+1) + w.expr(s, level+1) + ",\n")
	}
	return b.String() + strings.Repeat(w.unit, level) + "]"
}

func (w *zodWriter) intersection(of []*shape, level int) string {
	out := w.expr(of[0], level)
	for _, s := range of[1:] {
		out = "z.intersection(" + out + ", " + w.expr(s, level) + ")"
	}
	return out
}

// tuple is a tuple; elements that may be left out are optional, which Zod takes at the end.
func (w *zodWriter) tuple(s *shape, level int) string {
	var parts []string
	for i, e := range s.of {
		t := w.expr(e, level)
		if i >= s.least {
			t += ".optional()"
		}
		parts = append(parts, t)
	}
	out := "z.tuple([" + strings.Join(parts, ", ") + "]"
	if s.rest != nil {
		out += ", " + w.expr(s.rest, level)
	}
	return out + ")"
}

func (w *zodWriter) object(s *shape, level int) string {
	call, after := "z.strictObject(", ")"
	switch {
	case s.rest != nil && s.rest.kind == anything:
		call = "z.looseObject("
	case s.rest != nil && len(s.props) == 0:
		return "z.record(z.string(), " + w.expr(s.rest, level) + ")"
	case s.rest != nil:
		call, after = "z.object(", ").catchall("+w.expr(s.rest, level)+")"
	}
	if len(s.props) == 0 {
		return call + "{}" + after
	}
	var b code
	b.unit = w.unit
	b.line(0, "%s{", call)
	for _, p := range s.props {
		b.blockComment(level+1, remarks(p.shape, zodSays))
		t := w.expr(p.shape, level+1)
		if !p.required {
			t += ".optional()"
		}
		b.line(level+1, "%s: %s,", valueKey(p.name), t)
	}
	out := b.String() + strings.Repeat(w.unit, level) + "}" + after
	if level >= maxInferred {
		return "(" + out + " as z.ZodType)"
	}
	return out
}

// maxInferred is how deep the types of nested objects are inferred: the compiler bears little more.
const maxInferred = 8

// zodLiteral is the schema of one value. Zod's literals are primitive.
func zodLiteral(v any) string {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, zodLiteral(x))
		}
		return "z.tuple([" + strings.Join(parts, ", ") + "])"
	case *ordered.Map:
		var parts []string
		for _, k := range v.Keys() {
			parts = append(parts, valueKey(k)+": "+zodLiteral(v.Value(k)))
		}
		return "z.strictObject({ " + strings.Join(parts, ", ") + " })"
	}
	return "z.literal(" + jsonValue(v) + ")"
}

// apart says whether no value can be of two of the shapes: they are of different kinds, or objects that ask for
// different values of a member.
func apart(list []*shape) bool {
	for i, a := range list {
		for _, b := range list[:i] {
			if !twoApart(a, b) {
				return false
			}
		}
	}
	return true
}

func twoApart(a, b *shape) bool {
	sort := func(s *shape) string {
		switch s.kind {
		case null, boolean, text:
			return fmt.Sprint(s.kind)
		case number, integer:
			return "number"
		case array, tuple:
			return "array"
		case object:
			return "object"
		}
		return ""
	}
	x, y := sort(a), sort(b)
	if x != y || x == "" {
		return x != "" && y != "" || a.kind == literal && b.kind == literal && ordered.String(a.value) != ordered.String(b.value)
	}
	if x != "object" {
		return false
	}
	return slices.ContainsFunc(a.props, func(p property) bool {
		return p.required && p.kind == literal && slices.ContainsFunc(b.props, func(q property) bool {
			return q.name == p.name && q.required && q.kind == literal && ordered.String(p.value) != ordered.String(q.value)
		})
	})
}
