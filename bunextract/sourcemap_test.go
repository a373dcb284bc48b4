package bunextract

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// frame makes what fakeDecompress takes for a Zstandard frame.
func frame(text string) []byte { return []byte(zstdMagic + text) }

// fakeDecompress undoes frame.
func fakeDecompress(b []byte) ([]byte, error) {
	text, ok := bytes.CutPrefix(b, []byte(zstdMagic))
	if !ok {
		return nil, errors.New("no frame")
	}
	return text, nil
}

// framed writes a map of the second and third generation.
func framed(sources, contents []string, mappings []byte) []byte {
	blob := le.AppendUint32(nil, uint32(len(sources)))
	blob = le.AppendUint32(blob, uint32(len(mappings)))
	at := len(blob) + 16*len(sources) + len(mappings)
	var texts []byte
	for _, text := range append(slices.Clone(sources), contents...) {
		blob = le.AppendUint32(blob, uint32(at+len(texts)))
		blob = le.AppendUint32(blob, uint32(len(text)))
		texts = append(texts, text...)
	}
	return append(append(blob, mappings...), texts...)
}

// internal writes mappings in the binary form. It says everything in the longest way if plain.
func internal(mappings []Mapping, plain bool) []byte {
	var index, stream []byte
	windows := 0
	for window := range slices.Chunk(mappings, internalMost) {
		windows++
		first := window[0]
		for _, n := range []int32{first.Line, first.Column, int32(len(stream)), first.SourceLine, first.SourceColumn, first.Source} {
			index = le.AppendUint32(index, uint32(n))
		}
		var lanes [3][]byte
		var masks [3]uint64
		var far, sources []byte
		sameSource := ^uint64(0)
		for i, m := range window[1:] {
			before := window[i]
			line, column := int64(m.Line-before.Line), int64(m.Column-before.Column)
			if line != 0 {
				column = int64(m.Column)
			}
			if line == 1 && !plain {
				masks[0] |= 1 << i
			} else if line != 0 {
				far = binary.AppendVarint(append(far, byte(i)), line)
			}
			lanes[0] = binary.AppendVarint(lanes[0], column)
			if n := int64(m.SourceLine - before.SourceLine); n == line && !plain {
				masks[1] |= 1 << i
			} else {
				lanes[1] = binary.AppendVarint(lanes[1], n)
			}
			if n := int64(m.SourceColumn - before.SourceColumn); n == column && !plain {
				masks[2] |= 1 << i
			} else {
				lanes[2] = binary.AppendVarint(lanes[2], n)
			}
			if n := int64(m.Source - before.Source); n != 0 || plain {
				sameSource &^= 1 << i
				sources = binary.AppendVarint(sources, n)
			}
		}
		var flags byte
		if far != nil {
			flags |= internalFarLines
		}
		if sources != nil {
			flags |= internalSources
		}
		stream = append(stream, byte(len(window)), flags)
		for _, lane := range lanes {
			stream = le.AppendUint16(stream, uint16(len(lane)))
		}
		for _, mask := range masks {
			stream = le.AppendUint64(stream, mask)
		}
		stream = slices.Concat(stream, lanes[0], lanes[1], lanes[2])
		if far != nil {
			stream = append(append(stream, far...), internalFarEnd)
		}
		if sources != nil {
			stream = append(le.AppendUint64(stream, sameSource), sources...)
		}
	}
	stream = append(stream, 0)
	total := internalHeader + len(index) + len(stream)
	data := le.AppendUint64(nil, uint64(total))
	data = le.AppendUint64(data, uint64(len(mappings)))
	data = le.AppendUint64(data, 0)
	data = le.AppendUint32(data, uint32(windows))
	data = le.AppendUint32(data, uint32(internalHeader+len(index)))
	return slices.Concat(data, index, stream)
}

// randomMappings makes mappings of n places in sources.
func randomMappings(n, sources int) []Mapping {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var mappings []Mapping
	m := Mapping{Name: -1}
	for range n {
		switch r.IntN(8) {
		case 0:
			m.Line, m.Column = m.Line+1, r.Int32N(40)
			m.SourceLine++
		case 1:
			m.Line, m.Column = m.Line+r.Int32N(300), r.Int32N(40)
		default:
			m.Column += r.Int32N(100)
		}
		m.SourceColumn = r.Int32N(200)
		if r.IntN(30) == 0 {
			m.Source, m.SourceLine = r.Int32N(int32(sources)), r.Int32N(1000)
		}
		mappings = append(mappings, m)
	}
	return mappings
}

func TestSourceMapGenerations(t *testing.T) {
	sources, contents := []string{"a.ts", "dir/b.ts", "c.ts"}, []string{"const a = 1", "", "let c"}
	frames := []string{string(frame(contents[0])), "", string(frame(contents[2]))}
	for _, n := range []int{0, 1, 2, 63, 64, 65, 129, 5000} {
		mappings := randomMappings(n, len(sources))
		text := encodeVLQ(mappings)
		v3, err := json.Marshal(map[string]any{"version": 3, "sources": sources, "sourcesContent": []any{contents[0], nil, contents[2]}, "names": []string{}, "mappings": text})
		if err != nil {
			t.Fatal(err)
		}
		for name, blob := range map[string][]byte{
			"compressed":      frame(string(v3)),
			"text":            framed(sources, frames, []byte(text)),
			"internal":        framed(sources, frames, internal(mappings, false)),
			"internal, plain": framed(sources, frames, internal(mappings, true)),
		} {
			g := small()
			g.modules[0].sourceMap = blob
			g.modules[0].contents = bytes.Repeat([]byte("\n"), 1<<20)
			f := mustRead(t, g.build())
			s, err := f.Graph.Entry().SourceMap(fakeDecompress)
			if err != nil {
				t.Errorf("%s, %d mappings: %v", name, n, err)
				continue
			}
			if !slices.Equal(s.Sources, sources) || string(s.Contents[0]) != contents[0] || s.Contents[1] != nil || string(s.Contents[2]) != contents[2] {
				t.Errorf("%s: sources %q with %q", name, s.Sources, s.Contents)
			}
			if !slices.Equal(s.Mappings, mappings) {
				t.Errorf("%s: %d mappings differ", name, n)
			}
			got, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			var j mapJSON
			if err := json.Unmarshal(got, &j); err != nil || j.Version != 3 || j.Mappings != text || j.Contents[1] != nil || *j.Contents[2] != contents[2] {
				t.Errorf("%s: written as %+v, %v", name, j, err)
			}
			if f.Graph.Modules[1].SourceMapSize() != 0 {
				t.Error("second module has a map")
			}
		}
	}
}

func TestSourceMapNames(t *testing.T) {
	// A place of no source, one with a name, one without.
	const text = "A,CAAA,EACEA;;AADF"
	mappings, err := decodeVLQ(text)
	want := []Mapping{{0, 0, -1, 0, 0, -1}, {0, 1, 0, 0, 0, -1}, {0, 3, 0, 1, 2, 0}, {2, 0, 0, 0, 0, -1}}
	if err != nil || !slices.Equal(mappings, want) {
		t.Fatalf("%v, %v", mappings, err)
	}
	if got := encodeVLQ(mappings); got != text {
		t.Errorf("written as %q, was %q", got, text)
	}
}

func TestSourceMapWithoutDecompress(t *testing.T) {
	blob := framed([]string{"a.ts"}, []string{"garbage"}, []byte("AAAA"))
	s, err := decodeSourceMap(blob, 100, nil)
	if err != nil || len(s.Contents) != 0 || len(s.Mappings) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := decodeSourceMap(frame("{}"), 100, nil); err == nil || errors.Is(err, ErrCorrupt) {
		t.Errorf("compressed map: %v", err)
	}
	if _, err := decodeSourceMap(blob, 100, fakeDecompress); err == nil || !strings.Contains(err.Error(), "decompressing source 0: no frame") {
		t.Errorf("no frame: %v", err)
	}
}

func TestSourceMapErrors(t *testing.T) {
	mappings := randomMappings(100, 1)
	change := func(at int, to byte) []byte {
		data := internal(mappings, false)
		data[at] = to
		return framed([]string{"a"}, []string{""}, data)
	}
	stream := internalHeader + 2*internalRow
	text := func(s string) []byte { return framed([]string{"a"}, []string{""}, []byte(s)) }
	tests := []struct {
		name string
		blob []byte
		says string
	}{
		{"short", []byte{1, 2, 3}, "3 bytes"},
		{"many sources", le.AppendUint64(nil, 1<<32-1), "4294967295 sources"},
		{"large mappings", le.AppendUint64(nil, 1<<63), "bytes of mappings in 8 bytes"},
		{"text out of range", func() []byte {
			b := text("AAAA")
			le.PutUint32(b[8:], 1<<31)
			return b
		}(), "text 0 ends at"},
		{"texts that overlap", func() []byte {
			b := framed([]string{"a", "b"}, []string{"", ""}, nil)
			copy(b[8:], le.AppendUint64(nil, uint64(len(b))<<32))
			return b
		}(), "text 1 overlaps others"},
		{"no digit", text("AA!A"), "mappings at byte 2: no digit"},
		{"not ended", text("AAAg"), "a segment of 3 numbers"},
		{"two numbers", text("AA"), "a segment of 2 numbers"},
		{"large number", text("ggggggggggggA"), "no digit"},
		{"sum out of range", text("+/////DAAA,+/////DAAA"), "out of range"},
		{"unknown source", text("ACAA"), "mapping 0 is of source 1 of 1"},
		{"unknown name", text("AAAAA"), "mapping 0 is of name 0 of 0"},
		{"negative line", text("AADA"), "number out of range"},
		{"negative line, internal", framed([]string{"a"}, []string{""}, internal([]Mapping{{SourceLine: -1, Name: -1}}, false)), "line -1, column 0 of its source"},
		{"lines that the code can't have", text(strings.Repeat(";", 200) + "AAAA"), "of line 200"},
		{"no JSON", frame("{"), "unexpected end"},
		{"windows", change(24, 200), "200 windows"},
		{"stream", change(28, 255), "window 0 of the mappings"},
		{"count", change(8, 101), "100 mappings, where 101 should be"},
		{"count too small", change(8, 3), "window 0 of the mappings"},
		{"count too large", change(14, 1), "mappings in 2 windows"},
		{"window of none", change(stream, 0), "window 0 of the mappings"},
		{"window of many", change(stream, 65), "window 0 of the mappings"},
		{"lane", change(stream+3, 255), "window 0 of the mappings"},
		{"lines go back", change(internalHeader+internalRow, 0), "after line"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := small()
			g.modules[0].sourceMap = test.blob
			g.modules[0].contents = bytes.Repeat([]byte("\n"), 199)
			if test.name == "lines go back" {
				g.modules[0].contents = bytes.Repeat([]byte("\n"), 1<<20)
			}
			_, err := mustRead(t, g.build()).Graph.Entry().SourceMap(fakeDecompress)
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
		})
	}
}

// What Bun wrote: the maps of the real graphs refer to places that the generated code has.
func TestRealSourceMaps(t *testing.T) {
	_, data := realGraphs(t)
	seen := map[string]int{}
	for name, graph := range data {
		f := mustRead(t, graph)
		for _, m := range f.Graph.Modules {
			if m.SourceMapSize() == 0 {
				continue
			}
			s, err := m.SourceMap(nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			stored, err := io.ReadAll(m.section(m.sourceMap))
			if err != nil {
				t.Fatal(err)
			}
			kind := "text"
			if isInternal(stored[8+16*len(s.Sources):][:le.Uint32(stored[4:])]) {
				kind = "internal"
			}
			seen[kind]++
			source, err := m.Source()
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(source), "\n")
			for i, p := range s.Mappings {
				if int(p.Line) >= len(lines) || int(p.Column) > len(lines[p.Line]) || p.Source < 0 {
					t.Errorf("%s: mapping %d, %+v, is behind the end of the code", name, i, p)
				}
			}
			if len(s.Sources) == 0 || len(s.Mappings) < 10 {
				t.Errorf("%s: %d sources, %d mappings", name, len(s.Sources), len(s.Mappings))
			}
		}
	}
	if seen["text"] == 0 || seen["internal"] == 0 {
		t.Errorf("maps of each kind: %v", seen)
	}
}
