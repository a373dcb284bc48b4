package ecma

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// AppendQuoted appends s as JSON.stringify writes a string (QuoteJSONString). Half of a surrogate pair is written as an
// escape, so that the text is well formed.
func AppendQuoted(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		width := 1
		escape := ""
		switch c {
		case '"':
			escape = `\"`
		case '\\':
			escape = `\\`
		case '\b':
			escape = `\b`
		case '\f':
			escape = `\f`
		case '\n':
			escape = `\n`
		case '\r':
			escape = `\r`
		case '\t':
			escape = `\t`
		default:
			r := rune(c)
			if c >= utf8.RuneSelf {
				r, width = DecodeRune(s[i:])
			}
			if c < utf8.RuneSelf || r >= highSurrogate && r <= lastSurrogate {
				escape = string([]byte{'\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15]})
			} else if r == utf8.RuneError {
				escape = "\uFFFD" // a byte that belongs to no character, too
			}
		}
		if escape != "" {
			out = append(append(out, s[from:i]...), escape...)
			from = i + width
		}
		i += width
	}
	return append(append(out, s[from:]...), '"')
}

// Quote returns s as JSON.stringify writes a string.
func Quote(s string) string { return string(AppendQuoted(make([]byte, 0, len(s)+2), s)) }

var errQuoted = errors.New("not a JSON string")

// Unquote returns the value of a JSON string, which lit holds with its quotes. Escapes of halves of surrogate pairs are kept.
func Unquote(lit string) (string, error) {
	if len(lit) < 2 || lit[0] != '"' || lit[len(lit)-1] != '"' {
		return "", errQuoted
	}
	body := lit[1 : len(lit)-1]
	if strings.IndexByte(body, '\\') < 0 {
		return body, nil
	}
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		if i++; i == len(body) {
			return "", errQuoted
		}
		switch c := body[i]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b', 'f', 'n', 'r', 't':
			out = append(out, "\b\f\n\r\t"[strings.IndexByte("bfnrt", c)])
		case 'u':
			r, ok := hexadecimal(body[i+1:])
			if !ok {
				return "", errQuoted
			}
			out = AppendRune(out, r)
			i += 4
		default:
			return "", errQuoted
		}
	}
	return string(out), nil
}

// hexadecimal reads the four digits that s begins with.
func hexadecimal(s string) (r rune, ok bool) {
	if len(s) < 4 {
		return 0, false
	}
	for i := range 4 {
		d := digitOf(s[i])
		if d >= 16 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

// digitOf returns the value of a digit in a base of up to 36, or 36 where c is none.
func digitOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c|0x20-'a') + 10
	}
	return 36
}
