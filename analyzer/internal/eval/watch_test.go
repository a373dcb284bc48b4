package eval

import (
	"fmt"
	"strings"
	"testing"
)

// What a lazily run module gives is found once while something is watched for, however many modules need it.
func TestWatchRequiresOnce(t *testing.T) {
	const modules = 14
	var text strings.Builder
	text.WriteString("var C=(f,m)=>()=>(m||f((m={exports:{}}).exports,m),m.exports);var E=o=>o;\n")
	for i := range modules {
		fmt.Fprintf(&text, "var r%d=C((e,m)=>{var a=r%d(),b=E(r%d());e.v=a.v+b.v});\n", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "var r%d=C((e,m)=>{e.v=1});\nfunction main(){var x=r0();server.tool(x.v)}main();\n", modules)
	m, module := load(t, text.String(), Config{})
	var got []Value
	m.Watch(nil, maxSteps, Lookout{Names: map[string]bool{"tool": true}}, func(w Watched) { got = append(got, w.Args[0]) }, func() {
		m.RunInOrder(module, -1, func() {})
	})
	if len(got) != 1 || got[0] != Number(1<<modules) {
		t.Errorf("registered %v, want %d", got, 1<<modules)
	}
	if m.Stats.Steps > 100*modules {
		t.Errorf("%d steps for %d modules", m.Stats.Steps, modules)
	}
}
