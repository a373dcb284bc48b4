package analyzer_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
)

// FuzzAnalyze analyses anything that may be a program, by all facts: it ends without a panic, and within its bounds.
func FuzzAnalyze(f *testing.F) {
	f.Add([]byte(realTool))
	f.Add([]byte("function*g(){let i=0;for(;;)yield i++}export const a={name:\"A\",description:[...g()].join(),input_schema:{}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 8<<10 {
			return
		}
		in, err := source.Open(t.Context(), "-", source.Options{Stdin: bytes.NewReader(src)})
		if err != nil {
			return
		}
		defer in.Close()
		if _, err := analyzer.Analyze(context.Background(), in, facts.All, analyzer.Options{Timeout: 5e9, MaxMemory: 1 << 30}); err != nil {
			t.Fatal(err)
		}
	})
}
