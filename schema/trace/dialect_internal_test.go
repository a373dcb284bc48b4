package trace

import "testing"

// TestMessagesWithSystemRole asserts that a request of the Messages API is not taken for one of Chat Completions because one
// of its messages is the system's.
func TestMessagesWithSystemRole(t *testing.T) {
	for body, other := range map[string]bool{
		`{"model":"m","system":[{"type":"text","text":"s"}],"messages":[{"role":"system","content":"x"}]}`:                   false,
		`{"model":"m","messages":[{"role":"system","content":"x"}],"tools":[{"name":"a","input_schema":{"type":"object"}}]}`: false,
		`{"model":"m","messages":[{"role":"system","content":"x"}]}`:                                                         true,
		`{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a"}}]}`:     true,
	} {
		if _, is := messagesOf([]byte(body), ""); is != other {
			t.Errorf("%s: taken for another form: %v", body, is)
		}
	}
}
