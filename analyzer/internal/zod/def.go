package zod

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/zod"
)

// Library makes definition trees of the schemas of one program. It is for one goroutine.
type Library struct {
	// Version tells which version of the library defines a class, by where the class stands.
	Version func(site eval.Site) zod.Version
	// World is the one in which a call of the program's own converter gives its result.
	World eval.World

	reading    int // properties of schemas that are being read
	converters map[eval.Site]*zod.Family
	// how schemas that are not known are converted, and their places in the list
	conversions []Conversion
	numbers     map[string]int
	overridden  map[overridden]zod.Result
	registries  []*eval.Object // the global ones
	latest      *zod.Def
	latestBy    *builder                // made the latest tree, and knows those of its parts
	defaults    []fallback              // registries that converters take by themselves
	searched    bool                    // for the global registries
	names       map[*eval.Object]string // of the other registries
}

// NewLibrary returns a Library.
func NewLibrary(version func(eval.Site) zod.Version) *Library {
	return &Library{Version: version}
}

// Def returns the definition tree of a schema in a world. A part that is used twice is one tree.
func (l *Library) Def(m *eval.Machine, s *Schema, w eval.World) *zod.Def {
	b := l.newBuilder(m, w)
	d := b.def(s)
	l.latest, l.latestBy = d, b
	return d
}

// Shape returns the tree of an object schema with the properties of a raw shape, as `z.object(shape)` makes it.
func (l *Library) Shape(m *eval.Machine, shape *eval.Object, w eval.World) *zod.Def {
	fields := l.newBuilder(m, w).record(shape)
	for _, p := range fields.Obj.Props {
		if p.Value.Kind == zod.ArgSchema {
			return objectOf(p.Value.Def.Dialect, fields)
		}
	}
	return objectOf(zod.Dialect{}, fields)
}

func objectOf(dialect zod.Dialect, fields zod.Arg) *zod.Def {
	if dialect.Family == zod.V3 {
		return zod.FromDefinition(dialect, "ZodObject", zod.ObjectArg(
			zod.Prop{Key: "shape", Value: zod.FuncArg(zod.Thunk(fields))},
			zod.Prop{Key: "unknownKeys", Value: zod.String("strip")},
			zod.Prop{Key: "typeName", Value: zod.String("ZodObject")}))
	}
	return zod.FromDefinition(dialect, "ZodObject", zod.ObjectArg(
		zod.Prop{Key: "type", Value: zod.String("object")}, zod.Prop{Key: "shape", Value: fields}))
}

// builder makes the trees of one world.
type builder struct {
	library *Library
	machine *eval.Machine
	world   eval.World
	trees   map[*Schema]*zod.Def
}

func (l *Library) newBuilder(m *eval.Machine, w eval.World) *builder {
	return &builder{library: l, machine: m, world: w, trees: map[*Schema]*zod.Def{}}
}

func (b *builder) def(s *Schema) *zod.Def {
	if d := b.trees[s]; d != nil {
		return d
	}
	d := b.make(s)
	b.trees[s] = d
	if s.internals != nil {
		b.amend(d, s)
	}
	if s.registered != nil {
		d.Register(b.arg(s.registered))
	}
	for name, meta := range s.others {
		d.RegisterIn(name, b.arg(meta))
	}
	return d
}

func (b *builder) make(s *Schema) *zod.Def {
	switch {
	case s.fixed != nil:
		return s.fixed
	case s.definition != nil:
		dialect := zod.Dialect{Family: zod.V4, Version: b.library.Version(s.site)}
		if _, v3 := ownString(s.definition, "typeName"); v3 {
			dialect = zod.Dialect{Family: zod.V3, Version: versionV3(s.constr)}
		}
		return zod.FromDefinition(dialect, s.class, b.record(s.definition))
	}
	base := b.def(s.base)
	args := make([]zod.Arg, len(s.args))
	for i, a := range s.args {
		if i == 0 && s.method == "register" {
			if name, ok := b.library.registryName(b.machine, b.world.Pick(a)); ok {
				args[i] = zod.String(name)
			}
			continue
		}
		args[i] = b.arg(a)
	}
	result, ok := base.Call(s.method, args)
	if ok && result.Kind == zod.ArgSchema && result.Def != nil {
		return result.Def
	}
	return zod.Unresolved(base.Dialect, "the method "+s.method+" is not known")
}

// arg turns a value into the neutral form of the definition tree, as it is in the builder's world.
func (b *builder) arg(v eval.Value) zod.Arg {
	if t, ok := v.(*eval.Text); ok {
		return b.text(t)
	}
	v = b.world.Pick(v)
	switch v := v.(type) {
	case eval.Bool:
		return zod.Bool(bool(v))
	case eval.Number:
		return zod.Number(float64(v))
	case eval.String:
		return zod.String(string(v))
	case eval.BigInt:
		return zod.BigInt(string(v))
	case *eval.Symbol:
		return zod.Arg{Kind: zod.ArgSymbol, Str: v.Key}
	case *eval.Text:
		return b.text(v)
	case *eval.Unknown:
		return zod.Unknown(v.Why + ": " + v.Expr)
	case *eval.Object:
		return b.object(v)
	}
	if v == eval.Null {
		return zod.Null()
	}
	return zod.Undefined()
}

// text renders a text with holes in the builder's world; where holes stay, the argument says so.
func (b *builder) text(t *eval.Text) zod.Arg {
	s, holes := Render(b.world.Parts(t.Parts))
	a := zod.String(s)
	if holes > 0 {
		a.Why = "a text with holes"
	}
	return a
}

func (b *builder) object(o *eval.Object) zod.Arg {
	if s := Of(o); s != nil {
		return zod.SchemaArg(b.def(s))
	}
	switch o.Kind {
	case eval.KindFunction:
		return zod.FuncArg(b.function(o))
	case eval.KindArray, eval.KindSet:
		return b.list(o, func(element eval.Value) eval.Value { return element })
	case eval.KindRegexp:
		if p, ok := o.Host.(*eval.Pattern); ok {
			if p.Arg == nil {
				a := zod.RegexArg(p.Source, p.Flags)
				p.Arg = a
			}
			return p.Arg.(zod.Arg)
		}
	}
	return b.record(o)
}

// list is what the elements of an array are, each as its part of an element.
func (b *builder) list(o *eval.Object, part func(eval.Value) eval.Value) zod.Arg {
	out := zod.Array()
	for _, e := range o.Elems {
		if !b.world.Holds(e.When) {
			continue
		}
		if e.Each != "" {
			return zod.Unknown("a list with an element for each of " + e.Each)
		}
		out.List = append(out.List, b.arg(part(e.Value)))
	}
	return out
}

func (b *builder) record(o *eval.Object) zod.Arg {
	a := zod.ObjectArg()
	for _, k := range o.Keys() {
		p := o.Own(k)
		if !b.world.Holds(p.When) {
			continue
		}
		if p.Get != nil {
			get := p.Get
			a.Obj.Props = append(a.Obj.Props, zod.Prop{Key: k, Get: &zod.Func{Invoke: func(...zod.Arg) (zod.Arg, bool) {
				return b.result(b.machine.Run(func() eval.Value { return b.machine.Call(get, o, nil) }))
			}}})
			continue
		}
		if options := mapped(b.world.Pick(p.Value)); k == "options" && options != nil {
			a.Obj.Props = append(a.Obj.Props, zod.Prop{Key: k, Value: b.values(options)})
			continue
		}
		a.Obj.Props = append(a.Obj.Props, zod.Prop{Key: k, Value: b.arg(p.Value)})
	}
	for _, u := range o.Open() {
		if u.Default == nil {
			a.Obj.Open = u.Why + ": " + u.Expr
		}
	}
	return a
}

// mapped is v if it is a Map, in which early releases keep the options of a union by what tells them apart.
func mapped(v eval.Value) *eval.Object {
	if o, ok := v.(*eval.Object); ok && o.Kind == eval.KindMap {
		return o
	}
	return nil
}

// values are those of a Map.
func (b *builder) values(o *eval.Object) zod.Arg {
	return b.list(o, func(entry eval.Value) eval.Value { return b.machine.Get(entry, "1") })
}

func (b *builder) function(f *eval.Object) *zod.Func {
	return &zod.Func{Name: f.Func.Name, Invoke: func(args ...zod.Arg) (zod.Arg, bool) {
		return b.result(b.machine.Run(func() eval.Value {
			values := make([]eval.Value, len(args))
			for i, a := range args {
				values[i] = b.library.value(b.machine, a)
			}
			return b.machine.Call(f, eval.Undefined, values)
		}))
	}}
}

func (b *builder) result(v eval.Value) (zod.Arg, bool) {
	a := b.arg(v)
	return a, a.Kind != zod.ArgUnknown
}

// value turns an argument back into a value.
func (l *Library) value(m *eval.Machine, a zod.Arg) eval.Value {
	switch a.Kind {
	case zod.ArgNull:
		return eval.Null
	case zod.ArgBool:
		return eval.Bool(a.Bool)
	case zod.ArgNumber:
		return eval.Number(a.Num)
	case zod.ArgString:
		return eval.String(a.Str)
	case zod.ArgBigInt:
		return eval.BigInt(a.Str)
	case zod.ArgArray:
		list := make([]eval.Value, len(a.List))
		for i, x := range a.List {
			list[i] = l.value(m, x)
		}
		return m.NewArray(list...)
	case zod.ArgObject:
		o := m.NewObject()
		for _, p := range a.Obj.Props {
			if p.Get != nil {
				m.DefineGetter(o, p.Key, func() eval.Value { return l.value(m, a.Get(p.Key)) })
				continue
			}
			o.Define(p.Key, l.value(m, p.Value))
		}
		return o
	case zod.ArgSchema:
		return m.NewHost(&Schema{fixed: a.Def})
	case zod.ArgFunc:
		return m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
			if a.Func == nil || a.Func.Invoke == nil {
				return &eval.Unknown{Key: "library", Expr: "...", Why: "a function of the schema library"}
			}
			b := l.newBuilder(m, eval.World{})
			in := make([]zod.Arg, len(args))
			for i, v := range args {
				in[i] = b.arg(v)
			}
			r, _ := a.Func.Invoke(in...)
			return l.value(m, r)
		})
	case zod.ArgUnknown:
		return &eval.Unknown{Key: "schema", Expr: "...", Why: a.Why}
	case zod.ArgRegex:
		return m.NewPattern(a.Regex.Source, a.Regex.Flags)
	}
	return eval.Undefined
}
