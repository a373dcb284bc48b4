package eval

import (
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// kept is an assignment to a member of what a function gives, in a module that knows the function by a name.
type kept struct {
	module *scope.Module
	js.Assignment
}

// statefulKept lets the members of an object that a function of the program keeps, and gives whenever it is called, find
// what they hold: what is assigned to members of what the function gives, as in state().key = ....
func (m *Machine) statefulKept(f *Object, o *Object) {
	if o.Kind != KindObject || o.Func != nil {
		return
	}
	module := f.Func.Env.root().module
	name := nameOfFunction(f.Func.Node)
	if module == nil || name == "" {
		return
	}
	for key, places := range m.keptMembers(module, name) {
		p := o.own(key)
		if p == nil || p.state != nil || !startsState(p.Value) {
			continue
		}
		s := slot{"state " + strconv.Itoa(module.ID) + ":" + name + "()." + key, key}
		m.statefulMember(p, func(initial Value) Value {
			return m.state(s, initial, func() []written { return m.keptWritten(m.global(module, -1, name), places) })
		})
	}
}

// keptMembers are the assignments to members of what a function of a module gives, by member.
func (m *Machine) keptMembers(module *scope.Module, name string) map[string][]kept {
	k := globalName{module.ID, -1, name}
	if found, ok := m.kept[k]; ok {
		return found
	}
	found := map[string][]kept{}
	add := func(module *scope.Module, name string) {
		for _, a := range module.Assignments(name) {
			if a.Called {
				found[a.Key] = append(found[a.Key], kept{module, a})
			}
		}
	}
	add(module, name)
	for _, i := range module.Importers(name) {
		add(i.Module, i.Local)
	}
	m.kept[k] = found
	return found
}

// keptWritten is what is assigned at places to a member of what the function in a cell gives.
func (m *Machine) keptWritten(c *Cell, places []kept) (out []written) {
	if c == nil || len(places) > maxPlaces {
		return []written{{computed, nil}}
	}
	for _, p := range places {
		at, ok := m.spotAt(p.module, p.At, js.AssignmentExpression)
		if !ok {
			continue
		}
		called := at.node.Child(js.FieldLeft).Child(js.FieldObject).Child(js.FieldFunction)
		if m.cell(m.Enclosing(at.module, at.unit, at.node), called.Text()) == c {
			out = append(out, m.assignedAt(at)...)
		}
	}
	return out
}
