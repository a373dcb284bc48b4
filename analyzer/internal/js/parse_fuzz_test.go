package js

import "testing"

// FuzzParse parses anything: each node lies within its parent and the text, and the next one behind it.
func FuzzParse(f *testing.F) {
	for _, src := range []string{"var a=1,b=`x${a}`", "class A{static{using x=y}}", "await using a=b;for(const x of y){}", "f(", "\u00e9=>'\U0001f600'", "@dec class{}"} {
		f.Add([]byte(src), "var ")
	}
	parser := NewParser()
	f.Fuzz(func(t *testing.T, src []byte, prefix string) {
		if len(src) > 8<<10 || len(prefix) > 8 {
			return
		}
		tree, err := parser.Parse(t.Context(), src, 0, uint32(len(src)), prefix)
		if err != nil {
			return
		}
		for i := range tree.Len() {
			n := tree.At(i)
			if n.Start() > n.End() || int(n.End()) > len(src) {
				t.Fatalf("node %d is from %d to %d of %d", i, n.Start(), n.End(), len(src))
			}
			if p := n.Parent(); p.Valid() && (n.Start() < p.Start() || n.End() > p.End()) {
				t.Fatalf("node %d, %d to %d, is not within its parent, %d to %d", i, n.Start(), n.End(), p.Start(), p.End())
			}
		}
		parser.Whole(t.Context(), src)
		Repair(src, false)
		Repair(src, true)
	})
}
