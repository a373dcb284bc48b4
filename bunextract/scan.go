package bunextract

import (
	"bytes"
	"errors"
	"slices"
)

// scanChunk is how much of a file is searched at once, in bytes.
const scanChunk = 1 << 20

// errStop ends a search early.
var errStop = errors.New("stop")

// scan returns the graphs in an image that validate, last first, and the number of trailers in it. A program may hold
// the text of a trailer, and the runtime does, so most trailers close nothing.
func (f *File) scan(img *image) (graphs []*Graph, trailers int, err error) {
	p := f.reader()
	err = f.searchBackward(img.file, []byte(trailer), func(at int64) error {
		if trailers++; trailers > maxTrailers {
			return errBudget
		}
		g, err := p.parse(at, img.file.off, -1)
		if isFatal(err) {
			return err
		}
		if err == nil {
			graphs = append(graphs, g.found(img, Scanned))
		}
		return nil
	})
	markNested(graphs)
	return graphs, trailers, err
}

// markNested marks the graphs that stand inside of another.
func markNested(graphs []*Graph) {
	for _, g := range graphs {
		g.Nested = slices.ContainsFunc(graphs, func(outer *Graph) bool {
			return outer != g && outer.Offset <= g.Offset && g.end() < outer.end()
		})
	}
}

// searchBackward calls found for each place of text in s, from the end. It stops with the first error, but not with one
// of errStop.
func (f *File) searchBackward(s span, text []byte, found func(at int64) error) error {
	buf := make([]byte, min(s.size, scanChunk+int64(len(text))-1))
	for end := s.end(); end > s.off; {
		// A chunk overlaps the one before, so that a text on the border is found once, in the earlier.
		begin := max(s.off, end-scanChunk)
		chunk := buf[:min(s.end(), end+int64(len(text))-1)-begin]
		if err := readFull(f.r, chunk, begin, "file"); err != nil {
			return err
		}
		for {
			i := bytes.LastIndex(chunk, text)
			if i < 0 {
				break
			}
			if err := found(begin + int64(i)); err != nil {
				if err == errStop {
					return nil
				}
				return err
			}
			chunk = chunk[:i+len(text)-1]
		}
		end = begin
	}
	return nil
}

// contains reports whether text stands in s.
func (f *File) contains(s span, text []byte) (bool, error) {
	if s.size <= 0 {
		return false, nil
	}
	var yes bool
	err := f.searchBackward(s, text, func(int64) error {
		yes = true
		return errStop
	})
	return yes, err
}
