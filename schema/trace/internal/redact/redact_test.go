package redact_test

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema/trace/internal/redact"
	"github.com/bundlens/bundlens/schema/trace/internal/redact/redacttest"
)

// TestEverySecretEverywhere has a secret in the form of each rule in each surrounding, as a text and in a body.
func TestEverySecretEverywhere(t *testing.T) {
	secrets := redacttest.Secrets()
	if len(secrets) < 200 {
		t.Fatalf("%d secrets", len(secrets))
	}
	for _, s := range secrets {
		for _, around := range redacttest.Surroundings() {
			in := around.In(s.Text)
			if out := redact.New(nil).Text(in); s.Leaks(in, out) {
				t.Errorf("%s, %s: %q gives %q", s.Rule, around.Name, in, out)
			}
			body, err := json.Marshal(map[string]any{"model": "m", "messages": []any{map[string]any{"role": "user", "content": in}}})
			if err != nil {
				t.Fatal(err)
			}
			out := redact.New(nil).Text(string(body))
			if s.Leaks(in, out) || !json.Valid([]byte(out)) || !strings.Contains(out, `{"messages":[{"content":"`) {
				t.Errorf("%s, %s, in a body: %q gives %q", s.Rule, around.Name, in, out)
			}
		}
	}
}

// marked are texts with secrets in them; everything between two § is one.
var marked = []string{
	`{"api_key":"§abc§","n":1}`,
	`{"n": 1.50, "clientSecret" : "§a\"b\\c§", "z":[ ]}`,
	`{"dbPassword":"§hunter2§"}`, `{"set-cookie":["§a=1§"]}`,
	`{"headers":[{"name":"X-Api-Key","value":"§short§"}]}`,
	`{"input":{"text":"{\"password\": \"§hunter2§\"}"}}`,
	`curl -H 'Authorization: Bearer §abcdefgh12345678§'`,
	`curl -H \"x-api-key: §abcdefgh1234§\"`,
	`curl https://h -u user:§hunter2§ -v`,
	`run --token §abcd1234efgh§ -v`,
	`Cookie: §session=abcdef; other=12345§`,
	`export OPENAI_API_KEY=§abcd1234efgh§ && run`,
	"db:\n  password: §hunter2hunter§\n  port: 1",
	`https://user:§hunter2§@example.com/x`,
	`https://example.com/?access_token=§abcd1234efgh§&x=1`,
	`Authorization: Basic §dXNlcjpwYXNz§`, `it was Basic §dXNlcjpwYXNz§ then`,
	`key §sk-ant-api03-AbCdEf0123456789_-x§ here`,
	`a stream that glues pieces: done§sk-ant-api03-formvalue0008§ on`,
	`§-----BEGIN RSA PRIVATE KEY-----` + "\nMIIabc-def+/=\n" + `-----END RSA PRIVATE KEY-----§ after`,
	`§-----BEGIN PRIVATE KEY-----` + "\nMIIabcdefgh\n" + `abcdefghi§`,
}

// plain stays as it is.
var plain = []string{
	`{"max_tokens":4096,"tokens":["a"],"token":{"type":"string"},"password":{"type":"string"}, "big":12345678901234567890}`,
	"Do not commit secrets (.env, credentials.json). Set the API key with --key.", "sk-learn is a library", "the token= form",
	"task-management-system-overview", "Basic authentication", "basic internationalization", "--token your-own-token",
	"https://example.com:8080/path?q=token", "Use a cookie: it helps.", `Authorization headers are needed`,
	"password: it must be long", "commit 3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d", "aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91",
	"this.getElementsByClassNameOrWhatever", `{"name":"Read","description":"token: string","value":1}`,
}

func TestText(t *testing.T) {
	for _, m := range marked {
		parts := strings.Split(m, "§")
		want := parts[0] + "[redacted]" + parts[2]
		r := redact.New(nil)
		if got := r.Text(strings.ReplaceAll(m, "§", "")); got != want || r.Count() == 0 {
			t.Errorf("%s:\n got %s (%d)", m, got, r.Count())
		}
	}
	for _, p := range plain {
		if got := redact.New(nil).Text(p); got != p {
			t.Errorf("%s: got %s", p, got)
		}
	}
}

func TestHeaders(t *testing.T) {
	r := redact.New(nil)
	got := r.Headers(http.Header{"Authorization": {"Basic dXNlcjpodW50ZXIyMjI="}, "X-Whatever": {"abc"}, "User-Agent": {"a/1"},
		"Anthropic-Version": {"2023-06-01"}, "Cookie": {"a=1; session=cookievalue2"}})
	want := map[string]string{"authorization": "[redacted]", "x-whatever": "[redacted]", "user-agent": "a/1", "anthropic-version": "2023-06-01", "cookie": "[redacted]"}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s is %s", name, got[name])
		}
	}
	if got := r.Text("hunter222 and cookievalue2 are known"); got != "[redacted] and [redacted] are known" {
		t.Error(got)
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://h/v1/messages?beta=true&key=abc&session=12345678#frag": "https://h/v1/messages?beta=true&key=[redacted]&session=[redacted]#[redacted]",
		"https://user:pw@h:1/x?alt=sse&flag":                            "https://[redacted]@h:1/x?alt=sse&flag",
		"https://h/bot123456789:AAabcdefghijklmnopqrstuvwxyzABCDEFG/x":  "https://h/bot[redacted]/x",
		"/v1/messages": "/v1/messages",
	} {
		if got := redact.New(nil).URL(in); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

func TestArguments(t *testing.T) {
	r := redact.New(nil)
	got := r.Arguments([]string{"node", "cli.js", "--token", "abc", "--api-key=d", "-H", "Authorization: Bearer e", "--header", "Accept: text/html",
		"-u", "me:f", "--model", "m", "NAME_TOKEN=abcdefgh12", "--password", "hunter2222", "-p", "say hunter2222"})
	want := []string{"node", "cli.js", "--token", "[redacted]", "--api-key=[redacted]", "-H", "Authorization: [redacted]", "--header", "Accept: text/html",
		"-u", "me:[redacted]", "--model", "m", "NAME_TOKEN=[redacted]", "--password", "[redacted]", "-p", "say [redacted]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestKnown(t *testing.T) {
	r := redact.New([]string{"MY_TOKEN=environment/value", "PATH=/usr/bin/bin", "PGPASSWORD=x"})
	for in, want := range map[string]string{
		`a environment/value b`:                    `a [redacted] b`,
		`?x=environment%2Fvalue`:                   `?x=[redacted]`,
		`{"a":"environment\/value"}`:               `{"a":"[redacted]"}`,
		`it is dXNlcjplbnZpcm9ubWVudC92YWx1ZQ== !`: `it is [redacted] !`,
		`/usr/bin/bin`:                             `/usr/bin/bin`,
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

// TestTruth reads what programs really sent: no text of a prompt or a tool may be taken for a secret.
func TestTruth(t *testing.T) {
	shared := cmp.Or(os.Getenv("BUNDLENS_SHARED"), filepath.Join("..", "..", "..", "..", "shared"))
	files, _ := filepath.Glob(filepath.Join(shared, "truth", "*.json.gz"))
	if len(files) == 0 {
		t.Skip("what programs send is not here: ../shared/truth")
	}
	for _, f := range files {
		text := unzip(t, f)
		r := redact.New(nil)
		out := r.Text(text)
		if r.Count() > 0 {
			t.Errorf("%s: %d", f, r.Count())
			for _, at := range regexp.MustCompile(`\[redacted\]`).FindAllStringIndex(out, 5) {
				t.Errorf("%s", out[max(0, at[0]-100):min(len(out), at[1]+60)])
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, m := range slices.Concat(marked, plain) {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r := redact.New([]string{"A_KEY=abcdefgh"})
		out := r.Text(in)
		if json.Valid([]byte(in)) && !json.Valid([]byte(out)) {
			t.Errorf("%q gives %q, which is no JSON", in, out)
		}
		if r.Count() == 0 && out != in {
			t.Errorf("%q gives %q, and nothing was taken out", in, out)
		}
		if strings.Contains(out, "abcdefgh") && !strings.Contains(in, "abcdefgh") {
			t.Errorf("%q gives %q", in, out)
		}
	})
}

// BenchmarkText is a request of a megabyte without a secret.
func BenchmarkText(b *testing.B) {
	body, err := json.Marshal(map[string]string{"text": strings.Repeat("A sentence of ordinary prose, with a path such as /home/user/project/file.ts and a key. ", 12000)})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		redact.New(nil).Text(string(body))
	}
}

func unzip(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
