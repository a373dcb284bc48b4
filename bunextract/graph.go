package bunextract

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// Graph is the program in a compiled executable: its modules, with the module it starts at.
type Graph struct {
	Container Container
	Arch      string // amd64, arm64; "" where the container does not say, or says something else
	Location  Location
	// Nested reports that the graph stands inside of the data of another: a program that carries an executable.
	Nested bool

	Offset int64 // where the graph's data starts, in bytes from the start of the file
	Size   int64 // of the data, the offsets and the trailer together, in bytes

	RecordSize  int // bytes of one record of the module table: 28, 32, 36, 44 or 52
	OffsetsSize int // bytes of the Offsets structure: 24 or 32
	Numbering   Numbering

	EntryID  int       // index in Modules
	Modules  []*Module // in the order of the table, which is not that of the names nor of the contents
	ExecArgv string    // run arguments compiled in, space-separated; from 1.2.21
	Flags    uint32    // as stored; 0 before 1.3.3

	r          io.ReaderAt
	odd        int  // records with implausible enumerations
	table      span // relative to the graph's data
	terminated bool // contents are followed by a zero byte
}

// Entry returns the module that the program starts at. Its place is no hint: in programs that were split into chunks
// it is often not the first one.
func (g *Graph) Entry() *Module {
	return g.Modules[g.EntryID]
}

// end returns the offset behind the graph.
func (g *Graph) end() int64 { return g.Offset + g.Size }

// setNumbering finds out what the graph's loader numbers mean, and sets the loaders of its modules.
//
// Records of 36 bytes were written under both numberings, and no field tells them apart. Offsets of 32 bytes and a
// client side were first written under the new one. Otherwise the two kinds of file that the numbering moves, and
// that can be recognised, tell: WebAssembly is 8 in the old and 9 in the new one, native modules are 9 and 10.
func (g *Graph) setNumbering() error {
	if g.Numbering == NumberingUnknown && g.OffsetsSize == longOffsets {
		g.Numbering = NumberingNew
	}
	for _, m := range g.Modules {
		if g.Numbering != NumberingUnknown {
			break
		}
		var err error
		if g.Numbering, err = m.numbering(); err != nil {
			return err
		}
	}
	g.applyNumbering()
	return nil
}

// applyNumbering sets the modules' loaders. An unknown numbering is read as the new one.
func (g *Graph) applyNumbering() {
	for _, m := range g.Modules {
		m.Loader = g.Numbering.loader(m.LoaderID)
	}
}

// ambiguous reports whether a loader of the graph depends on a numbering that is not known.
func (g *Graph) ambiguous() bool {
	if g.Numbering != NumberingUnknown {
		return false
	}
	for _, m := range g.Modules {
		if m.LoaderID >= uint8(LoaderJSONC) {
			return true
		}
	}
	return false
}

// Module is one module of a graph: a chunk of JavaScript, or a file that the program carries.
//
// SafeNames takes modules made by hand, with a name and a loader; all else is for modules of a graph.
type Module struct {
	Name     string // as stored, with its prefix: /$bunfs/root/app.js. Not a safe file name, and not unique.
	Encoding Encoding
	Loader   Loader
	LoaderID uint8  // the loader's number as stored
	Format   Format // NoFormat before 1.1.30
	Side     Side

	graph  *Graph
	record int64 // offset of its record in the file
	// Relative to the graph's data.
	contents, sourceMap, bytecode, moduleInfo span
}

// Path returns the module's name without the prefix that stands for the executable: app.js, chunks/a.js, but also
// ../lazy.js, as Bun keeps the names of modules from outside of the project's directory.
func (m *Module) Path() string {
	path := strings.TrimPrefix(m.Name, prefixOf(m.Name))
	if path != m.Name {
		path = strings.TrimPrefix(path, "root/")
		path = strings.TrimPrefix(path, `root\`)
	}
	return strings.TrimPrefix(path, "./")
}

// IsEntry reports whether the program starts at this module.
func (m *Module) IsEntry() bool {
	return m.graph != nil && m.graph.Entry() == m
}

// Size returns the stored size of the contents in bytes. As UTF-8, contents of encoding UTF16 have another.
func (m *Module) Size() int64 { return m.contents.size }

// Offset returns where the stored contents begin, in bytes from the start of the file.
func (m *Module) Offset() int64 {
	if m.graph == nil {
		return 0
	}
	return m.graph.Offset + m.contents.off
}

// BytecodeSize returns the size of the module's precompiled bytecode in bytes. From 1.4.1 the bytecode of several
// modules may overlap: don't add these up.
func (m *Module) BytecodeSize() int64 { return m.bytecode.size }

// SourceMapSize returns the stored size of the module's source map in bytes, 0 if it has none.
func (m *Module) SourceMapSize() int64 { return m.sourceMap.size }

// Raw returns a reader of the contents as stored.
func (m *Module) Raw() *io.SectionReader { return m.section(m.contents) }

// Open returns a reader of the contents: as stored, or, where that is UTF-16, as UTF-8. A surrogate without its other
// half becomes U+FFFD.
func (m *Module) Open() io.Reader {
	raw := m.Raw()
	if !m.isUTF16() {
		return raw
	}
	if raw.Size()%2 != 0 {
		return failing{corrupt(m.Offset(), "%s: UTF-16 contents of %d bytes", shorten(m.Name, 40), raw.Size())}
	}
	return &utf16Reader{src: raw}
}

// Source returns the contents as Open reads them. It fails with ErrTooLarge if they are stored in more than MaxSource
// bytes.
func (m *Module) Source() ([]byte, error) {
	if err := m.checkSize("contents", m.contents); err != nil {
		return nil, err
	}
	if !m.isUTF16() {
		buf := make([]byte, m.contents.size)
		if m.graph == nil {
			return buf, nil
		}
		return buf, readFull(m.graph.r, buf, m.Offset(), "contents of "+shorten(m.Name, 40))
	}
	var buf bytes.Buffer
	_, err := buf.ReadFrom(m.Open())
	return buf.Bytes(), err
}

// isUTF16 reports whether the contents need decoding. Before records had 52 bytes, the number stood for an encoding
// that was never written.
func (m *Module) isUTF16() bool {
	return m.Encoding == UTF16 && m.graph != nil && m.graph.RecordSize == 52
}

// checkSize fails if a part of the module is too large to be held in memory.
func (m *Module) checkSize(what string, s span) error {
	if s.size > MaxSource {
		return fmt.Errorf("%s of %s: %w: %d bytes, at most %d", what, shorten(m.Name, 40), ErrTooLarge, s.size, MaxSource)
	}
	return nil
}

// section returns a reader of a part of the module, which is empty for a module of no graph.
func (m *Module) section(s span) *io.SectionReader {
	if m.graph == nil {
		return io.NewSectionReader(bytes.NewReader(nil), 0, 0)
	}
	return io.NewSectionReader(m.graph.r, m.graph.Offset+s.off, s.size)
}

// numbering returns what the module tells about the numbering of the loaders in its graph.
func (m *Module) numbering() (Numbering, error) {
	if m.Side == Client {
		return NumberingNew, nil
	}
	var was Loader // by the name or the contents, in the new numbering
	switch m.LoaderID {
	case 8:
		was = LoaderWasm // new: TOML, which is not kept as a file
	case 9, 10:
		is, err := m.kind()
		if err != nil {
			return NumberingUnknown, err
		}
		was = is
	default:
		return NumberingUnknown, nil
	}
	switch was {
	case Loader(m.LoaderID):
		return NumberingNew, nil
	case NumberingOld.loader(m.LoaderID):
		return NumberingOld, nil
	}
	return NumberingUnknown, nil
}

// kind recognises WebAssembly and native modules, by name or else by what their contents begin with.
func (m *Module) kind() (Loader, error) {
	switch strings.ToLower(path.Ext(m.Name)) {
	case ".wasm":
		return LoaderWasm, nil
	case ".node":
		return LoaderNAPI, nil
	}
	head := make([]byte, 4)
	if m.contents.size < int64(len(head)) {
		return 0, nil
	}
	if err := readFull(m.graph.r, head, m.Offset(), "contents of "+shorten(m.Name, 40)); err != nil {
		return 0, err
	}
	if string(head) == "\x00asm" {
		return LoaderWasm, nil
	}
	if containerOf(head) != Bare {
		return LoaderNAPI, nil
	}
	return 0, nil
}
