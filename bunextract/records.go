package bunextract

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// span is a stretch of bytes.
type span struct {
	off, size int64
}

// end returns the offset of the first byte behind the span.
func (s span) end() int64 { return s.off + s.size }

// recordLayout is one form of a module's record. The pointers come first, in the order of the fields of Module; then
// one byte for each of the rest, in the order that the offsets give.
type recordLayout struct {
	size     int
	pointers int // name, contents, source map, bytecode, module info, bytecode origin
	encoding int // offset; 0 where the record has no such field, as for those below
	loader   int
	format   int
	side     int

	// Names and contents are followed by a NUL byte, which is no part of them.
	terminated bool
	// Loaders are numbered so; NumberingUnknown where releases of both numberings wrote this layout.
	numbering Numbering
}

// recordLayouts lists the forms of a record, newest first.
var recordLayouts = []recordLayout{
	{size: 52, pointers: 6, encoding: 48, loader: 49, format: 50, side: 51, terminated: true, numbering: NumberingNew}, // 1.3.9 to 1.4.5
	{size: 44, pointers: 5, encoding: 40, loader: 41, format: 42, side: 43, terminated: true, numbering: NumberingNew}, // 1.3.9, development only
	{size: 36, pointers: 4, encoding: 32, loader: 33, format: 34, side: 35, terminated: true},                          // 1.1.30 to 1.3.8
	{size: 32, pointers: 3, loader: 24, numbering: NumberingOld},                                                       // 0.6.0 to 1.1.21
	{size: 28, pointers: 3, encoding: 24, loader: 25, terminated: true, numbering: NumberingOld},                       // 1.1.22 to 1.1.29
}

// offsetsSizes lists the sizes of the Offsets structure, newest first.
var offsetsSizes = []int{longOffsets, shortOffsets}

// errBudget ends the search for graphs in a file that makes it too long.
var errBudget = errors.New("gave up: too many module tables to validate")

// reader validates graphs in one file.
type reader struct {
	r       io.ReaderAt
	records int // records that may still be validated
}

// invalid says what is wrong with a record.
type invalid string

func (v invalid) Error() string { return string(v) }

// parse reads the graph that the trailer at offset at closes. It stands at base, or, for a negative base, where its
// own length says, but not before floor.
//
// No field of the file says how large Offsets and records are, and several sizes may divide a table's length, so
// each combination is tried: the graph is the one all of whose records validate. Should two do so, the one with
// fewer implausible enumerations is taken.
func (p *reader) parse(at, floor, base int64) (*Graph, error) {
	var best *Graph
	var closest error // of the attempt that came furthest: it says most about what is wrong
	furthest := -1
	for _, size := range offsetsSizes {
		head, err := p.readOffsets(at, size, floor, base)
		if isFatal(err) {
			return nil, err
		}
		if err != nil {
			if closest == nil {
				closest = err
			}
			continue
		}
		for _, layout := range recordLayouts {
			g, err := p.readTable(head, layout)
			if isFatal(err) {
				return nil, err
			}
			switch {
			case err == nil && (best == nil || g.odd < best.odd):
				best = g
			case err != nil && len(g.Modules) >= furthest:
				if len(g.Modules) > furthest || head.size == shortOffsets {
					closest = err
				}
				furthest = len(g.Modules)
			}
		}
	}
	if best == nil {
		return nil, closest
	}
	return best, best.setNumbering()
}

// isFatal reports whether an error is not about the format: then another layout or another trailer can't do better.
func isFatal(err error) bool {
	return err != nil && !errors.Is(err, ErrCorrupt)
}

// offsets is the structure in front of a trailer.
type offsets struct {
	size  int
	at    int64 // in the file, as is data
	data  span
	table span // relative to data, as all pointers are
	entry uint32
	argv  string
	flags uint32
}

// readOffsets reads Offsets of that size in front of the trailer at offset at. It returns nil with an error.
func (p *reader) readOffsets(at int64, size int, floor, base int64) (*offsets, error) {
	h := &offsets{size: size, at: at - int64(size)}
	if h.at < floor {
		return nil, corrupt(at, "no room for offsets in front of the trailer")
	}
	buf := make([]byte, size)
	if err := readFull(p.r, buf, h.at, "graph offsets"); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint64(buf)
	if length > uint64(h.at-floor) || length > maxGraphSize {
		return nil, corrupt(h.at, "data of %d bytes, where %d are in front of it", length, h.at-floor)
	}
	h.data = span{h.at - int64(length), int64(length)}
	if base >= 0 && h.data.off != base {
		return nil, corrupt(h.at, "data of %d bytes begins at %d, where its container begins at %d", length, h.data.off, base)
	}
	var ok bool
	if h.table, ok = h.pointer(buf[8:]); !ok {
		return nil, corrupt(h.at+8, "module table ends behind the data, at %d of %d bytes", h.table.end(), length)
	}
	if h.table.size == 0 {
		return nil, corrupt(h.at+8, "module table is empty")
	}
	h.entry = binary.LittleEndian.Uint32(buf[16:])
	if size == shortOffsets {
		return h, nil
	}
	h.flags = binary.LittleEndian.Uint32(buf[28:])
	argv, ok := h.pointer(buf[20:])
	if !ok || argv.size > maxExecArgv {
		return nil, corrupt(h.at+20, "run arguments of %d bytes end at %d of %d bytes", argv.size, argv.end(), length)
	}
	text := make([]byte, argv.size)
	if err := readFull(p.r, text, h.data.off+argv.off, "run arguments"); err != nil {
		return nil, err
	}
	h.argv = string(text)
	return h, nil
}

// pointer reads a pointer, and reports whether it stays inside of the data. An absent one does wherever it points.
func (h *offsets) pointer(buf []byte) (span, bool) {
	s := span{int64(binary.LittleEndian.Uint32(buf)), int64(binary.LittleEndian.Uint32(buf[4:]))}
	if s.size == 0 {
		return span{}, true
	}
	return s, s.end() <= h.data.size
}

// readTable validates every record of the module table in that layout, and makes a Graph of them. With an error, the
// graph has the modules whose records were valid.
func (p *reader) readTable(h *offsets, layout recordLayout) (*Graph, error) {
	g := &Graph{
		Offset:      h.data.off,
		Size:        h.at + int64(h.size) + trailerSize - h.data.off,
		RecordSize:  layout.size,
		OffsetsSize: h.size,
		EntryID:     int(h.entry),
		ExecArgv:    h.argv,
		Flags:       h.flags,
		Numbering:   layout.numbering,
		r:           p.r,
		table:       h.table,
		terminated:  layout.terminated,
	}
	table := h.data.off + h.table.off
	count := h.table.size / int64(layout.size)
	switch {
	case h.table.size%int64(layout.size) != 0:
		return g, corrupt(table, "module table of %d bytes, which no size of a record divides", h.table.size)
	case count > maxModules:
		return g, corrupt(table, "module table of %d records", count)
	case int64(h.entry) >= count:
		return g, corrupt(h.at+16, "entry is module %d of %d", h.entry, count)
	}
	rows := bufio.NewReaderSize(io.NewSectionReader(p.r, table, h.table.size), 1<<15)
	record := make([]byte, layout.size)
	names := 0
	for i := range int(count) {
		if p.records--; p.records < 0 {
			return g, errBudget
		}
		at := table + int64(i*layout.size)
		if _, err := io.ReadFull(rows, record); err != nil {
			return g, fmt.Errorf("reading module record %d at offset %d: %w", i, at, err)
		}
		m, err := p.readRecord(h, layout, record)
		if bad, ok := errors.AsType[invalid](err); ok {
			return g, corrupt(at, "module record %d of %d, taken as %d bytes long: %s", i, count, layout.size, bad)
		}
		if err != nil {
			return g, err
		}
		if names += len(m.Name); names > maxNames {
			return g, corrupt(at, "names of more than %d bytes", maxNames)
		}
		m.graph, m.record = g, at
		g.Modules = append(g.Modules, m)
		if m.Encoding > UTF16 || m.Format > CommonJS || m.Side > Client {
			g.odd++
		}
	}
	return g, nil
}

// readRecord reads and validates one record: all pointers stay inside of the data, and the name is one of Bun's.
func (p *reader) readRecord(h *offsets, layout recordLayout, record []byte) (*Module, error) {
	m := &Module{LoaderID: record[layout.loader]}
	if layout.encoding != 0 {
		m.Encoding = Encoding(record[layout.encoding])
	}
	if layout.format != 0 {
		m.Format = Format(record[layout.format])
		m.Side = Side(record[layout.side])
	}
	var name, origin span
	fields := []struct {
		of string
		to *span
	}{
		{"name", &name}, {"contents", &m.contents}, {"source map", &m.sourceMap},
		{"bytecode", &m.bytecode}, {"module info", &m.moduleInfo}, {"bytecode origin", &origin},
	}
	for i, field := range fields[:layout.pointers] {
		var ok bool
		if *field.to, ok = h.pointer(record[i*pointerSize:]); !ok {
			return nil, invalid(fmt.Sprintf("%s ends behind the data, at %d of %d bytes", field.of, field.to.end(), h.data.size))
		}
	}
	var err error
	m.Name, err = p.readName(h, name, layout.terminated)
	return m, err
}

// readName reads a module's name and checks what opens and what follows it.
func (p *reader) readName(h *offsets, at span, terminated bool) (string, error) {
	switch {
	case at.size == 0:
		return "", invalid("no name")
	case at.size > maxName:
		return "", invalid(fmt.Sprintf("name of %d bytes", at.size))
	}
	size := at.size
	if terminated {
		size++
	}
	// The byte behind the last name is still inside the graph: Offsets follow.
	buf := make([]byte, size)
	if err := readFull(p.r, buf, h.data.off+at.off, "module name"); err != nil {
		return "", err
	}
	name := string(buf[:at.size])
	if prefixOf(name) == "" {
		return "", invalid(fmt.Sprintf("name %q has none of the known prefixes", shorten(name, 40)))
	}
	if terminated && buf[at.size] != 0 {
		return "", invalid(fmt.Sprintf("name %q is not followed by a zero byte", shorten(name, 40)))
	}
	return name, nil
}

// prefixOf returns the known prefix of a module's name, "" if it has none.
func prefixOf(name string) string {
	for _, prefix := range prefixes {
		if strings.HasPrefix(name, prefix) {
			return prefix
		}
	}
	return ""
}

// shorten cuts a text that is only to be shown.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}
