package analyzer_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// TestInputWarnings has what there is to remark on an input reach the Document, without the folders of this machine.
func TestInputWarnings(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "in")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"in/cli.js": `import"../key.js"`, "key.js": "var key = 1"} {
		if err := os.WriteFile(filepath.Join(outer, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := source.Open(context.Background(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, nil, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Diagnostics) == 0 {
		t.Fatal("nothing was remarked")
	}
	if d := doc.Diagnostics[0]; d.Code != schema.CodeInput || !strings.HasPrefix(d.Message, "../key.js: lies outside") || d.Severity != schema.SeverityWarning {
		t.Errorf("got %+v", d)
	}
}
