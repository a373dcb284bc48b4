package zod

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/ordered"
)

func lossText(r Result) string {
	var b strings.Builder
	for _, l := range r.Losses {
		fmt.Fprintf(&b, "%s %s: %s; ", l.Path, l.Kind, l.Why)
	}
	return b.String()
}

// TestUnknown gives definitions parts that aren't known: each is a loss at its
// place, and nothing else is lost.
func TestUnknown(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		b := builder{dialect}
		s := b.make("string")
		open := ObjectArg(field("k", s))
		open.Obj.Open = "a spread of something"
		if dialect.Family == V3 {
			open = FuncArg(Thunk(open))
		}
		tests := []struct {
			name string
			def  *Def
			want string // in the schema
			loss string
		}{
			{"property", b.object(field("a", s), Prop{Key: "b", Value: Unknown("w")}), `"properties":{"a":{"type":"string"},"b":{}}`, "/properties/b unknown: w; "},
			{"bound", s.then("min", Unknown("w")), `"type":"string"`, " unknown: w; "},
			{"description", s.then("describe", Unknown("w")), `"type":"string"`, " unknown: w; "},
			{"text with a hole", s.then("describe", Arg{Kind: ArgString, Str: "at ${X}", Why: "w"}), `"description":"at ${X}"`, " text: w; "},
			{"default", s.then("default", Unknown("w")), `"type":"string"`, " unknown: w; "},
			{"option", s.then("or", Unknown("w")), `"anyOf":[{"type":"string"},{}]`, "/anyOf/1 unknown: w; "},
			{"spread", b.make("object", Prop{Key: "shape", Value: open}, Prop{Key: "unknownKeys", Value: String("strict")}), `"properties":{"k":{"type":"string"}},"required":["k"]`, "/properties unknown: a spread of something; "},
		}
		for _, test := range tests {
			got := Convert(test.def, Options{Dialect: dialect})
			if json := ordered.String(got.Schema); !strings.Contains(json, test.want) || strings.Contains(json, `"additionalProperties":false`) && test.name == "spread" {
				t.Errorf("%s, %s: %s", dialect.Version, test.name, json)
			}
			if lossText(got) != test.loss || got.Complete {
				t.Errorf("%s, %s: losses %q, complete %v", dialect.Version, test.name, lossText(got), got.Complete)
			}
		}
	}
}

// TestNarrower: a function of the program's own leaves the schema complete.
func TestNarrower(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		d := builder{dialect}.make("string").then("refine", FuncArg(nil)).then("describe", String("d"))
		got := Convert(d, Options{Dialect: dialect})
		if !got.Complete || len(got.Losses) != 1 || got.Losses[0].Kind != LossNarrower {
			t.Errorf("%s: %v", dialect.Version, got.Losses)
		}
	}
}

func TestLazyOntoItself(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		var d *Def
		getter := FuncArg(&Func{Invoke: func(...Arg) (Arg, bool) { return SchemaArg(d), true }})
		d = builder{dialect}.make("lazy", Prop{Key: "getter", Value: getter})
		got := Convert(d, Options{Dialect: dialect, Refs: RefsNone})
		if got.Schema == nil {
			t.Errorf("%s: no schema", dialect.Version)
		}
	}
}

// TestEndless follows a getter that makes a new schema each time.
func TestEndless(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		b := builder{dialect}
		var node func() *Def
		node = func() *Def {
			getter := &Func{Invoke: func(...Arg) (Arg, bool) { return SchemaArg(node()), true }}
			return b.object(Prop{Key: "next", Get: getter})
		}
		got := Convert(node(), Options{Dialect: dialect})
		if got.Complete || !strings.Contains(lossText(got), string(LossBound)) {
			t.Errorf("%s: complete %v, losses %d", dialect.Version, got.Complete, len(got.Losses))
		}
	}
}

func TestManyProperties(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		b := builder{dialect}
		var props []Prop
		for i := range 10_000 {
			props = append(props, field(fmt.Sprintf("p%d", i), b.make("string").then("describe", String("d"))))
		}
		d := b.object(props...).then("extend", ObjectArg(props...))
		got := Convert(d, Options{Dialect: dialect, IO: Input})
		if p, _ := got.Schema.Value("properties").(*ordered.Map); p.Len() != 10_000 || !got.Complete {
			t.Errorf("%s: %d properties, losses %d", dialect.Version, p.Len(), len(got.Losses))
		}
	}
}

// TestRecursion: a schema within itself is referred to.
func TestRecursion(t *testing.T) {
	b := builder{zod46}
	var node *Def
	self := &Func{Invoke: func(...Arg) (Arg, bool) { return SchemaArg(node.then("optional")), true }}
	node = b.object(field("v", b.make("string")), Prop{Key: "next", Get: self})
	got := Convert(node, Options{Dialect: zod46, OmitSchemaURI: true})
	const want = `{"type":"object","properties":{"v":{"type":"string"},"next":{"$ref":"#"}},"required":["v"],"additionalProperties":false}`
	if s := ordered.String(got.Schema); s != want {
		t.Errorf("got %s", s)
	}
}

func TestGet(t *testing.T) {
	for _, dialect := range []Dialect{zod3, zod40, zod46} {
		b := builder{dialect}
		d := b.object(field("a", b.make("string")), field("b", b.make("number"))).then("describe", String("x"))
		shape, ok := d.Get("shape")
		if !ok || len(shape.Obj.Props) != 2 || shape.Get("b").Def.Kind != KindNumber {
			t.Errorf("%s: shape %v", dialect.Version, shape)
		}
		if desc, ok := d.Get("description"); !ok || desc.Str != "x" {
			t.Errorf("%s: description %v", dialect.Version, desc)
		}
		keys := d.then("keyof")
		if options, ok := keys.Get("options"); !ok || len(options.List) != 2 {
			t.Errorf("%s: options %v", dialect.Version, options)
		}
		if enum, ok := keys.Get("enum"); !ok || enum.Get("a").Str != "a" {
			t.Errorf("%s: enum %v", dialect.Version, enum)
		}
		if el, ok := b.make("string").then("array").Get("element"); !ok || el.Def.Kind != KindString {
			t.Errorf("%s: element %v", dialect.Version, el)
		}
		if _, ok := d.Get("parse"); ok {
			t.Errorf("%s: parse is no property here", dialect.Version)
		}
	}
}
