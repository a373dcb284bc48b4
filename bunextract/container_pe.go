package bunextract

import (
	"encoding/binary"
	"io"
)

// What is needed of the PE format, as Microsoft documents it.
const (
	dosHeaderSize   = 64
	peHeaderSize    = 24 // signature and COFF header
	peSectionSize   = 40
	peSignature     = "PE\x00\x00"
	peCertificates  = 4 // index of the data directory of the signature
	peDirectories   = 112
	peDirectorySize = 8
	pe32Plus        = 0x20b
)

// peSectionName is the section of the graph.
const peSectionName = ".bun"

// readPE reads the headers of a PE file.
func readPE(r io.ReaderAt, file span) image {
	img := image{container: PE, file: file}
	img.err = img.readPEHeaders(r)
	return img
}

func (i *image) readPEHeaders(r io.ReaderAt) error {
	le := binary.LittleEndian
	dos, err := header(r, i.file, 0, dosHeaderSize, "the DOS header")
	if err != nil {
		return err
	}
	at := uint64(le.Uint32(dos[60:]))
	head, err := header(r, i.file, at, peHeaderSize, "the PE header")
	if err != nil {
		return err
	}
	if string(head[:4]) != peSignature {
		return &FormatError{Kind: ErrNotExecutable, Offset: i.file.off + int64(at), Cause: "no PE signature"}
	}
	switch le.Uint16(head[4:]) {
	case 0x8664:
		i.arch = "amd64"
	case 0xaa64:
		i.arch = "arm64"
	}
	sections, size := int(le.Uint16(head[6:])), int(le.Uint16(head[20:]))
	at += peHeaderSize
	optional, err := header(r, i.file, at, size, "the PE optional header")
	if err != nil {
		return err
	}
	i.readCertificates(optional)
	table, err := header(r, i.file, at+uint64(size), sections*peSectionSize, "the PE section table")
	if err != nil {
		return err
	}
	for ; len(table) > 0; table = table[peSectionSize:] {
		// The size in the file is rounded up; the one in memory is that of what was written.
		memory, raw, off := uint64(le.Uint32(table[8:])), uint64(le.Uint32(table[16:])), uint64(le.Uint32(table[20:]))
		i.grow(place(i.file, off, raw), true)
		if memory == 0 {
			memory = raw
		}
		if isName(table[:8], peSectionName) {
			i.section = place(i.file, off, min(memory, raw))
		}
	}
	return nil
}

// readCertificates takes note of where the signature ends, which stands behind the sections.
func (i *image) readCertificates(optional []byte) {
	le := binary.LittleEndian
	at := peDirectories + peCertificates*peDirectorySize
	if len(optional) < at+peDirectorySize || le.Uint16(optional) != pe32Plus {
		return
	}
	i.grow(place(i.file, uint64(le.Uint32(optional[at:])), uint64(le.Uint32(optional[at+4:]))), false)
}
