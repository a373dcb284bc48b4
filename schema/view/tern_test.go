package view

import (
	"encoding/json"

	"github.com/bundlens/bundlens/schema"
)

// tern is the Document of an invented program, in one of two versions. It asks in which mode it runs and whether
// TERN_STRICT is set; Leap is only there in a terminal, and not at all in the second version.
func tern(version string) *schema.Document {
	yes, no := true, false
	inTerminal, strict := schema.Asks(0), schema.Asks(1)
	inTerminal.Text, strict.Text = "interactive", "process.env.TERN_STRICT"
	seas, place := "northern", `{"type":"string","description":"Where to look"}`
	if version != "1.0.0" {
		seas, place = "southern", `{"type":"string","enum":["here","there"]}`
	}
	look := schema.Literal("Looks at a place.\n\nIt flies there first.")
	leap := schema.Literal("Leaps as far as it can.")
	d := &schema.Document{
		SchemaVersion: schema.Version,
		Source:        schema.Source{Name: "tern.js", Kind: "file", Package: "tern", Version: version, Entry: "tern.js"},
		Health:        schema.Health{Complete: true, Facts: []string{"agents", "capabilities", "commands", "environment", "prompts", "tools"}, Modules: 1, Bytes: 1000},
		Tools: []schema.Tool{
			{Name: "Leap", Description: &leap, InputSchema: json.RawMessage(`{"type":"object","properties":{}}`), Enabled: &yes, EnabledWhen: &inTerminal, Complete: true},
			{Name: "Look", Description: &look, Enabled: &yes, Complete: true, InputSchema: json.RawMessage(`{"type":"object","properties":{"place":` + place + `,"depth":{"type":"integer","minimum":1}},"required":["place"]}`)},
		},
		Questions: []schema.Question{
			{Kind: schema.KindMode, Test: schema.TestHolds, Answers: schema.ModeAnswers{Interactive: &yes, Print: &no}, Decided: true, Expr: "interactive"},
			{Kind: schema.KindEnv, Subject: "TERN_STRICT", Test: schema.TestHolds, Answers: schema.Same(false), Decided: true, Expr: "process.env.TERN_STRICT"},
		},
		Environment: []schema.Variable{{Name: "TERN_STRICT", Uses: []schema.Use{{Record: "prompts/whole", How: schema.UseCondition}}}},
	}
	if version != "1.0.0" {
		d.Tools = d.Tools[1:]
	}
	d.Prompts = []schema.Prompt{{ID: "whole", Kind: schema.KindAssembly, Title: "You are a tern", Text: schema.Text{Parts: []schema.Part{
		{Lit: "You are a tern.\n\n# Where you live\nBetween the coasts of the " + seas + " seas.\n\n"},
		{Choice: []schema.Branch{
			{When: inTerminal, Parts: []schema.Part{{Lit: "You talk to a person.\n"}}},
			{When: schema.Negated(inTerminal), Parts: []schema.Part{{Lit: "You print one answer.\n"}}},
		}},
		{Choice: []schema.Branch{{When: strict, Parts: []schema.Part{{Lit: "Be strict.\n"}}}, {When: schema.Negated(strict)}}},
		{Hole: &schema.Hole{Name: "CWD", Expr: "process.cwd()", Why: "known when the program runs"}},
	}}}}
	return d
}
