package source

import "strings"

// builtins are the modules of Node that may be named without "node:", by the first word of their names. They come
// before packages of the same names, which are installed for browsers. From require("module").builtinModules.
var builtins = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`assert async_hooks buffer child_process cluster console constants crypto dgram
		diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode
		querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads
		zlib`) {
		set[name] = true
	}
	return set
}()

// IsBuiltin tells whether a specifier names a module of the runtime. One with a slash behind it, as in "punycode/", means
// the package.
func IsBuiltin(specifier string) bool {
	for _, scheme := range []string{"node:", "bun:"} {
		if strings.HasPrefix(specifier, scheme) {
			return true
		}
	}
	name, sub, below := strings.Cut(specifier, "/")
	return builtins[name] && (!below || sub != "")
}
