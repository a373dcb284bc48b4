package scope

import (
	"bytes"

	"github.com/bundlens/bundlens/analyzer/js"
)

// CommonJS returns the units that may say what the module exports by the loader's names exports and module, in order;
// none for an ES module.
func (m *Module) CommonJS() (units []int32) {
	x := m.Index()
	if len(x.Imports) > 0 || len(x.Exports) > 0 || m.defs["exports"] != nil || m.defs["module"] != nil {
		return nil
	}
	changes := map[int32]bool{}
	for _, d := range x.Defs {
		if d.Name == "exports" || d.Name == "module" {
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
