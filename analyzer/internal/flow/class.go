package flow

import (
	"bytes"
	"iter"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Values in instances: what the members of a class are, by its fields, its methods, what its methods assign to this, and
// what its constructor is given.

// ofInstance is the path element for an instance of what is followed: a class.
const ofInstance = "^"

// Bounds of the search for what a class is made with.
const (
	maxMade    = 40 // places where instances of one class are made
	maxInvoked = 24 // calls of one method by its name; more are those of many classes
)

// class is what is known of one class, or of an object whose methods speak of this.
type class struct {
	assigned map[string][]js.Node // assignments to members of this, and calls that add to them, by the member
}

// classAround is the class, or object, whose this a node means; no node where that is not known.
func classAround(n js.Node) js.Node {
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.FunctionExpression, js.FunctionDeclaration, js.GeneratorFunction, js.GeneratorFunctionDeclaration:
			if p.Parent().Kind() == js.Pair {
				return p.Parent().Parent()
			}
			return js.Node{}
		case js.MethodDefinition, js.FieldDefinition:
			if o := p.Parent(); o.Kind() == js.Object {
				return o
			}
			return p.Parent().Parent()
		}
	}
	return js.Node{}
}

// this follows a member of this, or of what the class around extends.
func (t *Tracer) this(it item) {
	c := classAround(it.node)
	switch {
	case !c.Valid():
	case c.Kind() == js.Object:
		t.object(item{c, it.path, nil, it.tag, t.within, t.join})
	case it.node.Kind() == js.Super:
		t.inherited(c, it.path)
	default:
		t.instance(c, it.path)
	}
}

// instance follows a member of the instances of a class.
func (t *Tracer) instance(c js.Node, path string) {
	key, rest := cut(path)
	if key == "" || key == anyElement {
		return
	}
	found := false
	for m := c.Child(js.FieldBody).FirstChild(); m.Valid(); m = m.Next() {
		found = t.classMember(m, key, rest) || found
	}
	for _, n := range t.classOf(c).assigned[key] {
		found = true
		if n.Kind() == js.CallExpression {
			t.added(n, rest, nil)
			continue
		}
		left := n.Child(js.FieldLeft)
		below := left.Child(js.FieldObject)
		if below.Kind() == js.This {
			t.add(n.Child(js.FieldRight), rest, nil)
			continue
		}
		if head, after := cut(rest); head == memberKey(left.Child(js.FieldProperty)) { // this.key.head = value
			t.add(n.Child(js.FieldRight), after, nil)
		}
	}
	if !found {
		t.inherited(c, path)
	}
}

// classMember follows a member of a class's body, if it is the one that is wanted.
func (t *Tracer) classMember(m js.Node, key, rest string) bool {
	switch m.Kind() {
	case js.FieldDefinition:
		if memberKey(m.Child(js.FieldProperty)) != key {
			return false
		}
		t.add(m.Child(js.FieldValue), rest, nil)
		return m.Child(js.FieldValue).Valid()
	case js.MethodDefinition:
		if memberKey(m.Child(js.FieldName)) != key || m.ChildOfKind(js.KeywordSet).Valid() {
			return false
		}
		if m.ChildOfKind(js.KeywordGet).Valid() {
			rest = join(t.callElement(js.Node{}, nil, false), rest)
		}
		t.add(m, rest, nil)
		return true
	}
	return false
}

// memberKey is the name of a member as a path has it: a private one's with another mark, as # is that of an index.
func memberKey(n js.Node) string {
	name := keyText(n)
	if rest, private := strings.CutPrefix(name, "#"); private {
		return "~" + rest
	}
	return name
}

// inherited follows a member of the class that a class extends.
func (t *Tracer) inherited(c js.Node, path string) {
	if h := c.ChildOfKind(js.ClassHeritage); h.Valid() {
		t.add(h.FirstChild(), join(ofInstance, path), nil)
	}
}

// class follows a path in a class: in its instances, or in the class itself.
func (t *Tracer) class(it item) {
	if head, rest := cut(it.path); head == ofInstance {
		t.instance(it.node, rest)
		return
	}
	key, rest := cut(it.path)
	for m := it.node.Child(js.FieldBody).FirstChild(); m.Valid() && key != ""; m = m.Next() {
		if m.ChildOfKind(js.KeywordStatic).Valid() {
			t.classMember(m, key, rest)
		}
	}
}

// classOf collects what the methods of a class assign to members of this.
func (t *Tracer) classOf(c js.Node) *class {
	if known := t.classes[c]; known != nil {
		return known
	}
	found := &class{assigned: map[string][]js.Node{}}
	t.classes[c] = found
	tree := c.Tree()
	for i := int(c.Index()) + 1; i < c.After(); i++ {
		n := tree.At(i)
		var of js.Node
		switch n.Kind() {
		case js.AssignmentExpression, js.AugmentedAssignment:
			of = n.Child(js.FieldLeft)
			if below := of.Child(js.FieldObject); below.Kind() == js.MemberExpression {
				of = below
			}
		case js.CallExpression:
			if callee := n.Child(js.FieldFunction); callee.Kind() == js.MemberExpression && isAdding(callee.Child(js.FieldProperty).Text()) {
				of = callee.Child(js.FieldObject)
			}
		}
		if of.Kind() == js.MemberExpression && of.Child(js.FieldObject).Kind() == js.This && classAround(n) == c {
			key := memberKey(of.Child(js.FieldProperty))
			found.assigned[key] = append(found.assigned[key], n)
		}
	}
	return found
}

// callersOfMethod are the places where a class's method is given its arguments: where instances are made, for the
// constructor, and calls by its name for others.
func (t *Tracer) callersOfMethod(method js.Node) (calls []js.Node) {
	c := method.Parent().Parent()
	name := method.Child(js.FieldName)
	switch {
	case c.Kind() != js.Class && c.Kind() != js.ClassDeclaration:
		return nil
	case name.Text() == "constructor":
		return t.makersOf(c)
	case method.ChildOfKind(js.KeywordSet).Valid():
		return nil
	}
	return t.invoked(name.Text(), maxInvoked)
}

// invoked are the calls of methods by a name; none where they are more than a bound.
func (t *Tracer) invoked(name string, most int) (calls []js.Node) {
	if t.invocations == nil {
		t.invocations = indexMembers(t.Program.Modules, js.CalledNames, maxInvoked)
	}
	places := t.invocations[name]
	if len(places) > most {
		return nil
	}
	for _, p := range places {
		if call := t.nodeAround(p.module, int(p.at), js.CallExpression); call.Valid() && call.Child(js.FieldFunction).Child(js.FieldProperty).Start() == p.at {
			calls = append(calls, call)
		}
	}
	return calls
}

// place is where a name stands.
type place struct {
	module *scope.Module
	at     uint32
}

// indexMembers finds the names of members among those that names yields of a source, by name: of each its places, or one
// more than most where there are more than that.
func indexMembers(modules []*scope.Module, names func([]byte) iter.Seq2[int, int], most int) map[string][]place {
	index := map[string][]place{}
	for _, m := range modules {
		for start, end := range names(m.Text) {
			if start == 0 || m.Text[start-1] != '.' {
				continue
			}
			if places := index[string(m.Text[start:end])]; len(places) <= most {
				index[string(m.Text[start:end])] = append(places, place{m, uint32(start)})
			}
		}
	}
	return index
}

// makersOf are the places where instances of a class are made: new expressions, and calls of super in the classes that
// extend it.
func (t *Tracer) makersOf(c js.Node) (calls []js.Node) {
	name := c.Child(js.FieldName)
	switch p := c.Parent(); {
	case p.Kind() == js.VariableDeclarator:
		name = p.Child(js.FieldName)
	case p.Kind() == js.AssignmentExpression:
		name = p.Child(js.FieldLeft)
	}
	if name.Kind() != js.Identifier {
		return nil
	}
	m := t.module(c)
	in := append([]scope.Importer{{Module: m, Local: name.Text()}}, m.Importers(name.Text())...)
	for _, i := range in {
		for at := range js.Words(i.Module.Text, i.Local) {
			before := bytes.TrimRight(i.Module.Text[max(0, at-40):at], " \n\t")
			switch {
			case bytes.HasSuffix(before, []byte("new")):
				if n := t.nodeAround(i.Module, at, js.NewExpression); n.Valid() {
					calls = append(calls, n)
				}
			case bytes.HasSuffix(before, []byte("extends")):
				if h := t.nodeAround(i.Module, at, js.ClassHeritage); h.Valid() {
					calls = append(calls, superCalls(h.Parent())...)
				}
			}
			if len(calls) > maxMade {
				return calls
			}
		}
	}
	return calls
}

// superCalls are the calls of super in a class.
func superCalls(c js.Node) (calls []js.Node) {
	for i := int(c.Index()) + 1; i < c.After(); i++ {
		if n := c.Tree().At(i); n.Kind() == js.CallExpression && n.Child(js.FieldFunction).Kind() == js.Super {
			calls = append(calls, n)
		}
	}
	return calls
}

// nodeAround is the innermost node of a kind around an offset of a module.
func (t *Tracer) nodeAround(m *scope.Module, at int, kind js.Kind) js.Node {
	tree, _ := m.TreeAt(uint32(at))
	if tree == nil {
		return js.Node{}
	}
	var found js.Node
	for i := 0; i < tree.Len(); {
		n := tree.At(i)
		if n.Start() > uint32(at) || n.End() <= uint32(at) {
			i = n.After()
			continue
		}
		if n.Kind() == kind {
			found = n
		}
		i++
	}
	return found
}
