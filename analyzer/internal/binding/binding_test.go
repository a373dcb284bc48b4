package binding

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// resolved writes each use of a name as NAME:DECLARED, where it is declared as the offset of that, "outer" for none; an
// exclamation mark stands after one that is written.
func resolved(t *testing.T, src string) string {
	t.Helper()
	parser := js.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(context.Background(), []byte(src), 0, uint32(len(src)), "")
	if err != nil || tree.HasError {
		t.Fatalf("%s: %v", src, err)
	}
	var list []string
	for _, u := range Resolve(tree).Uses {
		text := u.Node.Text() + ":outer"
		if u.Local != Outer {
			text = fmt.Sprint(u.Node.Text(), ":", Resolve(tree).Locals[u.Local].Declared.Start())
		}
		if u.Written {
			text += "!"
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func TestResolve(t *testing.T) {
	for src, want := range map[string]string{
		"var a=b;":                           "a:outer b:outer",
		"function f(a){return a+b}":          "f:outer a:11 a:11 b:outer",
		"var f=a=>a;":                        "f:outer a:6 a:6",
		"var f=function g(g){g()};":          "f:outer g:15 g:17 g:17",
		"var f=function g(){g()};":           "f:outer g:15 g:15",
		"(function(){b=1;{var b}})":          "b:21! b:21",
		"(function(){{let b}b})":             "b:17 b:outer",
		"try{}catch({e}){e}e":                "e:12 e:12 e:outer",
		"for(let i of i)i;i":                 "i:8 i:8 i:8 i:outer",
		"for(i of x)i":                       "i:outer! x:outer i:outer",
		"(()=>{for(var i of x);i})":          "i:14 x:outer i:14",
		"class A{[a](a){A;a}b=a}":            "A:outer a:outer a:12 A:outer a:12 a:outer",
		"var B=class A{m(){A}};A":            "B:outer A:12 A:12 A:outer",
		"(({a,b:{c=d},...e})=>{a;b;c;e})":    "a:3 c:8 d:outer e:16 a:3 b:outer c:8 e:16",
		"({a,b:a,c(){}})":                    "a:outer a:outer",
		"[a,{b,c:d.e}]=f":                    "a:outer! b:outer! d:outer f:outer",
		"x=>{switch(x){case 1:let y;y}y}":    "x:0 x:0 y:25 y:25 y:outer",
		"a:for(;;)break a":                   "",
		"(function(){function g(){}g()})":    "g:21 g:21",
		"(()=>{if(a){function g(){}}g()})":   "a:outer g:21 g:outer",
		"var a=1,{b,c:d}=e;a++":              "a:outer b:outer d:outer e:outer a:outer!",
		"class A{static{var q;q}static r=q}": "A:outer q:19 q:19 q:outer",
	} {
		if got := resolved(t, src); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

func TestOpaque(t *testing.T) {
	parser := js.NewParser()
	defer parser.Close()
	for src, want := range map[string]bool{"x=>eval(x)": true, "(0,eval)(x)": false, "with(x)y": true, "x.eval(y)": false} {
		tree, err := parser.Parse(context.Background(), []byte(src), 0, uint32(len(src)), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := Resolve(tree).Opaque; got != want {
			t.Errorf("%s: opaque is %v", src, got)
		}
	}
}
