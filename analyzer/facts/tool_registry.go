package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// A program that defines many tools for itself may keep them in a registry: one function registers them, some under a
// condition. What it registers is what the model is given; a tool that no such function registers may be handed out in
// another way, or never.

// maxInstanceSteps bounds the making of an instance whose method registers tools.
const maxInstanceSteps = 60_000

// registry is a function that registers tools: which of them, under which condition each.
type registry struct {
	module *scope.Module
	unit   int32
	fn     js.Node
	this   eval.Value // an instance of the class that fn is a method of, once it was asked for
	tools  map[string]*eval.Cond
}

// registered says when a program registers each of its own tools, and in which modules.
type registered struct {
	when    map[string]*eval.Cond
	modules map[string]bool
}

// inRegistry finds when the program registers each of its own tools: nothing where no function registers many, or where
// the start of the program is seen to register any.
func (f *finder) inRegistry() (found registered) {
	if f.lists != nil || f.ownCount() <= manyOwn {
		return registered{}
	}
	by := map[js.Node]*registry{}
	var order []*registry
	for _, m := range f.calls.matches {
		n := m.Capture("call.tool")
		if !n.Valid() || f.gives(n) {
			continue
		}
		if by, _ := f.calls.metAt(n); slices.ContainsFunc(by, func(r *followed) bool { return r.start }) {
			return registered{} // the start of the program says it all
		}
		fn := registrar(n) // none of what a module registers itself
		r := by[fn]
		if r == nil {
			r = &registry{module: m.Module, unit: m.Unit, fn: fn, tools: map[string]*eval.Cond{}}
			by[fn] = r
		}
		for _, call := range f.registeringCalls(r, m, n) {
			if !f.isOwn(call.name) {
				continue
			}
			when := orTrue(f.registeredWhen(r, call.node))
			if old := r.tools[call.name]; old != nil {
				when = eval.Or(old, when)
			}
			r.tools[call.name] = when
		}
		if len(r.tools) > 0 && !slices.Contains(order, r) {
			order = append(order, r)
		}
	}
	if !slices.ContainsFunc(order, func(r *registry) bool { return r.fn.Valid() && len(r.tools) >= fewMembers }) {
		return registered{}
	}
	found = registered{map[string]*eval.Cond{}, map[string]bool{}}
	for _, r := range order {
		found.modules[r.module.Name] = true
		for name, when := range r.tools {
			if old := found.when[name]; old == nil || !old.ByDefault() {
				found.when[name] = when
			}
		}
	}
	return found
}

// entry is a call that registers the tool of a name.
type entry struct {
	name string
	node js.Node
}

// registeringCalls are the calls that a registration makes: itself, or where the name that it registers is a parameter of a
// function inside the one that registers, the calls of that.
func (f *finder) registeringCalls(r *registry, m analyzer.Match, n js.Node) (calls []entry) {
	name := f.registeredName(f.arguments(m, n))
	if name != "" || !r.fn.Valid() {
		return []entry{{name, n}}
	}
	inner := n.EnclosingFunction()
	at := parameterNamed(inner, n.Child(js.FieldArguments).FirstChild())
	holder := holderOf(inner)
	if inner == r.fn || at < 0 || !holder.Valid() {
		return nil
	}
	tree := r.fn.Tree()
	for i := int(r.fn.Index()); i < r.fn.After(); i++ {
		call := tree.At(i)
		if callee := call.Child(js.FieldFunction); call.Kind() != js.CallExpression || callee.Kind() != js.Identifier || callee.Text() != holder.Text() {
			continue
		}
		arg := call.Child(js.FieldArguments).FirstChild()
		for range at {
			arg = arg.Next()
		}
		if name, ok := f.eval1(m.Module, m.Unit, arg).(eval.String); ok {
			calls = append(calls, entry{string(name), call})
		}
	}
	return calls
}

// parameterNamed is the position of a function's parameter by an identifier that means it, -1 where there is none such.
func parameterNamed(fn, name js.Node) int {
	i := 0
	for p := fn.Child(js.FieldParameters).FirstChild(); p.Valid() && name.Kind() == js.Identifier; p = p.Next() {
		if p.Kind() == js.Identifier && p.Text() == name.Text() {
			return i
		}
		i++
	}
	return -1
}

// holderOf is the name that holds a function, or what a call makes of it.
func holderOf(fn js.Node) js.Node {
	for n := fn; ; {
		if name := nameOf(n); name.Valid() {
			return name
		}
		if n = argumentOf(n); n.Kind() != js.CallExpression {
			return js.Node{}
		}
	}
}

// isOwn tells whether a name is that of a tool that the program defines for itself.
func (f *finder) isOwn(name string) bool {
	for _, d := range f.byName[name] {
		if (d.call || d.beside) && !d.served {
			return true
		}
	}
	return false
}

// ownCount is how many tools the program defines for itself.
func (f *finder) ownCount() (n int) {
	for name := range f.byName {
		if f.isOwn(name) {
			n++
		}
	}
	return n
}

// registrar is the function that registers at a node: the method of a class around it, or the outermost function.
func registrar(n js.Node) js.Node {
	for f := n.EnclosingFunction(); f.Valid(); f = f.EnclosingFunction() {
		if f.Kind() == js.MethodDefinition {
			return f
		}
	}
	return n.OutermostFunction()
}

// registeredWhen is the condition under which a place in a function that registers tools is reached, as far as an
// instance says it of itself; nil for always.
func (f *finder) registeredWhen(r *registry, n js.Node) (when *eval.Cond) {
	around := eval.Around{
		Holds: func(question js.Node) *eval.Cond { return f.askedOfThis(r, question) },
		Equal: func(js.Node, js.Node) *eval.Cond { return nil },
		Both:  both,
	}
	for n.Valid() && n != r.fn && r.fn.Valid() {
		var c *eval.Cond
		c, n = around.Of(n)
		when = both(c, when)
	}
	return when
}

// askedOfThis is what an instance answers to a question that is one of its members, or what a method gives; nil for
// other questions.
func (f *finder) askedOfThis(r *registry, question js.Node) *eval.Cond {
	for question.Kind() == js.ParenthesizedExpression || question.Kind() == js.AwaitExpression {
		question = question.FirstChild()
	}
	member := question
	if question.Kind() == js.CallExpression {
		if question.Child(js.FieldArguments).FirstChild().Valid() {
			return nil
		}
		member = question.Child(js.FieldFunction)
	}
	if member.Kind() != js.MemberExpression || member.Child(js.FieldObject).Text() != "this" || r.fn.Kind() != js.MethodDefinition {
		return nil
	}
	if r.this == nil {
		r.this = f.Machine.RunWithin(maxInstanceSteps, func() eval.Value { return f.instance(r.module, r.unit, r.fn.Parent().Parent()) })
	}
	name := member.Child(js.FieldProperty).Text()
	return eval.Truth(f.Machine.RunWithin(maxRegistrationSteps, func() eval.Value {
		if question.Kind() == js.CallExpression {
			return f.Machine.Invoke(r.this, name)
		}
		return f.Machine.Get(r.this, name)
	}))
}
