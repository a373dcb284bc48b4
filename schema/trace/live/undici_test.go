package live

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema/trace"
)

// undiciVersions are the first and the last that run on the oldest Node that the hook knows.
var undiciVersions = []string{"5.29.0", "6.29.1", "7.30.2"}

// undici is a version of undici, installed by npm into the user's cache.
func undici(t *testing.T, version string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: it installs undici")
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	dir := filepath.Join(cache, "bundlens-test", "undici-"+version)
	main := filepath.Join(dir, "node_modules", "undici", "index.js")
	if _, err := os.Stat(main); err != nil {
		install := exec.Command(npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, "undici@"+version)
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("undici can't be had: %v\n%s", err, out)
		}
	}
	return main
}

// ways are how programs send with the package undici. One that changes what others use, or starts another process or thread,
// runs in a process of its own.
var ways = []struct {
	name, script string
	alone        bool
}{
	{"fetch", `got = await (await undici.fetch(url + path, {method, body})).text();`, false},
	{"fetch of a stream", `got = await (await undici.fetch(url + path, {method, duplex: 'half', body: new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode(body)); c.close() }})})).text();`, false},
	{"a fetch taken over", `globalThis.fetch = undici.fetch; got = await (await fetch(url + path, {method, body})).text();`, true},
	{"request", `got = await (await undici.request(url + path, {method, body})).body.text();`, false},
	{"request of bytes", `got = await (await undici.request(url + path, {method, body: Buffer.from(body)})).body.text();`, false},
	{"request, streamed", `got = await all((await undici.request(url + path, {method, body: Readable.from([body.slice(0, 7), body.slice(7)])})).body);`, false},
	{"request, generated", `got = await all((await undici.request(url + path, {method, body: (async function* () { yield body.slice(0, 5); yield body.slice(5) })()})).body);`, false},
	{"stream", `await undici.stream(url + path, {method, body}, () => sink((text) => { got = text }));`, false},
	{"pipeline", `const p = undici.pipeline(url + path, {method}, ({body}) => body.pipe(new PassThrough())); p.end(body); got = await all(p);`, false},
	{"a client", `const c = new undici.Client(url); got = await (await c.request({path, method, body})).body.text(); await c.close();`, false},
	{"a pool", `const p = new undici.Pool(url, {connections: 2}); got = await (await p.request({path, method, body})).body.text(); await p.close();`, false},
	{"an agent", `const a = new undici.Agent(); got = await (await undici.request(url + path, {method, body, dispatcher: a})).body.text(); await a.close();`, false},
	{"the global agent", `undici.setGlobalDispatcher(new undici.Agent({keepAliveTimeout: 10})); got = await (await fetch(url + path, {method, body})).text();`, true},
	{"dispatch", `const c = new undici.Client(url); await new Promise((done, fail) => c.dispatch({path, method, body}, {onConnect() {}, onHeaders() { return true }, onData(chunk) { got += chunk; return true }, onComplete: done, onError: fail})); await c.close();`, false},
	{"packed", `const {gzipSync} = await import('node:zlib'); got = await (await undici.request(url + path, {method, body: gzipSync(body), headers: {'content-encoding': 'gzip'}})).body.text();`, false},
	{"a worker", `const {Worker} = await import('node:worker_threads'); const w = new Worker("require(process.env.UNDICI).request(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.body.text()).then((t) => require('node:worker_threads').parentPort.postMessage(t))", {eval: true, env: {...process.env, BODY: body}}); w.on('message', (t) => { got = t }); await new Promise((d) => w.on('exit', d));`, true},
	{"a child", `const {execFileSync} = await import('node:child_process'); got = String(execFileSync(process.execPath, ['-e', "require(process.env.UNDICI).request(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.body.text()).then((t) => process.stdout.write(t))"], {env: {...process.env, BODY: body}}));`, true},
	{"two at once", `const two = await Promise.all([undici.request(url + path, {method, body}), undici.request(url + '/elsewhere', {method, body})]); got = await two[0].body.text(); await two[1].body.dump();`, false},
}

// beforeWays is what each way begins with; MODEL is its own.
const beforeWays = `const undici = (await import(process.env.UNDICI)).default;
const path = '/v1/messages', method = 'POST';
const all = async (stream) => { let text = ''; for await (const c of stream) text += c; return text };
const {Readable, Writable, PassThrough} = await import('node:stream');
const sink = (say) => { let text = ''; return new Writable({write(c, _, next) { text += c; next() }, final(next) { say(text); next() }}) };
`

// TestHookUndici sends by each way that the package undici has, which programs bring along: what goes by it is recorded
// once, with its body and its answer, and the program gets the answer whole. A campaign runs all versions, each way in a
// process of its own, and `go test` the last, most ways in one.
func TestHookUndici(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	programs := map[string][]int{} // the ways of each, by its name
	for i, w := range ways {
		name := "many in one"
		if w.alone || campaign.On() {
			name = w.name
		}
		programs[name] = append(programs[name], i)
	}
	for name, list := range programs {
		for _, version := range campaign.Chosen(undiciVersions) {
			main := undici(t, version)
			t.Run(name+" of "+version, func(t *testing.T) {
				t.Parallel()
				checkWays(t, node, main, list)
			})
		}
	}
}

// checkWays runs a program that sends in some ways, one after the other.
func checkWays(t *testing.T, node, undici string, list []int) {
	script := beforeWays
	for _, i := range list {
		script += fmt.Sprintf("{ let got = ''; const body = JSON.stringify({model: 'm%d', stream: true, messages: [{role: 'user', content: 'hi'}]});\n%s\nconsole.log('way %d got', got.split('data:').length - 1); }\n", i, ways[i].script, i)
	}
	set, out, _ := hooked(t, node, sends(start, open, delta("ok"), shut, stop), script, "UNDICI="+undici)
	if len(set.Requests) != len(list) || set.Blind() {
		t.Errorf("%d requests, want %d: %s, %+v", len(set.Requests), len(list), out, set)
	}
	for _, i := range list {
		sent := func(r trace.Request) bool {
			return r.Model == fmt.Sprintf("m%d", i) && r.Answer != nil && r.Answer.Complete
		}
		if !slices.ContainsFunc(set.Requests, sent) {
			t.Errorf("%s: %s: %+v", ways[i].name, out, set.Requests)
		}
		if !strings.Contains(out, fmt.Sprintf("way %d got 5", i)) {
			t.Errorf("%s: the program got %s", ways[i].name, out)
		}
	}
}
