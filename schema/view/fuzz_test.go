package view

import "testing"

// FuzzSplit parts anything that may be called a Document.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"prompts":[{"kind":"system-prompt"}],"tools":[{"name":"a","implementation":{}}],"questions":[],"fragments":[],"reminders":[],"agents":[],"commands":[]}`))
	f.Fuzz(func(_ *testing.T, data []byte) { split(data) })
}
