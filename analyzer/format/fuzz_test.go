package format

import (
	"bytes"
	"testing"

	"github.com/bundlens/bundlens/analyzer/source"
)

// FuzzWrite formats anything that may be a program. What the printer can't read stands as it was, and says so.
func FuzzWrite(f *testing.F) {
	for _, a := range archives(f, "same") {
		f.Add(a.Files[0].Data)
	}
	f.Add([]byte("import a from './b';export*from'c';export default class{};var x=E(()=>{y=1}),y"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 16<<10 {
			return
		}
		in, err := source.Open(t.Context(), "-", source.Options{Stdin: bytes.NewReader(src)})
		if err != nil {
			return
		}
		defer in.Close()
		if _, err := Write(t.Context(), in, Options{SourceMaps: true, Workers: 1}, func(File) error { return nil }); err != nil {
			t.Fatal(err)
		}
	})
}
