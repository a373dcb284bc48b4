package eval

import (
	"fmt"
	"testing"
)

// TestTruthOfSharedParts asks whether a text is empty in which each of many choices has the next one on both its sides.
func TestTruthOfSharedParts(t *testing.T) {
	ask := func(name string) *Cond { return atom(&Atom{Key: name}) }
	hole := []Part{{Hole: &Unknown{Key: "last"}}}
	shared := hole
	for i := range 64 {
		shared = []Part{{Choice: &PartChoice{Cond: ask(fmt.Sprint(i)), Then: shared, Else: shared}}}
	}
	if got, want := partsTruth(shared), partsTruth(hole); !got.same(want) {
		t.Errorf("got %s, want %s", got.ID(), want.ID())
	}
	if !partsTruth(append(shared, Part{Lit: "."})).isTrue() {
		t.Error("a text with a literal behind a choice may be empty")
	}
	if c := partsTruth([]Part{{Choice: &PartChoice{Cond: ask("c"), Then: []Part{{Lit: "."}}}}}); !c.same(ask("c")) {
		t.Errorf("a literal under a condition: got %s", c.ID())
	}
}
