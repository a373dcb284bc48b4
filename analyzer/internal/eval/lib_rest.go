package eval

import (
	_ "embed"
	"strings"
	"sync"
)

// libraryNames lists the own members of the library's classes in Node 24 and Bun 1.4: a line a class or prototype, with
// what it has; a line that is indented goes on. A name after = is no function, one after ! is a method that changes its
// object.
//
//go:embed library.txt
var libraryNames string

// member of a class of the library, or of its prototype.
type libraryMember struct {
	class, name string
	ofPrototype bool
	isValue     bool // no function
	writes      bool // changes what it is called on, or what it is given
}

var libraryMembers = sync.OnceValue(func() (members []libraryMember) {
	var class string
	var ofPrototype bool
	for line := range strings.Lines(libraryNames) {
		names := strings.Fields(line)
		if line[0] != ' ' {
			class, ofPrototype = strings.CutSuffix(names[0], ".prototype")
			names = names[1:]
		}
		for _, name := range names {
			member := libraryMember{class: class, ofPrototype: ofPrototype}
			member.name, member.isValue = strings.CutPrefix(name, "=")
			member.name, member.writes = strings.CutPrefix(member.name, "!")
			members = append(members, member)
		}
	}
	return members
})

// addRest gives the library's classes the members that are not evaluated: what they give is unknown, but they are there.
func (m *Machine) addRest() {
	for _, member := range libraryMembers() {
		holder, _ := m.library[member.class].(*Object)
		if member.ofPrototype {
			holder = m.prototypes[member.class]
		}
		if holder == nil || holder.own(member.name) != nil {
			continue
		}
		var value Value = m.builtin(member.name, notEvaluated(member))
		if member.isValue {
			value = &Unknown{Key: "library " + member.class + "." + member.name, Expr: member.class + "." + member.name, Why: restOfLibrary}
		}
		holder.set(member.name, &Prop{Value: value, Hidden: true})
	}
}

const restOfLibrary = "a member of the library that is not evaluated"

// notEvaluated is a function of the library that gives something unknown.
func notEvaluated(member libraryMember) Native {
	return func(m *Machine, this Value, args []Value) Value {
		all := append([]Value{this}, args...)
		if member.writes {
			for _, v := range all {
				m.unsettle(v)
			}
		}
		return m.resultOf(m.unknown(restOfLibrary, member.name), all)
	}
}

// unsettle is for an object that was changed in a way that is not known, and those that share its memory.
func (m *Machine) unsettle(v Value) {
	o, ok := m.settled(v).(*Object)
	if !ok || o.fixed == frozen || o.Kind == KindHost {
		return
	}
	raw, isBytes := o.Host.([]byte)
	m.change(o)
	o.Host = nil
	o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("changed in a way that is not known", "..."))
	if isBytes {
		for _, view := range m.views[lastByte(raw)] {
			if view.Host != nil {
				m.unsettle(view)
			}
		}
	}
}
