package analyzer

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// Reason is a step on the way to a value: a name, a call, a condition that the program asks, or a bound that was hit.
type Reason struct {
	// Kind is ReasonName, ReasonCall, ReasonCondition or ReasonBound.
	Kind string
	// At is where it stands, and Source what stands there; a bound has neither.
	At     schema.Origin
	Source string
	// Depth is 0 for what the value itself is made of, 1 for what that is made of, and so on.
	Depth int
	// Says is the value, or the condition, in short; or the name of the bound.
	Says string
	// Why is the reason of a value that is not known.
	Why string
}

// Explained is a value, and how it came about.
type Explained struct {
	// Of is the name of a member of the record; "" is the record's own text or value, and "place" the conditions around
	// the place at which the record stands.
	Of      string
	Value   string
	Reasons []Reason
	// Dropped counts the reasons beyond the bound of what is kept.
	Dropped int
}

// OfPlace is the name of the conditions around a record.
const OfPlace = "place"

// The kinds of a Reason.
const (
	ReasonName      = eval.TrailName
	ReasonCall      = eval.TrailCall
	ReasonCondition = eval.TrailCondition
	ReasonBound     = eval.TrailBound
)

// Why evaluates what stands at a place once more, and says how its value came about, and the values of those of its
// members that are named. A member that is a function is called with arguments that are not known: what a program passes
// to it is not looked for. Nothing is returned where no expression stands at the place.
func Why(in *source.Input, at schema.Origin, members []string, opts Options) []Explained {
	w := &why{program: Link(in), in: in, opts: opts}
	w.find(at)
	if !w.node.Valid() {
		return nil
	}
	list := []Explained{w.explain(OfPlace, w.around), w.explain("", w.whole)}
	for _, name := range members {
		if e := w.explain(name, func(m *eval.Machine) eval.Value { return w.member(m, name) }); e.Value != "undefined" {
			list = append(list, e)
		}
	}
	return list
}

type why struct {
	program *scope.Program
	in      *source.Input
	opts    Options
	module  *scope.Module
	unit    int32
	node    js.Node
}

// find finds the outermost expression between the two ends of a place.
func (w *why) find(at schema.Origin) {
	if w.module = w.program.At(at.Module, at.Start); w.module == nil {
		return
	}
	tree, unit := w.module.TreeAt(uint32(at.Start))
	if tree == nil {
		return
	}
	w.unit = unit
	for i := range tree.Len() {
		if n := tree.At(i); n.Parent().Valid() && int(n.Start()) >= at.Start && int(n.End()) <= at.End {
			w.node = n
			return
		}
	}
}

// explain evaluates by f with a machine of its own, so that nothing is known before, and what is remembered hides nothing.
func (w *why) explain(of string, f func(*eval.Machine) eval.Value) Explained {
	trail := &eval.Trail{}
	m := eval.New(w.program, eval.Config{Assume: w.opts.Assume, Asset: assets(w.in), Trail: trail})
	v := m.Run(func() eval.Value { return f(m) })
	e := Explained{Of: of, Value: m.Describe(v), Dropped: trail.Dropped}
	for _, s := range trail.Steps {
		r := Reason{Kind: s.Kind, Depth: s.Depth, Says: s.Says, Why: s.Why}
		if s.Node.Valid() {
			r.At = schema.Origin{Module: w.program.Modules[s.Node.Tree().Module].Name, Start: int(s.Node.Start()), End: int(s.Node.End())}
			r.Source = s.Node.Text()
		}
		e.Reasons = append(e.Reasons, r)
	}
	return e
}

// whole is the value of what stands at the place; of a function, what it returns.
func (w *why) whole(m *eval.Machine) eval.Value {
	v := m.Eval(w.node, m.Enclosing(w.module, w.unit, w.node))
	return w.called(m, v, eval.Undefined)
}

// member is a member of what stands at the place; of a method, what it returns.
func (w *why) member(m *eval.Machine, name string) eval.Value {
	o := m.Eval(w.node, m.Enclosing(w.module, w.unit, w.node))
	return w.called(m, m.Get(o, name), o)
}

func (w *why) called(m *eval.Machine, v, this eval.Value) eval.Value {
	if !eval.IsFunction((eval.World{}).Pick(v)) {
		return v
	}
	open := func(name string) eval.Value {
		return &eval.Unknown{Key: "argument." + name, Expr: "argument." + name, Why: "an argument that is not looked for here"}
	}
	return m.Call(v, this, []eval.Value{open("options"), open("context")})
}

// around asks the conditions around the place. They are the reasons; the value is undefined.
func (w *why) around(m *eval.Machine) eval.Value {
	around := eval.Around{
		Holds: func(question js.Node) *eval.Cond {
			return m.Condition(question, m.Enclosing(w.module, w.unit, question))
		},
		Equal: func(_, _ js.Node) *eval.Cond { return nil },
		Both:  eval.And,
	}
	for n := w.node; n.Valid(); {
		_, n = around.Of(n)
	}
	return eval.Undefined
}
