package zod

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/internal/zod"
)

// library is what a small library in the manner of version 4 looks like once it is bundled.
const library = `
function K(e,t){function C(d){this._zod={def:d};t(this,d)}Object.defineProperty(C,"name",{value:e});return C}
var S=K("ZodString",()=>{}),N=K("ZodNumber",()=>{}),D=K("ZodDefault",()=>{}),O=K("ZodObject",()=>{}),L=K("ZodLazy",()=>{}),
A=K("ZodArray",()=>{}),P=K("ZodOptional",()=>{}),U=K("ZodUnion",()=>{}),R=K("ZodRecord",()=>{}),E=K("ZodEnum",()=>{}),X=K("$ZodCheck",()=>{}),
F=K("$ZodCheckRegex",()=>{}),I=K("ZodLiteral",()=>{});
class G{constructor(){this._map=new WeakMap,this._idmap=new Map}add(e,...t){return this._map.set(e,t[0]),this}get(e){return this._map.get(e)}}
var mk=()=>new G,reg=mk(),own=mk();
class J{constructor(e){this.metadataRegistry=e?.metadata??reg}}
var s=()=>new S({type:"string"}),n=()=>new N({type:"number"}),o=e=>new O({type:"object",get shape(){return{...e}}}),
opt=e=>new P({type:"optional",innerType:e}),lz=f=>new L({type:"lazy",getter:f}),arr=e=>new A({type:"array",element:e}),
un=e=>new U({type:"union",options:e}),lit=e=>new I({type:"literal",values:[e]}),
def=(e,v)=>new D({type:"default",innerType:e,get defaultValue(){return typeof v=="function"?v():v}}),
desc=d=>{let c=new X({check:"describe"});return c._zod.onattach=[i=>{let m=reg.get(i)??{};reg.add(i,{...m,description:d})}],c._zod.check=()=>{},c},
rx=p=>new F({check:"string_format",format:"regex",pattern:p}),
clone=(e,d)=>{let c=new e._zod.constr(d??e._zod.def);if(!d)c._zod.parent=e;return c};
`

// maxSteps is more than any schema of these tests may take to evaluate.
const maxSteps = 2_000_000

// bundled is a program that has the library, and says last what `out` is.
func bundled(src string) (*eval.Machine, *Library, *scope.Module) {
	p := scope.New([]scope.Source{{Name: "main.js", Text: []byte(library + src + ";var end=out")}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	l := NewLibrary(func(eval.Site) zod.Version { return zod.Version{Major: 4, Minor: 4} })
	m := eval.New(p, eval.Config{Construct: Construct, Member: l.Member, InstanceOf: l.InstanceOf, Global: l.Global, Call: l.Call})
	return m, l, p.Modules[0]
}

// lastUnit is the last declaration of a module.
func lastUnit(module *scope.Module) int32 { return int32(len(module.Index().Units) - 1) }

// declared is what a declaration gives its name.
func declared(t *testing.T, m *eval.Machine, module *scope.Module, unit int32) eval.Value {
	t.Helper()
	tree, err := module.Tree(unit)
	if err != nil {
		t.Fatal(err)
	}
	n := tree.Root().FirstChild().ChildOfKind(js.VariableDeclarator).Child(js.FieldValue)
	return m.Run(func() eval.Value { return m.Eval(n, m.Enclosing(module, unit, n)) })
}

// converted evaluates the last declaration of a program that has the library, and converts the schema that it makes.
func convertedIn(t *testing.T, src string, options zod.Options) (zod.Result, *Library) {
	return convertedInWorld(t, src, options, eval.World{})
}

func convertedInWorld(t *testing.T, src string, options zod.Options, world eval.World) (zod.Result, *Library) {
	t.Helper()
	m, l, module := bundled(src)
	v := declared(t, m, module, lastUnit(module))
	s := Of(v)
	if s == nil {
		t.Fatalf("no schema but %s", m.Describe(v))
	}
	options.OmitSchemaURI = true
	with := Options{Options: options, world: world}
	if strings.Contains(src, "var override=") {
		at := uint32(strings.Index(library+src, "var override=") + 4)
		with.override, _ = declared(t, m, module, module.Index().UnitAt(at)).(*eval.Object)
	}
	r := l.Convert(m, l.Def(m, s, world), with)
	if m.Stats.Steps > maxSteps {
		t.Errorf("took %d steps", m.Stats.Steps)
	}
	return r, l
}

func TestSchemasOfBundles(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"one instance is one definition", `var x=s();var out=o({a:x,b:x})`,
			`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"],"additionalProperties":false}`},
		{"registered", `var out=o({a:s().register(reg,{title:"A"}),b:s().register(own,{title:"B"})})`,
			`{"type":"object","properties":{"a":{"type":"string","title":"A"},"b":{"type":"string"}},"required":["a","b"],"additionalProperties":false}`},
		{"added by a statement", `var x=s();reg.add(x,{description:"added"});var out=arr(x)`, `{"type":"array","items":{"type":"string","description":"added"}}`},
		{"a check that describes", `var out=s().check(desc("said"))`, `{"type":"string","description":"said"}`},
		{"read from a schema", `var b=o({a:s(),b:opt(n())});var out=o(Object.fromEntries(Object.entries(b.shape).map(([k,v])=>[k,v instanceof P?v.unwrap():opt(v)])))`,
			`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["b"],"additionalProperties":false}`},
		{"a method's result is of a class", `var out=lit(s().optional()instanceof P&&!(s().describe("d")instanceof P)&&s().min(1)instanceof S)`, `{"type":"boolean","const":true}`},
		{"of a class with a test of its own", `Object.defineProperty(O,Symbol.hasInstance,{value:g=>!!g?._zod?.traits?.has("ZodObject")});var out=lit(o({})instanceof O&&!(s()instanceof O))`,
			`{"type":"boolean","const":true}`},
		{"options in a Map", `var mk2=l=>{let r=new Map;for(let v of l)r.set(v,lit(v));return r};var out=new U({type:"union",options:mk2(["a","b"])})`,
			`{"anyOf":[{"type":"string","const":"a"},{"type":"string","const":"b"}]}`},
		{"a clone keeps the checks", `var out=clone(s().min(2).max(3))`, `{"type":"string","minLength":2,"maxLength":3}`},
		{"keys whose values are taken away", `var k=clone(new E({type:"enum",entries:{a:"a"}}));k._zod.values=void 0;var out=new R({type:"record",keyType:k,valueType:n()})`,
			`{"type":"object","propertyNames":{"type":"string","enum":["a"]},"additionalProperties":{"type":"number"}}`},
		{"keys with escapes", `var out=o({\u00E9:s(),"\xE8":n()})`,
			`{"type":"object","properties":{"é":{"type":"string"},"è":{"type":"number"}},"required":["é","è"],"additionalProperties":false}`},
		{"a registry on the global object", `var w=(globalThis.__zod_globalRegistry??={},globalThis.__zod_globalRegistry);var out=s().register(w,{title:"W"})`, `{"type":"string","title":"W"}`},
	} {
		r, _ := convertedIn(t, c.src, zod.Options{})
		got, _ := ordered.Marshal(r.Schema)
		if string(got) != c.want || !r.Complete {
			t.Errorf("%s:\n got %s %v\nwant %s", c.name, got, r.Losses, c.want)
		}
	}
}

func TestOverride(t *testing.T) {
	for _, c := range []struct{ name, override, src, want string }{
		{"renames a keyword", `var override=({jsonSchema:j,zodSchema:z})=>{if(z._zod.def.type==="union")j.oneOf=j.anyOf,delete j.anyOf}`,
			`var out=un([s(),o({a:n()})])`,
			`{"oneOf":[{"type":"string"},{"type":"object","properties":{"a":{"type":"number"}},"required":["a"],"additionalProperties":false}]}`},
		{"reads checks", `var override=c=>{for(let k of c.zodSchema._zod.def.checks??[])c.jsonSchema["x-"+k._zod.def.check]=k._zod.def.minimum}`,
			`var out=s().min(4)`, `{"type":"string","minLength":4,"x-min_length":4}`},
		{"keeps what is by reference", `var override=c=>{for(let a of c.jsonSchema.allOf??[])a.mark=!0}`, `var out=s().regex(/a/).regex(/b/)`,
			`{"type":"string","allOf":[{"pattern":"a","mark":true},{"pattern":"b","mark":true}]}`},
		{"may throw", `var override=c=>{throw Error("no")}`, `var out=s()`, `{"type":"string"}`},
		{"may not be known", `var override=c=>{c.jsonSchema.type=unknownThing(c)}`, `var out=s()`, `{"type":"string"}`},
	} {
		r, _ := convertedIn(t, c.override+";"+c.src, zod.Options{})
		if got, _ := ordered.Marshal(r.Schema); string(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestVersion3 tells releases apart by what the methods of their common class hand on.
func TestVersion3(t *testing.T) {
	for _, c := range []struct{ name, methods, want string }{
		{"before 3.20.3", `optional(){return O.create(this)}array(){return A.create(this)}`, `{"type":["string","null"]}`},
		{"3.22", `optional(){return O.create(this,this._def)}array(){return A.create(this,this._def)}`, `{"type":["string","null"],"description":"d"}`},
		{"the last", `optional(){return O.create(this,this._def)}array(){return A.create(this)}`, `{"type":["string","null"],"description":"d"}`},
	} {
		src := `class T3{constructor(e){this._def=e}` + c.methods + `}class S3 extends T3{}var out=new S3({typeName:"ZodString",checks:[]}).describe("d").nullable()`
		r, _ := convertedIn(t, src, zod.Options{})
		r.Schema.Delete("$schema")
		if got := ordered.String(r.Schema); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestOverrideInWorld has the program's function ask what a variant answers.
func TestOverrideInWorld(t *testing.T) {
	src := `var override=c=>{if(process.env.STRICT)c.jsonSchema.strict=!0;if(c.zodSchema._zod.def.type==="string")c.jsonSchema.note="s"};var x=s();var out=arr(x)`
	var asked []*eval.Atom
	r, _ := convertedInWorld(t, src, zod.Options{}, eval.World{Ask: func(a *eval.Atom) { asked = append(asked, a) }})
	if got, want := ordered.String(r.Schema), `{"type":"array","items":{"type":"string","note":"s"}}`; got != want || len(asked) == 0 {
		t.Fatalf("in the default world: got %s, want %s; asked %d questions", got, want, len(asked))
	}
	r, _ = convertedInWorld(t, src, zod.Options{}, eval.World{Answers: map[string]bool{asked[0].Key: true}})
	if got, want := ordered.String(r.Schema), `{"type":"array","items":{"type":"string","strict":true,"note":"s"},"strict":true}`; got != want {
		t.Errorf("in the other world: got %s, want %s", got, want)
	}
}

// TestBadInput gives schemas that no program should have: each is a schema or a loss, soon.
func TestBadInput(t *testing.T) {
	var wide strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&wide, "k%d:s(),", i)
	}
	for _, c := range []struct {
		name, src, want string // want is a part of the schema
		complete        bool
	}{
		{"recursive", `var out=o({v:n(),kids:arr(lz(()=>out))})`, `"$ref":"#"`, true},
		{"lazy onto itself", `var out=lz(()=>out)`, ``, true},
		{"lazy ring", `var a=lz(()=>b),b=lz(()=>a);var out=o({a})`, `"a":`, true},
		{"cycle through getters", `var p=new O({type:"object",shape:{get q(){return q}}}),q=new O({type:"object",shape:{get p(){return p}}});var out=p`, `"$ref":"#"`, true},
		{"getter that needs itself", `var out=new O({type:"object",get shape(){return{...out.shape,a:s()}}})`, `"type":"object"`, false},
		{"getter that throws", `var out=new O({type:"object",shape:{a:s(),get b(){throw Error("no")}}})`, `"a":{"type":"string"}`, false},
		{"wide", `var out=o({` + wide.String() + `})`, `"k9999":{"type":"string"}`, true},
		{"a pattern of no Go regexp", `var out=s().regex(/^(?<!a)(?=b)\k<x>(?<x>c)[^]$/)`, `^(?<!a)(?=b)\\k<x>(?<x>c)[^]$`, true},
		{"a default that can't be evaluated", `var out=o({a:def(s(),fetchIt())})`, `"a":{"type":"string"}`, false},
		{"a shape from outside", `var out=o({a:s(),...fetchIt()})`, `"a":{"type":"string"}`, false},
		{"options from outside", `var out=o({a:un(fetchIt())})`, `"a":{}`, false},
		{"endless", `function deep(i){return o({d:deep(i+1)})}var out=o({a:s(),b:deep(0)})`, `"a":{"type":"string"}`, false},
	} {
		r, _ := convertedIn(t, c.src, zod.Options{Unrepresentable: "any"})
		got, err := ordered.Marshal(r.Schema)
		if err != nil || !strings.Contains(string(got), c.want) || r.Complete != c.complete {
			t.Errorf("%s: complete %v, %v, %.300s, %v", c.name, r.Complete, err, got, r.Losses)
		}
	}
}
