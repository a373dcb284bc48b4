package scope

import "github.com/bundlens/bundlens/analyzer/internal/js"

// VariableWrite is a place of a module at which an environment variable seems to be set.
type VariableWrite struct {
	Module *Module
	js.VariableWrite
}

// VariableWrites returns where the program seems to set an environment variable, in the order of its modules. They are looked
// for once.
func (p *Program) VariableWrites(name string) []VariableWrite {
	p.settingVariables.Do(func() {
		p.variableWrites = map[string][]VariableWrite{}
		for _, m := range p.Modules {
			for name, list := range js.VariableWrites(m.Text) {
				for _, w := range list {
					p.variableWrites[name] = append(p.variableWrites[name], VariableWrite{m, w})
				}
			}
		}
	})
	return p.variableWrites[name]
}
