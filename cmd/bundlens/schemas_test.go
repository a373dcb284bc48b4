package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bundlens/bundlens/internal/oracletest"
	"github.com/bundlens/bundlens/internal/ordered"
)

// defaultDraft is that of a schema which does not say its own.
const defaultDraft = "https://json-schema.org/draft/2020-12/schema"

// metas are the meta-schemas by draft.
var metas = map[string]*jsonschema.Schema{}

// validate checks a schema against the meta-schema of its draft.
func validate(t *testing.T, name string, schema any) {
	t.Helper()
	m, ok := schema.(*ordered.Map)
	if !ok {
		t.Errorf("%s: %T is no schema", name, schema)
		return
	}
	draft, _ := m.Value("$schema").(string)
	if draft = strings.TrimSuffix(draft, "#"); draft == "" {
		draft = defaultDraft
	}
	if metas[draft] == nil {
		meta, err := jsonschema.NewCompiler().Compile(draft)
		if err != nil {
			t.Fatal(err)
		}
		metas[draft] = meta
	}
	text, err := ordered.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := metas[draft].Validate(v); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// schemasOf runs the command and reads what it prints.
func schemasOf(t *testing.T, args ...string) *ordered.Map {
	t.Helper()
	var out, notes bytes.Buffer
	if code := Run(append([]string{"schemas"}, args...), nil, &out, &notes); code != exitClean {
		t.Fatalf("%v: exit %d: %s", args, code, &notes)
	}
	v, err := ordered.Parse(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return v.(*ordered.Map)
}

func TestSchemasAreValid(t *testing.T) {
	input := filepath.Join(t.TempDir(), "cli.js")
	src := `var K=(e)=>{function C(){}Object.defineProperty(C,"name",{value:e});return C},V={major:4,minor:6,patch:2};
var S=K("ZodString"),O=K("ZodObject"),T=K("ZodTuple"),L=K("ZodLazy"),P=K("ZodOptional"),Z={};
class Z3{constructor(e){this._def=e}}(e=>{e.ZodString="ZodString",e.ZodTuple="ZodTuple"})(Z);
var s=()=>new S({type:"string"}),t=new T({type:"tuple",items:[s(),s()],rest:null});
var node=new O({type:"object",shape:{t,next:new P({type:"optional",innerType:new L({type:"lazy",getter:()=>node})})}});
var s3=()=>new Z3({checks:[],typeName:Z.ZodString}),t3=new Z3({items:[s3(),s3()],typeName:Z.ZodTuple,rest:null});
var a={name:"Four",description:"x",inputSchema:node,call(){}},b={name:"Three",description:"x",inputSchema:t3,call(){}};
var c={name:"Plain",description:"x",inputSchema:{type:"object",properties:{a:{type:"string"}}},call(){}};`
	if err := os.WriteFile(input, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"--schema-io", "input"}, {"--refs", "none"}} {
		schemas := schemasOf(t, append(flags, input)...)
		if schemas.Len() != 3 {
			t.Errorf("%v: have %v", flags, schemas.Keys())
		}
		for _, name := range schemas.Keys() {
			validate(t, name, schemas.Value(name))
		}
	}
}

// TestOracleBundles runs over what bundlers make of programs that use the real library, and compares with what the
// library itself says. It needs the oracle, with its bundles, in ZOD_ORACLE, or node and npm to make them.
func TestOracleBundles(t *testing.T) {
	root := oracletest.Dir(t, "make-bundle.mjs")
	bundles, _ := filepath.Glob(filepath.Join(root, "out", "bundles", "*"))
	if len(bundles) == 0 {
		t.Fatal("no bundles")
	}
	for _, bundle := range bundles {
		flavour, _, _ := strings.Cut(filepath.Base(bundle), ".")
		runs := map[string][]string{flavour + ".input": {"--schema-io", "input"}, flavour + ".output": {"--schema-io", "output"}}
		if flavour == "v3" {
			runs = map[string][]string{"v3": {"--refs", "none"}, "v3.root": {"--refs", "root"}}
		}
		for expected, flags := range runs {
			t.Run(filepath.Base(bundle)+" "+expected, func(t *testing.T) {
				compareOracle(t, filepath.Join(root, "out", "expected."+expected+".visible.json"), schemasOf(t, append(flags, bundle)...))
			})
		}
	}
}

// compareOracle compares schemas, with the order of their keys, with those of a file.
func compareOracle(t *testing.T, file string, got *ordered.Map) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := ordered.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := v.(*ordered.Map)
	passed := 0
	for _, name := range want.Keys() {
		if !ordered.Identical(got.Value(name), want.Value(name)) {
			t.Logf("%s:\n got %s\nwant %s", name, ordered.String(got.Value(name)), ordered.String(want.Value(name)))
			continue
		}
		passed++
		validate(t, name, got.Value(name))
	}
	if passed*100 < want.Len()*99 {
		t.Errorf("%d of %d cases", passed, want.Len())
	}
}
