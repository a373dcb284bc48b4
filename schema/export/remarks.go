package export

import (
	"fmt"
	"slices"

	"github.com/bundlens/bundlens/internal/ordered"
)

// What a shape asks for without a keyword of a single value.
const (
	onlyOne         = "that only one of the alternatives holds"
	elementsInOrder = "which element stands where"
)

// commonChecks are the keywords that validators of many languages have.
var commonChecks = []string{"minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"}

// says tells whether a language's form of a shape makes a check.
type says func(s *shape, name string, value any) bool

// remarks are the lines on a shape that its form in a language does not say: its description; checks that are not made
// and notes, those of its parts that have no place of their own too; and its default.
func remarks(s *shape, said says) []string {
	var lines []string
	if s.doc != "" {
		lines = append(lines, s.doc)
	}
	lines = append(lines, lacks(s, "", said)...)
	if s.has {
		lines = append(lines, "Default: "+ordered.String(s.preset))
	}
	return lines
}

// lacks are the checks and notes of a shape at a place, and of its parts. The members of an object have a place of their
// own, and a definition has.
func lacks(s *shape, at string, said says) (lines []string) {
	where := ""
	if at != "" {
		where = " of " + at
	}
	checks := slices.Clone(s.checks)
	if s.kind == union && s.oneOf && !apart(s.of) {
		checks = append(checks, check{name: onlyOne})
	}
	if s.kind == tuple && len(s.of) > 0 {
		checks = append(checks, check{name: elementsInOrder})
	}
	for _, c := range checks {
		if !said(s, c.name, c.value) {
			lines = append(lines, "Not checked"+where+": "+c.String())
		}
	}
	for _, n := range s.notes {
		lines = append(lines, "Not exact"+where+": it "+n+".")
	}
	inside := func(part *shape, name string) {
		if at != "" {
			name += " of " + at
		}
		for _, line := range lacks(part, name, said) {
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	for i, part := range s.of {
		inside(part, fmt.Sprintf("%s %d", map[kind]string{union: "alternative", intersection: "part", tuple: "element"}[s.kind], i+1))
	}
	if s.rest != nil && s.kind != object {
		inside(s.rest, "an element")
	} else if s.rest != nil {
		inside(s.rest, "a further member")
	}
	return lines
}

// withoutDoc is the shape without its description.
func (s *shape) withoutDoc() *shape {
	out := *s
	out.doc = ""
	return &out
}
