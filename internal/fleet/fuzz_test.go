package fleet

import (
	"encoding/json"
	"testing"
)

// FuzzParcel reads anything as a message of the queue. What can be read is written and read again, and stays the same.
func FuzzParcel(f *testing.F) {
	f.Add([]byte(`{"jobs":[{"job":{"input":"npm:tern@1.0.0","content":"npm:tern@1.0.0","engine":"e","options":{"facts":["tools"]}},"revision":3}]}`))
	f.Add([]byte(`{"jobs":[{"job":null},{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := readParcel(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readParcel(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if p.id() != again.id() {
			t.Errorf("%s: another id when it is read again", text)
		}
		for _, j := range p.Jobs {
			if j.Job.result("content") == "" || ClassOf(j.Job.Size).Memory() == 0 {
				t.Errorf("%s: no result or class", text)
			}
		}
	})
}

// FuzzLetter reads anything as a dead letter and as an entry of the index.
func FuzzLetter(f *testing.F) {
	f.Add([]byte(`{"job":{"input":"a"},"input":"a","reason":"is no program","worker":"w","time":"2026-01-02T03:04:05Z"}`))
	f.Add([]byte(`{"input":"a","state":"running","tries":2,"worker":"w","class":"small","queued":"2026-01-02T03:04:05Z"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var l Letter
		json.Unmarshal(data, &l)
		var e Entry
		if json.Unmarshal(data, &e) == nil {
			s := &Status{}
			s.count(&e)
			if text, err := json.Marshal(&e); err != nil && e.Queued.Year() < 9999 {
				t.Errorf("%+v: %s, %v", e, text, err)
			}
		}
	})
}
