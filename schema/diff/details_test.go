package diff

import (
	"slices"
	"testing"
)

// TestDetails says once what several variants have, and in one line which properties went.
func TestDetails(t *testing.T) {
	same := func(field string) TextChange {
		return TextChange{Field: field, Change: Changed, Hunks: []Hunk{{ToLine: 1, Edits: []Edit{{Op: Insert, Text: "new"}}}}}
	}
	r := &Record{Name: "Look", Change: Changed,
		Fields: []FieldChange{{"schema variant", "when a", ""}, {"schema variant", "when ...", ""}, {"schema variant", "when ...", ""}, {"schema variant", "", "when b"}},
		Schema: []SchemaChange{
			{Path: "depth", Kind: propertyRemoved, From: `{"type":"number"}`, Breaking: true},
			{Path: "path", Kind: propertyRemoved, From: `{"type":"string"}`, Breaking: true},
			{Of: "when a", Path: "mode", Kind: "property-added", To: "1"},
			{Of: "when b", Path: "mode", Kind: "property-added", To: "1"},
			{Path: "depth", Kind: "limit-changed", From: `{"maximum":9}`},
			{Kind: "limit-changed", From: `{"maximum":9}`},
		},
		Texts: []TextChange{same("description"), same("summary"), {Field: "text", Change: Changed, Hunks: []Hunk{{ToLine: 3, Edits: []Edit{{Op: Delete, Text: "${OLD}"}, {Op: Insert, Text: "${NEW}"}, {Op: Insert, Text: " word"}}}, {}}}},
	}
	var got []string
	p := &textWriter{paint: func(_, text string) string { return text }}
	for _, d := range p.details(r) {
		got = append(got, map[bool]string{true: "! "}[d.breaking]+d.line)
	}
	want := []string{
		"schema variant: - when a; when ...",
		"schema variant: + when b",
		"! depth, path property-removed",
		"when a: mode (and in 1 more variants) property-added: 1",
		`depth, (schema) limit-changed: - {"maximum":9}`,
		"description, summary 1: {+new+}",
		"3: ${NEW}{+ word+} (1 more)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlyTerms(t *testing.T) {
	for _, c := range [][4]string{
		{"a && b && c", "a && c && d", "… && b", "… && d"},
		{`a || f("x && y")`, "a || b", `… || f("x && y")`, "… || b"},
		{"a && b", "a", "… && b", ""},
		{"a && b", "c", "a && b", "c"},
		{"a && b || c", "a && b || d", "a && b || c", "a && b || d"},
	} {
		if a, b := onlyTerms(c[0], c[1]); a != c[2] || b != c[3] {
			t.Errorf("%s, %s: got %q and %q", c[0], c[1], a, b)
		}
	}
}

// TestOnce writes records with the same changes together.
func TestOnce(t *testing.T) {
	record := func(name, to string) *Record {
		return &Record{Name: name, Change: Changed, Fields: []FieldChange{{"guards", "", to}}, Tokens: 1}
	}
	p := &textWriter{paint: func(_, text string) string { return text }}
	for _, told := range p.once("prompts", []*Record{record("a", "x"), record("b", "y"), record("c", "x")}) {
		p.record(told)
	}
	if got, want := p.b.String(), "  ~ a, c (+1 tokens each)\n     guards: + x\n  ~ b (+1 tokens)\n     guards: + y\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
