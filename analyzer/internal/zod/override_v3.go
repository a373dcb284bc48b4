package zod

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/internal/zod"
)

// convertV3 converts with what the program adds to version 3's converter: schemas with names of their own, and functions
// that are asked before and after each schema is written.
func (l *Library) convertV3(m *eval.Machine, d *zod.Def, o Options) zod.Result {
	b := l.latestBy
	if l.latest != d {
		b = l.newBuilder(m, o.world)
	}
	if o.definitions != nil {
		o.Definitions = []zod.Field{}
		for _, k := range o.definitions.Keys() {
			if s := Of(o.world.Pick(m.Get(o.definitions, k))); s != nil {
				o.Definitions = append(o.Definitions, zod.Field{Name: k, Schema: zod.To(b.def(s))})
			}
		}
	}
	if o.override != nil {
		o.Replace = func(d *zod.Def, path []string, met, whole bool) (schema *ordered.Map, ok bool) {
			m.Run(func() eval.Value {
				t := newTwin(m, o.world)
				var seen eval.Value = eval.Undefined
				if met {
					seen = m.NewObject()
				}
				v := m.Call(o.override, eval.Undefined, []eval.Value{l.definitionOf(m, d), l.refs(m, o, path), seen, eval.Bool(whole)})
				schema, ok = t.written(v)
				return eval.Undefined
			})
			return schema, ok
		}
	}
	if o.postProcess != nil {
		o.Finish = func(d *zod.Def, schema *ordered.Map, path []string) *ordered.Map {
			m.Run(func() eval.Value {
				t := newTwin(m, o.world)
				var given eval.Value = eval.Undefined
				if schema != nil {
					given = t.value(schema)
				}
				v := m.Call(o.postProcess, eval.Undefined, []eval.Value{given, l.definitionOf(m, d), l.refs(m, o, path)})
				if made, ok := t.written(v); ok {
					schema = made
				}
				return eval.Undefined
			})
			return schema
		}
	}
	r := zod.Convert(d, o.Options)
	r.Instances = nil
	return r
}

// definitionOf is the member _def of a schema.
func (l *Library) definitionOf(m *eval.Machine, d *zod.Def) eval.Value {
	a, _ := d.Get("_def")
	return l.value(m, a)
}

// refs is what the converter hands to the program's functions of its own state.
func (l *Library) refs(m *eval.Machine, o Options, path []string) eval.Value {
	r := m.NewObject()
	if o.given != nil {
		m.Assign(r, o.given)
	}
	places := make([]eval.Value, len(path))
	for i, p := range path {
		places[i] = eval.String(p)
	}
	r.Define("currentPath", m.NewArray(places...))
	return r
}

// written is the schema that a function of the program gives; ok is false where it leaves that to the converter, or where
// what it gives is not known.
func (t *twin) written(v eval.Value) (schema *ordered.Map, ok bool) {
	switch v := t.world.Pick(v).(type) {
	case *eval.Object:
		return t.read(v, map[*eval.Object]bool{}), true
	case *eval.Symbol, *eval.Unknown:
		return nil, false
	}
	return nil, true
}
