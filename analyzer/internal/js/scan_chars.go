package js

import (
	"unicode"
	"unicode/utf8"
)

// class is what the lexer does with a token by its first byte.
type class uint8

const (
	classOther class = iota
	classSpace
	classLine
	classWord
	classDigit
	classQuote
	classTemplate
	classSlash
	classOpen
	classBrace
	classClose
	classBraceClose
	classSemicolon
	classComma
	classDot
	classEquals
	classPlus
	classOperator
	classNot
)

var (
	classes        [256]class
	wordByte       [256]bool
	keywordLengths [256]uint16 // by first byte: a bit for each length that a keyword beginning so has
)

func init() {
	for kind, bytes := range map[class]string{
		classSpace: " \t\f\v", classLine: "\n\r", classDigit: "0123456789", classQuote: `"'`, classTemplate: "`",
		classSlash: "/", classOpen: "([", classBrace: "{", classClose: ")]", classBraceClose: "}",
		classSemicolon: ";", classComma: ",:", classDot: ".", classEquals: "=", classPlus: "+-",
		classOperator: "*%&|^<>?", classNot: "!~",
		classWord: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$#@",
	} {
		for _, c := range []byte(bytes) {
			classes[c] = kind
			wordByte[c] = kind == classWord && c != '#' && c != '@' || kind == classDigit
		}
	}
	for _, k := range []string{"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof",
		"yield", "await", "default", "extends", "do", "else", "if", "while", "for", "with", "function", "class"} {
		keywordLengths[k[0]] |= 1 << len(k)
	}
}

// numberEnd returns the end of a numeric literal.
func numberEnd(src []byte, i int) int {
	hex := src[i] == '0' && i+1 < len(src) && src[i+1]|0x20 == 'x'
	for i < len(src) && (wordByte[src[i]] || src[i] == '.') {
		i++
		if !hex && src[i-1]|0x20 == 'e' && i+1 < len(src) && (src[i] == '-' || src[i] == '+') && src[i+1]-'0' <= 9 {
			i++
		}
	}
	return i
}

// regexEnd returns the end of a regex literal with its flags, or -1 when it doesn't end on its line.
func regexEnd(src []byte, i int) int {
	class := false
	for i < len(src) {
		switch src[i] {
		case '\\':
			i++
		case '\n', '\r':
			return -1
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				i++
				for i < len(src) && wordByte[src[i]] {
					i++
				}
				return i
			}
		}
		i++
	}
	return -1
}

// lineEnd returns the offset of the next line terminator, or the source's length.
func lineEnd(src []byte, i int) int {
	for i < len(src) {
		if c := src[i]; c == '\n' || c == '\r' || c == 0xE2 && i+2 < len(src) && src[i+1] == 0x80 && src[i+2]&^1 == 0xA8 {
			return i
		}
		i++
	}
	return i
}

// commentEnd returns the end of a block comment, or -1, and whether it holds a line terminator.
func commentEnd(src []byte, i int) (end int, newline bool) {
	for ; i+1 < len(src); i++ {
		switch src[i] {
		case '*':
			if src[i+1] == '/' {
				return i + 2, newline
			}
		case '\n', '\r':
			newline = true
		}
	}
	return -1, newline
}

// firstOnLine says that nothing but white space and block comments stands before i on its line. Only there is an
// HTML comment taken for one: in the middle of a line, modules read the same characters as operators.
func firstOnLine(src []byte, i int) bool {
	for i--; i >= 0; i-- {
		switch src[i] {
		case ' ', '\t':
		case '\n', '\r':
			return true
		default:
			return i > 0 && src[i] == '/' && src[i-1] == '*'
		}
	}
	return true
}

// wordEnd returns the end of a word whose rest may hold what is not ASCII and escapes.
func wordEnd(src []byte, i int) int {
	for i < len(src) {
		switch c := src[i]; {
		case c == '\\' && i+2 < len(src) && src[i+1] == 'u' && src[i+2] == '{':
			i += 3
			for i < len(src) && wordByte[src[i]] {
				i++
			}
			if i < len(src) && src[i] == '}' {
				i++
			}
		case c == '\\' || wordByte[c]:
			i++
		case c >= 0x80:
			if n, _ := spaceLength(src, i); n > 0 {
				return i
			}
			_, n := utf8.DecodeRune(src[i:])
			i += n
		default:
			return i
		}
	}
	return i
}

// spaceLength returns the length of the white space outside ASCII at i, 0 for none, and whether it ends a line.
func spaceLength(src []byte, i int) (n int, newline bool) {
	if src[i] < 0x80 {
		return 0, false
	}
	r, n := utf8.DecodeRune(src[i:])
	if r == '\u2028' || r == '\u2029' {
		return n, true
	}
	if r == '\ufeff' || unicode.Is(unicode.Zs, r) {
		return n, false
	}
	return 0, false
}
