package zod

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/internal/zod"
)

// Convert makes the JSON Schema of a tree. What the program's own function makes of a schema is kept: one that it
// can't tell from another becomes the same.
func (l *Library) Convert(m *eval.Machine, d *zod.Def, o Options) zod.Result {
	r := l.convert(m, d, o)
	for _, loss := range o.unread {
		r.Complete, r.Losses = false, append(r.Losses, loss)
	}
	return r
}

func (l *Library) convert(m *eval.Machine, d *zod.Def, o Options) zod.Result {
	if d != nil && d.Dialect.Family == zod.V3 && !o.plain() {
		return l.convertV3(m, d, o)
	}
	plain := zod.Convert(d, o.Options)
	if o.override == nil {
		plain.Instances = nil
		return plain
	}
	key := overridden{o.override, fmt.Sprintf("%+v", o.Options), sha256.Sum256([]byte(outline(plain)))}
	if r, ok := l.overridden[key]; ok {
		return r
	}
	asked := false
	w := o.world
	w.Ask = func(a *eval.Atom) {
		asked = true
		if o.world.Ask != nil {
			o.world.Ask(a)
		}
	}
	o.Override = l.override(m, o.override, w)
	r := zod.Convert(d, o.Options)
	r.Instances = nil // they would keep whole trees in memory
	if !asked {
		if l.overridden == nil {
			l.overridden = map[overridden]zod.Result{}
		}
		l.overridden[key] = r
	}
	return r
}

// overridden is a conversion with a function of the program.
type overridden struct {
	by      *eval.Object
	options string
	outline [sha256.Size]byte
}

// outline is what a function of the program can tell of a schema: what it is converted to without the function, and
// the instances that this was made of.
func outline(r zod.Result) string {
	var b strings.Builder
	b.WriteString(ordered.String(r.Schema))
	fmt.Fprint(&b, r.Complete, r.Losses, r.Throws)
	for _, d := range r.Instances {
		fmt.Fprintf(&b, "\n%s %s %s %s %t %t %t %t %t", d.Kind, d.Class, d.Discriminator, d.Mode, d.Coerce, d.Codec, d.Exact, d.Partial, d.Exclusive)
		for _, c := range d.Checks {
			fmt.Fprintf(&b, " %s/%s", c.Kind, c.Format)
		}
	}
	return b.String()
}

// override runs the program's own function that changes each schema once it is written.
func (l *Library) override(m *eval.Machine, f eval.Value, w eval.World) func(*zod.Def, *ordered.Map, []string) {
	return func(d *zod.Def, schema *ordered.Map, path []string) {
		m.Run(func() eval.Value {
			t := newTwin(m, w)
			places := make([]eval.Value, len(path))
			for i, p := range path {
				places[i] = eval.String(p)
			}
			context := m.NewObject()
			context.Define("zodSchema", m.NewHost(&Schema{fixed: d}))
			context.Define("jsonSchema", t.value(schema))
			context.Define("path", m.NewArray(places...))
			m.Call(f, eval.Undefined, []eval.Value{context})
			t.read(t.objects[schema], map[*eval.Object]bool{}) // not where it throws
			return eval.Undefined
		})
	}
}

// twin keeps a JSON Schema and the value that stands for it together: what happens to one happens to the other,
// for the converter holds on to the parts of a schema.
type twin struct {
	machine *eval.Machine
	world   eval.World
	objects map[*ordered.Map]*eval.Object
	maps    map[*eval.Object]*ordered.Map
	lists   map[*eval.Object]any // those that the converter keeps by reference
}

func newTwin(m *eval.Machine, w eval.World) *twin {
	return &twin{m, w, map[*ordered.Map]*eval.Object{}, map[*eval.Object]*ordered.Map{}, map[*eval.Object]any{}}
}

func (t *twin) value(v any) eval.Value {
	switch v := v.(type) {
	case []any:
		list := make([]eval.Value, len(v))
		for i, x := range v {
			list[i] = t.value(x)
		}
		return t.machine.NewArray(list...)
	case *ordered.Map:
		if o := t.objects[v]; o != nil {
			return o
		}
		o := t.machine.NewObject()
		t.objects[v], t.maps[o] = o, v
		for _, k := range v.Keys() {
			o.Define(k, t.value(v.Value(k)))
		}
		return o
	}
	if items := zod.ListItems(v); items != nil {
		o, _ := t.value(*items).(*eval.Object)
		t.lists[o] = v
		return o
	}
	if v == zod.UndefinedKeyword {
		return eval.Undefined
	}
	return jsonValue(t.machine, v)
}

// read writes what became of an object back, and returns its schema.
func (t *twin) read(o *eval.Object, seen map[*eval.Object]bool) *ordered.Map {
	m := t.maps[o]
	if m == nil {
		m = ordered.New()
		t.maps[o] = m
	}
	if seen[o] {
		return m
	}
	seen[o] = true
	before := map[string]any{}
	for _, k := range append([]string{}, m.Keys()...) {
		before[k] = m.Value(k)
		m.Delete(k)
	}
	for _, k := range o.Keys() {
		p := o.Own(k)
		if !t.world.Holds(p.When) {
			continue
		}
		m.Set(k, t.json(p.Value, before[k], seen))
	}
	return m
}

// json is a keyword's value; one that is not known stays what it was.
func (t *twin) json(v eval.Value, before any, seen map[*eval.Object]bool) any {
	switch v := t.world.Pick(v).(type) {
	case eval.Bool:
		return bool(v)
	case eval.Number:
		return float64(v)
	case eval.String:
		return string(v)
	case *eval.Text:
		s, _ := Render(t.world.Parts(v.Parts))
		return s
	case *eval.Object:
		if v.Kind != eval.KindArray {
			return t.read(v, seen)
		}
		list := []any{}
		for _, e := range v.Elems {
			if t.world.Holds(e.When) {
				list = append(list, t.json(e.Value, nil, seen))
			}
		}
		if kept := t.lists[v]; kept != nil {
			*zod.ListItems(kept) = list
			return kept
		}
		return list
	case *eval.Unknown:
		return before
	default:
		if v == eval.Null {
			return nil
		}
	}
	return zod.UndefinedKeyword
}
