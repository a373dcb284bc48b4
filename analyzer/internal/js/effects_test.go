package js

import (
	"slices"
	"testing"
)

func TestEffects(t *testing.T) {
	src := []byte(`var l=[],c=new Map,o={};
function add(x){l.push(x)}
var put=(k,v)=>{o[k]=v};
function read(k){return o[k]}
function make(k){let v=c.get(k);if(!v)c.set(k,v={});return v}
add(1);
["a"].forEach(x=>l.push(x));
put("a",1);
read("a").push;
`)
	x := Scan(src)
	e := IndexEffects(src, x, func(method []byte) bool { return string(method) == "push" || string(method) == "set" })
	at := func(units []int32) (texts []string) {
		for _, u := range units {
			texts = append(texts, string(src[x.Units[u].Start:x.Units[u].End]))
		}
		return texts
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"changers of l", e.Changers("l"), []string{"add"}},
		{"changers of o", e.Changers("o"), []string{"put"}},
		{"changers of a cache", e.Changers("c"), nil},
		{"statements that change l", at(e.Changing("l")), []string{`["a"].forEach(x=>l.push(x));`}},
		{"statements with add", at(e.Statements("add")), []string{"add(1);"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}
