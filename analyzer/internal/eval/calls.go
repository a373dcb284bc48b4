package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// nameOfFunction is the name under which a module keeps a function.
func nameOfFunction(f js.Node) string {
	name := f.Child(js.FieldName)
	switch p := f.Parent(); p.Kind() {
	case js.VariableDeclarator:
		name = p.Child(js.FieldName)
	case js.AssignmentExpression:
		name = p.Child(js.FieldLeft)
	}
	if name.Kind() != js.Identifier {
		return ""
	}
	return name.Text()
}

// mention is a place at which a function seems to be called.
type mention struct {
	module *scope.Module
	at     uint32
}

// callsOf finds the calls of a function. whole is false where there are too many to be looked at, or one stands in a
// statement that is too long for it.
func (m *Machine) callsOf(f spot) (calls []spot, whole bool) {
	mentions, find := m.mentionsOf(f)
	if find == nil || len(mentions) > maxCallers {
		return nil, false
	}
	whole = true
	for _, at := range mentions {
		if index := at.module.Index(); !worthParsing(index, index.UnitAt(at.at)) {
			whole = false
		} else if call, ok := find(at); ok {
			calls = append(calls, call)
		}
	}
	return calls, whole
}

// worthParsing tells a statement that is not too long to look at for one call.
func worthParsing(index *js.Index, unit int32) bool {
	return unit >= 0 && index.Units[unit].End-index.Units[unit].Start <= maxCallerBytes
}

// mentionsOf finds the places at which a function may be called: by the name that its module keeps it under, there and
// where it is imported; a method, in its module. find says whether one is a call, and is nil where nothing can be found.
func (m *Machine) mentionsOf(f spot) (mentions []mention, find func(mention) (spot, bool)) {
	if f.node.Kind() == js.MethodDefinition {
		name, text := f.node.Child(js.FieldName).Text(), f.module.Text
		for at := range js.Members(text, name) {
			if end := at + len(name); end < len(text) && text[end] == '(' {
				mentions = append(mentions, mention{f.module, uint32(at)})
			}
		}
		return mentions, m.methodCallAt
	}
	name := nameOfFunction(f.node)
	c := m.global(f.module, -1, name)
	if c == nil {
		return nil, nil
	}
	for _, at := range f.module.Calls(name) {
		mentions = append(mentions, mention{f.module, at})
	}
	for _, i := range f.module.Importers(name) {
		for _, at := range i.Module.Calls(i.Local) {
			mentions = append(mentions, mention{i.Module, at})
		}
	}
	return mentions, func(at mention) (spot, bool) { return m.callAt(c, at) }
}

// callAt is the call at a place of what a cell holds.
func (m *Machine) callAt(c *Cell, at mention) (spot, bool) {
	call, ok := m.spotAt(at.module, at.at, js.CallExpression)
	name := call.node.Child(js.FieldFunction)
	for ok && name.Kind() == js.MemberExpression { // as in f().g(), which begins where f() does
		inner := name.Child(js.FieldObject)
		if name = inner; inner.Kind() == js.CallExpression {
			call.node, name = inner, inner.Child(js.FieldFunction)
		}
	}
	return call, ok && name.Kind() == js.Identifier && m.cell(m.Enclosing(call.module, call.unit, call.node), name.Text()) == c
}

// methodCallAt is the call of a method whose name stands at a place.
func (m *Machine) methodCallAt(at mention) (spot, bool) {
	kind := js.PropertyIdentifier
	if at.module.Text[at.at] == '#' {
		kind = js.PrivatePropertyIdentifier
	}
	name, ok := m.spotAt(at.module, at.at, kind)
	call := name.node.Parent().Parent()
	return spot{name.module, name.unit, call}, ok && call.Kind() == js.CallExpression
}
