package bunextract

import "fmt"

// trailer closes every graph, in every release.
const trailer = "\n---- Bun! ----\n"

// Sizes of the parts of a graph, in bytes.
const (
	trailerSize    = int64(len(trailer))
	pointerSize    = 8
	shortOffsets   = 24 // 0.6.0 to 1.2.20; its last 4 bytes are padding that was never initialised
	longOffsets    = 32 // from 1.2.21: run arguments and flags
	totalSizeWidth = 8  // the file's size, after a graph at the end of a file
)

// Limits that no real graph comes near. They bound what a hostile file can make this package hold.
const (
	maxModules   = 1 << 20
	maxName      = 1 << 15 // bytes of one module name
	maxNames     = 1 << 26 // bytes of all module names of a graph
	maxExecArgv  = 1 << 16 // bytes of the run arguments
	maxRecords   = 1 << 22 // records validated for one file, over all candidates
	maxTrailers  = 1 << 16 // trailers tried in one scan
	maxGraphSize = 1 << 32 // pointers have 32 bits
)

// MaxSource is the most that Module.Source and Module.SourceMap hold in memory at once, in bytes. Module.Open has no
// such bound.
const MaxSource = 1 << 29

// prefixes open every module name, followed by root/, which stands for the project. Which one depends on the release
// and on the system that the executable is for.
var prefixes = []string{
	"/$bunfs/",
	"B:/~BUN/",
	`B:\~BUN\`,
	"compiled://",
}

// Container is the kind of file that a graph stands in.
type Container uint8

// The containers.
const (
	Bare  Container = iota // no executable: the bytes of a graph by themselves
	ELF                    // Linux, FreeBSD, Android
	MachO                  // macOS, thin or a slice of a fat file
	PE                     // Windows
)

// String returns the container's usual name in lower case: bare, elf, macho, pe.
func (c Container) String() string {
	return name(c, "bare", "elf", "macho", "pe")
}

// Location is how a graph was found.
type Location uint8

// The locations.
const (
	InSection Location = iota // a section header names it: from 1.2.4 (Mach-O), 1.2.19 (PE), 1.3.12 (ELF)
	AtEnd                     // it is the last thing in the file: the releases before those
	Scanned                   // nothing names it; it was found by its trailer, and every record in it validates
)

// String returns section, end or scan.
func (l Location) String() string {
	return name(l, "section", "end", "scan")
}

// Encoding is how a module's contents are stored.
type Encoding uint8

// The encodings. Contents of any encoding but UTF16 are bytes to be taken as they are: Latin1 was written for UTF-8
// text too, until 1.3.14.
const (
	Binary Encoding = 0
	Latin1 Encoding = 1
	UTF16  Encoding = 2 // little-endian, from 1.4.1, where a text has a character outside of ASCII
)

// String returns binary, latin1, utf16, or the number of an unknown encoding.
func (e Encoding) String() string {
	return name(e, "binary", "latin1", "utf16")
}

// Format is the module system that a module's source is written for.
type Format uint8

// The formats.
const (
	NoFormat Format = iota
	ESM
	CommonJS
)

// String returns none, esm, cjs, or the number of an unknown format.
func (f Format) String() string {
	return name(f, "none", "esm", "cjs")
}

// Side is where a module is meant to run; known from 1.2.17 on, Server before.
type Side uint8

// The sides. Assets are marked Client, too.
const (
	Server Side = iota
	Client
)

// String returns server, client, or the number of an unknown side.
func (s Side) String() string {
	return name(s, "server", "client")
}

// Loader is what Bun does with a module's contents, in the numbering used from Bun 1.2.5 on. Numbers not listed here
// are kept.
type Loader uint8

// The loaders.
const (
	LoaderJSX Loader = iota
	LoaderJS
	LoaderTS
	LoaderTSX
	LoaderCSS
	LoaderFile
	LoaderJSON
	LoaderJSONC // not in the older numbering: those from here on are one less there
	LoaderTOML
	LoaderWasm
	LoaderNAPI
	LoaderBase64
	LoaderDataURL
	LoaderText
	LoaderShell
	LoaderSQLite
	LoaderSQLiteEmbedded
	LoaderHTML
	LoaderYAML
	LoaderJSON5
	LoaderMarkdown
)

// String returns the name that Bun's own configuration uses, or the number of an unknown loader.
func (l Loader) String() string {
	return name(l, "jsx", "js", "ts", "tsx", "css", "file", "json", "jsonc", "toml", "wasm", "napi", "base64", "dataurl",
		"text", "sh", "sqlite", "sqlite_embedded", "html", "yaml", "json5", "md")
}

// IsJavaScript reports whether the contents are JavaScript by the loader: a bundle holds the output of the JSX and
// TypeScript loaders, not their input. JavaScript that a program carries as a file has the file or text loader.
func (l Loader) IsJavaScript() bool {
	return l <= LoaderTSX
}

// Numbering is the meaning of the loader numbers in a graph.
type Numbering uint8

// The numberings. No field of the file tells; see numberingOf.
const (
	NumberingUnknown Numbering = iota // no module of the graph has a loader that differs
	NumberingOld                      // until 1.2.4
	NumberingNew                      // from 1.2.5
)

// String returns unknown, old or new.
func (n Numbering) String() string {
	return name(n, "unknown", "old", "new")
}

// loader translates a stored loader number.
func (n Numbering) loader(id uint8) Loader {
	if n == NumberingOld && id >= uint8(LoaderJSONC) && id < 0xff {
		id++
	}
	return Loader(id)
}

// name returns the name of an enumeration's value, or its number where it has none.
func name[T ~uint8](v T, names ...string) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprint(uint8(v))
}
