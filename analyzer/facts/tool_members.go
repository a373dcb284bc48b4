package facts

import (
	"bytes"
	"maps"
	"slices"
	"sort"
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// A program that defines many tools for itself lists them somewhere: in an array of them, some under a condition. Its
// members are what the model is given; a tool that stands in no such list may be handed out in another way, or never.

// Bounds of the search for such lists.
const (
	manyOwn     = 8  // a program that defines more tools for itself lists them
	fewMembers  = 5  // fewer are no list of a program's tools
	maxSampled  = 6  // tools whose mentions are looked at
	maxMentions = 64 // of one of them
)

// memberships is what the lists of a program's tools say of each by its name.
type memberships map[string]membership

// membership is a tool's place in such a list: under which condition it is handed out, and where the object that is
// handed out was made, which tells it from others of its name.
type membership struct {
	when  *eval.Cond
	site  eval.Site
	order int // among all that stand in lists
}

// add takes down a place in a list; of several the one that is on by default.
func (m memberships) add(name string, at membership) {
	old, ok := m[name]
	if at.order = len(m); ok {
		at.order = old.order
	}
	if !ok || !old.when.Default() {
		m[name] = at
	}
}

// addAll takes down all places of another list, in its order.
func (m memberships) addAll(list memberships) {
	for _, name := range list.names() {
		m.add(name, list[name])
	}
}

// or adds a list that may be given instead: a tool in both is there where either has it.
func (m memberships) or(list memberships) {
	for _, name := range list.names() {
		place := list[name]
		if old, ok := m[name]; ok {
			place.when, place.order = eval.Or(old.when, place.when), old.order
			m[name] = place
		} else {
			m.add(name, place)
		}
	}
}

// names are the names of the tools in the order of their lists.
func (m memberships) names() []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int { return m[a].order - m[b].order })
}

// asList is the list of tools as a prompt gets it: each is there where the program hands it out.
func (f *finder) asList() eval.Value {
	list := f.Machine.NewArray()
	for _, name := range f.lists.names() {
		d := f.best(f.byName[name])
		if when, _ := f.handedOut(d, nil); when != nil {
			there := eval.Named("tool "+name, "tools include "+strconv.Quote(name), eval.Subject{Kind: schema.KindTool, Name: name}, when)
			list.Elems = append(list.Elems, eval.Elem{Value: d.object, When: there})
		}
	}
	added := &eval.Unknown{Key: "added tool", Expr: "tool", Why: "a tool that is added when it runs"}
	list.Elems = append(list.Elems, eval.Elem{Value: added, When: eval.Named("tools added", "tools are added", eval.Subject{Kind: schema.KindOther, Name: "added tools"}, eval.Not(nil)), Each: "added tools"})
	return list
}

// members finds the lists of the program's own tools that are handed out, nil where there is none, and those of what there
// may be.
func (f *finder) members() (lists, possible memberships) {
	own := f.ownTools()
	if len(own) <= manyOwn {
		return nil, nil
	}
	var sources []listing
	for _, a := range f.arraysOf(own) {
		if list := f.membersOf(a); len(list) >= max(fewMembers, len(own)/4) {
			sources = append(sources, listing{a, list})
		}
	}
	return f.handedOn(sources)
}

// ownTools are the names of tools that the program defines for itself and keeps under a name, in order.
func (f *finder) ownTools() (names []string) {
	for name, list := range f.byName {
		for _, d := range list {
			if d.call && !d.served && d.origin.Symbol != "" {
				names = append(names, name)
				break
			}
		}
	}
	sort.Strings(names)
	return names
}

// array is an array literal that mentions a tool.
type array struct {
	module *scope.Module
	unit   int32
	node   js.Node
}

// arraysOf finds array literals that some of the tools stand in.
func (f *finder) arraysOf(own []string) (found []array) {
	seen := map[place]bool{}
	step := max(1, len(own)/maxSampled)
	for i := 0; i < len(own); i += step {
		for _, d := range f.byName[own[i]] {
			if d.origin.Symbol == "" || d.served || !d.call {
				continue
			}
			f.mentions(d, func(m *scope.Module, unit int32, n js.Node) {
				a := arrayAround(n)
				if a.Valid() && !seen[placeOf(a)] {
					seen[placeOf(a)] = true
					found = append(found, array{m, unit, a})
				}
			})
		}
	}
	return found
}

// mentions visits the places where the name that holds a tool is used, in its module and in those that import it.
func (f *finder) mentions(d *definition, visit func(*scope.Module, int32, js.Node)) {
	for _, m := range f.Program.Modules {
		if m.Name == d.origin.Module {
			f.mentionsIn(m, d.origin.Symbol, visit)
			for _, i := range m.Importers(d.origin.Symbol) {
				f.mentionsIn(i.Module, i.Local, visit)
			}
		}
	}
}

func (f *finder) mentionsIn(m *scope.Module, symbol string, visit func(*scope.Module, int32, js.Node)) {
	seen := 0
	for at := range js.Words(m.Text, symbol) {
		if !inArray(m.Text, at, at+len(symbol)) {
			continue
		}
		if seen++; seen > maxMentions {
			return
		}
		if tree, unit := m.TreeAt(uint32(at)); tree != nil {
			if n := nodeAt(tree, uint32(at)); n.Kind() == js.Identifier {
				visit(m, unit, n)
			}
		}
	}
}

// inArray tells whether text[from:to] may be an element of an array literal, by what stands beside it.
func inArray(text []byte, from, to int) bool {
	before, after := bytes.TrimRight(text[max(0, from-40):from], " \n\t\r"), bytes.TrimLeft(text[to:min(len(text), to+40)], " \n\t\r")
	if len(before) == 0 || len(after) == 0 {
		return false
	}
	return (before[len(before)-1] == '[' || before[len(before)-1] == ',') && (after[0] == ',' || after[0] == ']')
}

// arrayAround is the outermost array literal that n is an element of, at any depth of arrays and conditions.
func arrayAround(n js.Node) (found js.Node) {
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.Array:
			found = p
		case js.SpreadElement, js.TernaryExpression, js.ParenthesizedExpression, js.BinaryExpression:
		default:
			return found
		}
	}
	return found
}

// membersOf evaluates an array and returns the tools in it, with the condition of each.
func (f *finder) membersOf(a array) memberships { return f.membersWithin(a, maxRegistrationSteps) }

func (f *finder) membersWithin(a array, steps int) memberships {
	list := memberships{}
	o, ok := f.evalWithin(steps, a.module, a.unit, a.node).(*eval.Object)
	if !ok {
		return list
	}
	for _, e := range o.Elems {
		if e.Each == "" {
			f.member1(list, e.Value, orTrue(e.When))
		}
	}
	return list
}

// member1 adds the tools that an element may be, each with its condition.
func (f *finder) member1(list memberships, v eval.Value, when *eval.Cond) {
	switch v := v.(type) {
	case *eval.Choice:
		f.member1(list, v.Then, eval.And(when, v.Cond))
		f.member1(list, v.Else, eval.And(when, eval.Not(v.Cond)))
	case *eval.Object:
		if name, ok := f.name(v); ok && f.byName[name] != nil {
			list.add(name, membership{when: when, site: v.Site})
		}
	}
}
