package bunextract

import (
	"bytes"
	"os"
	"runtime"
	"testing"
)

// executable names a compiled program to read: any, the larger the better.
const executable = "BUNDLENS_TEST_EXECUTABLE"

// openReal opens the executable that the environment names.
func openReal(t testing.TB) *File {
	t.Helper()
	name := os.Getenv(executable)
	if name == "" {
		t.Skipf("%s names no executable", executable)
	}
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRealExecutable(t *testing.T) {
	f := openReal(t)
	if len(f.Warnings) > 0 {
		t.Errorf("warnings: %v", f.Warnings)
	}
	names := SafeNames(f.Graph.Modules)
	checkSafe(t, names)
	var total int64
	for i, m := range f.Graph.Modules {
		source, err := m.Source()
		if err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
		if m.Encoding == UTF16 && bytes.IndexByte(source, 0) >= 0 {
			t.Errorf("%s: text with zero bytes", names[i])
		}
		if int64(len(source)) != m.Size() && m.Encoding != UTF16 {
			t.Errorf("%s: %d bytes, want %d", names[i], len(source), m.Size())
		}
		total += int64(len(source))
		if _, err := m.SourceMap(nil); err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
	}
	version, err := f.RuntimeVersion()
	if err != nil || version == "" {
		t.Errorf("version %q, %v", version, err)
	}
	t.Logf("%d modules with %d bytes, entry %s, runtime %s", len(names), total, f.Graph.Entry().Name, version)
}

// Opening takes memory for the table and the names, however large the file is.
func TestRealExecutableMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := openReal(t)
	runtime.ReadMemStats(&after)
	allocated, perModule := after.TotalAlloc-before.TotalAlloc, uint64(1000)
	if most := 1<<20 + perModule*uint64(len(f.Graph.Modules)); allocated > most {
		t.Errorf("allocated %d bytes for %d modules, at most %d wanted", allocated, len(f.Graph.Modules), most)
	}
}

func BenchmarkOpenReal(b *testing.B) {
	openReal(b)
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(os.Getenv(executable))
		if err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}

func BenchmarkList(b *testing.B) {
	var names []string
	for i := range 4000 {
		names = append(names, "chunks/"+string(rune('a'+i%26))+"/module.js")
	}
	file := testExecutable{section: long(testGraph{record: 52, offsets: 32, modules: js(names...)}.build())}.elf()
	b.ReportAllocs()
	for b.Loop() {
		f, err := NewFile(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		SafeNames(f.Graph.Modules)
	}
}

func BenchmarkSearch(b *testing.B) {
	data := bytes.Repeat([]byte("\n---- Bun? machine code"), 1<<20)
	f := &File{r: bytes.NewReader(data), size: int64(len(data))}
	b.SetBytes(f.size)
	for b.Loop() {
		if found, err := f.contains(span{0, f.size}, []byte(trailer)); found || err != nil {
			b.Fatal(found, err)
		}
	}
}
