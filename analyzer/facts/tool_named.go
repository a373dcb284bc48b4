package facts

import (
	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// maxAround bounds how far around an object its name is looked for.
const maxAround = 24

// namedAround reads an object without a name as a tool that is named by what stands around it: the key under which
// it is kept, or the first argument of the call that it is for.
func (f *finder) namedAround(m analyzer.Match, n js.Node, v eval.Value) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || o.Kind != eval.KindObject || o.Lookup("name") != nil || f.member(o, "description") == eval.Undefined {
		return
	}
	key := m.Capture("key").Text()
	if !f.callable(o, key) || !f.mayBeSchema(f.member(o, key)) {
		return
	}
	name := f.nameAround(m, n)
	if !isToolName(name) {
		return
	}
	d := f.readAs(o, name)
	if d == nil {
		d = &definition{name: name, object: o, call: true, key: key, schema: f.member(o, key), other: true}
	}
	f.keep(n, d)
}

// mayBeSchema tells whether a value may be the schema of some library: an object or function with members of its own,
// or what an unknown function made.
func (f *finder) mayBeSchema(v eval.Value) bool {
	switch v := (eval.World{}).Pick(v).(type) {
	case *eval.Unknown:
		return true
	case *eval.Object:
		return v.Kind != eval.KindArray && v.Kind != eval.KindError && v.Kind != eval.KindRegexp
	}
	return false
}

// nameAround finds the name that stands around a node.
func (f *finder) nameAround(m analyzer.Match, n js.Node) string {
	for range maxAround {
		p := n.Parent()
		switch p.Kind() {
		case js.Pair:
			return f.keyName(m, p.Child(js.FieldKey))
		case js.Arguments:
			if first := p.FirstChild(); first != n {
				s, _ := f.eval1(m.Module, m.Unit, first).(eval.String)
				return string(s)
			}
			p = p.Parent()
		case js.SequenceExpression:
			if n.Next().Valid() {
				return "" // it is not what the sequence gives
			}
		case js.ParenthesizedExpression, js.AwaitExpression, js.ReturnStatement, js.StatementBlock, js.TernaryExpression,
			js.ArrowFunction, js.FunctionExpression, js.GeneratorFunction:
		default:
			return ""
		}
		n = p
	}
	return ""
}

func (f *finder) keyName(m analyzer.Match, key js.Node) string {
	switch key.Kind() {
	case js.PropertyIdentifier:
		return key.Text()
	case js.ComputedPropertyName:
		key = key.FirstChild()
	}
	s, _ := f.eval1(m.Module, m.Unit, key).(eval.String)
	return string(s)
}
