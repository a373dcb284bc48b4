package audit

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/binding"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// finder finds the places where a program reaches what is outside of it. It is for one goroutine.
type finder struct {
	program *scope.Program
	machine *eval.Machine
	names   map[nameKey]*unitNames
	found   []Capability
	seen    map[uint32]bool // places in the module under way
	queue   []bound
	bounds  map[bound]bool
}

type nameKey struct {
	module int
	unit   int32
}

// unitNames are a unit's tree and the names in it.
type unitNames struct {
	tree *js.Tree
	*binding.Names
}

// bound is a name that holds an export of another module: "*" for all of them.
type bound struct {
	unit     int32 // that declares it for itself, or -1
	local    int32 // in the unit, or binding.Outer
	name     string
	module   string
	imported string
}

// namesOf resolves the names of a unit once.
func (f *finder) namesOf(m *scope.Module, unit int32) *unitNames {
	k := nameKey{m.ID, unit}
	if n, ok := f.names[k]; ok {
		return n
	}
	f.names[k] = nil
	if tree, err := m.Tree(unit); err == nil && tree.Len() > 0 {
		f.names[k] = &unitNames{tree, binding.Resolve(tree)}
	}
	return f.names[k]
}

// module finds the places in one module: by what it imports and requires, and by the globals that it uses.
func (f *finder) module(m *scope.Module) {
	f.seen, f.queue, f.bounds = map[uint32]bool{}, nil, map[bound]bool{}
	known := rules().modules()
	for _, im := range m.Index().Imports {
		if from := strings.TrimPrefix(im.From, "node:"); known[from] && im.Local != "" {
			f.bind(bound{-1, binding.Outer, im.Local, from, im.Imported})
		}
	}
	for name := range known {
		for at := range js.Words(m.Text, lastWord(name)) {
			f.required(m, uint32(at), name)
		}
	}
	for i := 0; i < len(f.queue); i++ {
		f.follow(m, f.queue[i])
	}
	for _, c := range rules().Capabilities {
		for _, name := range c.Globals {
			f.global(m, name)
		}
	}
}

// lastWord is the part of a module's name that is looked for in the text.
func lastWord(name string) string {
	return name[strings.LastIndexAny(name, "/@-")+1:]
}

func (f *finder) bind(b bound) {
	if !f.bounds[b] {
		f.bounds[b] = true
		f.queue = append(f.queue, b)
	}
}

// nodeAt is the innermost node of a kind around an offset.
func nodeAt(tree *js.Tree, at uint32, kind js.Kind) (found js.Node) {
	for i := range tree.Len() {
		n := tree.At(i)
		if n.Start() > at {
			break
		}
		if n.Kind() == kind && n.End() > at {
			found = n
		}
	}
	return found
}

// required binds what a call of require, or a dynamic import, of a module is given to.
func (f *finder) required(m *scope.Module, at uint32, name string) {
	unit := m.Index().UnitAt(at)
	if unit < 0 || m.Index().Units[unit].Kind == js.UnitImport {
		return
	}
	names := f.namesOf(m, unit)
	if names == nil {
		return
	}
	text := nodeAt(names.tree, at, js.String)
	if said, err := js.DecodeString(text.Text()); !text.Valid() || err != nil || strings.TrimPrefix(said, "node:") != name {
		return
	}
	args := text.Parent()
	if args.Kind() != js.Arguments || args.Parent().Kind() != js.CallExpression {
		return
	}
	f.given(m, unit, names, args.Parent(), name, "*")
}

// given follows an expression that is an export of a module to what it is given to: a name, a pattern, a member.
func (f *finder) given(m *scope.Module, unit int32, names *unitNames, n js.Node, module, imported string) {
	for {
		p := n.Parent()
		switch p.Kind() {
		case js.Arguments, js.AwaitExpression, js.ParenthesizedExpression, js.SequenceExpression, js.BinaryExpression, js.TernaryExpression:
			n = p // of a wrapper such as toESM or promisify
		case js.CallExpression, js.NewExpression:
			if p.Child(js.FieldArguments) != n {
				f.place(m, unit, names, n, module, imported)
				return
			}
			n = p
		case js.MemberExpression:
			if p.Child(js.FieldObject) != n {
				return
			}
			module, imported = memberOf(module, imported, p.Child(js.FieldProperty).Text())
			n = p
			if imported != "*" && imported != "default" {
				f.place(m, unit, names, n, module, imported)
			}
		case js.VariableDeclarator:
			f.assigned(unit, names, p.Child(js.FieldName), module, imported)
			return
		case js.AssignmentExpression:
			f.assigned(unit, names, p.Child(js.FieldLeft), module, imported)
			return
		default:
			return
		}
	}
}

// memberOf is what a member of an export is.
func memberOf(module, imported, property string) (string, string) {
	switch {
	case property == "default":
		return module, imported
	case property == "promises" && module == "fs":
		return "fs/promises", "*"
	case imported == "*" || imported == "default":
		return module, property
	}
	return module, imported
}

// assigned binds the names of a target.
func (f *finder) assigned(unit int32, names *unitNames, target js.Node, module, imported string) {
	switch target.Kind() {
	case js.Identifier:
		f.bind(f.boundOf(unit, names, target, module, imported))
	case js.ObjectPattern:
		for c := target.FirstChild(); c.Valid(); c = c.Next() {
			key, value := c.Child(js.FieldKey).Text(), c.Child(js.FieldValue)
			if c.Kind() == js.ShorthandPropertyIdentifierPattern {
				key, value = c.Text(), c
			}
			if value.Valid() {
				mod, imp := memberOf(module, imported, key)
				f.bind(f.boundOf(unit, names, value, mod, imp))
			}
		}
	}
}

func (f *finder) boundOf(unit int32, names *unitNames, n js.Node, module, imported string) bound {
	b := bound{-1, binding.Outer, n.Text(), module, imported}
	if i, ok := names.useAt(n); ok && names.Uses[i].Local != binding.Outer {
		b.unit, b.local = unit, names.Uses[i].Local
	}
	return b
}

// useAt finds the use that a node is.
func (n *unitNames) useAt(node js.Node) (int, bool) {
	return slices.BinarySearchFunc(n.Uses, node.Start(), func(u binding.Use, at uint32) int { return int(u.Node.Start()) - int(at) })
}

// follow finds the places where a name that holds an export is used.
func (f *finder) follow(m *scope.Module, b bound) {
	visit := func(unit int32, names *unitNames) {
		for _, u := range names.Uses {
			if u.Node.Text() == b.name && u.Local == b.local {
				f.used(m, unit, names, u.Node, b)
			}
		}
	}
	if b.unit >= 0 {
		visit(b.unit, f.namesOf(m, b.unit))
		return
	}
	last := int32(-1)
	for at := range js.Words(m.Text, b.name) {
		unit := m.Index().UnitAt(uint32(at))
		if unit < 0 || unit == last || m.Index().Units[unit].Kind == js.UnitImport {
			continue
		}
		last = unit
		if names := f.namesOf(m, unit); names != nil {
			visit(unit, names)
		}
	}
}

func (f *finder) used(m *scope.Module, unit int32, names *unitNames, n js.Node, b bound) {
	switch p := n.Parent(); {
	case p.Kind() == js.VariableDeclarator && n.Field() == js.FieldName, p.Kind() == js.AssignmentExpression && n.Field() == js.FieldLeft:
		return
	case p.Kind() == js.MemberExpression:
	case b.imported != "*" && b.imported != "default" || rules().ofExport(b.module, "*") != nil:
		f.place(m, unit, names, n, b.module, b.imported)
	}
	f.given(m, unit, names, n, b.module, b.imported)
}

// global finds the calls of a global.
func (f *finder) global(m *scope.Module, name string) {
	last := int32(-1)
	if _, declared := m.Lookup(-1, name); declared {
		return
	}
	for at := range js.Words(m.Text, name) {
		unit := m.Index().UnitAt(uint32(at))
		if unit < 0 || unit == last {
			continue
		}
		last = unit
		names := f.namesOf(m, unit)
		if names == nil {
			continue
		}
		for _, u := range names.Uses {
			if p := u.Node.Parent(); u.Local == binding.Outer && u.Node.Text() == name &&
				(p.Child(js.FieldFunction) == u.Node || p.Child(js.FieldConstructor) == u.Node) {
				f.place(m, unit, names, u.Node, "", name)
			}
		}
	}
}

// place adds a place where a function is called or handed on.
func (f *finder) place(m *scope.Module, unit int32, names *unitNames, callee js.Node, module, name string) {
	rule := rules().ofGlobal(name)
	if module != "" {
		rule = rules().ofExport(module, name)
		name = module + "." + name
	}
	if rule == nil || f.seen[callee.Start()] {
		return
	}
	f.seen[callee.Start()] = true
	at := callee
	c := Capability{Kind: rule.ID, What: name, Arguments: []string{}, Ways: []Way{}}
	if p := callee.Parent(); p.Child(js.FieldFunction) == callee || p.Child(js.FieldConstructor) == callee {
		at = p
		for arg := p.Child(js.FieldArguments).FirstChild(); arg.Valid(); arg = arg.Next() {
			c.Arguments = append(c.Arguments, f.value(m, unit, names, arg, 0)...)
		}
		c.source = names.madeFrom(p.Child(js.FieldArguments), 0)
	}
	c.Origin = schema.Origin{Module: m.Name, Start: int(at.Start()), End: int(at.End()), Symbol: callee.Text()}
	f.found = append(f.found, c)
}

// Bounds of what is evaluated for one argument, and of how far what it is made from is followed.
const (
	stepsOfArgument = 20_000
	maxMadeFrom     = 2
	maxSource       = 4 << 10
)

// value is an argument as it evaluates: its texts, those of the elements of a list too. Of a call that can't be evaluated,
// such as one of path.join, it is what its arguments are.
func (f *finder) value(m *scope.Module, unit int32, names *unitNames, arg js.Node, depth int) []string {
	switch arg.Kind() {
	case js.ArrowFunction, js.FunctionExpression, js.Object:
		return nil
	}
	v := f.machine.RunWithin(stepsOfArgument, func() eval.Value { return f.machine.Eval(arg, f.machine.Enclosing(m, unit, arg)) })
	if list := f.texts(v, 0); list != nil || depth > maxMadeFrom {
		return list
	}
	switch arg.Kind() {
	case js.CallExpression:
		var parts []string
		for a := arg.Child(js.FieldArguments).FirstChild(); a.Valid(); a = a.Next() {
			parts = append(parts, f.value(m, unit, names, a, depth+1)...)
		}
		if parts != nil {
			return []string{strings.Join(parts, "/")}
		}
	case js.Identifier:
		if i, ok := names.useAt(arg); ok && names.Uses[i].Local != binding.Outer {
			d := definition(names.Locals[names.Uses[i].Local].Declared)
			if value := d.Child(js.FieldValue); value.Valid() {
				return f.value(m, unit, names, value, depth+1)
			}
		}
	}
	return nil
}

func (f *finder) texts(v eval.Value, depth int) (list []string) {
	if t := analyzer.TextOf(f.machine, v); t != nil {
		return []string{textOf(t)}
	}
	if o, ok := (eval.World{}).Pick(v).(*eval.Object); ok && o.Kind == eval.KindArray && depth < 2 {
		for _, e := range o.Elems {
			list = append(list, f.texts(e.Value, depth+1)...)
		}
	}
	return list
}

// madeFrom is a piece of source, and that of the values of the names in it that functions around it declare.
func (n *unitNames) madeFrom(piece js.Node, depth int) string {
	text := piece.Text()
	if len(text) > maxSource {
		text = text[:maxSource]
	}
	if depth == maxMadeFrom {
		return text
	}
	first, _ := n.useAt(piece)
	for _, u := range n.Uses[first:] {
		if u.Node.Start() >= piece.End() {
			break
		}
		if u.Local == binding.Outer {
			continue
		}
		d := n.Locals[u.Local].Declared
		for d.Valid() && d.Kind() != js.VariableDeclarator && !d.IsFunction() {
			d = d.Parent()
		}
		if value := d.Child(js.FieldValue); d.Kind() == js.VariableDeclarator && value.Valid() && !value.IsFunction() {
			text += "\n" + n.madeFrom(value, depth+1)
		}
	}
	return text
}
