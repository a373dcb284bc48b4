package js

import "testing"

func TestMaskUsing(t *testing.T) {
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
		// Near misses.
		{"'using x=1'", ""},
		{"`using x=1`", ""},
		{"/using x=1/", ""},
		{"//using x=1\n/*using x=1*/", ""},
		{"using=1;using.x=1;using(x);a.using=1", ""},
		{"using\nx=1", ""},
		{"for(using of x);for(using of of);for(using in x);", ""},
		{"using in x;using instanceof x", ""},
		{"({using:x=1,using(x){}})", ""},
		{"misusing x=1", ""},
		{"import using from'x'", ""},
		{"let x=1", ""},
	} {
		want := c.want
		got := string(MaskUsing([]byte(c.src)))
		if got != want {
			t.Errorf("MaskUsing(%q)\n got %q\nwant %q", c.src, got, want)
		}
		if got != "" && len(got) != len(c.src) {
			t.Errorf("MaskUsing(%q) changes the length", c.src)
		}
	}
}
