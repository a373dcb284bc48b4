package export

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/ordered"
)

// code is source text that is being written. Lines are indented by two spaces a level, by four in Python.
type code struct {
	strings.Builder
	unit string
}

func (c *code) line(level int, format string, args ...any) {
	if format == "" {
		c.WriteByte('\n')
		return
	}
	c.WriteString(strings.Repeat(c.unit, level))
	fmt.Fprintf(c, format, args...)
	c.WriteByte('\n')
}

// hidden says whether a character has no look of its own, or changes how others are shown, so that source with it may
// not be what it seems; see https://trojansource.codes. Spaces and line breaks are not meant.
func hidden(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || unicode.Is(unicode.Cf, r)
}

// quoted is a text as a string literal of JavaScript, which is one of JSON.
func quoted(s string) string {
	var b strings.Builder
	for _, r := range ordered.String(s) {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// jsonValue is a JSON value as JavaScript's source, in which "__proto__" is a key like others.
func jsonValue(v any) string {
	switch v := v.(type) {
	case string:
		return quoted(v)
	case *ordered.Map:
		var parts []string
		for _, k := range v.Keys() {
			parts = append(parts, valueKey(k)+": "+jsonValue(v.Value(k)))
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, jsonValue(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return ordered.String(v)
}

var plainKey = lazyregexp.New(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// typeKey is a name as the key of a type.
func typeKey(name string) string {
	if plainKey.Get().MatchString(name) {
		return name
	}
	return quoted(name)
}

// valueKey is a name as the key of an object literal, in which "__proto__" would set the prototype.
func valueKey(name string) string {
	if name == "__proto__" {
		return `["__proto__"]`
	}
	return typeKey(name)
}

// blockComment writes lines as a comment of its own lines. None of what it says ends it, is taken for an instruction to
// a compiler (a tag at the start of a line is escaped as TSDoc has it), or is unseen.
func (c *code) blockComment(level int, lines []string) {
	if len(lines) == 0 {
		return
	}
	c.line(level, "/**")
	for _, text := range lines {
		for line := range strings.SplitSeq(text, "\n") {
			line = strings.TrimRight(seen(line), " \t")
			line = strings.ReplaceAll(line, "*/", `*\/`)
			if start := strings.TrimLeft(line, " \t*/"); strings.HasPrefix(start, "@") {
				line = line[:len(line)-len(start)] + `\` + start
			}
			if line == "" {
				c.line(level, " *")
			} else {
				c.line(level, " * %s", line)
			}
		}
	}
	c.line(level, " */")
}

// seen writes hidden characters by their numbers.
func seen(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\r':
		case hidden(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

// isPrimitive says whether a JSON value is neither object nor array.
func isPrimitive(v any) bool {
	switch v.(type) {
	case *ordered.Map, []any:
		return false
	}
	return true
}
