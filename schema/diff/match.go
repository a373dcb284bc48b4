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
	near  func(*T) map[string]bool
}

// byText is the likeness of records by a text of theirs.
func byText[T any](body func(*T) string) likeness[T] {
	runs := remembered(func(x *T) map[string]bool { return shingles(body(x)) })
	return likeness[T]{func(x, y *T) float64 { return overlap(runs(x), runs(y)) }, runs}
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
type wordIndex map[string][]int

func index[T any](list []T, taken []bool, near func(*T) map[string]bool) wordIndex {
	if near == nil {
		return nil
	}
	out := wordIndex{}
	for j := range list {
		if !taken[j] {
			for run := range near(&list[j]) {
				out[run] = append(out[run], j)
			}
		}
	}
	return out
}

// of answers the records that may be like x, in order; all n of them without an index.
func of[T any](w wordIndex, x *T, n int, near func(*T) map[string]bool) []int {
	var out []int
	if near == nil {
		for j := range n {
			out = append(out, j)
		}
		return out
	}
	for run := range near(x) {
		if at := w[run]; len(at) <= commonRun {
			out = append(out, at...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func matchTools(a, b []schema.Tool) []matched[schema.Tool] {
	body := func(t *schema.Tool) string { return string(t.InputSchema) + "\x00" + wording(t.Description) }
	runs := remembered(func(t *schema.Tool) map[string]bool { return shingles(withoutName(wording(t.Description), t.Name)) })
	like := &likeness[schema.Tool]{score: func(x, y *schema.Tool) float64 { return toolLikeness(x, y, runs) }}
	return match(a, b, func(t *schema.Tool) string { return t.Name }, body, like)
}

// toolLikeness says how much two tools of different names are alike: a name that became an alias decides, otherwise
// what their schemas and texts have in common.
func toolLikeness(a, b *schema.Tool, runs func(*schema.Tool) map[string]bool) float64 {
	if slices.Contains(b.Aliases, a.Name) {
		return 2
	}
	propsA, propsB := propertyNames(a.InputSchema), propertyNames(b.InputSchema)
	text := overlap(runs(a), runs(b))
	if len(propsA) == 0 && len(propsB) == 0 {
		return text
	}
	props := overlap(propsA, propsB)
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
func propertyNames(raw []byte) map[string]bool {
	out := map[string]bool{}
	gjson.GetBytes(raw, "properties").ForEach(func(k, v gjson.Result) bool {
		out[k.String()+":"+v.Get("type").Raw] = true
		return true
	})
	return out
}

// shingles are the runs of three words of a text.
func shingles(text string) map[string]bool {
	words := strings.Fields(text)
	out := map[string]bool{}
	for i := range words {
		if i+3 <= len(words) {
			out[strings.Join(words[i:i+3], " ")] = true
		}
	}
	if len(words) < 3 && len(words) > 0 {
		out[strings.Join(words, " ")] = true
	}
	return out
}

// overlap is how much two sets have in common, from 0 to 1.
func overlap(a, b map[string]bool) float64 {
	common := 0
	for k := range a {
		if b[k] {
			common++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}
