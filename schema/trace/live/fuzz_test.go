package live

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzInput reads anything as a profile, and as what a program sends to the server of tools: each answer is JSON on a line.
func FuzzInput(f *testing.F) {
	f.Add([]byte(`{"id":1,"method":"initialize","params":{}}` + "\n" + `{"id":2,"method":"tools/list"}` + "\n" + `{"method":"x"}` + "\n"))
	f.Add([]byte(`{"name":"p","env":{"A":"{url}"},"mcp":{"args":["--config","{file}"]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		ParseProfile(data)
		var out bytes.Buffer
		ServeMCP(bytes.NewReader(data), &out)
		for line := range bytes.Lines(out.Bytes()) {
			if !json.Valid(line) {
				t.Errorf("%q is answered with %q", data, line)
			}
		}
	})
}
