package facts

import (
	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// maxFactories bounds the functions between the description of a tool and the call that names the tool.
const maxFactories = 3

// factory reads the tools that a function makes whose callers pass the name: v is what it makes without them.
func (f *finder) factory(m analyzer.Match, n js.Node, v eval.Value) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || o.Kind != eval.KindObject {
		return
	}
	if _, open := (eval.World{}).Pick(f.member(o, "name")).(*eval.Unknown); !open {
		return
	}
	f.made(m, m.Module, m.Unit, n, 0)
}

// made reads what the callers of the function around n get, and tells whether there is a tool.
func (f *finder) made(m analyzer.Match, module *scope.Module, unit int32, n js.Node, depth int) {
	fn := n.EnclosingFunction()
	if depth >= maxFactories || !fn.Valid() || fn.Kind() == js.MethodDefinition || f.followed[fn] {
		return
	}
	f.followed[fn] = true
	name := nameOf(fn)
	if !name.Valid() {
		return
	}
	f.callsOf(module, fn, name, func(call callSite) {
		at := outermostCall(call.node)
		v := f.eval1(call.module, call.unit, at)
		if at != call.node {
			if o, ok := v.(*eval.Object); !ok || f.read(o) == nil {
				at = call.node
				v = f.eval1(call.module, call.unit, at)
			}
		}
		o, ok := v.(*eval.Object)
		if !ok {
			return
		}
		if d := f.read(o); d != nil {
			f.keep(at, d)
			return
		}
		f.made(m, call.module, call.unit, call.node, depth+1)
	})
}

// outermostCall is the call that a call's result goes into as an argument, and so on outwards.
func outermostCall(n js.Node) js.Node {
	outer := n
	for {
		p := outer.Parent()
		switch {
		case p.Kind() == js.Arguments && (p.Parent().Kind() == js.CallExpression || p.Parent().Kind() == js.NewExpression):
			outer = p.Parent()
		case p.Kind() == js.ParenthesizedExpression || p.Kind() == js.AwaitExpression:
			outer = p
		default:
			return outer
		}
	}
}
