package bunextract

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Decompress returns the contents of a Zstandard frame. It should bound what it returns; this package can't.
type Decompress func([]byte) ([]byte, error)

// SourceMap relates the generated code of a module to the sources that it was bundled from. It marshals to JSON as a
// source map of version 3.
type SourceMap struct {
	Sources  []string // paths as written by the bundler
	Contents [][]byte // of Sources, nil where unknown; as long as Sources, or empty
	Names    []string // identifiers of the sources; only releases until 1.1.21 may have written some
	Mappings []Mapping
}

// Mapping relates a place in generated code to one in a source. All counts start at 0; columns are in UTF-16 units.
type Mapping struct {
	Line, Column             int32 // generated
	Source                   int32 // index in Sources; -1 if the place belongs to none
	SourceLine, SourceColumn int32
	Name                     int32 // index in Names; -1 if there is none
}

// zstdMagic opens a Zstandard frame.
const zstdMagic = "\x28\xb5\x2f\xfd"

// maxSources bounds the contents of a map's sources, which are compressed, in bytes of all of them.
const maxSources = 1 << 30

// SourceMap reads the module's source map, of whatever generation. It returns nil if the module has none. With a nil
// decompress, the contents of sources are left out, and a map of the first generation, all of which is compressed, is
// an error.
//
// Bun stored maps in three ways: until 1.1.21 as a compressed JSON text; then sources apart, each compressed, with the
// mappings in the usual base64 text; from 1.3.13 the same with the mappings in a binary form, Bun's InternalSourceMap.
func (m *Module) SourceMap(decompress Decompress) (*SourceMap, error) {
	if m.sourceMap.size == 0 {
		return nil, nil
	}
	if err := m.checkSize("source map", m.sourceMap); err != nil {
		return nil, err
	}
	section := m.section(m.sourceMap)
	blob := make([]byte, section.Size())
	if _, err := io.ReadFull(section, blob); err != nil {
		return nil, fmt.Errorf("reading source map of %s: %w", shorten(m.Name, 40), err)
	}
	// Generated code has at most as many lines as bytes. Larger numbers would be written as that many semicolons.
	s, err := decodeSourceMap(blob, m.Size(), decompress)
	if bad, ok := err.(invalid); ok {
		at := m.graph.Offset + m.sourceMap.off
		return nil, corrupt(at, "source map of %s: %s", shorten(m.Name, 40), bad)
	}
	if err != nil {
		return nil, fmt.Errorf("source map of %s: %w", shorten(m.Name, 40), err)
	}
	return s, nil
}

// decodeSourceMap decodes a source map of generated code with fewer than lines lines, or as many.
func decodeSourceMap(blob []byte, lines int64, decompress Decompress) (*SourceMap, error) {
	if len(blob) >= len(zstdMagic) && string(blob[:len(zstdMagic)]) == zstdMagic {
		return decodeCompressedJSON(blob, lines, decompress)
	}
	if len(blob) < 8 {
		return nil, invalid(fmt.Sprintf("%d bytes", len(blob)))
	}
	count, size := int64(binary.LittleEndian.Uint32(blob)), int64(binary.LittleEndian.Uint32(blob[4:]))
	const row = 2 * pointerSize // of name and contents, in two tables
	mappingsAt := 8 + count*row
	if mappingsAt+size > int64(len(blob)) {
		return nil, invalid(fmt.Sprintf("%d sources and %d bytes of mappings in %d bytes", count, size, len(blob)))
	}
	s := &SourceMap{Sources: make([]string, count)}
	// Texts do not overlap, so together they are not larger than the whole.
	left := int64(len(blob))
	text := func(pointer int64) ([]byte, error) {
		at, size := int64(binary.LittleEndian.Uint32(blob[8+pointer*pointerSize:])), int64(binary.LittleEndian.Uint32(blob[12+pointer*pointerSize:]))
		if size == 0 {
			return nil, nil
		}
		if at+size > int64(len(blob)) {
			return nil, invalid(fmt.Sprintf("text %d ends at %d of %d bytes", pointer, at+size, len(blob)))
		}
		if left -= size; left < 0 {
			return nil, invalid(fmt.Sprintf("text %d overlaps others", pointer))
		}
		return blob[at:][:size], nil
	}
	for i := range count {
		name, err := text(i)
		if err != nil {
			return nil, err
		}
		s.Sources[i] = string(name)
	}
	if decompress != nil {
		s.Contents = make([][]byte, count)
		total := 0
		for i := range count {
			frame, err := text(count + i)
			if err != nil {
				return nil, err
			}
			if len(frame) == 0 {
				continue
			}
			if s.Contents[i], err = decompress(frame); err != nil {
				return nil, fmt.Errorf("decompressing source %d: %w", i, err)
			}
			if total += len(s.Contents[i]); total > maxSources {
				return nil, fmt.Errorf("sources: %w: more than %d bytes", ErrTooLarge, maxSources)
			}
		}
	}
	var err error
	mappings := blob[mappingsAt:][:size]
	if isInternal(mappings) {
		s.Mappings, err = decodeInternal(mappings)
	} else {
		s.Mappings, err = decodeVLQ(string(mappings))
	}
	if err != nil {
		return nil, err
	}
	return s, s.check(lines)
}

// mapJSON is a source map of version 3.
type mapJSON struct {
	Version  int       `json:"version"`
	Sources  []string  `json:"sources"`
	Contents []*string `json:"sourcesContent,omitempty"`
	Names    []string  `json:"names"`
	Mappings string    `json:"mappings"`
}

// decodeCompressedJSON decodes a map of the first generation.
func decodeCompressedJSON(blob []byte, lines int64, decompress Decompress) (*SourceMap, error) {
	if decompress == nil {
		return nil, fmt.Errorf("compressed, and no decompressor was given")
	}
	text, err := decompress(blob)
	if err != nil {
		return nil, fmt.Errorf("decompressing: %w", err)
	}
	var j mapJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return nil, invalid(err.Error())
	}
	s := &SourceMap{Sources: j.Sources, Names: j.Names}
	if len(j.Contents) > 0 {
		s.Contents = make([][]byte, len(j.Sources))
		for i, content := range j.Contents {
			if content != nil && i < len(s.Contents) {
				s.Contents[i] = []byte(*content)
			}
		}
	}
	if s.Mappings, err = decodeVLQ(j.Mappings); err != nil {
		return nil, err
	}
	return s, s.check(lines)
}

// MarshalJSON returns the map as JSON of version 3.
func (s *SourceMap) MarshalJSON() ([]byte, error) {
	j := mapJSON{Version: 3, Sources: s.Sources, Names: s.Names, Mappings: encodeVLQ(s.Mappings)}
	if j.Sources == nil {
		j.Sources = []string{}
	}
	if j.Names == nil {
		j.Names = []string{}
	}
	for _, content := range s.Contents {
		var text *string
		if content != nil {
			t := string(content)
			text = &t
		}
		j.Contents = append(j.Contents, text)
	}
	return json.Marshal(j)
}

// check makes sure that the mappings are in order and refer to what there is.
func (s *SourceMap) check(lines int64) error {
	var before Mapping
	for i, m := range s.Mappings {
		switch {
		case m.Line < before.Line || int64(m.Line) > lines || m.Column < 0:
			return invalid(fmt.Sprintf("mapping %d is of line %d, column %d, after line %d, in %d bytes of code", i, m.Line, m.Column, before.Line, lines))
		case m.Source < -1 || int(m.Source) >= len(s.Sources):
			return invalid(fmt.Sprintf("mapping %d is of source %d of %d", i, m.Source, len(s.Sources)))
		case m.Name < -1 || int(m.Name) >= len(s.Names):
			return invalid(fmt.Sprintf("mapping %d is of name %d of %d", i, m.Name, len(s.Names)))
		case m.SourceLine < 0 || m.SourceColumn < 0:
			return invalid(fmt.Sprintf("mapping %d is of line %d, column %d of its source", i, m.SourceLine, m.SourceColumn))
		}
		before = m
	}
	return nil
}
