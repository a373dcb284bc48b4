package bunextract

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// placements are the ways in which releases put a graph into an executable.
var placements = []struct {
	name      string
	container Container
	location  Location
	write     func(graph []byte) []byte
}{
	{"ELF, at the end", ELF, AtEnd, func(g []byte) []byte { return withSize(append(testExecutable{}.elf(), g...)) }},
	{"ELF, section", ELF, InSection, func(g []byte) []byte { return testExecutable{section: long(g)}.elf() }},
	{"ELF, section with room to spare", ELF, InSection, func(g []byte) []byte {
		return testExecutable{section: append(long(g), make([]byte, 100)...)}.elf()
	}},
	{"ELF, without section headers", ELF, Scanned, func(g []byte) []byte {
		return testExecutable{section: long(g), noTable: true, overlay: []byte("tail")}.elf()
	}},
	{"ELF, with bytes appended", ELF, Scanned, func(g []byte) []byte {
		return append(withSize(append(testExecutable{}.elf(), g...)), bytes.Repeat([]byte("appended"), 6000)...)
	}},
	{"ELF, slot with the address", ELF, InSection, func(g []byte) []byte { return slotELF(g) }},
	{"Mach-O, at the end", MachO, AtEnd, func(g []byte) []byte { return withSize(append(testExecutable{}.macho(), g...)) }},
	{"Mach-O, section of short length", MachO, InSection, func(g []byte) []byte { return testExecutable{section: short(g)}.macho() }},
	{"Mach-O, section of long length", MachO, InSection, func(g []byte) []byte { return testExecutable{section: long(g)}.macho() }},
	{"PE, at the end", PE, AtEnd, func(g []byte) []byte {
		return withSize(testExecutable{overlay: g}.pe())
	}},
	{"PE, section of short length", PE, InSection, func(g []byte) []byte { return testExecutable{section: short(g)}.pe() }},
	{"PE, section of long length", PE, InSection, func(g []byte) []byte { return testExecutable{section: long(g)}.pe() }},
	{"fat Mach-O", MachO, InSection, func(g []byte) []byte {
		return fat(false, testExecutable{}.macho(), testExecutable{section: long(g)}.macho())
	}},
	{"fat Mach-O, at the end of a slice", MachO, AtEnd, func(g []byte) []byte {
		return fat(true, []byte("no slice"), withSize(append(testExecutable{}.macho(), g...)))
	}},
}

// slotELF writes an ELF file whose section is the slot that holds the graph's address.
func slotELF(graph []byte) []byte {
	file := testExecutable{section: append(make([]byte, 8), long(graph)...)}.elf()
	at := bytes.Index(file, long(graph))
	le.PutUint64(file[at-8:], uint64(0x200000+at))
	table := file[le.Uint64(file[40:]):]
	le.PutUint64(table[2*elfSectionSize+32:], 8)
	return file
}

func TestContainers(t *testing.T) {
	want, data := realGraphs(t)
	for _, p := range placements {
		t.Run(p.name, func(t *testing.T) {
			for name, graph := range data {
				f, err := NewFile(bytes.NewReader(p.write(graph)))
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if f.Graph.Container != p.container || f.Graph.Location != p.location {
					t.Errorf("%s: found in %v by %v, want %v by %v", name, f.Graph.Container, f.Graph.Location, p.container, p.location)
				}
				checkGraph(t, f.Graph, want[name])
			}
		})
	}
}

func TestPlacements(t *testing.T) {
	graph := testGraph{record: 36, offsets: 24, modules: js("app", "lib.js"), entry: 1}.build()
	for _, p := range placements {
		t.Run(p.name, func(t *testing.T) {
			file := p.write(graph)
			f, err := NewFile(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			g := f.Graph
			if g.Container != p.container || g.Location != p.location {
				t.Errorf("found in %v by %v, want %v by %v", g.Container, g.Location, p.container, p.location)
			}
			if !bytes.Equal(file[g.Offset:][:g.Size], graph) {
				t.Errorf("graph of %d bytes at %d", g.Size, g.Offset)
			}
			if got, err := g.Entry().Source(); err != nil || string(got) != "// lib.js\n" {
				t.Errorf("entry is %q, %v", got, err)
			}
			graphs, err := f.Graphs()
			if err != nil || len(graphs) != 1 || graphs[0] != g {
				t.Errorf("%d graphs, %v, want the one", len(graphs), err)
			}
			version, err := f.RuntimeVersion()
			if err != nil || version != "1.3.8 (0123abcd)" {
				t.Errorf("version %q, %v", version, err)
			}
		})
	}
}

// A program may carry an executable with a graph of its own, whole, and nothing but the placement tells the two apart.
func TestNested(t *testing.T) {
	inner := withSize(append(testExecutable{}.elf(), testGraph{record: 52, offsets: 32, modules: js("inner")}.build()...))
	modules := append(js("outer"), testModule{name: "/$bunfs/root/tool", contents: inner, loader: byte(LoaderFile)})
	outer := testGraph{record: 52, offsets: 32, modules: modules}.build()
	for _, p := range placements {
		t.Run(p.name, func(t *testing.T) {
			f, err := NewFile(bytes.NewReader(p.write(outer)))
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Graph.Entry().Path(); got != "outer" {
				t.Errorf("entry %q", got)
			}
			if len(f.Graph.Modules) != 2 {
				t.Errorf("%d modules", len(f.Graph.Modules))
			}
			if hasKind(f.Warnings, ErrSeveralGraphs) {
				t.Errorf("warnings %v", f.Warnings)
			}
			graphs, err := f.Graphs()
			if err != nil || len(graphs) != 2 || graphs[0] != f.Graph || graphs[0].Nested || !graphs[1].Nested {
				t.Fatalf("graphs %v, %v", graphs, err)
			}
			if got := graphs[1].Entry().Path(); got != "inner" {
				t.Errorf("entry of the nested one %q", got)
			}
		})
	}
}

// hasKind reports whether one of the errors is of a kind.
func hasKind(errs []error, kind error) bool {
	return slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, kind) })
}
