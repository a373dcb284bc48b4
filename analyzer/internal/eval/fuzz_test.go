package eval

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// FuzzEval evaluates every name that a program declares: whatever the program, this ends without a panic.
func FuzzEval(f *testing.F) {
	archives, _ := filepath.Glob("../../../testdata/eval/*.txtar")
	for _, name := range archives {
		if a, err := txtar.ParseFile(name); err == nil {
			for _, file := range a.Files {
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4<<10 {
			return
		}
		p := scope.New([]scope.Source{{Name: "main.js", Text: []byte(src)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
		m := New(p, Config{})
		module := p.Modules[0]
		for i, d := range module.Index().Defs {
			if i == 16 {
				break
			}
			if c := m.global(module, -1, d.Name); c != nil {
				v := m.force(c)
				m.Run(func() Value { return makeText(m.parts(v)) })
			}
		}
	})
}
