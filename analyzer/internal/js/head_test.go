package js

import (
	"fmt"
	"testing"
)

func TestHeadImports(t *testing.T) {
	src := "#!/usr/bin/env node\n// @bun\n/* a */import{a as b,c}from\"./x.js\";import d from './y.js'\nimport*as e from\"z\";import\"./w.js\";" +
		"var f=1;import{g}from\"./late.js\";"
	if got := fmt.Sprint(HeadImports([]byte(src))); got != "[{b a ./x.js} {c c ./x.js} {d default ./y.js} {e * z} {  ./w.js}]" {
		t.Errorf("got %s", got)
	}
	for _, none := range []string{"", "import(\"a\")", "import.meta.url", "imports", "/* open", "import{a", "x;import a from 'b'"} {
		if got := HeadImports([]byte(none)); got != nil {
			t.Errorf("%q: got %v", none, got)
		}
	}
}
