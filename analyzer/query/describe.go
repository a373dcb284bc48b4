package query

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// describer says of what matched where it stands and what it is. It is for one goroutine.
type describer struct {
	program *scope.Program
	machine *eval.Machine
	eval    bool // what is captured is evaluated
	module  *scope.Module
	lines   position
}

// enter begins a module.
func (d *describer) enter(m *scope.Module) { d.module, d.lines = m, position{} }

func (d *describer) match(found js.Match) Match {
	if d.lines.starts == nil {
		d.lines = newPosition(d.module.File())
	}
	m := Match{Pattern: found.Pattern, Module: d.module.Name, Captures: []Capture{}}
	for _, c := range found.Captures {
		if !strings.HasPrefix(c.Name, "_") { // it serves a predicate
			m.Captures = append(m.Captures, d.capture(c))
		}
	}
	return m
}

func (d *describer) capture(c js.Capture) Capture {
	out := Capture{Name: c.Name, Start: int(c.Node.Start()), End: int(c.Node.End()), Text: c.Node.Text()}
	out.Line, out.Column = d.lines.of(out.Start)
	n, unit := d.own(c.Node)
	if !n.Valid() {
		return out
	}
	if k := n.Kind(); k == js.Identifier || k == js.ShorthandPropertyIdentifier {
		out.Defined = d.definition(n, unit)
	}
	if d.eval && isExpression(n) && (out.Defined == nil || !out.Defined.Global) {
		v := d.machine.Run(func() eval.Value { return d.machine.Eval(n, d.machine.Enclosing(d.module, unit, n)) })
		out.Value = valueOf(d.machine, v)
	}
	return out
}

// own is a node as the program's own tree of its unit has it, in the innermost unit that holds all of it.
func (d *describer) own(n js.Node) (js.Node, int32) {
	x := d.module.Index()
	unit := x.UnitAt(n.Start())
	for unit >= 0 && x.Units[unit].End < n.End() {
		if x.Units[unit].Thunk < 0 {
			return js.Node{}, -1
		}
		unit = x.Thunks[x.Units[unit].Thunk].Unit
	}
	if unit < 0 {
		return js.Node{}, -1
	}
	tree, err := d.module.Tree(unit)
	if err != nil {
		return js.Node{}, -1
	}
	return tree.Like(n), unit
}

// definition is what a name means; nil for one that a function or block around it declares.
func (d *describer) definition(n js.Node, unit int32) *Definition {
	if d.machine.Shadowed(n, n.Text()) {
		return nil
	}
	b, ok := d.module.Lookup(d.module.Index().Units[unit].Thunk, n.Text())
	switch {
	case !ok:
		return &Definition{Global: true, Name: n.Text()}
	case b.External != "":
		return &Definition{Import: b.External, Name: b.Imported}
	case b.Star != nil:
		return &Definition{Module: b.Star.Name, Name: "*", End: len(b.Star.Text)}
	case len(b.Defs) == 0:
		return nil
	}
	def := b.Defs[0]
	for _, other := range b.Defs {
		if def.How == js.Bare && other.How != js.Touches {
			def = other
		}
	}
	u := b.Module.Index().Units[def.Unit]
	return &Definition{Module: b.Module.Name, Name: b.Name, Start: int(u.Start), End: int(u.End)}
}

// isExpression tells a node that has a value.
func isExpression(n js.Node) bool {
	switch n.Kind() {
	case js.Identifier:
		// a name that is being declared has no value where it stands
		f, p := n.Field(), n.Parent().Kind()
		return f != js.FieldName && f != js.FieldPattern && p != js.FormalParameters && f != js.FieldParameter
	case js.Array, js.ArrowFunction, js.AssignmentExpression, js.AwaitExpression, js.BinaryExpression, js.CallExpression, js.Class,
		js.False, js.FunctionExpression, js.MemberExpression, js.NewExpression, js.Null, js.Number, js.Object, js.ParenthesizedExpression,
		js.Regex, js.SequenceExpression, js.ShorthandPropertyIdentifier, js.String, js.SubscriptExpression, js.TemplateString, js.TernaryExpression,
		js.This, js.True, js.UnaryExpression, js.Undefined:
		return true
	}
	return false
}
