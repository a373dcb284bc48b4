package bunextract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// mustRead reads the file with a graph.
func mustRead(t testing.TB, file []byte) *File {
	t.Helper()
	f, err := NewFile(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every combination of record and offsets, with numbers of modules at which the length of the table alone would fit
// several sizes of a record: 36*13 = 52*9, 28*9 = 36*7, 32*9 = 36*8.
func TestLayouts(t *testing.T) {
	for _, offsets := range offsetsSizes {
		for _, layout := range recordLayouts {
			for _, count := range []int{1, 2, 7, 8, 9, 13, 14, 18, 26, 117} {
				var names []string
				for i := range count {
					names = append(names, fmt.Sprintf("module-%d.js", i))
				}
				// The padding of short offsets is whatever was in memory: here what long ones have there.
				g := testGraph{record: layout.size, offsets: offsets, modules: js(names...), entry: uint32(count / 2), padding: 4711, argv: "--smol"}
				if offsets == shortOffsets {
					g.argv = ""
				}
				f := mustRead(t, g.build())
				if f.Graph.RecordSize != layout.size || f.Graph.OffsetsSize != offsets || len(f.Graph.Modules) != count {
					t.Errorf("%d records of %d bytes, offsets of %d: read as %d, %d, %d", count, layout.size, offsets,
						len(f.Graph.Modules), f.Graph.RecordSize, f.Graph.OffsetsSize)
				}
				if f.Graph.ExecArgv != g.argv {
					t.Errorf("run arguments %q, want %q", f.Graph.ExecArgv, g.argv)
				}
				if got := f.Graph.Entry().Path(); got != names[count/2] {
					t.Errorf("entry %q", got)
				}
			}
		}
	}
}

// Records of flags that are not known, and bytes that belong to nothing, change nothing.
func TestUnknownFlags(t *testing.T) {
	g := small()
	g.flags, g.behind, g.argv = 0xffffffff, bytes.Repeat([]byte{0xff}, 333), "--a --b"
	f := mustRead(t, g.build())
	if f.Graph.Flags != 0xffffffff || f.Graph.ExecArgv != "--a --b" || len(f.Graph.Modules) != 2 {
		t.Errorf("flags %x, arguments %q, %d modules", f.Graph.Flags, f.Graph.ExecArgv, len(f.Graph.Modules))
	}
}

func TestNumbering(t *testing.T) {
	asset := func(name string, loader byte, contents string) testModule {
		return testModule{name: "/$bunfs/root/" + name, contents: []byte(contents), loader: loader}
	}
	client := asset("a.bin", 5, "x")
	client.side = 1
	tests := []struct {
		name            string
		record, offsets int
		runtime         string
		asset           testModule
		numbering       Numbering
		loader          Loader
	}{
		{"32 bytes", 32, 24, "", asset("a", 9, "x"), NumberingOld, LoaderNAPI},
		{"28 bytes", 28, 24, "", asset("a", 12, "x"), NumberingOld, LoaderText},
		{"52 bytes", 52, 32, "", asset("a", 9, "x"), NumberingNew, LoaderWasm},
		{"long offsets", 36, 32, "", asset("a", 10, "x"), NumberingNew, LoaderNAPI},
		{"client side", 36, 24, "", client, NumberingNew, LoaderFile},
		{"old .wasm", 36, 24, "", asset("a.wasm", 8, "x"), NumberingOld, LoaderWasm},
		{"new .wasm", 36, 24, "", asset("a.wasm", 9, "x"), NumberingNew, LoaderWasm},
		{"old .node", 36, 24, "", asset("a.node", 9, "x"), NumberingOld, LoaderNAPI},
		{"new .node", 36, 24, "", asset("a.NODE", 10, "x"), NumberingNew, LoaderNAPI},
		{"wasm by contents", 36, 24, "", asset("a", 9, "\x00asm\x01"), NumberingNew, LoaderWasm},
		{"ELF by contents", 36, 24, "", asset("a", 9, "\x7fELF\x02"), NumberingOld, LoaderNAPI},
		{"Mach-O by contents", 36, 24, "", asset("a", 10, "\xcf\xfa\xed\xfe."), NumberingNew, LoaderNAPI},
		{"nothing differs", 36, 24, "", asset("a", 5, "x"), NumberingUnknown, LoaderFile},
		{"new by version", 36, 24, "1.2.5", asset("a", 13, "x"), NumberingNew, LoaderText},
		{"old by version", 36, 24, "1.1.34", asset("a", 12, "x"), NumberingOld, LoaderText},
		{"no version", 36, 24, "one.two", asset("a", 13, "x"), NumberingUnknown, LoaderText},
		{"unknown loader", 52, 32, "", asset("a", 200, "x"), NumberingNew, Loader(200)},
		{"unknown loader, old", 32, 24, "", asset("a", 255, "x"), NumberingOld, Loader(255)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := testGraph{record: test.record, offsets: test.offsets, modules: append(js("app"), test.asset)}
			f := mustRead(t, withSize(append(testExecutable{text: runtimeText(test.runtime)}.elf(), g.build()...)))
			if f.Graph.Numbering != test.numbering || f.Graph.Modules[1].Loader != test.loader {
				t.Errorf("numbering %v, loader %v; want %v, %v", f.Graph.Numbering, f.Graph.Modules[1].Loader, test.numbering, test.loader)
			}
			if f.Graph.Modules[1].LoaderID != test.asset.loader {
				t.Errorf("stored loader %d", f.Graph.Modules[1].LoaderID)
			}
		})
	}
}

func TestPath(t *testing.T) {
	tests := [][2]string{
		{"compiled://root/./x.js", "x.js"},
		{"compiled://root/x.js", "x.js"},
		{"/$bunfs/root/a/x.js", "a/x.js"},
		{"/$bunfs/root/../lazy.js", "../lazy.js"},
		{"/$bunfs/roots/x.js", "roots/x.js"},
		{"B:/~BUN/root/x.js", "x.js"},
		{`B:\~BUN\root\x.js`, "x.js"},
		{"/$bunfs/root//etc/passwd", "/etc/passwd"},
		{"/$bunfs/root/root/x", "root/x"},
		{"root/x", "root/x"},
	}
	for _, test := range tests {
		if got := (&Module{Name: test[0]}).Path(); got != test[1] {
			t.Errorf("path of %q is %q, want %q", test[0], got, test[1])
		}
	}
}

// utf16LE encodes text, whose escapes \x00 stand for nothing but themselves.
func utf16LE(units ...uint16) []byte {
	var b []byte
	for _, u := range units {
		b = le.AppendUint16(b, u)
	}
	return b
}

func TestEncodings(t *testing.T) {
	latin := []byte("// \xc3\xa4 is UTF-8 and \xe4 is not\n")
	tests := []struct {
		name     string
		record   int
		encoding byte
		stored   []byte
		want     string
	}{
		{"verbatim, binary", 52, 0, latin, string(latin)},
		{"verbatim, latin1", 52, 1, latin, string(latin)},
		{"verbatim, unknown", 52, 7, latin, string(latin)},
		{"UTF-16", 52, 2, utf16LE('a', 0xe4, 0x2713, 0xd83d, 0xde00, 0, 'z'), "aä✓😀\x00z"},
		{"UTF-16, lone surrogates", 52, 2, utf16LE(0xdc00, 'a', 0xd800, 'b', 0xd800, 0xd83d, 0xde00, 0xd83d), "\ufffda\ufffdb\ufffd😀\ufffd"},
		{"UTF-16, empty", 52, 2, nil, ""},
		{"2 before it was UTF-16", 36, 2, []byte("ä"), "ä"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := testModule{name: "/$bunfs/root/a.js", contents: test.stored, encoding: test.encoding, loader: 1}
			f := mustRead(t, testGraph{record: test.record, offsets: 32, modules: []testModule{m}}.build())
			got, err := f.Graph.Entry().Source()
			if err != nil || string(got) != test.want {
				t.Errorf("source %q, %v, want %q", got, err, test.want)
			}
			if err := iotest.TestReader(f.Graph.Entry().Open(), []byte(test.want)); err != nil && test.encoding == 2 && test.record == 52 {
				t.Error(err)
			}
			raw, err := io.ReadAll(f.Graph.Entry().Raw())
			if err != nil || !bytes.Equal(raw, test.stored) {
				t.Errorf("raw %q, %v", raw, err)
			}
		})
	}
}

// Surrogate pairs come out whole wherever the reader's buffer ends.
func TestLongUTF16(t *testing.T) {
	for shift := range 3 {
		units := make([]uint16, shift)
		for i := range units {
			units[i] = 'x'
		}
		for range 10000 {
			units = append(units, 0xd83d, 0xde00)
		}
		m := testModule{name: "/$bunfs/root/a.js", contents: utf16LE(units...), encoding: 2}
		f := mustRead(t, testGraph{record: 52, offsets: 32, modules: []testModule{m}}.build())
		got, err := f.Graph.Entry().Source()
		if want := strings.Repeat("x", shift) + strings.Repeat("😀", 10000); err != nil || string(got) != want {
			t.Errorf("shift %d: %d bytes, %v, want %d", shift, len(got), err, len(want))
		}
	}
}

func TestOddUTF16(t *testing.T) {
	m := testModule{name: "/$bunfs/root/a.js", contents: []byte("abc"), encoding: 2}
	f := mustRead(t, testGraph{record: 52, offsets: 32, modules: []testModule{m}}.build())
	if _, err := f.Graph.Entry().Source(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("error %v, want corrupt", err)
	}
}

// Several modules may point to one region, so that their sizes sum up to more than the file has.
func TestSharedBytecode(t *testing.T) {
	g := small()
	g.modules[0].bytecode = make([]byte, 5000)
	file := g.build()
	head := file[len(file)-int(trailerSize)-longOffsets:]
	table := file[le.Uint32(head[8:]):]
	copy(table[52+24:], table[24:32])
	f := mustRead(t, file)
	for i, m := range f.Graph.Modules {
		if m.BytecodeSize() != 5000 {
			t.Errorf("module %d: bytecode of %d bytes", i, m.BytecodeSize())
		}
	}
}

func TestWarnings(t *testing.T) {
	graph := small().build()
	old := testGraph{record: 52, offsets: 32, modules: js("old")}.build()
	cut := testExecutable{section: long(graph)}.macho()
	tests := []struct {
		name string
		file []byte
		kind error
	}{
		{"size of the file", le.AppendUint64(append(testExecutable{}.elf(), graph...), 1<<20), ErrCorrupt},
		{"truncated behind the graph", cut[:len(cut)-5], ErrTruncated},
		{"two graphs, neither named", append(append(append(testExecutable{}.elf(), old...), graph...), "tail"...), ErrSeveralGraphs},
		{"two slices", fat(false, testExecutable{section: long(graph)}.macho(), testExecutable{section: long(old)}.macho()), ErrSeveralGraphs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := mustRead(t, test.file)
			if got := f.Graph.Entry().Path(); got != "app" {
				t.Errorf("entry %q", got)
			}
			if len(f.Warnings) != 1 || !errors.Is(f.Warnings[0], test.kind) {
				t.Errorf("warnings %v, want one of %v", f.Warnings, test.kind)
			}
			several, ok := errors.AsType[*SeveralGraphsError](f.Warnings[0])
			if !ok {
				return
			}
			if len(several.Graphs) != 2 || several.Graphs[0] != f.Graph || several.Graphs[1].Entry().Path() != "old" {
				t.Errorf("graphs %v", several.Graphs)
			}
			graphs, err := f.Graphs()
			if err != nil || len(graphs) != 2 || graphs[0] != f.Graph {
				t.Errorf("graphs %v, %v", graphs, err)
			}
		})
	}
}

// Compiling from a compiled executable leaves the old graph where it is. The section names the new one.
func TestOrphan(t *testing.T) {
	old := testGraph{record: 52, offsets: 32, modules: js("old")}.build()
	f := mustRead(t, testExecutable{text: append(runtimeText("1.4.1"), long(old)...), section: long(small().build())}.elf())
	if len(f.Warnings) > 0 || f.Graph.Entry().Path() != "app" {
		t.Errorf("entry %q, warnings %v", f.Graph.Entry().Path(), f.Warnings)
	}
	graphs, err := f.Graphs()
	if err != nil || len(graphs) != 2 || graphs[0] != f.Graph || graphs[1].Entry().Path() != "old" || graphs[1].Nested {
		t.Errorf("graphs %v, %v", graphs, err)
	}
}

// Trailers in the text of a program are not the end of it.
func TestDecoys(t *testing.T) {
	g := small()
	g.modules[1].contents = []byte("const a = `" + trailer + "`, b = `" + trailer + trailer[1:] + "`")
	for _, p := range placements {
		f, err := NewFile(bytes.NewReader(p.write(g.build())))
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		if got, err := f.Graph.Modules[1].Source(); err != nil || !bytes.Equal(got, g.modules[1].contents) {
			t.Errorf("%s: %q, %v", p.name, got, err)
		}
	}
}

// A trailer may stand on the border of two chunks of a search.
func TestSearchBorders(t *testing.T) {
	text := []byte(trailer + trailer[1:])
	for shift := range len(text) + 2 {
		data := make([]byte, 2*scanChunk+100)
		at := len(data) - scanChunk - len(text) + shift
		copy(data[at:], text)
		f := &File{r: bytes.NewReader(data), size: int64(len(data))}
		var found []int64
		err := f.searchBackward(span{0, f.size}, []byte(trailer), func(at int64) error {
			found = append(found, at)
			return nil
		})
		if err != nil || len(found) != 2 || found[0] != int64(at+len(trailer)-1) || found[1] != int64(at) {
			t.Errorf("shift %d: found at %v, %v, want %d and %d", shift, found, err, at+len(trailer)-1, at)
		}
	}
}

func TestEnumerations(t *testing.T) {
	got := fmt.Sprint(Bare, PE, Scanned, UTF16, Encoding(9), CommonJS, Client, LoaderMarkdown, Loader(99), NumberingNew)
	if want := "bare pe scan utf16 9 cjs client md 99 new"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Modules made by hand are for SafeNames, but harmless otherwise.
func TestModuleByHand(t *testing.T) {
	m := &Module{Name: "x", Encoding: UTF16}
	source, err := m.Source()
	maps, err2 := m.SourceMap(nil)
	if len(source) > 0 || err != nil || maps != nil || err2 != nil || m.IsEntry() || m.Offset() != 0 {
		t.Errorf("%q, %v, %v, %v", source, err, maps, err2)
	}
}
