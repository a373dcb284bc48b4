package eval

import (
	"encoding/json"
	"os/exec"
	"strconv"
	"testing"
)

// TestLibrary evaluates random uses of the language's library here and in Node: none differs. It skips, saying so, where there is
// no Node.
func TestLibrary(t *testing.T) {
	node := needNode(t)
	const rounds = 1
	compareLibrary(t, node, uint32(*fromSeed), rounds)
}

func compareLibrary(t *testing.T, node *nodeProcess, seed uint32, rounds int) {
	t.Helper()
	out, err := exec.Command("node", "testdata/library.mjs", strconv.Itoa(int(seed)), strconv.Itoa(rounds)).Output()
	if err != nil {
		t.Fatalf("writing expressions: %v", err)
	}
	var sources []string
	if err := json.Unmarshal(out, &sources); err != nil {
		t.Fatal(err)
	}
	compareAll(t, node, sources, sources, evaluate)
}
