package analyzer

import (
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/zod"
)

// TestVersionsOfCopies has two copies of the library, each of several files; one of them contains its version.
func TestVersionsOfCopies(t *testing.T) {
	old, recent := []byte("export const version={major:4,minor:0,patch:0}"), []byte("export const version={major:4,minor:6,patch:7}")
	p := scope.New([]scope.Source{
		{Name: "node_modules/zod/core/versions.js", Text: old}, {Name: "node_modules/zod/core/schemas.js"},
		{Name: "node_modules/x/node_modules/zod/core/versions.js", Text: recent}, {Name: "node_modules/x/node_modules/zod/classic/schemas.js"},
	}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	v := newVersions(p)
	for module, minor := range []int{0, 0, 6, 6} {
		if got, want := v.at(eval.Site{Module: module}), (zod.Version{Major: 4, Minor: minor, Patch: minor / 6 * 7}); got != want {
			t.Errorf("%s is of %v, not %v", p.Modules[module].Name, got, want)
		}
	}
}
