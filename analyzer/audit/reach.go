package audit

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/binding"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// reacher finds the ways from tools to capabilities, by the names that their code uses, and what those are. A class that is
// used counts with all of its methods, so that a way may be one that no call takes.
type reacher struct {
	finder *finder
	byName map[string]*scope.Module
}

func newReacher(f *finder) *reacher {
	r := &reacher{f, map[string]*scope.Module{}}
	for _, m := range f.program.Modules {
		r.byName[m.Name] = m
	}
	return r
}

// texts are the texts that stand where a tool is defined.
func (r *reacher) texts(t schema.Tool) (list []string) {
	m := r.byName[t.Origin.Module]
	if m == nil {
		return nil
	}
	unit := m.Index().UnitAt(uint32(t.Origin.Start))
	if unit < 0 {
		return nil
	}
	names := r.finder.namesOf(m, unit)
	if names == nil {
		return nil
	}
	for i := range names.tree.Len() {
		n := names.tree.At(i)
		if n.Start() < uint32(t.Origin.Start) || n.End() > uint32(t.Origin.End) {
			continue
		}
		if n.Kind() == js.String || n.Kind() == js.TemplateString {
			if text, err := js.DecodeString(n.Text()); err == nil {
				list = append(list, text)
			}
		}
	}
	return list
}

// step is a piece of a module on a way.
type step struct {
	module *scope.Module
	unit   int32
	start  uint32
	end    uint32
	name   string
	from   *step
}

type stepKey struct {
	module     int
	start, end uint32
}

// maxSteps bounds the pieces that are looked at for one tool.
const maxSteps = 20_000

// from adds the ways from one tool to the capabilities, and returns the kinds that it reaches.
func (r *reacher) from(t schema.Tool, capabilities []Capability) []string {
	queue := r.starts(t)
	seen := map[stepKey]bool{}
	reached := map[int]bool{}
	kinds := []string{}
	for i := 0; i < len(queue) && i < maxSteps; i++ {
		s := queue[i]
		for k := range capabilities {
			c := &capabilities[k]
			if reached[k] || c.Origin.Module != s.module.Name || c.Origin.Start < int(s.start) || c.Origin.End > int(s.end) {
				continue
			}
			reached[k] = true
			c.Ways = append(c.Ways, Way{t.Name, s.path()})
			if !slices.Contains(kinds, c.Kind) {
				kinds = append(kinds, c.Kind)
			}
		}
		for _, next := range r.uses(s) {
			if k := (stepKey{next.module.ID, next.start, next.end}); !seen[k] {
				seen[k] = true
				queue = append(queue, next)
			}
		}
	}
	slices.Sort(kinds)
	return kinds
}

func (s *step) path() []string {
	names := []string{}
	for ; s.from != nil; s = s.from {
		names = append(names, s.name)
	}
	slices.Reverse(names)
	return names
}

// starts are the places of a tool: its definition, and the branches that are taken for its name.
func (r *reacher) starts(t schema.Tool) (list []*step) {
	add := func(m *scope.Module, start, end uint32) {
		if unit := m.Index().UnitAt(start); unit >= 0 {
			list = append(list, &step{module: m, unit: unit, start: start, end: end})
		}
	}
	origins := t.Origins
	if len(origins) == 0 {
		origins = []schema.Origin{t.Origin}
	}
	for _, o := range origins {
		if m := r.byName[o.Module]; m != nil {
			add(m, uint32(o.Start), uint32(o.End))
		}
	}
	for _, m := range r.finder.program.Modules {
		for at := range js.Words(m.Text, t.Name) {
			if n := r.branch(m, uint32(at), t.Name); n.Valid() {
				add(m, n.Start(), n.End())
			}
		}
	}
	return list
}

// branch is what is done where something is the name of a tool: the case of a switch, the branch of an if, the member of a
// table of functions.
func (r *reacher) branch(m *scope.Module, at uint32, name string) js.Node {
	if at == 0 || m.Text[at-1] != '"' && m.Text[at-1] != '\'' && m.Text[at-1] != '`' && m.Text[at-1] != '{' && m.Text[at-1] != ',' {
		return js.Node{}
	}
	unit := m.Index().UnitAt(at)
	if unit < 0 {
		return js.Node{}
	}
	names := r.finder.namesOf(m, unit)
	if names == nil {
		return js.Node{}
	}
	text := nodeAt(names.tree, at, js.String)
	if !text.Valid() || text.End()-text.Start() != uint32(len(name))+2 {
		text = nodeAt(names.tree, at, js.PropertyIdentifier)
	}
	switch p := text.Parent(); {
	case p.Kind() == js.SwitchCase && text.Field() == js.FieldValue:
		return caseOf(p)
	case p.Kind() == js.Pair && text.Field() == js.FieldKey, p.Kind() == js.MethodDefinition:
		return p
	case p.Kind() == js.BinaryExpression:
		for q := p.Parent(); q.Valid() && q.Kind() != js.StatementBlock; q = q.Parent() {
			if q.Kind() == js.IfStatement || q.Kind() == js.TernaryExpression {
				return q.Child(js.FieldConsequence)
			}
		}
	}
	return js.Node{}
}

// caseOf is the case that does something: the first one from n on with statements in it.
func caseOf(n js.Node) js.Node {
	for next := n; next.Kind() == js.SwitchCase; next = next.Next() {
		if next.Child(js.FieldBody).Valid() {
			return next
		}
	}
	return n
}

// uses are the pieces that the names in a piece lead to.
func (r *reacher) uses(s *step) (list []*step) {
	names := r.finder.namesOf(s.module, s.unit)
	if names == nil {
		return nil
	}
	first, _ := slices.BinarySearchFunc(names.Uses, s.start, func(u binding.Use, at uint32) int { return int(u.Node.Start()) - int(at) })
	for _, u := range names.Uses[first:] {
		if u.Node.Start() >= s.end {
			break
		}
		if u.Local != binding.Outer {
			if n := definition(names.Locals[u.Local].Declared); n.Valid() {
				list = append(list, &step{s.module, s.unit, n.Start(), n.End(), u.Node.Text(), s})
			}
			continue
		}
		b, ok := s.module.Lookup(s.module.Index().Units[s.unit].Thunk, u.Node.Text())
		if !ok || b.Module == nil {
			continue
		}
		for _, d := range b.Defs {
			if d.How != js.Bare {
				unit := b.Module.Index().Units[d.Unit]
				list = append(list, &step{b.Module, d.Unit, unit.Start, unit.End, u.Node.Text(), s})
			}
		}
	}
	return list
}

// definition is the declarator, function or class by which a name is declared; none for a parameter.
func definition(n js.Node) js.Node {
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.VariableDeclarator, js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
			return p
		case js.FormalParameters, js.ArrowFunction, js.CatchClause, js.StatementBlock:
			return js.Node{}
		}
	}
	return js.Node{}
}
