package diff

import (
	"slices"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
	"github.com/bundlens/bundlens/schema/render"
)

// Unchanged is the change of what is the same on both sides.
const Unchanged = "unchanged"

// PromptDiff is the main system prompt in one mode: what changed in what the model is told, word by word.
type PromptDiff struct {
	Mode string `json:"mode"`
	// Change is added, removed, changed or unchanged.
	Change string `json:"change"`
	// From and To are about how many tokens it has.
	From  int    `json:"from"`
	To    int    `json:"to"`
	Hunks []Hunk `json:"hunks"`
}

// mainPrompts compares the main system prompt in each mode of a world, or in the one that the world says. It is empty
// where neither side has one.
func mainPrompts(a, b *schema.Document, world schema.World, own ownVersions, around int) []PromptDiff {
	list := []PromptDiff{}
	for _, mode := range modesOf(world) {
		world.Mode = mode
		from, hadOne := render.New(a, world).Main()
		to, hasOne := render.New(b, world).Main()
		d := PromptDiff{Mode: mode, Change: Changed, Hunks: []Hunk{}}
		switch {
		case !hadOne && !hasOne:
			continue
		case !hadOne:
			d.Change = Added
		case !hasOne:
			d.Change = Removed
		case own.same(from.Text, to.Text):
			d.Change = Unchanged
		}
		d.From, d.To = tokensOf(from.Text), tokensOf(to.Text)
		if d.Change == Changed {
			x, y := schema.Literal(own.marked(from.Text, own.from)), schema.Literal(own.marked(to.Text, own.to))
			p := newTextPair("system prompt", mode, &x, &y, own, wordings{})
			m := newMoves()
			m.note(p)
			d.Hunks = hunks(p.edits(m), around)
		}
		list = append(list, d)
	}
	return list
}

func tokensOf(text string) int {
	t := schema.Literal(text)
	return tokens.OfText(&t)
}

// defaultTools are the names of the tools that the model gets in a world, in one of its modes at least.
func defaultTools(doc *schema.Document, world schema.World) map[string]bool {
	names := map[string]bool{}
	for _, mode := range modesOf(world) {
		world.Mode = mode
		answers := schema.NewAnswers(doc, world)
		for i := range doc.Tools {
			name := doc.Tools[i].Name
			enabled, known := answers.Tool(name)
			names[name] = names[name] || enabled && known
		}
	}
	return names
}

// seen is a document as a user sees it in a world: tools and texts as they are there, and those alone that there are.
func seen(doc *schema.Document, world schema.World) *schema.Document {
	r := render.New(doc, world)
	out := *doc
	out.Tools = nil
	literal := func(parts []schema.Part) schema.Text { return schema.Literal(r.Text(parts)) }
	for i := range doc.Tools {
		t := doc.Tools[i]
		if enabled, known := r.Answers().Tool(t.Name); known {
			t.Enabled = &enabled
		}
		if t.Description != nil {
			text := schema.Literal(r.Description(&doc.Tools[i]))
			t.Description = &text
		}
		t.InputSchema = r.InputSchema(&doc.Tools[i])
		t.EnabledWhen, t.SchemaVariants, t.DescriptionVariants = nil, nil, nil
		out.Tools = append(out.Tools, t)
	}
	prompts := func(list []schema.Prompt) (kept []schema.Prompt) {
		for i := range list {
			if p := list[i]; r.Applies(&p) {
				p.Text, p.Guards = literal(p.Text.Parts), nil
				kept = append(kept, p)
			}
		}
		return kept
	}
	out.Prompts, out.Reminders = prompts(doc.Prompts), prompts(doc.Reminders)
	return &out
}

// isDefault says whether a world is the one in which documents stand.
func isDefault(w schema.World) bool { return len(w.Set)+len(w.Answers) == 0 && w.Mode == "" }

// facts are what a kind of record is found by.
var facts = map[string]string{
	"tools": "tools", "prompts": "prompts", "reminders": "prompts", "agents": "agents", "commands": "commands",
	"environment": "environment", "flags": "environment", "capabilities": "capabilities",
}

// notLookedFor says on which side alone nobody looked for a kind of record; "" where both did, or none, or do not say.
func notLookedFor(kind string, a, b *schema.Document) string {
	looked := func(d *schema.Document) bool {
		return len(d.Health.Facts) == 0 || slices.Contains(d.Health.Facts, facts[kind])
	}
	switch {
	case looked(a) == looked(b):
		return ""
	case looked(a):
		return side(b).Title()
	}
	return side(a).Title()
}
