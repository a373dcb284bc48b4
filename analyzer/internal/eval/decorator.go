package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// decoration is what the decorators of one class do to it: they are found from the first to the last as the class is
// made, and called in the end, those of methods before those of fields, the one nearest to what it stands before first.
type decoration struct {
	methods, fields []func()
	starters        []Value // what static members are begun with, once the class is there
	metadata        *Object
}

// decorators evaluates those of a class or of a member of one.
func (m *Machine) decorators(n js.Node, env *Env) (found []Value) {
	if p := n.Parent(); p.Kind() == js.ExportStatement {
		found = m.decorators(p, env)
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.Decorator {
			found = append(found, m.Eval(c.FirstChild(), env))
		}
	}
	return found
}

// context is the second argument of a decorator.
func (m *Machine) decoratorContext(d *decoration, kind, name string, static bool, addInitializer func(Value)) *Object {
	if d.metadata == nil {
		d.metadata = m.newObject(KindObject)
	}
	o := m.newObject(KindObject)
	o.Define("kind", String(kind))
	o.Define("name", String(keyAsWritten(name)))
	if kind != "class" {
		o.Define("static", Bool(static))
		o.Define("private", Bool(name != "" && name[0] == '#'))
	}
	o.Define("metadata", d.metadata)
	o.Define("addInitializer", m.native(func(_ *Machine, _ Value, args []Value) Value {
		addInitializer(argument(args, 0))
		return Undefined
	}))
	return o
}

// decorated is what decorators make of a function, or of a class: the last one is called first, and what one does not
// replace stays.
func (m *Machine) decorated(list []Value, v Value, context *Object) Value {
	for _, d := range slices.Backward(list) {
		if r := m.Call(d, Undefined, []Value{v, context}); r != Undefined {
			v = r
		}
	}
	return v
}

// decorateMethod lets decorators replace a method, getter or setter that was defined in an object.
func (m *Machine) decorateMethod(c *class, home *Object, n js.Node, env *Env) {
	list := m.decorators(n, env)
	key, ok := m.key(n.Child(js.FieldName), env)
	if len(list) == 0 || !ok {
		return
	}
	c.decoration.methods = append(c.decoration.methods, func() {
		p := home.own(key)
		if p == nil {
			return
		}
		m.change(home)
		changed := *p
		kind, place := "method", &changed.Value
		var function Value
		switch {
		case n.ChildOfKind(js.KeywordGet).Valid() && p.Get != nil:
			kind, function = "getter", p.Get
		case n.ChildOfKind(js.KeywordSet).Valid() && p.Set != nil:
			kind, function = "setter", p.Set
		default:
			function = p.Value
		}
		v := m.decorated(list, function, m.decoratorContext(c.decoration, kind, key, isStatic(n), c.initializer(isStatic(n))))
		switch f, isObject := v.(*Object); {
		case kind == "method":
			*place = v
		case isObject && kind == "getter":
			changed.Get = f
		case isObject:
			changed.Set = f
		}
		home.set(key, &changed)
	})
}

// initializer adds what a decorator wants to be called with what it decorates.
func (c *class) initializer(static bool) func(Value) {
	return func(f Value) {
		if static {
			c.decoration.starters = append(c.decoration.starters, f)
		} else {
			c.starters = append(c.starters, f)
		}
	}
}

// decorateField notes what decorators make of a field's value. A static field is defined after that.
func (m *Machine) decorateField(c *class, n js.Node, env *Env, define func()) {
	list := m.decorators(n, env)
	if len(list) == 0 {
		define()
		return
	}
	key, _ := m.key(n.Child(js.FieldProperty), env)
	c.decoration.fields = append(c.decoration.fields, func() {
		context := m.decoratorContext(c.decoration, fieldKind(n), key, isStatic(n), c.initializer(isStatic(n)))
		for _, d := range slices.Backward(list) {
			made := m.Call(d, Undefined, []Value{Undefined, context})
			if o, ok := made.(*Object); ok && o.Func == nil { // of a field with a getter and setter
				made = m.Get(o, "init")
			}
			if made != Undefined {
				c.made[n] = append(c.made[n], made)
			}
		}
		define()
	})
}

// fieldKind is the kind of a field that its decorator gets. The word accessor stands before its name, outside of the tree.
func fieldKind(n js.Node) string {
	name := n.Child(js.FieldProperty)
	from := n.Start()
	for d := n.FirstChild(); d.Valid() && d.Kind() == js.Decorator; d = d.Next() {
		from = d.End()
	}
	for range js.Words(n.Tree().Src[from:name.Start()], "accessor") {
		return "accessor"
	}
	return "field"
}

// decorate calls a class's decorators, when its members are there, and returns what they make of it.
func (m *Machine) decorate(list []Value, f *Object, c *class) Value {
	d := c.decoration
	for _, apply := range slices.Concat(d.methods, d.fields) {
		apply()
	}
	if len(list) == 0 && len(d.starters) == 0 {
		return f
	}
	context := m.decoratorContext(d, "class", f.Func.Name, false, func(v Value) { d.starters = append(d.starters, v) })
	v := m.decorated(list, f, context)
	if f.Func.Name != "" {
		m.declare(c.env, f.Func.Name, v)
	}
	for _, s := range d.starters {
		m.Call(s, v, nil)
	}
	return v
}
