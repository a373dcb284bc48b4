package diff

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"

	"github.com/bundlens/bundlens/schema"
)

// The operations of an edit.
const (
	Equal   = "equal"
	Insert  = "insert"
	Delete  = "delete"
	MovedIn = "moved-in" // it stood elsewhere before
	MovedTo = "moved-to" // it stands elsewhere now
)

// Edit is one piece of a changed text.
type Edit struct {
	Op   string `json:"op"`
	Text string `json:"text"`
	// Other is the text that a moved piece came from or went to; empty for this one.
	Other string `json:"other,omitempty"`
}

// Hunk is a changed place with a little of what stands around it.
type Hunk struct {
	// FromLine and ToLine count from 1.
	FromLine int    `json:"fromLine"`
	ToLine   int    `json:"toLine"`
	Edits    []Edit `json:"edits"`
}

// TextChange is a text that changed.
type TextChange struct {
	ID    string `json:"id"`
	Field string `json:"field"`
	// Change is added, removed or changed.
	Change string `json:"change"`
	// Inserted and Deleted count characters; what only moved is in neither.
	Inserted int `json:"inserted"`
	Deleted  int `json:"deleted"`
	// Repeated is how many further changes it has that another text has as well, where they are told.
	Repeated int    `json:"repeated,omitempty"`
	Hunks    []Hunk `json:"hunks"`
}

// textPair is a text on both sides, or on one, compared line by line; one that is the same on both has no lines.
type textPair struct {
	id, field string
	from, to  *schema.Text
	variant   bool            // whether it is another form of a text that is compared, too
	same      map[string]bool // lines that both sides have in some form of the text
	lines     []lineEdit
	hunks     []Hunk // once it is known what moved
}

// lineEdit is a run of whole lines.
type lineEdit struct {
	op    diffmatchpatch.Operation
	lines []string
}

func newTextPair(id, field string, from, to *schema.Text, own ownVersions, words wordings) *textPair {
	a, b := own.marked(words.of(from), own.from), own.marked(words.of(to), own.to)
	p := &textPair{id: id, field: field, from: from, to: to}
	if a != b {
		p.lines = runs(strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n"))
	}
	return p
}

// ownVersions are the versions of the program on both sides.
type ownVersions struct{ from, to string }

// same says whether two values are the same but for the program's own version, which every release changes.
func (v ownVersions) same(a, b string) bool {
	if a == b {
		return true
	}
	return v.marked(a, v.from) == v.marked(b, v.to)
}

// marked is a text with a mark in the place of the program's own version, where both sides say theirs.
func (v ownVersions) marked(s, version string) string {
	if v.from == "" || v.to == "" || v.from == v.to {
		return s
	}
	return strings.ReplaceAll(s, version, ownMark)
}

// ownMark stands for the program's own version.
const ownMark = "${VERSION}"

// Line is a line that one of two texts has: Op is Delete for one of the first, Insert for one of the second.
type Line struct{ Op, Text string }

// Lines compares two texts, and returns the lines in which they differ, in order.
func Lines(a, b string) (lines []Line) {
	for _, run := range runs(strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")) {
		op := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffDelete: Delete, diffmatchpatch.DiffInsert: Insert}[run.op]
		for _, line := range run.lines {
			if op != "" {
				lines = append(lines, Line{op, line})
			}
		}
	}
	return lines
}

// runs compares two lists, each item taken as one character.
func runs(a, b []string) []lineEdit {
	known := map[string]rune{}
	var items []string
	runes := func(list []string) []rune {
		out := make([]rune, 0, len(list))
		for _, s := range list {
			if s == "" {
				continue
			}
			r, ok := known[s]
			if !ok {
				if r = rune(len(items)) + 1; r >= 0xd800 { // not a surrogate, which is no character
					r += 0x800
				}
				known[s] = r
				items = append(items, s)
			}
			out = append(out, r)
		}
		return out
	}
	x, y := runes(a), runes(b)
	m := diffmatchpatch.New()
	m.DiffTimeout = 0 // a time limit would make the result depend on the machine
	var out []lineEdit
	for _, d := range m.DiffMainRunes(x, y, false) {
		e := lineEdit{op: d.Type}
		for _, r := range d.Text {
			if r >= 0xd800 {
				r -= 0x800
			}
			e.lines = append(e.lines, items[r-1])
		}
		out = append(out, e)
	}
	return out
}

// minMoved is how long a line has to be to be called moved; a shorter one stands in many places.
const minMoved = 25

// moves knows the lines that went and those that came, in all texts.
type moves struct{ gone, came map[string][]string }

func newMoves() *moves { return &moves{map[string][]string{}, map[string][]string{}} }

// note takes down what a text lost and what it got.
func (m *moves) note(p *textPair) {
	for _, e := range p.lines {
		into := map[diffmatchpatch.Operation]map[string][]string{diffmatchpatch.DiffDelete: m.gone, diffmatchpatch.DiffInsert: m.came}[e.op]
		if into == nil {
			continue
		}
		for _, line := range e.lines {
			if key := strings.TrimSpace(line); len(key) >= minMoved {
				into[key] = append(into[key], p.id)
			}
		}
	}
}

// other answers where a line that went stands now, or where one that came stood before.
func (m *moves) other(op diffmatchpatch.Operation, line, self string) (id string, moved bool) {
	from := m.came
	if op == diffmatchpatch.DiffInsert {
		from = m.gone
	}
	ids := from[strings.TrimSpace(line)]
	if len(ids) == 0 {
		return "", false
	}
	for _, id := range ids {
		if id == self {
			return "", true
		}
	}
	return ids[0], true
}
