package facts

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer/flow"
	"github.com/bundlens/bundlens/schema"
)

// kinds are the uses of a text in the order in which they decide what it is called.
var kinds = []struct {
	tag  flow.Tag
	kind string
	id   string
}{
	{usedAsReminder, "system-reminder", "system-reminder"},
	{usedAsSystem, "system-section", "system-prompt"},
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

// records writes the drafts into the Document.
func (w *promptWriter) records() {
	ids := map[string]int{}
	texts := map[string]bool{}
	for _, d := range w.drafts {
		text := w.text(d.value)
		if text == nil {
			continue
		}
		kind, category := kindOf(d.tags)
		key := kind + "\x00" + text.Text
		if texts[key] {
			continue
		}
		texts[key] = true
		title := titleOf(text)
		id := category + "-" + slug(title, text)
		if ids[id]++; ids[id] > 1 {
			id += "-" + strconv.Itoa(ids[id])
		}
		m, _ := w.place(d.node)
		p := schema.Prompt{
			ID: id, Kind: kind, Title: title, Text: *text, Guards: told(both(d.guards, d.own)),
			Origin: schema.Origin{Module: m.Name, Start: int(d.node.Start()), End: int(d.node.End()), Symbol: symbol(d.node)},
		}
		if kind == "system-reminder" {
			w.Document.Reminders = append(w.Document.Reminders, p)
		} else {
			w.Document.Prompts = append(w.Document.Prompts, p)
		}
	}
	byID := func(a, b schema.Prompt) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortStableFunc(w.Document.Prompts, byID)
	slices.SortStableFunc(w.Document.Reminders, byID)
}

// hole is what stands in a title for a piece that is not known.
const hole = "…"

// holeMark is a hole in a rendered text.
var holeMark = regexp.MustCompile(`\$\{[A-Z0-9_]+\}`)

// titleOf is the first heading of a text as it is in the default world, or its first line that says something; of a
// text that is empty there, of what it may be.
func titleOf(t *schema.Text) string {
	if title := titleIn(holeMark.ReplaceAllString(t.Text, hole)); title != "" {
		return title
	}
	return titleIn(outline(t.Parts))
}

func titleIn(text string) string {
	first := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if h := strings.TrimLeft(line, "#"); h != line && strings.HasPrefix(h, " ") {
			return shorten(strings.TrimSpace(h), maxTitle)
		}
		if first == "" && readable(line) && !strings.HasPrefix(line, "<") {
			first = line
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
