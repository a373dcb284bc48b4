package lint

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// The measures below are those by which accuracy is scored elsewhere too: lengths count code points, and every bound
// stands as it does there, so that both give the same figures.
const (
	minLine        = 25  // a shorter line says nothing about where it came from
	minSegment     = 4   // nor does a shorter piece of a literal
	minLineSegment = 8   // the bound for pieces that make up a line of the system prompt
	lineShare      = 0.6 // how much of a line has to stand in one record
	literalShare   = 0.3 // how much of a text has to be literal before its holes may match the rest
	holeShare      = 0.5 // the same for a description inside a schema
	commonWord     = 400 // a word in so many records does not tell them apart
	mostRecords    = 40  // how many records are tried for a line
)

// strip takes white space away from both ends.
func strip(s string) string { return strings.TrimFunc(s, isSpace) }

// isSpace is what counts as white space there: the separators of ASCII as well.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// textMatches says whether a text describes what was sent: its rendering is the same, or its parts match as a pattern.
func textMatches(text schema.Text, sent string) bool {
	if text.Text == sent {
		return true
	}
	length, blank := 0, true
	for s := range schema.Literals(text.Parts) {
		length += utf8.RuneCountInString(s)
		blank = blank && strip(s) == ""
	}
	if blank || float64(length) < literalShare*float64(utf8.RuneCountInString(sent)) {
		return false
	}
	re, err := regexp.Compile(text.Pattern())
	return err == nil && re.MatchString(sent)
}

// segments are the lines of the literal pieces of texts.
func segments(texts ...schema.Text) []string {
	var out []string
	add := func(literal string) {
		for _, line := range strings.Split(literal, "\n") {
			if utf8.RuneCountInString(strip(line)) >= minSegment {
				out = append(out, line)
			}
		}
	}
	for _, t := range texts {
		if len(t.Parts) == 0 {
			add(t.Text)
		}
		for s := range schema.Literals(t.Parts) {
			add(s)
		}
	}
	return out
}

// longestFirst puts segments into the order in which they are looked for: the longest first, each once.
func longestFirst(segs []string) []string {
	slices.Sort(segs)
	segs = slices.Compact(segs)
	slices.SortStableFunc(segs, func(a, b string) int {
		return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a))
	})
	return segs
}

// covered is how many characters of a line stand in segments, each taken once, without overlap.
func covered(line string, segs []string) int {
	rest, n := []string{line}, 0
	for _, s := range segs {
		if len(s) > len(line) {
			continue
		}
		for i, piece := range rest {
			if at := strings.Index(piece, s); at >= 0 {
				n += utf8.RuneCountInString(s)
				rest = slices.Replace(rest, i, i+1, piece[:at], piece[at+len(s):])
				break
			}
		}
	}
	return n
}

// finder finds, for a line, a record whose literal text holds it.
type finder struct {
	segs  [][]string // by record, stripped, long enough, longest first
	blob  string
	index map[string][]int // the records that hold a word
}

func newFinder(records []schema.Text) *finder {
	f := &finder{index: map[string][]int{}}
	var blob strings.Builder
	for i, r := range records {
		segs := longestFirst(segments(r))
		if i > 0 {
			blob.WriteByte('\n')
		}
		blob.WriteString(strings.Join(segs, "\n"))
		var long []string
		for _, s := range segs {
			for _, w := range words(s) {
				if at := f.index[w]; len(at) == 0 || at[len(at)-1] != i {
					f.index[w] = append(at, i)
				}
			}
			if s = strip(s); utf8.RuneCountInString(s) >= minLineSegment {
				long = append(long, s)
			}
		}
		f.segs = append(f.segs, long)
	}
	f.blob = blob.String()
	return f
}

// explains says whether one record holds enough of a line.
func (f *finder) explains(line string) bool {
	line = strip(line)
	if strings.Contains(f.blob, line) {
		return true
	}
	want := lineShare * float64(utf8.RuneCountInString(line))
	for _, i := range f.likely(line) {
		if float64(covered(line, f.segs[i])) >= want {
			return true
		}
	}
	return false
}

// likely are the records that share most words with a line.
func (f *finder) likely(line string) []int {
	votes := map[int]int{}
	for _, w := range words(line) {
		if hits := f.index[w]; len(hits) < commonWord {
			for _, i := range hits {
				votes[i]++
			}
		}
	}
	records := make([]int, 0, len(votes))
	for i := range votes {
		records = append(records, i)
	}
	slices.SortFunc(records, func(a, b int) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b)) })
	return records[:min(len(records), mostRecords)]
}

var word = lazyregexp.New(`[A-Za-z]{4,}`)

// words are the distinct words of a line.
func words(line string) []string {
	found := word.Get().FindAllString(line, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
