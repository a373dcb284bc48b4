package zod

import (
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/ordered"
)

var (
	zod3  = Dialect{V3, Version{3, 25, 76}}
	zod40 = Dialect{V4, Version{4, 0, 0}}
	zod46 = Dialect{V4, Version{4, 6, 2}}
)

// builder makes schemas as a program does, in one dialect.
type builder struct{ Dialect }

func (b builder) make(kind string, props ...Prop) *Def {
	key, class := "type", "Zod"+strings.ToUpper(kind[:1])+kind[1:]
	if b.Family == V3 {
		return FromDefinition(b.Dialect, class, ObjectArg(append([]Prop{{Key: "typeName", Value: String(class)}}, props...)...))
	}
	return FromDefinition(b.Dialect, class, ObjectArg(append([]Prop{{Key: key, Value: String(kind)}}, props...)...))
}

func (b builder) object(props ...Prop) *Def {
	shape := ObjectArg(props...)
	if b.Family == V3 {
		shape = FuncArg(Thunk(shape))
	}
	return b.make("object", Prop{Key: "shape", Value: shape}, Prop{Key: "unknownKeys", Value: String("strip")})
}

func field(name string, d *Def) Prop { return Prop{Key: name, Value: SchemaArg(d)} }

// then calls a method and returns the schema that it returns.
func (d *Def) then(method string, args ...Arg) *Def {
	a, ok := d.Call(method, args)
	if !ok || a.Kind != ArgSchema {
		return Unresolved(d.Dialect, "no method "+method)
	}
	return a.Def
}

// TestChains follows chains of methods, whose meaning differs by version.
func TestChains(t *testing.T) {
	mask := func(keys ...string) Arg {
		a := ObjectArg()
		for _, k := range keys {
			a.Obj.Props = append(a.Obj.Props, Prop{Key: k, Value: Bool(true)})
		}
		return a
	}
	tests := []struct {
		name          string
		make          func(builder) *Def
		v3, v40, v462 string
	}{{
		name: "a check after a description",
		make: func(b builder) *Def { return b.make("string").then("describe", String("d")).then("min", Number(3)) },
		v3:   `{"type":"string","minLength":3,"description":"d"}`,
		v40:  `{"type":"string","minLength":3}`,
		v462: `{"type":"string","minLength":3,"description":"d"}`,
	}, {
		name: "an empty description",
		make: func(b builder) *Def { return b.make("string").then("describe", String("")) },
		v3:   `{"type":"string"}`,
		v40:  `{"description":"","type":"string"}`,
		v462: `{"type":"string","description":""}`,
	}, {
		name: "an extension of a described object",
		make: func(b builder) *Def {
			return b.object(field("a", b.make("string"))).then("describe", String("A")).then("extend", ObjectArg(field("b", b.make("number"))))
		},
		v3:   `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b"],"additionalProperties":false,"description":"A"}`,
		v40:  `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b"],"additionalProperties":false}`,
		v462: `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b"],"additionalProperties":false}`,
	}, {
		name: "optional, nullable and default keys",
		make: func(b builder) *Def {
			s := b.make("string")
			return b.object(field("o", s.then("optional")), field("n", s.then("nullable")), field("d", s.then("default", String("x"))))
		},
		v3:   `{"type":"object","properties":{"o":{"type":"string"},"n":{"type":["string","null"]},"d":{"$ref":"#/properties/o","default":"x"}},"required":["n"],"additionalProperties":false}`,
		v40:  `{"type":"object","properties":{"o":{"type":"string"},"n":{"anyOf":[{"type":"string"},{"type":"null"}]},"d":{"default":"x","type":"string"}},"required":["n","d"],"additionalProperties":false}`,
		v462: `{"type":"object","properties":{"o":{"type":"string"},"n":{"type":["string","null"]},"d":{"default":"x","type":"string"}},"required":["n","d"],"additionalProperties":false}`,
	}, {
		name: "pick, partial and passthrough",
		make: func(b builder) *Def {
			o := b.object(field("a", b.make("string")), field("b", b.make("number")), field("c", b.make("boolean")))
			return o.then("pick", mask("c", "a")).then("partial", mask("a")).then("passthrough")
		},
		v3:   `{"type":"object","properties":{"c":{"type":"boolean"},"a":{"type":"string"}},"required":["c"],"additionalProperties":true}`,
		v40:  `{"type":"object","properties":{"c":{"type":"boolean"},"a":{"type":"string"}},"required":["c"],"additionalProperties":{}}`,
		v462: `{"type":"object","properties":{"c":{"type":"boolean"},"a":{"type":"string"}},"required":["c"],"additionalProperties":{}}`,
	}, {
		name: "an integer with a bound",
		make: func(b builder) *Def { return b.make("number").then("min", Number(1)).then("int") },
		v3:   `{"type":"integer","minimum":1}`,
		v40:  `{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991}`,
		v462: `{"type":"integer","minimum":1,"maximum":9007199254740991}`,
	}, {
		name: "the start of a text",
		make: func(b builder) *Def { return b.make("string").then("startsWith", String("a/b.")) },
		v3:   `{"type":"string","pattern":"^a\\/b\\."}`,
		v40:  `{"type":"string","pattern":"^a\\/b\\..*"}`,
		v462: `{"type":"string","format":"starts_with","pattern":"^a\\/b\\..*"}`,
	}, {
		name: "or, array and nullish",
		make: func(b builder) *Def {
			return b.make("string").then("or", SchemaArg(b.make("number"))).then("array").then("describe", String("l"))
		},
		v3:   `{"type":"array","items":{"type":["string","number"]},"description":"l"}`,
		v40:  `{"description":"l","type":"array","items":{"anyOf":[{"type":"string"},{"type":"number"}]}}`,
		v462: `{"type":"array","items":{"type":["string","number"]},"description":"l"}`,
	}, {
		name: "keys of an object",
		make: func(b builder) *Def {
			return b.object(field("b", b.make("string")), field("2", b.make("string")), field("1", b.make("string"))).then("keyof")
		},
		v3:   `{"type":"string","enum":["1","2","b"]}`,
		v40:  `{"type":"string","enum":["1","2","b"]}`,
		v462: `{"type":"string","enum":["1","2","b"]}`,
	}, {
		name: "and",
		make: func(b builder) *Def {
			return b.object(field("a", b.make("string"))).then("and", SchemaArg(b.object(field("b", b.make("null")))))
		},
		v3:   `{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}]}`,
		v40:  `{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},{"type":"object","properties":{"b":{"type":"null"}},"required":["b"],"additionalProperties":false}]}`,
		v462: `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"null"}},"required":["a","b"],"additionalProperties":false}`,
	}}
	for _, test := range tests {
		for dialect, want := range map[Dialect]string{zod3: test.v3, zod40: test.v40, zod46: test.v462} {
			d := test.make(builder{dialect})
			got := Convert(d, Options{Dialect: dialect, OmitSchemaURI: true})
			if s := ordered.String(got.Schema); s != want {
				t.Errorf("%s, %s:\n got %s\nwant %s", test.name, dialect.Version, s, want)
			}
			if !got.Complete || got.Throws != "" {
				t.Errorf("%s, %s: losses %v, throws %q", test.name, dialect.Version, got.Losses, got.Throws)
			}
		}
	}
}

func TestSides(t *testing.T) {
	b := builder{zod46}
	d := b.object(
		field("d", b.make("number").then("default", Number(3))),
		field("t", b.make("string").then("transform", FuncArg(nil))),
		field("c", b.make("string").then("catch", String("x"))),
	)
	for io, want := range map[IO]string{
		Input:  `{"type":"object","properties":{"d":{"default":3,"type":"number"},"t":{"type":"string"},"c":{"default":"x","type":"string"}},"required":["t","c"]}`,
		Output: `{"type":"object","properties":{"d":{"default":3,"type":"number"},"t":{},"c":{"default":"x","type":"string"}},"required":["d","t","c"],"additionalProperties":false}`,
	} {
		got := Convert(d, Options{IO: io, Dialect: zod46, Unrepresentable: "any", OmitSchemaURI: true})
		if s := ordered.String(got.Schema); s != want || got.Throws != "" {
			t.Errorf("%s: throws %q\n got %s\nwant %s", io, got.Throws, s, want)
		}
	}
	if got := Convert(d, Options{Dialect: zod46}); got.Throws != "Transforms cannot be represented in JSON Schema" || !got.Complete {
		t.Errorf("throws %q, complete %v", got.Throws, got.Complete)
	}
}

// TestDefaultsAreParsed asks version 3 which keys are required: a default of nothing is parsed as well, and may not be taken.
func TestDefaultsAreParsed(t *testing.T) {
	b := builder{zod3}
	d := b.object(
		field("a", b.make("string").then("default", Undefined())),
		field("b", b.make("number").then("optional").then("default", Undefined())),
		field("c", b.make("boolean").then("default", Bool(true))),
	)
	const want = `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"},"c":{"type":"boolean","default":true}},"required":["a"],"additionalProperties":false}`
	if s := ordered.String(Convert(d, Options{Dialect: zod3, OmitSchemaURI: true}).Schema); s != want {
		t.Errorf(" got %s\nwant %s", s, want)
	}
}

func TestSharedInstance(t *testing.T) {
	b := builder{zod3}
	path := b.make("string").then("describe", String("p"))
	d := b.object(field("from", path), field("to", path))
	for refs, want := range map[Refs]string{
		RefsRoot:     `{"$ref":"#/properties/from"}`,
		RefsRelative: `{"$ref":"1/from"}`,
		RefsNone:     `{"type":"string","description":"p"}`,
		RefsSeen:     `{}`,
	} {
		got := Convert(d, Options{Dialect: zod3, Refs: refs})
		props, _ := got.Schema.Value("properties").(*ordered.Map)
		if s := ordered.String(props.Value("to")); refs != RefsSeen && s != want || refs == RefsSeen && !strings.HasPrefix(s, `{`) {
			t.Errorf("%s: got %s, want %s", refs, s, want)
		}
	}
}

func TestBoundsThatProgramsRead(t *testing.T) {
	v3 := Dialect{Family: V3}
	number := FromDefinition(v3, "", ObjectArg(Prop{Key: "typeName", Value: String("ZodNumber")}, Prop{Key: "checks", Value: Array()}))
	call := func(d *Def, method string, args ...Arg) *Def {
		a, ok := d.Call(method, args)
		if !ok {
			t.Fatalf("no method %s", method)
		}
		return a.Def
	}
	bounded := call(call(call(number, "min", Number(2)), "min", Number(4)), "int")
	four := FromDefinition(Dialect{}, "ZodString", ObjectArg(Prop{Key: "type", Value: String("string")}))
	length := call(call(four, "length", Number(3)), "email")
	for _, c := range []struct {
		d    *Def
		prop string
		want Arg
	}{
		{number, "minValue", Null()}, {bounded, "minValue", Number(4)}, {bounded, "maxValue", Null()}, {bounded, "isInt", Bool(true)},
		{number, "isInt", Bool(false)}, {length, "minLength", Number(3)}, {length, "maxLength", Number(3)}, {length, "format", String("email")},
	} {
		if got, ok := c.d.Get(c.prop); !ok || got.Kind != c.want.Kind || got.Num != c.want.Num || got.Str != c.want.Str || got.Bool != c.want.Bool {
			t.Errorf("%s: got %+v, want %+v", c.prop, got, c.want)
		}
	}
}
