package bunextract

import (
	"bytes"
	"encoding/binary"
	"io"
)

// What is needed of the ELF-64 format: see elf(5).
const (
	elfHeaderSize  = 64
	elfSegmentSize = 56
	elfSectionSize = 64

	elfClass64      = 2
	elfLittleEndian = 1
	elfLoad         = 1 // type of a segment that is loaded
	elfSymbols      = 2 // type of a symbol table's section
	elfNoBits       = 8 // type of a section without bytes in the file
)

// elfSectionName is the section of the graph.
const elfSectionName = ".bun\x00"

// readELF reads the headers of an ELF file.
func readELF(r io.ReaderAt, file span) image {
	img := image{container: ELF, file: file}
	img.err = img.readELFHeaders(r)
	return img
}

func (i *image) readELFHeaders(r io.ReaderAt) error {
	head, err := header(r, i.file, 0, elfHeaderSize, "the ELF header")
	if err != nil {
		return err
	}
	if head[4] != elfClass64 || head[5] != elfLittleEndian {
		return &FormatError{Kind: ErrNotBun, Offset: i.file.off + 4, Cause: "not a 64-bit little-endian ELF file"}
	}
	le := binary.LittleEndian
	switch le.Uint16(head[18:]) {
	case 62:
		i.arch = "amd64"
	case 183:
		i.arch = "arm64"
	}
	segments, err := elfTable(r, i.file, le.Uint64(head[32:]), le.Uint16(head[54:]), le.Uint16(head[56:]), elfSegmentSize, "the ELF program headers")
	if err != nil {
		return err
	}
	for _, s := range segments {
		if le.Uint32(s) == elfLoad {
			i.grow(place(i.file, le.Uint64(s[8:]), le.Uint64(s[32:])), true)
		}
	}
	tableAt, entry, count := le.Uint64(head[40:]), le.Uint16(head[58:]), le.Uint16(head[60:])
	if tableAt == 0 || count == 0 {
		i.stripped = true
		return nil
	}
	i.grow(place(i.file, tableAt, uint64(entry)*uint64(count)), false)
	if i.end > i.limit() {
		return nil // whether a graph was lost with the section headers is for the caller to find out
	}
	sections, err := elfTable(r, i.file, tableAt, entry, count, elfSectionSize, "the ELF section headers")
	if err != nil {
		return err
	}
	i.readELFSections(r, sections, int(le.Uint16(head[62:])), segments)
	return nil
}

// elfTable reads a table of an ELF file. One whose rows are not of the format's size is taken for missing.
func elfTable(r io.ReaderAt, file span, at uint64, entry, count uint16, size int, what string) ([][]byte, error) {
	if at == 0 || int(entry) != size {
		return nil, nil
	}
	buf, err := header(r, file, at, size*int(count), what)
	if err != nil {
		return nil, err
	}
	rows := make([][]byte, count)
	for i := range rows {
		rows[i] = buf[i*size:][:size]
	}
	return rows, nil
}

// readELFSections finds the graph's section and looks for symbols. Section names that can't be read are no error:
// a graph is found without them, too.
func (i *image) readELFSections(r io.ReaderAt, sections [][]byte, names int, segments [][]byte) {
	le := binary.LittleEndian
	if names >= len(sections) {
		return
	}
	namesAt := le.Uint64(sections[names][24:])
	i.stripped = true
	for _, s := range sections {
		kind := le.Uint32(s[4:])
		at := place(i.file, le.Uint64(s[24:]), le.Uint64(s[32:]))
		if kind != elfNoBits {
			i.grow(at, false)
		}
		if kind == elfSymbols {
			i.stripped = false
		}
		name, err := header(r, i.file, min(namesAt, maxOffset)+uint64(le.Uint32(s)), len(elfSectionName), "an ELF section name")
		if err != nil || string(name) != elfSectionName || kind == elfNoBits {
			continue
		}
		i.section = i.followSlot(r, at, segments)
	}
}

// followSlot returns the place of the graph for a section at s. A runtime has a slot of 8 bytes for the graph's
// address. Compiling points the section's header at the graph; where a tool points it back at the slot, the address
// there still leads to the graph.
func (i *image) followSlot(r io.ReaderAt, s span, segments [][]byte) span {
	le := binary.LittleEndian
	var slot [8]byte
	if s.size != int64(len(slot)) || readFull(r, slot[:], s.off, "the graph's address") != nil || bytes.Equal(slot[:], make([]byte, 8)) {
		return s
	}
	address := le.Uint64(slot[:])
	for _, p := range segments {
		off, from, size := le.Uint64(p[8:]), le.Uint64(p[16:]), le.Uint64(p[32:])
		if le.Uint32(p) == elfLoad && address >= from && address-from < size {
			return place(i.file, off+(address-from), size-(address-from))
		}
	}
	return s
}
