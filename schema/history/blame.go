package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"

	"github.com/bundlens/bundlens/schema"
)

// Line is a line of a text, and the version in which it came.
type Line struct {
	Text  string `json:"text"`
	Since string `json:"since"`
}

// ErrNoRecord says that no version has a record of the name, or none that has a text.
var ErrNoRecord = errors.New("the history has no text of that name")

// Blame says of each line of a record's text in the default world, as the newest version that has it says it, in which
// version it came. A line that moved within the text is one that came. The record is found by its kind and any of its names.
func Blame(ctx context.Context, dir, kind, name string) ([]Line, error) {
	index, err := Read(dir)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(index.Records, func(r Record) bool { return r.Kind == kind && r.named(name) })
	if at < 0 {
		return nil, fmt.Errorf("%s: %w: %s/%s", dir, ErrNoRecord, kind, name)
	}
	var lines []Line
	for _, v := range index.Versions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		called, ok := index.Records[at].nameIn(v.Version, index.Versions)
		if !ok {
			continue
		}
		doc, err := load(dir, v.Version)
		if err != nil {
			return nil, err
		}
		if text, ok := textOf(doc, kind, called); ok {
			lines = newer(lines, text, v.Version)
		}
	}
	if lines == nil {
		return nil, fmt.Errorf("%s: %w: %s/%s", dir, ErrNoRecord, kind, name)
	}
	return lines, nil
}

// named says whether the record is called so, or was.
func (r *Record) named(name string) bool {
	return r.Name == name || slices.ContainsFunc(r.Names, func(n Named) bool { return n.Name == name })
}

// nameIn is what the record is called in a version; ok is false where that has none of it.
func (r *Record) nameIn(version string, order []Version) (name string, ok bool) {
	place := func(v string) int { return slices.IndexFunc(order, func(x Version) bool { return x.Version == v }) }
	at := place(version)
	if !slices.ContainsFunc(r.Lifetimes, func(l Lifetime) bool { return place(l.From) <= at && at <= place(l.To) }) {
		return "", false
	}
	name = r.Name
	for _, n := range slices.Backward(r.Names) {
		if at <= place(n.Until) {
			name = n.Name
		}
	}
	return name, true
}

// textOf is what a record tells the model in the default world.
func textOf(doc *schema.Document, kind, name string) (string, bool) {
	found := map[string]*schema.Text{}
	for i := range doc.Tools {
		found["tools/"+doc.Tools[i].Name] = doc.Tools[i].Description
	}
	for i := range doc.Prompts {
		found["prompts/"+doc.Prompts[i].ID] = &doc.Prompts[i].Text
	}
	for i := range doc.Reminders {
		found["reminders/"+doc.Reminders[i].ID] = &doc.Reminders[i].Text
	}
	for i := range doc.Agents {
		found["agents/"+doc.Agents[i].Name] = cmp.Or(doc.Agents[i].Prompt, doc.Agents[i].WhenToUse)
	}
	for i := range doc.Commands {
		found["commands/"+doc.Commands[i].Name] = cmp.Or(doc.Commands[i].Prompt, doc.Commands[i].Description)
	}
	text := found[kind+"/"+name]
	if text == nil {
		return "", false
	}
	return text.Text, true
}

// newer are the lines of a text that follows one; what is new came with the version.
func newer(before []Line, text, version string) []Line {
	old := ""
	for _, l := range before {
		old += l.Text + "\n"
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the same result on every machine
	x, y, table := d.DiffLinesToRunes(old, text+"\n")
	out := []Line{}
	at := 0
	for _, run := range d.DiffMainRunes(x, y, false) {
		for _, line := range d.DiffCharsToLines([]diffmatchpatch.Diff{run}, table) {
			for l := range strings.Lines(line.Text) {
				switch run.Type {
				case diffmatchpatch.DiffEqual:
					out = append(out, before[at])
					at++
				case diffmatchpatch.DiffDelete:
					at++
				default:
					out = append(out, Line{strings.TrimSuffix(l, "\n"), version})
				}
			}
		}
	}
	return out
}
