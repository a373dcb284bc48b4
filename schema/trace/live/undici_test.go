package live

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/campaign"
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

// TestHookUndici sends by each way that the package undici has, which programs bring along: what goes by it is recorded
// once, with its body and its answer, and the program gets the answer whole. A campaign runs all versions, and `go test`
// the last.
func TestHookUndici(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	const before = `const undici = (await import(process.env.UNDICI)).default;
const body = JSON.stringify({model: 'm', stream: true, messages: [{role: 'user', content: 'hi'}]});
const path = '/v1/messages', method = 'POST';
const all = async (stream) => { let text = ''; for await (const c of stream) text += c; return text };
const {Readable, Writable, PassThrough} = await import('node:stream');
const sink = (say) => { let text = ''; return new Writable({write(c, _, next) { text += c; next() }, final(next) { say(text); next() }}) };
let got = '';
`
	for name, script := range map[string]string{
		"fetch":              `got = await (await undici.fetch(url + path, {method, body})).text();`,
		"fetch of a stream":  `got = await (await undici.fetch(url + path, {method, duplex: 'half', body: new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode(body)); c.close() }})})).text();`,
		"a fetch taken over": `globalThis.fetch = undici.fetch; got = await (await fetch(url + path, {method, body})).text();`,
		"request":            `got = await (await undici.request(url + path, {method, body})).body.text();`,
		"request of bytes":   `got = await (await undici.request(url + path, {method, body: Buffer.from(body)})).body.text();`,
		"request, streamed":  `got = await all((await undici.request(url + path, {method, body: Readable.from([body.slice(0, 7), body.slice(7)])})).body);`,
		"request, generated": `got = await all((await undici.request(url + path, {method, body: (async function* () { yield body.slice(0, 5); yield body.slice(5) })()})).body);`,
		"stream":             `await undici.stream(url + path, {method, body}, () => sink((text) => { got = text }));`,
		"pipeline":           `const p = undici.pipeline(url + path, {method}, ({body}) => body.pipe(new PassThrough())); p.end(body); got = await all(p);`,
		"a client":           `const c = new undici.Client(url); got = await (await c.request({path, method, body})).body.text(); await c.close();`,
		"a pool":             `const p = new undici.Pool(url, {connections: 2}); got = await (await p.request({path, method, body})).body.text(); await p.close();`,
		"an agent":           `const a = new undici.Agent(); got = await (await undici.request(url + path, {method, body, dispatcher: a})).body.text(); await a.close();`,
		"the global agent":   `undici.setGlobalDispatcher(new undici.Agent({keepAliveTimeout: 10})); got = await (await fetch(url + path, {method, body})).text();`,
		"dispatch":           `const c = new undici.Client(url); await new Promise((done, fail) => c.dispatch({path, method, body}, {onConnect() {}, onHeaders() { return true }, onData(chunk) { got += chunk; return true }, onComplete: done, onError: fail})); await c.close();`,
		"packed":             `const {gzipSync} = await import('node:zlib'); got = await (await undici.request(url + path, {method, body: gzipSync(body), headers: {'content-encoding': 'gzip'}})).body.text();`,
		"a worker":           `const {Worker} = await import('node:worker_threads'); const w = new Worker("require(process.env.UNDICI).request(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.body.text()).then((t) => require('node:worker_threads').parentPort.postMessage(t))", {eval: true, env: {...process.env, BODY: body}}); w.on('message', (t) => { got = t }); await new Promise((d) => w.on('exit', d));`,
		"a child":            `const {execFileSync} = await import('node:child_process'); got = String(execFileSync(process.execPath, ['-e', "require(process.env.UNDICI).request(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.body.text()).then((t) => process.stdout.write(t))"], {env: {...process.env, BODY: body}}));`,
		"two at once":        `const two = await Promise.all([undici.request(url + path, {method, body}), undici.request(url + '/elsewhere', {method, body})]); got = await two[0].body.text(); await two[1].body.dump();`,
	} {
		for _, version := range campaign.Chosen(undiciVersions) {
			main := undici(t, version)
			t.Run(name+" of "+version, func(t *testing.T) {
				t.Parallel()
				set, out, _ := hooked(t, node, sends(start, open, delta("ok"), shut, stop), before+script+"\nconsole.log('got', got.split('data:').length - 1);", "UNDICI="+main)
				if len(set.Requests) != 1 || set.Requests[0].Model != "m" || set.Blind() || set.Requests[0].Answer == nil || !set.Requests[0].Answer.Complete {
					t.Errorf("%s: %+v, %+v", out, set.Requests, set)
				}
				if !strings.Contains(out, "got 5") {
					t.Errorf("the program got %s", out)
				}
			})
		}
	}
}
