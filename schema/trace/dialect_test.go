package trace

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDialects reads the same request in the form of each API: from a file with the body's record, and from an archive.
func TestDialects(t *testing.T) {
	for path, body := range map[string]string{
		"/v1/messages":                           `{"model":"m","system":"Be kind.","tools":[{"name":"Look","description":"Looks","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"hi"}]}`,
		"/v1/chat/completions":                   `{"model":"m","tools":[{"type":"function","function":{"name":"Look","description":"Looks","parameters":{"type":"object"}}}],"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"hi"}]}]}`,
		"/v1/responses":                          `{"model":"m","instructions":"Be kind.","tools":[{"type":"function","name":"Look","description":"Looks","parameters":{"type":"object"}}],"input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]}`,
		"/v1beta/models/m:streamGenerateContent": `{"systemInstruction":{"parts":[{"text":"Be kind."}]},"tools":[{"functionDeclarations":[{"name":"Look","description":"Looks","parameters":{"type":"object"}}]}],"contents":[{"role":"user","parts":[{"text":"hi"}]}]}`,
	} {
		dir := t.TempDir()
		quoted, _ := json.Marshal(body)
		record := `{"request":{"method":"POST","url":"https://h` + path + `","body":` + body + `},"response":{"status":200,"body":{"type":"message"}}}`
		har := `{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://h/"},"response":{"status":200,"content":{}}},` +
			`{"request":{"method":"POST","url":"https://h` + path + `","headers":[{"name":"User-Agent","value":"a"}],"postData":{"text":` + string(quoted) + `}},"response":{"status":200,"content":{"text":"{\"type\":\"message\"}"}}}]}}`
		for name, text := range map[string]string{"a.json": record, "b.har": har} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		res, err := Read(context.Background(), []string{dir}, Options{}, func(c *Capture) error {
			n++
			if c.Model != "m" || len(c.System) != 1 || c.System[0].Text != "Be kind." || len(c.Tools) != 1 || c.Tools[0].Name != "Look" ||
				c.Tools[0].Description != "Looks" || string(c.Tools[0].InputSchema) != `{"type":"object"}` || c.Messages[0].Content[0].Text != "hi" {
				t.Errorf("%s: %+v", path, c)
			}
			for _, f := range c.Findings {
				if f.Severity == SeverityError || strings.Contains(f.Code, "stream") {
					t.Errorf("%s: %v", path, f)
				}
			}
			return nil
		})
		if err != nil || n != 2 || res.Blind() {
			t.Errorf("%s: %d, %v, %+v", path, n, err, res)
		}
	}
}
