package js

import (
	"bytes"
	"iter"

	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
)

// Words yields, in ascending order, the offsets at which a name stands in a module's text by itself: not as part of a
// longer name, nor as a member. It may be within a string or a comment.
func Words(src []byte, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := range textsearch.All(src, name) {
			if isWord(src, at, at+len(name)) && !yield(at) {
				return
			}
		}
	}
}

// Members yields, in ascending order, the offsets at which a name stands behind a dot.
func Members(src []byte, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := range textsearch.All(src, name) {
			end := at + len(name)
			if at > 0 && src[at-1] == '.' && (end == len(src) || !isNameByte(src[end])) && !yield(at) {
				return
			}
		}
	}
}

func isWord(src []byte, at, end int) bool {
	if end < len(src) && isNameByte(src[end]) {
		return false
	}
	return at == 0 || !isNameByte(src[at-1]) && src[at-1] != '.' || bytes.HasSuffix(src[:at], []byte("..."))
}

// IsNameByte reports whether a byte may be part of an identifier. Bytes beyond ASCII count as such.
func IsNameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// isNameByte reports whether a byte may be part of a name, a private one (#name) too.
func isNameByte(c byte) bool { return c == '#' || IsNameByte(c) }
