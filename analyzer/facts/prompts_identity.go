package facts

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// kinds are the uses of a text in the order in which they decide what it is called.
var kinds = []struct {
	tag  flow.Tag
	kind string
	id   string
}{
	{usedAsSystem, "system-section", "system-prompt"}, // some programs can send sections of it with a reminder instead
	{usedAsReminder, "system-reminder", "system-reminder"},
	{usedAsAgent, "agent-prompt", "agent-prompt"},
	{usedAsStyle, "output-style", "output-style"},
	{usedAsPrompt, "prompt", "prompt"},
	{usedAsWhenToUse, "agent-description", "agent-description"},
	{usedAsContext, "context", "context"},
	{usedAsResult, "tool-result", "tool-result"},
	{usedAsMessage, "message", "message"},
	{usedAsBlock, "text-block", "message"},
}

func kindOf(tags flow.Tag) (kind, id string) {
	for _, k := range kinds {
		if tags&k.tag != 0 {
			return k.kind, k.id
		}
	}
	return "text", "text"
}

// cutOff reports the kinds of texts that may be missing, because they come from further away than is looked.
func (w *promptWriter) cutOff(tags flow.Tag) {
	for _, k := range kinds {
		if tags&k.tag == 0 {
			continue
		}
		w.Machine.Stats.BudgetHits++
		w.Document.Health.TextsNotFollowed = append(w.Document.Health.TextsNotFollowed, k.kind)
		w.Document.Diagnostics = append(w.Document.Diagnostics, schema.Diagnostic{
			Severity: schema.SeverityWarning, Code: "texts-cut-off",
			Message: "texts of kind " + k.kind + " come from so many places that not all were looked at; some may be missing",
		})
	}
}

// records writes the drafts into the Document.
func (w *promptWriter) records() {
	var list []schema.Prompt
	texts := map[string]bool{}
	for _, d := range w.drafts {
		guards := both(d.guards, d.own)
		text := w.text(d.value, guards)
		if text == nil {
			continue
		}
		if d.tags&^(usedAsMessage|usedAsBlock) == 0 && strings.HasPrefix(strings.TrimSpace(text.Text), openingTag) {
			d.tags |= usedAsReminder // whatever put the tag together
		}
		kind, category := kindOf(d.tags)
		key := kind + "\x00" + text.Text
		if texts[key] {
			continue
		}
		texts[key] = true
		title := titleOf(text)
		m, _ := w.place(d.node)
		told, leftOut := w.told(guards)
		list = append(list, schema.Prompt{
			ID: category + "-" + slug(title, text), Kind: kind, Title: title, Text: *text, Guards: told, GuardsLeftOut: leftOut,
			Origin: schema.Origin{Module: m.Name, Start: int(d.node.Start()), End: int(d.node.End()), Symbol: symbol(d.node)},
		})
	}
	distinguish(list)
	for _, p := range list {
		if p.Kind == "system-reminder" {
			w.Document.Reminders = append(w.Document.Reminders, p)
		} else {
			w.Document.Prompts = append(w.Document.Prompts, p)
		}
	}
	byID := func(a, b schema.Prompt) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortStableFunc(w.Document.Prompts, byID)
	slices.SortStableFunc(w.Document.Reminders, byID)
}

// suffixWords is how many words tell a text from another one that begins in the same way.
const suffixWords = 4

// distinguish makes the IDs of texts that begin in the same way different, by what the texts say and not by where they
// stand, which is elsewhere in another build: the longest keeps its ID, and the others get the words in which they
// begin to differ from it.
func distinguish(list []schema.Prompt) {
	groups := map[string][]*schema.Prompt{}
	for i := range list {
		groups[list[i].ID] = append(groups[list[i].ID], &list[i])
	}
	taken := map[string]bool{}
	for id := range groups {
		taken[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(groups)) {
		group := groups[id]
		slices.SortStableFunc(group, func(a, b *schema.Prompt) int {
			return cmp.Or(cmp.Compare(len(b.Text.Text), len(a.Text.Text)), cmp.Compare(a.Text.Text, b.Text.Text))
		})
		first := kebab(outline(group[0].Text.Parts))
		for _, p := range group[1:] {
			p.ID = free(id+differing(kebab(outline(p.Text.Parts)), first), taken)
		}
	}
}

// differing are the words in which a text begins to differ from another, as the end of an ID.
func differing(words, other []string) string {
	i := 0
	for i < len(words) && i < len(other) && words[i] == other[i] {
		i++
	}
	words = words[i:]
	s := ""
	for _, word := range words[:min(len(words), suffixWords)] {
		s += "-" + word
	}
	return s
}

// free is an ID that is not taken, with a number if it has to be.
func free(id string, taken map[string]bool) string {
	out := id
	for n := 2; taken[out]; n++ {
		out = id + "-" + strconv.Itoa(n)
	}
	taken[out] = true
	return out
}

// hole is what stands in a title for a piece that is not known.
const hole = "…"

// holeMark is a hole in a rendered text.
var holeMark = lazyregexp.New(`\$\{[A-Z0-9_]+\}`)

// titleOf is the heading that a text begins with as it is in the default world, or the first sentence of the first line
// that says something; of a text that is empty there, of what it may be.
func titleOf(t *schema.Text) string {
	if title := titleIn(holeMark.Get().ReplaceAllString(t.Text, hole)); title != "" {
		return title
	}
	return titleIn(outline(t.Parts))
}

func titleIn(text string) string {
	first := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), openingTag))
		if h := strings.TrimLeft(line, "#"); h != line && strings.HasPrefix(h, " ") {
			return shorten(strings.TrimSpace(h), maxTitle)
		}
		if readable(line) && !strings.HasPrefix(line, "<") {
			first, _, _ = strings.Cut(line, closingTag)
			break
		}
	}
	if i := strings.Index(first, ". "); i > 0 {
		first = first[:i]
	}
	return shorten(strings.TrimSuffix(strings.TrimLeft(first, "-*• "), "."), maxTitle)
}

const maxTitle = 80

// outline is a text without what is not known in it: of a choice, the first piece that says something.
func outline(parts []schema.Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			b.WriteString(hole)
		case p.Each != nil:
			b.WriteString(outline(p.Each.Parts))
		case p.Choice != nil:
			for _, branch := range p.Choice {
				if s := outline(branch.Parts); s != "" {
					b.WriteString(s)
					break
				}
			}
		default:
			b.WriteString(p.Lit)
		}
	}
	return b.String()
}

// idWords is how many words of a title go into an id.
const idWords = 7

// slug makes a kebab-case name of a title.
func slug(title string, t *schema.Text) string {
	words := kebab(title)
	if len(words) == 0 {
		for lit := range schema.Literals(t.Parts) {
			if words = kebab(lit); len(words) > 0 {
				break
			}
		}
	}
	if len(words) > idWords {
		words = words[:idWords]
	}
	if len(words) == 0 {
		return "text"
	}
	return strings.Join(words, "-")
}

func kebab(s string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, "'", "")), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
