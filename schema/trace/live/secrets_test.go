package live

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema/trace"
	"github.com/bundlens/bundlens/schema/trace/internal/redact/redacttest"
)

// TestSecretsEverywhere has a program send a secret in the form of each rule in each surrounding, and has them echoed in
// an answer and in a stream that cuts them: nothing of them may be on the disk, neither where the server records nor
// where the hook does nor in the report of the run. Where campaigns are off, each secret is sent in one surrounding,
// the next one in turn.
func TestSecretsEverywhere(t *testing.T) { inRuntimes(t, secretsEverywhere) }

func secretsEverywhere(t *testing.T, runtime string) {
	type sent struct {
		Name, In string
		secret   int
	}
	var all []sent
	secrets, surroundings := redacttest.Secrets(), redacttest.Surroundings()
	for i, s := range secrets {
		for k, around := range surroundings {
			if campaign.On() || k == i%len(surroundings) {
				all = append(all, sent{s.Rule + ", " + around.Name, around.In(s.Text), i})
			}
		}
	}
	served, hooked, input := t.TempDir(), filepath.Join(t.TempDir(), "hook"), filepath.Join(t.TempDir(), "texts.json")
	recorder := &Server{Record: &trace.Recorder{Dir: served}}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		recorder.ServeHTTP(httptest.NewRecorder(), r)
		echo(w, body)
	}))
	defer web.Close()
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(input, data, 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "program.mjs")
	if err := os.WriteFile(script, []byte(`
import { readFileSync } from "node:fs";
const texts = JSON.parse(readFileSync(process.env.TEXTS));
for (let i = 0, stream = false; i < texts.length; i += 200, stream = !stream) {
  const messages = texts.slice(i, i + 200).map((t) => ({role: "user", content: t.In}));
  await (await fetch(process.env.TEST_URL + "/v1/messages", {method: "POST", body: JSON.stringify({model: "m", stream, messages})})).text();
}`), 0o600); err != nil {
		t.Fatal(err)
	}
	run := &Run{Command: []string{runtime, script, "--token", "argument-0001"}, Dir: hooked, Profile: DefaultProfile(), Timeout: 2 * time.Minute,
		Env: []string{"TEXTS=" + input, "TEST_URL=" + web.URL, "HOME=" + t.TempDir()}, Stdout: io.Discard, Stderr: os.Stderr}
	if _, err := run.Do(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{served, hooked} {
		var disk strings.Builder
		files := filesIn(dir)
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if f.Name() != trace.RunFile && !json.Valid(text) {
				t.Errorf("%s is no JSON", f.Name())
			}
			disk.Write(text)
		}
		if want := (len(all) + 199) / 200; len(files) < want {
			t.Errorf("%s has %d files, not %d", dir, len(files), want)
		}
		on := disk.String()
		if strings.Contains(on, "argument-0001") {
			t.Errorf("an argument is in %s", dir)
		}
		for _, c := range all {
			if secrets[c.secret].Leaks(c.In, on) {
				t.Errorf("%s is in %s", c.Name, dir)
			}
		}
	}
}

// echo answers with what the messages of a request say: as one text, or a stream that cuts each into two.
func echo(w http.ResponseWriter, body []byte) {
	var req struct {
		Stream   bool
		Messages []struct{ Content string }
	}
	json.Unmarshal(body, &req)
	if !req.Stream {
		answerJSON(w, http.StatusOK, map[string]any{"type": "message", "content": req.Messages})
		return
	}
	var events []string
	for i, m := range req.Messages {
		half := strings.IndexFunc(m.Content[len(m.Content)/2:], func(r rune) bool { return r < 0x80 }) + len(m.Content)/2
		for _, part := range []string{m.Content[:half], m.Content[half:]} {
			events = append(events, string(mustJSON(map[string]any{"type": "content_block_delta", "index": i, "delta": map[string]any{"type": "text_delta", "text": part}})))
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for _, e := range append(events, stop) {
		io.WriteString(w, "data: "+e+"\n\n")
	}
}
