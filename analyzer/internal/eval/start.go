package eval

import "github.com/bundlens/bundlens/analyzer/internal/scope"

// A program of moderate size starts as the language has it, too: the module that runs first and those beside it that it
// imports begin in one run, each after those that it imports, so that what one puts into a list of another is there. Packages
// that the program uses begin by themselves, when something of theirs is asked for.

// Bounds of a program that starts so.
const (
	maxStartText    = 1 << 20
	maxStartModules = 512
	maxStartSteps   = 2 * maxBeginSteps
)

// startProgram lets the modules begin that the program starts with, if they have not. Where that takes too long, each begins by
// itself.
func (m *Machine) startProgram() {
	if m.started {
		return
	}
	m.started = true
	first := startOrder(m.Program)
	if len(first) < 2 {
		return // it begins when it is asked for
	}
	modules := make([]*ordered, len(first))
	for i, module := range first {
		modules[i] = m.newBeginning(module)
	}
	whole, again := m.beginTogether(modules, maxStartSteps, func() bool {
		for _, o := range modules {
			if !o.from(-1) {
				return false
			}
		}
		return true
	})
	if whole {
		return
	}
	for _, module := range first {
		delete(m.begun, module.ID)
	}
	m.started = !again
}

// startOrder returns the modules with which a program starts in the order in which they run; none where that is not known, or
// where they are too large.
func startOrder(p *scope.Program) (order []*scope.Module) {
	seen := map[*scope.Module]bool{}
	size, whole := 0, true
	var visit func(*scope.Module)
	visit = func(module *scope.Module) {
		if seen[module] || !whole {
			return
		}
		seen[module] = true
		size += len(module.Text)
		if whole = size <= maxStartText && len(seen) <= maxStartModules && beginsInOrder(module, 1); !whole || module.IsCommonJS() {
			return
		}
		for _, specifier := range module.Needs() {
			if target, ok := module.ImportBeside(specifier); ok {
				visit(target)
			}
		}
		order = append(order, module)
	}
	for _, module := range p.Modules {
		if module.Entry {
			visit(module)
		}
	}
	if !whole {
		return nil
	}
	return order
}
