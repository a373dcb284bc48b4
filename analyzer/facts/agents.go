package facts

import (
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
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
	byName := map[string]schema.Agent{}
	for _, m := range p.Matches {
		f.definitions(w, m, m.Capture("definition.agent"), func(o *eval.Object, n js.Node) bool {
			a, ok := f.agent(o)
			if !ok {
				return false
			}
			a.Origin = originOf(m, n)
			a.Origin.Symbol = symbol(n)
			if old, seen := byName[a.Name]; !seen || old.Prompt == nil && a.Prompt != nil {
				byName[a.Name] = a
			}
			return true
		})
	}
	for _, a := range byName {
		p.Document.Agents = append(p.Document.Agents, a)
	}
	slices.SortFunc(p.Document.Agents, func(a, b schema.Agent) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// definitions visits what an object literal is; where that is not enough, as a function around it takes the rest as
// arguments, what the calls of that function are. visit tells whether it is enough.
func (f *finder) definitions(w *promptWriter, m analyzer.Match, n js.Node, visit func(o *eval.Object, n js.Node) bool) {
	if o, ok := (eval.World{}).Pick(w.eval(n)).(*eval.Object); ok && visit(o, n) {
		return
	}
	fn := enclosingFunction(n)
	name := nameOf(fn)
	if !name.Valid() || f.followed[fn] {
		return
	}
	f.followed[fn] = true
	c := &climber{finder: f, seen: map[js.Node]bool{}}
	c.calls(m.Module, fn, name, func(unit int32, call js.Node) {
		if o, ok := f.eval1(m.Module, unit, call).(*eval.Object); ok {
			visit(o, call)
		}
	})
}

// hasSchema tells whether an object describes what the model calls, as a tool does.
func hasSchema(o *eval.Object) bool {
	return slices.ContainsFunc(schemaKeys, func(key string) bool { return o.Lookup(key) != nil })
}

// agent reads an object that describes a sub-agent: it has a name, and says when it is of use or what it is told.
func (f *finder) agent(o *eval.Object) (schema.Agent, bool) {
	if hasSchema(o) {
		return schema.Agent{}, false
	}
	name := f.text(o, "agentType", "name")
	a := schema.Agent{Name: name, Tools: f.strings(f.member(o, "tools")), DisallowedTools: f.strings(f.member(o, "disallowedTools"))}
	a.WhenToUse = f.described(o, "whenToUse", "description")
	a.Prompt = f.described(o, "getSystemPrompt", "systemPrompt", "prompt")
	a.Model = f.text(o, "model")
	if a.Model == "" && o.Lookup("getModel") != nil {
		a.Model = f.textOf(f.answer(o, "getModel"))
	}
	has := func(key string) bool { return o.Lookup(key) != nil }
	isAgent := has("agentType") || a.Prompt != nil && slices.ContainsFunc([]string{"getSystemPrompt", "systemPrompt", "tools", "model"}, has)
	return a, name != "" && a.WhenToUse != nil && isAgent
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
