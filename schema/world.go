package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Modes that a program is run in.
const (
	ModeInteractive = "interactive" // in a terminal, for a user who answers
	ModePrint       = "print"       // to print one result and end
)

// World is what a reader takes for given. The zero World is the default world: no environment variable is set, every
// feature flag has its fallback, and the program is run in a terminal.
type World struct {
	// Mode is one of the modes; "" is ModeInteractive.
	Mode string
	// Set has the values of subjects, by kind and name: "env.NAME", "flag.KEY", "tool.NAME", "setting.PATH",
	// "argument.PATH", "platform", "model". The value is text as a user types it; "undefined" says that it is not set.
	Set map[string]string
	// Answers answer single questions, by id. They come before what follows from Set.
	Answers map[int]bool
}

// mode is the world's mode, never empty.
func (w World) mode() string {
	if w.Mode == "" {
		return ModeInteractive
	}
	return w.Mode
}

// value is what the world sets for a subject.
func (w World) value(kind, name string) (value string, ok bool) {
	if value, ok = w.Set[kind+"."+name]; ok {
		return value, true
	}
	if kind == KindModel || kind == KindPlatform && name == "process.platform" {
		value, ok = w.Set[kind]
	}
	return value, ok
}

// Answers evaluates the conditions of one Document in one World. It remembers what it found, and is for one goroutine.
type Answers struct {
	doc     *Document
	world   World
	found   []answer       // by question
	tools   map[string]int // places in doc.Tools
	asking  map[string]bool
	plain   *Answers // in the world of the same mode in which nothing is set; nil until it is asked
	granted *Answers // in the world in which each question is answered with yes whose evaluation failed; nil until it is asked
}

// answer is what is known of a question's answer.
type answer struct {
	asked, holds, decided bool
}

// NewAnswers makes an evaluator.
func NewAnswers(doc *Document, world World) *Answers {
	a := &Answers{doc: doc, world: world, found: make([]answer, len(doc.Questions)), tools: map[string]int{}, asking: map[string]bool{}}
	for i, t := range doc.Tools {
		a.tools[t.Name] = i
	}
	return a
}

// Holds says whether a condition holds, and whether that is decided: that it does not rest on an answer that nobody
// knows, for which the default is taken. A nil condition holds.
func (a *Answers) Holds(c *Cond) (holds, decided bool) {
	switch {
	case c == nil:
		return true, true
	case c.Q != nil:
		return a.Question(*c.Q)
	case c.Not != nil:
		holds, decided = a.Holds(c.Not)
		return !holds, decided
	case len(c.Any) > 0:
		return a.some(c.Any, true)
	}
	holds, decided = a.some(c.All, false)
	return holds, decided
}

// some says of a list whether one of it is as wanted, the others being the opposite: any for true, all for false. What is
// decided so settles the list, whatever the others are.
func (a *Answers) some(list []Cond, wanted bool) (holds, decided bool) {
	holds, decided = !wanted, true
	settled := false
	for i := range list {
		h, d := a.Holds(&list[i])
		decided = decided && d
		if h == wanted {
			holds = wanted
			settled = settled || d
		}
	}
	return holds, decided || settled
}

// Question is the answer to one question, and whether it is decided.
func (a *Answers) Question(id int) (holds, decided bool) {
	if id < 0 || id >= len(a.found) {
		return false, false
	}
	f := &a.found[id]
	if !f.asked {
		*f = answer{asked: true} // for a question that leads back to itself
		f.holds, f.decided = a.ask(id)
	}
	return f.holds, f.decided
}

func (a *Answers) ask(id int) (holds, decided bool) {
	q := &a.doc.Questions[id]
	if v, ok := a.world.Answers[id]; ok {
		return v, true
	}
	if v, ok := a.world.value(q.Kind, q.Subject); ok {
		if holds, ok := q.Given(v); ok {
			return holds, true
		}
	}
	switch {
	case q.Means != nil:
		return a.Holds(q.Means)
	case q.Kind == KindMode:
		return a.world.mode() == ModeInteractive, true
	case q.Kind == KindTool && q.Test != TestOther:
		if holds, known := a.Tool(q.Subject); known {
			return holds, true
		}
	}
	if v := q.Answers.In(a.world.mode()); v != nil {
		return *v, q.Decided
	}
	return false, false
}

// Tool says whether the model gets a tool, and whether that is known.
func (a *Answers) Tool(name string) (enabled, known bool) {
	if v, ok := a.world.value(KindTool, name); ok {
		return truthy(v), true
	}
	i, ok := a.tools[name]
	if !ok || a.asking[name] {
		return false, false
	}
	a.asking[name] = true
	defer delete(a.asking, name)
	t := &a.doc.Tools[i]
	if t.Enabled == nil {
		return false, false
	}
	if holds, decided := a.Holds(t.EnabledWhen); holds || decided {
		return holds && (t.EnabledWhen != nil || *t.Enabled), true
	}
	if a.holdsByDefault(t.EnabledWhen) {
		return false, false // what this world sets leaves it to what nobody knows
	}
	// What only its callers decide is as the Document says.
	return *t.Enabled, true
}

// holdsByDefault says whether a condition holds in the world of the same mode in which nothing is set.
func (a *Answers) holdsByDefault(c *Cond) bool {
	if len(a.world.Set) == 0 && len(a.world.Answers) == 0 {
		return false // it is this one
	}
	if a.plain == nil {
		a.plain = NewAnswers(a.doc, World{Mode: a.world.Mode})
	}
	holds, _ := a.plain.Holds(c)
	return holds
}

// mayHold says whether a condition holds where each question does whose evaluation failed.
func (a *Answers) mayHold(c *Cond) bool {
	if a.granted == nil {
		world := a.world
		world.Answers = map[int]bool{}
		for i := range a.doc.Questions {
			if a.doc.Questions[i].Failed {
				world.Answers[i] = true
			}
		}
		maps.Copy(world.Answers, a.world.Answers)
		a.granted = NewAnswers(a.doc, world)
	}
	holds, _ := a.granted.Holds(c)
	return holds
}

// Given is the answer where the subject has a value, as a user types it; ok is false where that does not decide it.
func (q *Question) Given(value string) (holds, ok bool) {
	set := value != "undefined"
	switch q.Test {
	case TestHolds:
		if q.Kind == KindEnv { // a text, in which "0" and "false" are as true as others
			return set && value != "", true
		}
		return set && truthy(value), true
	case TestUndefined:
		return !set, true
	case TestNullish:
		return !set || value == "null" && q.Kind != KindEnv, true
	case TestOn:
		return slices.Contains(switchedOn, strings.ToLower(strings.TrimSpace(value))), true
	case TestOff:
		return slices.Contains(switchedOff, strings.ToLower(strings.TrimSpace(value))), true
	case TestEquals:
		return set && slices.ContainsFunc(q.Values, func(v json.RawMessage) bool { return isValue(v, value) }), len(q.Values) > 0
	}
	return false, false
}

var (
	switchedOn  = []string{"1", "true", "yes", "on"}
	switchedOff = []string{"0", "false", "no", "off"}
)

func truthy(value string) bool {
	return !slices.Contains([]string{"", "0", "false", "null", "undefined", "no", "off"}, value)
}

// isValue says whether a JSON value is what a user types for it: a string without its quotes.
func isValue(v json.RawMessage, typed string) bool {
	var s *string // null is no string
	if json.Unmarshal(v, &s) == nil && s != nil {
		return *s == typed
	}
	if string(v) == typed {
		return true
	}
	x, errX := strconv.ParseFloat(string(v), 64)
	y, errY := strconv.ParseFloat(typed, 64)
	return errX == nil && errY == nil && x == y
}
