package zod

import (
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/zod"
)

// TestParse has schemas make values: defaults are filled in, what transforms is called, and others are unknown.
func TestParse(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`o({a:s(),b:def(n(),3),c:opt(s())}).parse({a:"x",d:1})`, `"{\"a\":\"x\",\"b\":3}"`},
		{`o({a:s().default("y"),b:s().transform(v=>v+"!")}).parse({b:"x"})`, `"{\"a\":\"y\",\"b\":\"x!\"}"`},
		{`o({a:s().trim().toUpperCase().optional()}).passthrough().parse({a:" x ",d:1})`, `"{\"a\":\"X\",\"d\":1}"`},
		{`o({a:o({b:def(s(),()=>"z")})}).safeParse({a:{}}).data`, `"{\"a\":{\"b\":\"z\"}}"`},
		{`o({A:def(s(),"y"),B:opt(s())}).parse(process.env).A`, `"y" | process.env.A`},
		{`[o({a:s().pipe(n())}).parse({a:"1"}).a]`, `[parse("1")]`},
	} {
		src := library + "var out=JSON.stringify(" + c.expr + ");var end=out"
		if !strings.HasPrefix(c.want, `"{`) {
			src = library + "var out=" + c.expr + ";var end=out"
		}
		p := scope.New([]scope.Source{{Name: "main.js", Text: []byte(src)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
		l := NewLibrary(func(eval.Site) zod.Version { return zod.Version{Major: 4, Minor: 4} })
		m := eval.New(p, eval.Config{Construct: Construct, Member: l.Member, InstanceOf: l.InstanceOf, Global: l.Global, Call: l.Call})
		module := p.Modules[0]
		unit := int32(len(module.Index().Units) - 1)
		tree, err := module.Tree(unit)
		if err != nil {
			t.Fatal(err)
		}
		n := tree.Root().FirstChild().ChildOfKind(js.VariableDeclarator).Child(js.FieldValue)
		v := m.Run(func() eval.Value { return m.Eval(n, m.Enclosing(module, unit, n)) })
		if got := m.Describe(v); got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}
