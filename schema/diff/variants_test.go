package diff

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// switched is a tool whose description is one of two, by a variable.
func switched(byDefault, other string) schema.Tool {
	when := schema.Cond{Text: "SHORT"}
	text := schema.Text{Text: byDefault, Parts: []schema.Part{{Choice: []schema.Branch{
		{When: when, Parts: schema.Literal(other).Parts}, {When: schema.Cond{Text: "LONG"}, Parts: schema.Literal(byDefault).Parts},
	}}}}
	return schema.Tool{Name: "Look", Description: &text, InputSchema: json.RawMessage(`{}`),
		DescriptionVariants: []schema.DescriptionVariant{{When: when, Description: schema.Literal(other)}}}
}

// TestDescription compares what a tool is described with by default first, and of its other forms what only they have.
func TestDescription(t *testing.T) {
	const long, short = "Looks at all the things that there are.\nTakes a path.\n", "Looks at things.\nSays what they are.\n"
	for _, c := range []struct {
		name string
		a, b schema.Tool
		want []string
	}{
		{"the same", switched(long, short), switched(long, short), nil},
		{"the other form by default", switched(long, short), switched(short, long), []string{"description"}},
		{"a line moves into the other form", switched(long, short), switched(long, "Takes a path.\n"+short), nil},
		{"words of the other form", switched(long, short), switched(long, short+"Asks nobody.\n"), []string{"description otherwise"}},
	} {
		var got []string
		for _, r := range compare(t, doc(c.a), doc(c.b)).Sections[0].Records {
			for _, x := range r.Texts {
				got = append(got, x.Field)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOrderOfBranches has a program that asks the opposite, and says the same.
func TestOrderOfBranches(t *testing.T) {
	when := schema.Cond{Text: "QUIET"}
	prompt := func(first, second string) *schema.Document {
		d := doc()
		d.Prompts = []schema.Prompt{{ID: "p", Text: schema.Text{Text: "Say nothing aloud.", Parts: []schema.Part{{Lit: "Say "}, {Choice: []schema.Branch{
			{When: when, Parts: schema.Literal(first).Parts}, {Parts: schema.Literal(second).Parts},
		}}, {Lit: " aloud."}}}}}
		return d
	}
	r := compare(t, prompt("nothing", "everything"), prompt("everything", "nothing"))
	for _, x := range r.Sections[1].Records {
		if len(x.Texts) > 0 {
			t.Errorf("got %+v", x.Texts)
		}
	}
	quiet := prompt("nothing", "everything")
	quiet.Prompts[0].Text.Text = "Say everything aloud."
	r = compare(t, prompt("nothing", "everything"), quiet)
	if len(r.Sections[1].Records) != 1 || !strings.Contains(r.Sections[1].Records[0].Texts[0].Hunks[0].key(), "everything") {
		t.Errorf("what is said by default changed: got %+v", r.Sections[1].Records)
	}
}
