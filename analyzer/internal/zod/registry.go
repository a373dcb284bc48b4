package zod

import (
	"slices"
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
	"github.com/bundlens/bundlens/internal/zod"
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
		register("", args)
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

// register keeps what add(schema, meta) registers in a registry.
func register(registry string, args []eval.Value) bool {
	if len(args) < 2 || Of(args[0]) == nil {
		return false
	}
	Of(args[0]).register(registry, args[1])
	return true
}

// register keeps what a registry holds for a schema.
func (s *Schema) register(registry string, meta eval.Value) {
	if registry == "" {
		s.registered = meta
		return
	}
	if s.others == nil {
		s.others = map[string]eval.Value{}
	}
	s.others[registry] = meta
}

// adds recognises the method of a registry that registers, and keeps what it is given. Other registries than the global
// ones keep it for themselves as well.
func (l *Library) adds(m *eval.Machine, f *eval.Object, this eval.Value, args []eval.Value) bool {
	o, ok := this.(*eval.Object)
	if !ok || f.Func.Name != "add" || o.Own("_idmap") == nil {
		return false
	}
	name, _ := l.registryName(m, o)
	return register(name, args) && name == ""
}

// gets recognises the method of a registry of the program's own that tells what it holds for a schema.
func (l *Library) gets(m *eval.Machine, f *eval.Object, this eval.Value, args []eval.Value) (held eval.Value, ok bool) {
	o, isObject := this.(*eval.Object)
	if !isObject || f.Func.Name != "get" || len(args) == 0 || Of(args[0]) == nil || o.Own("_idmap") == nil {
		return nil, false
	}
	name, ok := l.registryName(m, o)
	if !ok {
		return nil, false
	}
	return l.value(m, l.Def(m, Of(args[0]), eval.World{}).Registered(name)), true
}

// registryName is the name that stands for a registry, "" for the global ones; ok is false for what is no registry.
func (l *Library) registryName(m *eval.Machine, v eval.Value) (name string, ok bool) {
	o, isObject := v.(*eval.Object)
	switch {
	case !isObject:
		return "", false
	case l.isGlobal(m, o):
		return "", true
	case o.Own("_map") == nil || o.Lookup("get") == nil || o.Lookup("add") == nil:
		return "", false
	}
	if l.names == nil {
		l.names = map[*eval.Object]string{}
	}
	if l.names[o] == "" {
		l.names[o] = "registry " + strconv.Itoa(len(l.names)+1)
	}
	return l.names[o], true
}

// fallbacks are the places at which the converters of the program's copies of the library name the registry that they
// take where they are given none. Later releases have the global one on the global object instead.
func (l *Library) fallbacks(m *eval.Machine) []fallback {
	if !l.searched {
		l.searched = true
		for _, module := range m.Program.Modules {
			for at := range textsearch.All(module.Text, "metadataRegistry") {
				if f, ok := fallbackAt(m, module.ID, at); ok {
					l.defaults = append(l.defaults, f)
				}
			}
		}
	}
	return l.defaults
}

// fallback is an expression of the program.
type fallback struct {
	module int
	unit   int32
	value  js.Node
}

// fallbackAt is the last part of what is given to a property at a place: `metadataRegistry: a?.metadata ?? b`.
func fallbackAt(m *eval.Machine, id, at int) (f fallback, ok bool) {
	module := m.Program.Modules[id]
	unit := module.Index().UnitAt(uint32(at))
	if unit < 0 {
		return fallback{}, false
	}
	tree, err := module.Tree(unit)
	if err != nil {
		return fallback{}, false
	}
	n := nodeAt(tree.Root(), uint32(at))
	for n.Valid() && n.Kind() != js.Pair && n.Kind() != js.AssignmentExpression {
		if n.Kind() == js.StatementBlock {
			return fallback{}, false
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
	return fallback{id, unit, value}, value.Kind() == js.Identifier || value.Kind() == js.MemberExpression
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
	if slices.Contains(l.registries, o) {
		return true
	}
	if o.Host != nil || o.Lookup("_map") == nil {
		return false
	}
	return slices.ContainsFunc(l.fallbacks(m), func(f fallback) bool {
		return m.Run(func() eval.Value { return m.Eval(f.value, m.Enclosing(m.Program.Modules[f.module], f.unit, f.value)) }) == eval.Value(o)
	})
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

// first is the first argument, or undefined.
func first(args []eval.Value) eval.Value {
	if len(args) == 0 {
		return eval.Undefined
	}
	return args[0]
}
