package facts

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestAgents(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", "facts", "agents.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	doc := analyzeSource(t, txtar.Parse(file).Files[0].Data, Agents)
	if len(doc.Agents) != 2 {
		t.Fatalf("got %d agents: %v", len(doc.Agents), doc.Agents)
	}
	if w := doc.Agents[1]; w.Name != "writer" || w.WhenToUse.Text != "Use this to write something down." || w.Prompt.Text != "You write things down." || len(w.Tools) != 2 {
		t.Errorf("got %+v", w)
	}
	a := doc.Agents[0]
	if a.Name != "finder" || a.Model != "small" || a.Prompt.Text != "You find passages." || len(a.Tools) != 1 {
		t.Errorf("got %+v", a)
	}
}
