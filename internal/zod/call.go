package zod

import "strings"

// Call returns what the method returns. It is false for a method that the
// schema doesn't have, or whose result this package can't tell, such as parse.
//
// Errors that the library would throw, as for a key that isn't there, are not
// told apart: the result is what it would be without.
func (d *Def) Call(method string, args []Arg) (Arg, bool) {
	if d == nil {
		return Arg{}, false
	}
	c := &call{d: d, v: d.Dialect, args: args}
	if d.Dialect.Family == V3 {
		return c.v3(method)
	}
	return c.v4(method)
}

// Register puts metadata into the global registry for this very instance, as
// `globalRegistry.add(schema, meta)` does. It replaces what was registered.
func (d *Def) Register(meta Arg) {
	d.Meta = nil
	d.register(meta)
}

// call is one method call.
type call struct {
	d    *Def
	v    Dialect
	args []Arg
}

// arg returns the argument at i, or undefined.
func (c *call) arg(i int) Arg {
	if i < len(c.args) {
		return c.args[i]
	}
	return Arg{}
}

func result(d *Def) (Arg, bool) { return SchemaArg(d), true }

// truth returns what a yes-or-no method answers.
func truth(o outcome) (Arg, bool) {
	if o.assumed {
		return Unknown("it depends on a function of the program"), true
	}
	return Bool(o.ok), true
}

// isClassic tells whether a version 4 schema has the chained methods, which
// those of the mini and core variants lack.
func (d *Def) isClassic() bool {
	return !strings.HasPrefix(d.Class, "$") && !strings.HasPrefix(d.Class, "ZodMini")
}

// className is the name of a class in the variant that d is of.
func (d *Def) className(name string) string {
	if d.Class == "" {
		return ""
	}
	return name
}

// make returns a new schema of the same library.
func (c *call) make(class string, kind Kind) *Def {
	return &Def{Kind: kind, Class: c.d.className(class), Dialect: c.v}
}

// wrap returns a new schema around the one at hand.
func (c *call) wrap(class string, kind Kind) *Def {
	n := c.make(class, kind)
	n.Inner = To(c.d)
	return n
}

// clone returns a copy of an instance, which has nothing registered but what
// its checks register.
func (d *Def) clone() *Def {
	n := *d
	n.Meta, n.Others, n.Parent = nil, nil, nil
	if d.Check != nil && d.Check.Of == d {
		own := *d.Check
		own.Of = &n
		n.Check = &own
	}
	if d.getter != nil && (d.Dialect.Family == V3 || !d.Dialect.since(4, 0)) { // not cached across copies
		n.Inner = later(d.Dialect, d.getter)
	}
	n.registerChecks()
	return &n
}

// ------------------------------------------------------------ shapes

// derived returns a shape made of another on the first use.
func derived(from *Shape, change func([]Field) []Field) *Shape {
	return &Shape{Resolve: func() ([]Field, string) {
		fields := append([]Field{}, from.List()...)
		return change(fields), from.open()
	}}
}

// overlay returns a shape with the fields of another on top.
func overlay(base, top *Shape) *Shape {
	return &Shape{Resolve: func() ([]Field, string) {
		fields, at := append([]Field{}, base.List()...), map[string]int{}
		for i, f := range fields {
			at[f.Name] = i
		}
		for _, f := range top.List() {
			if i, ok := at[f.Name]; ok {
				fields[i] = f
				continue
			}
			at[f.Name] = len(fields)
			fields = append(fields, f)
		}
		return fields, firstOf(base.open(), top.open())
	}}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// mask is the keys that a mask such as {a:true} selects, in order.
type mask struct {
	keys    []string
	all     bool   // no mask given
	unknown string // why it isn't known
}

func maskOf(a Arg) mask {
	switch {
	case a.IsNullish():
		return mask{all: true}
	case a.Kind != ArgObject || a.Obj == nil:
		return mask{unknown: "the keys aren't known: " + a.whyNot()}
	}
	m := mask{unknown: a.Obj.Open}
	for _, p := range inKeyOrder(a.Obj.Props) {
		v := p.read()
		if v.Kind == ArgUnknown {
			m.unknown = v.unknownWhy()
		} else if v.truthy() {
			m.keys = append(m.keys, p.Key)
		}
	}
	return m
}

func (m mask) has(key string) bool {
	if m.all {
		return true
	}
	for _, k := range m.keys {
		if k == key {
			return true
		}
	}
	return false
}

// pickFields keeps the fields that the mask selects, in the mask's order.
func (m mask) pickFields(from *Shape) *Shape {
	return m.guard(derived(from, func(fields []Field) []Field {
		var out []Field
		for _, k := range m.keys {
			for _, f := range fields {
				if f.Name == k {
					out = append(out, f)
				}
			}
		}
		return out
	}))
}

// omitFields leaves out the fields that the mask selects.
func (m mask) omitFields(from *Shape) *Shape {
	return m.guard(derived(from, func(fields []Field) []Field {
		var out []Field
		for _, f := range fields {
			if !m.has(f.Name) {
				out = append(out, f)
			}
		}
		return out
	}))
}

// mapFields changes the schemas of the fields that the mask selects.
func (m mask) mapFields(from *Shape, change func(*Def) *Def) *Shape {
	return m.guard(derived(from, func(fields []Field) []Field {
		for i, f := range fields {
			if m.has(f.Name) {
				inner := f.Schema
				fields[i].Schema = Later(func() *Def { return change(inner.Def()) })
			}
		}
		return fields
	}))
}

// guard says that a shape isn't wholly known when its mask isn't.
func (m mask) guard(s *Shape) *Shape {
	if m.unknown == "" {
		return s
	}
	inner := s.Resolve
	return &Shape{Resolve: func() ([]Field, string) {
		fields, open := inner()
		return fields, firstOf(open, m.unknown)
	}}
}

// names returns the names of the fields, in the order of an object's keys.
func (s *Shape) names() []Arg {
	var list []Arg
	for _, f := range inFieldOrder(s.List()) {
		list = append(list, String(f.Name))
	}
	return list
}
