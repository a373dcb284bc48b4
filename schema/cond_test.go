package schema

import (
	"encoding/json"
	"slices"
	"testing"
)

func yes() *bool { v := true; return &v }
func no() *bool  { v := false; return &v }

// asking is a Document with a question of each sort.
func asking() *Document {
	value := func(s string) []json.RawMessage { return []json.RawMessage{json.RawMessage(s)} }
	d := &Document{SchemaVersion: Version, Questions: []Question{
		0: {Kind: KindMode, Subject: "interactive", Test: TestHolds, Answers: ModeAnswers{yes(), no()}, Decided: true, Expr: "interactive"},
		1: {Kind: KindEnv, Subject: "QUIET", Test: TestHolds, Answers: Same(false), Decided: true, Expr: "process.env.QUIET"},
		2: {Kind: KindEnv, Subject: "LEVEL", Test: TestEquals, Values: value(`"3"`), Answers: Same(false), Decided: true, Expr: `process.env.LEVEL === "3"`},
		3: {Kind: KindFlag, Subject: "fast", Test: TestHolds, Fallback: json.RawMessage("true"), Answers: Same(true), Decided: true, Expr: `flag("fast", true)`},
		4: {Kind: KindOther, Test: TestOther, Answers: Same(false), Expr: "list.length > 3"},
		5: {Kind: KindOther, Test: TestOther, Answers: Same(true), Decided: true, Means: &Cond{All: []Cond{Asks(0), Negated(Asks(1))}}},
		6: {Kind: KindTool, Subject: "Look", Test: TestHolds, Answers: Same(false), Decided: true, Expr: `tools include "Look"`},
		7: {Kind: KindEnv, Subject: "SWITCH", Test: TestOff, Answers: Same(false), Decided: true, Expr: `process.env.SWITCH === "0"`},
		8: {Kind: KindOther, Test: TestOther, Means: &Cond{Q: new(int)}}, // set below: it leads back to itself
	}}
	*d.Questions[8].Means.Q = 8
	on := true
	when := Negated(Asks(1))
	d.Tools = []Tool{{Name: "Look", Enabled: &on, EnabledWhen: &when}}
	return d
}

func TestAnswers(t *testing.T) {
	d := asking()
	for _, c := range []struct {
		cond           Cond
		world          World
		holds, decided bool
	}{
		{Cond{}, World{}, true, true},
		{Negated(Cond{}), World{}, false, true},
		{Asks(0), World{}, true, true},
		{Asks(0), World{Mode: ModePrint}, false, true},
		{Asks(1), World{}, false, true},
		{Asks(1), World{Set: map[string]string{"env.QUIET": "0"}}, true, true},
		{Asks(1), World{Set: map[string]string{"env.QUIET": ""}}, false, true},
		{Asks(2), World{Set: map[string]string{"env.LEVEL": "3"}}, true, true},
		{Asks(2), World{Set: map[string]string{"env.LEVEL": "4"}}, false, true},
		{Asks(3), World{Set: map[string]string{"flag.fast": "false"}}, false, true},
		{Asks(4), World{}, false, false},
		{Asks(4), World{Answers: map[int]bool{4: true}}, true, true},
		{Asks(5), World{}, true, true},
		{Asks(5), World{Set: map[string]string{"env.QUIET": "1"}}, false, true},
		{Asks(6), World{}, true, true}, // the tool is there by default
		{Asks(6), World{Set: map[string]string{"env.QUIET": "1"}}, false, true},
		{Asks(6), World{Set: map[string]string{"tool.Look": "false"}}, false, true},
		{Asks(7), World{Set: map[string]string{"env.SWITCH": "No"}}, true, true},
		{Asks(8), World{}, false, false},
		{Cond{All: []Cond{Asks(4), Asks(1)}}, World{}, false, true}, // one that is known settles it
		{Cond{All: []Cond{Asks(4), Asks(0)}}, World{}, false, false},
		{Cond{Any: []Cond{Asks(4), Asks(0)}}, World{}, true, true},
		{Cond{Any: []Cond{Asks(4), Asks(1)}}, World{}, false, false},
		{Asks(99), World{}, false, false},
	} {
		if holds, decided := NewAnswers(d, c.world).Holds(&c.cond); holds != c.holds || decided != c.decided {
			t.Errorf("%s in %+v: got %v, decided %v", c.cond.String(), c.world, holds, decided)
		}
	}
}

// A tool that is on by default, and for which a setting leaves it to what nobody knows, is not known to be sent.
func TestToolLeftOpen(t *testing.T) {
	d := asking()
	d.Tools[0].EnabledWhen = &Cond{Any: []Cond{Negated(Asks(1)), Asks(4)}}
	if enabled, known := NewAnswers(d, World{}).Tool("Look"); !enabled || !known {
		t.Errorf("by default: enabled %v, known %v", enabled, known)
	}
	if enabled, known := NewAnswers(d, World{Set: map[string]string{"env.QUIET": "1"}}).Tool("Look"); enabled || known {
		t.Errorf("with a setting: enabled %v, known %v", enabled, known)
	}
	open := Asks(4)
	d.Tools[0].EnabledWhen = &open
	if enabled, known := NewAnswers(d, World{Set: map[string]string{"env.QUIET": "1"}}).Tool("Look"); !enabled || !known {
		t.Errorf("what only callers decide: enabled %v, known %v", enabled, known)
	}
}

func TestCondText(t *testing.T) {
	c := Cond{Any: []Cond{{All: []Cond{Asks(1), Negated(Asks(2))}}, Asks(3)}}
	if got, want := c.String(), "(question 1 && !(question 2)) || question 3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := slices.Collect(c.Questions()); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("it asks %v", got)
	}
	other := c.Renumbered(func(id int) int { return id + 10 })
	if got := slices.Collect(other.Questions()); !slices.Equal(got, []int{11, 12, 13}) || *c.Any[1].Q != 3 {
		t.Errorf("renumbered it asks %v, and the first %v", got, c.String())
	}
	var none *Cond
	if none.String() != "" {
		t.Error("no condition has a text")
	}
}
