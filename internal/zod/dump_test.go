package zod

import (
	"fmt"
	"math"

	"github.com/bundlens/bundlens/internal/ordered"
)

// dump is what testdata/dump.mjs writes: the definitions that real schemas hold.
type dump struct {
	dialect  Dialect
	schemas  *ordered.Map
	expected *ordered.Map
	records  []any
	defs     map[int]*Def
	regexes  map[int]*Regex
}

func readDump(data []byte, dialect Dialect) (*dump, error) {
	v, err := ordered.Parse(data)
	if err != nil {
		return nil, err
	}
	m, ok := v.(*ordered.Map)
	if !ok {
		return nil, fmt.Errorf("a dump that is no object")
	}
	return &dump{
		dialect:  dialect,
		schemas:  m.Value("schemas").(*ordered.Map),
		expected: m.Value("expected").(*ordered.Map),
		records:  m.Value("records").([]any),
		defs:     map[int]*Def{},
		regexes:  map[int]*Regex{},
	}, nil
}

func (x *dump) schema(name string) *Def { return x.def(int(x.schemas.Value(name).(float64))) }

// def makes the definition of a record through FromDefinition.
func (x *dump) def(id int) *Def {
	if d := x.defs[id]; d != nil {
		return d
	}
	rec := x.records[id].(*ordered.Map)
	if call, ok := rec.Value("call").([]any); ok {
		d := x.call(call)
		x.defs[id] = d
		return d
	}
	var props []Prop
	for _, pair := range rec.Value("def").([]any) {
		key, v := pair.([]any)[0].(string), pair.([]any)[1]
		p := Prop{Key: key}
		if key == "shape" && x.dialect.Family == V4 {
			p.Get = &Func{Invoke: func(...Arg) (Arg, bool) { return x.arg(v), true }}
		} else {
			p.Value = x.arg(v)
		}
		props = append(props, p)
	}
	d := FromDefinition(x.dialect, rec.Value("class").(string), ObjectArg(props...))
	x.defs[id] = d
	d.NoValues = rec.Has("novalues")
	if parent, ok := rec.Value("parent").(float64); ok {
		d.Parent = x.def(int(parent))
	}
	if meta, ok := rec.Get("meta"); ok {
		d.Meta = &Metadata{Props: x.arg(meta).Obj.Props}
	}
	return d
}

// call makes the definition that a method call returns.
func (x *dump) call(c []any) *Def {
	receiver, method := x.def(int(c[0].(float64))), c[1].(string)
	var args []Arg
	for _, a := range c[2].([]any) {
		args = append(args, x.arg(a))
	}
	got, ok := receiver.Call(method, args)
	if !ok || got.Kind != ArgSchema {
		return Unresolved(x.dialect, fmt.Sprintf("%s.%s: no result", receiver.Class, method))
	}
	return got.Def
}

func (x *dump) arg(v any) Arg {
	m, ok := v.(*ordered.Map)
	if !ok {
		return FromJSON(v)
	}
	key := m.Keys()[0]
	switch v := m.Value(key); key {
	case "u":
		return Undefined()
	case "n":
		return Number(map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}[v.(string)])
	case "b":
		return BigInt(v.(string))
	case "y":
		return Arg{Kind: ArgSymbol, Str: v.(string)}
	case "d":
		f, _ := v.(float64)
		return Arg{Kind: ArgDate, Num: f}
	case "r":
		return x.regex(v.([]any))
	case "x":
		return FuncArg(nil)
	case "f":
		return FuncArg(&Func{Invoke: func(...Arg) (Arg, bool) { return x.arg(v), true }})
	case "g":
		first := true
		return FuncArg(&Func{Invoke: func(...Arg) (Arg, bool) {
			if first {
				first = false
				return SchemaArg(x.def(int(v.(float64)))), true
			}
			return SchemaArg(x.fresh(int(v.(float64)))), true
		}})
	case "s":
		return SchemaArg(x.def(int(v.(float64))))
	case "a":
		list := Array()
		for _, item := range v.([]any) {
			list.List = append(list.List, x.arg(item))
		}
		return list
	case "o":
		obj := ObjectArg()
		for _, pair := range v.([]any) {
			obj.Obj.Props = append(obj.Obj.Props, Prop{Key: pair.([]any)[0].(string), Value: x.arg(pair.([]any)[1])})
		}
		return obj
	}
	return Unknown("a value that the dump doesn't know")
}

// fresh makes a definition anew, with those that were first met inside it.
func (x *dump) fresh(id int) *Def {
	y := *x
	y.defs = map[int]*Def{}
	for k, d := range x.defs {
		if k < id {
			y.defs[k] = d
		}
	}
	return y.def(id)
}

func (x *dump) regex(v []any) Arg {
	id := int(v[2].(float64))
	if x.regexes[id] == nil {
		x.regexes[id] = &Regex{Source: v[0].(string), Flags: v[1].(string)}
	}
	return Arg{Kind: ArgRegex, Regex: x.regexes[id]}
}
