package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

func lit(s string) schema.Part { return schema.Part{Lit: s} }

func hole(name string) schema.Part { return schema.Part{Hole: &schema.Hole{Name: name}} }

// choice is one by a question, with what stands there where it is answered with yes, and otherwise.
func choice(q int, yes, no []schema.Part) schema.Part {
	return schema.Part{Choice: []schema.Branch{{When: schema.Asks(q), Parts: yes}, {When: schema.Negated(schema.Asks(q)), Parts: no}}}
}

// document asks about the mode, a variable, something unknown, and a tool.
func document() *schema.Document {
	yes, no := true, false
	quiet := schema.Negated(schema.Asks(1))
	return &schema.Document{
		Questions: []schema.Question{
			{Kind: schema.KindMode, Subject: "interactive", Test: schema.TestHolds, Answers: schema.ModeAnswers{Interactive: &yes, Print: &no}, Decided: true},
			{Kind: schema.KindEnv, Subject: "QUIET", Test: schema.TestHolds, Answers: schema.Same(false), Decided: true},
			{Kind: schema.KindOther, Test: schema.TestOther, Answers: schema.Same(false), Expr: "x.y()"},
			{Kind: schema.KindTool, Subject: "Look", Test: schema.TestHolds, Answers: schema.Same(false)},
			{Kind: schema.KindOther, Test: schema.TestOther, Answers: schema.Same(false), Failed: true, Expr: "skills.length > 0"},
		},
		Tools: []schema.Tool{
			{Name: "Look", Enabled: &yes, EnabledWhen: &quiet, InputSchema: json.RawMessage(`{"a":1}`),
				SchemaVariants: []schema.SchemaVariant{{When: schema.Negated(schema.Asks(0)), InputSchema: json.RawMessage(`{"b":2}`)}},
				Description:    &schema.Text{Text: "Looks ${AROUND}.", Parts: []schema.Part{lit("Looks "), choice(2, []schema.Part{lit("there")}, []schema.Part{lit("here")}), lit(".")}}},
			{Name: "Never", Enabled: &no},
			{Name: "Perhaps"},
		},
		Prompts: []schema.Prompt{{ID: "whole", Kind: schema.KindAssembly, Text: schema.Text{Parts: []schema.Part{
			lit("\nYou run "), choice(0, []schema.Part{lit("in a terminal")}, []schema.Part{lit("alone")}), lit(".\n"),
			choice(3, []schema.Part{lit("Use Look.\n")}, nil), choice(4, []schema.Part{lit("Use a skill.\n")}, nil),
			lit("Colour: "), choice(2, []schema.Part{lit("dark red")}, []schema.Part{lit("light")}), lit("\n"),
			choice(2, []schema.Part{hole("GIVEN")}, nil), {Each: &schema.Each{Name: "LIST", Over: "list"}}, lit("\n\n"),
		}}, Guards: []schema.Cond{schema.Negated(schema.Asks(1))}}},
	}
}

func TestPrompts(t *testing.T) {
	for _, c := range []struct {
		world schema.World
		want  string
	}{
		{schema.World{}, "You run in a terminal.\nUse Look.\nUse a skill.\nColour: ${DARK_RED_OR_LIGHT}\n${GIVEN}${LIST}"},
		{schema.World{Mode: schema.ModePrint}, "You run alone.\nUse Look.\nUse a skill.\nColour: ${DARK_RED_OR_LIGHT}\n${GIVEN}${LIST}"},
		{schema.World{Set: map[string]string{"env.QUIET": "1"}}, "You run in a terminal.\nUse a skill.\nColour: ${DARK_RED_OR_LIGHT}\n${GIVEN}${LIST}"},
		{schema.World{Answers: map[int]bool{2: false, 4: false}}, "You run in a terminal.\nUse Look.\nColour: light\n${LIST}"},
	} {
		r := New(document(), c.world)
		p, ok := r.Main()
		if !ok || p.Text != c.want {
			t.Errorf("%+v: got %q, want %q", c.world, p.Text, c.want)
		}
		if quiet := c.world.Set != nil; r.Applies(p.Record) == quiet {
			t.Errorf("%+v: the guards hold: %v", c.world, !quiet)
		}
	}
	if _, ok := New(&schema.Document{}, schema.World{}).Main(); ok {
		t.Error("a prompt in an empty document")
	}
}

func TestTools(t *testing.T) {
	for _, c := range []struct {
		world schema.World
		want  string
	}{
		{schema.World{}, `Look "Looks ${AROUND}." {"a":1}`},
		{schema.World{Mode: schema.ModePrint}, `Look "Looks ${AROUND}." {"b":2}`},
		{schema.World{Answers: map[int]bool{2: true}}, `Look "Looks there." {"a":1}`},
		{schema.World{Set: map[string]string{"env.QUIET": "1"}}, ``},
		{schema.World{Set: map[string]string{"tool.Perhaps": "true", "tool.Look": "false"}}, `Perhaps "" `},
	} {
		var got []string
		for _, tool := range New(document(), c.world).Tools() {
			got = append(got, fmt.Sprintf("%s %q %s", tool.Name, tool.Description, tool.InputSchema))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%+v: got %s, want %s", c.world, s, c.want)
		}
	}
}

func TestHoles(t *testing.T) {
	h := &schema.Hole{Name: "LINES", Default: "4", Value: &schema.Subject{Kind: schema.KindFlag, Name: "lines"}}
	parts := []schema.Part{lit("at most "), {Hole: h}}
	for set, want := range map[string]string{"": "at most 4", "7": "at most 7", "undefined": "at most 4"} {
		world := schema.World{}
		if set != "" {
			world.Set = map[string]string{"flag.lines": set}
		}
		if got := New(document(), world).Text(parts); got != want {
			t.Errorf("%q: got %q, want %q", set, got, want)
		}
	}
}

func BenchmarkPrompts(b *testing.B) {
	doc := document()
	for range 200 {
		doc.Prompts[0].Text.Parts = append(doc.Prompts[0].Text.Parts, doc.Prompts[0].Text.Parts[:8]...)
	}
	for b.Loop() {
		New(doc, schema.World{}).Prompts()
	}
}
