package scope

import (
	"bytes"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// IsCommonJS tells whether the module is none of ECMAScript's: nothing is imported or exported in it by a declaration.
func (m *Module) IsCommonJS() bool {
	x := m.Index()
	return len(x.Imports) == 0 && len(x.Exports) == 0
}

// CommonJS returns the units that may say what the module exports by the loader's names exports and module, in order;
// none for an ES module.
func (m *Module) CommonJS() (units []int32) {
	if !m.IsCommonJS() || m.defs["module"] != nil && m.nested.outer == nil {
		return nil
	}
	x := m.index
	exports, module := m.LoaderNames()
	changes := map[int32]bool{}
	for _, d := range x.Defs {
		if d.Name == exports || d.Name == module {
			changes[d.Unit] = true
		}
	}
	for i, u := range x.Units {
		if u.Thunk < 0 && (changes[int32(i)] || u.Kind == js.UnitExpr && bytes.Contains(m.Text[u.Start:u.End], []byte("exports"))) {
			units = append(units, int32(i))
		}
	}
	return units
}
