package eval

import "testing"

// TestDescribeCycles describes what holds itself, by way of a choice.
func TestDescribeCycles(t *testing.T) {
	c := &Cond{}
	list := &Object{Kind: KindArray}
	list.Elems = []Elem{{Value: &Choice{Cond: c, Then: list, Else: Number(1)}}}
	failure := &Object{Kind: KindObject}
	failure.set("message", &Prop{Value: failure})
	m, _ := load(t, "", Config{})
	for v, want := range map[Value]string{list: "[object]", failure: "{message}"} {
		if got := m.Describe(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
