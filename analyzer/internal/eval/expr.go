package eval

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/schema"
)

// Eval returns what an expression evaluates to in a scope.
func (m *Machine) Eval(n js.Node, env *Env) Value {
	kind := n.Kind()
	if takesStep(kind) && m.spent() || m.steps > m.limit {
		return outOfBudget
	}
	switch kind {
	case js.Identifier, js.ShorthandPropertyIdentifier:
		if m.config.Trail != nil {
			return m.trailed(TrailName, n, env, m.identifier)
		}
		return m.identifier(n, env)
	case js.Undefined:
		return Undefined
	case js.Null:
		return Null
	case js.True:
		return Bool(true)
	case js.False:
		return Bool(false)
	case js.Number:
		return number(n)
	case js.String:
		return stringLiteral(n)
	case js.TemplateString, js.Object, js.Array:
		return m.delimited(n, env)
	case js.Regex:
		return m.regexp(n.ChildOfKind(js.RegexPattern).Text(), n.ChildOfKind(js.RegexFlags).Text())
	case js.FunctionExpression, js.ArrowFunction, js.GeneratorFunction, js.FunctionDeclaration, js.GeneratorFunctionDeclaration:
		return m.closure(n, env)
	case js.Class, js.ClassDeclaration:
		return m.class(n, env)
	case js.ParenthesizedExpression:
		return m.Eval(n.FirstChild(), env)
	case js.AwaitExpression:
		v := m.Eval(n.FirstChild(), env)
		m.later = m.later || env.isCalled()
		return m.await(v)
	case js.SequenceExpression:
		return m.sequence(n, env)
	case js.MemberExpression, js.SubscriptExpression:
		v, _ := m.member(n, env)
		return v
	case js.CallExpression:
		if m.config.Trail != nil {
			return m.trailed(TrailCall, n, env, m.call)
		}
		return m.call(n, env)
	case js.NewExpression:
		return m.construct(n, env)
	case js.TernaryExpression:
		return m.fork(m.Condition(n.Child(js.FieldCondition), env),
			func() Value { return m.Eval(n.Child(js.FieldConsequence), env) },
			func() Value { return m.Eval(n.Child(js.FieldAlternative), env) })
	case js.BinaryExpression:
		return m.binary(n, env)
	case js.UnaryExpression:
		return m.unary(n, env)
	case js.UpdateExpression:
		return m.update(n, env)
	case js.AssignmentExpression:
		if v, ok := m.assignedOnce(n, env); ok {
			return v
		}
		v := m.Eval(n.Child(js.FieldRight), env)
		m.nameFunction(v, n.Child(js.FieldLeft))
		m.assignTo(n.Child(js.FieldLeft), v, env)
		return v
	case js.AugmentedAssignment:
		return m.augmented(n, env)
	case js.This:
		return m.this(env)
	case js.Super:
		return m.unknownAt(n, "super", "super outside a call or member")
	case js.YieldExpression:
		return m.yield(n, env)
	case js.MetaProperty:
		return m.metaProperty(n, env)
	case js.SpreadElement:
		return m.Eval(n.FirstChild(), env)
	}
	return m.unknownAt(n, "expression", "an expression of a kind that is not evaluated")
}

// takesStep tells the expressions that count as a step: those that get at something or make something. How a program
// writes the same in other words, such as a sequence for statements or a constant for its name, must not change where an
// evaluation ends.
func takesStep(kind js.Kind) bool {
	switch kind {
	case js.MemberExpression, js.SubscriptExpression, js.CallExpression, js.NewExpression, js.Object, js.Array:
		return true
	}
	return false
}

func (m *Machine) identifier(n js.Node, env *Env) Value {
	name := n.Text()
	if c := m.cell(env, name); c != nil {
		v := m.force(c)
		if ch, ok := v.(*Choice); ok {
			if b, known := m.decide(ch.Cond); known {
				return pick(ch, b)
			}
		}
		return v
	}
	switch name {
	case "undefined":
		return Undefined
	case "arguments":
		return m.unknownAt(n, "arguments", "arguments object")
	case "require":
		return m.requireFrom(env.root().module)
	}
	if v, ok := m.ownFile(env.root().module, name); ok {
		return v
	}
	if v, ok := m.library[name]; ok {
		return v
	}
	if p := m.space.own(name); p != nil {
		return m.read(p, m.space)
	}
	m.Stats.Unresolved[name]++
	if _, ofHost := ofHost[name]; !ofHost && m.catching > 0 && !env.looksInto() {
		m.raise("ReferenceError", name+" is not defined")
	}
	return &Unknown{Key: "global:" + name, Expr: name, Why: "nothing declares this name"}
}

func number(n js.Node) Value {
	text := n.Text()
	if b, ok := ecma.ParseBigInt(text); ok {
		return BigInt(b.String())
	}
	f, ok := ecma.ParseNumber(text)
	if !ok {
		return BigInt(text)
	}
	return Number(f)
}

func stringLiteral(n js.Node) Value {
	s, err := js.DecodeString(n.Text())
	if err != nil {
		return &Unknown{Key: place(n), Expr: shorten(n.Text()), Why: err.Error()}
	}
	return String(s)
}

// delimited evaluates a template, an object or a list. Nothing is known of one that the program does not close.
func (m *Machine) delimited(n js.Node, env *Env) Value {
	if !n.Closed() {
		return &Unknown{Key: place(n), Expr: shorten(n.Text()), Why: "it is not closed"}
	}
	switch n.Kind() {
	case js.TemplateString:
		return m.template(n, env)
	case js.Object:
		return m.object(n, env)
	}
	return m.array(n, env)
}

func (m *Machine) template(n js.Node, env *Env) Value {
	var parts []Part
	chunk := func(from, to uint32) {
		if from < to {
			raw := string(n.Tree().Src[from:to])
			s, err := js.DecodeTemplate(raw)
			if err != nil {
				s = raw
			}
			parts = append(parts, Part{Lit: s})
		}
	}
	at := n.Start() + 1
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() != js.TemplateSubstitution {
			continue
		}
		chunk(at, c.Start())
		at = c.End()
		parts = append(parts, m.pieces(m.Eval(c.FirstChild(), env))...)
	}
	chunk(at, n.End()-1)
	return makeText(parts)
}

// sequence evaluates expressions one after the other. Where a function is only looked into, what comes before the last
// one is left out, as are the statements as which another build writes it.
func (m *Machine) sequence(n js.Node, env *Env) Value {
	v := Undefined
	if env.looksInto() {
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			n = c
		}
		return m.Eval(n, env)
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		v = m.Eval(c, env)
	}
	return v
}

func (m *Machine) array(n js.Node, env *Env) Value {
	out := m.newArray(nil)
	at := n.Start() + 1
	hole := func(count int) {
		for range count {
			out.Elems = append(out.Elems, Elem{Value: Undefined, Hole: true})
		}
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		between := commas(n.Tree().Src[at:c.Start()])
		if at > n.Start()+1 {
			between-- // the one that ends the element before
		}
		hole(between)
		at = c.End()
		v := m.Eval(c, env)
		if c.Kind() == js.SpreadElement {
			m.grow(out, append(out.Elems, m.iterated(v)...))
			continue
		}
		out.Elems = append(out.Elems, Elem{Value: v})
	}
	if rest := commas(n.Tree().Src[at : n.End()-1]); !n.FirstChild().Valid() {
		hole(rest)
	} else {
		hole(rest - 1) // the last comma ends the last element
	}
	return out
}

// spread returns the elements that `...v` puts into an array or an argument list.
func (m *Machine) spread(v Value) []Elem {
	switch v := v.(type) {
	case *Object:
		return m.spreadObject(v)
	case String:
		return m.characters(string(v))
	case *Choice:
		if c, known := m.decide(v.Cond); known {
			return m.spread(pick(v, c))
		}
		return m.joinElems(v.Cond, m.spread(v.Then), m.spread(v.Else))
	case undefined, null:
		return nil
	case *Unknown:
		if v.Default != nil {
			if d, ok := v.Default.(*Object); ok && len(d.Elems) == 0 {
				break
			}
		}
		return []Elem{{Value: m.item(v), Each: v.Expr}}
	}
	return []Elem{{Value: m.unknown("element of "+m.Describe(v), "item"), Each: m.Describe(v)}}
}

// iterated is spread where a value that can't be gone through is an error.
func (m *Machine) iterated(v Value) []Elem {
	switch v.(type) {
	case Number, Bool, BigInt, *Symbol:
		if m.catching > 0 {
			m.raise("TypeError", m.Describe(v)+" is not iterable")
		}
	}
	return m.spread(v)
}

func (m *Machine) spreadObject(o *Object) []Elem {
	switch {
	case o.proxy != nil:
	case o.Kind == KindArray && (o.Proto == nil || m.find(o, symbolIterator) == m.prototypes["Array"].own(symbolIterator)):
		elems := o.Elems
		for i, e := range elems {
			if e.Hole {
				if &elems[0] == &o.Elems[0] {
					elems = append([]Elem(nil), o.Elems...)
				}
				elems[i].Hole = false
			}
		}
		for _, u := range o.open {
			elems = append(elems[:len(elems):len(elems)], Elem{Value: m.item(u), Each: u.Expr})
		}
		return elems
	case o.Kind == KindSet && o.Proto == nil:
		return o.Elems
	case o.Kind == KindMap && o.Proto == nil:
		return pairs(m, o).Elems
	}
	return m.drained(m.stepsOf(o))
}

// item is what stands for any element of an unknown collection.
func (m *Machine) item(of *Unknown) *Unknown {
	u := &Unknown{Key: bounded(of.Key + elementMark), Expr: bounded(of.Expr + elementMark), Why: of.Why, role: element}
	if s := of.Subject; s != nil && s.Kind == schema.KindArgument {
		u.Subject = &Subject{Kind: s.Kind, Name: s.Name + elementMark}
		return u
	}
	return u.madeOf(of)
}

// elementMark is written behind a list where any element of it is meant.
const elementMark = "[]"

func (m *Machine) object(n js.Node, env *Env) Value {
	o := m.newObject(KindObject)
	o.Site = m.site(n)
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.Pair:
			if c.Child(js.FieldKey).Kind() == js.ComputedPropertyName {
				m.computedPair(o, c, env)
				continue
			}
			key, ok := m.key(c.Child(js.FieldKey), env)
			v := m.Eval(c.Child(js.FieldValue), env)
			if !ok {
				o.open = append(o.open, m.unknownAt(c.Child(js.FieldKey), "property", "computed key"))
				continue
			}
			if key == "__proto__" {
				switch proto := v.(type) {
				case *Object:
					o.Proto = proto
				case null:
					o.bare = true
				}
				continue
			}
			m.nameValue(v, key)
			o.set(key, &Prop{Value: v})
		case js.ShorthandPropertyIdentifier:
			o.set(propertyName(c), &Prop{Value: m.identifier(c, env)})
		case js.SpreadElement:
			m.copyInto(o, m.Eval(c.FirstChild(), env), nil)
		case js.MethodDefinition:
			m.defineMethod(o, c, env, false)
		}
	}
	m.madeObject(n, o)
	return o
}

// propertyName is the name that an identifier gives a property: some bundlers write it with escapes.
func propertyName(n js.Node) string {
	name := n.Text()
	if strings.IndexByte(name, '\\') < 0 {
		return name
	}
	if s, err := js.DecodeTemplate(name); err == nil {
		return s
	}
	return name
}

// copyInto adds the properties of v to o, as a spread or Object.assign does; when, if not nil, is the condition.
func (m *Machine) copyInto(o *Object, v Value, when *Cond) {
	switch v := v.(type) {
	case *Object:
		m.copyObject(o, v, when)
	case *Choice:
		if c, known := m.decide(v.Cond); known {
			m.copyInto(o, pick(v, c), when)
			return
		}
		m.copyInto(o, v.Then, and(orTrue(when), v.Cond))
		m.copyInto(o, v.Else, and(orTrue(when), not(v.Cond)))
	case String:
		for i, e := range m.pieces16(string(v), "") {
			m.change(o)
			o.set(ecma.FormatIndex(i), &Prop{Value: e.Value, When: when})
		}
	case *Unknown:
		if v.Default == Undefined || v.Default == Null || v.Default == Bool(false) {
			return
		}
		m.change(o)
		o.open = append(o.open[:len(o.open):len(o.open)], v)
	}
}

func (m *Machine) copyObject(o, from *Object, when *Cond) {
	m.change(o)
	if from.proxy != nil {
		entries, ok := m.proxyEntries(from)
		if !ok {
			o.open = append(o.open[:len(o.open):len(o.open)], m.unknown("properties of a proxy", "Proxy"))
		}
		for _, p := range entries {
			o.set(p.key, &Prop{Value: p.value(), When: whenOf(orTrue(when))})
		}
		return
	}
	if from.Kind == KindArray {
		for i, e := range from.Elems {
			if e.Hole {
				continue
			}
			if o.Kind == KindArray && when == nil && e.When == nil {
				m.setElement(o, ecma.FormatIndex(i), e.Value)
				continue
			}
			o.set(ecma.FormatIndex(i), &Prop{Value: e.Value, When: whenOf(and(orTrue(when), orTrue(e.When)))})
		}
	}
	for _, k := range ecma.OrderKeys(from.AllKeys()) {
		p := from.own(k)
		if p == nil || p.Hidden {
			continue
		}
		v := m.read(p, from)
		cond := and(orTrue(when), orTrue(p.When))
		old := o.own(k)
		if !cond.isTrue() && old != nil {
			v = m.choose(cond, v, m.read(old, o))
			cond = or(cond, orTrue(old.When))
		}
		o.set(k, &Prop{Value: v, When: whenOf(cond)})
	}
	if len(from.open) > 0 {
		o.open = append(o.open[:len(o.open):len(o.open)], from.open...)
	}
}

func (m *Machine) this(env *Env) Value {
	f := env.frame()
	o, _ := f.this.(*Object)
	switch {
	case f.this == nil:
		return Undefined
	case o != nil && o.pending:
		m.raise("ReferenceError", "Must call super constructor in derived class before accessing 'this' or returning from derived constructor")
	case f.this == Undefined && f.callee != nil && f.callee.Func.class == nil && !isStrict(f.callee.Func.Node):
		// it is the global object there, but for a module's code, as most programs are bundled
		return &Unknown{Key: "this", Expr: "this", Why: "this of a plain call", Default: Undefined}
	}
	return f.this
}

func (m *Machine) site(n js.Node) Site { return Site{n.Tree().Module, n.Start(), n.End()} }
