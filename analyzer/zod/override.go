package zod

import (
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/schema/ordered"
	"github.com/bundlens/bundlens/schema/zod"
)

// override is the program's own function that changes each schema once it is written; nil where there is none.
func (l *Library) override(m *eval.Machine, f eval.Value) func(*zod.Def, *ordered.Map, []string) {
	if !eval.IsFunction((eval.World{}).Pick(f)) {
		return nil
	}
	return func(d *zod.Def, schema *ordered.Map, path []string) {
		m.Run(func() eval.Value {
			t := &twin{m, map[*ordered.Map]*eval.Object{}, map[*eval.Object]*ordered.Map{}, map[*eval.Object]any{}}
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
	objects map[*ordered.Map]*eval.Object
	maps    map[*eval.Object]*ordered.Map
	lists   map[*eval.Object]any // those that the converter keeps by reference
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
		if !(eval.World{}).Holds(p.When) {
			continue
		}
		m.Set(k, t.json(p.Value, before[k], seen))
	}
	return m
}

// json is a keyword's value; one that is not known stays what it was.
func (t *twin) json(v eval.Value, before any, seen map[*eval.Object]bool) any {
	switch v := (eval.World{}).Pick(v).(type) {
	case eval.Bool:
		return bool(v)
	case eval.Number:
		return float64(v)
	case eval.String:
		return string(v)
	case *eval.Text:
		s, _ := Render((eval.World{}).Parts(v.Parts))
		return s
	case *eval.Object:
		if v.Kind != eval.KindArray {
			return t.read(v, seen)
		}
		list := []any{}
		for _, e := range v.Elems {
			if (eval.World{}).Holds(e.When) {
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
