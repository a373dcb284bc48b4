package view

import (
	"encoding/json"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// attacks are pieces of text that a page has to show without doing what they say. The page's tests put each of them
// wherever a Document has a text.
var attacks = []string{
	`<script>window.attacked=1</script>`,
	`</script><script>window.attacked=2</script>`,
	`<img src=x onerror="window.attacked=3">`,
	`"><svg onload=window.attacked=4>`,
	`javascript:window.attacked=5`,
	`<!--<script>`,
	`{{constructor.constructor("window.attacked=6")()}}`,
	"${window.attacked=7}",
	"right\u202eot left\u202c and \u2066isolated\u2069",
	"zero\u200bwidth\u200d\ufeff\u2060 and soft\u00adhyphen",
	"tags: \U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
	"escape \x1b[31mred\x1b[0m bell\x07 null\x00 carriage\rreturn",
	"line\u2028separator\u2029here",
	"Zal" + strings.Repeat("\u0301\u0316", 40) + "go",
	"filler\u3164\u115f\u2800 and \u00a0spaces\u2003here",
	"variation\ufe0f\U000e0101 selectors",
	"__proto__",
	"constructor",
	"%00%2e%2e/../..",
	strings.Repeat("A", 5000),
	"工具名称很长的中文说明文字" + strings.Repeat("漢字仮名交じり文", 12),
	"שלום עולם, hello مرحبا بالعالم",
	"family \U0001f468\u200d\U0001f469\u200d\U0001f467 and ❤\ufe0f stay whole",
}

// hostileDocument is a Document in which every text is an attack.
func hostileDocument() *schema.Document {
	yes := true
	d := &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true, Facts: []string{"prompts", "tools"}}}
	d.Source = schema.Source{Name: attacks[1], Kind: "file", Package: `hostile` + attacks[0] + "\u202e", Version: attacks[8], Entry: attacks[2]}
	for i, a := range attacks {
		text := textOf(a)
		origin := schema.Origin{Module: a, Start: i, End: i + 1, Symbol: a}
		input, _ := json.Marshal(map[string]any{
			"type": "object", "title": a, "description": a, "required": []string{a},
			"properties": map[string]any{a: map[string]any{"type": "string", "description": a, "enum": []string{a, "b"}, "pattern": a, "default": a}, "__proto__": map[string]any{"$ref": "#/" + a}},
		})
		d.Tools = append(d.Tools, schema.Tool{Name: a, Aliases: []string{a}, Description: &text, Summary: &text, InputSchema: input, OutputSchema: input, Dialect: a,
			Enabled: &yes, Traits: []schema.Trait{{Name: a}}, Losses: []schema.Loss{{Path: a, Construct: a, Why: a, Kind: "unknown"}},
			Implementation: []schema.Member{{Name: a, Source: a, Bytes: len(a)}}, Origin: origin})
		d.Prompts = append(d.Prompts, schema.Prompt{ID: a, Kind: a, Title: a, Text: text, Origin: origin})
		d.Reminders = append(d.Reminders, schema.Prompt{ID: a, Kind: a, Title: a, Text: text, Origin: origin})
		d.Agents = append(d.Agents, schema.Agent{Name: a, WhenToUse: &text, Prompt: &text, Model: a, Tools: []string{a}, DisallowedTools: []string{a}, Origin: origin})
		d.Commands = append(d.Commands, schema.Command{Name: a, Aliases: []string{a}, Kind: a, Description: &text, Prompt: &text, Origin: origin})
		raw, _ := json.Marshal(a)
		d.Environment = append(d.Environment, schema.Variable{Name: a, Defaults: []json.RawMessage{raw}, Uses: []schema.Use{{Record: "tools/" + a, How: "text"}}, Origins: []schema.Origin{origin}})
		d.Flags = append(d.Flags, schema.Flag{Key: a, Fallback: raw, Uses: []schema.Use{{Record: a, How: "condition"}}, Origins: []schema.Origin{origin}})
		d.Capabilities = append(d.Capabilities, schema.Capability{Name: a, Kind: a, Detail: &text, Schema: input, Values: []string{a}, Origin: origin})
		d.Diagnostics = append(d.Diagnostics, schema.Diagnostic{Severity: "warning", Code: a, Message: a, Origin: &origin})
	}
	whole := textOf(strings.Join(attacks, "\n\n# "))
	d.Prompts = append(d.Prompts, schema.Prompt{ID: "whole" + attacks[0], Kind: schema.KindAssembly, Title: attacks[0], Text: whole})
	return d
}

// textOf is a text with a hole in it that is as hostile as the rest.
func textOf(a string) schema.Text {
	return schema.Text{Text: a + "${X}", Parts: []schema.Part{{Lit: a}, {Hole: &schema.Hole{Name: a, Expr: a, Why: a}}}}
}
