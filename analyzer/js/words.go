package js

import (
	"bytes"
	"iter"
)

// Words yields, in ascending order, the offsets at which a name stands in a module's text by itself: not as part of a
// longer name, nor as a member. It may be within a string or a comment.
func Words(src []byte, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if name == "" {
			return
		}
		rare := rarest(src, name)
		for at := rare; at < len(src); at++ {
			i := bytes.IndexByte(src[at:], name[rare])
			if i < 0 {
				return
			}
			at += i
			if isWord(src, at-rare, name) && !yield(at-rare) {
				return
			}
		}
	}
}

// rarest returns the position of the byte of a name that stands least often in a text, by its beginning.
func rarest(src []byte, name string) (position int) {
	const sample = 1 << 16
	src = src[:min(len(src), sample)]
	least := len(src) + 1
	for i := range len(name) {
		if n := bytes.Count(src, []byte{name[i]}); n < least {
			position, least = i, n
		}
	}
	return position
}

func isWord(src []byte, at int, name string) bool {
	end := at + len(name)
	if end > len(src) || string(src[at:end]) != name || end < len(src) && isNameByte(src[end]) {
		return false
	}
	if at == 0 || !isNameByte(src[at-1]) && src[at-1] != '.' {
		return true
	}
	return bytes.HasSuffix(src[:at], []byte("..."))
}

// isNameByte tells whether a byte may be part of a name, a private one too.
func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c == '#' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
