package schema

import (
	"bytes"
	"testing"
)

// FuzzDecode reads anything as a Document. What could be read is written, and read again as the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schemaVersion":2,"tools":[{"name":"Read","enabled":true,"inputSchema":{"type":"object"}}],"questions":[{"id":"q","kind":"env"}],"formulas":[{"q":0}]}`))
	f.Add([]byte(`{"schemaVersion":1,"prompts":[{"id":"a","text":{"text":"x","parts":[{"choice":[{"when":"not by default; hangs on b","parts":[]}]}]}}]}`))
	f.Add([]byte(`{"schemaVersion":2,"fragments":[[{"lit":"a"},{"ref":0}]],"prompts":[{"text":{"parts":[{"ref":0}]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := Encode(&once, doc); err != nil {
			return // it holds what is no JSON, as text that was never checked
		}
		again, err := Decode(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, &once)
		}
		if err := Encode(&twice, again); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("%v\n%s\nis written again as\n%s", err, &once, &twice)
		}
	})
}
