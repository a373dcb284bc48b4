package js

import (
	"context"
	"testing"
)

func TestWhole(t *testing.T) {
	for _, c := range []struct {
		src string
		ok  bool
	}{
		{"var a=1,b=function(){};function f(){return a}class C{}f(b)", true},
		{"var a={name:1,inputSchema:{", false},
	} {
		p := NewParser()
		x, ok, err := p.Whole(context.Background(), []byte(c.src))
		p.Close()
		if err != nil || ok != c.ok {
			t.Errorf("%s: ok %v, %v", c.src, ok, err)
		}
		if c.ok && (len(x.Units) != 5 || len(x.Defs) < 4) {
			t.Errorf("%s: %d units, %d definitions", c.src, len(x.Units), len(x.Defs))
		}
	}
}
