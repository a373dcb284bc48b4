package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// class is what a class adds to its constructor function.
type class struct {
	super       Value // nil without extends
	constructor js.Node
	fields      []js.Node
	env         *Env
	proto       *Object
	decoration  *decoration         // while the class is made
	made        map[js.Node][]Value // by a field's decorators: they get its value, and give another
	starters    []Value             // that decorators want called with each instance
}

func (m *Machine) class(n js.Node, outer *Env) Value {
	env := newEnv(outer)
	decorators := m.decorators(n, outer)
	f := m.newObject(KindFunction)
	f.Site = m.site(n)
	c := &class{env: env, proto: m.newObject(KindObject), decoration: &decoration{}, made: map[js.Node][]Value{}}
	f.Func = &Func{Node: n, Env: env, class: c}
	if name := n.Child(js.FieldName); name.Valid() {
		f.Func.Name = name.Text()
		m.declare(env, f.Func.Name, f)
	}
	if h := n.ChildOfKind(js.ClassHeritage); h.Valid() {
		c.super = m.settled(m.Eval(h.FirstChild(), outer))
		m.inherit(f, c)
	}
	c.proto.set("constructor", &Prop{Value: f, Hidden: true})
	f.set("prototype", &Prop{Value: c.proto, Hidden: true})
	f.Func.home = f
	m.classBody(n.Child(js.FieldBody), f, c, env)
	return m.decorate(decorators, f, c)
}

func (m *Machine) inherit(f *Object, c *class) {
	super, ok := c.super.(*Object)
	if !ok {
		switch u := c.super.(type) {
		case *Unknown:
			c.proto.open = append(c.proto.open, u)
		case null:
			c.proto.bare = true
		}
		return
	}
	f.Proto = super
	if p, ok := m.get(super, "prototype", true).(*Object); ok {
		c.proto.Proto = p
	}
}

func (m *Machine) classBody(body js.Node, f *Object, c *class, env *Env) {
	for n := body.FirstChild(); n.Valid(); n = n.Next() {
		switch n.Kind() {
		case js.MethodDefinition:
			if n.Child(js.FieldName).Text() == "constructor" {
				c.constructor = n
				continue
			}
			home := c.proto
			if isStatic(n) {
				home = f
			}
			m.defineMethod(home, n, env, true)
			m.decorateMethod(c, home, n, env)
		case js.FieldDefinition:
			define := func() {}
			if isStatic(n) {
				define = func() { m.defineField(f, n, m.memberScope(env, f, f), c.made[n]) }
			} else {
				c.fields = append(c.fields, n)
			}
			m.decorateField(c, n, env, define)
		case js.ClassStaticBlock:
			m.block(n.Child(js.FieldBody), m.memberScope(env, f, f))
		}
	}
}

func isStatic(n js.Node) bool { return n.ChildOfKind(js.KeywordStatic).Valid() }

// memberScope is the scope of a field's initialiser: this is the object that gets it.
func (m *Machine) memberScope(outer *Env, this, callee *Object) *Env {
	env := newEnv(outer)
	env.function, env.this, env.callee = true, this, callee
	return env
}

// defineField gives an object a field, with what its decorators make of the value.
func (m *Machine) defineField(o *Object, n js.Node, env *Env, made []Value) {
	key, ok := m.key(n.Child(js.FieldProperty), env)
	if !ok {
		return
	}
	v := Undefined
	if init := n.Child(js.FieldValue); init.Valid() {
		v = m.Eval(init, env)
		m.nameValue(v, keyAsWritten(key))
	}
	for _, f := range made {
		v = m.Call(f, o, []Value{v})
	}
	m.change(o)
	o.set(key, &Prop{Value: v, Hidden: key[0] == '#'})
	m.statefulField(o, n, key)
}

// defineMethod adds a method, getter or setter to an object literal or a class.
func (m *Machine) defineMethod(o *Object, n js.Node, env *Env, hidden bool) {
	key, ok := m.key(n.Child(js.FieldName), env)
	if !ok {
		m.change(o)
		o.open = append(o.open, m.unknownAt(n.Child(js.FieldName), "property", "computed name of a method"))
		return
	}
	f := m.closure(n, env)
	f.Func.Name = keyAsWritten(key)
	f.Func.home = o
	f.Func.Generator = n.ChildOfKind(js.KeywordStar).Valid()
	f.Func.method = true
	p := &Prop{Hidden: hidden}
	switch {
	case n.ChildOfKind(js.KeywordGet).Valid() && !named(n, js.KeywordGet):
		p.Get = f
		f.Func.Name = "get " + f.Func.Name
		if old := o.own(key); old != nil {
			p.Set = old.Set
		}
	case n.ChildOfKind(js.KeywordSet).Valid() && !named(n, js.KeywordSet):
		p.Set = f
		f.Func.Name = "set " + f.Func.Name
		if old := o.own(key); old != nil {
			p.Get = old.Get
		}
	default:
		p.Value = f
	}
	m.change(o)
	o.set(key, p)
}

// named tells that the keyword is the method's own name: `get(){}`.
func named(n js.Node, k js.Kind) bool {
	return n.ChildOfKind(k).Start() == n.Child(js.FieldName).Start()
}

func (m *Machine) construct(n js.Node, env *Env) Value {
	f := m.Eval(n.Child(js.FieldConstructor), env)
	args := m.arguments(n.Child(js.FieldArguments), env)
	v := m.New(f, args)
	if o, ok := v.(*Object); ok && o.Site == (Site{}) {
		o.Site = m.site(n)
	}
	return v
}

// New is `new f(...args)`.
func (m *Machine) New(f Value, args []Value) Value {
	return m.lift(f, func(f Value) Value {
		o, ok := f.(*Object)
		if isURLClass(f) {
			if v, ok := m.besideURL(argument(args, 0), argument(args, 1)); ok {
				return v
			}
		}
		if !ok || o.Func == nil {
			if isPrimitive(f) || ok && o.Kind == KindObject && len(o.open) == 0 {
				if m.catching > 0 {
					m.raise("TypeError", m.Describe(f)+" is not a constructor")
				}
			}
			return m.unknown("instance of something unknown", "new "+m.exprOf(f)+"(...)")
		}
		if m.catching > 0 && (o.Func.Arrow || o.Func.method || o.Func.Generator) {
			m.raise("TypeError", o.Func.Name+" is not a constructor")
		}
		if m.config.Construct != nil {
			if v, ok := m.config.Construct(m, o, args); ok {
				return v
			}
		}
		if o.Func.proxied {
			if v, asked := m.asked(o, "construct", m.newArray(elemsOf(args)), o); asked {
				return v
			}
			return m.New(o.proxy.target, args)
		}
		if o.Func.bound != nil {
			return m.New(o.Func.bound.target, append(o.Func.bound.args[:len(o.Func.bound.args):len(o.Func.bound.args)], args...))
		}
		if o.Func.Native != nil {
			return o.Func.Native(m, constructing, args)
		}
		if m.spent() {
			return outOfBudget
		}
		if m.depth >= maxDepth {
			return m.overBudget("nested calls")
		}
		return m.instance(o, args)
	})
}

// constructing is the this of a native function that is called by new.
var constructing = &Symbol{"new"}

func (m *Machine) instance(f *Object, args []Value) Value {
	this := m.newObject(KindObject)
	if p, ok := m.get(f, "prototype", true).(*Object); ok {
		this.Proto = p
	}
	if v, ok := m.initialise(f, this, args).(*Object); ok {
		return v
	}
	return this
}

// initialise runs a constructor on this, and returns what it returns.
func (m *Machine) initialise(f, this *Object, args []Value) Value {
	c := f.Func.class
	if c == nil {
		if f.Func.Native != nil {
			m.initialiseNative(f, this, args)
			return Undefined
		}
		return m.enter(f, this, args)
	}
	if c.super == nil {
		m.initialiseFields(f, this)
	}
	if !c.constructor.Valid() {
		if c.super != nil {
			m.initialiseSuper(f, this, args)
		}
		return Undefined
	}
	ctor := &Object{Kind: KindFunction, Func: &Func{Node: c.constructor, Env: c.env, Name: f.Func.Name, home: c.proto}, birth: f.birth, run: f.run}
	ctor.Func.class = c
	this.pending = c.super != nil
	defer func() { this.pending = false }()
	return m.enter(ctor, this, args)
}

func (m *Machine) initialiseFields(f, this *Object) {
	c := f.Func.class
	callee := &Object{Kind: KindFunction, Func: &Func{Node: f.Func.Node, Env: c.env, home: c.proto}}
	for _, s := range c.starters {
		m.Call(s, this, nil)
	}
	for _, n := range c.fields {
		m.defineField(this, n, m.memberScope(c.env, this, callee), c.made[n])
	}
}

// initialiseSuper runs the constructor of f's superclass on this, then f's own fields.
func (m *Machine) initialiseSuper(f, this *Object, args []Value) {
	m.lift(f.Func.class.super, func(super Value) Value {
		switch s := super.(type) {
		case *Object:
			if s.Func != nil {
				m.initialise(s, this, args)
			}
		case *Unknown:
			m.change(this)
			this.open = append(this.open[:len(this.open):len(this.open)], s)
		}
		return Undefined
	})
	m.initialiseFields(f, this)
}

func (m *Machine) superCall(args []Value, env *Env) Value {
	frame := env.frame()
	this, ok := frame.this.(*Object)
	if !ok || frame.callee == nil || frame.callee.Func.class == nil {
		return Undefined
	}
	this.pending = false
	m.initialiseSuper(frame.callee, this, args)
	return this
}

// initialiseNative makes this what a class of the language's library makes of it.
func (m *Machine) initialiseNative(f, this *Object, args []Value) {
	if v, ok := f.Func.Native(m, constructing, args).(*Object); ok {
		m.change(this)
		this.Kind, this.Host = v.Kind, v.Host
		this.Elems, this.open = v.Elems, append(this.open[:len(this.open):len(this.open)], v.open...)
		for _, e := range v.props.entries {
			this.set(e.name, e.value)
		}
	}
}
