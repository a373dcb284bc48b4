package bunextract

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestOddities has graphs that can be read and that Bun would not have written.
func TestOddities(t *testing.T) {
	graph := small().build()
	inELF := testExecutable{section: long(graph)}.elf()
	change := func(change func(*testGraph)) []byte {
		g := small()
		change(&g)
		return testExecutable{section: long(g.build())}.elf()
	}
	tests := []struct {
		name string
		file []byte
		says string // "" for nothing
	}{
		{"as it should be", inELF, ""},
		{"contents inside of others", patch(inELF, graph, func(table []byte) {
			copy(table[52+8:52+16], table[8:16])
		}), "the contents of /$bunfs/root/lib.js overlap with the contents of /$bunfs/root/app"},
		{"contents that begin in the table", patch(inELF, graph, func(table []byte) {
			le.PutUint32(table[8:], uint32(bytes.Index(graph, table[:52]))+8)
		}), "the contents of /$bunfs/root/app overlap with the module table"},
		{"contents that end early", patch(inELF, graph, func(table []byte) {
			le.PutUint32(table[12:], le.Uint32(table[12:])-1)
		}), "the contents of /$bunfs/root/app are not followed by a zero byte"},
		{"a name twice", change(func(g *testGraph) { g.modules[1].name = g.modules[0].name }), `the name "/$bunfs/root/app" is that of an earlier module`},
		{"a name that is no text", change(func(g *testGraph) { g.modules[1].name += "\x1b[2J" }), `holds what is no text`},
		{"an entry that is a picture", change(func(g *testGraph) { g.modules[0].loader = byte(LoaderFile) }), `the entry "/$bunfs/root/app" is no JavaScript but file`},
		{"an empty entry", change(func(g *testGraph) { g.modules[0].contents = nil }), `is empty`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			f, err := NewFile(bytes.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if c.says == "" {
				if len(f.Warnings) > 0 {
					t.Errorf("warnings: %v", f.Warnings)
				}
				return
			}
			if len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0].Error(), c.says) {
				t.Fatalf("got %q, want %q", f.Warnings, c.says)
			}
			var at *FormatError
			if !errors.As(f.Warnings[0], &at) || at.Offset < 0 || at.Offset >= int64(len(c.file)) {
				t.Errorf("no offset in %v", f.Warnings[0])
			}
		})
	}
}

// A file that is wrong all through is not told of a thousand times.
func TestManyOddities(t *testing.T) {
	g := small()
	g.modules = js(strings.Fields(strings.Repeat("same ", 1000))...)
	f, err := NewFile(bytes.NewReader(testExecutable{section: long(g.build())}.elf()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Warnings); n != maxOddities+1 || !strings.Contains(f.Warnings[n-1].Error(), "979 more") {
		t.Errorf("%d warnings, the last %v", n, f.Warnings[n-1])
	}
}
