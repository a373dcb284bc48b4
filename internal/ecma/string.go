package ecma

import (
	"strings"
	"unicode/utf8"
)

// Limits of the halves of a surrogate pair.
const (
	highSurrogate = 0xD800
	lowSurrogate  = 0xDC00
	lastSurrogate = 0xDFFF
)

// IsASCII reports whether s has ASCII characters alone: then its bytes are its code units.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// DecodeRune returns the first code point of s, which may be half of a surrogate pair, and its width in bytes.
// A byte that belongs to no character is U+FFFD; an empty string has width 0.
func DecodeRune(s string) (r rune, width int) {
	if r, width = utf8.DecodeRuneInString(s); r != utf8.RuneError || width != 1 {
		return r, width
	}
	if len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, width
}

// AppendRune appends a code point. The second half of a surrogate pair is joined with a first half that it follows.
func AppendRune(out []byte, r rune) []byte {
	if r < highSurrogate || r > lastSurrogate {
		return utf8.AppendRune(out, r)
	}
	if n := len(out) - 3; r >= lowSurrogate && n >= 0 && out[n] == 0xED && out[n+1]&0xF0 == 0xA0 {
		high := rune(0xD000) | rune(out[n+1]&0x3F)<<6 | rune(out[n+2]&0x3F)
		return utf8.AppendRune(out[:n], joined(high, r))
	}
	return append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
}

func joined(high, low rune) rune { return (high-highSurrogate)<<10 + (low - lowSurrogate) + 0x10000 }

// Concat returns a followed by b. Two halves of a surrogate pair that meet become one character.
func Concat(a, b string) string {
	if n := len(a) - 3; n >= 0 && len(b) >= 3 && a[n] == 0xED && a[n+1]&0xF0 == 0xA0 && b[0] == 0xED && b[1]&0xF0 == 0xB0 {
		low, width := DecodeRune(b)
		return string(AppendRune([]byte(a), low)) + b[width:]
	}
	return a + b
}

// Length returns the number of code units of s.
func Length(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			n++
			i++
			continue
		}
		r, width := DecodeRune(s[i:])
		n += units(r)
		i += width
	}
	return n
}

func units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// FromUnits returns the string of code units.
func FromUnits(list []uint16) string {
	out := make([]byte, 0, len(list))
	for _, u := range list {
		out = AppendRune(out, rune(u))
	}
	return string(out)
}

// ToUnits returns the code units of s.
func ToUnits(s string) []uint16 {
	out := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		r, width := DecodeRune(s[i:])
		i += width
		if r >= 0x10000 {
			r -= 0x10000
			out = append(out, uint16(highSurrogate+r>>10), uint16(lowSurrogate+r&0x3FF))
			continue
		}
		out = append(out, uint16(r))
	}
	return out
}

// Units gives the code units of one string by position. It remembers where it was last, so that going through a string
// unit by unit costs what going through its bytes does. The zero value holds the empty string. It is for one goroutine.
type Units struct {
	text   string
	ascii  bool
	length int
	at     int // a byte offset in text that a character starts at
	unit   int // the position of its first code unit
}

// Of makes u hold s, which is at once where it holds s already.
func (u *Units) Of(s string) *Units {
	if u.text != s || u.length == 0 {
		*u = Units{text: s, ascii: IsASCII(s), length: len(s)}
		if !u.ascii {
			u.length = Length(s)
		}
	}
	return u
}

// Length returns the number of code units.
func (u *Units) Length() int { return u.length }

// seek moves to the character that holds the code unit i, 0 <= i <= Length.
func (u *Units) seek(i int) {
	if i < u.unit {
		u.at, u.unit = 0, 0
	}
	for u.unit < i {
		r, width := DecodeRune(u.text[u.at:])
		if u.unit+units(r) > i {
			return
		}
		u.at += width
		u.unit += units(r)
	}
}

// At returns the code unit at position i, which must be at least 0 and less than Length.
func (u *Units) At(i int) uint16 {
	if u.ascii {
		return uint16(u.text[i])
	}
	u.seek(i)
	r, _ := DecodeRune(u.text[u.at:])
	switch {
	case r < 0x10000:
		return uint16(r)
	case i == u.unit:
		return uint16(highSurrogate + (r-0x10000)>>10)
	}
	return uint16(lowSurrogate + (r-0x10000)&0x3FF)
}

// Slice returns the code units from position from to position to, 0 <= from <= to <= Length. A surrogate pair that a limit
// falls into is cut in halves.
func (u *Units) Slice(from, to int) string {
	switch {
	case from >= to:
		return ""
	case u.ascii:
		return u.text[from:to]
	}
	u.seek(from)
	start, low := u.at, rune(-1)
	if u.unit < from { // within a pair
		low = rune(u.At(from))
		_, width := DecodeRune(u.text[u.at:])
		start += width
	}
	u.seek(to)
	end, high := u.at, rune(-1)
	if u.unit < to {
		high = rune(u.At(to - 1))
	}
	if low < 0 && high < 0 {
		return u.text[start:end]
	}
	var out []byte
	if low >= 0 {
		out = AppendRune(out, low)
	}
	if start < end {
		out = append(out, u.text[start:end]...)
	}
	if high >= 0 && to-1 >= from && (low < 0 || to-1 > from) {
		out = AppendRune(out, high)
	}
	return string(out)
}

// Offset returns the byte offset of the character that holds the code unit i, 0 <= i <= Length.
func (u *Units) Offset(i int) int {
	if u.ascii {
		return i
	}
	u.seek(i)
	return u.at
}

// Index returns the position of the first piece in s that starts at position from or later, or -1. s and piece are compared
// by code unit.
func Index(s, piece string, from int) int {
	var u Units
	u.Of(s)
	if from > u.length {
		return -1
	}
	if IsASCII(piece) || !startsLow(piece) && !endsHigh(piece) {
		start := u.Offset(from)
		if !u.ascii && u.unit < from { // within a pair, where no such piece starts
			_, width := DecodeRune(s[start:])
			start += width
			from = u.unit + 2
		}
		i := strings.Index(s[start:], piece)
		if i < 0 {
			return -1
		}
		return from + Length(s[start:start+i])
	}
	return indexUnits(ToUnits(s), ToUnits(piece), from, 1)
}

// LastIndex returns the position of the last piece in s that starts at position from or earlier, or -1.
func LastIndex(s, piece string, from int) int {
	text, part := ToUnits(s), ToUnits(piece)
	return indexUnits(text, part, min(from, len(text)-len(part)), -1)
}

func indexUnits(text, piece []uint16, from, step int) int {
	for i := from; i >= 0 && i+len(piece) <= len(text); i += step {
		if equalUnits(text[i:i+len(piece)], piece) {
			return i
		}
	}
	return -1
}

func equalUnits(a, b []uint16) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func startsLow(s string) bool {
	return len(s) >= 3 && s[0] == 0xED && s[1]&0xF0 == 0xB0
}

func endsHigh(s string) bool {
	n := len(s) - 3
	return n >= 0 && s[n] == 0xED && s[n+1]&0xF0 == 0xA0
}

// Compare orders two strings by their code units: it is negative where a comes first, 0 where they are equal.
func Compare(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) || n == len(b) {
		return len(a) - len(b)
	}
	if a[n] < 0xED || b[n] < 0xED { // below the surrogates bytes and code units have one order
		return int(a[n]) - int(b[n])
	}
	x, y := ToUnits(a[n:]), ToUnits(b[n:])
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

// IsSpace reports whether a code point is white space or ends a line.
func IsSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// TrimStart returns s without the white space that it begins with.
func TrimStart(s string) string { return strings.TrimLeftFunc(s, IsSpace) }

// TrimEnd returns s without the white space that it ends with.
func TrimEnd(s string) string { return strings.TrimRightFunc(s, IsSpace) }

// Trim returns s without the white space around it.
func Trim(s string) string { return TrimStart(TrimEnd(s)) }

// IsWellFormed reports whether no half of a surrogate pair stands alone in s.
func IsWellFormed(s string) bool { return utf8.ValidString(s) }

// ToWellFormed returns s with U+FFFD for each half of a surrogate pair that stands alone.
func ToWellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, width := DecodeRune(s[i:])
		out = utf8.AppendRune(out, r) // which writes U+FFFD for a half
		i += width
	}
	return string(out)
}
