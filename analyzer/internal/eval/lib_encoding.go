package eval

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/ecma"
)

// Bytes that are known are the content of a buffer: Node's Buffer, a Uint8Array, or what a file holds.

// onString wraps a function of one text.
func onString(name string, f func(m *Machine, s string) Value) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			s, ok := m.toString(v).(String)
			if !ok {
				return m.resultOf(m.unknown("encoded at run time", name), []Value{v})
			}
			return f(m, string(s))
		})
	}
}

const unreserved = "-_.!~*'()"

// encoded is a function that escapes the characters of a text that are not kept.
func encoded(name, kept string) Native {
	return onString(name, func(m *Machine, s string) Value {
		if !ecma.IsWellFormed(s) {
			return m.raise("URIError", "URI malformed")
		}
		var b strings.Builder
		for i := range len(s) {
			c := s[i]
			if isAlphanumeric(c) || strings.IndexByte(kept, c) >= 0 {
				b.WriteByte(c)
				continue
			}
			b.WriteByte('%')
			b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{c})))
		}
		return m.sized(String(b.String()))
	})
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// decoded is a function that takes escapes back, but for those of characters that are kept.
func decoded(name, kept string) Native {
	return onString(name, func(m *Machine, s string) Value {
		out := make([]byte, 0, len(s))
		for i := 0; i < len(s); {
			if s[i] != '%' {
				out = append(out, s[i])
				i++
				continue
			}
			raw := escapedBytes(s[i:])
			r, width := utf8.DecodeRune(raw)
			switch {
			case len(raw) == 0 || r == utf8.RuneError && width <= 1:
				return m.raise("URIError", "URI malformed")
			case width == 1 && strings.IndexByte(kept, raw[0]) >= 0:
				out = append(out, s[i:i+3]...)
			default:
				out = append(out, raw[:width]...)
			}
			i += 3 * width
		}
		return String(out)
	})
}

// escapedBytes are the bytes of the escapes that s begins with, four at most.
func escapedBytes(s string) (raw []byte) {
	for len(raw) < 4 && len(s) >= 3 && s[0] == '%' {
		b, err := hex.DecodeString(s[1:3])
		if err != nil {
			break
		}
		raw, s = append(raw, b[0]), s[3:]
	}
	return raw
}

func escapeOld(m *Machine, s string) Value {
	var b strings.Builder
	for _, u := range ecma.ToUnits(s) {
		switch {
		case u < 0x80 && (isAlphanumeric(byte(u)) || strings.IndexByte("@*_+-./", byte(u)) >= 0):
			b.WriteByte(byte(u))
		case u < 0x100:
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{byte(u)})))
		default:
			b.WriteString("%u" + strings.ToUpper(hex4(rune(u))))
		}
	}
	return m.sized(String(b.String()))
}

func unescapeOld(_ *Machine, s string) Value {
	var out []byte
	for i := 0; i < len(s); {
		if s[i] == '%' {
			if i+6 <= len(s) && s[i+1] == 'u' && hexWidth(s[i+2:], 4) {
				raw, _ := hex.DecodeString(s[i+2 : i+6])
				out = ecma.AppendRune(out, rune(raw[0])<<8|rune(raw[1]))
				i += 6
				continue
			}
			if raw := escapedBytes(s[i:]); len(raw) > 0 {
				out = ecma.AppendRune(out, rune(raw[0]))
				i += 3
				continue
			}
		}
		r, width := ecma.DecodeRune(s[i:])
		out = ecma.AppendRune(out, r)
		i += width
	}
	return String(out)
}

func btoa(m *Machine, s string) Value {
	raw, ok := latin1(s)
	if !ok {
		return m.raise("InvalidCharacterError", "Invalid character")
	}
	return String(base64.StdEncoding.EncodeToString(raw))
}

// latin1 are the characters of a text as bytes; ok is false where one is beyond.
func latin1(s string) (raw []byte, ok bool) {
	ok = true
	for _, u := range ecma.ToUnits(s) {
		ok = ok && u < 0x100
		raw = append(raw, byte(u))
	}
	return raw, ok
}

// fromLatin1 makes a text with a character for each byte.
func fromLatin1(raw []byte) string {
	out := make([]byte, 0, len(raw))
	for _, b := range raw {
		out = utf8.AppendRune(out, rune(b))
	}
	return string(out)
}

func atob(m *Machine, s string) Value {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\f\r", r) {
			return -1
		}
		return r
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return m.raise("InvalidCharacterError", "The string to be decoded is not correctly encoded.")
	}
	return String(fromLatin1(raw))
}

// bytesOf is the content of a buffer.
func bytesOf(v Value) ([]byte, bool) {
	o, ok := v.(*Object)
	if !ok {
		return nil, false
	}
	raw, ok := o.Host.([]byte)
	return raw, ok
}

// encodeText is a text as bytes in an encoding that Node knows; ok is false for another.
func encodeText(s, encoding string) (raw []byte, ok bool) {
	switch strings.ToLower(encoding) {
	case "", "utf8", "utf-8":
		return []byte(ecma.ToWellFormed(s)), true
	case "base64", "base64url":
		return lenientBase64(s), true
	case "hex":
		n := 0
		for n+2 <= len(s) && hexWidth(s[n:], 2) {
			n += 2
		}
		raw, _ = hex.DecodeString(s[:n])
		return raw, true
	case "latin1", "binary", "ascii":
		raw, _ = latin1(s)
		return raw, true
	}
	return nil, false
}

// lenientBase64 reads both alphabets up to the padding, and leaves out what belongs to neither.
func lenientBase64(s string) []byte {
	var clean strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '=':
			raw, _ := base64.RawStdEncoding.DecodeString(whole(clean.String()))
			return raw
		case c == '-':
			clean.WriteByte('+')
		case c == '_':
			clean.WriteByte('/')
		case isAlphanumeric(c) || c == '+' || c == '/':
			clean.WriteByte(c)
		}
	}
	raw, _ := base64.RawStdEncoding.DecodeString(whole(clean.String()))
	return raw
}

// whole cuts a digit off that gives no byte.
func whole(s string) string {
	if len(s)%4 == 1 {
		return s[:len(s)-1]
	}
	return s
}

// decodeBytes is a text of bytes in an encoding that Node knows; ok is false for another.
func decodeBytes(raw []byte, encoding string) (s string, ok bool) {
	switch strings.ToLower(encoding) {
	case "", "utf8", "utf-8":
		if utf8.Valid(raw) {
			return string(raw), true
		}
		return "", false // replacement characters are put in differently
	case "base64":
		return base64.StdEncoding.EncodeToString(raw), true
	case "base64url":
		return base64.RawURLEncoding.EncodeToString(raw), true
	case "hex":
		return hex.EncodeToString(raw), true
	case "latin1", "binary":
		return fromLatin1(raw), true
	case "ascii":
		ascii := make([]byte, len(raw))
		for i, b := range raw {
			ascii[i] = b & 0x7F
		}
		return string(ascii), true
	}
	return "", false
}

// encodingOf is the name of an encoding that a function is given.
func (m *Machine) encodingOf(v Value) (string, bool) {
	switch v := m.settled(v).(type) {
	case undefined:
		return "", true
	case String:
		return string(v), true
	}
	return "", false
}

// bytesFrom is what Buffer.from and typed arrays make of a value.
func (m *Machine) bytesFrom(v Value, encoding Value) (raw []byte, ok bool) {
	switch v := unwrapped(m.settled(v)).(type) {
	case String:
		name, ok := m.encodingOf(encoding)
		if !ok {
			return nil, false
		}
		return encodeText(string(v), name)
	case *Object:
		if raw, ok := bytesOf(v); ok {
			return raw, true
		}
		if v.Kind != KindArray || !isCertain(v.Elems) || len(v.open) > 0 {
			return nil, false
		}
		for _, e := range v.Elems {
			n, ok := m.number(m.settled(e.Value)).(Number)
			if !ok {
				return nil, false
			}
			raw = append(raw, byte(ecma.ToUint32(float64(n))))
		}
		return raw, true
	}
	return nil, false
}
