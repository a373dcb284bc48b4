package eval

import "testing"

// TestHostNames asks the global object for what runtimes put there, and generator functions for what they inherit: none of
// it is absent.
func TestHostNames(t *testing.T) {
	const src = `var out=()=>[typeof globalThis.Nothing,globalThis.Response===void 0,"Response"in globalThis].join(),
chain=()=>{let a=Object.getPrototypeOf(Object.getPrototypeOf(async function*(){}).prototype),g=Object.getPrototypeOf(function*(){});
return[typeof a[Symbol.asyncIterator],typeof g.prototype.next,Object.prototype.toString.call(g)].join()}`
	m, module := load(t, src, Config{})
	for name, want := range map[string]string{
		"out":   `"undefined,<Response === undefined>,true"`,
		"chain": `"function,function,[object GeneratorFunction]"`,
	} {
		if got := show(m, m.Run(func() Value { return m.Call(m.force(m.global(module, -1, name)), Undefined, nil) })); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
