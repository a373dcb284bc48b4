package js

import (
	"context"
	"testing"
)

func TestRepair(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"using x=f();", "let   x=f();"},
		{"{await using x=f()}", "{let         x=f()}"},
		{"a();using\tx = f(), y = g();", "a();let  \tx = f(), y = g();"},
		{"for(using x of y);", "for(let   x of y);"},
		{"for await(await using x of y);", "for await(let         x of y);"},
		{"f(async()=>{await/**/using é=1})", "f(async()=>{let            é=1})"},
		{"`${()=>{using x=1}}using x=1`", "`${()=>{let   x=1}}using x=1`"},
		{"x=`a`;using y=1", "x=`a`;let   y=1"},
		{"#!/bin/x using x=1\nusing x=1", "#!/bin/x using x=1\nlet   x=1"},
		{"using of=1", "let   of=1"},
		{"class A{static\nof=3}", "class A{static of=3}"},
		{"class A{x=1\nstatic // y\n#z}", "class A{x=1\nstatic      #z}"},
		{"class A{static/*\n*/get\nd(){}}", "class A{static     get d(){}}"},
		{"class A{get\n['d'](){}set\n'e'(v){}}", "class A{get ['d'](){}set 'e'(v){}}"},
		{"class A{static accessor a=1;accessor #b}", "class A{static          a=1;         #b}"},
		{"class A{@(b.c) x;@(d(e)) y;@f.#g z}", "class A{@ b.c  x;@ d(e)  y;@f._g z}"},
		{"import defer * as a from 'b'", "import       * as a from 'b'"},
		{"import source a from 'b'", "import        a from 'b'"},
		{"import a from 'b' assert{type:'json'}", "import a from 'b' with  {type:'json'}"},
		{"class A{d/* x\n*/(){}e// y\n(){}}", "class A{d\n      (){}e    \n(){}}"},
		{"x=a/*\n*/++b", "x=a\n    ++b"},
		{"f`C:\\users\\${x}\\xg${`\\u`}\\u{41}\\u{zz}`", "f`C:_users\\${x}_xg${`_u`}\\u{41}_u{zz}`"},
		{"x='a\x00b'", "x='a b'"},
		{"{1\r2;'\\\r'}", "{1\n2;'\\\r'}"},
		{"{1\u20282}", "{1\n  2}"},
		// Near misses.
		{"'using x=1'", ""},
		{"`using x=1`", ""},
		{"/using x=1/", ""},
		{"'//using x=1'", ""},
		{"using=1;using.x=1;using(x);a.using=1", ""},
		{"using\nx=1", ""},
		{"for(using of x);for(using of of);for(using in x);", ""},
		{"using in x;using instanceof x", ""},
		{"({using:x=1,using(x){}})", ""},
		{"misusing x=1", ""},
		{"import using from'x'", ""},
		{"let x=1", ""},
		{"class A{static\n=1;static\n(){}}", ""},
		{"class A{get\n*d(){}}", ""},
		{"x.get\ny()", ""},
		{"a;get\ny()\nb", ""},
		{"a;get\nif(b){}", ""},
		{"class A{async\nd(){}}", ""},
		{"accessor in x;accessor\ny=1;accessor=2", ""},
		{"import defer from 'b';import source, {a} from 'b';import source from 'c'", ""},
		{"assert({});a.assert({})", ""},
		{"'//';`/*\n*/`", ""},
		{"'\\xg';`\\x41\\u0041\\u{41}\\n\\``", ""},
		{"'\u2028'", ""},
	} {
		want := c.want
		got := string(Repair([]byte(c.src), true))
		if got != want {
			t.Errorf("Repair(%q)\n got %q\nwant %q", c.src, got, want)
		}
		if got != "" && len(got) != len(c.src) {
			t.Errorf("Repair(%q) changes the length", c.src)
		}
	}
}

// TestParseRepaired parses what the grammar gets wrong and looks at the tree, whose text is the original's.
func TestParseRepaired(t *testing.T) {
	for _, c := range []struct {
		src  string
		kind Kind
		text []string // of the nodes of the kind
	}{
		{"class A{static\nget\nd(){}static\nof=3}", MethodDefinition, []string{"static\nget\nd(){}"}},
		{"class A{static\nget\nd(){}static\nof=3}", FieldDefinition, []string{"static\nof=3"}},
		{"class A{static async/*\n*/d(){}static\nasync e(){}}", MethodDefinition, []string{"d(){}", "static\nasync e(){}"}},
		{"class A{d/*\n*/(){}}", MethodDefinition, []string{"d/*\n*/(){}"}},
		{"class A{accessor d=1}", FieldDefinition, []string{"d=1"}},
		{"x=f`C:\\users${1}\\x`", TemplateString, []string{"`C:\\users${1}\\x`"}},
		{"x='a\x00b'", String, []string{"'a\x00b'"}},
	} {
		p := NewParser()
		tree, err := p.Parse(context.Background(), []byte(c.src), 0, uint32(len(c.src)), "")
		p.Close()
		if err != nil || tree.HasError {
			t.Errorf("Parse(%q): %v, error in the tree: %t", c.src, err, tree != nil && tree.HasError)
			continue
		}
		var got []string
		for i := range tree.Len() {
			if n := tree.At(i); n.Kind() == c.kind {
				got = append(got, n.Text())
			}
		}
		if len(got) != len(c.text) {
			t.Errorf("Parse(%q) has %q, want %q", c.src, got, c.text)
			continue
		}
		for i := range got {
			if got[i] != c.text[i] {
				t.Errorf("Parse(%q) has %q, want %q", c.src, got, c.text)
			}
		}
	}
}
