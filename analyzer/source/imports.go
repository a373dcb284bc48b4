package source

import (
	"bytes"
	"iter"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
)

// specifiers goes through the names that a module imports. It looks only at the words that an import needs, which is
// a hundred times faster than a lexer and finds now and then one too many, in a string or comment; such a name
// resolves to nothing, or to a file that does no harm.
func specifiers(src []byte) iter.Seq2[string, ImportKind] {
	return func(yield func(string, ImportKind) bool) {
		for _, word := range []string{"from", "import", "require"} {
			kind := ByImport
			if word == "require" {
				kind = ByRequire
			}
			seen := map[string]bool{}
			for at := range textsearch.All(src, word) {
				rest := src[at+len(word):]
				spec, ok := quoted(rest[:min(len(rest), maxSpecifier)])
				if !ok || seen[spec] {
					continue
				}
				seen[spec] = true
				if !yield(spec, kind) {
					return
				}
			}
		}
	}
}

// maxSpecifier is how far behind its word a specifier is looked for, its own length included.
const maxSpecifier = 512

// quoted reads a string behind optional spaces, one bracket and a comment such as a bundler's hint.
func quoted(b []byte) (string, bool) {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) > 0 && b[0] == '(' {
		b = bytes.TrimLeft(b[1:], " \t\r\n")
	}
	if bytes.HasPrefix(b, []byte("/*")) {
		end := bytes.Index(b, []byte("*/"))
		if end < 0 {
			return "", false
		}
		b = bytes.TrimLeft(b[end+2:], " \t\r\n")
	}
	if len(b) == 0 || b[0] != '"' && b[0] != '\'' && b[0] != '`' {
		return "", false
	}
	return untilQuote(b)
}

// untilQuote reads the plain string that b starts with.
func untilQuote(b []byte) (string, bool) {
	end := bytes.IndexByte(b[1:], b[0])
	if end <= 0 {
		return "", false
	}
	text := b[1 : end+1]
	if bytes.ContainsAny(text, "\\\n$") && b[0] == '`' || bytes.ContainsAny(text, "\\\n") {
		return "", false
	}
	return string(text), true
}

// maxStub is the size up to which a module may be a stub that starts another file.
const maxStub = 64 << 10

// started goes through the names of scripts in a small module's strings: what a stub starts is not imported but put
// together from a directory and names, path.join(dir, "..", "dist", "app.js").
func started(src []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(src) > maxStub {
			return
		}
		var parts []string // strings with nothing but commas between them
		end := 0
		for i := 0; i < len(src); i++ {
			c := src[i]
			if c != '"' && c != '\'' && c != '`' {
				continue
			}
			text, ok := untilQuote(src[i:])
			if c == '`' && !ok {
				text, ok = behindHole(src[i:])
			}
			if !ok {
				continue
			}
			if string(bytes.TrimSpace(src[end:i])) != "," {
				parts = parts[:0]
			}
			parts = append(parts, text)
			i += bytes.IndexByte(src[i+1:], c) + 1
			end = i + 1
			for first := len(parts) - 1; first >= 0 && isScriptName(text); first-- {
				if !yield(strings.Join(parts[first:], "/")) {
					return
				}
			}
		}
	}
}

// behindHole is what follows the last hole of the template string that b starts with: `${dir}/../dist/app.js`.
func behindHole(b []byte) (string, bool) {
	text, _, ok := bytes.Cut(b[1:], b[:1])
	hole := bytes.LastIndexByte(text, '}')
	if !ok || hole < 0 || bytes.ContainsAny(text, "\\\n") {
		return "", false
	}
	return string(text[hole+1:]), true
}
