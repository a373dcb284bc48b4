package history

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// changeLog is the page that tells people what changed, the newest version first.
type changeLog struct {
	pkg      string
	sections []string
	last     string
}

// add writes the section of a version; result is nil for the first one.
func (c *changeLog) add(version string, doc *schema.Document, result *diff.Result) {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", version)
	switch {
	case result == nil:
		n := countsOf(doc)
		fmt.Fprintf(&b, "The first version here: %d tools, %d of them enabled by default; about %d tokens of tools.\n", n.Tools, n.EnabledTools, tokens.OfTools(doc))
	case !result.Differs:
		b.WriteString("Nothing changed in what the model is told.\n")
	default:
		for _, s := range result.Sections {
			writeSection(&b, s)
		}
		for _, t := range result.Tokens[:1] {
			if t.Delta != 0 {
				fmt.Fprintf(&b, "- Tokens of %s: about %d (%+d)\n", t.Part, t.To, t.Delta)
			}
		}
		name := c.last + "_to_" + version + ".md"
		fmt.Fprintf(&b, "\n[All of it](%s/%s)\n", diffsDir, name)
	}
	if !doc.Health.Complete {
		b.WriteString("\nThis version could not be seen whole: what is missing may be there.\n")
	}
	c.sections = append(c.sections, b.String())
	c.last = version
}

// mostNames is how many names a line lists.
const mostNames = 30

// writeSection tells of one kind of record: what came, went and was renamed in a line each, and a line for each tool
// that changed.
func writeSection(b *strings.Builder, s diff.Section) {
	noun := nouns[s.Kind]
	names := map[string][]string{}
	for _, r := range s.Records {
		name := "`" + strings.ReplaceAll(r.Name, "`", "'") + "`"
		if r.Change == diff.Renamed {
			name = "`" + r.OldName + "` to " + name
		}
		names[r.Change] = append(names[r.Change], name)
	}
	for _, change := range []string{diff.Added, diff.Removed, diff.Renamed, diff.Changed} {
		if list := names[change]; len(list) > 0 && (change != diff.Changed || s.Kind != "tools") {
			fmt.Fprintf(b, "- %s %s: %s\n", strings.ToUpper(change[:1])+change[1:], noun[min(len(list), 2)-1], shortList(counted(list)))
		}
	}
	if s.Kind != "tools" {
		writeExcerpts(b, s)
		return
	}
	for _, r := range s.Records {
		if r.Change == diff.Changed || r.Change == diff.Renamed && len(r.Fields)+len(r.Schema)+len(r.Texts) > 0 {
			fmt.Fprintf(b, "- Changed tool `%s`: %s\n", r.Name, changes(r))
		}
	}
}

// writeExcerpts has a sentence of each text that changed.
func writeExcerpts(b *strings.Builder, s diff.Section) {
	told := 0
	for _, r := range s.Records {
		if text := excerpt(r); text != "" && (r.Change == diff.Changed || r.Change == diff.Renamed) && told < mostNames {
			told++
			fmt.Fprintf(b, "  - `%s`: %s\n", r.Name, text)
		}
	}
}

// nouns are what one record of a kind is called, and several.
var nouns = map[string][2]string{
	"tools": {"tool", "tools"}, "prompts": {"prompt", "prompts"}, "reminders": {"reminder", "reminders"}, "agents": {"agent", "agents"},
	"commands": {"command", "commands"}, "environment": {"environment variable", "environment variables"}, "flags": {"flag", "flags"},
	"capabilities": {"capability", "capabilities"},
}

// counted says a name that stands several times in a row once, and how often.
func counted(list []string) []string {
	var out []string
	for i := 0; i < len(list); {
		n := 1
		for i+n < len(list) && list[i+n] == list[i] {
			n++
		}
		name := list[i]
		if n > 1 {
			name += fmt.Sprintf(" (%d)", n)
		}
		out = append(out, name)
		i += n
	}
	return out
}

func shortList(list []string) string {
	if n := len(list); n > mostNames {
		return strings.Join(list[:mostNames], ", ") + fmt.Sprintf(" and %d more", n-mostNames)
	}
	return strings.Join(list, ", ")
}

// changes says in a line what changed in a tool.
func changes(r diff.Record) string {
	var out []string
	for _, f := range r.Fields {
		switch f.Field {
		case "enabled":
			out = append(out, "enabled by default "+f.From+" to "+f.To)
		case "aliases":
			out = append(out, "aliases")
		}
	}
	var breaking, other []string
	for _, c := range r.Schema {
		if c.Of != "" {
			continue
		}
		what := strings.ReplaceAll(c.Kind, "-", " ")
		if c.Path != "" {
			what = "`" + c.Path + "` " + what
		}
		if c.Breaking {
			breaking = append(breaking, what)
		} else {
			other = append(other, what)
		}
	}
	if len(breaking) > 0 {
		out = append(out, "**breaking** "+shortList(breaking))
	}
	if len(other) > 0 {
		out = append(out, shortList(other))
	}
	inserted, deleted := 0, 0
	for _, t := range r.Texts {
		if t.Field == "description" {
			inserted, deleted = inserted+t.Inserted, deleted+t.Deleted
		}
	}
	if inserted+deleted > 0 {
		out = append(out, fmt.Sprintf("description +%d -%d characters", inserted, deleted))
	}
	if s := excerpt(r); s != "" {
		out = append(out, s)
	}
	if len(out) == 0 {
		return "conditions, variants or other details"
	}
	return strings.Join(out, "; ")
}

// excerpt is a sentence of the first text of a record that changed, as it is now.
func excerpt(r diff.Record) string {
	for i := range r.Texts {
		if s := r.Texts[i].Excerpt(); s != "" {
			return "“" + strings.NewReplacer("<", "\\<", "`", "'").Replace(s) + "”"
		}
	}
	return ""
}

// page is the whole page.
func (c *changeLog) page() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# What changed in %s\n\nMade by bundlens from the program as it is shipped.\n", c.pkg)
	for _, s := range slices.Backward(c.sections) {
		b.WriteString("\n" + s)
	}
	return []byte(b.String())
}
