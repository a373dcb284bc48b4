package facts

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestBlind has programs that hand out tools in ways that can't be seen, each in a form that bundlers emit: none may pass
// for one that was seen whole.
func TestBlind(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("..", "..", "testdata", "blind", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no programs", err)
	}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			t.Run(strings.TrimSuffix(file.Name, filepath.Ext(file.Name)), func(t *testing.T) {
				doc := analyzeSource(t, file.Data, Tools)
				if h := doc.Health; h.Complete || h.Seen() || len(h.NotSeen) == 0 {
					t.Errorf("complete %v with %d tools; not seen: %q; dropped: %+v", h.Complete, len(doc.Tools), h.NotSeen, h.Candidates.Dropped)
				}
			})
		}
	}
}
