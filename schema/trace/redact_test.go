package trace

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// secretTexts are texts with secrets in them; everything between two § is one. The hook is tested with them, too.
var secretTexts = []string{
	`{"api_key":"§abc§","n":1}`,
	`{"clientSecret" : "§a\"b\\c§"}`,
	`{"input":{"text":"{\"password\": \"§hunter2§\"}"}}`,
	`curl -H 'Authorization: Bearer §abcdefgh12345678§'`,
	`curl -H \"x-api-key: §abcdefgh1234§\"`,
	`Cookie: §session=abcdef; other=12345§`,
	`export OPENAI_API_KEY=§abcd1234efgh§ && run`,
	`https://user:§hunter2§@example.com/x`,
	`https://example.com/?access_token=§abcd1234efgh§&x=1`,
	`key §sk-ant-api03-AbCdEf0123456789_-x§ here`,
	`a stream that glues pieces: done§sk-ant-api03-formvalue0008§ on`,
	`§ghp_abcdefghijklmnopqrstuvwx§`, `§github_pat_11AAAA_abcdefghijklmnopq§`, `§xoxb-1234567890-abc§`,
	`§AKIAABCDEFGHIJKLMNOP§`, `§eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcDEF123§`,
	`§-----BEGIN RSA PRIVATE KEY-----\nMIIabc-def+/=\n-----END RSA PRIVATE KEY-----§ after`,
	`"§-----BEGIN PRIVATE KEY-----\nMIIabcdef§"`,
}

// plainTexts stay as they are.
var plainTexts = []string{
	`{"max_tokens":4096,"tokens":["a"],"token":{"type":"string"},"password":{"type":"string"}}`,
	"Do not commit secrets (.env, credentials.json). Set the API key with --key.", "sk-learn is a library", "the token= form",
	"https://example.com:8080/path?q=token", "Use a cookie: it helps.", `Authorization headers are needed`,
}

func TestRedactText(t *testing.T) {
	for _, marked := range secretTexts {
		parts := strings.Split(marked, "§")
		want := parts[0] + "[redacted]" + parts[2]
		r := NewRedactor(nil)
		if got := r.Text(strings.ReplaceAll(marked, "§", "")); got != want || r.Count() != 1 {
			t.Errorf("%s:\n got %s (%d)", marked, got, r.Count())
		}
	}
	for _, plain := range plainTexts {
		if got := NewRedactor(nil).Text(plain); got != plain {
			t.Errorf("%s: got %s", plain, got)
		}
	}
}

func TestRecorder(t *testing.T) {
	dir := t.TempDir()
	secrets := []string{"bearer-value-1", "cookievalue2", "environment3value", "sk-ant-bodykey-0123456789", "headerkey4"}
	rec := &Recorder{Dir: dir, Environ: []string{"MY_TOKEN=" + secrets[2], "PATH=/bin"}}
	req := httptest.NewRequest(http.MethodPost, "http://h/v1/messages?key=1&api_key="+secrets[4], nil)
	req.Header.Set("Authorization", "Bearer "+secrets[0])
	req.Header.Set("Cookie", "a=1; session="+secrets[1])
	req.Header.Set("X-Api-Key", secrets[4])
	req.Header.Set("User-Agent", "test")
	text, _ := json.Marshal(map[string]any{"model": "m", "messages": []any{map[string]any{"role": "user", "content": strings.Join(secrets, " <and> ")}}})
	if err := rec.Record(req, text, time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	if err := rec.Record(req, []byte("no JSON "+secrets[3]), time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if strings.Contains(string(data), s) {
				t.Errorf("%s is in %s: %s", s, f, data)
			}
		}
		if info, _ := os.Stat(f); info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", f, info.Mode())
		}
		if !json.Valid(data) || !strings.Contains(string(data), `"user-agent":"test"`) {
			t.Errorf("got %s", data)
		}
	}
	if len(files) != 2 {
		t.Errorf("got %v", files)
	}
}
