package facts

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// callSite is a call of a function, or one that is given the function.
type callSite struct {
	module *scope.Module
	unit   int32
	node   js.Node
	given  bool
}

// callsOf visits each call of the function fn, which name holds, and each call that is given fn: in its module, in those
// that import it, and in those that call it as a member of what they import.
func (f *finder) callsOf(module *scope.Module, fn, name js.Node, visit func(callSite)) {
	s := callSearch{finder: f, fn: fn, visit: visit}
	if around := fn.EnclosingFunction(); around.Valid() {
		s.in(module, name.Text(), int(around.Start()), int(around.End()), js.Words)
		return
	}
	s.in(module, name.Text(), 0, len(module.Text), js.Words)
	for _, i := range module.Importers(name.Text()) {
		s.in(i.Module, i.Local, 0, len(i.Module.Text), js.Words)
	}
	if len(f.Program.Modules) == 1 {
		return
	}
	members := append([]string{name.Text()}, module.ExportsOf(name.Text())...)
	slices.Sort(members)
	for _, member := range slices.Compact(members) {
		for _, m := range f.Program.Modules {
			s.in(m, member, 0, len(m.Text), js.Members)
		}
	}
}

// callSearch looks for the calls of one function.
type callSearch struct {
	*finder
	fn     js.Node
	places int // looked at
	visit  func(callSite)
}

// in visits the calls by a name in a part of a module's text.
func (s *callSearch) in(m *scope.Module, name string, from, to int, words func([]byte, string) iter.Seq[int]) {
	for i := range words(m.Text[from:to], name) {
		at := uint32(from + i)
		if !mayBeCalled(m.Text, int(at), name) {
			continue
		}
		if s.places++; s.places > maxPlaces {
			return
		}
		u := m.Index().UnitAt(at)
		if u < 0 {
			continue
		}
		if call, given := s.callAt(m, u, at); call.Valid() {
			s.visit(callSite{m, u, call, given})
		}
	}
}

// mayBeCalled tells whether a name at an offset may be what is called or an argument, by what stands beside it.
func mayBeCalled(text []byte, at int, name string) bool {
	after := bytes.TrimLeft(text[at+len(name):min(len(text), at+len(name)+40)], " \n\t\r")
	return len(after) == 0 || strings.IndexByte("(,)`?/", after[0]) >= 0 || bytes.HasSuffix(bytes.TrimRight(text[max(0, at-40):at], " \n\t\r"), []byte("new"))
}

// callAt returns the call of the function by the name at an offset, or the call that is given the function.
func (s *callSearch) callAt(m *scope.Module, unit int32, at uint32) (call js.Node, given bool) {
	tree, err := m.Tree(unit)
	if err != nil {
		return js.Node{}, false
	}
	n := nodeAt(tree, at)
	switch {
	case n.Kind() == js.Identifier:
	case n.Kind() == js.PropertyIdentifier && n.Parent().Kind() == js.MemberExpression:
		n = n.Parent()
	default:
		return js.Node{}, false
	}
	callee := n
	for callee.Parent().Kind() == js.SequenceExpression && !callee.Next().Valid() || callee.Parent().Kind() == js.ParenthesizedExpression {
		callee = callee.Parent()
	}
	p := callee.Parent()
	isCall := p.Kind() == js.CallExpression && p.Child(js.FieldFunction) == callee || p.Kind() == js.NewExpression && p.Child(js.FieldConstructor) == callee
	if given = p.Kind() == js.Arguments; given {
		p, isCall = p.Parent(), true
	}
	if !isCall || inside(n, s.fn) {
		return js.Node{}, false
	}
	o, ok := s.eval1(m, unit, n).(*eval.Object)
	if !ok || o.Func == nil || o.Func.Node.Start() != s.fn.Start() || o.Func.Node.Tree().Module != s.fn.Tree().Module {
		return js.Node{}, false
	}
	return p, given
}
