package eval

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/ecma"
)

// Eval returns what an expression evaluates to in a scope.
func (m *Machine) Eval(n js.Node, env *Env) Value {
	kind := n.Kind()
	if takesStep(kind) && m.spent() || m.steps > m.limit {
		return outOfBudget
	}
	switch kind {
	case js.Identifier, js.ShorthandPropertyIdentifier:
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
	case js.TemplateString:
		return m.template(n, env)
	case js.Regex:
		return m.regexp(n.ChildOfKind(js.RegexPattern).Text(), n.ChildOfKind(js.RegexFlags).Text())
	case js.Object:
		return m.object(n, env)
	case js.Array:
		return m.array(n, env)
	case js.FunctionExpression, js.ArrowFunction, js.GeneratorFunction, js.FunctionDeclaration, js.GeneratorFunctionDeclaration:
		return m.closure(n, env)
	case js.Class, js.ClassDeclaration:
		return m.class(n, env)
	case js.ParenthesizedExpression, js.AwaitExpression:
		return m.Eval(n.FirstChild(), env)
	case js.SequenceExpression:
		return m.sequence(n, env)
	case js.MemberExpression, js.SubscriptExpression:
		v, _ := m.member(n, env)
		return v
	case js.CallExpression:
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
	if v, ok := m.library[name]; ok {
		return v
	}
	m.Stats.Unresolved[name]++
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
			out.Elems = append(out.Elems, Elem{Value: Undefined})
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
			out.Elems = append(out.Elems, m.spread(v)...)
			continue
		}
		out.Elems = append(out.Elems, Elem{Value: v})
	}
	if !n.FirstChild().Valid() {
		hole(commas(n.Tree().Src[at : n.End()-1]))
	}
	return out
}

// spread returns the elements that `...v` puts into an array or an argument list.
func (m *Machine) spread(v Value) []Elem {
	switch v := v.(type) {
	case *Object:
		if v.Kind == KindMap || v.Kind == KindArray || v.Kind == KindSet {
			return v.Elems
		}
		if next := m.iterate(v); next != nil {
			return next
		}
	case String:
		var out []Elem
		for _, r := range string(v) {
			out = append(out, Elem{Value: String(string(r))})
		}
		return out
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

// item is what stands for any element of an unknown collection.
func (m *Machine) item(of *Unknown) *Unknown {
	return (&Unknown{Key: bounded(of.Key + "[]"), Expr: bounded(of.Expr + "[]"), Why: of.Why}).madeOf(of)
}

// iterate runs an object's own iterator where a generator makes it, or returns nil.
func (m *Machine) iterate(o *Object) []Elem {
	p := o.Lookup(symbolIterator)
	if p == nil {
		return nil
	}
	f, ok := p.Value.(*Object)
	if !ok || f.Func == nil {
		return nil
	}
	if list, ok := m.Call(f, o, nil).(*Object); ok && list != o && list.Kind == KindArray {
		return list.Elems
	}
	return nil
}

func (m *Machine) object(n js.Node, env *Env) Value {
	o := m.newObject(KindObject)
	o.Site = m.site(n)
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.Pair:
			key, ok := m.key(c.Child(js.FieldKey), env)
			v := m.Eval(c.Child(js.FieldValue), env)
			if !ok {
				o.open = append(o.open, m.unknownAt(c.Child(js.FieldKey), "property", "computed key"))
				continue
			}
			if key == "__proto__" {
				if proto, ok := v.(*Object); ok {
					o.Proto = proto
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

// key evaluates a property's name.
func (m *Machine) key(n js.Node, env *Env) (string, bool) {
	switch n.Kind() {
	case js.PropertyIdentifier, js.PrivatePropertyIdentifier, js.ShorthandPropertyIdentifier, js.Identifier:
		return propertyName(n), true
	case js.String:
		s, ok := stringLiteral(n).(String)
		return string(s), ok
	case js.Number:
		return m.propertyKey(number(n))
	case js.ComputedPropertyName:
		return m.propertyKey(m.Eval(n.FirstChild(), env))
	}
	return "", false
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

// propertyKey converts a value to the name of a property.
func (m *Machine) propertyKey(v Value) (string, bool) {
	switch v := v.(type) {
	case *Symbol:
		return v.Key, true
	case *Choice, *Unknown:
		// a key that hangs on the world is taken as in the default world where that is known
		if d := Default(v); d != v {
			return m.propertyKey(d)
		}
		return "", false
	case *Object, *Text:
		s, ok := m.toString(v).(String)
		return string(s), ok
	case String:
		return string(v), true
	}
	return primitiveString(v), true
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
	if from.Kind == KindArray {
		for i, e := range from.Elems {
			o.set(primitiveString(Number(i)), &Prop{Value: e.Value, When: whenOf(and(orTrue(when), orTrue(e.When)))})
		}
	}
	for _, e := range from.props.entries {
		k, p := e.name, e.value
		if p.Hidden {
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
	if f.this == nil {
		return Undefined
	}
	return f.this
}

func (m *Machine) metaProperty(n js.Node, env *Env) Value {
	if strings.HasPrefix(n.Text(), "import") {
		return m.importMeta(env)
	}
	return m.unknownAt(n, "new.target", "how the function is called")
}

const importMetaURL = "import.meta.url"

func (m *Machine) importMeta(env *Env) Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "import.meta", Expr: "import.meta", Why: "the running module"}}
	o.set("url", &Prop{Value: m.unknown("file of the module", importMetaURL)})
	o.set("require", &Prop{Value: m.requireFrom(env.root().module)})
	return o
}

func (m *Machine) site(n js.Node) Site { return Site{n.Tree().Module, n.Start(), n.End()} }

func (m *Machine) yield(n js.Node, env *Env) Value {
	f := env
	for f.outer != nil && f.yields == nil {
		f = f.outer
	}
	if f.yields == nil {
		return m.unknownAt(n, "yield", "yield outside a generator")
	}
	v := Undefined
	if a := n.FirstChild(); a.Valid() {
		if a.Kind() == js.KeywordStar {
			m.change(f.yields)
			f.yields.Elems = append(f.yields.Elems, m.spread(m.Eval(a.Next(), env))...)
			return Undefined
		}
		v = m.Eval(a, env)
	}
	m.change(f.yields)
	f.yields.Elems = append(f.yields.Elems, Elem{Value: v})
	if f.awaits {
		return v
	}
	return m.unknownAt(n, "yield", "what the caller of a generator sends")
}
