package facts

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Agents finds the sub-agents that a program can start.
var Agents = analyzer.Fact{
	Name:  "agents",
	Doc:   "sub-agents: when to use them, their tools and their prompts",
	Query: queries.Text("agents"),
	Run:   runAgents,
}

func runAgents(p *analyzer.Pass) error {
	f := &finder{Pass: p, followed: map[js.Node]bool{}}
	w := newPromptWriter(p)
	byName := map[string]placedAgent{}
	for _, m := range p.Matches {
		f.definitions(w, m, m.Capture("definition.agent"), func(o *eval.Object, n js.Node) bool {
			a, ok := f.agent(o)
			if !ok {
				return false
			}
			a.Origin = originOf(m, n)
			a.Origin.Symbol = symbol(n)
			if old, seen := byName[a.Name]; !seen || old.Prompt == nil && a.Prompt != nil {
				byName[a.Name] = placedAgent{a, m.Module, n}
			}
			return true
		})
	}
	agents := slices.SortedFunc(maps.Values(byName), func(a, b placedAgent) int { return cmp.Compare(a.Name, b.Name) })
	f.listAgents(w, agents)
	for _, a := range agents {
		p.Document.Agents = append(p.Document.Agents, a.Agent)
	}
	return nil
}

// definitions visits what an object literal is; where that is not enough, as a function around it takes the rest as
// arguments, what the calls of that function are. visit tells whether it is enough.
func (f *finder) definitions(w *promptWriter, m analyzer.Match, n js.Node, visit func(o *eval.Object, n js.Node) bool) {
	if o, ok := (eval.World{}).Pick(w.eval(n)).(*eval.Object); ok && visit(o, n) {
		return
	}
	fn := n.EnclosingFunction()
	name := nameOf(fn)
	if !name.Valid() || f.followed[fn] {
		return
	}
	f.followed[fn] = true
	f.callsOf(m.Module, fn, name, func(call callSite) {
		if o, ok := f.eval1(call.module, call.unit, call.node).(*eval.Object); ok {
			visit(o, call.node)
		}
	})
}

// hasSchema tells whether an object describes what the model calls, as a tool does.
func (f *finder) hasSchema(o *eval.Object) bool {
	return slices.ContainsFunc(f.schemaKeys(), func(key string) bool { return o.Lookup(key) != nil })
}

// agent reads an object that describes a sub-agent: it has a name, and says when it is of use or has a prompt.
func (f *finder) agent(o *eval.Object) (schema.Agent, bool) {
	if f.hasSchema(o) {
		return schema.Agent{}, false
	}
	a := schema.Agent{Name: f.text(o, append(slices.Clone(f.Words("mark.agent")), "name")...)}
	if a.WhenToUse = f.described(o, append(slices.Clone(f.Words("text.whenToUse")), "description")...); a.Name == "" || a.WhenToUse == nil {
		return a, false
	}
	prompts := append(slices.Concat(f.Words("text.agent"), f.Words("text.system")), "prompt")
	a.Prompt = f.described(f.holder(o, prompts...), prompts...)
	a.Tools = f.strings(f.member(f.holder(o, "tools"), "tools"))
	a.DisallowedTools = f.strings(f.member(f.holder(o, "disallowedTools"), "disallowedTools"))
	model := f.holder(o, "model", "getModel")
	if a.Model = f.text(model, "model"); a.Model == "" && model.Lookup("getModel") != nil {
		a.Model = f.textOf(f.answer(model, "getModel"))
	}
	has := func(key string) bool { return f.holder(o, key).Lookup(key) != nil }
	isAgent := slices.ContainsFunc(f.Words("mark.agent"), has) || a.Prompt != nil && (slices.ContainsFunc(prompts[:len(prompts)-1], has) || has("tools") || has("model"))
	return a, isAgent
}

// holder is the object that has one of some members: o, or a plain object that is a member of it.
func (f *finder) holder(o *eval.Object, keys ...string) *eval.Object {
	has := func(o *eval.Object) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return o.Lookup(key) != nil })
	}
	if has(o) {
		return o
	}
	for _, key := range o.Keys() {
		p := o.Own(key)
		if p == nil || p.Get != nil {
			continue
		}
		if inner, ok := (eval.World{}).Pick(p.Value).(*eval.Object); ok && inner.Kind == eval.KindObject && has(inner) {
			return inner
		}
	}
	return o
}

// text is the first of some members that is a known string.
func (f *finder) text(o *eval.Object, keys ...string) string {
	for _, k := range keys {
		if o.Lookup(k) != nil {
			if s := f.textOf(f.member(o, k)); s != "" {
				return s
			}
		}
	}
	return ""
}

func (f *finder) textOf(v eval.Value) string {
	s, _ := (eval.World{}).Pick(v).(eval.String)
	return string(s)
}

// described is the first of some members that is a text, or a function that returns one.
func (f *finder) described(o *eval.Object, keys ...string) *schema.Text {
	for _, k := range keys {
		if o.Lookup(k) == nil {
			continue
		}
		if t := f.Text(f.answer(o, k)); t != nil {
			return t
		}
	}
	return nil
}
