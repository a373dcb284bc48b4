package eval

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestModules runs the corpus of programs whose statements come one after another at the level of a module, each with its
// result in the name out: each agrees with Node, or is unknown with a reason.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("testdata/modules/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	node := startNode(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			programs := readPrograms(t, file)
			checkRecordings(t, node, programs, asFunction)
			for i := range programs {
				checkProgram(t, &programs[i], evaluateModule)
			}
			if *record {
				if err := os.WriteFile(file, []byte(writePrograms(programs)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// asFunction is a module's statements as an expression that gives what they leave in the name out.
func asFunction(statements string) string { return "(()=>{" + statements + "\nreturn out})()" }
