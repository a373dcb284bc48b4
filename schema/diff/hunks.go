package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// compare says what changed in a text. What another form says already is left out.
func (p *textPair) compare(said map[string]bool) (TextChange, bool) {
	t := TextChange{ID: p.id, Field: p.field, Change: Changed, Hunks: []Hunk{}}
	switch {
	case p.from == nil:
		t.Change = Added
	case p.to == nil:
		t.Change = Removed
	}
	if t.Change != Changed {
		return t, true // the text is what it says
	}
	for _, h := range p.hunks {
		if !h.says() {
			continue
		}
		key := h.key()
		if said[key] && (p.variant || len(key) >= minRepeated) {
			t.Repeated++
			continue
		}
		said[key] = true
		t.Hunks = append(t.Hunks, h)
		t.count(h)
	}
	return t, len(t.Hunks) > 0 || t.Repeated > 0 && !p.variant
}

// holes are the marks in a text of what is not known of it.
var holes = lazyregexp.New(`\$\{[^}]*\}?`)

// says tells whether words changed, and not only how the text is put together or what its holes are called.
func (h Hunk) says() bool {
	for _, e := range h.Edits {
		if e.Op != Equal && hasWords(e.Text) {
			return true
		}
	}
	return false
}

// hasWords says whether a piece of a text has letters or digits, apart from the names of holes.
func hasWords(text string) bool {
	return strings.ContainsFunc(holes.Get().ReplaceAllString(strings.ReplaceAll(text, "⟦each:", ""), ""), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// minRepeated is how long a change is that is not said again where another text has it as well.
const minRepeated = 24

// count adds a hunk's characters.
func (t *TextChange) count(h Hunk) {
	for _, e := range h.Edits {
		switch e.Op {
		case Insert:
			t.Inserted += utf8.RuneCountInString(e.Text)
		case Delete:
			t.Deleted += utf8.RuneCountInString(e.Text)
		}
	}
}

// key is the same for hunks that change the same words, wherever they stand.
func (h Hunk) key() string {
	var b strings.Builder
	for _, e := range h.Edits {
		if e.Op != Equal {
			b.WriteString(e.Op + "\x00" + e.Text + "\x00")
		}
	}
	return b.String()
}

// edits refines the runs of lines: lines that moved are taken out, and lines that were replaced are compared word by
// word.
func (p *textPair) edits(m *moves) []Edit {
	var out []Edit
	var gone, came []string
	flush := func() {
		out = append(out, wordEdits(strings.Join(gone, ""), strings.Join(came, ""))...)
		gone, came = nil, nil
	}
	for _, run := range p.lines {
		if run.op == diffmatchpatch.DiffEqual {
			flush()
			out = append(out, Edit{Op: Equal, Text: strings.Join(run.lines, "")})
			continue
		}
		for _, line := range run.lines {
			other, moved := m.other(run.op, line, p.id)
			switch {
			case p.same[lineWords(line)]:
				flush()
				out = append(out, Edit{Op: kept[run.op], Text: line})
			case moved && run.op == diffmatchpatch.DiffInsert:
				flush()
				out = append(out, Edit{MovedIn, line, other})
			case moved:
				flush()
				out = append(out, Edit{MovedTo, line, other})
			case run.op == diffmatchpatch.DiffInsert:
				came = append(came, line)
			default:
				gone = append(gone, line)
			}
		}
	}
	flush()
	return merged(out)
}

// kept are the operations of a line that the other side has in another form of the text: words that did not change.
var kept = map[diffmatchpatch.Operation]string{diffmatchpatch.DiffInsert: keptIn, diffmatchpatch.DiffDelete: keptFrom}

const (
	keptIn   = "kept-in"
	keptFrom = "kept-from"
)

// merged joins neighbouring edits of a kind.
func merged(edits []Edit) []Edit {
	var out []Edit
	for _, e := range edits {
		if n := len(out); n > 0 && out[n-1].Op == e.Op && out[n-1].Other == e.Other {
			out[n-1].Text += e.Text
			continue
		}
		out = append(out, e)
	}
	return out
}

// maxWordDiff bounds the work of a comparison by words; texts over it are replaced whole.
const maxWordDiff = 8_000

// mostlyOther is the share of a replaced piece that has to be kept for its words to be shown one by one.
const mostlyOther = 0.25

func wordEdits(gone, came string) []Edit {
	whole := []Edit{}
	if gone != "" {
		whole = append(whole, Edit{Op: Delete, Text: gone})
	}
	if came != "" {
		whole = append(whole, Edit{Op: Insert, Text: came})
	}
	if gone == "" || came == "" {
		return whole
	}
	a, b := words(gone), words(came)
	if len(a)+len(b) > maxWordDiff {
		return whole
	}
	var out []Edit
	kept := 0
	for _, run := range runs(a, b) {
		e := Edit{Op: Equal, Text: strings.Join(run.lines, "")}
		switch run.op {
		case diffmatchpatch.DiffInsert:
			e.Op = Insert
		case diffmatchpatch.DiffDelete:
			e.Op = Delete
		default:
			kept += len(e.Text)
		}
		out = append(out, e)
	}
	if float64(kept) < mostlyOther*float64(max(len(gone), len(came))) {
		return whole // single words in common would only make it hard to read
	}
	return tidied(out)
}

// tidied swallows white space between two changes, so that a run of changed words is one change.
func tidied(edits []Edit) []Edit {
	var out []Edit
	for i := 0; i < len(edits); {
		if edits[i].Op == Equal {
			out = append(out, edits[i])
			i++
			continue
		}
		var gone, came strings.Builder
		for ; i < len(edits); i++ {
			blank := edits[i].Op == Equal && strings.TrimSpace(edits[i].Text) == "" && !strings.Contains(edits[i].Text, "\n") &&
				i+1 < len(edits)
			if edits[i].Op == Equal && !blank {
				break
			}
			if edits[i].Op != Insert {
				gone.WriteString(edits[i].Text)
			}
			if edits[i].Op != Delete {
				came.WriteString(edits[i].Text)
			}
		}
		if gone.Len() > 0 {
			out = append(out, Edit{Op: Delete, Text: gone.String()})
		}
		if came.Len() > 0 {
			out = append(out, Edit{Op: Insert, Text: came.String()})
		}
	}
	return out
}

// words cuts a text into words, runs of white space, other characters, and marks.
func words(s string) []string {
	var out []string
	for len(s) > 0 {
		n := wordLength(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

func wordLength(s string) int {
	if strings.HasPrefix(s, "${") {
		if end := strings.IndexByte(s, '}'); end > 0 {
			return end + 1
		}
	}
	kind := func(r rune) int {
		switch {
		case r == '\n':
			return 0
		case r == ' ' || r == '\t':
			return 1
		case r == '_' || r == '\'' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 && r != '⟦' && r != '⟧':
			return 2
		}
		return 0
	}
	first, size := utf8.DecodeRuneInString(s)
	k := kind(first)
	if k == 0 {
		return size
	}
	for i, r := range s {
		if kind(r) != k {
			return i
		}
	}
	return len(s)
}

// defaultAround is how many characters of an unchanged text are shown before and behind a change.
const defaultAround = 40

// hunks groups edits that are near each other, with a little of what stands around them.
func hunks(edits []Edit, around int) []Hunk {
	out := []Hunk{}
	fromLine, toLine := 1, 1
	open := false
	for i, e := range edits {
		newlines := strings.Count(e.Text, "\n")
		inFrom, inTo := newlines, newlines
		switch e.Op {
		case Delete, MovedTo, keptFrom:
			inTo = 0
		case Insert, MovedIn, keptIn:
			inFrom = 0
		}
		if e.Op == keptIn || e.Op == keptFrom {
			e.Op = Equal
		}
		if e.Op == Equal {
			head, tail := firstOf(e.Text, around), lastOf(e.Text, around)
			last := i == len(edits)-1
			switch {
			case open && !last && len(e.Text) <= 2*around:
				out[len(out)-1].Edits = append(out[len(out)-1].Edits, e)
			default:
				if open {
					out[len(out)-1].Edits = append(out[len(out)-1].Edits, Edit{Op: Equal, Text: head})
				}
				if open = !last; open {
					skipped := strings.Count(e.Text[:len(e.Text)-len(tail)], "\n")
					out = append(out, Hunk{fromLine + min(skipped, inFrom), toLine + min(skipped, inTo), []Edit{{Op: Equal, Text: tail}}})
				}
			}
			fromLine, toLine = fromLine+inFrom, toLine+inTo
			continue
		}
		if !open {
			out, open = append(out, Hunk{FromLine: fromLine, ToLine: toLine}), true
		}
		out[len(out)-1].Edits = append(out[len(out)-1].Edits, e)
		fromLine, toLine = fromLine+inFrom, toLine+inTo
	}
	return out
}

// firstOf and lastOf cut a text at a line or a word, so that about n characters are left.
func firstOf(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := s[:runeStart(s, n)]
	if i := strings.IndexByte(cut, '\n'); i > 0 {
		return cut[:i+1]
	}
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return cut
}

func lastOf(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := s[runeStart(s, len(s)-n):]
	if i := strings.LastIndexByte(strings.TrimSuffix(cut, "\n"), '\n'); i >= 0 {
		return cut[i+1:]
	}
	if i := strings.IndexByte(cut, ' '); i >= 0 && i < n/2 {
		cut = cut[i+1:]
	}
	return cut
}

// runeStart is the start of the character in which byte n lies.
func runeStart(s string, n int) int {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// Excerpt is the sentence in which a text changed first, as it is now, or what is gone from it; "" where no words changed.
func (t *TextChange) Excerpt() string {
	for _, h := range t.Hunks {
		var now strings.Builder
		at := -1
		gone := ""
		for _, e := range h.Edits {
			switch e.Op {
			case Insert:
				if at < 0 && strings.TrimSpace(e.Text) != "" {
					at = now.Len() + len(e.Text) - len(strings.TrimLeft(e.Text, " \n"))
				}
				now.WriteString(e.Text)
			case Equal, MovedIn:
				now.WriteString(e.Text)
			case Delete:
				if gone == "" {
					gone = strings.TrimSpace(e.Text)
				}
			}
		}
		switch {
		case at >= 0:
			return sentenceAt(now.String(), at)
		case gone != "":
			return "no longer: " + sentenceAt(gone, 0)
		}
	}
	return ""
}

// maxExcerpt bounds an excerpt, in characters.
const maxExcerpt = 160

// sentenceAt is the sentence around a place in a text.
func sentenceAt(text string, at int) string {
	start := max(strings.LastIndexAny(text[:at], "\n"), strings.LastIndex(text[:at], ". ")+1) + 1
	start = min(start, at)
	end := len(text)
	if i := strings.Index(text[at:], ". "); i >= 0 {
		end = at + i + 1
	}
	if i := strings.IndexByte(text[at:], '\n'); i > 0 && at+i < end {
		end = at + i
	}
	return clip(strings.Join(strings.Fields(text[start:end]), " "), maxExcerpt)
}
