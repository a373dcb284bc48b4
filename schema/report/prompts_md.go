package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// SystemPromptsMarkdown writes for people what the model is told beside the tools: the sections of the system prompt
// in the order in which the program joins them, then reminders, sub-agents, commands, and all other texts by kind.
func SystemPromptsMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Prompts", doc)
	plan := planOf(doc)
	if len(plan.chapters) == 0 {
		p.line("No prompt was found.")
		return p.err
	}
	p.paragraph("%s A text with holes is counted with their names. %s", tokens.Accuracy, wrapping)
	p.table("part", "texts", "tokens")
	for _, c := range plan.chapters {
		n := 0
		for _, r := range c.records {
			n += r.tokens
		}
		p.row(prose(c.title), fmt.Sprint(len(c.records)), fmt.Sprint(n))
	}
	p.line("")
	for _, c := range plan.chapters {
		p.chapter(c)
	}
	return p.err
}

// chapter is a part of the page: texts of one kind.
type chapter struct {
	title   string
	about   string
	records []record
	ordered bool // their order says something
	extent  extent
}

// record is one text on the page, with what is said of it.
type record struct {
	title  string
	ids    []string
	notes  []string
	guards []string
	texts  []labelled
	tokens int
	origin schema.Origin
}

// labelled is a text with what it is, where a record has several.
type labelled struct {
	label string
	text  schema.Text
}

// plan is the page's order.
type plan struct{ chapters []chapter }

func (p *plan) add(c chapter) {
	if len(c.records) > 0 {
		p.chapters = append(p.chapters, c)
	}
}

func planOf(doc *schema.Document) plan {
	var p plan
	count := new(tokens.Counter)
	left := map[string]bool{} // the ids of prompts that are not shown yet
	for i := range doc.Prompts {
		left[doc.Prompts[i].ID] = doc.Prompts[i].Kind != schema.KindAssembly
	}
	for i := range doc.Prompts {
		if a := &doc.Prompts[i]; a.Kind == schema.KindAssembly {
			p.add(chapter{title: "System prompt: " + titleOf(*a), ordered: true, extent: whole, records: sectionsOf(a, doc.Prompts, left, count),
				about: "Its sections in the order in which the program joins them. `" + a.ID + "` in intel.json is the whole."})
		}
	}
	p.add(chapter{title: "Reminders", extent: whole, records: promptRecords(doc.Reminders, nil, "", count),
		about: "Texts that are put between the messages of a conversation."})
	p.add(chapter{title: "Sub-agents", extent: whole, records: agentRecords(doc.Agents, count)})
	p.add(chapter{title: "Commands", extent: whole, records: commandRecords(doc.Commands, count),
		about: "What the user may type, with what the model is sent then; those that send nothing are left out."})
	for _, kind := range kindsOf(doc.Prompts) {
		title := strings.ToUpper(kind[:1]) + strings.ReplaceAll(kind[1:], "-", " ")
		p.add(chapter{title: "Other texts: " + title, extent: extentOf(kind), records: promptRecords(doc.Prompts, left, kind, count)})
	}
	return p
}

// kindsOf are the kinds of prompts, those of the system prompt first, the others by name.
func kindsOf(prompts []schema.Prompt) []string {
	var kinds []string
	for _, p := range prompts {
		if p.Kind != "" && !slices.Contains(kinds, p.Kind) {
			kinds = append(kinds, p.Kind)
		}
	}
	slices.SortFunc(kinds, func(a, b string) int {
		system := func(k string) int {
			if strings.HasPrefix(k, "system") {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(system(a), system(b)), cmp.Compare(a, b))
	})
	return kinds
}

// extentOf is how much is shown of texts of a kind: all of what stands for itself, less of what is said in passing.
func extentOf(kind string) extent {
	if inPassing(kind) {
		return brief
	}
	return whole
}

// inPassing says that texts of a kind are said here and there, as messages and the results of tools are.
func inPassing(kind string) bool {
	switch kind {
	case "message", "text-block", "tool-result", "context", "agent-description":
		return true
	}
	return false
}

// promptRecords are the prompts of a kind that are left, or all of them.
func promptRecords(prompts []schema.Prompt, left map[string]bool, kind string, count *tokens.Counter) []record {
	var out []record
	for _, p := range prompts {
		if left == nil || left[p.ID] && p.Kind == kind {
			out = append(out, recordOf(p, count))
		}
	}
	return out
}

func recordOf(p schema.Prompt, count *tokens.Counter) record {
	return record{title: titleOf(p), ids: []string{p.ID}, guards: p.Told(), texts: []labelled{{"", p.Text}},
		tokens: count.OfText(&p.Text), origin: p.Origin}
}

// titleOf is what a prompt is called: by its title, if that says anything.
func titleOf(p schema.Prompt) string {
	if strings.ContainsFunc(p.Title, unicode.IsLetter) {
		return p.Title
	}
	return p.ID
}

func agentRecords(agents []schema.Agent, count *tokens.Counter) []record {
	var out []record
	for i := range agents {
		out = append(out, agentRecord(&agents[i], count))
	}
	return out
}

func agentRecord(a *schema.Agent, count *tokens.Counter) record {
	r := record{title: a.Name, origin: a.Origin, tokens: count.OfText(a.WhenToUse) + count.OfText(a.Prompt)}
	r.note("model", a.Model)
	r.note("tools", strings.Join(a.Tools, ", "))
	r.note("without", strings.Join(a.DisallowedTools, ", "))
	if a.Internal {
		r.notes = append(r.notes, "in no list that the model may choose from: the program starts it by itself")
	} else {
		r.available(a.Enabled, a.EnabledWhen.String())
	}
	r.text("When to use it:", a.WhenToUse)
	r.text("Its prompt:", a.Prompt)
	return r
}

func commandRecords(commands []schema.Command, count *tokens.Counter) []record {
	var out []record
	for i := range commands {
		if commands[i].Prompt != nil {
			out = append(out, commandRecord(&commands[i], count))
		}
	}
	return out
}

func commandRecord(c *schema.Command, count *tokens.Counter) record {
	r := record{title: "/" + c.Name, origin: c.Origin, tokens: count.OfText(c.Prompt)}
	r.note("also called", strings.Join(c.Aliases, ", "))
	r.available(c.Enabled, c.EnabledWhen.String())
	r.text("What it is for:", c.Description)
	r.text("What the model is sent:", c.Prompt)
	return r
}

func (r *record) note(what, value string) {
	if value != "" {
		r.notes = append(r.notes, what+": "+prose(shorten(value, 400)))
	}
}

// available says when a record is there, unless it always is.
func (r *record) available(enabled *bool, when string) {
	if when != "" || enabled != nil && !*enabled {
		r.notes = append(r.notes, "enabled: "+answer(enabled, when))
	}
}

func (r *record) text(label string, t *schema.Text) {
	if t != nil {
		r.texts = append(r.texts, labelled{label, *t})
	}
}

func (p *page) chapter(c chapter) {
	p.heading(2, prose(c.title))
	if c.about != "" {
		p.paragraph("%s", c.about)
	}
	var short []record
	for _, r := range c.records {
		if r.isShort() && !c.ordered {
			short = append(short, r)
			continue
		}
		p.record(r, c.extent)
	}
	if len(short) == 0 {
		return
	}
	p.table("text", "when", "id")
	for _, r := range short {
		var when []string
		for _, g := range r.guards {
			when = append(when, condition(g))
		}
		p.row(code(r.texts[0].text.Text), strings.Join(when, " and "), code(strings.Join(r.ids, " ")))
	}
	p.line("")
}

// maxShort is how long a text may be to stand in a row of a table, in bytes.
const maxShort = 160

// isShort tells whether a record is nothing but a line that is known whole.
func (r record) isShort() bool {
	if len(r.texts) != 1 || r.texts[0].label != "" {
		return false
	}
	t := r.texts[0].text
	return t.IsLiteral() && len(t.Text) <= maxShort && !strings.Contains(strings.TrimSpace(t.Text), "\n")
}

// maxIDs is how many ids of one section are named.
const maxIDs = 6

func (p *page) record(r record, x extent) {
	p.heading(3, prose(r.title))
	if n := len(r.ids); n > maxIDs {
		p.line("* %s and %d more", codes(r.ids[:maxIDs]), n-maxIDs)
	} else if n > 0 {
		p.line("* %s", codes(r.ids))
	}
	p.line("* about %d tokens", r.tokens)
	for _, n := range r.notes {
		p.line("* %s", n)
	}
	for _, g := range r.guards {
		p.line("* when %s", condition(g))
	}
	if r.origin.Module != "" {
		p.line("* stands in %s", where(r.origin))
	}
	p.line("")
	for _, t := range r.texts {
		if t.label != "" {
			p.paragraph("%s", t.label)
		}
		p.textWithin(t.text, x)
	}
}
