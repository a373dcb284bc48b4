package live

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema/trace"
)

// bunVersions are run beside the Bun that is installed: the oldest and the newest whose hook was seen to work.
var bunVersions = []string{"1.2.23", "1.4.5"}

// inRuntimes runs a test in Node and in Bun, each that can be had; of the versions of Bun in the newest, or in all in a
// campaign.
func inRuntimes(t *testing.T, test func(t *testing.T, runtime string)) {
	t.Helper()
	t.Run("node", func(t *testing.T) {
		t.Parallel()
		node, err := exec.LookPath("node")
		if err != nil {
			t.Skip(err)
		}
		test(t, node)
	})
	for _, version := range campaign.Chosen(bunVersions) {
		t.Run("bun "+version, func(t *testing.T) {
			t.Parallel()
			test(t, bun(t, version))
		})
	}
}

// bun is a version of Bun, installed by npm into the user's cache.
func bun(t *testing.T, version string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: it installs Bun")
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	dir := filepath.Join(cache, "bundlens-test", "bun-"+version)
	program := filepath.Join(dir, "node_modules", ".bin", "bun")
	if _, err := os.Stat(program); err != nil {
		install := exec.Command(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", dir, "bun@"+version)
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("Bun can't be had: %v\n%s", err, out)
		}
	}
	return program
}

// hooked runs a script with the hook in it, against a server, and answers what was captured and what the script
// printed. The script may use the variable url.
func hooked(t *testing.T, runtime string, server http.HandlerFunc, script string, env ...string) (set *trace.Set, out string, files string) {
	t.Helper()
	traces := filepath.Join(t.TempDir(), "made by the hook")
	hook, err := HookEnvironment(nil, t.TempDir(), traces)
	if err != nil {
		t.Fatal(err)
	}
	out = runScript(t, runtime, server, script, append(append(hook, "BUNDLENS_TRACE_DEBUG=1"), env...))
	if strings.Contains(out, "bundlens hook:") {
		t.Errorf("the hook says %s", out)
	}
	if set, err = trace.Collect(context.Background(), []string{traces}, trace.Options{}); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, f := range filesIn(traces) {
		data, _ := os.ReadFile(filepath.Join(traces, f.Name()))
		files += string(data)
	}
	return set, out, files
}

// runScript runs a script against a server and answers what it printed.
func runScript(t *testing.T, runtime string, server http.HandlerFunc, script string, env []string) string {
	t.Helper()
	web := httptest.NewServer(server)
	defer web.Close()
	file := filepath.Join(t.TempDir(), "program.mjs")
	script = "const url = process.env.TEST_URL;\nconst post = (body, more) => fetch(url + '/v1/messages', {method: 'POST', body: JSON.stringify(body), ...more});\n" + script
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, runtime, file)
	cmd.Env = append([]string{"TEST_URL=" + web.URL, "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// sends answers with the events given, after each of which it flushes.
func sends(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range events {
			fmt.Fprintf(w, "data: %s\n\n", e)
			w.(http.Flusher).Flush()
		}
	}
}

const (
	start = `{"type":"message_start","message":{}}`
	open  = `{"type":"content_block_start","index":0,"content_block":{"type":"text"}}`
	shut  = `{"type":"content_block_stop","index":0}`
	stop  = `{"type":"message_stop"}`
)

func delta(text string) string {
	return `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + text + `"}}`
}

const ask = `{model: 'm', stream: true, messages: [{role: 'user', content: 'hi'}]}`

func TestHook(t *testing.T) { inRuntimes(t, hookRecords) }

func hookRecords(t *testing.T, runtime string) {
	set, out, _ := hooked(t, runtime, sends(start, open, delta("ok"), shut, stop), `
const r = await post(`+ask+`);
console.log(r.ok, r.url === url + '/v1/messages', r instanceof Response, (await r.text()).length);
await fetch(url + '/elsewhere');
await (await fetch(new Request(url + '/v1/messages', {method: 'POST', body: JSON.stringify({model: 'n', messages: []})}))).text();`)
	if len(set.Requests) != 2 || len(set.Findings) > 0 || !set.Requests[0].Answer.Complete || set.Requests[1].Model != "n" {
		t.Errorf("%+v", set)
	}
	if !strings.HasPrefix(out, "true true true ") {
		t.Errorf("printed %s", out)
	}
}

// TestHookTransports has one program that sends by each way that Node has: what goes by it is recorded once, with its body
// and its answer. The model that a body asks for is the name of the way.
func TestHookTransports(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	const begin = `const ends = (r) => new Promise((done) => { r.on('response', (m) => { m.resume(); m.on('end', done) }) });
`
	ways := map[string]string{
		"http":           `const http = await import('node:http'); const r = http.request(url + '/v1/messages', {method: 'POST'}); r.end(body); await ends(r);`,
		"a named import": `const {request} = await import('node:http'); const r = request(url + '/v1/messages', {method: 'POST'}); r.write(body.slice(0, 9)); r.end(body.slice(9)); await ends(r);`,
		"packed":         `const {gzipSync} = await import('node:zlib'); const http = await import('node:http'); const r = http.request(url + '/v1/messages', {method: 'POST', headers: {'content-encoding': 'gzip'}}); r.end(gzipSync(body)); await ends(r);`,
		"packed fetch":   `const {gzipSync} = await import('node:zlib'); await (await fetch(url + '/v1/messages', {method: 'POST', headers: {'content-encoding': 'gzip'}, body: gzipSync(body)})).text();`,
		"streamed":       `await (await fetch(url + '/v1/messages', {method: 'POST', duplex: 'half', body: new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode(body)); c.close() }})})).text();`,
		"generated":      `await (await fetch(url + '/v1/messages', {method: 'POST', duplex: 'half', body: (async function* () { yield new TextEncoder().encode(body.slice(0, 5)); yield new TextEncoder().encode(body.slice(5)) })()})).text();`,
		"named by hand":  `await (await fetch({toString: () => url + '/v1/messages'}, {method: 'POST', body})).text();`,
		"a worker":       `const {Worker} = await import('node:worker_threads'); const w = new Worker("fetch(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.text())", {eval: true, env: {...process.env, BODY: body}}); await new Promise((d) => w.on('exit', d));`,
		"a child":        `const {execFileSync} = await import('node:child_process'); execFileSync(process.execPath, ['-e', "fetch(process.env.TEST_URL + '/v1/messages', {method: 'POST', body: process.env.BODY}).then((r) => r.text())"], {env: {...process.env, BODY: body}});`,
		"http2":          `const http2 = await import('node:http2'); const s = http2.createServer(); s.on('stream', (st) => { st.respond({':status': 200, 'content-type': 'application/json'}); st.resume(); st.on('end', () => st.end('{}')) }); await new Promise((d) => s.listen(0, '127.0.0.1', d)); const c = http2.connect('http://127.0.0.1:' + s.address().port); const r = c.request({':method': 'POST', ':path': '/v1/messages'}); r.end(body); r.resume(); await new Promise((d) => r.on('end', d)); c.close(); s.close();`,
		"other paths":    `await (await fetch(url + '/v1/chat/completions', {method: 'POST', body})).text();`,
	}
	var program strings.Builder
	program.WriteString(begin)
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		fmt.Fprintf(&program, "await (async () => { const body = JSON.stringify({model: %q, messages: [{role: 'user', content: 'hi'}]}); %s })();\n", name, ways[name])
	}
	set, out, _ := hooked(t, node, sends(start, open, delta("ok"), shut, stop), program.String())
	recorded := map[string]int{}
	for _, r := range set.Requests {
		recorded[r.Model]++
		if r.Answer == nil || !r.Answer.Complete {
			t.Errorf("%s: %+v", r.Model, r)
		}
	}
	for name := range ways {
		if recorded[name] != 1 {
			t.Errorf("%s: recorded %d times", name, recorded[name])
		}
	}
	if len(set.Requests) != len(ways) || set.Blind() {
		t.Errorf("%s: %+v", out, set)
	}
}

// TestHookDelaysNothing has a server that sends the second event only when the program says that it has the first.
func TestHookDelaysNothing(t *testing.T) { inRuntimes(t, hookDelaysNothing) }

func hookDelaysNothing(t *testing.T, runtime string) {
	got := make(chan struct{})
	set, out, _ := hooked(t, runtime, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/got" {
			close(got)
			return
		}
		sends(start)(w, r)
		select {
		case <-got:
		case <-time.After(10 * time.Second):
		}
		sends(stop)(w, r)
	}, `
const reader = (await post(`+ask+`)).body.getReader();
const first = await reader.read();
await fetch(url + '/got');
const began = Date.now();
while (!(await reader.read()).done);
console.log(Date.now() - began < 5000 ? 'at once' : 'late');`)
	if len(set.Requests) != 1 || !set.Requests[0].Answer.Complete || !strings.Contains(out, "at once") {
		t.Errorf("%s, %+v", out, set.Requests)
	}
}

func TestHookAborts(t *testing.T) { inRuntimes(t, hookAborts) }

func hookAborts(t *testing.T, runtime string) {
	hang := func(w http.ResponseWriter, r *http.Request) {
		sends(start, open, delta("half"))(w, r)
		<-r.Context().Done()
	}
	for name, script := range map[string]string{
		"a signal": `const c = new AbortController(); const r = await post(` + ask + `, {signal: c.signal}); setTimeout(() => c.abort(), 100); try { await r.text() } catch (e) { console.log(e.name) }`,
		// Bun 1.2 does not end by itself behind a body that nobody read to its end.
		"nobody reads on":  `const r = await post(` + ask + `); const reader = r.body.getReader(); await reader.read(); await reader.cancel(); console.log('AbortError'); setTimeout(() => process.exit(0), 50)`,
		"the program ends": `const r = await post(` + ask + `); await r.body.getReader().read(); console.log('AbortError'); process.exit(0)`,
	} {
		set, out, _ := hooked(t, runtime, hang, script)
		if len(set.Requests) != 1 || set.Requests[0].Answer == nil || set.Requests[0].Answer.Complete || set.Requests[0].Answer.Events["message_start"] != 1 || !strings.Contains(out, "AbortError") {
			t.Errorf("%s: %s, %+v", name, out, set)
		}
	}
	set, out, _ := hooked(t, runtime, hang, `try { await fetch('http://127.0.0.1:1/v1/messages', {method: 'POST', body: '{"model":"m","messages":[]}'}) } catch { console.log('not there') }`)
	if len(set.Requests) != 1 || set.Requests[0].Answer.Error == "" || !strings.Contains(out, "not there") {
		t.Errorf("nobody listens: %s, %+v", out, set)
	}
}

// TestHookIsNotSeen has a program do what a hook might break, and prints the same with it and without.
func TestHookIsNotSeen(t *testing.T) { inRuntimes(t, hookIsNotSeen) }

func hookIsNotSeen(t *testing.T, runtime string) {
	const script = `
const bytes = new TextEncoder();
const stream = () => new ReadableStream({start(c) { c.enqueue(bytes.encode('{"model":"streamed","messages":[]}')); c.close() }});
const say = async (what, f) => { try { console.log(what, await f()) } catch (e) { console.log(what, e.name, e.message) } };
const length = async (r) => (await r.text()).length;
await say('a streamed body', async () => length(await post(0, {body: stream(), duplex: 'half'})));
await say('a blob', async () => length(await post(0, {body: new Blob(['{"model":"blob","messages":[]}'])})));
await say('bytes', async () => length(await post(0, {body: bytes.encode('{"model":"bytes","messages":[]}')})));
await say('a clone', async () => { const r = await post(` + ask + `); return await length(r.clone()) === await length(r) });
await say('two ways', async () => { const ways = (await post(` + ask + `)).body.tee(); return await length(new Response(ways[0])) === await length(new Response(ways[1])) });
await say('a buffer of its own', async () => {
  const reader = (await post(` + ask + `)).body.getReader({mode: 'byob'});
  for (let n = 0;;) { const {done, value} = await reader.read(new Uint8Array(7)); if (done) return n; n += value.length }
});
await say('nothing', () => fetch());
await say('no address', () => fetch('::'));
await say('the function', () => [fetch.name, fetch.length, typeof fetch.preconnect].join());
globalThis.fetch = async () => ({json: async () => 'mocked'});
await say('no Response', async () => (await post(` + ask + `)).json());`
	answer := sends(start, open, delta("ok"), shut, stop)
	_, with, _ := hooked(t, runtime, answer, script, "BUNDLENS_TRACE_DEBUG=0")
	without := runScript(t, runtime, answer, script, nil)
	if with != without || !strings.Contains(with, "a streamed body ") {
		t.Errorf("with the hook:\n%s\nwithout:\n%s", with, without)
	}
}

// TestHookReplaced has programs that put another fetch in the place of the one they found.
func TestHookReplaced(t *testing.T) { inRuntimes(t, hookReplaced) }

func hookReplaced(t *testing.T, runtime string) {
	for name, replace := range map[string]string{
		"around the first": `const was = globalThis.fetch; globalThis.fetch = (u, i) => was(u, {...i, body: i.body.replace('"m"', '"sent"')});`,
		"defined anew":     `const was = globalThis.fetch; Object.defineProperty(globalThis, 'fetch', {value: (u, i) => was(u, {...i, body: i.body.replace('"m"', '"sent"')}), writable: true, configurable: true});`,
		"its own":          `const {request} = await import('node:http'); globalThis.fetch = (u, i) => new Promise((done) => { const r = request(u, {method: 'POST'}, (m) => { m.resume(); m.on('end', () => done(new Response('{"type":"message"}', {headers: {'content-type': 'application/json'}}))) }); r.end(i.body) });`,
	} {
		set, _, _ := hooked(t, runtime, sends(start, stop), replace+`
const f = globalThis.fetch; const r = await f(url + '/v1/messages', {method: 'POST', body: JSON.stringify(`+ask+`)}); await r.text();`)
		want := map[bool]string{true: "m", false: "sent"}[name == "its own"]
		if len(set.Requests) != 1 || set.Requests[0].Model != want {
			t.Errorf("%s: %+v", name, set.Requests)
		}
	}
}

func TestHookBounds(t *testing.T) { inRuntimes(t, hookBounds) }

func hookBounds(t *testing.T, runtime string) {
	set, _, files := hooked(t, runtime, sends(start, open, delta(strings.Repeat("x", 3000)), delta("y"), shut, stop),
		`await (await post({model: 'm', stream: true, tools: [{name: 'Look', input_schema: {}}], messages: [{role: 'user', content: 'z'.repeat(9000)}]})).text();`,
		"BUNDLENS_TRACE_MAX_BODY=2000")
	if len(files) > 3000 || len(set.Tools) != 1 || !set.Blind() || set.Requests[0].Answer.Complete {
		t.Errorf("%d bytes, %+v", len(files), set)
	}
}

// TestHookLongTexts sends texts that are longer than the engines' patterns can go through in one piece: they are kept,
// and secrets are taken out of them, long ones too. Where campaigns are off, one such text is sent.
func TestHookLongTexts(t *testing.T) { inRuntimes(t, hookLongTexts) }

func hookLongTexts(t *testing.T, runtime string) {
	for _, c := range campaign.Chosen([]struct{ name, text string }{
		{"letters", `'x'.repeat(17e6)`}, {"base64", `Buffer.alloc(12e6, 'ab\u0000').toString('base64')`}, {"a key", `'sk-' + 'a1'.repeat(85e5)`},
	}) {
		name, text := c.name, c.text
		set, _, files := hooked(t, runtime, sends(start, shut, stop),
			`await (await post({model: 'm', stream: true, system: 'Before. ' + `+text+` + ' password=not-for-you-1 After.', messages: []})).text();`)
		if len(set.Requests) != 1 || set.Blind() || !strings.Contains(files, " password=[redacted] After.") || strings.Contains(files, "a1a1") {
			t.Errorf("%s: %d requests, blind %v, %d bytes", name, len(set.Requests), set.Blind(), len(files))
		}
	}
}

// TestHookSecrets greps for secrets, in headers, addresses and bodies, whole and cut into pieces by the stream.
func TestHookSecrets(t *testing.T) { inRuntimes(t, hookSecrets) }

func hookSecrets(t *testing.T, runtime string) {
	secrets := map[string]string{
		"authorization": "auth-value-0001", "key": "key-value-0002", "cookie": "cookie-value-0003", "set-cookie": "set-cookie-0004",
		"environment": "environment-0005", "named variable": "named-variable-0006", "address": "address-value-0007",
		"form": "sk-ant-api03-formvalue0008", "member": "member-0009", "answer": "answer-value-0010",
		"pieces": "sk-ant-api03-piecesvalue0011",
	}
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "id="+secrets["set-cookie"]+"; HttpOnly")
		events := []string{start, open, delta("you said " + secrets["key"]), delta("and sk-ant-ap"), delta("i03-piecesva"), delta("lue0011 done")}
		for _, name := range []string{"form", "authorization", "key", "cookie", "set-cookie", "environment", "named variable"} {
			events = append(events, delta(secrets[name][:5]), delta(secrets[name][5:]+" ")) // the first right behind a word
		}
		events = append(events, `{"type":"x","refresh_token":"`+secrets["answer"]+`"}`, shut, stop)
		sends(events...)(w, r)
	}
	set, out, files := hooked(t, runtime, echo, `
const s = JSON.parse(process.env.SECRETS_IN);
const r = await fetch(url + '/v1/messages?api_key=' + s.address, {method: 'POST',
  headers: {Authorization: 'Bearer ' + s.authorization, 'X-Api-Key': s.key, Cookie: 'a=1; session=' + s.cookie},
  body: JSON.stringify({model: 'm', stream: true, metadata: {password: s.member}, messages: [{role: 'user', content:
    ['authorization', 'key', 'cookie', 'environment', 'named variable', 'form'].map((k) => s[k]).join(' and ')}]})});
console.log(await r.text());`,
		"SECRETS_IN="+jsonText(secrets), "MY_API_KEY="+secrets["environment"], "PLAIN="+secrets["named variable"], "BUNDLENS_TRACE_SECRETS=PLAIN")
	for name, s := range secrets {
		if strings.Contains(files, s) {
			t.Errorf("%s is on disk", name)
		}
	}
	if len(set.Requests) != 1 || !set.Requests[0].Answer.Complete || set.Requests[0].Model != "m" || !strings.Contains(files, "[redacted]") {
		t.Errorf("%+v", set.Requests)
	}
	// The program itself sees what was sent.
	if !strings.Contains(out, secrets["key"]) || !strings.Contains(out, secrets["answer"]) {
		t.Errorf("printed %s", out)
	}
}

func jsonText(v map[string]string) string { return string(mustJSON(v)) }

// TestHookInExecutable loads the hook into an executable made by Bun.
func TestHookInExecutable(t *testing.T) {
	campaign.Need(t, "it runs a published program")
	command, err := publishedProgram(t, "2.1.330")
	if err != nil {
		t.Skip(err)
	}
	server := &Server{Record: &trace.Recorder{Dir: t.TempDir()}}
	web := httptest.NewServer(server)
	defer web.Close()
	dir, home := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	for name, value := range map[string]string{"ANTHROPIC_BASE_URL": web.URL, "ANTHROPIC_API_KEY": "sk-ant-invented-0123456789", "DISABLE_AUTOUPDATER": "1"} {
		t.Setenv(name, value)
	}
	run := &Run{Command: command, Dir: dir, Mode: ModePrint, Prompt: "hi", Profile: DefaultProfile(), Timeout: time.Minute, Stdout: io.Discard, Stderr: io.Discard}
	if _, err := run.Do(context.Background()); err != nil {
		t.Fatal(err)
	}
	set, err := trace.Collect(context.Background(), []string{dir}, trace.Options{})
	if err != nil || len(set.Tools) < 10 || !set.Requests[0].Answer.Complete || len(set.Requests[0].Answer.Events) != 6 {
		t.Errorf("%v, %+v", err, set)
	}
}
