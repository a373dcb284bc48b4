package js

import "bytes"

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
