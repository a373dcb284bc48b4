package js

import (
	"bytes"

	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
)

// HeadImports are the import declarations that a module begins with, where bundlers put them all. To find them the rest
// of the module is not read.
func HeadImports(src []byte) []Import {
	end := headEnd(src)
	if end == 0 {
		return nil
	}
	return Scan(src[:end]).Imports
}

// headEnd is the offset past the import declarations that a module begins with.
func headEnd(src []byte) (end int) {
	for at := 0; ; {
		at = skipBlank(src, at)
		rest, ok := bytes.CutPrefix(src[at:], []byte("import"))
		if !ok || len(rest) == 0 || bytes.IndexByte([]byte(" {*\"'\n\t"), rest[0]) < 0 {
			return end
		}
		quote := bytes.IndexAny(rest, `"'`)
		if quote < 0 {
			return end
		}
		n := bytes.IndexByte(rest[quote+1:], rest[quote])
		if n < 0 {
			return end
		}
		at += len("import") + quote + n + 2
		end = at
	}
}

// MayReexport tells whether a declaration like `export * from "x"` or `export {a} from "x"` seems to stand in a text.
func MayReexport(src []byte) bool {
	for at := range textsearch.All(src, "export") {
		rest := bytes.TrimLeft(src[at+len("export"):], " \t\r\n")
		if len(rest) == 0 {
			return false
		}
		switch rest[0] {
		case '*':
			return true
		case '{':
			end := bytes.IndexByte(rest, '}')
			if end >= 0 && bytes.HasPrefix(bytes.TrimLeft(rest[end+1:], " \t\r\n"), []byte("from")) {
				return true
			}
		}
	}
	return false
}

// skipBlank goes past space, comments and semicolons.
func skipBlank(src []byte, at int) int {
	for at < len(src) {
		rest := src[at:]
		after := -1
		switch {
		case isSpaceByte(rest[0]) || rest[0] == ';':
			at++
			continue
		case bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("#!")):
			after = bytes.IndexByte(rest, '\n')
		case bytes.HasPrefix(rest, []byte("/*")):
			after = bytes.Index(rest, []byte("*/"))
		default:
			return at
		}
		if after < 0 {
			return len(src)
		}
		at += after + 1
		if rest[after] == '*' {
			at++
		}
	}
	return at
}
