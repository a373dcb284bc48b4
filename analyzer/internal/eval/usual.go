package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// Bounds of the search for what a parameter usually is.
const (
	maxHandedOn = 3  // hands through which it passes
	maxPassedOn = 24 // parameters that it becomes
	maxUses     = 64 // calls of one of them
	stepsOfUse  = 60_000
)

// givesItself is what follows the name of a function that is called with what a call without arguments gives.
var givesItself = lazyregexp.New(`^\(([A-Za-z_$][\w$]*)\(\)[,)]`)

// SupposeUsual finds what the parameters of f usually are, where nothing is known of its callers, and takes that for their
// values in the default world: a function that f passes its parameter on to may be given, elsewhere, what another
// function returns that takes no arguments, as in describe(currentModel()). Only texts are taken, as they are in a world.
// It tells whether there is any.
func (m *Machine) SupposeUsual(w *World, f js.Node) (found bool) {
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		key := ParameterKey(p)
		if _, known := m.supposed[key]; known || p.Kind() != js.Identifier {
			continue
		}
		if v := m.usually(w, parameterOf{f, p.Text()}); v != nil {
			m.Suppose(key, v)
			found = true
		}
	}
	return found
}

// UsuallyGiven is the text that functions are given first by calls without arguments, of several the one of the function
// that the program calls most; nil where there is none.
func (m *Machine) UsuallyGiven(w *World, functions []js.Node) Value {
	var usual givenText
	for _, f := range functions {
		module := m.Program.Modules[f.Tree().Module]
		usual = usual.orMoreUsual(m.givenTo(w, spot{module, module.Index().UnitAt(f.Start()), f}))
	}
	return usual.value()
}

// givenText is a text that a function gives, and how often the program calls that.
type givenText struct {
	text  String
	calls int
}

// orMoreUsual is g, or one of others of a function that is called more often.
func (g givenText) orMoreUsual(others []givenText) givenText {
	for _, o := range others {
		if o.calls > g.calls {
			g = o
		}
	}
	return g
}

func (g givenText) value() Value {
	if g.text == "" {
		return nil
	}
	return g.text
}

// parameterOf is a parameter of a function, by its name.
type parameterOf struct {
	f    js.Node
	name string
}

// usually is what a parameter usually is; nil where that is not known. What is nearer to its function is the surer.
func (m *Machine) usually(w *World, p parameterOf) Value {
	seen := map[parameterOf]bool{p: true}
	for level, hops := []parameterOf{p}, 0; hops < maxHandedOn && len(level) > 0; hops++ {
		var usual givenText
		var next []parameterOf
		for _, p := range level {
			for _, g := range m.passedOnTo(p) {
				if g.first {
					usual = usual.orMoreUsual(m.givenTo(w, g.spot))
				}
				if !seen[g.parameter] && len(seen) < maxPassedOn {
					seen[g.parameter] = true
					next = append(next, g.parameter)
				}
			}
		}
		if v := usual.value(); v != nil {
			return v
		}
		level = next
	}
	return nil
}

// givenTo are the texts that a function is given by calls without arguments.
func (m *Machine) givenTo(w *World, g spot) (texts []givenText) {
	for _, use := range m.usesOf(g) {
		v := m.RunIn(w, stepsOfUse, func() Value { return m.Eval(use.node, m.Enclosing(use.module, use.unit, use.node)) })
		if s, ok := Default(v).(String); ok && s != "" {
			texts = append(texts, givenText{s, m.timesCalled(use)})
		}
	}
	return texts
}

// timesCalled is how often the program seems to call the function that a call calls: once at least.
func (m *Machine) timesCalled(call spot) int {
	f, ok := m.functionNamed(call.module, call.node.Child(js.FieldFunction).Text())
	if !ok {
		return 1
	}
	mentions, _ := m.mentionsOf(f)
	return max(1, len(mentions))
}

// functionNamed is the function that a module has under a name, where it stands.
func (m *Machine) functionNamed(module *scope.Module, name string) (spot, bool) {
	c := m.global(module, -1, name)
	if c == nil {
		return spot{}, false
	}
	o, ok := m.force(c).(*Object)
	if !ok || o.Func == nil || !o.Func.Node.IsFunction() {
		return spot{}, false
	}
	of := m.Program.Modules[o.Func.Node.Tree().Module]
	return spot{of, of.Index().UnitAt(o.Func.Node.Start()), o.Func.Node}, true
}

// passedOn is a function to which a parameter is passed on, and its own parameter for it.
type passedOn struct {
	spot
	first     bool
	parameter parameterOf
}

// passedOnTo are the functions that are called with a parameter.
func (m *Machine) passedOnTo(p parameterOf) (list []passedOn) {
	tree := p.f.Tree()
	module := m.Program.Modules[tree.Module]
	for i := int(p.f.Index()); i < p.f.After(); i++ {
		call := tree.At(i)
		callee := call.Child(js.FieldFunction)
		if call.Kind() != js.CallExpression || callee.Kind() != js.Identifier {
			continue
		}
		at := 0
		arg := call.Child(js.FieldArguments).FirstChild()
		for ; arg.Valid() && !(arg.Kind() == js.Identifier && arg.Text() == p.name); arg = arg.Next() {
			at++
		}
		if !arg.Valid() {
			continue
		}
		g, ok := m.functionNamed(module, callee.Text())
		if !ok {
			continue
		}
		next := passedOn{spot: g, first: at == 0}
		own := g.node.Child(js.FieldParameters).FirstChild()
		for ; own.Valid() && at > 0; own = own.Next() {
			at--
		}
		next.parameter = parameterOf{g.node, own.Text()}
		list = append(list, next)
	}
	return list
}

// usesOf are the calls without arguments whose results a function is given first.
func (m *Machine) usesOf(g spot) (list []spot) {
	mentions, find := m.mentionsOf(g)
	if find == nil || len(mentions) > maxUses {
		return nil
	}
	for _, at := range mentions {
		text := at.module.Text[at.at:]
		text = text[:min(len(text), 160)]
		for len(text) > 0 && text[0] != '(' {
			text = text[1:]
		}
		if index := at.module.Index(); !givesItself.Get().Match(text) || !worthParsing(index, index.UnitAt(at.at)) {
			continue
		}
		if call, ok := find(at); ok {
			call.node = call.node.Child(js.FieldArguments).FirstChild()
			list = append(list, call)
		}
	}
	return list
}
