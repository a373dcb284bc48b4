package ecma

import "strings"

// RegExpSource returns what `new RegExp(s).source` is: the pattern as a literal has it, without bare slashes and line breaks.
func RegExpSource(s string) string {
	if s == "" {
		return "(?:)"
	}
	if !strings.ContainsAny(s, "/\n\r\u2028\u2029") {
		return s
	}
	var b strings.Builder
	class, escaped := false, false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '[':
			class = true
		case r == ']':
			class = false
		case r == '/' && !class:
			b.WriteByte('\\')
		}
		switch r {
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\u2028':
			b.WriteString(`\u2028`)
		case '\u2029':
			b.WriteString(`\u2029`)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
