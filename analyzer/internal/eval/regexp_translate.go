package eval

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

// A pattern of the language is written anew in the dialect of the library that runs it, where the two differ.

// group is one group of a pattern that captures.
type group struct {
	name     string
	repeated bool // it lies in a part that may match several times
	within   int  // the number of the repeated group that it lies in, 0 where that does not capture
}

// translator writes a pattern anew.
type translator struct {
	in     string
	at     int
	out    strings.Builder
	points bool // it sees whole characters
	dotAll bool
	groups []group
	ok     bool // it can be evaluated
	bad    bool // it is no pattern
}

// translate writes a pattern in the dialect of regexp2, and finds its groups.
func translate(source, flags string) *translator {
	t := &translator{in: source, points: strings.ContainsAny(flags, "uv"), dotAll: strings.Contains(flags, "s"), ok: !strings.Contains(flags, "v")}
	t.alternatives()
	if t.ok && t.at < len(t.in) {
		t.fail() // a parenthesis too many
	}
	return t
}

// fail says that the pattern is none of the language.
func (t *translator) fail() { t.ok, t.bad = false, true }

// alternatives writes what stands up to the parenthesis that closes it.
func (t *translator) alternatives() {
	for t.ok && t.at < len(t.in) && t.in[t.at] != ')' {
		t.term()
	}
}

// term writes one part of a pattern with what says how often it stands.
func (t *translator) term() {
	first := len(t.groups)
	number := 0
	switch c := t.in[t.at]; c {
	case '(':
		number = t.group()
	case '[':
		t.class()
	case '\\':
		t.escape(false)
	case '.':
		t.at++
		if t.dotAll {
			t.out.WriteString(`[\s\S]`)
		} else {
			t.out.WriteString(`[^\n\r\u2028\u2029]`)
		}
	case '{', '}', ']':
		if t.points {
			t.ok = false
		}
		t.out.WriteString(`\` + string(c))
		t.at++
	default:
		t.char(false)
	}
	if !t.repeats() {
		return
	}
	for i := first; i < len(t.groups); i++ {
		if i+1 != number && !t.groups[i].repeated {
			t.groups[i].repeated, t.groups[i].within = true, number
		}
	}
}

// group writes a group and returns its number, 0 where it does not capture.
func (t *translator) group() (number int) {
	rest := t.in[t.at:]
	switch {
	case strings.HasPrefix(rest, "(?<") && !strings.HasPrefix(rest, "(?<=") && !strings.HasPrefix(rest, "(?<!"):
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			t.ok = false
			return 0
		}
		t.groups = append(t.groups, group{name: rest[3:end]})
		number = len(t.groups)
		t.out.WriteString("(") // by its number: the library counts named groups after the others
		t.at += end + 1
	case strings.HasPrefix(rest, "(?:"), strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?!"):
		t.out.WriteString(rest[:3])
		t.at += 3
	case strings.HasPrefix(rest, "(?<"):
		t.out.WriteString(rest[:4])
		t.at += 4
	case strings.HasPrefix(rest, "(?"):
		t.ok = false
		return 0
	default:
		t.groups = append(t.groups, group{})
		number = len(t.groups)
		t.out.WriteByte('(')
		t.at++
	}
	t.alternatives()
	if t.at >= len(t.in) {
		if t.ok {
			t.fail()
		}
		return number
	}
	t.out.WriteByte(')')
	t.at++
	return number
}

// repeats writes how often a part stands, and tells whether that may be more than once.
func (t *translator) repeats() bool {
	if t.at >= len(t.in) {
		return false
	}
	width, many := 1, true
	switch t.in[t.at] {
	case '*', '+':
	case '?':
		many = false
	case '{':
		end := strings.IndexByte(t.in[t.at:], '}')
		if end < 0 || !isBounds(t.in[t.at+1:t.at+end]) {
			return false
		}
		width = end + 1
		many = t.in[t.at+1:t.at+end] != "1" && t.in[t.at+1:t.at+end] != "0,1"
	default:
		return false
	}
	if t.at+width < len(t.in) && t.in[t.at+width] == '?' {
		width++
	}
	t.out.WriteString(t.in[t.at : t.at+width])
	t.at += width
	return many
}

// isBounds tells "2", "2," and "2,3".
func isBounds(s string) bool {
	low, high, _ := strings.Cut(s, ",")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	return low != "" && digits(low) && digits(high)
}

// class writes a class of characters.
func (t *translator) class() {
	rest := t.in[t.at:]
	switch {
	case strings.HasPrefix(rest, "[]"):
		t.out.WriteString(`(?!)`)
		t.at += 2
		return
	case strings.HasPrefix(rest, "[^]"):
		t.out.WriteString(`[\s\S]`)
		t.at += 3
		return
	}
	t.out.WriteByte('[')
	if t.at++; t.at < len(t.in) && t.in[t.at] == '^' {
		t.out.WriteByte('^')
		t.at++
	}
	for t.ok && t.at < len(t.in) && t.in[t.at] != ']' {
		switch t.in[t.at] {
		case '\\':
			t.escape(true)
		case '[':
			t.out.WriteString(`\[`)
			t.at++
		default:
			t.char(true)
		}
	}
	if t.at >= len(t.in) {
		if t.ok {
			t.fail()
		}
		return
	}
	t.out.WriteByte(']')
	t.at++
}

// char writes a character as it stands. One beyond 16 bits is two, but for a pattern that sees whole characters.
func (t *translator) char(inClass bool) {
	r, width := ecma.DecodeRune(t.in[t.at:])
	t.at += width
	t.rune(r, inClass)
}

func (t *translator) rune(r rune, inClass bool) {
	switch {
	case r > 0xFFFF && !t.points:
		r -= 0x10000
		pair := `\u` + hex4(0xD800+r>>10) + `\u` + hex4(0xDC00+r&0x3FF)
		if !inClass {
			pair = "(?:" + pair + ")"
		}
		t.out.WriteString(pair)
	case r >= 0xD800 && r <= 0xDFFF:
		t.out.WriteString(`\u` + hex4(r))
	default:
		t.out.WriteRune(r)
	}
}

func hex4(r rune) string {
	s := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", 4-len(s)) + s
}

// escape writes an escape.
func (t *translator) escape(inClass bool) {
	if t.at+1 >= len(t.in) {
		t.fail()
		return
	}
	c := t.in[t.at+1]
	same := func(width int) {
		if t.at+width > len(t.in) {
			t.ok = false
			return
		}
		t.out.WriteString(t.in[t.at : t.at+width])
		t.at += width
	}
	switch {
	case strings.IndexByte("dDwWsStnrfv", c) >= 0:
		same(2)
	case (c == 'b' || c == 'B') && !inClass:
		same(2)
	case c == 'b':
		t.out.WriteString(`\x08`)
		t.at += 2
	case c == '0' && !isDigitAt(t.in, t.at+2):
		t.out.WriteString(`\x00`)
		t.at += 2
	case c >= '1' && c <= '9' && !inClass:
		t.reference()
	case c >= '0' && c <= '9':
		t.ok = false // octal
	case c == 'k' && !inClass:
		t.namedReference()
	case c == 'x' && hexWidth(t.in[t.at+2:], 2):
		same(4)
	case c == 'u' && hexWidth(t.in[t.at+2:], 4):
		n, _ := strconv.ParseInt(t.in[t.at+2:t.at+6], 16, 32)
		t.at += 6
		t.rune(rune(n), inClass || n < 0xD800)
		if n < 0xD800 && strings.ContainsRune(`\^$.|?*+()[]{}-/`, rune(n)) {
			t.ok = false // a character that means something in a pattern
		}
	case c == 'u' && t.points && strings.HasPrefix(t.in[t.at+2:], "{"):
		end := strings.IndexByte(t.in[t.at:], '}')
		n, err := strconv.ParseInt(t.in[t.at+3:max(t.at+3, t.at+end)], 16, 32)
		if end < 0 || err != nil || n < 128 {
			t.ok = false
			return
		}
		t.at += end + 1
		t.rune(rune(n), inClass)
	case (c == 'p' || c == 'P') && t.points:
		t.property()
	case c == 'c' && t.at+2 < len(t.in) && (t.in[t.at+2]|0x20) >= 'a' && (t.in[t.at+2]|0x20) <= 'z':
		t.out.WriteString(`\x` + hex4(rune(t.in[t.at+2] & 31))[2:])
		t.at += 3
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		if t.points || c == 'c' {
			t.ok = false
			return
		}
		t.out.WriteByte(c) // it stands for itself
		t.at += 2
	case c < 0x80:
		if c == '_' {
			t.out.WriteByte(c)
		} else {
			t.out.WriteString(`\` + string(c))
		}
		t.at += 2
	default:
		t.at++
		t.char(inClass)
	}
}

func isDigitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

func hexWidth(s string, n int) bool {
	if len(s) < n {
		return false
	}
	_, err := strconv.ParseUint(s[:n], 16, 32)
	return err == nil && s[0] != '+' && s[0] != '-'
}

// reference writes a reference to a group by its number. One that has not begun yet is taken for unsupported: here it
// matches nothing, in the language always.
func (t *translator) reference() {
	end := t.at + 1
	for isDigitAt(t.in, end) {
		end++
	}
	n, err := strconv.Atoi(t.in[t.at+1 : end])
	if err != nil || n > len(t.groups) {
		t.ok = false
		return
	}
	t.out.WriteString(`(?:\` + strconv.Itoa(n) + `)`)
	t.at = end
}

func (t *translator) namedReference() {
	rest := t.in[t.at+2:]
	end := strings.IndexByte(rest, '>')
	if !strings.HasPrefix(rest, "<") || end < 0 {
		t.ok = false
		return
	}
	for i, g := range t.groups {
		if g.name == rest[1:end] {
			t.out.WriteString(`(?:\` + strconv.Itoa(i+1) + `)`)
			t.at += 2 + end + 1
			return
		}
	}
	t.ok = false
}

// property writes a class of characters by a property: a general category, by its short name.
func (t *translator) property() {
	rest := t.in[t.at+2:]
	end := strings.IndexByte(rest, '}')
	if !strings.HasPrefix(rest, "{") || end < 0 {
		t.ok = false
		return
	}
	name := rest[1:end]
	if len(name) > 2 || name == "" {
		t.ok = false // scripts, and names that the library does not have
		return
	}
	t.out.WriteString(`\` + t.in[t.at+1:t.at+2] + "{" + name + "}")
	t.at += 2 + end + 1
}
