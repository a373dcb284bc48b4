package live

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/schema/trace"
)

// hooked runs a script in Node with the hook in it, against a server, and answers what was captured and what the
// script printed. The script may use the variable url.
func hooked(t *testing.T, server http.HandlerFunc, script string, env ...string) (set *trace.Set, out string, files string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	web := httptest.NewServer(server)
	defer web.Close()
	dir, traces := t.TempDir(), filepath.Join(t.TempDir(), "made by the hook")
	file := filepath.Join(dir, "program.mjs")
	script = "const url = process.env.TEST_URL;\nconst post = (body, more) => fetch(url + '/v1/messages', {method: 'POST', body: JSON.stringify(body), ...more});\n" + script
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	hook, err := HookEnvironment(nil, dir, traces)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, node, file)
	cmd.Env = append(append(hook, "TEST_URL="+web.URL, "PATH="+os.Getenv("PATH"), "BUNDLENS_TRACE_DEBUG=1"), env...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if bytes.Contains(text, []byte("bundlens hook:")) {
		t.Errorf("the hook says %s", text)
	}
	if set, err = trace.Collect(context.Background(), []string{traces}, trace.Options{}); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, f := range filesIn(traces) {
		data, _ := os.ReadFile(filepath.Join(traces, f.Name()))
		files += string(data)
	}
	return set, string(text), files
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

func TestHook(t *testing.T) {
	set, out, _ := hooked(t, sends(start, open, delta("ok"), shut, stop), `
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

// TestHookDelaysNothing has a server that sends the second event only when the program says that it has the first.
func TestHookDelaysNothing(t *testing.T) {
	got := make(chan struct{})
	set, out, _ := hooked(t, func(w http.ResponseWriter, r *http.Request) {
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

func TestHookAborts(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) {
		sends(start, open, delta("half"))(w, r)
		<-r.Context().Done()
	}
	for name, script := range map[string]string{
		"a signal":         `const c = new AbortController(); const r = await post(` + ask + `, {signal: c.signal}); setTimeout(() => c.abort(), 100); try { await r.text() } catch (e) { console.log(e.name) }`,
		"nobody reads on":  `const r = await post(` + ask + `); const reader = r.body.getReader(); await reader.read(); await reader.cancel(); console.log('AbortError')`,
		"the program ends": `const r = await post(` + ask + `); await r.body.getReader().read(); console.log('AbortError'); process.exit(0)`,
	} {
		set, out, _ := hooked(t, hang, script)
		if len(set.Requests) != 1 || set.Requests[0].Answer == nil || set.Requests[0].Answer.Complete || set.Requests[0].Answer.Events["message_start"] != 1 || !strings.Contains(out, "AbortError") {
			t.Errorf("%s: %s, %+v", name, out, set)
		}
	}
	set, out, _ := hooked(t, hang, `try { await fetch('http://127.0.0.1:1/v1/messages', {method: 'POST', body: '{"model":"m","messages":[]}'}) } catch (e) { console.log(e.name) }`)
	if len(set.Requests) != 1 || set.Requests[0].Answer.Error == "" || !strings.Contains(out, "TypeError") {
		t.Errorf("nobody listens: %s, %+v", out, set)
	}
}

// TestHookReplaced has programs that put another fetch in the place of the one they found.
func TestHookReplaced(t *testing.T) {
	for name, replace := range map[string]string{
		"around the first": `const was = globalThis.fetch; globalThis.fetch = (u, i) => was(u, {...i, body: i.body.replace('"m"', '"sent"')});`,
		"defined anew":     `const was = globalThis.fetch; Object.defineProperty(globalThis, 'fetch', {value: (u, i) => was(u, {...i, body: i.body.replace('"m"', '"sent"')}), writable: true, configurable: true});`,
		"its own":          `const {request} = await import('node:http'); globalThis.fetch = (u, i) => new Promise((done) => { const r = request(u, {method: 'POST'}, (m) => { m.resume(); m.on('end', () => done(new Response('{"type":"message"}', {headers: {'content-type': 'application/json'}}))) }); r.end(i.body) });`,
	} {
		set, _, _ := hooked(t, sends(start, stop), replace+`
const f = globalThis.fetch; const r = await f(url + '/v1/messages', {method: 'POST', body: JSON.stringify(`+ask+`)}); await r.text();`)
		want := map[bool]string{true: "m", false: "sent"}[name == "its own"]
		if len(set.Requests) != 1 || set.Requests[0].Model != want {
			t.Errorf("%s: %+v", name, set.Requests)
		}
	}
}

func TestHookBounds(t *testing.T) {
	set, _, files := hooked(t, sends(start, open, delta(strings.Repeat("x", 3000)), delta("y"), shut, stop),
		`await (await post({model: 'm', stream: true, tools: [{name: 'Look', input_schema: {}}], messages: [{role: 'user', content: 'z'.repeat(9000)}]})).text();`,
		"BUNDLENS_TRACE_MAX_BODY=2000")
	if len(files) > 3000 || len(set.Tools) != 1 || !set.Blind() || set.Requests[0].Answer.Complete {
		t.Errorf("%d bytes, %+v", len(files), set)
	}
}

// TestHookSecrets greps for secrets, in headers, addresses and bodies, whole and cut into pieces by the stream.
func TestHookSecrets(t *testing.T) {
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
	set, out, files := hooked(t, echo, `
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
