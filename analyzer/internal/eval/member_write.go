package eval

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
)

// Set sets a property of o.
func (m *Machine) Set(o *Object, key string, v Value) { m.put2(o, key, v) }

// put2 sets a property of o, and is false where it may not be set.
func (m *Machine) put2(o *Object, key string, v Value) bool {
	if o.proxy != nil {
		if r, asked := m.asked(o, "set", keyValue(key), v, o); asked {
			return !Truth(r).isFalse()
		}
		return m.put2(o.proxy.target, key, v)
	}
	if p := o.Lookup(key); p != nil {
		switch {
		case p.Set != nil:
			m.Call(p.Set, o, []Value{v})
			return true
		case p.Get != nil || p.ReadOnly:
			return false
		}
	}
	own := o.own(key)
	isElement := o.Kind == KindArray && ecma.IsArrayIndex(key)
	switch exists := own != nil || isElement && m.hasOwn(o, String(key)) == Value(Bool(true)); {
	case o.fixed == frozen, o.fixed != extensible && !exists:
		return false
	case key == "__proto__" && own == nil && !o.bare:
		setPrototypeOf(m, Undefined, []Value{o, v})
		return true
	}
	if _, isBytes := o.Host.([]byte); isBytes {
		m.unsettle(o)
		return true
	}
	m.change(o)
	switch {
	case o.Kind == KindArray && key == "length":
		m.setLength(o, v)
	case isElement:
		m.setElement(o, key, v)
	case own != nil:
		p := *own
		p.Value, p.state, p.When = v, nil, nil
		o.set(key, &p)
	default:
		o.set(key, &Prop{Value: v})
	}
	return true
}

// setLength makes a list shorter, or longer by holes.
func (m *Machine) setLength(o *Object, v Value) {
	n, ok := m.number(m.settled(v)).(Number)
	size := int(ecma.ToUint32(float64(n)))
	switch {
	case !ok || !isCertain(o.Elems) || len(o.open) > 0:
		if ok && size == 0 {
			o.Elems, o.open = nil, nil
			return
		}
		o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("a list whose length is set", "item"))
	case float64(size) != float64(n):
		m.raise("RangeError", "Invalid array length")
	case size <= len(o.Elems):
		o.Elems = o.Elems[:size:size]
	default:
		m.grow(o, append(o.Elems[:len(o.Elems):len(o.Elems)], holes(min(size, maxElems+1)-len(o.Elems))...))
	}
}

func (m *Machine) setElement(o *Object, key string, v Value) {
	at, _ := ecma.ArrayIndex(key)
	i := int(at)
	m.change(o)
	switch {
	case i > maxElems:
		o.Elems = append(o.Elems[:len(o.Elems):len(o.Elems)], Elem{Value: m.overBudget(boundElems), Each: "..."})
		return
	case !isCertain(o.Elems[:min(i, len(o.Elems))]):
		o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("a list whose element at an unknown place is set", "item"))
		return
	}
	elems := append([]Elem(nil), o.Elems...)
	if i > len(elems) {
		elems = append(elems, holes(i-len(elems))...)
	}
	if i == len(elems) {
		elems = append(elems, Elem{})
	}
	elems[i] = Elem{Value: v}
	o.Elems = elems
}

// remove takes a property out of o, and tells whether it may be.
func (m *Machine) remove(o *Object, key string) Value {
	if o.proxy != nil {
		if r, asked := m.asked(o, "deleteProperty", keyValue(key)); asked {
			return truthValue(Truth(r))
		}
		return m.remove(o.proxy.target, key)
	}
	p := o.own(key)
	isElement := p == nil && o.Kind == KindArray && ecma.IsArrayIndex(key)
	switch {
	case o.Kind == KindArray && key == "length":
		return Bool(false)
	case p == nil && (!isElement || m.hasOwn(o, String(key)) == Value(Bool(false))):
		if len(o.open) > 0 {
			m.change(o)
			o.set(key, &Prop{Value: Undefined, Hidden: true})
		}
		return Bool(true)
	case o.fixed >= sealed || p != nil && p.Lasting:
		return Bool(false)
	}
	m.change(o)
	if !isElement {
		o.props.remove(key)
		return Bool(true)
	}
	m.setElement(o, key, Undefined)
	if i, _ := ecma.ArrayIndex(key); int(i) < len(o.Elems) {
		o.Elems[i].Hole = true
	}
	return Bool(true)
}

// assignTo assigns v to a name, a property or a pattern.
func (m *Machine) assignTo(target js.Node, v Value, env *Env) {
	switch target.Kind() {
	case js.Identifier, js.ShorthandPropertyIdentifierPattern, js.ShorthandPropertyIdentifier:
		c := m.cell(env, target.Text())
		switch {
		case c == nil:
			if isStrict(target) && !env.looksInto() {
				m.raise("ReferenceError", target.Text()+" is not defined")
			} else if m.space.own(target.Text()) == nil && !env.looksInto() {
				m.put2(m.space, target.Text(), v)
			}
		case c.fixed:
			m.raise("TypeError", "Assignment to constant variable.")
		default:
			m.assign(c, v)
		}
	case js.ParenthesizedExpression:
		m.assignTo(target.FirstChild(), v, env)
	case js.MemberExpression, js.SubscriptExpression:
		m.assignMember(target, v, env)
	case js.ObjectPattern, js.Object, js.ArrayPattern, js.Array, js.AssignmentPattern, js.ObjectAssignmentPattern,
		js.AssignmentExpression, js.RestPattern, js.SpreadElement:
		m.bind(target, v, env, func(name js.Node, v Value) { m.assignTo(name, v, env) })
	}
}

// reference is where a property stands: what is written there is read there.
type reference struct {
	base, key Value
	super     bool
}

// reference evaluates the object and the key of a property.
func (m *Machine) reference(n js.Node, env *Env) reference {
	object := n.Child(js.FieldObject)
	r := reference{super: object.Kind() == js.Super}
	if r.super {
		r.base = m.this(env)
	} else {
		r.base = m.Eval(object, env)
	}
	if n.Kind() == js.SubscriptExpression {
		r.key = m.Eval(n.Child(js.FieldIndex), env)
	} else {
		r.key = String(m.memberName(n.Child(js.FieldProperty)))
	}
	return r
}

func (m *Machine) assignMember(target js.Node, v Value, env *Env) {
	m.assignAt(target, m.reference(target, env), v)
}

// assignAt sets a property.
func (m *Machine) assignAt(target js.Node, r reference, v Value) {
	m.byKey(r.key, func(key string, known bool) Value { return m.assignUnder(target, r.base, key, known, v) })
}

// assignUnder sets a property of a name; known is false for one that may be any.
func (m *Machine) assignUnder(target js.Node, base Value, key string, known bool, v Value) Value {
	return m.lift(base, func(base Value) Value {
		o, isObject := base.(*Object)
		switch {
		case isAbsent(base):
			if m.catching > 0 {
				m.raise("TypeError", "Cannot set properties of "+primitiveString(base)+" (setting '"+keyText(key)+"')")
			}
		case !isObject:
		case !known:
			m.change(o)
			o.open = append(o.open[:len(o.open):len(o.open)], m.unknownAt(target, "property", "assigned under an unknown key"))
		default:
			m.nameValue(v, key)
			if !m.put2(o, key, v) && isStrict(target) {
				m.raise("TypeError", "Cannot assign to read only property '"+keyText(key)+"' of object")
			}
		}
		return Undefined
	})
}

// isStrict reports whether a place is in strict code, by a directive or a class around it.
func isStrict(n js.Node) bool {
	for ; n.Valid(); n = n.Parent() {
		switch n.Kind() {
		case js.Class, js.ClassDeclaration:
			return true
		case js.StatementBlock, js.Program:
			if first := n.FirstChild(); first.Kind() == js.ExpressionStatement {
				if s := first.FirstChild(); s.Kind() == js.String && strings.Trim(s.Text(), `"'`) == "use strict" {
					return true
				}
			}
		}
	}
	return false
}

func (m *Machine) deleteMember(n js.Node, env *Env) Value {
	for n.Kind() == js.ParenthesizedExpression {
		n = n.FirstChild()
	}
	if n.Kind() != js.MemberExpression && n.Kind() != js.SubscriptExpression {
		if n.Kind() != js.Identifier {
			m.Eval(n, env)
		}
		return Bool(n.Kind() != js.Identifier)
	}
	r := m.reference(n, env)
	return m.byKey(r.key, func(key string, known bool) Value { return m.deleteUnder(n, r.base, key, known) })
}

// deleteUnder deletes a property of a name; known is false for one that may be any.
func (m *Machine) deleteUnder(n js.Node, base Value, key string, known bool) Value {
	return m.lift(base, func(base Value) Value {
		o, isObject := base.(*Object)
		switch {
		case isAbsent(base) && !chained(n):
			return m.raise("TypeError", "Cannot convert undefined or null to object")
		case !isObject && !isUnknown(base):
			return Bool(true)
		case !isObject || !known:
			if isObject {
				m.change(o)
				o.open = append(o.open[:len(o.open):len(o.open)], m.unknownAt(n, "property", "deleted under an unknown key"))
			}
			return m.unknownAt(n, "delete", "deletes something unknown")
		}
		done := m.remove(o, key)
		if done == Value(Bool(false)) && isStrict(n) {
			return m.raise("TypeError", "Cannot delete property '"+keyText(key)+"' of object")
		}
		return done
	})
}
