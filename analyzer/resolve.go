package analyzer

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// Resolved is a name that stands in a piece of a program, and what it was found to be.
type Resolved struct {
	Name string
	// Defined is where it gets its value.
	Defined schema.Origin
	// Depth is 0 for a name in the piece itself, 1 for one in what defines such a name, and so on.
	Depth int
	// Value is a short text of what it is.
	Value string
}

// Bounds of a chain of names.
const (
	maxResolved      = 30
	maxResolvedDepth = 2
	maxDefinition    = 2000 // bytes of a definition whose own names are resolved
	stepsOfName      = 20_000
)

// Resolve finds out what the names in a piece of a program are that its module declares or imports, in the order in
// which they stand there, each followed by the names in its own definition where that is short.
func Resolve(in *source.Input, at schema.Origin, opts Options) []Resolved {
	r := &resolver{program: Link(in), seen: map[schema.Origin]bool{}}
	r.machine = eval.New(r.program, eval.Config{Assume: opts.Assume, Asset: assets(in)})
	if m := r.program.At(at.Module, at.Start); m != nil {
		r.piece(m, uint32(at.Start), uint32(at.End), 0)
	}
	return r.list
}

type resolver struct {
	program *scope.Program
	machine *eval.Machine
	seen    map[schema.Origin]bool
	list    []Resolved
}

// piece resolves the names between two offsets.
func (r *resolver) piece(m *scope.Module, start, end uint32, depth int) {
	unit := m.Index().UnitAt(start)
	if unit < 0 {
		return
	}
	tree, err := m.Tree(unit)
	if err != nil {
		return
	}
	met := map[string]bool{}
	for i := range tree.Len() {
		n := tree.At(i)
		name := n.Kind() == js.Identifier || n.Kind() == js.ShorthandPropertyIdentifier
		if !name || n.Start() < start || n.End() > end || met[n.Text()] || len(r.list) >= maxResolved {
			continue
		}
		met[n.Text()] = true
		if !r.machine.Shadowed(n, n.Text()) {
			r.name(m, unit, n, depth)
		}
	}
}

// name resolves one name, and those that it rests on.
func (r *resolver) name(m *scope.Module, unit int32, n js.Node, depth int) {
	b, ok := m.Lookup(m.Index().Units[unit].Thunk, n.Text())
	if !ok || b.Module == nil || len(b.Defs) == 0 {
		return
	}
	u := b.Module.Index().Units[b.Defs[0].Unit]
	at := schema.Origin{Module: b.Module.Name, Start: int(u.Start), End: int(u.End), Symbol: b.Name}
	if r.seen[at] || b.Module == m && u.Start <= n.Start() && n.End() <= u.End {
		return
	}
	r.seen[at] = true
	v := r.machine.RunWithin(stepsOfName, func() eval.Value { return r.machine.Eval(n, r.machine.Enclosing(m, unit, n)) })
	r.list = append(r.list, Resolved{n.Text(), at, depth, r.told(v)})
	if depth < maxResolvedDepth && u.End-u.Start <= maxDefinition {
		r.piece(b.Module, u.Start, u.End, depth+1)
	}
}

// told is a value as a short text.
func (r *resolver) told(v eval.Value) string {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	switch {
	case !ok:
		return r.machine.Describe(v)
	case eval.IsFunction(o):
		return "a function"
	case eval.IsArray(o):
		return "a list"
	case o.Lookup("name") != nil && o.Lookup("name").Value != nil:
		return "an object named " + r.machine.Describe(o.Lookup("name").Value)
	}
	return "an object"
}
