package source

import (
	"strings"
	"testing"
)

// table makes an Input of module names, with the manifests given by directory.
func table(manifests map[string]string, names ...string) *Input {
	in := &Input{Entry: -1}
	for _, name := range names {
		in.Modules = append(in.Modules, Module{Name: name})
	}
	in.resolver.manifest = func(dir string) *manifest {
		if text, ok := manifests[dir]; ok {
			return parseManifest([]byte(text))
		}
		return nil
	}
	in.link()
	return in
}

func TestResolve(t *testing.T) {
	in := table(map[string]string{
		".":                    `{"name":"self","exports":{".":"./lib/a.js","./b":"./lib/b.mjs"},"imports":{"#util":"./lib/util/index.js","#dep":"dep"}}`,
		"node_modules/dep":     `{"name":"dep","main":"./main.js"}`,
		"node_modules/esm":     `{"name":"esm","exports":{".":{"types":"./x.d.ts","import":"./x.mjs","require":"./x.cjs"},"./feature/*":"./src/*.js"}}`,
		"node_modules/@s/name": `{"name":"@s/name","module":"es/index.js","main":"lib/index.js"}`,
		"../node_modules/up":   `{"name":"up","exports":"./up.js"}`,
		"packages/sub":         `{"main":"start"}`,
	},
		"lib/a.js", "lib/b.mjs", "lib/c.cjs", "lib/d.json", "lib/util/index.js", "packages/sub/start.js",
		"node_modules/dep/main.js", "node_modules/dep/other.js", "node_modules/esm/x.mjs", "node_modules/esm/x.cjs",
		"node_modules/esm/src/deep/f.js", "node_modules/@s/name/es/index.js", "node_modules/@s/name/lib/index.js", "node_modules/plain/index.js", "../node_modules/up/up.js",
		"/$bunfs/root/cli", "/$bunfs/root/chunk-1.js", "B:/~BUN/root/w.js", "chunk-2.js", "root/unpacked.js",
	)
	for _, c := range []struct{ from, spec, want string }{
		{"lib/a.js", "./b.mjs", "lib/b.mjs"},
		{"lib/a.js", "./b", "lib/b.mjs"},
		{"lib/a.js", "./c", "lib/c.cjs"},
		{"lib/a.js", "./d", "lib/d.json"},
		{"lib/a.js", "./util", "lib/util/index.js"},
		{"lib/a.js", "./util/", "lib/util/index.js"},
		{"lib/a.js", "./a.ts", "lib/a.js"},
		{"lib/a.js", "./b.mjs?raw", "lib/b.mjs"},
		{"lib/util/index.js", "..", ""},
		{"lib/util/index.js", "../a.js", "lib/a.js"},
		{"lib/a.js", "../packages/sub", "packages/sub/start.js"},
		{"lib/a.js", "./missing", ""},
		{"lib/a.js", "dep", "node_modules/dep/main.js"},
		{"lib/a.js", "dep/other", "node_modules/dep/other.js"},
		{"lib/a.js", "esm", "node_modules/esm/x.mjs"},
		{"lib/a.js", "esm/feature/deep/f", "node_modules/esm/src/deep/f.js"},
		{"lib/a.js", "@s/name", "node_modules/@s/name/lib/index.js"},
		{"lib/a.js", "plain", "node_modules/plain/index.js"},
		{"lib/a.js", "up", "../node_modules/up/up.js"},
		{"node_modules/dep/main.js", "esm", "node_modules/esm/x.mjs"},
		{"lib/a.js", "self", "lib/a.js"},
		{"lib/a.js", "self/b", "lib/b.mjs"},
		{"lib/b.mjs", "#util", "lib/util/index.js"},
		{"lib/b.mjs", "#dep", "node_modules/dep/main.js"},
		{"lib/b.mjs", "#none", ""},
		{"lib/a.js", "node:fs", ""},
		{"lib/a.js", "zod", ""},
		{"lib/a.js", "", ""},
		{"/$bunfs/root/cli", "/$bunfs/root/chunk-1.js", "/$bunfs/root/chunk-1.js"},
		{"/$bunfs/root/cli", "./chunk-1.js", "/$bunfs/root/chunk-1.js"},
		{"/$bunfs/root/cli", "file:///$bunfs/root/chunk-1.js", "/$bunfs/root/chunk-1.js"},
		{"/$bunfs/root/cli", "chunk-2.js", "chunk-2.js"},
		{`B:\~BUN\root\cli`, `B:\~BUN\root\w.js`, "B:/~BUN/root/w.js"},
		{"chunk-2.js", "/$bunfs/root/unpacked.js", "root/unpacked.js"},
	} {
		got := ""
		if i, ok := in.Resolve(c.from, c.spec, ByImport); ok {
			got = in.Modules[i].Name
		}
		if got != c.want {
			t.Errorf("%q from %q: got %q, want %q", c.spec, c.from, got, c.want)
		}
	}
}

// TestManifests has those up to each module's own package, and none of what lies around that.
func TestManifests(t *testing.T) {
	in := table(map[string]string{
		"..":                        `{"name":"around"}`,
		".":                         `{"name":"self"}`,
		"node_modules/dep":          `{"name":"dep","exports":"./cjs/a.js"}`,
		"node_modules/dep/cjs":      `{"type":"commonjs"}`,
		"node_modules/unused":       `{"name":"unused"}`,
		"../node_modules/@s/up":     `{"name":"@s/up"}`,
		"../node_modules/@s/up/lib": `{"type":"module"}`,
	}, "main.js", "lib/a.js", "node_modules/dep/cjs/a.js", "../node_modules/@s/up/lib/b.js")
	var names []string
	for _, m := range in.Manifests() {
		names = append(names, m.Name)
	}
	want := "../node_modules/@s/up/lib/package.json ../node_modules/@s/up/package.json " +
		"node_modules/dep/cjs/package.json node_modules/dep/package.json package.json"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestSpecifiers(t *testing.T) {
	src := `import a from"./a.js";import{b}from './b.js'
import "./c.js"; export * from ` + "`./d.js`" + `; const e = require("./e"), f = await import( /* hint */ "./f.js");
import.meta.require("/$bunfs/root/g.js"); Array.from(x); import(` + "`./${h}.js`" + `); require("a\"b"); from "./a.js"`
	want := map[string]ImportKind{"./a.js": ByImport, "./b.js": ByImport, "./c.js": ByImport, "./d.js": ByImport, "./e": ByRequire,
		"./f.js": ByImport, "/$bunfs/root/g.js": ByRequire}
	n := 0
	for spec, kind := range specifiers([]byte(src)) {
		if k, ok := want[spec]; !ok || k != kind {
			t.Errorf("surplus %q of kind %d", spec, kind)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("got %d specifiers, want %d", n, len(want))
	}
}

func TestStarted(t *testing.T) {
	for src, want := range map[string]string{
		`spawn(process.execPath,["--max=4096",path.join(__dirname,"..","dist","app.js"),...argv])`: "app.js dist/app.js ../dist/app.js",
		`spawn("node", ["--quiet", "./a.js"])`:                                                     "./a.js --quiet/./a.js",
		"import(new URL(`${dir}/../lib/main.mjs`, base))":                                          "/../lib/main.mjs",
		`fork(__dirname + '/worker.cjs')`:                                                          "/worker.cjs",
		"`two\nlines ${x}.js`; 'data.json'":                                                        "",
	} {
		var got []string
		for name := range started([]byte(src)) {
			got = append(got, name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
}

func TestPlatformScore(t *testing.T) {
	best := func(platform string, names ...string) string {
		text := `{"name":"@s/prog","optionalDependencies":{`
		for i, name := range names {
			if i > 0 {
				text += ","
			}
			text += `"` + name + `":"1.0.0"`
		}
		found := parseManifest([]byte(text + "}}")).platformPackages(platform)
		if len(found) == 0 {
			return ""
		}
		return found[0].name
	}
	for _, c := range []struct {
		platform string
		names    []string
		want     string
	}{
		{"linux-x64", []string{"@s/prog-darwin-arm64", "@s/prog-linux-x64-musl", "@s/prog-linux-x64"}, "@s/prog-linux-x64"},
		{"linux-x64", []string{"prog-linux-x64-baseline", "prog-linux-x64"}, "prog-linux-x64"},
		{"linux-x64", []string{"@other/image-linux-x64", "@s/prog-linux-x64-musl"}, "@s/prog-linux-x64-musl"},
		{"linux-x64", []string{"@s/prog-linux-x86_64-gnu", "@s/prog-linux-arm64"}, "@s/prog-linux-x86_64-gnu"},
		{"win32-x64", []string{"@s/prog-darwin-x64", "@s/prog-windows-amd64"}, "@s/prog-windows-amd64"},
		{"darwin-arm64", []string{"@s/prog-linux-x64"}, ""},
		{"linux-x64", []string{"fsevents"}, ""},
	} {
		if got := best(c.platform, c.names...); got != c.want {
			t.Errorf("%s of %q: got %q, want %q", c.platform, c.names, got, c.want)
		}
	}
}
