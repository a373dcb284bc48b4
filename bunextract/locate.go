package bunextract

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// locate finds the graph that runs when the image does.
//
// What the container says is decisive: a program may carry whole executables with graphs of their own, so looking
// further after a graph in a section turned out damaged could bring up the wrong program. Only where the container
// names nothing does the file's end count, and then whatever validates.
func (f *File) locate(img *image) (*Graph, error) {
	if img.err != nil {
		return nil, img.err
	}
	g, err := f.inSection(img)
	if g == nil && err == nil && img.loaded > img.limit() {
		return nil, &TruncatedError{Have: img.file.size, Want: img.end - img.file.off, Part: "the last segment"}
	}
	if g == nil && err == nil {
		g, err = f.atEnd(img)
	}
	if g == nil && err == nil {
		g, err = f.byScan(img)
	}
	if err != nil {
		return nil, err
	}
	if img.end > img.limit() {
		f.Warnings = append(f.Warnings, &TruncatedError{Have: img.file.size, Want: img.end - img.file.off, Part: "the image"})
	}
	return g, nil
}

// inSection reads the graph in the image's section: behind its length as u64, or as u32 in older files. It returns nil
// if there is no section or if the section says that it is empty, as that of a runtime does.
func (f *File) inSection(img *image) (*Graph, error) {
	s := img.section
	if s.size == 0 {
		return nil, nil
	}
	var head [8]byte
	if s.off+int64(len(head)) > img.limit() {
		return nil, &TruncatedError{Have: img.file.size, Want: s.end() - img.file.off, Part: "the graph's section"}
	}
	if err := readFull(f.r, head[:], s.off, "length of the graph"); err != nil {
		return nil, err
	}
	if head == [8]byte{} {
		return nil, nil
	}
	long := binary.LittleEndian.Uint64(head[:])
	widths := []struct {
		bytes  int64
		length uint64
	}{{8, long}, {4, long & 0xffffffff}}
	// The length is of the width with which it leads to the trailer.
	for _, w := range widths {
		begin := s.off + w.bytes
		if w.length < uint64(trailerSize) || w.length > uint64(img.limit()-begin) {
			continue
		}
		at := begin + int64(w.length) - trailerSize
		if ok, err := f.isTrailer(at); err != nil || !ok {
			if err != nil {
				return nil, err
			}
			continue
		}
		g, err := f.reader().parse(at, begin, begin)
		if err != nil {
			return nil, fmt.Errorf("graph in a section: %w", err)
		}
		return g.found(img, InSection), nil
	}
	for _, w := range widths {
		if w.length > maxGraphSize || s.off+w.bytes+int64(w.length) <= img.limit() {
			continue
		}
		if w.bytes+int64(w.length) <= s.size {
			want := s.off + w.bytes + int64(w.length) - img.file.off
			return nil, &TruncatedError{Have: img.file.size, Want: want, Part: "the graph"}
		}
	}
	return nil, corrupt(s.off, "the graph's section of %d bytes has a length that leads to no trailer", s.size)
}

// atEnd reads the graph at the end of the image, which the size of the file follows; or nothing, in a bare graph. It
// returns nil if the image does not end so.
func (f *File) atEnd(img *image) (*Graph, error) {
	for _, behind := range []int64{totalSizeWidth, 0} {
		at := img.limit() - behind - trailerSize
		if at < img.file.off {
			continue
		}
		ok, err := f.isTrailer(at)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		g, err := f.reader().parse(at, img.file.off, -1)
		if err != nil && behind == 0 {
			return nil, fmt.Errorf("graph at the end: %w", err)
		}
		if behind == 0 {
			return g.found(img, AtEnd), nil
		}
		var total [totalSizeWidth]byte
		if err := readFull(f.r, total[:], at+trailerSize, "size of the file"); err != nil {
			return nil, err
		}
		want := binary.LittleEndian.Uint64(total[:])
		if err != nil && want > uint64(img.file.size) && want <= maxGraphSize {
			return nil, &TruncatedError{Have: img.file.size, Want: int64(want), Part: "the graph"}
		}
		if err != nil {
			return nil, fmt.Errorf("graph at the end: %w", err)
		}
		if want != uint64(img.file.size) && img.container != Bare {
			f.Warnings = append(f.Warnings, corrupt(at+trailerSize, "size of the file is stored as %d, and is %d", want, img.file.size))
		}
		return g.found(img, AtEnd), nil
	}
	return nil, nil
}

// byScan searches the image for graphs, and says why there are none.
func (f *File) byScan(img *image) (*Graph, error) {
	graphs, trailers, err := f.scan(img)
	if err != nil {
		return nil, fmt.Errorf("scanning for a graph: %w", err)
	}
	if len(graphs) == 0 {
		return nil, f.whyNone(img, trailers)
	}
	var outer []*Graph
	for _, g := range graphs {
		if !g.Nested {
			outer = append(outer, g)
		}
	}
	if len(outer) > 1 {
		f.Warnings = append(f.Warnings, &SeveralGraphsError{outer})
	}
	return outer[0], nil
}

// whyNone returns the error for an image without a graph.
func (f *File) whyNone(img *image, trailers int) error {
	if img.container == Bare {
		head := make([]byte, min(img.file.size, 16))
		if err := readFull(f.r, head, 0, "file header"); err != nil {
			return err
		}
		return &FormatError{Kind: ErrNotExecutable, Offset: 0, Cause: fmt.Sprintf("%d bytes that begin with %q, of no known format", img.file.size, head)}
	}
	if img.end > img.limit() {
		return &TruncatedError{Have: img.file.size, Want: img.end - img.file.off, Part: "the image"}
	}
	if trailers == 0 {
		cause := fmt.Sprintf("no trailer of a graph anywhere in this %s file", img.container)
		if packed, err := f.contains(span{img.file.off, min(img.file.size, 1<<12)}, []byte("UPX!")); err != nil || packed {
			cause += "; it is packed with UPX, unpack it first"
		}
		return &FormatError{Kind: ErrNotBun, Offset: img.file.off, Cause: cause}
	}
	// Something of a graph behind the image, but no trailer: the end was cut off.
	for _, prefix := range prefixes {
		cut, err := f.contains(span{img.end, img.limit() - img.end}, []byte(prefix))
		if err != nil {
			return err
		}
		if cut {
			return &TruncatedError{Have: img.file.size, Part: "the graph"}
		}
	}
	if img.stripped {
		return &FormatError{Kind: ErrStripped, Offset: img.file.off,
			Cause: "the runtime's symbols were stripped, which also removes a graph at the end of the file"}
	}
	return &FormatError{Kind: ErrNoGraph, Offset: img.file.off, Cause: "nothing was compiled into this " + img.container.String() + " file"}
}

// found sets how and where the graph was found.
func (g *Graph) found(img *image, by Location) *Graph {
	g.Container, g.Arch, g.Location = img.container, img.arch, by
	return g
}

// reader returns a validator for graphs in the file, with a budget of its own.
func (f *File) reader() *reader {
	return &reader{r: f.r, records: maxRecords}
}

// isTrailer reports whether a trailer stands at an offset.
func (f *File) isTrailer(at int64) (bool, error) {
	var buf [len(trailer)]byte
	err := readFull(f.r, buf[:], at, "trailer")
	if errors.Is(err, ErrTruncated) {
		return false, nil
	}
	return bytes.Equal(buf[:], []byte(trailer)), err
}
