package facts

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// Bounds of the source of a tool that is kept, in bytes.
const (
	maxMember         = 16 << 10
	maxImplementation = 64 << 10
	maxConstant       = 120     // of a constant that takes the place of its name
	maxConstantUnit   = 2 << 10 // of the statement that gives it
)

// implementation is the source of a tool's functions, by the members that hold them, wherever they stand. Functions that
// draw for people are named, and their source is left out.
func (f *finder) implementation(o *eval.Object) []schema.Member {
	var out []schema.Member
	size := 0
	for _, key := range o.AllKeys() {
		n := functionOf(o.Lookup(key))
		if !n.Valid() || n.Kind() == js.Class || n.Kind() == js.ClassDeclaration {
			continue
		}
		m := schema.Member{Name: key, Bytes: int(n.End() - n.Start())}
		if !draws.Get().MatchString(n.Text()) && m.Bytes <= maxMember && size+m.Bytes <= maxImplementation {
			m.Source = f.memberSource(key, n)
			size += len(m.Source)
		}
		out = append(out, m)
	}
	return out
}

// draws tells a function that makes elements of an interface.
var draws = lazyregexp.New(`\.(createElement|jsxs?|jsxDEV)\(`)

// functionOf is the function that a property holds, or by which it is read.
func functionOf(p *eval.Prop) js.Node {
	if p == nil {
		return js.Node{}
	}
	o := p.Get
	if o == nil {
		o, _ = (eval.World{}).Pick(p.Value).(*eval.Object)
	}
	if o == nil || o.Func == nil || o.Func.Native != nil {
		return js.Node{}
	}
	return o.Func.Node
}

var plainKey = lazyregexp.New(`^[A-Za-z_$][\w$]*$`)

// memberSource writes a function as a member of an object.
func (f *finder) memberSource(key string, n js.Node) string {
	source := f.withConstants(n)
	if n.Kind() == js.MethodDefinition {
		return strings.TrimPrefix(source, "static ")
	}
	if !plainKey.Get().MatchString(key) {
		key = strconv.Quote(key)
	}
	return key + ": " + source
}

// withConstants is an expression's source, in which names of constants and imports of the module are what they stand
// for.
func (f *finder) withConstants(n js.Node) string {
	local := declaredIn(n)
	module := f.Program.Modules[n.Tree().Module]
	unit := module.Index().UnitAt(n.Start())
	if unit < 0 {
		return n.Text()
	}
	thunk := module.Index().Units[unit].Thunk
	known := map[string]string{}
	var b strings.Builder
	tree, at := n.Tree(), n.Start()
	for i := int(n.Index()); i < n.After(); i++ {
		e := tree.At(i)
		k := e.Kind()
		if k != js.Identifier && k != js.ShorthandPropertyIdentifier || local[e.Text()] || isTarget(e) {
			continue
		}
		name := e.Text()
		meaning, seen := known[name]
		if !seen {
			if binding, ok := module.Lookup(thunk, name); ok {
				meaning = meaningOf(binding)
			}
			known[name] = meaning
		}
		if meaning == "" {
			continue
		}
		b.Write(tree.Src[at:e.Start()])
		if k == js.ShorthandPropertyIdentifier {
			b.WriteString(name + ": ")
		}
		b.WriteString(meaning)
		at = e.End()
	}
	b.Write(tree.Src[at:n.End()])
	return b.String()
}

// isTarget tells whether a name is given a value where it stands.
func isTarget(n js.Node) bool {
	p := n.Parent()
	switch p.Kind() {
	case js.AssignmentExpression, js.AugmentedAssignment:
		return n.Field() == js.FieldLeft
	case js.UpdateExpression:
		return true
	}
	return false
}

// declaredIn are the names that are declared anywhere in an expression or in the functions around it: a name of the
// module may be hidden by one of those.
func declaredIn(n js.Node) map[string]bool {
	names := map[string]bool{}
	add := func(pattern js.Node) {
		tree := pattern.Tree()
		for i := int(pattern.Index()); pattern.Valid() && i < pattern.After(); i++ {
			switch e := tree.At(i); e.Kind() {
			case js.Identifier, js.ShorthandPropertyIdentifierPattern:
				names[e.Text()] = true
			}
		}
	}
	visit := func(e js.Node) {
		switch e.Kind() {
		case js.VariableDeclarator:
			add(e.Child(js.FieldName))
		case js.FormalParameters, js.CatchClause:
			for c := e.FirstChild(); c.Valid() && c.Kind() != js.StatementBlock; c = c.Next() {
				add(c)
			}
		case js.ArrowFunction:
			add(e.Child(js.FieldParameter))
		case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.FunctionExpression, js.ClassDeclaration, js.Class:
			add(e.Child(js.FieldName))
		case js.ForInStatement:
			add(e.Child(js.FieldLeft))
		}
	}
	tree := n.Tree()
	for i := int(n.Index()); i < n.After(); i++ {
		visit(tree.At(i))
	}
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		visit(p)
		add(p.Child(js.FieldParameters))
		for c := p.FirstChild(); p.Kind() == js.StatementBlock && c.Valid(); c = c.Next() {
			visit(c)
			for d := c.FirstChild(); d.Valid(); d = d.Next() {
				visit(d)
			}
		}
	}
	return names
}

// meaningOf is what stands in the place of a name: a constant as it is written down, or the name of what is imported;
// "" for anything else.
func meaningOf(b scope.Binding) string {
	if b.External != "" {
		if plainKey.Get().MatchString(b.Imported) && b.Imported != "default" {
			return b.Imported
		}
		module := b.External[strings.LastIndexAny(b.External, "/:")+1:]
		if plainKey.Get().MatchString(module) {
			return module
		}
		return ""
	}
	if b.Module == nil || len(b.Defs) == 0 {
		return ""
	}
	value := ""
	for _, d := range b.Defs {
		switch d.How {
		case js.Bare:
			continue
		case js.Touches:
			return ""
		}
		u := b.Module.Index().Units[d.Unit]
		if value != "" || u.End-u.Start > maxConstantUnit {
			return ""
		}
		tree, err := b.Module.Tree(d.Unit)
		if err != nil {
			return ""
		}
		if value = constantIn(tree, b.Name); value == "" {
			return ""
		}
	}
	return value
}

// constantIn is the literal that a statement gives to a name; "" where it gives something else.
func constantIn(tree *js.Tree, name string) string {
	for i := range tree.Len() {
		n := tree.At(i)
		var v js.Node
		switch n.Kind() {
		case js.VariableDeclarator:
			if n.Child(js.FieldName).Text() == name {
				v = n.Child(js.FieldValue)
			}
		case js.AssignmentExpression:
			if n.Child(js.FieldLeft).Text() == name {
				v = n.Child(js.FieldRight)
			}
		}
		if !v.Valid() {
			continue
		}
		switch v.Kind() {
		case js.String, js.Number:
			if len(v.Text()) <= maxConstant {
				return v.Text()
			}
		}
		return ""
	}
	return ""
}
