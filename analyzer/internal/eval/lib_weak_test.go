package eval

import "testing"

// TestWeakEntries notes something of an object while a name of the module is found: it is known wherever the object is.
func TestWeakEntries(t *testing.T) {
	const src = `var notes=new WeakMap,seen=new WeakSet;
function noted(o,text){notes.set(o,text);seen.add(o);return o}
var first=noted({a:1},"the first"),other={};
function out(){return[notes.get(first),notes.has(other),seen.has(first),notes.get(other),JSON.stringify(first),Object.keys(first).join()].join("|")}
function gone(){notes.delete(first);return notes.has(first)+"|"+seen.has(first)}
function some(){if(process.env.A)notes.set(other,"if set");return notes.get(other)}`
	m, module := load(t, src, Config{})
	for name, want := range map[string]string{
		"out":  `"the first|false|true||{\"a\":1}|a"`,
		"gone": `"false|true"`,
		"some": `(process.env.A ? "if set" : undefined)`,
	} {
		if got := show(m, m.Run(func() Value { return m.Call(m.force(m.global(module, -1, name)), Undefined, nil) })); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
