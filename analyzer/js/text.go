package js

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
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

// SplitRegex returns the pattern and the flags of a regex literal.
func SplitRegex(lit string) (pattern, flags string, ok bool) {
	end := strings.LastIndexByte(lit, '/')
	if end < 2 || lit[0] != '/' {
		return "", "", false
	}
	return lit[1:end], lit[end+1:], true
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
		*out = appendUnit(*out, unit)
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
		*out = appendUnit(*out, unit)
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
	*out = appendUnit(*out, unit)
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
	*out = appendUnit(*out, value)
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

// appendUnit appends a character or half of a surrogate pair. A second half that follows a first one is joined
// with it.
func appendUnit(out []byte, r rune) []byte {
	if r < 0xD800 || r > 0xDFFF {
		return utf8.AppendRune(out, r)
	}
	if n := len(out) - 3; r >= 0xDC00 && n >= 0 && out[n] == 0xED && out[n+1]&0xF0 == 0xA0 {
		high := rune(0xD000) | rune(out[n+1]&0x3F)<<6 | rune(out[n+2]&0x3F)
		return utf8.AppendRune(out[:n], (high-0xD800)<<10+(r-0xDC00)+0x10000)
	}
	return append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
}

// ParseNumber returns the value of a numeric literal. It is false for a bigint and for what is no literal.
func ParseNumber(lit string) (float64, bool) {
	digits, base, ok := numberDigits(lit)
	if !ok {
		return 0, false
	}
	if base != 10 {
		n, ok := new(big.Int).SetString(digits, base)
		if !ok {
			return 0, false
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return f, true
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, or zero
		return 0, false
	}
	return f, true
}

// IsBigInt says that a numeric literal is a bigint.
func IsBigInt(lit string) bool {
	_, ok := ParseBigInt(lit)
	return ok
}

// ParseBigInt returns the value of a bigint literal. It is false for a number and for what is no literal.
func ParseBigInt(lit string) (*big.Int, bool) {
	body, ok := strings.CutSuffix(lit, "n")
	if !ok || len(body) > 1 && body[0] == '0' && body[1]-'0' <= 9 {
		return nil, false
	}
	digits, base, ok := numberDigits(body)
	if !ok || strings.ContainsAny(digits, ".e+-E") && base == 10 {
		return nil, false
	}
	return new(big.Int).SetString(digits, base)
}

// numberDigits returns a literal's digits without prefix and separators, and their base. Digits of base 10 may
// have a point and an exponent.
func numberDigits(lit string) (digits string, base int, ok bool) {
	if lit == "" {
		return "", 0, false
	}
	base = 10
	if len(lit) > 1 && lit[0] == '0' {
		switch lit[1] | 0x20 {
		case 'x':
			base, lit = 16, lit[2:]
		case 'o':
			base, lit = 8, lit[2:]
		case 'b':
			base, lit = 2, lit[2:]
		default:
			switch rest := strings.TrimLeft(lit, "01234567"); {
			case rest == "": // legacy octal
				return lit, 8, true
			case lit[1] == '_', lit[1]-'0' <= 9 && rest[0]-'0' > 9: // 0_1, 017.5
				return "", 0, false
			}
		}
	}
	for i, c := range []byte(lit) {
		valid := isDigit(c, base)
		switch c {
		case '_':
			valid = i > 0 && i+1 < len(lit) && isDigit(lit[i-1], base) && isDigit(lit[i+1], base)
		case '.', 'e', 'E':
			valid = valid || base == 10
		case '+', '-':
			valid = base == 10 && i > 0 && lit[i-1]|0x20 == 'e'
		}
		if !valid {
			return "", 0, false
		}
	}
	return strings.ReplaceAll(lit, "_", ""), base, lit != ""
}

func isDigit(c byte, base int) bool {
	return c-'0' <= 9 || base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f'
}

// FormatNumber writes a number as JavaScript's Number::toString does.
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case f == 0: // minus zero too
		return "0"
	case math.IsInf(f, 1):
		return "Infinity"
	case f < 0:
		return "-" + FormatNumber(-f)
	}
	// The shortest digits that give f back, as d.ddde±x; point is where the decimal point stands in them.
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	point, _ := strconv.Atoi(exponent)
	point++
	switch {
	case len(digits) <= point && point <= 21:
		return digits + strings.Repeat("0", point-len(digits))
	case 0 < point && point <= 21:
		return digits[:point] + "." + digits[point:]
	case -6 < point && point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	}
	if len(digits) > 1 {
		digits = digits[:1] + "." + digits[1:]
	}
	if point--; point >= 0 {
		return digits + "e+" + strconv.Itoa(point)
	}
	return digits + "e" + strconv.Itoa(point)
}
