package eval

import (
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// load makes a machine for one module.
func load(t testing.TB, src string, config Config) (*Machine, *scope.Module) {
	t.Helper()
	p := scope.New([]scope.Source{{Name: "main.js", Text: []byte(src)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	return New(p, config), p.Modules[0]
}

// expectValue checks what the module-level name `out` evaluates to, as JSON text with holes and choices written out.
func expectValue(t *testing.T, src, want string) {
	t.Helper()
	m, module := load(t, src, Config{})
	c := m.global(module, -1, "out")
	if c == nil {
		t.Fatalf("%s: out is not declared", src)
	}
	got := show(m, m.force(c))
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", src, got, want)
	}
}

func show(m *Machine, v Value) string {
	switch v := v.(type) {
	case *Choice:
		return "(" + v.Cond.String() + " ? " + show(m, v.Then) + " : " + show(m, v.Else) + ")"
	case *Unknown:
		return "<" + v.Expr + ">"
	case undefined:
		return "undefined"
	}
	w := &jsonWriter{m: m, seen: map[*Object]bool{}}
	if !w.value(v, "") {
		return "function"
	}
	return showParts(w.parts)
}

func showParts(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			b.WriteString("<" + p.Hole.Expr + ">")
		case p.Choice != nil:
			b.WriteString("{" + p.Choice.Cond.String() + " ? " + showParts(p.Choice.Then) + " : " + showParts(p.Choice.Else) + "}")
		case p.Each != nil:
			b.WriteString("{each " + p.Each.Over + ": " + showParts(p.Each.Parts) + "}")
		default:
			b.WriteString(p.Lit)
		}
	}
	return b.String()
}

func TestExpressions(t *testing.T) {
	for _, c := range [][2]string{
		{`var out=1+2*3`, `7`},
		{`var out="a"+1+null`, `"a1<value>"`},
		{"var a=5,out=`x${a}y`", `"x5y"`},
		{`var out=[1,2,3].map(x=>x*2)`, `[2,4,6]`},
		{`var t=Object.prototype.toString,out=[t.call([1]),t.call(Map),t.call(""),t.call(null),t.call(new Error("a")),t.call({})]`,
			`["[object Array]","[object Function]","[object String]","[object Null]","[object Error]","[object Object]"]`},
		{`var out=[(!0).toString(),[1,2].toString(),new Error("a").toString()]`, `["true","1,2","Error: a"]`},
		{`var cache=Object.create(null),out=[cache[process.env.A],Object.prototype.hasOwnProperty.call(cache,process.env.A)]`, `[null,false]`},
		{`import{realpathSync as r}from"fs";var out=typeof r=="function"&&typeof process.cwd=="function"`, `true`},
		{`var out={a:1,...{b:2},["c"+1]:3}`, `{"a":1,"b":2,"c1":3}`},
		{`function f(a,{b=2,...c}={}){return [a,b,c]}var out=f(1,{d:4})`, `[1,2,{"d":4}]`},
		{`var out=process.env.FOO?"a":"b"`, `(process.env.FOO ? "a" : "b")`},
		{"function f(a){let n=a?`-${a}`:\"\",t=`${n}${a?\"!\":\"\"}`;return t?\"some\":\"none\"}var out=f(process.env.A)", `(process.env.A ? "some" : "none")`},
		{"function f(a,b){let t=`${a?\"x\":\"\"}${b?\"y\":\"\"}`;return t?[t]:[]}var out=f(process.env.A,process.env.B).length", `(process.env.A || process.env.B ? 1 : 0)`},
		{"var out=`x ${process.env.FOO} y`", `"x <process.env.FOO> y"`},
		{`var l=[];if(process.env.A)l.push("a");l.push("b");var out=l`, `[{process.env.A ? "a" : },"b"]`},
		{`function f(){let l=[];if(process.env.A)l.push("a");l.push("b");return l.join(",")}var out=f()`, `"{process.env.A ? a : }{process.env.A ? , : }b"`},
		{`function l(){if(!process.env.A)return[];return["a"]}function f(){let o=["b"];o.push(...l());o.push("c");return o.join(",")}var out=f()`, `"b{process.env.A ? ,a : },c"`},
		{`function l(){return process.env.A?["a"]:[]}function g(...x){return x.length}var out=g("b",...l())`, `(process.env.A ? 2 : 1)`},
		{`var s=Symbol("stop"),out=process.env.A===s?1:2`, `(process.env.A === Symbol(stop) ? 1 : 2)`},
		{`function f(){if(process.env.A)return "a";return "b"}var out=f()`, `(!process.env.A ? "b" : "a")`},
		{`function f(x){switch(x){case 1:return "a";case 2:case 3:return "b";default:return "c"}}var out=[f(1),f(2),f(3),f(4)]`, `["a","b","b","c"]`},
		{`class A{x=1;constructor(n){this.n=n}get g(){return this.n+this.x}}class B extends A{constructor(){super(5);this.z=super.g}}var out=new B`, `{"x":1,"n":5,"z":6}`},
		{`var E=(f,r)=>()=>(f&&(r=f(f=0)),r);var X,out;var init=E(()=>{X="v";out=X+"!"})`, `"v!"`},
		{`var C=(cb,mod)=>()=>(mod||cb((mod={exports:{}}).exports,mod),mod.exports);var req=C((exports,module)=>{exports.a=1;exports.f=()=>exports.a+1});var out=req().f()`, `2`},
		{`var ex=(t,all)=>{for(var n in all)Object.defineProperty(t,n,{get:all[n],enumerable:!0})};var ns={};ex(ns,{x:()=>q});var q=4;var out=ns.x`, `4`},
		{`var K;(function(e){e.A="a";e[e.B=1]="B"})(K||(K={}));var out=K.A+K[1]`, `"aB"`},
		{`function memo(f){let c;return ()=>c??=f()}var m=memo(()=>({a:1}));var out=m().a`, `1`},
		{`function* g(){yield 1;yield* [2,3]}var out=[...g()]`, `[1,2,3]`},
		{`function run(){return new Promise((J)=>{if(process.env.A){J("a");return}J("b");J("c")})}var out=run()`, `(!process.env.A ? "b" : "a")`},
		{`var out=new Promise((J)=>{work().then((r)=>{if(r.failed)J("a");else J("b")})})`, `(work().failed ? "a" : "b")`},
		{`var out=new Promise((J)=>{if(process.env.A)J("a")})`, `(process.env.A ? "a" : <promise>)`},
		{`var aw=function(t,a,P,g){return new (P||(P=Promise))(function(ok,no){function next(v){try{step(g.next(v))}catch(e){no(e)}}function step(r){r.done?ok(r.value):new P(k=>k(r.value)).then(next,no)}step((g=g.apply(t,a||[])).next())})};function f(){return aw(this,void 0,void 0,function*(){let a=yield "x",b=yield "y";if(process.env.A)return a;return a+b+(yield "z")})}var out=f()`, `(!process.env.A ? "xyz" : "x")`},
		{`function* g(){yield 1;return 2}var i=g(),out=[i.next(),i.next(),i.next()]`, `[{"value":1,"done":false},{"value":2,"done":true},{"done":true}]`},
		{`function f(l){let i=l[Symbol.iterator](),n=0;for(let s;!(s=i.next()).done;)n+=s.value;return n}var out=f([1,2,3])`, `6`},
		{`function f(m){return m.keys().next().value}var out=[f(new Map([["a",1]])),f(new Map)]`, `["a",null]`},
		{`function* walk(p){let s=yield p;if(s==="link")return"other";return p}function drive(g,f){for(let r;;){let s=g.next(r);if(s.done)return s.value;r=f(s.value)}}var out=drive(walk("here"),readlink)`,
			`(readlink("here") !== "link" ? "here" : "other")`},
		{`async function f(){return "x"}async function g(){return (await f())+"y"}var out=g()`, `"xy"`},
		{`async function f(){throw new Error("no")}async function g(){try{await f()}catch(e){return e.message}}var out=g()`, `"no"`},
		{`async function f(){h(process.env.A)}function h(){throw new Error("no")}function g(){let p=f();p.catch(()=>{});return "on"}var out=g()`, `"on"`},
		{`function g(){let p=Promise.reject(new Error("no"));return [p.then(x=>1,e=>e.message),p.catch(e=>e.message)]}var out=g()`, `["no","no"]`},
		{`var n=0,t={},out=[t.load?.({q:1}).then(x=>{n++;return x})??"none",t.load?.then(x=>1)??"none",t.load?.().a.b??"none",n]`, `["none","none","none",0]`},
		{`async function f(){}var out=f().then(()=>"on")`, `"on"`},
		{`function f(){try{throw new Error("no")}catch(e){return e.message}}var out=f()`, `"no"`},
		{`function f(){let s="";for(let i=0;i<3;i++){if(i==1)continue;s+=i}return s}var out=f()`, `"02"`},
		{`function f(){let t="",q=["one ","two ","three "],i=0;while(i<q.length){t+=q[i];i++}return t}var out=f()`, `"one two three "`},
		{`function f(){let t="",i=0;do{let n=i*2;t+=n;i++}while(i<3);return t}var out=f()`, `"024"`},
		{`function f(){{let i=3,l=[];while(i-->0)l.push(()=>i);return l.map(g=>g())}}var out=f()`, `[-1,-1,-1]`},
		{`function f(){let l=[];for(let i=0;i<3;i++)l.push(()=>i);return l.map(g=>g())}var out=f()`, `[0,1,2]`},
		{`function f(o){return o.items.map(i=>"- "+i.name).join("\n")}var out=f(globalConfig)`, `"{each globalConfig.items: - <globalConfig.items[].name>}"`},
		{`function flag(k,d){let o=overrides();if(o&&k in o)return o[k];if(!process.env.ON)return d;return remote(k)}var out=flag("beta",!1)?"new":"old"`, `(flag("beta", false) ? "new" : "old")`},
		{`var out="a-b-c".split("-").filter(x=>x!=="b").join("+")`, `"a+c"`},
		{`var out="a1b22".replace(/\d+/g,m=>"<"+m+">")`, `"a<1>b<22>"`},
		{`var out=[process.env.A?"x":null,"y"].filter(x=>x!==null)`, `[{process.env.A ? "x" : },"y"]`},
		{`var l=[3,1];l.push(2);l.sort();var out=l`, `[1,2,3]`},
		{`var l=new Map;l.set("a",1);l.set("b",2);var out=l.size`, `2`},
		{`var l=new Set;for(const x of ["a","b"])l.add(x);var out=[...l]`, `["a","b"]`},
		{`class R{constructor(){this.list=[]}add(x){this.list.push(x);return this}}var r=new R;r.add(1).add(2);var out=r.list`, `[1,2]`},
		{`var o={};["a","b"].forEach(x=>{o[x]=1});var out=o`, `{"a":1,"b":1}`},
		{`var l=[];(()=>{l.push(1)})();var out=l`, `[1]`},
		{`var l=[];function add(x){l.push(x)}function init(){add(1);add(2)}init();var out=l`, `[1,2]`},
		{`var l=new Map;var reg=(k,v)=>{l.set(k,v)};reg("x",1);reg("y",2);var out=[...l.keys()]`, `["x","y"]`},
		{`var o={};function reg(k,v){o[k]=v}reg("x",1);reg("y",2);var out=o`, `{"x":1,"y":2}`},
		{`var l=[];function run(){if(process.env.A)l.push(1)}run();var out=l`, `[{process.env.A ? 1 : }]`},
		{`class A{static all=[];constructor(n){this.n=n;A.all.push(this)}}new A("x");var p=new A("y");var out=A.all.map(a=>a.n)`, `["x","y"]`},
		{`var l=[];while(l.length<3)l.push(l.length);var out=l`, `[0,1,2]`},
		{`var o={l:[]};function add(x){o.l.push(x)}add(1);var x=o.l.push(2);var out=o.l`, `[1,2]`},
		{`var o={a:1,b:2};delete o.a;var out=o`, `{"b":2}`},
		{`var t=[];function tool(n){let x={n};t.push(x);return x}var a=tool("x"),b=tool("y");var out=t.map(x=>x.n)`, `["x","y"]`},
		{`var l=[];function run(){l.push(1)}setTimeout(run);var out=l`, `[]`},
		{`var out=({a(){return 1},b(){return 2}})[process.env.M?"a":"b"]()`, `(process.env.M ? 1 : 2)`},
		{`var out=({a(){return 1}})[process.env.M??"a"]()`, `(process.env.M == null ? 1 : <{a}[process.env.M]()>)`},
		{`function h(){let o={};o[process.env.M?"a":"b"]=1;return o}var out=h()`, `{"a":{process.env.M ? 1 : },"b":{!process.env.M ? 1 : }}`},
		{`function h(){let l=[1,2];l[process.env.M?0:1]=9;return l}var out=h()`, `[{process.env.M ? 9 : 1},{process.env.M ? 2 : 9}]`},
		{`var out={[process.env.M?"a":"b"]:1}`, `{"a":{process.env.M ? 1 : },"b":{!process.env.M ? 1 : }}`},
		{`function h(){let o={a:1,b:2};delete o[process.env.M?"a":"c"];return o}var out=h()`, `{"b":2,"a":{!process.env.M ? 1 : }}`},
		{`var {[process.env.M?"a":"b"]:out}={a:1,b:2}`, `(process.env.M ? 1 : 2)`},
		{`var out=Object.fromEntries([[process.env.M?"a":"b",1]])`, `{"a":{process.env.M ? 1 : },"b":{!process.env.M ? 1 : }}`},
		{`var a=[],b=[];function init(){a.push(1);b.push(2)}init();var out=[a,b]`, `[[1],[2]]`},
		{`var a=[],b=[];function init(){a.push(b.length);b.push(a.length)}init();var out=[a,b]`, `[[0],[1]]`},
		{`function f(c){if(c)return 1;g();return 2}function g(){throw new Error("no")}function h(){try{return f(process.env.A)}catch{return 3}}var out=h()`, `(!process.env.A ? <throw> : 1)`},
		{`function h(){let x=0;try{x=process.env.A?JSON.parse("{"):2}catch{x=3}return x}var out=h()`, `(process.env.A ? <throw> : 2)`},
		{`async function f(){try{let [a]=await Promise.all([1,Promise.reject(new Error("no"))]);return a}catch(e){return e.message}}var out=f()`, `"no"`},
		{`import{realpathSync as r}from"fs";function f(){try{r.native("x");return "on"}catch{return "off"}}var out=f()`, `"on"`},
		{`class C{ready=!1;start(){this.ready=!0}get(){if(!this.ready)throw Error("too early");return "on"}}var c=new C;function main(){c.start()}function f(){try{return c.get()}catch{return "off"}}var out=f()`, `"on"`},
		{`var A=class{static T="t";static{this.U=this.T+"u"}#p=1;m(){return this.#p}};var out=A.U+new A().m()`, `"tu1"`},
		{`var {a:out}={a:3}`, `3`},
		{`var x=undefined,out=x?.a.b.c`, `undefined`},
		{`var out=new Set([1,1,2]).size`, `2`},
		{`var out=Object.entries({a:1,b:2}).map(([k,v])=>k+v)`, `["a1","b2"]`},
	} {
		expectValue(t, c[0], c[1])
	}
}

// TestLoopsWithOpenEnds asserts that a loop is not run again and again where what could end it is not known, and that
// one which comes nearer to its end is run to it.
func TestLoopsWithOpenEnds(t *testing.T) {
	for _, c := range [][2]string{
		{`function drive(s){for(;;){let i=s.next();if(i.done)return i.value}}var out=drive(steps)`, `(!steps.next().done ? <...> : <steps.next().value>)`},
		{`function drive(s){let r=1;for(;;){r=s.next(r);if(r)return"a"}}var out=drive(steps)`,
			`(!steps.next(1) ? (!steps.next(steps.next(1)) ? (!steps.next(steps.next(steps.next(1))) ? (!steps.next(steps.next(steps.next(steps.next(1)))) ? (!steps.next(steps.next(steps.next(steps.next(steps.next(1))))) ? <...> : "a") : "a") : "a") : "a") : "a")`},
		{`function wait(){while(!0)if(process.env.A)return"a"}var out=wait()`, `(!process.env.A ? <...> : "a")`},
		{`function count(n){let i=0;for(;;){if(process.env.A)return"a";if(i++>n)return i}}var out=count(20)`, `(!process.env.A ? 22 : "a")`},
		{`function fill(n){let l=[];for(;;){if(l.length==n)return l.join("");l.push("x")}}var out=fill(5)`, `"xxxxx"`},
	} {
		m, module := load(t, c[0], Config{})
		if got := show(m, m.force(m.global(module, -1, "out"))); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
		if m.Stats.Steps > 2_000 {
			t.Errorf("%s took %d steps", c[0], m.Stats.Steps)
		}
	}
}

// TestCallsWithOpenTexts asserts that a call with a text or a choice that was made before is evaluated once.
func TestCallsWithOpenTexts(t *testing.T) {
	src := "function long(s){let n=0;for(let i=0;i<2000;i++)n+=i;return s+n}var t=`/${process.env.A}`,c=process.env.B?\"b\":t,out=[" +
		strings.Repeat("long(t),long(c),", 40) + `1].length`
	m, module := load(t, src, Config{})
	if got := show(m, m.force(m.global(module, -1, "out"))); got != "81" {
		t.Errorf("got %s", got)
	}
	if m.Stats.Steps > 100_000 {
		t.Errorf("took %d steps", m.Stats.Steps)
	}
}

// TestFunctionMembersOfObjects asks objects for the members that every function has.
func TestFunctionMembersOfObjects(t *testing.T) {
	expectValue(t, `var o = {}, f = () => 1, out = ["name" in o, "length" in o, "prototype" in o, "constructor" in o, "name" in f];`,
		`[false,false,false,true,true]`)
}
