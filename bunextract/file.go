package bunextract

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// File is an executable, open for reading. Its methods and those of its modules may be called from several goroutines
// if the underlying io.ReaderAt allows it, as files do.
type File struct {
	// Graph is the graph that runs: the one that the container names; if it names none, the last in the file that
	// no other one contains. Of a fat Mach-O file it is that of the first slice that has one. Never nil.
	Graph *Graph
	// Warnings are errors that did not keep Graph from being read: a file that is truncated behind it, a size that
	// is not as stored, several graphs without a word on which one counts, and what is not as Bun writes it: contents
	// that overlap or do not end as they should, names that are there twice, an entry that can't be run.
	Warnings []error

	r      io.ReaderAt
	size   int64
	images []image
	closer io.Closer

	scanOnce sync.Once
	graphs   []*Graph
	scanErr  error
}

// Open opens the named file with os.Open and reads it as NewFile does. The caller must Close it.
func Open(name string) (*File, error) {
	o, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	f, err := NewFile(o)
	if err != nil {
		o.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.closer = o
	return f, nil
}

// NewFile reads the headers of an executable, or of the bare bytes of a graph, and the module table of its graph. The
// executable must begin at offset 0 of r. Errors are of the kinds that this package declares, or those of r.
//
// How long r is comes from its method Size or Stat, if it has one; otherwise from reading it.
func NewFile(r io.ReaderAt) (*File, error) {
	size, err := sizeOf(r)
	if err != nil {
		return nil, fmt.Errorf("finding the size of the file: %w", err)
	}
	f := &File{r: r, size: size}
	if f.images, err = readImages(r, size); err != nil {
		return nil, err
	}
	if len(f.images) == 0 {
		// Whatever it is, it may end in a graph.
		f.images = []image{{container: Bare, file: span{0, size}}}
	}
	var failed []error
	for i := range f.images {
		g, err := f.locate(&f.images[i])
		switch {
		case err == nil:
			f.graphs = append(f.graphs, g)
		case !isFormat(err):
			return nil, err
		default:
			failed = append(failed, err)
		}
	}
	switch {
	case len(f.graphs) > 0:
		f.Graph = f.graphs[0]
	case len(failed) == 1:
		return nil, failed[0]
	default:
		return nil, errors.Join(failed...)
	}
	f.Warnings = append(f.Warnings, failed...)
	if len(f.graphs) > 1 {
		f.Warnings = append(f.Warnings, &SeveralGraphsError{slices.Clone(f.graphs)})
	}
	if err := f.resolveNumbering(); err != nil {
		return nil, err
	}
	odd, err := f.Graph.check()
	f.Warnings = append(f.Warnings, odd...)
	return f, err
}

// Close closes the file if Open opened it.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	err := f.closer.Close()
	f.closer = nil
	return err
}

// Graphs returns every graph in the file that validates, Graph first and the others by their offset, those inside of
// another's data too. The first call reads the whole file.
func (f *File) Graphs() ([]*Graph, error) {
	f.scanOnce.Do(func() {
		found := f.graphs
		for i := range f.images {
			img := &f.images[i]
			if img.err != nil {
				continue
			}
			scanned, _, err := f.scan(img)
			if err != nil {
				f.scanErr = fmt.Errorf("scanning for graphs: %w", err)
				return
			}
			for _, g := range scanned {
				if !slices.ContainsFunc(found, func(known *Graph) bool { return known.Offset == g.Offset && known.Size == g.Size }) {
					found = append(found, g)
				}
			}
		}
		markNested(found)
		slices.SortFunc(found, func(a, b *Graph) int {
			switch {
			case a == b:
				return 0
			case a == f.Graph:
				return -1
			case b == f.Graph:
				return 1
			}
			return int(a.Offset - b.Offset)
		})
		f.graphs = found
	})
	return f.graphs, f.scanErr
}

// resolveNumbering asks the runtime for its version where the graph doesn't tell how its loaders are numbered.
func (f *File) resolveNumbering() error {
	if !f.Graph.ambiguous() {
		return nil
	}
	version, err := f.RuntimeVersion()
	if err != nil {
		return err
	}
	if n := version.numbering(); n != NumberingUnknown {
		f.Graph.Numbering = n
		f.Graph.applyNumbering()
	}
	return nil
}

// sizeOf returns the number of bytes in r.
func sizeOf(r io.ReaderAt) (int64, error) {
	switch r := r.(type) {
	case interface{ Size() int64 }:
		return r.Size(), nil
	case interface{ Stat() (fs.FileInfo, error) }:
		info, err := r.Stat()
		if err != nil {
			return 0, err
		}
		if !info.Mode().IsRegular() {
			return 0, errors.New("not a regular file")
		}
		return info.Size(), nil
	}
	has := func(n int64) (bool, error) { // whether there are at least n bytes
		var one [1]byte
		got, err := r.ReadAt(one[:], n-1)
		if err == io.EOF || got == 1 {
			return got == 1, nil
		}
		return false, err
	}
	low, high := int64(0), int64(1) // there are low bytes at least, and fewer than high
	for {
		ok, err := has(high)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		if high >= maxOffset {
			return 0, errors.New("has no end")
		}
		low, high = high, high*2
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		ok, err := has(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}
