package facts

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestCommands(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", "facts", "commands.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	doc := analyzeSource(t, txtar.Parse(file).Files[0].Data, Commands)
	got := ""
	for _, c := range doc.Commands {
		got += fmt.Sprintf("%s %s %v %q", c.Name, c.Kind, *c.Enabled, c.EnabledWhen)
		if c.Prompt != nil {
			got += " " + c.Prompt.Text
		}
		got += "\n"
	}
	want := "quit local true \"!process.env.TERN_STAY\"\nsum-up prompt true \"\" Sum up what was said. ${OPTIONS}\n"
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}
