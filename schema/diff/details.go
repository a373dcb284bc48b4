package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// told is a record as it is written, or several with the same changes.
type told struct {
	*Record
	names   []string
	details []detail
}

// once are the records of a list in the order in which they are written, those with the same changes together.
func (p *textWriter) once(kind string, list []*Record) (out []*told) {
	known := map[string]*told{}
	for _, r := range list {
		if r.inParagraph(kind) {
			continue
		}
		t := &told{r, []string{r.Name}, p.details(r)}
		key := fmt.Sprint(r.Tokens, r.Breaking, t.details)
		if first := known[key]; first != nil && r.Change == Changed && len(t.details) > 0 {
			first.names = append(first.names, r.Name)
			continue
		}
		if r.Change == Changed {
			known[key] = t
		}
		out = append(out, t)
	}
	return out
}

// detail is a line on a record that changed.
type detail struct {
	field    string // of a text
	line     string
	breaking bool
}

// details say what changed in a record. What is said in the same words several times is said once, with its number.
func (p *textWriter) details(r *Record) (list []detail) {
	for _, f := range gathered(r.Fields) {
		list = append(list, detail{line: printable(f.Field) + ": " + p.value(f)})
	}
	for _, c := range onceEach(r.Schema) {
		list = append(list, detail{line: p.schema(c), breaking: c.Breaking})
	}
	if r.Change != Added && r.Change != Removed && r.Change != NotSeen { // the texts of a whole record would drown the changes
		for i := range r.Texts {
			list = p.text(list, &r.Texts[i], r.Default)
		}
	}
	return counted(list)
}

// gathered are fields with those in one that several things came to or went from, such as variants.
func gathered(fields []FieldChange) (out []FieldChange) {
	for _, f := range fields {
		same := func(o FieldChange) bool {
			return o.Field == f.Field && (o.From == "") == (f.From == "") && (o.To == "") == (f.To == "")
		}
		i := slices.IndexFunc(out, same)
		if i < 0 || f.From != "" && f.To != "" {
			out = append(out, f)
			continue
		}
		for _, side := range []struct {
			all *string
			one string
		}{{&out[i].From, f.From}, {&out[i].To, f.To}} {
			if side.one != "" && !slices.Contains(strings.Split(*side.all, "; "), side.one) {
				*side.all += "; " + side.one
			}
		}
	}
	return out
}

// schemaChanges are the changes of a schema, those that several variants or several properties have in one line.
type schemaChanges struct {
	SchemaChange
	paths []string
	of    []string // the default schema, an output, or variants
}

// onceEach puts changes together that are told in one line.
func onceEach(list []SchemaChange) []*schemaChanges {
	var each []*schemaChanges
	for _, c := range list {
		if c.Kind == propertyRemoved {
			c.From = "" // what it was is of less use than that it is gone
		}
		each = append(each, &schemaChanges{c, []string{c.Path}, []string{c.Of}})
	}
	ofVariants := joined(each, func(c *schemaChanges) SchemaChange {
		key := c.SchemaChange
		if c.Of != "output" && c.Of != "" {
			key.Of = "variant"
		}
		return key
	})
	return joined(ofVariants, func(c *schemaChanges) SchemaChange {
		key := c.SchemaChange
		key.Path, key.Of = "", strings.Join(c.of, "\x00")
		return key
	})
}

// joined puts changes together that have the same key.
func joined(list []*schemaChanges, keyOf func(*schemaChanges) SchemaChange) (out []*schemaChanges) {
	known := map[SchemaChange]*schemaChanges{}
	for _, c := range list {
		key := keyOf(c)
		first := known[key]
		if first == nil {
			known[key] = c
			out = append(out, c)
			continue
		}
		for _, path := range c.paths {
			if !slices.Contains(first.paths, path) {
				first.paths = append(first.paths, path)
			}
		}
		for _, of := range c.of {
			if !slices.Contains(first.of, of) {
				first.of = append(first.of, of)
			}
		}
	}
	return out
}

// counted are lines with those in one that say the same, of several fields or several times.
func counted(list []detail) (out []detail) {
	times := map[detail]int{}
	at := map[string]int{} // of lines of texts
	for _, d := range list {
		i, known := at[d.line]
		switch {
		case d.field != "" && known && !slices.Contains(strings.Split(out[i].field, ", "), d.field):
			out[i].field += ", " + d.field
			continue
		case d.field != "" && !known:
			at[d.line] = len(out)
		}
		if times[d]++; times[d] == 1 {
			out = append(out, d)
		}
	}
	for i, d := range out {
		if n := times[d]; n > 1 {
			out[i].line += fmt.Sprintf(" (%d times)", n)
		}
		if d.field != "" {
			out[i].line = strings.TrimPrefix(d.field+" ", "text ") + out[i].line
		}
	}
	return out
}

// value is what a field was and is, or only the side that it has.
func (p *textWriter) value(f FieldChange) string {
	switch {
	case f.From == "":
		return p.paint("insert", "+ "+shown(f.To))
	case f.To == "":
		return p.paint("delete", "- "+shown(f.From))
	}
	return shown(f.From) + " -> " + shown(f.To)
}

// shown is a value in a line.
func shown(v string) string { return clip(printable(v), 64) }

// schema writes changes of a schema in a line.
func (p *textWriter) schema(c *schemaChanges) string {
	paths := slices.Clone(c.paths)
	for i, path := range paths {
		paths[i] = cmp.Or(printable(path), "(schema)")
	}
	where := strings.Join(paths, ", ")
	if c.Of != "" {
		where = clip(printable(c.Of), 80) + ": " + where
	}
	if more := len(c.of) - 1; more > 0 {
		where += fmt.Sprintf(" (and in %d more variants)", more)
	}
	line := where + " " + c.Kind
	if c.Rule != "" && c.Breaking {
		line += " [" + c.Rule + "]"
	}
	switch {
	case c.Kind == "description-changed" && c.From != "" && c.To != "":
		return line + ": " + p.words(unquote(c.From), unquote(c.To))
	case c.From != "" && c.To != "":
		return line + ": " + shown(c.From) + " -> " + shown(c.To)
	case c.From+c.To == "":
		return line
	case strings.HasSuffix(c.Kind, "-changed"): // which does not say what became of it
		return line + ": " + p.value(FieldChange{From: c.From, To: c.To})
	}
	return line + ": " + shown(c.From+c.To)
}

func unquote(s string) string {
	if v, ok := parsed([]byte(s)).(string); ok {
		return v
	}
	return s
}

// text adds what changed in a text.
func (p *textWriter) text(list []detail, t *TextChange, byDefault bool) []detail {
	field := clip(printable(t.Field), 60)
	if t.Change != Changed {
		return append(list, detail{line: field + " " + t.Change})
	}
	hunks, more := t.most(byDefault, p.around)
	for i, h := range hunks {
		line := p.paint("dim", fmt.Sprintf("%d:", h.ToLine)) + " " + p.inOneLine(h.Edits)
		if i == len(hunks)-1 && more > 0 {
			line += p.paint("dim", fmt.Sprintf(" (%d more)", more))
		}
		list = append(list, detail{field: field, line: line})
	}
	return list
}

// inOneLine writes edits with marks for line breaks.
func (p *textWriter) inOneLine(edits []Edit) string {
	return strings.Trim(lineBreaks.Get().ReplaceAllString(p.inline(edits), " ⏎ "), " ⏎")
}

var lineBreaks = lazyregexp.New(`\s*\n\s*`)

// Bounds of what is written of a text, apart from those of the main prompts: all of it stands in the JSON.
const (
	maxNames      = 24 // records that came or went, of one kind
	maxMovedShown = 54 // characters of a piece that stands elsewhere
)

// shownOf bounds what is written of a text: how many changes, pieces of each, and characters of a piece that came or went and
// of what stands around.
type shownOf struct{ hunks, edits, edit, around int }

var (
	ofDefault = shownOf{6, 8, 90, 40} // of a tool that is enabled by default
	ofOthers  = shownOf{1, 3, 40, 14}
)

// most are the changes of a text that are written, each cut where it is long, and how many there are more. So many
// characters at least stand around each.
func (t *TextChange) most(byDefault bool, around int) (list []Hunk, more int) {
	bound := ofOthers
	if byDefault && t.Field == "description" {
		bound = ofDefault
	}
	bound.around = max(bound.around, around)
	for _, h := range t.Hunks[:min(len(t.Hunks), bound.hunks)] {
		list = append(list, h.cut(bound))
	}
	return list, len(t.Hunks) - len(list)
}

// cut is a hunk with what is long cut short.
func (h Hunk) cut(bound shownOf) Hunk {
	h.Edits = worded(h.Edits)
	edits, changed := []Edit{}, 0
	for _, e := range h.Edits {
		if e.Op != Equal {
			changed++
		}
		if changed <= bound.edits {
			edits = append(edits, e)
		}
	}
	if n := len(h.Edits) - len(edits); n > 0 {
		edits = append(edits, Edit{Op: Equal, Text: fmt.Sprintf("… %d more pieces", n)})
	}
	for i, e := range edits {
		most := map[string]int{Insert: bound.edit, Delete: bound.edit, MovedIn: maxMovedShown, MovedTo: maxMovedShown}[e.Op]
		r := []rune(e.Text)
		switch {
		case most > 0 && len(r) > most:
			edits[i].Text = string(r[:most]) + fmt.Sprintf("… %d more", len(r)-most)
		case e.Op == Equal && i == 0:
			edits[i].Text = lastOf(e.Text, bound.around)
		case e.Op == Equal && i == len(h.Edits)-1:
			edits[i].Text = firstOf(e.Text, bound.around)
		case e.Op == Equal && len(r) > 2*bound.around && i < len(h.Edits)-1:
			edits[i].Text = firstOf(e.Text, bound.around) + " … " + lastOf(e.Text, bound.around)
		}
	}
	h.Edits = edits
	return h
}

// worded are edits without those that change no words: what a hole is called, and how a text is put together.
func worded(edits []Edit) (out []Edit) {
	for _, e := range edits {
		if (e.Op == Insert || e.Op == Delete) && !hasWords(e.Text) {
			if e.Op == Delete {
				continue
			}
			e.Op = Equal
		}
		out = append(out, e)
	}
	return merged(out)
}

// words is what changed in a text that is not compared line by line.
func (p *textWriter) words(from, to string) string {
	t := TextChange{Hunks: hunks(wordEdits(from, to), max(ofOthers.around, p.around))}
	list, more := t.most(false, p.around)
	var b strings.Builder
	for _, h := range list {
		b.WriteString(p.inOneLine(h.Edits))
	}
	if more > 0 {
		fmt.Fprintf(&b, " (%d more)", more)
	}
	return b.String()
}
