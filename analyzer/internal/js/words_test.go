package js_test

import (
	"slices"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

func TestWords(t *testing.T) {
	for _, test := range []struct {
		src, name string
		want      []int
	}{
		{"", "a", nil},
		{"a", "", nil},
		{"a", "a", []int{0}},
		{"aa a", "a", []int{3}},
		{"f(a,a);a.a=a", "a", []int{2, 4, 7, 11}},
		{"b.a;[...a];$a;a$;#a;a1", "a", []int{8}},
		{"abab ab", "ab", []int{5}},
		{"éa a", "a", []int{4}},
		{"'ab' /*ab*/ab", "ab", []int{1, 7, 11}},
		{"aXb Xb aX", "aXb", []int{0}},
		{"Xb aXb", "aXb", []int{3}},
	} {
		if got := slices.Collect(js.Words([]byte(test.src), test.name)); !slices.Equal(got, test.want) {
			t.Errorf("Words(%q, %q) = %v, want %v", test.src, test.name, got, test.want)
		}
	}
	for range js.Words([]byte("a a a"), "a") {
		break
	}
}
