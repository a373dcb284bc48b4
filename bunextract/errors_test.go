package bunextract

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kinds are all kinds of failure.
var kinds = []error{ErrNotExecutable, ErrNotBun, ErrNoGraph, ErrStripped, ErrTruncated, ErrCorrupt, ErrSeveralGraphs, ErrTooLarge}

func TestErrors(t *testing.T) {
	graph := small().build()
	cut := func(file []byte, n int) []byte { return file[:len(file)-n] }
	change := func(g testGraph, change func(*testGraph)) []byte {
		change(&g)
		return testExecutable{section: long(g.build())}.elf()
	}
	inELF := testExecutable{section: long(graph)}.elf()
	inPE := testExecutable{section: short(graph)}.pe()
	noSymbols := testExecutable{stripped: true}.elf()
	tests := []struct {
		name string
		file []byte
		kind error
		says string
	}{
		{"empty", nil, ErrNotExecutable, "0 bytes"},
		{"text", []byte("console.log('\\n---- Bun! ----\\n')"), ErrNotExecutable, `begin with "console.log(`},
		{"a Java class", []byte("\xca\xfe\xba\xbe\x00\x00\x00\x34" + strings.Repeat("class", 20)), ErrNotExecutable, "fat Mach-O file of 52 slices"},
		{"MZ without PE", append([]byte("MZ"), make([]byte, 500)...), ErrNotExecutable, "no PE signature"},
		{"32-bit ELF", append([]byte("\x7fELF\x01\x01"), make([]byte, 100)...), ErrNotBun, "64-bit"},
		{"32-bit Mach-O", append([]byte{0xce, 0xfa, 0xed, 0xfe}, make([]byte, 100)...), ErrNotBun, "64-bit"},
		{"another ELF", testExecutable{text: []byte("machine code")}.elf(), ErrNotBun, "no trailer of a graph anywhere in this elf file"},
		{"packed ELF", testExecutable{text: []byte("machine code UPX!")}.elf(), ErrNotBun, "packed with UPX"},
		{"another PE", testExecutable{text: []byte("machine code")}.pe(), ErrNotBun, "no trailer"},
		{"ELF runtime", testExecutable{}.elf(), ErrNoGraph, "nothing was compiled into this elf file"},
		{"ELF runtime, empty section", testExecutable{section: make([]byte, 16384)}.elf(), ErrNoGraph, "nothing was compiled"},
		{"Mach-O runtime", testExecutable{}.macho(), ErrNoGraph, "nothing was compiled"},
		{"Mach-O runtime, empty section", testExecutable{section: make([]byte, 8)}.macho(), ErrNoGraph, "nothing was compiled"},
		{"PE runtime", testExecutable{}.pe(), ErrNoGraph, "nothing was compiled"},
		{"stripped ELF runtime", noSymbols, ErrStripped, "symbols were stripped"},
		{"truncated header", inELF[:50], ErrTruncated, "50 of 64 bytes, the file ends before the ELF header does"},
		{"truncated ELF section", inELF[:bytes.LastIndex(inELF, []byte(trailer))], ErrTruncated, "the last segment"},
		{"truncated Mach-O section", cut(testExecutable{section: long(graph)}.macho(), 300), ErrTruncated, "the graph"},
		{"truncated PE section", inPE[:bytes.LastIndex(inPE, []byte(trailer))], ErrTruncated, "the graph"},
		{"truncated fat Mach-O", cut(fat(false, testExecutable{section: long(graph)}.macho()), 10), ErrTruncated, "slice 0"},
		{"truncated at the end", cut(withSize(append(testExecutable{}.elf(), graph...)), 30), ErrTruncated, "inside the graph"},
		{"front cut off", withSize(append(make([]byte, 100000), graph...))[100010:], ErrTruncated, "of 100"},
		{"truncated runtime", cut(testExecutable{}.elf(), 10), ErrTruncated, "the image"},
		{"no module", change(small(), func(g *testGraph) { g.modules = nil }), ErrCorrupt, "module table is empty"},
		{"entry out of range", change(small(), func(g *testGraph) { g.entry = 2 }), ErrCorrupt, "entry is module 2 of 2"},
		{"no name", change(small(), func(g *testGraph) { g.modules[1].name = "" }), ErrCorrupt, "module record 1 of 2, taken as 52 bytes long: no name"},
		{"unknown prefix", change(small(), func(g *testGraph) { g.modules[1].name = "/elsewhere/lib.js" }), ErrCorrupt, `name "/elsewhere/lib.js" has none of the known prefixes`},
		{"long name", change(small(), func(g *testGraph) { g.modules[1].name += strings.Repeat("x", maxName) }), ErrCorrupt, "name of 32"},
		{"no such record size", func() []byte {
			file := bytes.Clone(inELF)
			le.PutUint32(file[bytes.LastIndex(file, []byte(trailer))-20:], 50)
			return file
		}(), ErrCorrupt, "module table of 50 bytes, which no size of a record divides"},
		{"pointer out of range", patch(inELF, graph, func(table []byte) { le.PutUint32(table[52+8:], 1<<30) }), ErrCorrupt, "module record 1 of 2, taken as 52 bytes long: contents ends behind the data"},
		{"pointer that overflows", patch(inELF, graph, func(table []byte) { le.PutUint64(table[52+16:], 1<<64-1) }), ErrCorrupt, "source map ends behind the data"},
		{"no zero byte", patch(inELF, graph, func(table []byte) { le.PutUint32(table[4:], 12) }), ErrCorrupt, "is not followed by a zero byte"},
		{"no trailer", func() []byte {
			file := bytes.Clone(inELF)
			file[bytes.LastIndex(file, []byte(trailer))] = 'x'
			return file
		}(), ErrCorrupt, "leads to no trailer"},
		{"length of data", func() []byte {
			file := bytes.Clone(inELF)
			le.PutUint64(file[bytes.LastIndex(file, []byte(trailer))-32:], 1<<63)
			return file
		}(), ErrCorrupt, "data of 9223372036854775808 bytes"},
		{"data that begins elsewhere", func() []byte {
			file := bytes.Clone(inELF)
			at := bytes.LastIndex(file, []byte(trailer)) - 32
			le.PutUint64(file[at:], le.Uint64(file[at:])-8)
			return file
		}(), ErrCorrupt, "where its container begins"},
		{"bare, corrupt", append([]byte("0123456789012345678901234567890123456789"), trailer...), ErrCorrupt, "graph at the end: corrupt: at offset"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := NewFile(bytes.NewReader(test.file))
			if err == nil {
				t.Fatalf("no error, but %d modules", len(f.Graph.Modules))
			}
			for _, kind := range kinds {
				want := kind == test.kind || kind == ErrNoGraph && test.kind == ErrStripped
				if errors.Is(err, kind) != want {
					t.Errorf("is %v: %v; the error is %v", kind, !want, err)
				}
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %q does not say %q", err, test.says)
			}
			var format *FormatError
			var truncated *TruncatedError
			switch {
			case errors.As(err, &format):
				if format.Offset < 0 || format.Offset > int64(len(test.file)) {
					t.Errorf("offset %d of %d bytes", format.Offset, len(test.file))
				}
			case errors.As(err, &truncated):
				if truncated.Have > int64(len(test.file)) || truncated.Want != 0 && truncated.Want <= truncated.Have {
					t.Errorf("has %d of %d bytes", truncated.Have, truncated.Want)
				}
			default:
				t.Errorf("error is a %T", err)
			}
		})
	}
}

// patch changes the module table of the graph in a file.
func patch(file, graph []byte, change func(table []byte)) []byte {
	file = bytes.Clone(file)
	g := file[bytes.Index(file, graph):]
	head := g[len(graph)-int(trailerSize)-longOffsets:]
	change(g[le.Uint32(head[8:]):])
	return file
}

// A section that is damaged is an error even where the file's end, or a graph inside of it, would do.
func TestDamagedSectionIsDecisive(t *testing.T) {
	good := small().build()
	modules := append(js("outer"), testModule{name: "/elsewhere", contents: good})
	bad := testGraph{record: 52, offsets: 32, modules: modules}.build()
	file := withSize(append(testExecutable{section: long(bad)}.elf(), good...))
	if _, err := NewFile(bytes.NewReader(file)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("error %v, want corrupt", err)
	}
}

// broken fails to read from an offset on.
type broken struct {
	*bytes.Reader
	from int64
}

var errDisk = errors.New("disk on fire")

func (b broken) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.from {
		return 0, errDisk
	}
	return b.Reader.ReadAt(p, off)
}

// What fails in the reader below is neither corrupt nor truncated.
func TestReadErrors(t *testing.T) {
	for _, p := range placements {
		file := p.write(small().build())
		for _, from := range []int{0, 3, 40, 100, 1000, len(file) / 2, len(file) - 30, len(file) - 1} {
			f, err := NewFile(broken{bytes.NewReader(file), int64(from)})
			if err == nil {
				_, err = f.Graphs()
			}
			if !errors.Is(err, errDisk) && !(f != nil && hasKind(f.Warnings, errDisk)) {
				t.Errorf("%s, failing from %d of %d: %v", p.name, from, len(file), err)
			}
			if errors.Is(err, ErrCorrupt) || errors.Is(err, ErrTruncated) {
				t.Errorf("%s, failing from %d of %d: taken for %v", p.name, from, len(file), err)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("directory: %v", err)
	}
	name := filepath.Join(t.TempDir(), "app")
	if err := os.WriteFile(name, small().build(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if f.Graph.Container != Bare || len(f.Graph.Modules) != 2 {
		t.Errorf("%v with %d modules", f.Graph.Container, len(f.Graph.Modules))
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if _, err := f.Graph.Entry().Source(); err == nil {
		t.Error("read from a closed file")
	}
}

// An io.ReaderAt need not tell its size.
func TestSizeOf(t *testing.T) {
	for _, size := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 1000, 1024, 4097} {
		r := struct{ io.ReaderAt }{bytes.NewReader(make([]byte, size))}
		if got, err := sizeOf(r); err != nil || got != int64(size) {
			t.Errorf("%d, %v for %d bytes", got, err, size)
		}
	}
}
