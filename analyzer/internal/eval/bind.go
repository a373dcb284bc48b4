package eval

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// bind takes v apart by a binding pattern; declare gets each name with its value.
func (m *Machine) bind(p js.Node, v Value, env *Env, declare func(name js.Node, v Value)) {
	switch p.Kind() {
	case js.ObjectPattern, js.Object:
		m.bindObject(p, v, env, declare)
	case js.ArrayPattern, js.Array:
		m.bindArray(p, v, env, declare)
	case js.AssignmentPattern, js.ObjectAssignmentPattern, js.AssignmentExpression:
		left := p.Child(js.FieldLeft)
		v = m.withDefault(v, p.Child(js.FieldRight), env)
		m.nameFunction(v, left)
		m.bind(left, v, env, declare)
	case js.RestPattern, js.SpreadElement:
		m.bind(p.FirstChild(), v, env, declare)
	default:
		declare(p, v)
	}
}

// withDefault is v, or what def evaluates to where v is undefined.
func (m *Machine) withDefault(v Value, def js.Node, env *Env) Value {
	return m.lift(v, func(v Value) Value {
		switch v := v.(type) {
		case undefined:
			return m.Eval(def, env)
		case *Unknown:
			if v.Default == Undefined {
				return m.fork(nullish(v), func() Value { return m.Eval(def, env) }, func() Value { return v })
			}
			if v.Default == nil {
				// what a caller may leave out is, in the default world, what the program puts there
				if d := m.Eval(def, env); !isUnknown(d) {
					u := *v
					u.Default = d
					return &u
				}
			}
		}
		return v
	})
}

func (m *Machine) bindObject(p js.Node, v Value, env *Env, declare func(js.Node, Value)) {
	if v := m.settled(v); isAbsent(v) && m.catching > 0 {
		m.raise("TypeError", "Cannot destructure '"+primitiveString(v)+"' as it is "+primitiveString(v)+".")
	}
	var taken []string
	for c := p.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.PairPattern, js.Pair:
			part := Value(m.unknownAt(c, "property", "computed key of a pattern"))
			if name := c.Child(js.FieldKey); name.Kind() == js.ComputedPropertyName {
				key := m.Eval(name.FirstChild(), env)
				part = m.index(v, key, true)
				if k, ok := m.propertyKey(key); ok {
					taken = append(taken, k)
				}
			} else if key, ok := m.key(name, env); ok {
				taken = append(taken, key)
				part = m.get(v, key, true)
			}
			m.bind(c.Child(js.FieldValue), part, env, declare)
		case js.ShorthandPropertyIdentifierPattern, js.ShorthandPropertyIdentifier:
			taken = append(taken, propertyName(c))
			declare(c, m.get(v, propertyName(c), true))
		case js.ObjectAssignmentPattern:
			left := c.Child(js.FieldLeft)
			taken = append(taken, propertyName(left))
			declare(left, m.withDefault(m.get(v, propertyName(left), true), c.Child(js.FieldRight), env))
		case js.RestPattern, js.SpreadElement:
			rest := m.newObject(KindObject)
			m.copyWithout(rest, v, taken)
			m.bind(c.FirstChild(), rest, env, declare)
		}
	}
}

// copyWithout copies the properties of v but for those of some names.
func (m *Machine) copyWithout(rest *Object, v Value, names []string) {
	if o, ok := m.settled(v).(*Object); ok && o.proxy == nil && len(o.open) == 0 && o.Kind == KindObject {
		for _, p := range m.properties(o) {
			if !p.hidden && !slices.Contains(names, p.key) {
				rest.set(p.key, &Prop{Value: p.value(), When: p.when})
			}
		}
		for _, k := range o.AllKeys() {
			if p := o.own(k); isSymbolKey(k) && !p.Hidden && !slices.Contains(names, k) {
				rest.set(k, &Prop{Value: m.read(p, o), When: p.When})
			}
		}
		return
	}
	m.copyInto(rest, v, nil)
	for _, k := range names {
		rest.props.remove(k)
	}
}

// bindArray takes elements by their positions out of a list that is known, and one by one out of what is gone through.
func (m *Machine) bindArray(p js.Node, v Value, env *Env, declare func(js.Node, Value)) {
	take, rest, end := m.taker(v)
	// a hole `[,b]` leaves no node: positions are counted by the commas between
	i := 0
	at := p.Start() + 1
	for c := p.FirstChild(); c.Valid(); c = c.Next() {
		i += commas(p.Tree().Src[at:c.Start()])
		at = c.End()
		if c.Kind() == js.RestPattern || c.Kind() == js.SpreadElement {
			m.bind(c.FirstChild(), rest(i), env, declare)
			return
		}
		m.bind(c, take(i), env, declare)
	}
	end()
}

// taker returns how the elements of a value are taken in ascending order of their positions.
func (m *Machine) taker(v Value) (take func(i int) Value, rest func(i int) Value, end func()) {
	v = m.settled(v)
	o, isObject := v.(*Object)
	switch {
	case isAbsent(v) || isPrimitive(v) && !isString(v):
		if m.catching > 0 {
			m.raise("TypeError", m.Describe(v)+" is not iterable")
		}
	case isObject && (o.Kind != KindArray || o.proxy != nil) && o.Kind != KindHost, isString(v) && !isText(v):
		return m.stepTaker(m.stepsOf(v))
	}
	return func(i int) Value { return m.nth(v, i) }, func(i int) Value { return m.restOf(v, i) }, func() {}
}

// restOf is the list of the elements from a position on.
func (m *Machine) restOf(v Value, i int) Value {
	return m.lift(v, func(v Value) Value {
		list := m.newArray(nil)
		elems := m.spread(v)
		if o, ok := v.(*Object); ok && i > 0 && !isCertain(elems[:min(i, len(elems))]) {
			u := m.uncertain(o, "slice", nil).(*Unknown)
			list.Elems = []Elem{{Value: m.item(u), Each: u.Expr}}
			return list
		}
		if u, ok := v.(*Unknown); ok {
			list.Elems = []Elem{{Value: m.item(u), Each: u.Expr}}
			return list
		}
		if i <= len(elems) {
			list.Elems = elems[i:]
		}
		return list
	})
}

// stepTaker takes elements from what is gone through.
func (m *Machine) stepTaker(s stepper) (take func(i int) Value, rest func(i int) Value, end func()) {
	next, done := 0, false
	var open *Unknown
	step := func() (Elem, bool) {
		if done {
			return Elem{}, false
		}
		e, ok := s.next()
		done = !ok
		next++
		return e, ok
	}
	take = func(i int) Value {
		for {
			if open != nil {
				return m.item(open)
			}
			e, ok := step()
			switch {
			case !ok:
				return Undefined
			case !m.presence(e).isTrue():
				open = m.unknown("element of a list that depends on conditions", "item")
				continue
			case next > i:
				return e.Value
			}
		}
	}
	rest = func(i int) Value {
		list := m.newArray(nil)
		for next < i {
			if _, ok := step(); !ok {
				return list
			}
		}
		if open != nil {
			list.Elems = []Elem{{Value: m.item(open), Each: open.Expr}}
			return list
		}
		list.Elems = m.drained(s)
		return list
	}
	return take, rest, func() {
		if !done {
			s.close()
		}
	}
}

func (m *Machine) nth(v Value, i int) Value {
	return m.lift(v, func(v Value) Value {
		if o, ok := v.(*Object); ok && o.Kind != KindArray && o.proxy == nil {
			elems := m.spread(o)
			if i < len(elems) {
				return elems[i].Value
			}
			return Undefined
		}
		return m.get(v, strconv.Itoa(i), true)
	})
}

// commas counts those in the source between two nodes, without those in comments.
func commas(b []byte) (n int) {
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == ',':
			n++
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '/':
			i += max(0, bytes.IndexByte(b[i:], '\n'))
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '*':
			i += max(0, bytes.Index(b[i:], []byte("*/")))
		}
	}
	return n
}
