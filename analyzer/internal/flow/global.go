package flow

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// global follows a name of a module.
func (t *Tracer) global(it item, name string) {
	m := t.module(it.node)
	unit := m.Index().UnitAt(it.node.Start())
	if unit < 0 {
		return
	}
	b, ok := m.Lookup(m.Index().Units[unit].Thunk, name)
	if ok {
		t.binding(b, it.path)
	}
}

// binding follows what a name was found to be.
func (t *Tracer) binding(b scope.Binding, path string) {
	if b.Star != nil {
		if head, rest := cut(path); head != "" {
			t.binding(b.Star.Exported(head), rest)
		}
		return
	}
	if b.Required != nil {
		t.required(b, path)
	}
	if b.Module == nil {
		return
	}
	if inner, ok := b.Module.Nested(b.Name); ok && b.Thunk < 0 {
		if head, rest := cut(path); t.wraps(head) {
			t.commonJS(inner, rest)
		}
		return
	}
	for _, d := range b.Defs {
		if tree, err := b.Module.Tree(d.Unit); err == nil {
			t.defined(tree.Root(), b.Name, path)
		}
	}
}

// defined follows a name in the statement that gives it its value. Functions in it are left out.
func (t *Tracer) defined(root js.Node, name, path string) {
	it := item{path: path, tag: t.tag}
	tree := root.Tree()
	for i := int(root.Index()) + 1; i < tree.Len(); i++ {
		n := tree.At(i)
		switch n.Kind() {
		case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
			if n.Child(js.FieldName).Text() == name {
				t.add(n, path, nil)
			}
			i = n.After() - 1
		case js.VariableDeclarator:
			if p, ok := pathIn(n.Child(js.FieldName), name, path); ok {
				t.initialiser(n, p, it)
			}
		case js.AssignmentExpression, js.AugmentedAssignment:
			t.assigned(n, name, it)
		case js.CallExpression:
			t.pushed(n, name, it)
			t.exportsOf(n, name, path)
			t.copied(n, name, path)
		case js.FunctionExpression, js.ArrowFunction, js.MethodDefinition:
			i = n.After() - 1
		}
	}
}

// exportsOf follows define(ns, {name: () => value}), by which bundlers make the object of a module's exports, and
// define(ns, "name", {get: () => value}), by which compilers do.
func (t *Tracer) exportsOf(n js.Node, name, path string) {
	args := n.Child(js.FieldArguments)
	first := args.FirstChild()
	second := first.Next()
	key, rest := cut(path)
	switch {
	case first.Text() != name || key == "":
	case second.Kind() == js.Object:
		t.add(second, join(key, join(t.callElement(js.Node{}, nil, false), rest)), nil)
	case second.Kind() == js.String && keyText(second) == key && second.Next().Kind() == js.Object:
		t.add(second.Next(), join("get", join(t.callElement(js.Node{}, nil, false), rest)), nil)
		t.add(second.Next(), join("value", rest), nil)
	}
}

// imported follows a member of import(...) or require(...).
func (t *Tracer) imported(it item, callee, args js.Node) {
	first := args.FirstChild()
	if first.Kind() != js.String {
		return
	}
	m, specifier := t.module(it.node), keyText(first)
	if callee.Kind() == js.ImportKeyword {
		t.binding(m.Space(specifier), it.path)
		return
	}
	switch target, ok := m.Require(specifier); {
	case !ok:
	case target.IsCommonJS():
		t.commonJS(target, it.path)
	default:
		t.binding(scope.Binding{Star: target}, it.path)
	}
}

type exportKey struct {
	module int
	name   string
}

// callsOf finds the calls of what is declared under a name: in the function around it, or in the whole program.
func (t *Tracer) callsOf(name js.Node) []js.Node {
	for p := name.Parent(); p.Valid(); p = p.Parent() {
		if p.IsFunction() && p.Child(js.FieldName) != name {
			return t.callsIn(p, name.Text())
		}
	}
	m := t.module(name)
	k := exportKey{m.ID, name.Text()}
	if calls, ok := t.callers[k]; ok {
		return calls
	}
	calls := t.callsInModule(m, name.Text())
	for _, i := range m.Importers(name.Text()) {
		calls = append(calls, t.callsInModule(i.Module, i.Local)...)
	}
	t.callers[k] = calls
	return calls
}

func (t *Tracer) callsIn(p js.Node, name string) (calls []js.Node) {
	for _, i := range below(p, t.namesOf(p.Tree()).called[name]) {
		calls = append(calls, p.Tree().At(int(i)))
	}
	return calls
}

// maxCalls bounds how many calls of one function are looked at.
const maxCalls = 1500

// callsInModule finds the calls of a module-level name in a module.
func (t *Tracer) callsInModule(m *scope.Module, name string) (calls []js.Node) {
	done := map[int32]bool{}
	for _, at := range m.Calls(name) {
		unit := m.Index().UnitAt(at)
		if unit < 0 || done[unit] || len(calls) > maxCalls {
			continue
		}
		done[unit] = true
		if tree, err := m.Tree(unit); err == nil {
			calls = append(calls, t.callsIn(tree.Root(), name)...)
		}
	}
	return calls
}
