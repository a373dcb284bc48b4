package eval

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRandomPrograms evaluates random constant programs here and in Node: none differs. It skips, saying so, where there is no
// Node.
func TestRandomPrograms(t *testing.T) {
	node := needNode(t)
	const first, programs = 1, 400
	compareRandom(t, node, first, programs)
}

var fromSeed = flag.Uint64("seed", 1, "of the random modules and the random uses of the library that are compared with Node")

// TestRandomModules is TestRandomPrograms for the statements of modules.
func TestRandomModules(t *testing.T) {
	node := needNode(t)
	const programs = 400
	compareRandomModules(t, node, *fromSeed, programs)
}

func compareRandom(t *testing.T, node *nodeProcess, seed uint64, count int) {
	t.Helper()
	compareWithNode(t, node, seed, count, (*randomProgram).program, func(source string) string { return source }, evaluate)
}

func compareRandomModules(t *testing.T, node *nodeProcess, seed uint64, count int) {
	t.Helper()
	compareWithNode(t, node, seed, count, (*randomProgram).module, asFunction, evaluateModule)
}

// compareWithNode compares what random programs are evaluated to with what Node gives for each as an expression.
func compareWithNode(t *testing.T, node *nodeProcess, seed uint64, count int, program func(*randomProgram) string,
	expression func(string) string, evaluate func(testing.TB, string) (result, unknown string)) {
	t.Helper()
	g := &randomProgram{rand: rand.New(rand.NewPCG(seed, 0))}
	sources, expressions := make([]string, count), make([]string, count)
	for i := range sources {
		sources[i] = program(g)
		expressions[i] = expression(sources[i])
	}
	t.Logf("seed %d", seed)
	compareAll(t, node, sources, expressions, evaluate)
}

// compareAll compares what sources are evaluated to with what Node gives for each as an expression.
func compareAll(t *testing.T, node *nodeProcess, sources, expressions []string, evaluate func(testing.TB, string) (result, unknown string)) {
	t.Helper()
	unknown := 0
	for i, want := range node.run(t, expressions) {
		got, why := evaluate(t, sources[i])
		switch {
		case why != "":
			unknown++
		case got != want:
			t.Errorf("%s\n got %s\nnode %s", sources[i], got, want)
		}
	}
	t.Logf("%d of %d programs are unknown", unknown, len(sources))
}

// randomProgram writes small programs without free names: statements over a few variables, and a list of what those hold in
// the end. Each is caught where it throws.
type randomProgram struct {
	rand  *rand.Rand
	names []string
	depth int
}

func (g *randomProgram) one(of ...string) string { return of[g.rand.IntN(len(of))] }

func (g *randomProgram) program() string {
	g.names, g.depth = nil, 0
	var b strings.Builder
	b.WriteString("(()=>{try{")
	for i := range 2 + g.rand.IntN(3) {
		name := string(rune('a' + i))
		b.WriteString("let " + name + "=" + g.expression() + ";")
		g.names = append(g.names, name)
	}
	for range 1 + g.rand.IntN(3) {
		b.WriteString(g.statement())
	}
	b.WriteString("return [" + strings.Join(g.names, ",") + "]}catch(e){return e.name}})()")
	return b.String()
}

// module writes the statements of a module that change what its variables hold, by themselves, by a second name and by
// functions, with what they held on the way and in the end in the name out.
func (g *randomProgram) module() string {
	g.names, g.depth = nil, 0
	var b strings.Builder
	for i := range 2 + g.rand.IntN(3) {
		name := string(rune('a' + i))
		b.WriteString("var " + name + "=" + g.one("[]", "{}", "0", "new Map", "new Set", "[1,2,3]", "[[1],\"b\"]", "{a:1,b:[2]}", "{b:1,2:3,1:4}", g.constant()) + ";")
		g.names = append(g.names, name)
	}
	fmt.Fprintf(&b, "function f(x){%s=%s;return x}var g=x=>{try{%s.k=x}catch{}return %s};", g.name(), g.one("x", "[x,"+g.name()+"]", g.name()), g.name(), g.name())
	seen := []string{}
	for i := range 2 + g.rand.IntN(6) {
		x, y := g.name(), g.name()
		switch g.rand.IntN(8) {
		case 0:
			fmt.Fprintf(&b, "var s%d=%s;", i, g.one(x, "JSON.stringify("+x+")", "typeof "+x, "["+x+","+y+"]", "f("+x+")", "g("+g.constant2()+")", "Array.isArray("+x+")"))
			seen = append(seen, fmt.Sprintf("s%d", i))
		case 1:
			fmt.Fprintf(&b, "if(Array.isArray(%s))%s.push(%s);", x, x, g.constant2())
		case 2:
			fmt.Fprintf(&b, "%s;", g.one("f("+g.constant2()+")", "g("+g.constant2()+")", "[1,2].forEach(f)", "f(g(f(1)))"))
		case 3:
			fmt.Fprintf(&b, "%s instanceof Map&&%s.set(%s,%s);%s instanceof Set&&%s.add(%s);", x, x, g.constant2(), g.constant2(), y, y, g.constant2())
		case 4:
			fmt.Fprintf(&b, "try{%s}catch(e){%s=e.name}", g.statement(), x)
		case 5:
			fmt.Fprintf(&b, "for(var i=0;i<2;i++){%s=%s}", x, g.one("[i,"+y+"]", y, "f(i)", x))
		case 6:
			fmt.Fprintf(&b, "var p%d=%s;try{p%d.q=%s}catch{}", i, x, i, g.constant2())
			seen = append(seen, fmt.Sprintf("p%d", i))
		case 7:
			fmt.Fprintf(&b, "typeof %s==\"number\"&&(%s%s);", x, x, g.one("++", "+=2", "=-"+x))
		}
	}
	seen = append(seen, g.names...)
	b.WriteString("var out=[" + strings.Join(seen, ",") + "].map(v=>v instanceof Map||v instanceof Set?[...v]:v===undefined?\"u\":typeof v==\"bigint\"?\"n\":typeof v==\"function\"?\"f\":v);")
	return b.String()
}

func (g *randomProgram) statement() string {
	g.depth++
	defer func() { g.depth-- }()
	x, y := g.name(), g.name()
	if g.depth > 3 {
		return x + "=" + g.expression() + ";"
	}
	switch g.rand.IntN(13) {
	case 0:
		return fmt.Sprintf("if(%s){%s}else{%s}", g.expression(), g.statement(), g.statement())
	case 1:
		return fmt.Sprintf("for(let i=0;i<%d;i++){%s if(i==%d)%s}", g.rand.IntN(5), g.statement(), g.rand.IntN(4), g.one("break;", "continue;", ";"))
	case 2:
		return fmt.Sprintf("for(const v of %s){%s=[v,%s]}", g.list(), x, y)
	case 3:
		return fmt.Sprintf("for(const k in %s){%s=k+%s}", g.object(), x, g.text())
	case 4:
		return fmt.Sprintf("try{%s throw %s}catch(e){%s=e}finally{%s}", g.statement(), g.expression(), x, g.statement())
	case 5:
		return fmt.Sprintf("switch(%s){case %s:%s case %s:%s break;default:%s}", g.expression(), g.constant(), g.statement(), g.constant(), g.statement(), g.statement())
	case 6:
		return fmt.Sprintf("{let n=%d;while(n-->0){%s}}", g.rand.IntN(4), g.statement())
	case 7:
		return fmt.Sprintf("{const f=(p,q=%s)=>[p,q,%s];%s=f(%s)}", g.expression(), x, y, g.expression())
	case 8:
		return fmt.Sprintf("{const o=%s;o.z=%s;delete o.%s;%s=o}", g.object(), g.expression(), g.one("a", "b", "z"), x)
	case 9:
		return fmt.Sprintf("{const l=%s;l.%s;%s=l}", g.list(), g.one("push("+g.expression()+")", "pop()", "shift()", "reverse()", "splice(1,1,"+g.expression()+")", "sort()", "unshift("+g.expression()+")", "fill("+g.constant()+",1)", "length=1"), x)
	case 10:
		return fmt.Sprintf("{const [p,q=%s,...r]=%s;%s=[p,q,r]}", g.constant(), g.list(), x)
	case 11:
		return fmt.Sprintf("{const {a:p=%s,...r}=%s;%s=[p,r]}", g.constant(), g.object(), x)
	}
	return fmt.Sprintf("%s%s%s;", x, g.one("=", "+=", "-=", "??=", "||=", "&&=", "|="), g.expression())
}

func (g *randomProgram) name() string {
	if len(g.names) == 0 {
		return "undefined"
	}
	return g.names[g.rand.IntN(len(g.names))]
}

func (g *randomProgram) constant() string {
	return g.one("0", "1", "(-1)", "2.5", "10", "NaN", "(-0)", `""`, `"a"`, `"b c"`, `"😀x"`, `"10"`, "true", "false", "null", "undefined", "1e21", "0.1", "[]", "{}", "1n", `"\ud83d"`, "255", "[1,,2]")
}

func (g *randomProgram) text() string {
	return g.one(`"abcabc"`, `"a-b-c"`, `" x y "`, `"😀é"`, `"Hello World"`, "String("+g.constant2()+")", "`t${"+g.constant2()+"}`")
}

// constant2 is a constant that a template holds: none that is written undefined or null there.
func (g *randomProgram) constant2() string {
	return g.one("0", "(-1)", "2.5", `"q"`, "true", "[1,2]", "1e21", "7n")
}

func (g *randomProgram) list() string {
	return g.one("[1,2,3]", `["b","a","c"]`, "[3,1,2,10]", "["+g.expression()+","+g.expression()+"]", "[...\"a😀\"]", "[1,[2,[3]]]", "Array.from({length:3},(_,i)=>i*2)", "[,1]", "[...new Set([1,2,1])]")
}

func (g *randomProgram) object() string {
	return g.one("{a:1,b:2}", "{b:1,2:3,1:4}", "{a:"+g.expression()+"}", "{...{a:1},c:"+g.expression()+"}", "{get a(){return 5},b:1}", "Object.fromEntries([[\"a\",1]])")
}

func (g *randomProgram) expression() string {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 4 {
		return g.one(g.constant(), g.name())
	}
	switch g.rand.IntN(12) {
	case 0, 1:
		return "(" + g.constant() + ")"
	case 2:
		return g.name()
	case 3, 4:
		return fmt.Sprintf("(%s %s %s)", g.expression(), g.one("+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>", "==", "===", "!=", "<", ">=", "&&", "||", "??", ","), g.expression())
	case 5:
		return fmt.Sprintf("(%s %s)", g.one("!", "-", "+", "~", "typeof", "void"), g.expression())
	case 6:
		return fmt.Sprintf("(%s?%s:%s)", g.expression(), g.expression(), g.expression())
	case 7, 8:
		return g.text() + g.one(".length", ".slice(-2)", ".slice(1,3)", ".indexOf(\"b\",2)", ".toUpperCase()", ".split(\"\")", ".split(\"-\",2)", ".replace(/[ab]/g,\"<$&>\")", ".replace(\"b\",(m,i)=>m+i)", ".charCodeAt(1)", ".codePointAt(0)", ".at(-1)", ".padStart(9,\"ab\")", ".trim()", ".includes(\"b\")", ".match(/(\\w)(\\w)?/)", ".lastIndexOf(\"a\")", ".substring(3,1)", ".repeat(2)", ".startsWith(\"a\",3)", ".search(/c/)", ".concat("+g.constant2()+")", "[1]", ".localeCompare(\"b\")>0", ".normalize(\"NFD\").length")
	case 9:
		return g.list() + g.one(".length", ".map(x=>x+1)", ".filter(x=>x)", ".join()", ".slice(1)", ".concat([9])", ".reduce((p,x)=>p+x,0)", ".indexOf(2)", ".includes(NaN)", ".flat()", ".sort()", ".sort((p,q)=>q-p)", ".find(x=>x>1)", ".findLastIndex(x=>x)", ".some(x=>x)", ".every(x=>x)", ".at(-1)", ".reverse()", ".toString()", ".with(0,7)", ".flatMap(x=>[x,x])", ".keys().next().value", "[0]", ".lastIndexOf(1)", ".fill(0,1)", ".copyWithin(0,1)", ".entries().next()")
	case 10:
		return g.one("Object.keys(", "Object.values(", "Object.entries(", "JSON.stringify(", "Object.isFrozen(", "structuredClone(") + g.object() + ")"
	}
	return g.one("Math.max(", "Math.round(", "Math.abs(", "Number(", "String(", "Boolean(", "parseInt(", "parseFloat(", "isNaN(", "Number.isInteger(", "Array.isArray(", "JSON.stringify(", "Math.trunc(", "Object.is(0,", "Math.sign(", "[].concat(", "encodeURIComponent(") + g.expression() + ")"
}
