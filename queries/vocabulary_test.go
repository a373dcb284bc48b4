package queries

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestVocabulary looks whether each group of the vocabulary is documented and holds names, and whether all that queries
// ask for are groups.
func TestVocabulary(t *testing.T) {
	var groups map[string][]string
	if err := json.Unmarshal(vocabularyText, &groups); err != nil {
		t.Fatal(err)
	}
	source, err := files.ReadFile("prompts.scm")
	if err != nil || !strings.Contains(string(source), "$text.system") {
		t.Fatal("prompts.scm is not made of the vocabulary", err)
	}
	for _, name := range []string{"tools", "prompts", "agents", "commands"} {
		for _, group := range placeholder.Get().FindAllString(Text(name), -1) {
			if len(groups[group[1:]]) == 0 {
				t.Errorf("%s.scm asks for %s, of which the vocabulary has nothing", name, group)
			}
		}
	}
	for group, names := range groups {
		if _, err := (*Vocabulary)(nil).Extend([]byte(`{"` + group + `": ["` + strings.Join(names, `", "`) + `"]}`)); err != nil || len(names) == 0 {
			t.Errorf("%s: %v", group, err)
		}
	}
}

// TestExtend adds a user's names to a query: in its patterns, and to its anchors in the forms in which they are looked for.
func TestExtend(t *testing.T) {
	const text = "; fact: x\n; anchors: systemPrompt\n; @k: a\n((property_identifier) @k (#any-of? @k $text.system))\n"
	v, err := (*Vocabulary)(nil).Extend([]byte(`{"text.system": ["orders", "standingOrders", "systemPrompt"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Names("text.system"); !slices.Equal(got, []string{"systemPrompt", "systemInstruction", "orders", "standingOrders"}) {
		t.Errorf("the names are %q", got)
	}
	q, err := Load("x.scm", v.Expand(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []string{"orders:", "orders,", ".orders(", ".orders=", ".orders =", "standingOrders", "systemPrompt"} {
		if !slices.Contains(q.Anchors, a) {
			t.Errorf("%q is no anchor of %q", a, q.Anchors)
		}
	}
	if q, err := Load("x.scm", text); err != nil || !slices.Equal(q.Anchors, []string{"systemPrompt"}) {
		t.Errorf("%v, %v", q, err)
	}
}
