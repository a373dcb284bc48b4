package ledger

import (
	"encoding/json"
	"hash/maphash"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/schema"
)

// gramSize is how many words in a row tell a text: a literal belongs to a record when those of it stand in the record.
const gramSize = 3

// words are the runs of words of all texts of a Document.
type words struct {
	seed  maphash.Seed
	grams map[uint64]bool
}

// wordsOf collects the texts of a Document: what goes to the model, and what its schemas say.
func wordsOf(doc *schema.Document) words {
	w := words{maphash.MakeSeed(), map[uint64]bool{}}
	for _, list := range [][]schema.Prompt{doc.Prompts, doc.Reminders} {
		for _, p := range list {
			w.addText(&p.Text)
		}
	}
	for _, t := range doc.Tools {
		w.addText(t.Description)
		w.addText(t.Summary)
		for _, v := range t.DescriptionVariants {
			w.addText(&v.Description)
		}
		w.addJSON(t.InputSchema)
		w.addJSON(t.OutputSchema)
		for _, v := range t.SchemaVariants {
			w.addJSON(v.InputSchema)
		}
	}
	for _, a := range doc.Agents {
		w.addText(a.WhenToUse)
		w.addText(a.Prompt)
	}
	for _, c := range doc.Commands {
		w.addText(c.Description)
		w.addText(c.Prompt)
	}
	for _, c := range doc.Capabilities {
		w.addText(c.Detail)
	}
	return w
}

func (w words) addText(t *schema.Text) {
	if t == nil {
		return
	}
	for s := range schema.Literals(t.Parts) {
		w.add(s)
	}
	w.add(t.Text)
}

// addJSON adds the strings of a JSON value.
func (w words) addJSON(raw []byte) {
	var v any
	if json.Unmarshal(raw, &v) == nil {
		w.addValue(v)
	}
}

func (w words) addValue(v any) {
	switch v := v.(type) {
	case string:
		w.add(v)
	case []any:
		for _, e := range v {
			w.addValue(e)
		}
	case map[string]any:
		for _, e := range v {
			w.addValue(e)
		}
	}
}

func (w words) add(text string) {
	list := split(text)
	for i := range list {
		if i+gramSize <= len(list) {
			w.grams[w.gram(list[i:i+gramSize])] = true
		}
	}
}

func (w words) gram(list []string) uint64 {
	return maphash.String(w.seed, strings.Join(list, " "))
}

// share is how much of a literal has to stand in records for it to belong to one: names that are put into it, and
// where it is cut, make for some runs that stand nowhere.
const share = 0.6

// have tells whether a literal belongs to a record.
func (w words) have(text string) bool {
	found, all := 0, 0
	for piece := range strings.SplitSeq(text, gap) {
		list := split(piece)
		for i := range list {
			if i+gramSize <= len(list) {
				all++
				if w.grams[w.gram(list[i:i+gramSize])] {
					found++
				}
			}
		}
	}
	return all > 0 && float64(found) >= share*float64(all)
}

func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// minWords is how many words in a row a literal has that reads like English.
const minWords = 3

// english tells a literal that reads like English: words with spaces between them, most of it letters.
func english(text string) bool {
	row, best, letters, size := 0, 0, 0, 0
	for f := range strings.FieldsSeq(text) {
		f = strings.Trim(f, `.,;:!?"'()`+"`*_-")
		plain := len(f) > 0
		for _, r := range f {
			size++
			if unicode.IsLetter(r) {
				letters++
			} else if r != '\'' && r != '-' {
				plain = false
			}
		}
		if row++; !plain {
			row = 0
		}
		best = max(best, row)
	}
	return best >= minWords && letters*10 >= size*7
}
