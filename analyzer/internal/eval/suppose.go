package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// Suppose tells m what is passed for something that is not known: for a parameter of a function that is not called here,
// or a member of it, by its Key. An object stands in its place; anything else is what it is in the default world.
func (m *Machine) Suppose(key string, v Value) {
	if m.supposed == nil {
		m.supposed = map[string]Value{}
	}
	m.supposed[key] = v
	// what was found before rests on what is now known better
	clear(m.enclosing)
	for k := range m.memo {
		if k.open {
			delete(m.memo, k)
		}
	}
}

// SupposeOptions tells m what the options of the program's command are by default, by their names: what is read under one
// of them, of what a caller passes or is made of the command line, is that in the default world.
func (m *Machine) SupposeOptions(defaults map[string]Value) { m.options = defaults }

// isPassed tells something unknown that a caller passes, or that is made of the command line, as parsers of options do.
func isPassed(u *Unknown) bool {
	return u.Subject != nil && u.Subject.Kind == schema.KindArgument || u.command
}

// supposedMember is a property of something unknown, or what that is supposed to be.
func (m *Machine) supposedMember(of *Unknown, key string, optional bool) Value {
	r := m.unknownMember(of, key, optional)
	u, ok := r.(*Unknown)
	if !ok || u.Default != nil {
		return r
	}
	v, ok := m.supposed[u.Key]
	if !ok && isPassed(of) && m.options[key] != nil {
		v, ok = m.options[key], true
	}
	if !ok {
		return r
	}
	if o, ok := Default(v).(*Object); ok {
		return o
	}
	known := *u
	known.Default = v
	return &known
}

// isSupposed tells an object that stands for something that is not known.
func (m *Machine) isSupposed(v Value) bool {
	o, ok := v.(*Object)
	if !ok {
		return false
	}
	for _, s := range m.supposed {
		if Default(s) == o {
			return true
		}
	}
	return false
}

// Place is a function of a module, or a call of one.
type Place struct {
	Module int
	Unit   int32
	Node   js.Node
}

// Calls finds the calls of a function that its module keeps under a name, there and where it is imported.
func (m *Machine) Calls(f js.Node) (calls []Place) {
	module := m.Program.Modules[f.Tree().Module]
	unit := module.Index().UnitAt(f.Start())
	if unit < 0 {
		return nil
	}
	mentions, find := m.mentionsOf(spot{module, unit, f})
	if find == nil || len(mentions) > maxMentions {
		return nil
	}
	for _, at := range mentions {
		if call, ok := find(at); ok {
			calls = append(calls, Place{call.module.ID, call.unit, call.node})
		}
	}
	return calls
}

// maxMentions bounds how many places are looked at for the calls of one function.
const maxMentions = 64
