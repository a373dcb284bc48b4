package zod

import (
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/analyzer/textsearch"
	"github.com/bundlens/bundlens/schema/zod"
)

// registry marks an object that stands for the library's global registry.
type registry struct{}

// Global is a property of the global object under which copies of the library share state; it is for eval.Config.
func (l *Library) Global(m *eval.Machine, key string) (eval.Value, bool) {
	switch key {
	case "__zod_globalRegistry":
		return l.newRegistry(m), true
	case "__zod_globalConfig":
		return m.NewObject(), true
	}
	return nil, false
}

// newRegistry makes an object that stands for the global registry.
func (l *Library) newRegistry(m *eval.Machine) *eval.Object {
	o := m.NewObject()
	o.Host = registry{}
	o.Define("add", m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
		register(args)
		return o
	}))
	o.Define("get", m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
		if len(args) > 0 && Of(args[0]) != nil {
			if a, ok := l.Def(m, Of(args[0]), eval.World{}).Call("meta", nil); ok {
				return l.value(m, a)
			}
		}
		return eval.Undefined
	}))
	l.registries = append(l.registries, o)
	return o
}

// register keeps what add(schema, meta) registers.
func register(args []eval.Value) bool {
	if len(args) < 2 || Of(args[0]) == nil {
		return false
	}
	Of(args[0]).registered = args[1]
	return true
}

// adds recognises the method of a global registry that registers, and keeps what it is given.
func (l *Library) adds(m *eval.Machine, f *eval.Object, this eval.Value, args []eval.Value) bool {
	o, ok := this.(*eval.Object)
	return ok && f.Func.Name == "add" && o.Own("_idmap") != nil && l.isGlobal(m, o) && register(args)
}

// globals returns the global registries of the program's copies of the library: those that are found on the global
// object, and, as early releases have it, what the converter takes where it is given no registry.
func (l *Library) globals(m *eval.Machine) []*eval.Object {
	if !l.searched {
		l.searched = true
		for _, module := range m.Program.Modules {
			for at := range textsearch.All(module.Text, "metadataRegistry") {
				if o := l.fallback(m, module.ID, at); o != nil {
					l.registries = append(l.registries, o)
				}
			}
		}
	}
	return l.registries
}

// fallback evaluates the last part of what is given to a property at a place: `metadataRegistry: a?.metadata ?? b`.
func (l *Library) fallback(m *eval.Machine, id, at int) *eval.Object {
	module := m.Program.Modules[id]
	unit := module.Index().UnitAt(uint32(at))
	if unit < 0 {
		return nil
	}
	tree, err := module.Tree(unit)
	if err != nil {
		return nil
	}
	n := nodeAt(tree.Root(), uint32(at))
	for n.Valid() && n.Kind() != js.Pair && n.Kind() != js.AssignmentExpression {
		if n.Kind() == js.StatementBlock {
			return nil
		}
		n = n.Parent()
	}
	value := n.Child(js.FieldValue)
	if n.Kind() == js.AssignmentExpression {
		value = n.Child(js.FieldRight)
	}
	for value.Valid() {
		switch value.Kind() {
		case js.BinaryExpression:
			value = value.Child(js.FieldRight)
			continue
		case js.TernaryExpression:
			value = value.Child(js.FieldAlternative)
			continue
		case js.ParenthesizedExpression:
			value = value.FirstChild()
			continue
		}
		break
	}
	if !value.Valid() || value.Kind() != js.Identifier && value.Kind() != js.MemberExpression {
		return nil
	}
	o, _ := m.Run(func() eval.Value { return m.Eval(value, m.Enclosing(module, unit, value)) }).(*eval.Object)
	if o == nil || o.Host != nil || o.Lookup("_map") == nil {
		return nil // one that is on the global object is known already
	}
	return o
}

// nodeAt returns the innermost node at an offset.
func nodeAt(n js.Node, at uint32) js.Node {
	for {
		next := n.FirstChild()
		for next.Valid() && next.End() <= at {
			next = next.Next()
		}
		if !next.Valid() || next.Start() > at {
			return n
		}
		n = next
	}
}

// isGlobal tells whether v is a global registry of the library.
func (l *Library) isGlobal(m *eval.Machine, v eval.Value) bool {
	o, ok := v.(*eval.Object)
	if !ok {
		return false
	}
	for _, r := range l.globals(m) {
		if r == o {
			return true
		}
	}
	return false
}

// internals is a schema's member _zod. It is one object for a schema, for the library keeps some things there alone.
func (l *Library) internals(m *eval.Machine, s *Schema) eval.Value {
	if s.internals != nil {
		return s.internals
	}
	a, ok := l.Def(m, s, eval.World{}).Get("_zod")
	if !ok {
		return eval.Undefined
	}
	o, ok := l.value(m, a).(*eval.Object)
	if !ok {
		return eval.Undefined
	}
	if s.definition != nil {
		o.Define("def", s.definition)
		o.Define("constr", s.constr)
	} else {
		make := o.Own("constr").Value
		o.Define("constr", m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
			if len(args) > 0 && args[0] == m.Get(o, "def") {
				return m.NewHost(&Schema{base: s, method: "clone"})
			}
			return m.Call(make, eval.Undefined, args)
		}))
	}
	s.internals = o
	return o
}

// amend adds to a tree what the program set in the schema's internals.
func (b *builder) amend(d *zod.Def, s *Schema) {
	own := s.internals.Own
	if p := own("values"); p != nil && p.Value == eval.Undefined {
		d.NoValues = true
	}
	if p := own("parent"); p != nil && s.fixed == nil {
		if parent := Of(p.Value); parent != nil {
			d.Parent = b.def(parent)
		}
	}
	if p := own("onattach"); p != nil && d.Check != nil && (d.Check.Kind == "describe" || d.Check.Kind == "meta") {
		meta := b.arg(b.attached(p.Value, d.Dialect))
		d.Check.Options["metadata"], d.Check.Options["description"] = meta, meta.Get("description")
	}
}

// attached is what a check registers for the schema that it is attached to: the library keeps it in a closure, so it
// is attached to a schema made for that.
func (b *builder) attached(functions eval.Value, dialect zod.Dialect) eval.Value {
	m := b.machine
	return m.Run(func() eval.Value {
		probe := m.NewHost(&Schema{fixed: &zod.Def{Kind: zod.KindString, Dialect: dialect}})
		if list, ok := functions.(*eval.Object); ok {
			for _, e := range list.Elems {
				m.Call(e.Value, eval.Undefined, []eval.Value{probe})
			}
		}
		if meta := Of(probe).registered; meta != nil {
			return meta
		}
		return &eval.Unknown{Key: "schema.check", Expr: "...", Why: "what a check registers"}
	})
}
