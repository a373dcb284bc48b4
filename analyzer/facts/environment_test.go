package facts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestEnvironment(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", "facts", "environment.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	doc := analyzeSource(t, txtar.Parse(file).Files[0].Data, Environment)
	var got []string
	for _, v := range doc.Environment {
		got = append(got, v.Name)
	}
	for _, f := range doc.Flags {
		got = append(got, f.Key+"="+string(f.Fallback))
	}
	want := "TERN_OTHER TERN_STRICT tern_limit=null tern_tone=false"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}
