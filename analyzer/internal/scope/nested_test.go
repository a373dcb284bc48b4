package scope

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// filled is a statement list with as much beside it as makes it a bundle.
func filled(statements string) string {
	var b strings.Builder
	for i := 0; b.Len() < minNested; i++ {
		fmt.Fprintf(&b, "function filler%d(){return%q}", i, "nothing here is of interest to anyone")
	}
	return b.String() + statements
}

func opened(text string) *Program {
	p := New([]Source{{Name: "main.js", Text: []byte(text)}}, func(int, string, ImportKind) (int, bool) { return 0, false })
	p.OpenNested()
	return p
}

const loader = "var load=(f,m)=>()=>(m||f((m={exports:{}}).exports,m),m.exports);"

func TestOpenNested(t *testing.T) {
	for _, test := range []struct {
		name, text string
		modules    int
	}{
		{"a bundle in a wrapper", loader + "var lib=load((e,m)=>{" + filled("m.exports={a:1}") + "});", 2},
		{"a function", loader + "var lib=load(function(e,m){" + filled("m.exports={a:1}") + "});", 2},
		{"a method", loader + `var lib=load({"lib.js"(e,m){` + filled("m.exports={a:1}") + "}});", 2},
		{"exports alone", loader + "var lib=load(e=>{" + filled("e.a=1") + "});", 2},
		{"two", loader + "var a=load((e,m)=>{" + filled("m.exports={a:1}") + "}),b=load((e,m)=>{" + filled("e.a=1") + "});", 3},
		{"one in another", loader + "var a=load((e,m)=>{var b=load((e,m)=>{" + filled("m.exports={}") + "});m.exports=b()});", 3},
		{"a small one", loader + "var lib=load((e,m)=>{m.exports={a:1}});", 1},
		{"a function that loads nothing", "var load=f=>()=>f({},{});var lib=load((e,m)=>{" + filled("m.exports={a:1}") + "});", 1},
		{"a function of somewhere else", "var lib=load((e,m)=>{" + filled("m.exports={a:1}") + "});", 1},
		{"a callback", loader + "var lib=load((request,answer)=>{" + filled("go()") + "});", 1},
	} {
		if p := opened(test.text); len(p.Modules) != test.modules {
			t.Errorf("%s: %d modules, want %d", test.name, len(p.Modules), test.modules)
		}
	}
}

func TestNestedPlaces(t *testing.T) {
	text := loader + "var around=1,lib=load((e,m)=>{" + filled("var own=2;m.exports={own,around}") + "});var after=lib();"
	p := opened(text)
	outer, inner := p.Modules[0], p.Modules[1]
	if inner.Name != outer.Name || string(outer.File()) != text || string(inner.File()) != text {
		t.Error("a nested module is not of the file that it stands in")
	}
	if at := strings.Index(text, "own=2"); !bytes.HasPrefix(inner.Text[at:], []byte("own=2")) || p.At("main.js", at) != inner {
		t.Error("a place in the file is another one in the module")
	}
	if bytes.Contains(outer.Text, []byte("own=2")) || p.At("main.js", strings.Index(text, "after")) != outer {
		t.Error("the body is a part of the module around it, too")
	}
	if m, ok := outer.Nested("lib"); !ok || m != inner {
		t.Error("the name that loads the module does not lead to it")
	}
	for name, module := range map[string]*Module{"own": inner, "around": outer, "after": outer} {
		if b, ok := inner.Lookup(-1, name); !ok || b.Module != module {
			t.Errorf("%s is %+v", name, b)
		}
	}
	if _, ok := inner.Lookup(-1, "m"); ok {
		t.Error("the loader's name is one of the program")
	}
	if i := outer.Importers("around"); len(i) != 1 || i[0].Module != inner {
		t.Errorf("around is used by %+v", i)
	}
}
