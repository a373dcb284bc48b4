package lint

import (
	"bytes"
	"testing"
)

// FuzzFiles reads anything as the files that a lint is given: a baseline, requests by mode, and parts of requests.
func FuzzFiles(f *testing.F) {
	f.Add([]byte(`{"baselineVersion":1,"findings":[{"rule":"r","subject":"s","fingerprint":"f","count":2}]}`))
	f.Add([]byte(`{"version":"1","tools":[{"name":"a"}],"modes":{"print":{"requests":[{"tools":[0,-1,9],"system":["s"],"messages":[{"role":"user","text":["t"]}]}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := ReadBaseline(bytes.NewReader(data)); err == nil {
			b.mark([]Finding{{Rule: "r", Subject: "s"}})
		}
		readModes(data)
		parseJSON(data)
	})
}
