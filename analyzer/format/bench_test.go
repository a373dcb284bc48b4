package format

import (
	"os"
	"testing"

	"github.com/bundlens/bundlens/analyzer/source"
)

// BenchmarkWrite formats the file that BUNDLENS_BENCH_FILE names.
func BenchmarkWrite(b *testing.B) {
	file := os.Getenv("BUNDLENS_BENCH_FILE")
	if file == "" {
		b.Skip("BUNDLENS_BENCH_FILE names no file")
	}
	for b.Loop() {
		in, err := source.Open(b.Context(), file, source.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Write(b.Context(), in, Options{SourceMaps: true}, func(File) error { return nil }); err != nil {
			b.Fatal(err)
		}
		in.Close()
	}
}
