package bunextract

import (
	"encoding/binary"
	"io"
)

// image is one executable in a file: the file, or one slice of a fat Mach-O file. Offsets are from the start of the
// file.
type image struct {
	container Container
	arch      string
	file      span

	// section holds a length and a graph; its size is 0 where there is none.
	section span
	// loaded is where the last segment ends, by the headers, and end where all of the image does. Either may lie
	// behind the end of the file, which then is truncated.
	loaded, end int64
	// stripped: the image has no symbol table, although the runtime is shipped with one.
	stripped bool
	// err is why the headers could not be read.
	err error
}

// limit returns the offset behind the image as far as the file has it.
func (i *image) limit() int64 { return i.file.end() }

// grow moves the ends of the image behind s.
func (i *image) grow(s span, loaded bool) {
	i.end = max(i.end, s.end())
	if loaded {
		i.loaded = max(i.loaded, s.end())
	}
}

// containerOf recognises an executable by its first 4 bytes.
func containerOf(head []byte) Container {
	if len(head) < 4 {
		return Bare
	}
	switch {
	case string(head[:4]) == "\x7fELF":
		return ELF
	case string(head[:2]) == "MZ":
		return PE
	}
	switch binary.BigEndian.Uint32(head) {
	case machoMagic64, machoMagic32, swap(machoMagic64), swap(machoMagic32), fatMagic, fatMagic64:
		return MachO
	}
	return Bare
}

// swap reverses the bytes of a number.
func swap(n uint32) uint32 {
	return n>>24 | n>>8&0xff00 | n<<8&0xff0000 | n<<24
}

// readImages reads the headers of the executables in a file. It returns none for a file that isn't one.
func readImages(r io.ReaderAt, size int64) ([]image, error) {
	head := make([]byte, min(size, 4))
	if err := readFull(r, head, 0, "file header"); err != nil {
		return nil, err
	}
	whole := span{0, size}
	switch containerOf(head) {
	case ELF:
		return []image{readELF(r, whole)}, nil
	case PE:
		return []image{readPE(r, whole)}, nil
	case MachO:
		return readMachO(r, whole)
	}
	return nil, nil
}

// header reads a structure of a header at an offset from the start of an image.
func header(r io.ReaderAt, file span, off uint64, size int, what string) ([]byte, error) {
	if off > uint64(file.size) || uint64(file.size)-off < uint64(size) {
		want := int64(min(off, maxOffset)) + int64(size)
		return nil, &TruncatedError{Have: file.size, Want: want, Part: what}
	}
	buf := make([]byte, size)
	return buf, readFull(r, buf, file.off+int64(off), what)
}

// maxOffset is more than any offset of a real file. Larger ones are taken for it, so that sums don't overflow.
const maxOffset = 1 << 48

// place makes a span of numbers that a header claims, relative to the start of an image.
func place(file span, off, size uint64) span {
	return span{file.off + int64(min(off, maxOffset)), int64(min(size, maxOffset))}
}
