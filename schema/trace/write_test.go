package trace

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

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

// TestTwoRecorders has two recorders write to one directory at the same instants: each capture is there.
func TestTwoRecorders(t *testing.T) {
	dir, start := t.TempDir(), time.Unix(1700000000, 0)
	var recording sync.WaitGroup
	for who := range 2 {
		r := &Recorder{Dir: dir}
		recording.Go(func() {
			for i := range 40 {
				req := httptest.NewRequest(http.MethodPost, "/v1/messages", nil)
				if err := r.Record(req, fmt.Appendf(nil, `{"from":"%d %d"}`, who, i), start, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	recording.Wait()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 80 {
		t.Errorf("%d captures of 80, %v", len(files), err)
	}
}
