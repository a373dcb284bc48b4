package main

import (
	"io"
	"strings"
	"testing"
)

// FuzzConfig takes anything for a configuration file: it is refused, or adds arguments that each set one flag.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("quiet: true\nquery:\n  eval: true\naudit: {format: json}\ntrace run:\n  offline: true\n"))
	f.Add([]byte("format: {workers: 2, platform: linux-x64}\nassume: [env.A=1, flag.b=2]\n"))
	f.Add([]byte("a: &a [*a]\nb: !!binary x\n? [c]\n: 1\n"))
	app := newApp(newTerminal(io.Discard, io.Discard))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, line := range []string{"analyze cli.js", "trace run -- true", "audit cli.js"} {
			a, err := arrange(app, strings.Fields(line))
			if err != nil {
				t.Fatal(err)
			}
			if a.configureBy(app, text, "bundlens.yaml", func(string) string { return "" }) != nil {
				continue
			}
			for _, arg := range append(a.global, a.local...) {
				if name, _, ok := strings.Cut(arg, "="); !ok || !strings.HasPrefix(name, "--") {
					t.Errorf("%q became %q", text, arg)
				}
			}
		}
	})
}
