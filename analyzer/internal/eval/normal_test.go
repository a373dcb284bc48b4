package eval

import (
	"strconv"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// TestNormalForm asserts that a condition reads the same however it is written: the first of each list is what all of
// them come to.
func TestNormalForm(t *testing.T) {
	for _, spellings := range [][]string{
		{`process.env.A || process.env.B`, `process.env.A?true:process.env.B`, `!(!process.env.A&&!process.env.B)`, `process.env.B||process.env.A`},
		{`process.env.A && process.env.B`, `!process.env.A?false:process.env.B`, `process.env.A&&!!process.env.B`},
		{`process.env.A && (process.env.B || process.env.C)`, `process.env.A&&process.env.B||process.env.C&&process.env.A`},
		{`argument === "x"`, `x!=="y"&&x==="x"`, `"x"===x`, `x==="y"?false:x==="x"`},
		{`argument === "x" || argument === "y"`, `x==="x"?true:x==="y"`, `(x!=="x"&&x==="y")||x==="x"`},
		{`argument == null`, `x===null||x===void 0`, `x===null||(x!==null&&x===undefined)`, `null==x`},
		{`!(argument == null)`, `x!==null&&x!==undefined`},
		{`argument === null`, `x===null&&x!==undefined`},
		{`(typeof argument) === "string"`, `typeof x=="string"`, `"string"==typeof x`},
		{`argument.size > 3`, `3<x.size`},
		{`argument`, `x&&x!==null`, `!(x==null)&&!!x`},
	} {
		for _, s := range spellings[1:] {
			m, module := load(t, `function f(x){return (`+s+`)?"yes":"no"}`, Config{})
			unit := module.Index().UnitAt(15)
			tree, err := module.Tree(unit)
			if err != nil {
				t.Fatal(err)
			}
			body := tree.At(0)
			for i := range tree.Len() {
				if n := tree.At(i); n.Kind() == js.TernaryExpression {
					body = n
					break
				}
			}
			got := show(m, m.Run(func() Value { return m.Eval(body, m.Enclosing(module, unit, body)) }))
			want, _, _ := strings.Cut(got[1:], " ? ")
			if want != spellings[0] {
				t.Errorf("%s\n got %s\nwant %s", s, got, spellings[0])
			}
		}
	}
}

// TestLargeCondition asserts that of a condition too large to write the variables and flags are told that it depends on,
// each once, and not the expressions that ask about them.
func TestLargeCondition(t *testing.T) {
	var terms []string
	for i := range 20 {
		terms = append(terms, "!(x.part"+strconv.Itoa(i)+"===process.env.LAMP&&x.rest"+strconv.Itoa(i)+"===process.env.LAMP)")
	}
	m, module := load(t, "function f(x){return "+strings.Join(terms, "&&")+"}", Config{})
	unit := module.Index().UnitAt(1)
	tree, err := module.Tree(unit)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tree.Len() {
		if n := tree.At(i); n.Kind() == js.ReturnStatement {
			v := m.Run(func() Value { return m.Eval(n.FirstChild(), m.Enclosing(module, unit, n)) })
			if got, want := Truth(v).String(), "by default; depends on process.env.LAMP"; got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
			return
		}
	}
	t.Fatal("no condition")
}
