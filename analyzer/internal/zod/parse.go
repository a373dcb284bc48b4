package zod

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/zod"
)

// maxParsed bounds how deep schemas inside schemas are followed that take a value.
const maxParsed = 12

// keeping are the methods of a schema that leave what it makes of a value as it is: they check it, or describe it.
var keeping = map[string]bool{
	"describe": true, "meta": true, "brand": true, "readonly": true, "register": true, "refine": true, "superRefine": true, "check": true,
	"strict": true, "strip": true, "nonempty": true, "min": true, "max": true, "length": true,
	"regex": true, "email": true, "url": true, "uuid": true, "startsWith": true, "endsWith": true, "includes": true, "datetime": true, "ip": true,
	"int": true, "positive": true, "negative": true, "nonnegative": true, "nonpositive": true, "finite": true, "safe": true, "multipleOf": true,
	"gt": true, "gte": true, "lt": true, "lte": true, "size": true, "nullable": true,
}

// plain are the types of schemas that give back what they take.
var plain = map[zod.Kind]bool{
	zod.KindString: true, zod.KindNumber: true, zod.KindBoolean: true, zod.KindBigInt: true, zod.KindEnum: true, zod.KindNativeEnum: true,
	zod.KindLiteral: true, zod.KindAny: true, zod.KindUnknown: true, zod.KindNull: true, zod.KindUndefined: true,
}

// parse is what a schema makes of a value that a program means to be accepted. Whether it is accepted is known for undefined
// and null alone.
func (l *Library) parse(m *eval.Machine, s *Schema, method string, how parsing, given eval.Value) eval.Value {
	data := given
	if u, ok := given.(*eval.Unknown); ok {
		r := m.ResultOf(method, "parses at run time", given)
		r.Default = u.Default
		data = r
	} else if o, ok := given.(*eval.Object); ok && o.Kind == eval.KindObject {
		if v := l.taken(m, s, given, maxParsed); v != nil {
			data = v
		}
	}
	if how == parsed {
		return data
	}
	member := func(key string) *eval.Unknown {
		u := m.ResultOf(method, "parses at run time", given)
		u.Key, u.Expr = u.Key+"."+key, u.Expr+"."+key
		return u
	}
	success := member("success")
	success.Default = eval.Bool(true)
	result := m.NewObject()
	result.Define("success", l.accepted(m, s, given, success))
	result.Define("data", data)
	result.Define("error", member("error"))
	return result
}

// taken is what a schema makes of a value: defaults are filled in, functions that transform it are called. It is nil where
// that is not followed.
func (l *Library) taken(m *eval.Machine, s *Schema, given eval.Value, depth int) eval.Value {
	if depth == 0 || s == nil {
		return nil
	}
	if s.base == nil {
		return l.takenBy(m, s, given, depth)
	}
	inner := func() eval.Value { return l.taken(m, s.base, given, depth-1) }
	switch {
	case keeping[s.method]:
		return inner()
	case s.method == "passthrough", s.method == "loose", s.method == "catchall":
		return withOthers(m, given, inner())
	case s.method == "optional", s.method == "nullish":
		return unlessGiven(m, given, eval.Undefined, inner)
	case s.method == "default" && len(s.args) > 0:
		return unlessGiven(m, given, called(m, s.args[0]), inner)
	case s.method == "transform" && len(s.args) > 0 && eval.IsFunction(s.args[0]):
		if v := inner(); v != nil {
			return m.Call(s.args[0], eval.Undefined, []eval.Value{v})
		}
	case s.method == "trim", s.method == "toLowerCase", s.method == "toUpperCase":
		if v := inner(); v != nil {
			return m.Invoke(v, s.method)
		}
	}
	return nil
}

// takenBy is what a schema makes of a value that a constructor made.
func (l *Library) takenBy(m *eval.Machine, s *Schema, given eval.Value, depth int) eval.Value {
	if s.definition == nil {
		return nil
	}
	inner := func() eval.Value { return l.taken(m, Of(m.Get(s.definition, "innerType")), given, depth-1) }
	switch kind := s.kind(); {
	case kind == zod.KindObject:
		return l.takenObject(m, s, given, depth)
	case kind == zod.KindOptional:
		return unlessGiven(m, given, eval.Undefined, inner)
	case kind == zod.KindNullable, kind == zod.KindReadonly:
		return inner()
	case kind == zod.KindDefault:
		return unlessGiven(m, given, called(m, m.Get(s.definition, "defaultValue")), inner)
	case plain[kind]:
		if p := s.definition.Own("coerce"); p == nil || p.Value == eval.Value(eval.Bool(false)) {
			return given
		}
	}
	return nil
}

// kind is a definition's kind.
func (s *Schema) kind() zod.Kind {
	if kind, ok := ownString(s.definition, "type"); ok {
		return zod.Kind(kind)
	}
	name, _ := ownString(s.definition, "typeName")
	return zod.KindV3(name)
}

// takenObject is the object that a schema of objects makes of one: with the members of its shape alone, where it says nothing
// of others. What is not followed is unknown.
func (l *Library) takenObject(m *eval.Machine, s *Schema, given eval.Value, depth int) eval.Value {
	from, ok := given.(*eval.Object)
	members, _ := s.directMember(m, "shape")
	shape, known := members.(*eval.Object)
	if !ok || !known || len(shape.Open()) > 0 {
		return nil
	}
	out := m.NewObject()
	for _, key := range shape.Keys() {
		field := m.Get(given, key)
		v := l.taken(m, Of(m.Get(shape, key)), field, depth-1)
		if v == nil {
			v = m.ResultOf("parse", "parses at run time", field)
		}
		if v != eval.Value(eval.Undefined) || from.Own(key) != nil || len(from.Open()) > 0 {
			out.Define(key, v)
		}
	}
	others := Of(m.Get(s.definition, "catchall"))
	never := others == nil || others.definition != nil && others.kind() == zod.KindNever
	if unknownKeys, _ := ownString(s.definition, "unknownKeys"); unknownKeys == "passthrough" || !never {
		return withOthers(m, given, out)
	}
	return out
}

// withOthers adds to an object that a schema made the members of the one that it was made of.
func withOthers(m *eval.Machine, given, made eval.Value) eval.Value {
	from, ok := given.(*eval.Object)
	to, isObject := made.(*eval.Object)
	if !ok || !isObject {
		return nil
	}
	out := m.NewObject()
	m.Assign(out, from)
	m.Assign(out, to)
	return out
}

// unlessGiven is other where a value is undefined, else what then gives.
func unlessGiven(m *eval.Machine, given, other eval.Value, then func() eval.Value) eval.Value {
	missing := m.Equal(given, eval.Undefined)
	is, known := missing.Constant()
	if known && is {
		return other
	}
	v := then()
	if known || v == nil {
		return v
	}
	return &eval.Choice{Cond: missing, Then: other, Else: v}
}

// called is a default value, which may be a function that gives it.
func called(m *eval.Machine, v eval.Value) eval.Value {
	if eval.IsFunction(v) {
		return m.Call(v, eval.Undefined, nil)
	}
	return v
}

// accepted tells whether a schema takes undefined or null; of other values it is open.
func (l *Library) accepted(m *eval.Machine, s *Schema, given eval.Value, open *eval.Unknown) eval.Value {
	method := "isOptional"
	switch given {
	case eval.Undefined:
	case eval.Null:
		method = "isNullable"
	default:
		return open
	}
	if a, ok := l.Def(m, s, eval.World{}).Call(method, nil); ok && a.Kind == zod.ArgBool {
		return l.value(m, a)
	}
	return open
}
