package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// A program puts the sub-agents that its model may start into a list, each under its condition. One that is in no list is
// started by the program itself.

// minListed is of how many sub-agents a list is one of sub-agents.
const minListed = 2

// placedAgent is a sub-agent and where its definition stands.
type placedAgent struct {
	schema.Agent
	module *scope.Module
	node   js.Node
}

// agentLists are the lists of sub-agents of a program.
type agentLists struct {
	when  map[string]*eval.Cond // under which one is in a list, by name
	whole bool                  // all of every list was seen
}

// listAgents says of sub-agents when the model may start them.
func (f *finder) listAgents(w *promptWriter, agents []placedAgent) {
	lists := agentLists{when: map[string]*eval.Cond{}, whole: true}
	seen := map[js.Node]bool{}
	for _, a := range agents {
		for _, n := range f.listing(a) {
			fn := n.EnclosingFunction()
			if seen[fn] && fn.Valid() || seen[n] {
				continue
			}
			seen[fn], seen[n] = true, true
			if fn.Valid() && f.readList(&lists, w.resultWithin(fn, stepsOfAssembly)) {
				continue
			}
			seen[fn] = false // what it makes of the list is another thing
			if n.Kind() == js.Array {
				f.readList(&lists, w.eval(n))
			}
		}
	}
	if len(lists.when) < minListed {
		return
	}
	for i := range agents {
		a := &agents[i].Agent
		cond, listed := lists.when[a.Name]
		switch {
		case listed:
			on := cond.ByDefault()
			a.Enabled = &on
			if _, constant := cond.Constant(); !constant {
				a.EnabledWhen = f.Cond(cond)
			}
		case lists.whole:
			off := false
			a.Enabled, a.Internal = &off, true
		}
	}
}

// listing are the arrays that are written with a sub-agent in them, and the arguments with which one is added to a list, in
// the order of their places.
func (f *finder) listing(a placedAgent) (places []js.Node) {
	if isInList(a.node) {
		return []js.Node{a.node.Parent()}
	}
	name := symbol(a.node)
	if name == "" {
		return nil
	}
	places = listingIn(places, a.module, name)
	for _, i := range a.module.Importers(name) {
		places = listingIn(places, i.Module, i.Local)
	}
	return places
}

func listingIn(places []js.Node, m *scope.Module, name string) []js.Node {
	for at := range js.Words(m.Text, name) {
		tree, _ := m.TreeAt(uint32(at))
		if tree == nil {
			continue
		}
		if n := identifierAt(tree, uint32(at)); n.Valid() && isInList(n) {
			places = append(places, n.Parent())
		}
	}
	return places
}

// isInList tells a name, or an object, that is an element of an array, or is added to one.
func isInList(n js.Node) bool {
	switch p := n.Parent(); p.Kind() {
	case js.Array:
		return true
	case js.Arguments:
		switch p.Parent().Child(js.FieldFunction).Child(js.FieldProperty).Text() {
		case "push", "unshift", "concat":
			return true
		}
	}
	return false
}

// readList takes down the sub-agents that a value lists; false where it is no list of them.
func (f *finder) readList(lists *agentLists, v eval.Value) bool {
	found := agentLists{when: map[string]*eval.Cond{}, whole: true}
	f.agentsIn(&found, v, nil)
	if len(found.when) < minListed {
		return false
	}
	lists.whole = lists.whole && found.whole
	for name, cond := range found.when {
		lists.list(name, cond)
	}
	return true
}

// list takes down that a sub-agent is in a list under a condition; nil is always.
func (l *agentLists) list(name string, cond *eval.Cond) {
	if other, ok := l.when[name]; ok {
		cond = eval.Or(other, cond)
	}
	l.when[name] = eval.And(cond, nil)
}

// agentsIn takes down the elements of a list that are sub-agents, in the branches of a choice under their conditions.
func (f *finder) agentsIn(lists *agentLists, v eval.Value, when *eval.Cond) {
	switch v := v.(type) {
	case *eval.Choice:
		f.agentsIn(lists, v.Then, eval.And(when, v.Cond))
		f.agentsIn(lists, v.Else, eval.And(when, eval.Not(v.Cond)))
	case *eval.Object:
		if v.Kind != eval.KindArray {
			lists.whole = false
			return
		}
		for _, e := range v.Elems {
			o, ok := (eval.World{}).Pick(e.Value).(*eval.Object)
			name := ""
			if ok {
				name = f.text(o, append(slices.Clone(f.Words("mark.agent")), "name")...)
			}
			if name == "" || e.Each != "" {
				lists.whole = false
				continue
			}
			lists.list(name, eval.And(when, e.When))
		}
	default:
		lists.whole = false
	}
}
