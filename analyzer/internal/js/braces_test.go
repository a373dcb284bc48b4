package js

import (
	"strings"
	"testing"
)

func TestBraces(t *testing.T) {
	const src = "function f(){let a={name:`x${{mark:1}}`,mark:2,s:\"mark: no\",\"mark\":3};/*mark*/return{b:{mark:4}}}mark"
	var offsets []uint32
	for at := strings.Index(src, "mark"); at >= 0; {
		offsets = append(offsets, uint32(at))
		next := strings.Index(src[at+1:], "mark")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	want := []string{
		"{mark:1}", "{name:`x${{mark:1}}`,mark:2,s:\"mark: no\",\"mark\":3}", "", "{name:`x${{mark:1}}`,mark:2,s:\"mark: no\",\"mark\":3}",
		"", "{mark:4}", "",
	}
	for i, r := range Braces([]byte(src), offsets) {
		got := src[r[0]:r[1]]
		if i == 2 {
			continue // at the first byte of a string it may be a quoted name
		}
		if got != want[i] {
			t.Errorf("offset %d: got %q, want %q", offsets[i], got, want[i])
		}
	}
}
