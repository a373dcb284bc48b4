package js

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/ecma"
)

// Text that comes out of a literal is UTF-8, with one exception: JavaScript strings are UTF-16 and may hold half of
// a surrogate pair. Such a half is kept in the three bytes that UTF-8 would have for it if it allowed it (WTF-8), so
// that nothing is lost; two halves that meet are joined.

// DecodeString returns the value of a string literal, which lit holds with its quotes.
func DecodeString(lit string) (string, error) {
	if len(lit) < 2 || lit[0] != '"' && lit[0] != '\'' || lit[len(lit)-1] != lit[0] {
		return "", fmt.Errorf("decode string: %.20q is not in quotes", lit)
	}
	body := lit[1 : len(lit)-1]
	if strings.IndexByte(body, '\\') < 0 {
		if strings.IndexByte(body, lit[0]) >= 0 {
			return "", fmt.Errorf("decode string: %.20q holds a bare quote", lit)
		}
		return body, nil
	}
	return decode(body, lit[0])
}

// DecodeTemplate returns the value of a template's text between two substitutions ("cooked").
func DecodeTemplate(chunk string) (string, error) {
	if strings.IndexByte(chunk, '\\') < 0 && strings.IndexByte(chunk, '\r') < 0 {
		return chunk, nil
	}
	return decode(chunk, '`')
}

// DecodeTemplateRaw returns a template's text between two substitutions as String.raw sees it.
func DecodeTemplateRaw(chunk string) string {
	return strings.ReplaceAll(strings.ReplaceAll(chunk, "\r\n", "\n"), "\r", "\n")
}

// decode resolves the escapes in a literal's body. quote is what ends the literal.
func decode(body string, quote byte) (string, error) {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		switch c := body[i]; c {
		case '\\':
			n, err := decodeEscape(&out, body[i:], quote == '`')
			if err != nil {
				return "", fmt.Errorf("decode %.20q at byte %d: %w", body, i, err)
			}
			i += n
		case '\r':
			if quote == '`' { // a line of a template ends with \n, however the source is stored
				if out = append(out, '\n'); i+1 < len(body) && body[i+1] == '\n' {
					i++
				}
				i++
				continue
			}
			out = append(out, c)
			i++
		case quote:
			return "", fmt.Errorf("decode %.20q: a bare %q at byte %d", body, quote, i)
		default:
			out = append(out, c)
			i++
		}
	}
	return string(out), nil
}

var (
	errEscapeEnd   = errors.New("an escape has no end")
	errEscapeHex   = errors.New("an escape has digits that are not hexadecimal")
	errEscapeOctal = errors.New("an octal escape in a template")
	errEscapeRange = errors.New("an escape is past the last character")
)

// decodeEscape appends the value of the escape that s begins with, and returns the escape's length.
func decodeEscape(out *[]byte, s string, template bool) (int, error) {
	if len(s) < 2 {
		return 0, errEscapeEnd
	}
	switch c := s[1]; c {
	case 'n', 't', 'r', 'b', 'f', 'v':
		*out = append(*out, "\n\t\r\b\f\v"[strings.IndexByte("ntrbfv", c)])
		return 2, nil
	case '\n':
		return 2, nil
	case '\r':
		if strings.HasPrefix(s[2:], "\n") {
			return 3, nil
		}
		return 2, nil
	case 'x':
		unit, err := hexDigits(s, 2, 4)
		*out = ecma.AppendRune(*out, unit)
		return 4, err
	case 'u':
		return decodeUnicode(out, s)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return decodeOctal(out, s, template)
	case '8', '9':
		if template {
			return 0, errEscapeOctal
		}
	}
	r, n := utf8.DecodeRuneInString(s[1:])
	if r != '\u2028' && r != '\u2029' { // those two, escaped, go on with the line
		*out = append(*out, s[1:1+n]...)
	}
	return 1 + n, nil
}

// decodeUnicode appends the value of \uXXXX or \u{X...}.
func decodeUnicode(out *[]byte, s string) (int, error) {
	if !strings.HasPrefix(s, `\u{`) {
		unit, err := hexDigits(s, 2, 6)
		*out = ecma.AppendRune(*out, unit)
		return 6, err
	}
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return 0, errEscapeEnd
	}
	digits := strings.TrimLeft(s[3:end], "0")
	if digits == "" && end > 3 {
		digits = "0"
	}
	if len(digits) > 6 {
		return 0, errEscapeRange
	}
	unit, err := hexDigits(digits, 0, max(1, len(digits)))
	if err == nil && unit > utf8.MaxRune {
		err = errEscapeRange
	}
	*out = ecma.AppendRune(*out, unit)
	return end + 1, err
}

// decodeOctal appends the value of \0 or, outside templates, an octal escape of up to three digits.
func decodeOctal(out *[]byte, s string, template bool) (int, error) {
	value, n := rune(0), 1
	for n < len(s) && n < 4 && s[n]-'0' <= 7 && value*8+rune(s[n]-'0') <= 0o377 {
		value = value*8 + rune(s[n]-'0')
		n++
	}
	if template && (n > 2 || s[1] != '0' || n < len(s) && s[n]-'0' <= 9) {
		return 0, errEscapeOctal
	}
	*out = ecma.AppendRune(*out, value)
	return n, nil
}

// hexDigits reads the hexadecimal number s[from:to].
func hexDigits(s string, from, to int) (rune, error) {
	if len(s) < to {
		return 0, errEscapeEnd
	}
	value := rune(0)
	for _, c := range []byte(s[from:to]) {
		switch {
		case c-'0' <= 9:
			value = value<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			value = value<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, errEscapeHex
		}
	}
	return value, nil
}
