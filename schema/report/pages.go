package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// PagesDir is the directory of a report that holds a page for each record, and IndexFile the page that leads to all others.
const (
	PagesDir  = "records"
	IndexFile = "index.md"
)

// PageOptions say what the Document does not know of its records.
type PageOptions struct {
	// FirstSeen is the version in which a record came, by its list in the Document and its name or id; "" where nobody
	// knows. It may be nil.
	FirstSeen func(list, name string) string
	// All says that also the prompts have pages that the program says in passing, such as results of tools: those are
	// thousands.
	All bool
}

// Page is a file with one record, or with links to others.
type Page struct {
	// Name is its path below the directory of the report, with slashes.
	Name string
	// Text is Markdown.
	Text []byte
}

// Pages are a page for each tool, prompt (but for those in passing), reminder, sub-agent and command of a Document, which begins with what programs
// want to know of it, as YAML; an index of each kind; and one of the whole report.
func Pages(doc *schema.Document, o PageOptions) iter.Seq[Page] {
	return func(yield func(Page) bool) {
		lists := directories(doc, o)
		for _, list := range lists {
			index := &bytes.Buffer{}
			in := &page{w: index}
			in.head(list.title, doc)
			for _, e := range list.entries {
				var b bytes.Buffer
				e.write(&b, o)
				if !yield(Page{e.file, b.Bytes()}) {
					return
				}
				in.line("* [%s](%s)%s", linked(e.title), path.Base(e.file), e.remark)
			}
			if !yield(Page{path.Join(PagesDir, list.name, IndexFile), index.Bytes()}) {
				return
			}
		}
		var b bytes.Buffer
		(&page{w: &b}).index(doc, lists)
		yield(Page{IndexFile, b.Bytes()})
	}
}

// WritePages writes the pages below dir, the directory of a report, which has to be there.
func WritePages(doc *schema.Document, dir string, o PageOptions) error {
	for p := range Pages(doc, o) {
		file := filepath.Join(dir, filepath.FromSlash(p.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, p.Text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// directory is a list of the Document, of which each record has a page.
type directory struct {
	name, title string
	entries     []entry
}

// entry is the page of one record.
type entry struct {
	list, file, title, remark string
	front                     front
	body                      func(p *page)
}

// front is what stands in front of a page.
type front struct {
	kind     string
	switched bool // it is enabled or not
	enabled  *bool
	when     []string
	tokens   int
	name     string // in its list
}

// all shows a text whole, with all that it depends on.
var all = extent{bytes: 4 << 20, holes: 2000, branches: 2000, depth: 12}

// directories are the lists whose records have pages; one without a record is left out.
func directories(doc *schema.Document, o PageOptions) (list []directory) {
	var count tokens.Counter
	add := func(name, title string, entries []entry) {
		if len(entries) == 0 {
			return
		}
		names := fileNames{}
		for i := range entries {
			e := &entries[i]
			e.list = name
			e.file = path.Join(PagesDir, name, names.of(e.front.name))
			e.remark = fmt.Sprintf(", %s, %d tokens", e.front.kind, e.front.tokens)
		}
		list = append(list, directory{name, title, entries})
	}
	add("tools", "Tools", toolEntries(doc, &count))
	add("prompts", "Prompts", promptEntries(doc.Prompts, &count, o.All))
	add("reminders", "Reminders", promptEntries(doc.Reminders, &count, true))
	var agents, commands []entry
	for i := range doc.Agents {
		a := &doc.Agents[i]
		agents = append(agents, recordEntry(agentRecord(a, &count), front{name: a.Name, kind: "agent", switched: true, enabled: a.Enabled, when: told(a.EnabledWhen)}))
	}
	for i := range doc.Commands {
		c := &doc.Commands[i]
		commands = append(commands, recordEntry(commandRecord(c, &count), front{name: c.Name, kind: "command", switched: true, enabled: c.Enabled, when: told(c.EnabledWhen)}))
	}
	add("agents", "Sub-agents", agents)
	add("commands", "Commands", commands)
	return list
}

// told is a condition as a list of those that have to hold; empty for none.
func told(c *schema.Cond) []string {
	if c == nil {
		return nil
	}
	return []string{c.String()}
}

func toolEntries(doc *schema.Document, count *tokens.Counter) (list []entry) {
	for _, t := range byName(doc) {
		list = append(list, entry{title: t.Name, front: front{name: t.Name, kind: "tool", switched: true, enabled: t.Enabled, when: told(t.EnabledWhen), tokens: count.OfTool(&t)}, body: func(p *page) {
			p.heading(1, prose(t.Name))
			p.toolFacts(&t)
			p.heading(2, "What the model is told")
			p.description(&t, count, all)
			p.heading(2, "Parameters")
			p.toolParams(&t)
			p.heading(2, "Source")
			p.members(&t)
		}})
	}
	return list
}

func promptEntries(prompts []schema.Prompt, count *tokens.Counter, passing bool) (list []entry) {
	for i := range prompts {
		q := &prompts[i]
		if !passing && inPassing(q.Kind) {
			continue
		}
		r := recordOf(*q, count)
		list = append(list, recordEntry(r, front{name: q.ID, kind: q.Kind, when: q.Told()}))
	}
	return list
}

// recordEntry is the page of a record that is a text.
func recordEntry(r record, f front) entry {
	f.tokens = r.tokens
	return entry{title: r.title, front: f, body: func(p *page) {
		p.raised = 2
		p.record(r, all)
	}}
}

// write writes the page.
func (e *entry) write(b *bytes.Buffer, o PageOptions) {
	f := e.front
	first := any(nil)
	if o.FirstSeen != nil {
		if version := o.FirstSeen(e.list, f.name); version != "" {
			first = version
		}
	}
	b.WriteString("---\n")
	for _, line := range []struct {
		key   string
		value any
	}{{"id", e.list + "/" + f.name}, {"kind", f.kind}, {"enabled", f.enabled}, {"when", f.when}, {"tokens", f.tokens}, {"firstSeen", first}} {
		if line.key != "enabled" || f.switched {
			fmt.Fprintf(b, "%s: %s\n", line.key, yamlOf(line.value))
		}
	}
	b.WriteString("---\n\n")
	e.body(&page{w: b})
}

// yamlOf is a value as YAML, which JSON is as well.
func yamlOf(v any) string {
	switch x := v.(type) {
	case string:
		v = hidden.Spelled(x)
	case []string:
		list := make([]string, len(x))
		for i, s := range x {
			list[i] = hidden.Spelled(s)
		}
		v = list
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return "null" // there is no such value
	}
	return strings.TrimSpace(b.String())
}

// fileNames are the names that files of a directory have, in lower case: there are systems for which that is the same.
type fileNames map[string]bool

// maxFileName is how long the name of a file is at most, without its end.
const maxFileName = 120

// of is a name that no other file has, made of a record's.
func (taken fileNames) of(name string) string {
	base := strings.TrimLeft(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, name), ".")
	base = base[:min(len(base), maxFileName)]
	file := base
	for n := 2; file == "" || taken[strings.ToLower(file)] || file == strings.TrimSuffix(IndexFile, ".md"); n++ {
		file = fmt.Sprintf("%s-%d", base, n)
	}
	taken[strings.ToLower(file)] = true
	return file + ".md"
}
