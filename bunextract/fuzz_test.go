package bunextract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzFile reads whatever looks like an executable, all of it. go test -fuzz=FuzzFile -fuzztime=1m
func FuzzFile(f *testing.F) {
	g := testGraph{record: 36, offsets: 24, modules: js("app", "lib.js")}
	g.modules[1].sourceMap = framed([]string{"a.ts"}, []string{string(frame("let a"))}, internal(randomMappings(70, 1), false))
	utf16 := testGraph{record: 52, offsets: 32, modules: js("app")}
	utf16.modules[0].contents, utf16.modules[0].encoding = utf16LE('a', 0xd83d, 0xde00), 2
	for _, p := range placements {
		f.Add(p.write(g.build()))
		f.Add(p.write(utf16.build()))
	}
	f.Add(g.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := NewFile(bytes.NewReader(data))
		if err != nil {
			if !isFormat(err) && !errors.Is(err, errBudget) {
				t.Errorf("error of no kind: %v", err)
			}
			return
		}
		graphs, err := file.Graphs()
		if err != nil && !errors.Is(err, errBudget) {
			t.Error(err)
		}
		if err == nil && graphs[0] != file.Graph {
			t.Error("the graph is not the first one")
		}
		if _, err := file.RuntimeVersion(); err != nil {
			t.Error(err)
		}
		for _, g := range append(graphs, file.Graph) {
			if g.Offset < 0 || g.Size < trailerSize || g.end() > int64(len(data)) {
				t.Errorf("graph of %d bytes at %d of %d", g.Size, g.Offset, len(data))
			}
			g.Entry()
			checkSafe(t, SafeNames(g.Modules))
			for _, m := range g.Modules {
				checkModule(t, m)
			}
		}
	})
}

// checkModule reads all of a module.
func checkModule(t *testing.T, m *Module) {
	raw, err := io.ReadAll(m.Raw())
	if err != nil || int64(len(raw)) != m.Size() {
		t.Errorf("raw contents of %d bytes, %v, want %d", len(raw), err, m.Size())
	}
	source, err := m.Source()
	if err != nil && !errors.Is(err, ErrCorrupt) {
		t.Error(err)
	}
	opened, err2 := io.ReadAll(m.Open())
	if !bytes.Equal(source, opened) || (err == nil) != (err2 == nil) {
		t.Errorf("Source yields %d bytes, %v; Open %d, %v", len(source), err, len(opened), err2)
	}
	if _, err := m.SourceMap(nil); errors.Is(err, ErrTruncated) {
		t.Error(err)
	}
}

// FuzzSourceMap decodes maps of all generations, and decodes again what it wrote.
func FuzzSourceMap(f *testing.F) {
	sources, frames := []string{"a.ts", "b.ts"}, []string{string(frame("let a")), ""}
	mappings := randomMappings(150, 2)
	f.Add(framed(sources, frames, internal(mappings, false)))
	f.Add(framed(sources, frames, internal(mappings, true)))
	f.Add(framed(sources, frames, []byte(encodeVLQ(mappings))))
	f.Add(frame(`{"version":3,"sources":["a"],"names":["x"],"mappings":"A,CAAA,EACEA;;AADF"}`))
	f.Fuzz(func(t *testing.T, blob []byte) {
		const lines = 1 << 16
		s, err := decodeSourceMap(blob, lines, fakeDecompress)
		if err != nil {
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeSourceMap(append([]byte(zstdMagic), text...), lines, fakeDecompress)
		if err != nil {
			t.Fatalf("written as %s: %v", text, err)
		}
		if len(again.Sources) != len(s.Sources) || len(again.Mappings) != len(s.Mappings) {
			t.Fatalf("%d sources, %d mappings; read again %d, %d", len(s.Sources), len(s.Mappings), len(again.Sources), len(again.Mappings))
		}
		for i, m := range again.Mappings {
			if m != s.Mappings[i] {
				t.Fatalf("mapping %d is %+v, read again %+v", i, s.Mappings[i], m)
			}
		}
	})
}

// FuzzSafeNames names modules after lines of text.
func FuzzSafeNames(f *testing.F) {
	f.Add("a.js\na.js\nA.js\na-2.js\na.js/b", byte(1))
	f.Add("../../x\n/etc/passwd\nC:\\x\n\xff\ncon\nNUL.js\n...\n \n.", byte(5))
	f.Add(strings.Repeat("x", 400)+"\n"+strings.Repeat("y/", 900), byte(9))
	f.Fuzz(func(t *testing.T, text string, loader byte) {
		var modules []*Module
		for line := range strings.SplitSeq(text, "\n") {
			modules = append(modules, &Module{Name: line, Loader: Loader(loader)})
		}
		checkSafe(t, SafeNames(modules))
	})
}
