package js

import (
	"fmt"
	"slices"
	"testing"
)

func TestCalls(t *testing.T) {
	calls := IndexCalls([]byte(`set(1);o.set(2);xset(3);f(set(4));set;f (5);f(6);[...f(7)];#f(8)`))
	for name, want := range map[string]string{"set": "[0 26]", "f": "[24 44 53]", "xset": "[16]", "none": "[]", "": "[]"} {
		if got := fmt.Sprint(calls.Of(name)); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
	if got := IndexCalls(nil).Of("f"); got != nil {
		t.Errorf("an empty text: %v", got)
	}
}

func FuzzCalls(f *testing.F) {
	f.Add([]byte("set(1);o.set(2);xset(3);f(...set(4));#set(5)"), "set")
	f.Fuzz(func(t *testing.T, src []byte, name string) {
		var want []uint32
		for at := range Words(src, name) {
			if end := at + len(name); end < len(src) && src[end] == '(' {
				want = append(want, uint32(at))
			}
		}
		for _, c := range []byte(name) {
			if !isNameByte(c) {
				t.Skip("no name")
			}
		}
		if got := IndexCalls(src).Of(name); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	})
}
