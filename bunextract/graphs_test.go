package bunextract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// graphsDir holds the bytes of real graphs, base to trailer, and what each must yield. It is no part of the module.
const graphsDir = "../../shared/bun-graphs"

// wantGraph is what a real graph must yield.
type wantGraph struct {
	Entry       int
	OffsetsSize int
	RecordSize  int
	Modules     []struct {
		Name   string
		SHA256 string
		Size   int // of the contents as UTF-8
	}
}

// realGraphs returns the real graphs by file name.
func realGraphs(t testing.TB) (want map[string]wantGraph, data map[string][]byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(graphsDir, "expected.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no real graphs at %s", graphsDir)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	data = map[string][]byte{}
	for name := range want {
		if data[name], err = os.ReadFile(filepath.Join(graphsDir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return want, data
}

// checkGraph compares a graph with what it must yield.
func checkGraph(t *testing.T, g *Graph, want wantGraph) {
	t.Helper()
	if g.EntryID != want.Entry || g.OffsetsSize != want.OffsetsSize || g.RecordSize != want.RecordSize {
		t.Errorf("entry %d, offsets of %d, records of %d bytes; want %d, %d, %d",
			g.EntryID, g.OffsetsSize, g.RecordSize, want.Entry, want.OffsetsSize, want.RecordSize)
	}
	if len(g.Modules) != len(want.Modules) {
		t.Fatalf("%d modules, want %d", len(g.Modules), len(want.Modules))
	}
	for i, m := range g.Modules {
		w := want.Modules[i]
		if m.Path() != w.Name {
			t.Errorf("module %d: path %q, want %q", i, m.Path(), w.Name)
		}
		source, err := m.Source()
		if err != nil {
			t.Errorf("module %d: %v", i, err)
		}
		sum := sha256.Sum256(source)
		if hex.EncodeToString(sum[:]) != w.SHA256 || len(source) != w.Size {
			t.Errorf("module %d, %s: %d bytes with hash %x, want %d with %s", i, w.Name, len(source), sum, w.Size, w.SHA256)
		}
		if m.IsEntry() != (i == want.Entry) {
			t.Errorf("module %d: entry %v", i, m.IsEntry())
		}
		if filepath.Ext(m.Name) == ".wasm" && m.Loader != LoaderWasm && m.Loader != LoaderFile {
			t.Errorf("module %d, %s: loader %v", i, m.Name, m.Loader)
		}
	}
}

func TestRealGraphs(t *testing.T) {
	want, data := realGraphs(t)
	for name, graph := range data {
		t.Run(name, func(t *testing.T) {
			f, err := NewFile(bytes.NewReader(graph))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Warnings) > 0 {
				t.Errorf("warnings: %v", f.Warnings)
			}
			checkGraph(t, f.Graph, want[name])
		})
	}
}
