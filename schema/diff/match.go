package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/schema"
)

// matched is a record of both sides, or of one.
type matched[T any] struct{ from, to *T }

// alike is how similar two records have to be for one to be the other under a new name.
const alike = 0.6

// match pairs records by their names. Several of a name are paired by their content first, then by likeness where like
// is given, then in order. What is left on both sides is paired by likeness, the best first, whatever its name.
func match[T any](a, b []T, name, body func(*T) string, like *likeness[T]) []matched[T] {
	var out []matched[T]
	takenA, takenB := make([]bool, len(a)), make([]bool, len(b))
	pair := func(same func(x, y *T) bool) {
		byName := map[string][]int{}
		for j := range b {
			byName[name(&b[j])] = append(byName[name(&b[j])], j)
		}
		for i := range a {
			for _, j := range byName[name(&a[i])] {
				if !takenA[i] && !takenB[j] && same(&a[i], &b[j]) {
					takenA[i], takenB[j] = true, true
					out = append(out, matched[T]{&a[i], &b[j]})
				}
			}
		}
	}
	if body != nil {
		pair(func(x, y *T) bool { return body(x) == body(y) })
	}
	alikeFirst := func(pairs []likelyPair) {
		slices.SortStableFunc(pairs, func(x, y likelyPair) int { return cmp.Compare(y.score, x.score) })
		for _, p := range pairs {
			if !takenA[p.i] && !takenB[p.j] {
				takenA[p.i], takenB[p.j] = true, true
				out = append(out, matched[T]{&a[p.i], &b[p.j]})
			}
		}
	}
	if like != nil {
		alikeFirst(namesakes(a, b, takenA, takenB, name, *like))
	}
	pair(func(x, y *T) bool { return true })
	if like != nil {
		alikeFirst(likely(a, b, takenA, takenB, *like))
	}
	for i := range a {
		if !takenA[i] {
			out = append(out, matched[T]{&a[i], nil})
		}
	}
	for j := range b {
		if !takenB[j] {
			out = append(out, matched[T]{nil, &b[j]})
		}
	}
	return out
}

type likelyPair struct {
	i, j  int
	score float64
}

// namesakes are the pairs of what is left that share a name with others.
func namesakes[T any](a, b []T, takenA, takenB []bool, name func(*T) string, like likeness[T]) []likelyPair {
	of := func(list []T, taken []bool) map[string][]int {
		out := map[string][]int{}
		for i := range list {
			if !taken[i] {
				out[name(&list[i])] = append(out[name(&list[i])], i)
			}
		}
		return out
	}
	var pairs []likelyPair
	inB := of(b, takenB)
	for n, inA := range of(a, takenA) {
		if len(inA)+len(inB[n]) < 3 || len(inB[n]) == 0 {
			continue // nothing to choose from
		}
		for _, i := range inA {
			for _, j := range inB[n] {
				pairs = append(pairs, likelyPair{i, j, like.score(&a[i], &b[j])})
			}
		}
	}
	slices.SortFunc(pairs, func(x, y likelyPair) int { return cmp.Or(cmp.Compare(x.i, y.i), cmp.Compare(x.j, y.j)) })
	return pairs
}

// likely are the pairs of what is left that are alike.
func likely[T any](a, b []T, takenA, takenB []bool, like likeness[T]) []likelyPair {
	var pairs []likelyPair
	near := index(b, takenB, like.near)
	for i := range a {
		if takenA[i] {
			continue
		}
		for _, j := range of(near, &a[i], len(b), like.near) {
			if takenB[j] {
				continue
			}
			if s := like.score(&a[i], &b[j]); s >= alike {
				pairs = append(pairs, likelyPair{i, j, s})
			}
		}
	}
	return pairs
}

// likeness says how much two records are alike. Where near is given, only records that have something of it in common
// are looked at: there may be thousands on either side.
type likeness[T any] struct {
	score func(x, y *T) float64
	near  func(*T) grams
}

// byText is the likeness of records by a text of theirs.
func byText[T any](body func(*T) string) likeness[T] {
	of := remembered(func(x *T) grams { return shingles(body(x)) })
	return likeness[T]{func(x, y *T) float64 { return of(x).overlap(of(y)) }, of}
}

// remembered computes a value once for each record.
func remembered[T, V any](f func(*T) V) func(*T) V {
	known := map[*T]V{}
	return func(x *T) V {
		v, ok := known[x]
		if !ok {
			v = f(x)
			known[x] = v
		}
		return v
	}
}

// commonRun is in how many records a run of words tells nothing.
const commonRun = 20

// wordIndex says which records have a run of words.
type wordIndex map[uint64][]int

func index[T any](list []T, taken []bool, near func(*T) grams) wordIndex {
	if near == nil {
		return nil
	}
	out := wordIndex{}
	for j := range list {
		if !taken[j] {
			for _, run := range near(&list[j]) {
				out[run] = append(out[run], j)
			}
		}
	}
	return out
}

// of answers the records that may be like x, in order; all n of them without an index.
func of[T any](w wordIndex, x *T, n int, near func(*T) grams) []int {
	var out []int
	if near == nil {
		for j := range n {
			out = append(out, j)
		}
		return out
	}
	for _, run := range near(x) {
		if at := w[run]; len(at) <= commonRun {
			out = append(out, at...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (c *comparison) matchTools(a, b []schema.Tool) []matched[schema.Tool] {
	body := func(t *schema.Tool) string { return string(t.InputSchema) + "\x00" + c.wordings.of(t.Description) }
	words := remembered(func(t *schema.Tool) grams { return shingles(withoutName(c.wordings.of(t.Description), t.Name)) })
	like := &likeness[schema.Tool]{score: func(x, y *schema.Tool) float64 { return toolLikeness(x, y, words) }}
	return match(a, b, func(t *schema.Tool) string { return t.Name }, body, like)
}

// toolLikeness says how much two tools of different names are alike: a name that became an alias decides, otherwise
// what their schemas and texts have in common.
func toolLikeness(a, b *schema.Tool, words func(*schema.Tool) grams) float64 {
	if slices.Contains(b.Aliases, a.Name) {
		return 2
	}
	propsA, propsB := propertyNames(a.InputSchema), propertyNames(b.InputSchema)
	text := words(a).overlap(words(b))
	if len(propsA) == 0 && len(propsB) == 0 {
		return text
	}
	props := propsA.overlap(propsB)
	if a.Description == nil || b.Description == nil {
		if len(propsA) < 3 { // too little to go by
			return 0
		}
		return props
	}
	return 0.5*props + 0.5*text
}

// withoutName takes a tool's own name out of its text, for it changes with the name.
func withoutName(text, name string) string {
	if name == "" {
		return text
	}
	return strings.ReplaceAll(text, name, "")
}

// propertyNames are the properties of a schema with their types.
func propertyNames(raw []byte) grams {
	var out grams
	gjson.GetBytes(raw, "properties").ForEach(func(k, v gjson.Result) bool {
		out = append(out, hash(k.String(), v.Get("type").Raw))
		return true
	})
	return out.distinct()
}

// grams is a set of short texts, such as runs of words, by their hashes, in order.
type grams []uint64

func (r grams) distinct() grams {
	slices.Sort(r)
	return slices.Compact(r)
}

// hash is FNV-1a of words, with a space behind each.
func hash(words ...string) uint64 {
	const basis, prime = 0xcbf29ce484222325, 0x100000001b3
	h := uint64(basis)
	for _, word := range words {
		for i := range len(word) {
			h = (h ^ uint64(word[i])) * prime
		}
		h = (h ^ ' ') * prime
	}
	return h
}

// shingles are the runs of three words of a text.
func shingles(text string) grams {
	var last [3]string
	n := 0
	out := make(grams, 0, len(text)/6)
	for word := range strings.FieldsSeq(text) {
		last = [3]string{last[1], last[2], word}
		if n++; n >= len(last) {
			out = append(out, hash(last[:]...))
		}
	}
	if n > 0 && n < len(last) {
		return grams{hash(last[len(last)-n:]...)}
	}
	return out.distinct()
}

// overlap is how much two sets have in common, from 0 to 1.
func (r grams) overlap(other grams) float64 {
	common := 0
	for i, j := 0, 0; i < len(r) && j < len(other); {
		switch {
		case r[i] == other[j]:
			common, i, j = common+1, i+1, j+1
		case r[i] < other[j]:
			i++
		default:
			j++
		}
	}
	if all := len(r) + len(other) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}
