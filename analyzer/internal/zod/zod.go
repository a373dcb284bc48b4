// Package zod recognises the schemas of the zod library among the values of an evaluation: what a constructor was
// given (its definition, in which the library itself says what it is), and the methods called on the result. It
// turns such a value into the definition tree of package internal/zod.
//
// A schema value stays symbolic until it is asked for: a definition may hold choices, and each world has its own tree.
package zod

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/zod"
)

// Schema is a schema value: what a constructor was given, or a method called on another schema.
type Schema struct {
	class      string
	constr     *eval.Object // the class; nil for one that a method made
	site       eval.Site    // where the class is defined
	definition *eval.Object

	base   *Schema
	method string
	args   []eval.Value

	fixed *zod.Def // a schema that was read out of another one

	internals  *eval.Object          // the member _zod, once it was read
	registered eval.Value            // what the program added to the global registry for it
	others     map[string]eval.Value // what it added to other registries, by their names
}

// Construct recognises `new C(definition)`; it is for eval.Config.
func Construct(m *eval.Machine, f *eval.Object, args []eval.Value) (eval.Value, bool) {
	if len(args) == 0 {
		return nil, false
	}
	def, ok := args[0].(*eval.Object)
	if !ok || def.Kind != eval.KindObject {
		return nil, false
	}
	class := className(f)
	if !isDefinition(m, class, def) {
		return nil, false
	}
	return m.NewHost(&Schema{class: class, constr: f, site: f.Site, definition: def}), true
}

// className is a constructor's own name: the one set on it as a property, or that of its class.
func className(f *eval.Object) string {
	if p := f.Own("name"); p != nil {
		if s, ok := p.Value.(eval.String); ok {
			return string(s)
		}
	}
	return f.Func.Name
}

// isDefinition tells whether a constructor's argument is a definition: version 3 says the class in it, in version 4
// the class itself is named.
func isDefinition(m *eval.Machine, class string, def *eval.Object) bool {
	if s, ok := ownString(def, "typeName"); ok {
		return strings.HasPrefix(s, "Zod")
	}
	if !strings.HasPrefix(strings.TrimPrefix(class, "$"), "Zod") {
		return false
	}
	_, isType := ownString(def, "type")
	_, isCheck := ownString(def, "check")
	return isType || isCheck
}

func ownString(o *eval.Object, key string) (string, bool) {
	p := o.Own(key)
	if p == nil {
		return "", false
	}
	s, ok := p.Value.(eval.String)
	return string(s), ok
}

// Of returns the schema that v is, or nil.
func Of(v eval.Value) *Schema {
	if o, ok := v.(*eval.Object); ok && o.Kind == eval.KindHost {
		if s, ok := o.Host.(*Schema); ok {
			return s
		}
	}
	return nil
}

// Member is a property of a schema; it is for eval.Config.
func (l *Library) Member(m *eval.Machine, host *eval.Object, key string) (eval.Value, bool) {
	s := Of(host)
	if s == nil {
		return nil, false
	}
	if v, ok := s.directMember(m, key); ok {
		return v, true
	}
	if key == "_zod" {
		return l.internals(m, s), true
	}
	if key == "~standard" {
		return l.standard(m, host), true
	}
	if isProperty[key] {
		if l.reading >= maxReading {
			return &eval.Unknown{Key: "schema." + key, Expr: "schema." + key, Why: "read from a schema that is being made"}, true
		}
		l.reading++
		defer func() { l.reading-- }()
		d := l.Def(m, s, eval.World{})
		if a, ok := d.Get(key); ok {
			return l.value(m, a), true
		}
		return eval.Undefined, true
	}
	return m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
		return l.call(m, s, key, args)
	}), true
}

// maxReading bounds how deep the making of one schema may read others that need it in turn.
const maxReading = 8

// isProperty are the members of a schema that programs read, rather than call.
var isProperty = map[string]bool{
	"shape": true, "options": true, "element": true, "enum": true, "Enum": true, "Values": true, "value": true, "values": true,
	"description": true, "_def": true, "def": true, "_zod": true, "type": true, "items": true, "minLength": true, "maxLength": true,
	"minValue": true, "maxValue": true, "format": true, "isInt": true, "optionsMap": true, "discriminator": true, "isFinite": true,
	"valueSchema": true, "keySchema": true, "keyType": true, "valueType": true, "typeName": true, "schema": true,
}

// directMember reads a member out of the definition itself, so that choices in it are kept.
func (s *Schema) directMember(m *eval.Machine, key string) (eval.Value, bool) {
	if s.definition == nil || key != "shape" {
		return nil, false
	}
	p := s.definition.Own("shape")
	if p == nil {
		return nil, false
	}
	shape := m.Get(s.definition, "shape")
	if eval.IsFunction(shape) {
		shape = m.Call(shape, eval.Undefined, nil)
	}
	return shape, true
}

// call is a method call on a schema: another schema, or something only known when the program runs.
func (l *Library) call(m *eval.Machine, s *Schema, method string, args []eval.Value) eval.Value {
	if method == "toJSONSchema" {
		var given eval.Value = eval.Undefined
		if len(args) > 0 {
			given = args[0]
		}
		return l.converted(m, m.NewHost(s), Conversion{Family: zod.V4, given: given})
	}
	switch how := parses[method]; how {
	case parsed, safely:
		var given eval.Value = eval.Undefined
		if len(args) > 0 {
			given = args[0]
		}
		return l.parse(m, s, method, how, given)
	case atRunTime:
		return m.ResultOf(method, "parses at run time", args...)
	}
	if reads[method] || method == "meta" && len(args) == 0 {
		if a, ok := l.Def(m, s, eval.World{}).Call(method, nil); ok && a.Kind != zod.ArgSchema {
			return l.value(m, a)
		}
		return &eval.Unknown{Key: "schema." + method, Expr: method + "(...)", Why: "read from a schema at run time"}
	}
	if name, ok := l.registryName(m, first(args)); ok && method == "register" && len(args) > 1 {
		s.register(name, args[1])
	}
	next := &Schema{base: s, method: method, args: args}
	return m.NewHost(next)
}

// parsing is how a method takes a value rather than make a schema.
type parsing uint8

const (
	parsed    parsing = iota + 1 // it returns the value, or throws
	safely                       // it tells whether the value is accepted, and returns it
	atRunTime                    // what it returns is not evaluated
)

// parses are the methods that take a value.
var parses = map[string]parsing{
	"parse": parsed, "parseAsync": parsed, "encode": parsed, "decode": parsed, "encodeAsync": parsed, "decodeAsync": parsed,
	"safeParse": safely, "safeParseAsync": safely, "spa": safely, "safeEncode": safely, "safeDecode": safely,
	"safeEncodeAsync": safely, "safeDecodeAsync": safely,
	"_parse": atRunTime, "_parseSync": atRunTime, "_parseAsync": atRunTime, "then": atRunTime, "toString": atRunTime,
}

// reads are the methods that tell something of a schema.
var reads = map[string]bool{"isOptional": true, "isNullable": true}
