package eval

import (
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// TestFallbacks looks things up by a key and a fallback: where nothing is known of the function, the fallback is the default.
// A function of the runtime is given something else behind a name: an encoding, an algorithm.
func TestFallbacks(t *testing.T) {
	const src = `import {readFileSync} from "fs"; import {createHmac} from "node:crypto"; import {flag} from "flags";
var outFlag = flag("a.b", "blue"), outFile = readFileSync("a.txt", "utf8"), outKey = createHmac("sha256", "blue");`
	p := scope.New([]scope.Source{{Name: "main.js", Text: []byte(src)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	m := New(p, Config{})
	for name, want := range map[string]Value{"outFlag": String("blue"), "outFile": nil, "outKey": nil} {
		u, ok := m.force(m.global(p.Modules[0], -1, name)).(*Unknown)
		if !ok || u.Default != want {
			t.Errorf("%s is %v, want one whose default is %v", name, u, want)
		}
	}
}
