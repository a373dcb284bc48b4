package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// content is what a file holds, by its first bytes.
type content int

const (
	holdsScript content = iota
	holdsExecutable
	holdsGzip
	holdsTar
	holdsZip
	holdsOtherArchive
	holdsWasm
	holdsHTML
	holdsXML
	holdsMedia
	holdsDocument
	holdsOtherScript
	holdsOtherText
	holdsBinary
	holdsEmpty
)

// describe says it to a person.
func (c content) describe() string {
	return [...]string{
		"it is JavaScript", "it is an executable", "it is a gzip archive", "it is a tar archive",
		"it is a zip archive", "it is an archive of a kind that is not read here; unpack it first", "it is WebAssembly",
		"it is HTML; a bundle in it has to be saved as a file of its own", "it is XML", "it is a picture, a sound, a film or a font",
		"it is a document for reading or printing", "its first line names another interpreter",
		"it is a text that does not look like JavaScript", "it is binary data", "it is empty",
	}[c]
}

// minScript is how long a script is at least that holds a NUL, in bytes.
const minScript = 64

// sniffLen is how much of a file is looked at.
const sniffLen = 64 << 10

const gzipMagic = "\x1f\x8b"

// A tar archive says what it is behind its first file's name, owner and times.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
)

// isTar tells the beginning of a tar archive from a text that has the word at its place: what stands before it is filled up
// with NUL.
func isTar(head []byte) bool {
	return len(head) > tarMagicAt && bytes.HasPrefix(head[tarMagicAt:], []byte(tarMagic)) && bytes.IndexByte(head[:tarMagicAt], 0) >= 0
}

// magics are the first bytes of what is not text.
var magics = []struct {
	head string
	is   content
}{
	{"\x7fELF", holdsExecutable},
	{"\xcf\xfa\xed\xfe", holdsExecutable}, // Mach-O, 64 bits
	{"\xce\xfa\xed\xfe", holdsExecutable}, // Mach-O, 32 bits
	{"\xca\xfe\xba\xbe", holdsExecutable}, // Mach-O, fat
	{"\xca\xfe\xba\xbf", holdsExecutable}, // Mach-O, fat, 64 bits
	{"MZ", holdsExecutable},
	{gzipMagic, holdsGzip},
	{"PK\x03\x04", holdsZip},
	{"PK\x05\x06", holdsZip}, // an empty one
	{"\xfd7zXZ\x00", holdsOtherArchive},
	{"\x28\xb5\x2f\xfd", holdsOtherArchive}, // Zstandard
	{"BZh", holdsOtherArchive},
	{"7z\xbc\xaf\x27\x1c", holdsOtherArchive},
	{"Rar!\x1a\x07", holdsOtherArchive},
	{"!<arch>\n", holdsOtherArchive},
	{"\x00asm", holdsWasm},
}

// sniffFile looks at the start of a file.
func sniffFile(path string) (content, error) {
	f, _, err := openRegular(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, fail(path, ErrUnreadable, err)
	}
	return sniff(filepath.Base(path), head[:n]), nil
}

// sniff says what a file of that name with those first bytes is.
func sniff(name string, head []byte) content {
	if len(head) == 0 {
		return holdsEmpty
	}
	for _, m := range magics {
		// "MZ" alone may be the start of a minified script; a DOS header has bytes close behind it that are no text.
		if bytes.HasPrefix(head, []byte(m.head)) && (!isLetters(m.head) || !isText(head[:min(len(head), 64)])) {
			return m.is
		}
	}
	if isTar(head) {
		return holdsTar
	}
	if what := known(head); what != holdsScript {
		return what
	}
	if !isText(head) && !isScriptWithNUL(name, head) {
		return holdsBinary
	}
	if bytes.HasPrefix(head, []byte("#!")) {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		for _, runtime := range []string{"node", "bun", "deno"} {
			if bytes.Contains(line, []byte(runtime)) {
				return holdsScript
			}
		}
		return holdsOtherScript
	}
	if isScriptName(name) || filepath.Ext(name) == "" && looksLikeScript(head) {
		return holdsScript
	}
	return holdsOtherText
}

// known is what the rules of browsers make of a file: HTML, pictures and the like, whatever its name is; holdsScript where
// it may be a script for all they know.
func known(head []byte) content {
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch family, _, _ := strings.Cut(kind, "/"); {
	case kind == "text/html" && !bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<!--")): // which opens a line comment in scripts, too
		return holdsHTML
	case kind == "text/xml":
		return holdsXML
	case kind == "application/pdf", kind == "application/postscript":
		return holdsDocument
	case isText(head):
		return holdsScript // the marks of some of the others are letters
	case family == "image", family == "audio", family == "video", family == "font":
		return holdsMedia
	}
	return holdsScript
}

// isLetters says whether a mark could be the start of a text.
func isLetters(mark string) bool {
	return !strings.ContainsFunc(mark, func(r rune) bool { return r < 'A' || r > 'z' })
}

// isScriptName says whether a name ends as those of JavaScript files do.
func isScriptName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".js", ".mjs", ".cjs":
		return true
	}
	return false
}

// isText says whether the bytes are UTF-8 without NUL; a character cut off at the end is no matter.
func isText(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	bad := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && i < len(head)-utf8.UTFMax {
			bad++
		}
		i += n
	}
	return bad <= len(head)/200 // old bundles hold a stray Latin-1 byte
}

// isScriptWithNUL tells a script of that name in which a string holds a NUL as it is: it holds few, and is text otherwise.
func isScriptWithNUL(name string, head []byte) bool {
	few := max(1, len(head)/200)
	return isScriptName(name) && len(head) >= minScript && bytes.Count(head, []byte{0}) <= few && isText(bytes.ReplaceAll(head, []byte{0}, nil))
}

// looksLikeScript says whether a text without a telling name is JavaScript.
func looksLikeScript(head []byte) bool {
	first := bytes.TrimLeft(head, " \t\r\n\ufeff")
	if len(first) == 0 || first[0] == '<' {
		return false
	}
	for _, sign := range []string{"=>", "function", "require(", "import", "export", "const ", "var ", "let ", "module.", "console."} {
		if bytes.Contains(head, []byte(sign)) {
			return true
		}
	}
	return false
}

func sizes(got, limit int64) string {
	return fmt.Sprintf("%d bytes, and the limit is %d", got, limit)
}
