package export

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// python writes pydantic 2 models of the tools' inputs and outputs, NameInput and NameOutput, and TOOL_INPUTS, which has
// those of the inputs by the names of the tools. They refuse what the JSON Schemas refuse, but for what a comment says
// is not checked. A member whose name is no attribute's is the alias of a field.
func python(p *Program) ([]byte, error) {
	w := &pythonWriter{code: code{unit: "    "}, idents: identifiers{}}
	w.docstring(0, append([]string{"The tools of " + p.about() + ", for pydantic 2."}, p.caveats()...))
	w.WriteString(pythonHead)
	for _, name := range pythonNames {
		w.idents[name] = true
	}
	typed{
		taken:  w.idents,
		define: func(d *definition, lines []string) { w.class(d.name, d.shape, lines) },
		table:  w.table,
	}.declare(p)
	if len(w.classes) > 0 {
		w.line(0, "")
		w.line(0, "for _model in (")
		for _, name := range w.classes {
			w.line(1, "%s,", name)
		}
		w.line(0, "):")
		w.line(1, "_model.model_rebuild()")
	}
	return []byte(w.String()), nil
}

// pythonHead is what stands before the models. A field that may be left out has None then, and yet takes no null.
const pythonHead = `
from __future__ import annotations

from typing import Annotated, Any, List, Literal, Optional, Tuple, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator


def _refuse(value: Any) -> Any:
    raise ValueError("there is no value that fits here")


_Nothing = Annotated[Any, BeforeValidator(_refuse)]


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class _NotNull:
    """Marks a field that may be left out and takes no null."""


class _Object(BaseModel):
    model_config = ConfigDict(strict=True, populate_by_name=True, protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def _no_null(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for name, field in cls.model_fields.items():
                if any(isinstance(m, _NotNull) for m in field.metadata):
                    key = field.alias or name
                    if key in data and data[key] is None:
                        raise ValueError(f"{key!r} may be left out, and may not be null")
        return data


class _Value(RootModel):
    model_config = ConfigDict(strict=True)
`

// pythonNames are the names that the models use, which no class may have. Their fields may not either, as annotations
// are looked up among them first.
var pythonNames = []string{"Annotated", "Any", "BaseModel", "ConfigDict", "Field", "List", "BeforeValidator", "Literal", "Optional", "RootModel", "TOOL_INPUTS",
	"TOOL_OUTPUTS", "Tuple", "Union", "_NotNull", "_Nothing", "_Object", "_Value", "annotations", "bool", "dict", "float", "int", "list", "model_validator", "str", "type"}

// takenAttributes are the keywords of Python, and the attributes of pydantic's models, which a field would hide.
var takenAttributes = strings.Fields("False None True and as assert async await break class continue def del elif else except finally for from " +
	"global if import in is lambda nonlocal not or pass raise return try while with yield match case " +
	"construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra " +
	"model_fields model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild model_validate " +
	"model_validate_json model_validate_strings parse_file parse_obj parse_raw root schema schema_json update_forward_refs validate")

// pythonWriter writes models.
type pythonWriter struct {
	code
	idents  identifiers
	classes []string
}

// table writes a dictionary with models by the names of tools.
func (w *pythonWriter) table(outputs bool, _ string, entries []entry) {
	w.line(0, "")
	w.line(0, "")
	w.line(0, "%s: dict[str, type[BaseModel]] = {", map[bool]string{false: "TOOL_INPUTS", true: "TOOL_OUTPUTS"}[outputs])
	for _, e := range entries {
		w.line(1, "%s: %s,", pythonString(e.tool), e.name)
	}
	w.line(0, "}")
}

// class writes the model of a shape: of an object with its fields, or of another as a root. Classes of objects within
// come first.
func (w *pythonWriter) class(name string, s *shape, lines []string) {
	notes := []string{}
	if whole, ok := merged(s, &notes); ok {
		s = whole
	}
	lines = append(lines, paragraph(lines, remarks(s, pythonSays))...)
	for _, n := range notes {
		lines = append(lines, "Not checked: "+n)
	}
	var body code
	body.unit = w.unit
	base := "_Value"
	if s.kind == object {
		base = "_Object"
		w.fields(&body, name, s)
	} else {
		body.line(1, "root: %s", w.expr(s, name+"Value"))
	}
	w.classes = append(w.classes, name)
	w.line(0, "")
	w.line(0, "")
	w.line(0, "class %s(%s):", name, base)
	w.docstring(1, lines)
	if len(lines) > 0 {
		w.line(0, "")
	}
	w.WriteString(body.String())
}

// fields writes the fields of an object's class.
func (w *pythonWriter) fields(body *code, class string, s *shape) {
	switch {
	case s.rest == nil:
		body.line(1, `model_config = ConfigDict(extra="forbid")`)
	case s.rest.kind == anything:
		body.line(1, `model_config = ConfigDict(extra="allow")`)
	default:
		body.line(1, `model_config = ConfigDict(extra="allow")`)
		body.line(1, `__pydantic_extra__: dict[str, %s] = Field(init=False)`, w.expr(s.rest, class+"Extra"))
	}
	taken := identifiers{}
	for _, name := range slices.Concat(takenAttributes, pythonNames) {
		taken[name] = true
	}
	for _, p := range s.props {
		w.field(body, class, p, attribute(p.name, taken))
	}
}

// attribute is the name of a field. One that is taken gets an underscore, or a number.
func attribute(name string, taken identifiers) string {
	word := snake(name, "field")
	if taken[word] && !taken[word+"_"] {
		word += "_"
	}
	return taken.of(word)
}

func (w *pythonWriter) field(body *code, class string, p property, name string) {
	typ := w.expr(p.shape, class+pascal(p.name, "Field"))
	var args []string
	if !p.required {
		if !takesNull(p.shape, 0) {
			typ = "Annotated[Optional[" + typ + "], _NotNull()]"
		} else {
			typ = "Optional[" + typ + "]"
		}
		args = append(args, "default=None")
	}
	if name != p.name {
		args = append(args, "alias="+pythonString(p.name))
	}
	if p.doc != "" {
		args = append(args, "description="+pythonString(p.doc))
	}
	for _, line := range remarks(p.withoutDoc(), pythonSays) {
		for l := range strings.SplitSeq(seen(line), "\n") {
			body.line(1, "# %s", l)
		}
	}
	switch {
	case len(args) == 0:
		body.line(1, "%s: %s", name, typ)
	case len(args) == 1 && args[0] == "default=None":
		body.line(1, "%s: %s = None", name, typ)
	default:
		body.line(1, "%s: %s = Field(%s)", name, typ, strings.Join(args, ", "))
	}
}

// takesNull says whether null is among a shape's values.
func takesNull(s *shape, depth int) bool {
	switch s.kind {
	case anything, null:
		return true
	case literal:
		return s.value == nil
	case union:
		return slices.ContainsFunc(s.of, func(s *shape) bool { return takesNull(s, depth+1) })
	case intersection:
		return !slices.ContainsFunc(s.of, func(s *shape) bool { return !takesNull(s, depth+1) })
	case reference:
		return depth < maxDepth && takesNull(s.ref.shape, depth+1)
	}
	return false
}

// pythonSays says whether the models make a check, or are of one alternative only. Elements of which there may be more
// have no place in Python's types.
func pythonSays(s *shape, name string, value any) bool {
	switch name {
	case "pattern":
		source, _ := value.(string)
		_, ok := rustPattern(source)
		return ok
	case onlyOne, elementsInOrder:
		return s.kind == tuple && s.rest == nil
	}
	return slices.Contains(commonChecks, name)
}

// expr is a shape as an annotation. Objects within get a class named after class.
func (w *pythonWriter) expr(s *shape, class string) string {
	switch s.kind {
	case nothing:
		return "_Nothing"
	case null:
		return "None"
	case boolean:
		return "bool"
	case number:
		return checkedType("Union[int, float]", s)
	case integer:
		return checkedType("int", s)
	case text:
		return checkedType("str", s)
	case literal:
		return w.literal(s.value, class)
	case reference:
		return s.ref.name
	case array:
		return checkedType("List["+w.expr(s.rest, class+"Item")+"]", s)
	case tuple:
		return w.tuple(s, class)
	case object:
		if len(s.props) == 0 && s.rest != nil {
			return "dict[str, " + w.expr(s.rest, class+"Value") + "]"
		}
		name := w.idents.of(class)
		w.class(name, s, nil)
		return name
	case union:
		return w.union(s.of, class)
	case intersection:
		return w.intersection(s, class)
	}
	return "Any"
}

func (w *pythonWriter) union(of []*shape, class string) string {
	var types, values []string
	for i, s := range of {
		if s.kind == literal && isLiteralOfPython(s.value) {
			values = append(values, pythonValue(s.value))
			continue
		}
		t := w.expr(s, fmt.Sprintf("%s%d", class, i+1))
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	if len(values) > 0 {
		types = append([]string{"Literal[" + strings.Join(values, ", ") + "]"}, types...)
	}
	switch {
	case slices.Contains(types, "Any"):
		return "Any"
	case len(types) == 1:
		return types[0]
	}
	return "Union[" + strings.Join(types, ", ") + "]"
}

// intersection is what all of several shapes ask for, as far as a class can say it: objects are one with the fields of
// all. Of others the first says something, and a check is lost, which the class's remarks say.
func (w *pythonWriter) intersection(s *shape, class string) string {
	var notes []string
	if _, ok := merged(s, &notes); ok {
		name := w.idents.of(class)
		w.class(name, s, nil)
		return name
	}
	for _, part := range s.of {
		if part.kind != anything {
			return w.expr(part, class)
		}
	}
	return "Any"
}

// merged is an object for an intersection of objects; notes say what it asks less. Members that several name are
// those of the first.
func merged(s *shape, notes *[]string) (*shape, bool) {
	if s.kind != intersection {
		return s, s.kind == object
	}
	out := &shape{kind: object, doc: s.doc, notes: s.notes, checks: s.checks, rest: &shape{}, preset: s.preset, has: s.has}
	objects := 0
	for _, part := range s.of {
		for part.kind == reference && part.ref.shape.kind == object {
			part = part.ref.shape
		}
		if part.kind == intersection {
			if whole, ok := merged(part, notes); ok {
				part = whole
			}
		}
		if part.kind != object {
			*notes = append(*notes, "one of the parts that all have to hold")
			continue
		}
		objects++
		addMembers(out, part, notes)
	}
	return out, objects > 0
}

func addMembers(out, part *shape, notes *[]string) {
	out.checks = append(out.checks, part.checks...)
	out.notes = append(out.notes, part.notes...)
	if part.rest == nil {
		*notes = append(*notes, "further members, which one of the parts does not take")
	} else if part.rest.kind != anything {
		*notes = append(*notes, "the type of further members")
	}
	for _, p := range part.props {
		i := slices.IndexFunc(out.props, func(q property) bool { return q.name == p.name })
		if i < 0 {
			out.props = append(out.props, p)
			continue
		}
		q := out.props[i]
		out.props[i] = property{q.name, q.required || p.required, q.shape}
		if q.kind == anything {
			out.props[i].shape = p.shape
		} else if p.kind != anything {
			*notes = append(*notes, "what another part asks of "+quoted(p.name))
		}
	}
}

// checkedType is a type with the checks that pydantic makes of it.
func checkedType(typ string, s *shape) string {
	names := map[string]string{"minLength": "min_length", "maxLength": "max_length", "minItems": "min_length", "maxItems": "max_length",
		"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt", "multipleOf": "multiple_of"}
	var args []string
	for _, c := range s.checks {
		if n, ok := c.value.(float64); ok && names[c.name] != "" {
			args = append(args, names[c.name]+"="+ordered.String(n))
		}
		if source, ok := c.value.(string); ok && c.name == "pattern" {
			if pattern, ok := rustPattern(source); ok {
				args = append(args, "pattern="+pythonString(pattern))
			}
		}
	}
	if len(args) == 0 {
		return typ
	}
	return "Annotated[" + typ + ", Field(" + strings.Join(args, ", ") + ")]"
}

// rustPattern is a pattern of JavaScript's as one of pydantic's engine, which is Rust's; ok is false where it can't be
// told to mean the same. Go's syntax is a part of both; classes are written out, as they mean more characters in Rust.
func rustPattern(source string) (pattern string, ok bool) {
	if strings.Contains(source, `\s`) || strings.Contains(source, `\S`) || strings.Contains(source, `\b`) || strings.Contains(source, `\B`) ||
		strings.Contains(source, "(?") || !isPattern(source) {
		return "", false
	}
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return "", false
	}
	return re.String(), true
}

func (w *pythonWriter) tuple(s *shape, class string) string {
	var parts []string
	for i, e := range s.of {
		parts = append(parts, w.expr(e, fmt.Sprintf("%s%d", class, i+1)))
	}
	var forms []string
	for n := s.least; n <= len(parts); n++ { // a tuple of Python has a length
		if n == 0 {
			forms = append(forms, "Tuple[()]")
			continue
		}
		forms = append(forms, "Tuple["+strings.Join(parts[:n], ", ")+"]")
	}
	if s.rest != nil {
		return "Annotated[List[" + w.union(append(slices.Clone(s.of), s.rest), class) + "], Field(min_length=" + strconv.Itoa(s.least) + ")]"
	}
	form := forms[0]
	if len(forms) > 1 {
		form = "Union[" + strings.Join(forms, ", ") + "]"
	}
	return "Annotated[" + form + ", BeforeValidator(_as_tuple)]" // a list is a tuple, too
}

// isLiteralOfPython says whether Literal takes a value.
func isLiteralOfPython(v any) bool {
	if f, ok := v.(float64); ok {
		return f == float64(int64(f))
	}
	return isPrimitive(v)
}

func (w *pythonWriter) literal(v any, class string) string {
	switch v := v.(type) {
	case float64:
		if !isLiteralOfPython(v) {
			n := ordered.String(v)
			return "Annotated[float, Field(ge=" + n + ", le=" + n + ")]"
		}
	case []any:
		s := &shape{kind: tuple, least: len(v)}
		for _, x := range v {
			s.of = append(s.of, &shape{kind: literal, value: x})
		}
		return w.expr(s, class)
	case *ordered.Map:
		s := &shape{kind: object}
		for _, k := range v.Keys() {
			s.props = append(s.props, property{k, true, &shape{kind: literal, value: v.Value(k)}})
		}
		return w.expr(s, class)
	}
	return "Literal[" + pythonValue(v) + "]"
}

// pythonValue is a primitive JSON value as Python's source.
func pythonValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return pythonString(v)
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ordered.String(v)
}

// pythonString is a text as a string literal of Python.
func pythonString(s string) string {
	var b strings.Builder
	for _, r := range ordered.String(s) {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// docstring writes lines as the docstring of what stands around them.
func (c *code) docstring(level int, lines []string) {
	if len(lines) == 0 {
		return
	}
	text := seen(strings.Join(lines, "\n"))
	text = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
	indent := strings.Repeat(c.unit, level)
	c.line(level, `"""%s"""`, strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n"+indent), "\n"+indent+"\n", "\n\n"))
}
