package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// graphFile returns the bytes of one of Bun's module graphs.
func graphFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "bun-graphs", name))
	if err != nil {
		t.Skip("no module graphs of Bun: ", err)
	}
	return data
}

// extract runs the command on a file of those bytes, and returns the directory that it ran for.
func extract(t *testing.T, data []byte, flags ...string) (dir string, code int, notes string) {
	t.Helper()
	dir = t.TempDir()
	file := filepath.Join(dir, "app")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code = Run(append([]string{"extract", file, "-o", filepath.Join(dir, "out")}, flags...), nil, &stdout, &stderr)
	return dir, code, stderr.String()
}

// An error in the middle of writing leaves nothing behind, not even a temporary directory.
func TestExtractLeavesNothingHalfWritten(t *testing.T) {
	data := graphFile(t, "text-1.4.5.graph")
	const head = 32 + 16 // offsets and trailer
	table := data[binary.LittleEndian.Uint32(data[len(data)-head+8:]):]
	binary.LittleEndian.PutUint32(table[52+12:], 33) // UTF-16 of an odd size, in the second module
	dir, code, notes := extract(t, data)
	if code != exitFailed || !strings.Contains(notes, "UTF-16 contents of 33 bytes") {
		t.Errorf("exit %d: %s", code, notes)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Modules that all point to the same bytes can't fill a disk.
func TestExtractOverlap(t *testing.T) {
	data := graphFile(t, "text-1.4.5.graph")
	const head = 32 + 16
	at := len(data) - head
	tableAt := binary.LittleEndian.Uint32(data[at+8:])
	row := bytes.Clone(data[tableAt:][:52])
	binary.LittleEndian.PutUint32(row[8:], 0)
	binary.LittleEndian.PutUint32(row[12:], tableAt)
	table := bytes.Repeat(row, 100)
	offsets := bytes.Clone(data[at:])
	binary.LittleEndian.PutUint64(offsets, uint64(tableAt)+uint64(len(table)))
	binary.LittleEndian.PutUint32(offsets[12:], uint32(len(table)))
	binary.LittleEndian.PutUint64(offsets[20:], 0) // run arguments
	file := append(append(bytes.Clone(data[:tableAt]), table...), offsets...)
	if _, code, notes := extract(t, file); code != exitFailed || !strings.Contains(notes, "overlap") {
		t.Errorf("exit %d: %s", code, notes)
	}
}

// The maps that are written have the sources, and mappings to places in them.
func TestExtractSourceMaps(t *testing.T) {
	for _, name := range []string{"darwin-aarch64-1.2.0.graph", "windows-x64-1.3.4.graph", "bcesm-1.3.14.graph"} {
		dir, code, notes := extract(t, graphFile(t, name), "--sourcemaps")
		if code != exitClean {
			t.Fatalf("%s: exit %d: %s", name, code, notes)
		}
		text, err := os.ReadFile(filepath.Join(dir, "out", "q.js.map"))
		if err != nil {
			t.Fatal(err)
		}
		var m struct {
			Version        int
			Sources        []string
			SourcesContent []string
			Mappings       string
		}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		if m.Version != 3 || len(m.Sources) == 0 || len(m.Sources) != len(m.SourcesContent) || len(m.Mappings) < 100 {
			t.Errorf("%s: %d sources, %d with contents, %d bytes of mappings", name, len(m.Sources), len(m.SourcesContent), len(m.Mappings))
		}
		if !strings.Contains(strings.Join(m.SourcesContent, ""), "function greet") {
			t.Errorf("%s: sources are %q", name, m.SourcesContent)
		}
	}
}
