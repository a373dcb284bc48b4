package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// statefulField lets a field of an instance that methods of its class assign find what it holds when it is asked for. An
// instance that an evaluation has made itself holds what the evaluation has put there.
func (m *Machine) statefulField(o *Object, n js.Node, key string) {
	p := o.own(key)
	if isStatic(n) || !startsState(p.Value) {
		return
	}
	places := m.fieldWrites(n.Parent())[key]
	if len(places) == 0 {
		return
	}
	module := m.Program.Modules[n.Tree().Module]
	unit := module.Index().UnitAt(n.Start())
	s := slot{key: "state " + place(n), label: fieldLabel(n, key)}
	m.statefulMember(p, func(initial Value) Value {
		return m.state(s, initial, func() []written { return m.fieldWritten(module, unit, places) })
	})
}

// fieldWritten is what methods assign to a field.
func (m *Machine) fieldWritten(module *scope.Module, unit int32, places []js.Node) (out []written) {
	if len(places) > maxPlaces {
		return []written{{computed, nil}}
	}
	for _, assignment := range places {
		out = append(out, m.assignedAt(spot{module, unit, assignment})...)
	}
	return out
}

// fieldWrites are the assignments to members of this in the methods of a class, by member.
func (m *Machine) fieldWrites(body js.Node) map[string][]js.Node {
	k := nodeKey{body.Tree(), body.Index()}
	if w, ok := m.fields[k]; ok {
		return w
	}
	w := map[string][]js.Node{}
	for c := body.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() != js.MethodDefinition || c.Child(js.FieldName).Text() == "constructor" || isStatic(c) {
			continue
		}
		for i := int(c.Index()) + 1; i < c.After(); i++ {
			n := c.Tree().At(i)
			if n.Kind() != js.AssignmentExpression {
				continue
			}
			left := n.Child(js.FieldLeft)
			if left.Kind() == js.MemberExpression && left.Child(js.FieldObject).Kind() == js.This {
				key := m.memberName(left.Child(js.FieldProperty))
				w[key] = append(w[key], n)
			}
		}
	}
	m.fields[k] = w
	return w
}

// fieldLabel is what a reader knows a field by: a private one by the method that gives it.
func fieldLabel(n js.Node, key string) string {
	if key[0] != '#' {
		return key
	}
	for c := n.Parent().FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() != js.MethodDefinition {
			continue
		}
		only := c.Child(js.FieldBody).FirstChild()
		if given := only.FirstChild(); only.Kind() == js.ReturnStatement && given.Text() == "this."+keyAsWritten(key) {
			return c.Child(js.FieldName).Text()
		}
	}
	return "privateState"
}
