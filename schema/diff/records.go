package diff

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// tools compares what the model may call.
func (c *comparison) tools(a, b []schema.Tool) pending {
	p := pending{kind: "tools"}
	for _, m := range c.matchTools(a, b) {
		from, to := m.from, m.to
		if from == nil {
			from = &schema.Tool{}
		}
		if to == nil {
			to = &schema.Tool{}
		}
		name := to.Name
		if m.to == nil {
			name = from.Name
		}
		d := c.newDraft(name, from.Name, m.from != nil, m.to != nil)
		d.record.Tokens = c.counter.OfTool(to) - c.counter.OfTool(from)
		c.description(d, from, to)
		c.text(d, "tool "+name, "summary", from.Summary, to.Summary)
		if m.from != nil && m.to != nil {
			c.tool(d, from, to)
		}
		d.record.Breaking = d.record.Breaking || m.to == nil || d.record.Change == Renamed && !slices.Contains(to.Aliases, from.Name)
		p.drafts = append(p.drafts, d)
	}
	return p
}

// tool compares a tool that is on both sides.
func (c *comparison) tool(d *draft, from, to *schema.Tool) {
	d.field("enabled", known(from.Enabled), known(to.Enabled))
	d.record.Breaking = from.Enabled != nil && *from.Enabled && to.Enabled != nil && !*to.Enabled
	d.condition("enabledWhen", from.EnabledWhen, to.EnabledWhen)
	d.field("aliases", list(from.Aliases), list(to.Aliases))
	d.field("traits", traits(from.Traits), traits(to.Traits))
	d.record.Schema = append(d.record.Schema, compareSchemas("", from.InputSchema, to.InputSchema, false)...)
	d.record.Schema = append(d.record.Schema, compareSchemas("output", from.OutputSchema, to.OutputSchema, true)...)
	d.schemaVariants(from.SchemaVariants, to.SchemaVariants)
}

// more is how many more tokens a text has now. Most have not changed, and are not counted.
func (c *comparison) more(from, to *schema.Text) int {
	if from != nil && to != nil && from.Text == to.Text {
		return 0
	}
	return c.counter.OfText(to) - c.counter.OfText(from)
}

// prompts compares texts by their ids, and those whose id is gone by what they say.
func (c *comparison) prompts(kind string, a, b []schema.Prompt) pending {
	p := pending{kind: kind}
	key := func(x *schema.Prompt) string { return x.ID }
	body := func(x *schema.Prompt) string { return c.wordings.of(&x.Text) }
	like := byText(body)
	for _, m := range match(a, b, key, body, &like) {
		from, to := orZero(m.from), orZero(m.to)
		name := to.ID
		if m.to == nil {
			name = from.ID
		}
		d := c.newDraft(name, from.ID, m.from != nil, m.to != nil)
		d.record.Tokens = c.more(&from.Text, &to.Text)
		if m.from != nil && m.to != nil {
			d.field("guards", onlyIn(c.before, &from, c.after, &to), onlyIn(c.after, &to, c.before, &from))
		}
		c.text(d, strings.TrimSuffix(kind, "s")+" "+name, "text", textOf(m.from), textOf(m.to))
		p.drafts = append(p.drafts, d)
	}
	return p
}

func textOf(p *schema.Prompt) *schema.Text {
	if p == nil {
		return nil
	}
	return &p.Text
}

func (c *comparison) agents(a, b []schema.Agent) pending {
	p := pending{kind: "agents"}
	key := func(x *schema.Agent) string { return x.Name }
	body := func(x *schema.Agent) string { return c.wordings.of(x.WhenToUse) + "\n" + c.wordings.of(x.Prompt) }
	like := byText(body)
	for _, m := range match(a, b, key, body, &like) {
		from, to := orZero(m.from), orZero(m.to)
		d := c.newDraft(either(m.to != nil, to.Name, from.Name), from.Name, m.from != nil, m.to != nil)
		d.record.Tokens = c.more(from.WhenToUse, to.WhenToUse) + c.more(from.Prompt, to.Prompt)
		if m.from != nil && m.to != nil {
			d.field("model", from.Model, to.Model)
			d.field("tools", list(from.Tools), list(to.Tools))
			d.field("disallowedTools", list(from.DisallowedTools), list(to.DisallowedTools))
			d.field("enabled", known(from.Enabled), known(to.Enabled))
			d.condition("enabledWhen", from.EnabledWhen, to.EnabledWhen)
		}
		c.text(d, "agent "+d.record.Name, "whenToUse", from.WhenToUse, to.WhenToUse)
		c.text(d, "agent "+d.record.Name, "prompt", from.Prompt, to.Prompt)
		p.drafts = append(p.drafts, d)
	}
	return p
}

func (c *comparison) commands(a, b []schema.Command) pending {
	p := pending{kind: "commands"}
	key := func(x *schema.Command) string { return x.Name }
	body := func(x *schema.Command) string { return c.wordings.of(x.Description) + "\n" + c.wordings.of(x.Prompt) }
	like := byText(body)
	for _, m := range match(a, b, key, body, &like) {
		from, to := orZero(m.from), orZero(m.to)
		d := c.newDraft(either(m.to != nil, to.Name, from.Name), from.Name, m.from != nil, m.to != nil)
		d.record.Tokens = c.more(from.Prompt, to.Prompt)
		if m.from != nil && m.to != nil {
			d.field("kind", from.Kind, to.Kind)
			d.field("aliases", list(from.Aliases), list(to.Aliases))
			d.field("enabled", known(from.Enabled), known(to.Enabled))
			d.condition("enabledWhen", from.EnabledWhen, to.EnabledWhen)
		}
		c.text(d, "command "+d.record.Name, "description", from.Description, to.Description)
		c.text(d, "command "+d.record.Name, "prompt", from.Prompt, to.Prompt)
		p.drafts = append(p.drafts, d)
	}
	return p
}

func (c *comparison) environment(a, b []schema.Variable) pending {
	p := pending{kind: "environment"}
	for _, m := range match(a, b, func(v *schema.Variable) string { return v.Name }, nil, nil) {
		from, to := orZero(m.from), orZero(m.to)
		d := c.newDraft(either(m.to != nil, to.Name, from.Name), from.Name, m.from != nil, m.to != nil)
		if m.from != nil && m.to != nil {
			d.field("defaults", constants(from.Defaults), constants(to.Defaults))
		}
		p.drafts = append(p.drafts, d)
	}
	return p
}

// constants are JSON values in a row.
func constants(list []json.RawMessage) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = compact(v)
	}
	return strings.Join(out, ", ")
}

func (c *comparison) flags(a, b []schema.Flag) pending {
	p := pending{kind: "flags"}
	for _, m := range match(a, b, func(f *schema.Flag) string { return f.Key }, nil, nil) {
		from, to := orZero(m.from), orZero(m.to)
		d := c.newDraft(either(m.to != nil, to.Key, from.Key), from.Key, m.from != nil, m.to != nil)
		d.field("fallback", compact(from.Fallback), compact(to.Fallback))
		p.drafts = append(p.drafts, d)
	}
	return p
}

func (c *comparison) capabilities(a, b []schema.Capability) pending {
	p := pending{kind: "capabilities"}
	name := func(x *schema.Capability) string { return strings.TrimSpace(x.Kind + " " + x.Name) }
	// of what is said when something is refused there is too much for the order to tell what became what
	key := func(x *schema.Capability) string {
		if x.Kind == schema.CapabilityDecision {
			return name(x) + "\x00" + c.wordings.of(x.Detail)
		}
		return name(x)
	}
	body := func(x *schema.Capability) string {
		return c.wordings.of(x.Detail) + "\x00" + string(x.Schema) + "\x00" + strings.Join(x.Values, "\x00")
	}
	for _, m := range match(a, b, key, body, nil) {
		from, to := orZero(m.from), orZero(m.to)
		d := c.newDraft(either(m.to != nil, name(&to), name(&from)), name(&from), m.from != nil, m.to != nil)
		c.text(d, "capability "+d.record.Name, "detail", from.Detail, to.Detail)
		d.field("values", strings.Join(from.Values, ", "), strings.Join(to.Values, ", "))
		d.field("schema", compact(from.Schema), compact(to.Schema))
		p.drafts = append(p.drafts, d)
	}
	return p
}

// known is yes, no or unknown.
func known(b *bool) string {
	if b == nil {
		return "unknown"
	}
	return strconv.FormatBool(*b)
}

func list(names []string) string { return strings.Join(names, ", ") }

func traits(ts []schema.Trait) string {
	var out []string
	for _, t := range ts {
		out = append(out, t.Name+"="+known(t.Value)) // what an unknown one depends on is seldom more than the code itself
	}
	return list(out)
}

// onlyIn are the guards that the other list lacks, of those that a reader can answer. Where that list is not whole they
// may be among what it leaves out.
func onlyIn(c *conditions, p *schema.Prompt, d *conditions, other *schema.Prompt) string {
	if other.GuardsLeftOut {
		return ""
	}
	var out []string
	for i := range p.Guards {
		g := &p.Guards[i]
		isSame := func(o schema.Cond) bool { return same(c, g, d, &o) }
		text := c.text(g)
		if c.concernsReader(g) && !strings.Contains(text, tooLong) && !slices.ContainsFunc(other.Guards, isSame) {
			out = append(out, text)
		}
	}
	return strings.Join(out, " and ")
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
