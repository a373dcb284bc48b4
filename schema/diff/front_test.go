package diff

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// program is a document with a whole prompt that depends on the mode, tools, and questions for the variables A and B.
func program(version string, change func(d *schema.Document)) *schema.Document {
	yes, no := true, false
	d := &schema.Document{SchemaVersion: schema.Version, Source: schema.Source{Version: version}, Health: schema.Health{Complete: true, Facts: []string{"prompts", "tools"}}}
	env := func(name string) schema.Question {
		return schema.Question{Kind: schema.KindEnv, Subject: name, Test: schema.TestHolds, Answers: schema.Same(false), Decided: true}
	}
	d.Questions = []schema.Question{
		{Kind: schema.KindMode, Subject: "interactive", Test: schema.TestHolds, Answers: schema.ModeAnswers{Interactive: &yes, Print: &no}, Decided: true},
		env("A"), env("B"),
	}
	when := func(q int, yes, no string) schema.Part {
		return schema.Part{Choice: []schema.Branch{{When: schema.Asks(q), Parts: []schema.Part{{Lit: yes}}}, {When: schema.Negated(schema.Asks(q)), Parts: []schema.Part{{Lit: no}}}}}
	}
	d.Prompts = []schema.Prompt{{ID: "whole", Kind: schema.KindAssembly, Text: schema.Text{Parts: []schema.Part{
		{Lit: "You are Tern " + version + ", a helper.\n"}, when(0, "Ask when you are not sure.\n", "Nobody can be asked.\n"), when(1, "Be loud in everything.\n", "Be quiet in everything.\n")}}}}
	cond := schema.Cond{All: []schema.Cond{schema.Asks(1), schema.Asks(2)}}
	d.Tools = []schema.Tool{
		{Name: "Look", Enabled: &yes, InputSchema: json.RawMessage(`{"type":"object","properties":{"path":{"type":"string"}}}`)},
		{Name: "Rare", Enabled: &no, EnabledWhen: &cond, InputSchema: json.RawMessage(`{"type":"object"}`)},
	}
	if change != nil {
		change(d)
	}
	return d
}

func written(t *testing.T, a, b *schema.Document, opts Options, extent Extent) string {
	t.Helper()
	r, err := Compare(a, b, opts)
	if err != nil {
		t.Fatal(err)
	}
	var out, page bytes.Buffer
	if err := r.WriteText(&out, nil, extent); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteMarkdown(&page, extent); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFirstPage(t *testing.T) {
	required := func(d *schema.Document) {
		d.Tools[0].InputSchema = json.RawMessage(`{"type":"object","properties":{"path":{"type":"string"},"mode":{"type":"string"}},"required":["mode"]}`)
	}
	for _, c := range []struct {
		name   string
		change func(d *schema.Document)
		opts   Options
		extent Extent
		want   []string
		not    string
	}{
		{"nothing but the version", nil, Options{}, FirstPage, []string{"no difference", "interactive: unchanged", "print: unchanged", "tools enabled by default: unchanged"}, "Tern"},
		{"a word of the prompt", func(d *schema.Document) { d.Prompts[0].Text.Parts[0].Lit = "You are Tern 2, a good helper.\n" }, Options{}, FirstPage,
			[]string{"interactive: changed", "a {+good +}helper", "print: changed", "as above"}, "good helper"},
		{"what one mode is told", func(d *schema.Document) {
			d.Prompts[0].Text.Parts[1].Choice[1].Parts[0].Lit = "Nobody is there to be asked.\n"
		}, Options{}, FirstPage,
			[]string{"interactive: unchanged", "print: changed"}, "as above"},
		{"a breaking change", required, Options{}, FirstPage, []string{"1 breaking", "! mode required-property-added [new-required-request-property]"}, "more records"},
		{"a tool that is not there by default", func(d *schema.Document) {
			d.Tools[1].InputSchema = json.RawMessage(`{"type":"object","additionalProperties":false}`)
		}, Options{}, FirstPage,
			[]string{"tools enabled by default: unchanged", "1 more records changed"}, "object-closed"},
		{"the same in full", func(d *schema.Document) {
			d.Tools[1].InputSchema = json.RawMessage(`{"type":"object","additionalProperties":false}`)
		}, Options{}, Full, []string{"object-closed"}, "more records"},
		{"counts", required, Options{}, Stat, []string{"tools         1 changed", "system prompt, print:"}, "mode"},
		{"a condition put together in another way", func(d *schema.Document) {
			c := schema.Negated(schema.Cond{Any: []schema.Cond{schema.Negated(schema.Asks(2)), schema.Negated(schema.Asks(1))}})
			d.Tools[1].EnabledWhen = &c
		}, Options{}, Full, []string{"no difference"}, "enabledWhen"},
		{"another condition", func(d *schema.Document) {
			c := schema.Cond{Any: []schema.Cond{schema.Asks(1), schema.Asks(2)}}
			d.Tools[1].EnabledWhen = &c
		}, Options{}, Full, []string{"enabledWhen: process.env.A && process.env.B -> process.env.A || process.env.B"}, "no difference"},
		{"in a user's world", func(d *schema.Document) {
			d.Prompts[0].Text.Parts[2].Choice[0].Parts[0].Lit = "Be very loud in everything.\n"
		},
			Options{World: schema.World{Set: map[string]string{"env.A": "1"}}}, FirstPage, []string{"Be {+very +}loud"}, "quiet"},
		{"in another than a user's", func(d *schema.Document) {
			d.Prompts[0].Text.Parts[2].Choice[0].Parts[0].Lit = "Be very loud in everything.\n"
		},
			Options{}, FirstPage, []string{"interactive: unchanged"}, "loud"},
		{"a tool that a user has", func(d *schema.Document) {
			d.Tools[1].InputSchema = json.RawMessage(`{"type":"object","additionalProperties":false}`)
		},
			Options{World: schema.World{Set: map[string]string{"env.A": "1", "env.B": "1"}}}, FirstPage, []string{"object-closed"}, "unchanged tools"},
		{"one that could not be seen whole", func(d *schema.Document) { d.Health.Complete, d.Tools = false, d.Tools[:1] }, Options{}, Full, []string{"note: 2 could not be seen whole", "? Rare", "1 not-seen"}, "removed"},
		{"what nobody looked for", func(d *schema.Document) { d.Health.Facts, d.Tools = []string{"prompts"}, nil }, Options{}, Full, []string{"nobody looked for tools in 2"}, "Look"},
	} {
		got := written(t, program("1", nil), program("2", c.change), c.opts, c.extent)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %q in\n%s", c.name, c.not, got)
		}
	}
}

// TestRepeated has a change that several texts share: it is told once.
func TestRepeated(t *testing.T) {
	with := func(word string) func(d *schema.Document) {
		return func(d *schema.Document) {
			for _, id := range []string{"a", "b", "c"} {
				d.Prompts = append(d.Prompts, schema.Prompt{ID: id, Kind: "section", Text: schema.Literal("Section " + id + ".\nKeep to what was asked, and " + word + " the rest as it was in the morning.\n")})
			}
		}
	}
	got := written(t, program("1", with("leave")), program("2", with("by all means do leave entirely")), Options{}, Full)
	if n := strings.Count(got, "by all means"); n != 1 || !strings.Contains(got, "2 more changed only as texts above") {
		t.Errorf("told %d times in\n%s", n, got)
	}
}

func TestOnly(t *testing.T) {
	change := func(d *schema.Document) {
		d.Tools[0].InputSchema = json.RawMessage(`{"type":"object","properties":{"path":{"type":"number","description":"x"}}}`)
		d.Prompts[0].Text.Parts[0].Lit = "You are Heron.\n"
	}
	r, err := Compare(program("1", nil), program("2", change), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.OnlyBreaking()
	if len(r.Prompts) > 0 || r.Breaking != 1 || len(r.Sections[0].Records[0].Schema) != 1 || r.Sections[0].Records[0].Schema[0].Rule != "request-property-type-changed" {
		t.Errorf("breaking: %+v", r)
	}
	r.Only([]string{"prompts"})
	if r.Differs || len(r.Sections) != 1 {
		t.Errorf("only prompts: %+v", r)
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"One. Two is here. Three.", "One. Two is not here. Three.", "Two is not here."},
		{"Head\nKeep to it.\n", "Head\nKeep to it.\nAnd say so. Always.\n", "And say so."},
		{"One. Gone now. Three.", "One. Three.", "no longer: Gone now."},
	} {
		a, b := program("1", nil), program("2", nil)
		a.Prompts = []schema.Prompt{{ID: "p", Text: schema.Literal(c.from)}}
		b.Prompts = []schema.Prompt{{ID: "p", Text: schema.Literal(c.to)}}
		r, err := Compare(a, b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Sections[1].Records[0].Texts[0].Excerpt(); got != c.want {
			t.Errorf("%q to %q: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// TestRemarksComeFirst says what keeps a comparison from meaning what it seems to before it says what it seems to mean.
func TestRemarksComeFirst(t *testing.T) {
	a := &schema.Document{SchemaVersion: schema.Version, Tools: []schema.Tool{{Name: "Look"}}}
	b := &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true}}
	r, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var text, page strings.Builder
	if err := errors.Join(r.WriteText(&text, nil, FirstPage), r.WriteMarkdown(&page, FirstPage)); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{text.String(), page.String()} {
		if note, headline := strings.Index(said, "could not be seen whole"), strings.Index(said, "1 removed"); note < 0 || headline < note {
			t.Errorf("the remark at %d, the headline at %d in\n%s", note, headline, said)
		}
	}
}
