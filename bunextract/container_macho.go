package bunextract

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// What is needed of the Mach-O format: see mach-o/loader.h and mach-o/fat.h of macOS. The magic numbers are those of
// a file read as big-endian; a file of today's machines has them swapped.
const (
	machoMagic32 = 0xfeedface
	machoMagic64 = 0xfeedfacf
	fatMagic     = 0xcafebabe
	fatMagic64   = 0xcafebabf

	machoHeaderSize  = 32
	machoSegmentSize = 72
	machoSectionSize = 80
	fatHeaderSize    = 8
	fatSliceSize     = 20
	fatSliceSize64   = 32

	machoSegment    = 0x19 // load command of a 64-bit segment
	machoAMD64      = 0x01000007
	machoARM64      = 0x0100000c
	maxFatSlices    = 30 // 0xcafebabe also opens Java classes, whose next number is 45 or more
	maxCommandBytes = 1 << 20
)

// The segment and section of the graph.
const (
	machoSegmentName = "__BUN"
	machoSectionName = "__bun"
)

// readMachO reads the headers of a Mach-O file, or of each slice of a fat one.
func readMachO(r io.ReaderAt, file span) ([]image, error) {
	head, err := header(r, file, 0, fatHeaderSize, "the Mach-O header")
	if err != nil {
		return nil, err
	}
	magic, count := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
	if magic != fatMagic && magic != fatMagic64 {
		return []image{readThin(r, file)}, nil
	}
	if count == 0 || count > maxFatSlices {
		return nil, &FormatError{Kind: ErrNotExecutable, Offset: 4, Cause: fmt.Sprintf("a fat Mach-O file of %d slices", count)}
	}
	size := fatSliceSize
	if magic == fatMagic64 {
		size = fatSliceSize64
	}
	table, err := header(r, file, fatHeaderSize, size*int(count), "the fat Mach-O header")
	if err != nil {
		return nil, err
	}
	var images []image
	for i := range int(count) {
		slice := fatSlice(table[i*size:][:size])
		if slice.end() > file.end() {
			err := &TruncatedError{Have: file.size, Want: slice.end(), Part: fmt.Sprintf("slice %d", i)}
			images = append(images, image{container: MachO, file: slice, err: err})
			continue
		}
		images = append(images, readThin(r, slice))
	}
	return images, nil
}

// fatSlice returns the place of a slice, from its row of the table.
func fatSlice(row []byte) span {
	be := binary.BigEndian
	if len(row) == fatSliceSize {
		return span{int64(be.Uint32(row[8:])), int64(be.Uint32(row[12:]))}
	}
	return place(span{}, be.Uint64(row[8:]), be.Uint64(row[16:]))
}

// readThin reads the headers of a Mach-O file for one architecture.
func readThin(r io.ReaderAt, file span) image {
	img := image{container: MachO, file: file}
	img.err = img.readMachOHeaders(r)
	return img
}

func (i *image) readMachOHeaders(r io.ReaderAt) error {
	head, err := header(r, i.file, 0, machoHeaderSize, "the Mach-O header")
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	if le.Uint32(head) != machoMagic64 {
		return &FormatError{Kind: ErrNotBun, Offset: i.file.off, Cause: "not a 64-bit little-endian Mach-O file"}
	}
	switch le.Uint32(head[4:]) {
	case machoAMD64:
		i.arch = "amd64"
	case machoARM64:
		i.arch = "arm64"
	}
	size := le.Uint32(head[20:])
	if size > maxCommandBytes {
		return corrupt(i.file.off+20, "load commands of %d bytes", size)
	}
	commands, err := header(r, i.file, machoHeaderSize, int(size), "the Mach-O load commands")
	if err != nil {
		return err
	}
	for at := int64(machoHeaderSize); len(commands) >= 8; {
		kind, size := le.Uint32(commands), le.Uint32(commands[4:])
		if size < 8 || int(size) > len(commands) {
			return corrupt(i.file.off+at, "load command of %d bytes", size)
		}
		if kind == machoSegment && size >= machoSegmentSize {
			i.readMachOSegment(commands[:size])
		}
		commands = commands[size:]
		at += int64(size)
	}
	return nil
}

// readMachOSegment takes note of where a segment ends, and of the graph's section.
func (i *image) readMachOSegment(command []byte) {
	le := binary.LittleEndian
	i.grow(place(i.file, le.Uint64(command[40:]), le.Uint64(command[48:])), true)
	if !isName(command[8:24], machoSegmentName) {
		return
	}
	rows := command[machoSegmentSize:]
	for range le.Uint32(command[64:]) {
		if len(rows) < machoSectionSize {
			return
		}
		if isName(rows[:16], machoSectionName) {
			i.section = place(i.file, uint64(le.Uint32(rows[48:])), le.Uint64(rows[40:]))
		}
		rows = rows[machoSectionSize:]
	}
}

// isName compares a name with one in a field that zero bytes fill up.
func isName(field []byte, name string) bool {
	return string(bytes.TrimRight(field, "\x00")) == name
}
