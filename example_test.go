package bundlens_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/bundlens/bundlens"
)

func ExampleAnalyze() {
	program := `let d="Looks at ";t={name:"look",description:d+"things.",inputSchema:{type:"object",properties:{at:{type:"string"}}}};`
	doc, err := bundlens.Analyze(context.Background(), "-", bundlens.Options{Facts: []string{"tools"}, Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range doc.Tools {
		fmt.Printf("%s: %s\n%s\n", t.Name, t.Description.Text, t.InputSchema)
	}
	// Output:
	// look: Looks at things.
	// {"type":"object","properties":{"at":{"type":"string"}}}
}

func ExampleOptions() {
	program := `let h={title:"Hop",params:{type:"object",properties:{}}};arm.equip("hop",h,()=>1);`
	doc, err := bundlens.Analyze(context.Background(), "-", bundlens.Options{
		Stdin:      strings.NewReader(program),
		Vocabulary: []byte(`{"tool.register": ["equip"], "tool.schema": ["params"]}`),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Tools[0].Name, doc.Health.Complete)
	// Output:
	// hop true
}

// TestBounds has an analysis that may take no memory end, and say so.
func TestBounds(t *testing.T) {
	program := strings.NewReader(`let t={name:"look",description:"Looks.",inputSchema:{type:"object",properties:{}}};`)
	doc, err := bundlens.Analyze(t.Context(), "-", bundlens.Options{Stdin: program, MaxMemory: 1})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Health.Complete || len(doc.Health.GivenUp) == 0 {
		t.Errorf("complete %v, given up %v", doc.Health.Complete, doc.Health.GivenUp)
	}
}

func TestUnknownFact(t *testing.T) {
	if _, err := bundlens.Analyze(t.Context(), "-", bundlens.Options{Facts: []string{"nothing"}}); err == nil {
		t.Error("no error")
	}
}

// TestInstallable reads go.mod: with a replacement in it, `go install` of a version would not work.
func TestInstallable(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "replace ") || strings.HasPrefix(line, "exclude ") {
			t.Errorf("go.mod: %s", line)
		}
	}
}

// TestTern has the example program, of which the picture in the README is made, be read whole.
func TestTern(t *testing.T) {
	doc, err := bundlens.Analyze(t.Context(), "testdata/examples/tern.mjs", bundlens.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !doc.Health.Complete || len(doc.Tools) != 5 || len(doc.Prompts) == 0 || doc.Prompts[0].Kind != "system-prompt" {
		t.Errorf("complete %v, %d tools, %d prompts", doc.Health.Complete, len(doc.Tools), len(doc.Prompts))
	}
}
