package textsearch_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
)

func TestAll(t *testing.T) {
	for _, test := range []struct {
		text, word string
		want       []int
	}{
		{"", "a", nil},
		{"a", "", nil},
		{"a", "a", []int{0}},
		{"a", "ab", nil},
		{"xab", "ab", []int{1}},
		{"aaaa", "aa", []int{0, 1, 2}},
		{"abcabcab", "abc", []int{0, 3}},
		{"cab cab", "ab", []int{1, 5}},
		{strings.Repeat("b", 1<<17) + "ab", "ab", []int{1 << 17}},
	} {
		if got := slices.Collect(textsearch.All([]byte(test.text), test.word)); !slices.Equal(got, test.want) {
			t.Errorf("All(%.20q, %q) = %v, want %v", test.text, test.word, got, test.want)
		}
	}
	for range textsearch.All([]byte("a a a"), "a") {
		break
	}
}

func FuzzAll(f *testing.F) {
	f.Add([]byte("from'a' from 'b'"), "from")
	f.Fuzz(func(t *testing.T, text []byte, word string) {
		var want []int
		for i := range text {
			if word != "" && bytes.HasPrefix(text[i:], []byte(word)) {
				want = append(want, i)
			}
		}
		if got := slices.Collect(textsearch.All(text, word)); !slices.Equal(got, want) {
			t.Errorf("All(%q, %q) = %v, want %v", text, word, got, want)
		}
	})
}
