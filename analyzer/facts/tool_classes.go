package facts

import (
	"bytes"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// template is what a class says of its instances: a method that makes the description of a tool of this. What the
// tool is called and takes comes from a subclass.
type template struct {
	analyzer.Match
	class  js.Node
	method js.Node
	key    string
}

// maxSubclasses bounds the subclasses that are looked at for one class, and maxHeirs how far down.
const (
	maxSubclasses = 400
	maxHeirs      = 4
)

// templateOf notes a description of a tool by a method of a class, where only an instance names the tool.
func (f *finder) templateOf(m analyzer.Match, n js.Node) {
	method := n.EnclosingFunction()
	if method.Kind() != js.MethodDefinition {
		return
	}
	class := method.Parent().Parent()
	if class.Kind() != js.Class && class.Kind() != js.ClassDeclaration {
		return
	}
	f.templates = append(f.templates, template{m, class, method, m.Capture("key").Text()})
}

// heirs reads the tools that classes make of their templates, and those that extend them.
func (f *finder) heirs() {
	seen := map[[2]place]bool{}
	for _, t := range f.templates {
		read := func(m *scope.Module, unit int32, class js.Node) {
			id := [2]place{placeOf(class), placeOf(t.method)}
			if !seen[id] {
				seen[id] = true
				f.heir(t, m, unit, class)
			}
		}
		read(t.Module, t.Unit, t.class)
		f.subclasses(t.Module, t.class, 0, read)
	}
}

// heir reads the tool that an instance of a class is by a template.
func (f *finder) heir(t template, module *scope.Module, unit int32, class js.Node) {
	var instance eval.Value
	v := f.Machine.Run(func() eval.Value {
		instance = f.instance(module, unit, class)
		name := t.method.Child(js.FieldName).Text()
		if t.method.ChildOfKind(js.KeywordGet).Valid() {
			return f.Machine.Get(instance, name)
		}
		return f.Machine.Invoke(instance, name, f.unknown("options"), f.unknown("context"))
	})
	o, ok := f.inAllWorlds(v)
	if !ok {
		return
	}
	if d := f.read(o); d != nil {
		d.call = true
		f.keep(class, d)
	}
}

// inAllWorlds is the object that a value is, where it is one in each world: of several, one whose members are what theirs
// are under their conditions.
func (f *finder) inAllWorlds(v eval.Value) (o *eval.Object, ok bool) {
	if _, choice := v.(*eval.Choice); !choice {
		o, ok = v.(*eval.Object)
		return o, ok
	}
	if o, ok = (eval.World{}).Pick(v).(*eval.Object); !ok {
		return nil, false
	}
	all := f.Machine.NewObject()
	all.Site = o.Site
	eachObject(v, nil, func(one *eval.Object, _ *eval.Cond) {
		for _, key := range one.AllKeys() {
			if all.Own(key) == nil {
				all.Define(key, f.Machine.Run(func() eval.Value { return f.Machine.Get(v, key) }))
			}
		}
	})
	return all, true
}

// instance makes an instance of a class, by the name that holds it where there is one: what is set on that belongs
// to the class.
func (f *finder) instance(module *scope.Module, unit int32, class js.Node) eval.Value {
	n := class
	if name := nameOf(class); name.Valid() {
		n = name
	}
	v := f.Machine.Eval(n, f.Machine.Enclosing(module, unit, class))
	return f.Machine.New(v, []eval.Value{f.unknown("a"), f.unknown("b"), f.unknown("c"), f.unknown("d")})
}

var extends = []byte("extends ")

// subclasses visits the classes of the program that extend a class, and those that extend them.
func (f *finder) subclasses(module *scope.Module, class js.Node, depth int, visit func(m *scope.Module, unit int32, class js.Node)) {
	name := nameOf(class)
	if !name.Valid() || depth > maxHeirs {
		return
	}
	found := 0
	f.extending(module, name.Text(), func(m *scope.Module, at int) bool {
		found++
		if u := m.Index().UnitAt(uint32(at)); u >= 0 {
			if c := f.classAt(m, u, uint32(at), class); c.Valid() {
				visit(m, u, c)
				f.subclasses(m, c, depth+1, visit)
			}
		}
		return found < maxSubclasses
	})
}

// extending yields the places behind "extends" where what a module calls name may stand: by that name, by the one that
// another module imports it under, and as a member of what another module imports.
func (f *finder) extending(module *scope.Module, name string, yield func(m *scope.Module, at int) bool) {
	importers := append([]scope.Importer{{Module: module, Local: name}}, module.Importers(name)...)
	for _, i := range importers {
		for at := range js.Words(i.Module.Text, i.Local) {
			if bytes.HasSuffix(i.Module.Text[:at], extends) && !yield(i.Module, at) {
				return
			}
		}
	}
	if len(f.Program.Modules) == 1 {
		return
	}
	members := append([]string{name}, module.ExportsOf(name)...)
	slices.Sort(members)
	for _, member := range slices.Compact(members) {
		for _, m := range f.Program.Modules {
			for at := range js.Members(m.Text, member) {
				start := bytes.LastIndexByte(m.Text[:at], ' ') + 1
				if bytes.HasSuffix(m.Text[:start], extends) && !yield(m, start) {
					return
				}
			}
		}
	}
}

// classAt returns the class whose heritage begins at an offset, where that is super.
func (f *finder) classAt(module *scope.Module, unit int32, at uint32, super js.Node) js.Node {
	tree, err := module.Tree(unit)
	if err != nil {
		return js.Node{}
	}
	h := nodeAt(tree, at)
	for h.Valid() && h.Kind() != js.ClassHeritage {
		h = h.Parent()
	}
	if !h.Valid() {
		return js.Node{}
	}
	o, ok := f.eval1(module, unit, h.FirstChild()).(*eval.Object)
	if !ok || o.Func == nil || o.Func.Node.Start() != super.Start() || o.Func.Node.Tree().Module != super.Tree().Module {
		return js.Node{}
	}
	return h.Parent()
}
