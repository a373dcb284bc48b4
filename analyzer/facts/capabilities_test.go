package facts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// checkArchive compares what is found in the first file of an archive with its file "want".
func checkArchive(t *testing.T, name string, find func(bundle []byte) string) {
	t.Helper()
	file := filepath.Join("..", "..", "testdata", "facts", name)
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	last := len(archive.Files) - 1
	if last < 1 || archive.Files[last].Name != "want" {
		t.Fatalf("%s has no file want", name)
	}
	got := find(archive.Files[0].Data)
	if *update {
		archive.Files[last].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(archive.Files[last].Data); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestCapabilities(t *testing.T) {
	checkArchive(t, "capabilities.txtar", func(bundle []byte) string {
		var b strings.Builder
		for _, c := range analyzeSource(t, bundle, Capabilities).Capabilities {
			fmt.Fprintf(&b, "%s %s %s\n", c.Kind, c.Name, strings.Join(c.Values, " "))
			if c.Detail != nil {
				fmt.Fprintf(&b, "\t%s\n", strings.ReplaceAll(c.Detail.Text, "\n", "\n\t"))
			}
			if s := string(c.Schema); s != "null" && s != "" {
				fmt.Fprintf(&b, "\t%s\n", s)
			}
		}
		return b.String()
	})
}
