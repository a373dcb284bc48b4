package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// graphs is where module graphs of real executables lie, beside the project.
var graphs = filepath.Join("..", "..", "..", "shared", "bun-graphs")

func TestOpenExecutable(t *testing.T) {
	file := filepath.Join(graphs, "plain-1.4.5.graph")
	if _, err := os.Stat(file); err != nil {
		t.Skip("no module graphs beside the project")
	}
	in := mustOpen(t, file, Options{})
	if in.Kind != KindExecutable || in.Entry < 0 || !in.Modules[in.Entry].Entry || len(in.SHA256()) != 64 {
		t.Fatalf("kind %s, entry %d", in.Kind, in.Entry)
	}
	entry := in.Modules[in.Entry]
	if entry.Kind != JS || len(entry.Source) == 0 || !strings.HasPrefix(entry.Name, "/$bunfs/root/") {
		t.Errorf("entry %s of kind %s with %d bytes", entry.Name, entry.Kind, len(entry.Source))
	}
	if i, ok := in.Resolve(entry.Name, entry.Name, ByImport); !ok || i != in.Entry {
		t.Errorf("the entry's own name resolves to %d, %v", i, ok)
	}
	for i := range in.Modules {
		m := &in.Modules[i]
		data, err := m.Read()
		if err != nil || m.Kind == Asset && m.Source != nil || int64(len(data)) != m.Size && m.Kind != Asset {
			t.Errorf("%s: %d bytes of %d, %v", m.Name, len(data), m.Size, err)
		}
	}
}

func TestOpenTruncatedExecutable(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(graphs, "plain-1.4.5.graph"))
	if err != nil {
		t.Skip("no module graphs beside the project")
	}
	dir := tree(t, "cut", "\x7fELF"+string(data[:len(data)/2]))
	_, err = Open(context.Background(), filepath.Join(dir, "cut"), Options{})
	var e *Error
	if !errors.As(err, &e) || strings.Count(err.Error(), dir) != 1 {
		t.Errorf("got %v", err)
	}
}
