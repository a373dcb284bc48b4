package ledger

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
)

// name is a name as one scope of a program declares it.
type name struct {
	module int
	scope  int // where the function starts that declares it; inModule for one of the module itself
	text   string
}

const inModule = -1

// place is where a value passes through: a parameter of a function, what it returns, or a variable.
type place struct {
	name
	index int
}

// Places of a name that are no parameter.
const (
	asVariable = -1
	asResult   = -2
)

// passing is what a program does with the values that pass through its names.
type passing struct {
	defined map[name]int // how often a name is that of a function
	rules   map[place]string
	next    map[place][]place
	imports map[name]name // what an imported name is in the module that declares it
}

func newPassing() *passing {
	return &passing{map[name]int{}, map[place]string{}, map[place][]place{}, map[name]name{}}
}

// maxNext bounds the places to which values go on from one place.
const maxNext = 8

// to notes that what passes through a place goes to where an expression stands.
func (w *passing) to(from place, n js.Node, s *scopes) {
	rule, _, on := destination(n)
	if rule != RuleUnknown {
		w.settle(from, rule)
		return
	}
	at, ok := s.place(on)
	if ok && at != from && len(w.next[from]) < maxNext {
		w.next[from] = append(w.next[from], at)
		w.variable(at, on.variable, s)
	}
	if from.index == asResult && (!ok || len(w.next[from]) == maxNext) {
		w.settle(from, RuleUnknown)
	}
}

// settle notes a rule of a place. A parameter has the first, that of an error, a log or an interface, for what else is
// done with it comes after; what a function returns has one where all that call it agree.
func (w *passing) settle(at place, rule string) {
	have := w.rules[at]
	switch {
	case at.index == asResult && have != "" && have != rule:
		w.rules[at] = RuleUnknown
	case at.index == asResult:
		w.rules[at] = rule
	case have == "" && (rule == RuleError || rule == RuleLog || rule == RuleInterface):
		w.rules[at] = rule
	}
}

// maxBody bounds a function whose parameters and variables are followed, in bytes.
const maxBody = 40_000

// add adds where the parameters of a function go.
func (w *passing) add(f js.Node, s *scopes) {
	at, ok := s.nameOf(f)
	if !ok {
		return
	}
	if w.defined[at]++; f.End()-f.Start() > maxBody {
		return
	}
	index := map[string]int{}
	if p := f.Child(js.FieldParameter); p.Valid() {
		index[p.Text()] = 0
	}
	i := 0
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		if p.Kind() == js.AssignmentPattern {
			p = p.Child(js.FieldLeft)
		}
		if p.Kind() == js.Identifier {
			index[p.Text()] = i
		}
		i++
	}
	if len(index) == 0 {
		return
	}
	body, tree := f.Child(js.FieldBody), f.Tree()
	for i := int(body.Index()); i < body.After(); i++ {
		n := tree.At(i)
		if p, ok := index[n.Text()]; ok && n.Kind() == js.Identifier {
			w.to(place{at, p}, n, s)
		}
	}
}

// variable adds where a variable of a function goes, once.
func (w *passing) variable(at place, declared js.Node, s *scopes) {
	if _, done := w.next[at]; done || !declared.Valid() || at.scope == inModule {
		return
	}
	w.next[at] = nil
	for f := declared.Parent(); f.Valid(); f = f.Parent() {
		if !f.IsFunction() || int(f.Start()) != at.scope {
			continue
		}
		tree := f.Tree()
		for i := int(f.Index()); i < f.After() && f.End()-f.Start() <= maxBody; i++ {
			if n := tree.At(i); n.Kind() == js.Identifier && n.Text() == at.text && n.Field() != js.FieldName && n.Field() != js.FieldLeft {
				w.to(at, n, s)
			}
		}
		return
	}
}

// called adds where the result of a call goes.
func (w *passing) called(call js.Node, s *scopes) {
	callee := call.Child(js.FieldFunction)
	if callee.Kind() == js.Identifier {
		w.to(place{s.declared(callee), asResult}, call, s)
	}
}

// module adds what a module imports from others.
func (w *passing) module(in *source.Input, module int, index *js.Index, exports func(module int) map[string]string) {
	for _, im := range index.Imports {
		target, ok := in.Resolve(in.Modules[module].Name, im.From, source.ByImport)
		if !ok || im.Local == "" {
			continue
		}
		if local, ok := exports(target)[im.Imported]; ok {
			w.imports[name{module, inModule, im.Local}] = name{target, inModule, local}
		}
	}
}

// Bounds of following one value: how many places one behind the other, and how many in all.
const (
	maxPassedOn = 6
	maxVisits   = 300
)

// rule follows a value from a place to one that has a rule; "" where there is none.
func (w *passing) rule(at place) string {
	visits := 0
	return w.follow(at, &visits, map[place]bool{})
}

// follow is rule within the places on the way.
func (w *passing) follow(at place, visits *int, way map[place]bool) string {
	if d, ok := w.imports[at.name]; ok {
		at.name = d
	}
	*visits++
	if *visits > maxVisits || len(way) == maxPassedOn || way[at] || at.index >= 0 && w.defined[at.name] != 1 { // which of them is called can't be told
		return ""
	}
	way[at] = true
	defer delete(way, at)
	rule := w.rules[at]
	for _, p := range w.next[at] {
		if rule != "" && at.index != asResult {
			return rule
		}
		switch r := w.follow(p, visits, way); {
		case at.index == asResult && (r == "" || rule != "" && r != rule):
			return ""
		case rule == "":
			rule = r
		}
	}
	if rule == RuleUnknown {
		return ""
	}
	return rule
}
