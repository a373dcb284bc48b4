package diff

import (
	"slices"
	"testing"
)

// TestDetails says once what several variants have, and in one line which properties went.
func TestDetails(t *testing.T) {
	r := &Record{Name: "Look", Change: Changed,
		Fields: []FieldChange{{"schema variant", "when a", ""}, {"schema variant", "when ...", ""}, {"schema variant", "when ...", ""}, {"schema variant", "", "when b"}},
		Schema: []SchemaChange{
			{Path: "depth", Kind: propertyRemoved, From: `{"type":"number"}`, Breaking: true},
			{Path: "path", Kind: propertyRemoved, From: `{"type":"string"}`, Breaking: true},
			{Of: "when a", Path: "mode", Kind: "property-added", To: "1"},
			{Of: "when b", Path: "mode", Kind: "property-added", To: "1"},
		},
		Texts: []TextChange{{Field: "text", Change: Changed, Hunks: []Hunk{{ToLine: 3, Edits: []Edit{{Op: Delete, Text: "${OLD}"}, {Op: Insert, Text: "${NEW}"}, {Op: Insert, Text: " word"}}}, {}}}},
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
