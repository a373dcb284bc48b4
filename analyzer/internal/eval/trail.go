package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// Trail records how values came about, for whoever asks why one is what it is. A machine without one records nothing,
// and pays for it with a comparison for each name, call and condition. Only the goroutine of its machine may use it.
type Trail struct {
	// Steps are what happened, each before what it was made of.
	Steps []TrailStep
	// Dropped counts the steps beyond the bound.
	Dropped int
	depth   int
}

// The kinds of a step.
const (
	TrailName      = "name"      // the name of a module or a function, and its value
	TrailCall      = "call"      // a call, and what it gave
	TrailCondition = "condition" // a condition that the program asks, and what is known of it
	TrailBound     = "bound"     // a bound that was hit
)

// TrailStep is one thing that an evaluation did.
type TrailStep struct {
	Kind  string
	Node  js.Node // not valid for a bound
	Depth int
	// Says is the value or condition in short, or the name of the bound.
	Says string
	// Why is the reason of a value that is not known.
	Why string
}

// maxTrail bounds the steps that are kept.
const maxTrail = 5_000

// begin adds a step, whose parts come next. It returns the step's index, -1 beyond the bound.
func (t *Trail) begin(kind string, n js.Node) int {
	t.depth++
	if len(t.Steps) == maxTrail {
		t.Dropped++
		return -1
	}
	t.Steps = append(t.Steps, TrailStep{Kind: kind, Node: n, Depth: t.depth - 1})
	return len(t.Steps) - 1
}

// hit adds a bound that was hit.
func (t *Trail) hit(which string) {
	i := t.begin(TrailBound, js.Node{})
	t.depth--
	if i >= 0 {
		t.Steps[i].Says = which
	}
}

// trailed evaluates a name or a call, and records it.
func (m *Machine) trailed(kind string, n js.Node, env *Env, f func(js.Node, *Env) Value) Value {
	t := m.config.Trail
	depth := t.depth
	i := t.begin(kind, n)
	defer func() { t.depth = depth }() // an exception may end it
	v := f(n, env)
	if i < 0 {
		return v
	}
	step := &t.Steps[i]
	step.Says = m.Describe(v)
	switch v := v.(type) {
	case *Unknown:
		step.Why = v.Why
	case *Text:
		step.Says = "a text with parts"
	case *Object:
		if IsFunction(v) {
			step.Says = "a function"
		}
	}
	return v
}

// trailedTruth is the condition under which an expression is true, which is recorded.
func (m *Machine) trailedTruth(n js.Node, env *Env) *Cond {
	t := m.config.Trail
	depth := t.depth
	i := t.begin(TrailCondition, n)
	defer func() { t.depth = depth }()
	c := Truth(m.Eval(n, env))
	if i >= 0 {
		t.Steps[i].Says = c.String()
	}
	return c
}
