package zod

import (
	"strings"
	"testing"
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
		src := "var out=JSON.stringify(" + c.expr + ")"
		if !strings.HasPrefix(c.want, `"{`) {
			src = "var out=" + c.expr
		}
		m, _, module := bundled(src)
		if got := m.Describe(declared(t, m, module, lastUnit(module))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}
