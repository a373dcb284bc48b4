package facts

import (
	"maps"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ordered"
)

// sender is what the program makes of a tool to send it: a function that takes the tool as one of its parameters and
// returns an object with the tool's name and its schema under key; or an object with the schema that is made of what a
// name stands for, and is kept under the tool's name.
type sender struct {
	function eval.Value
	position int     // of the tool among the parameters
	tool     js.Node // the name, or none
	key      string
	match    analyzer.Match
	node     js.Node // the function, or the object
}

// noteSender looks whether an object literal that is no tool itself is made of one: its name is that of a parameter, or it
// has none, and its description is that of a parameter or an element of a loop.
func (f *finder) noteSender(m analyzer.Match, n js.Node, v eval.Value, key string) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || !slices.Contains(senderKeys, key) {
		return
	}
	if o.Lookup("name") == nil {
		_, open := (eval.World{}).Pick(f.member(o, "description")).(*eval.Unknown)
		if tool := describedBy(n); open && tool.Valid() {
			f.senders = append(f.senders, sender{tool: tool, key: key, match: m, node: n})
		}
		return
	}
	name, ok := f.member(o, "name").(*eval.Unknown)
	if !ok {
		return
	}
	parameter, ok := strings.CutSuffix(name.Key, ".name")
	if !ok {
		return
	}
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		if i := parameterAt(p, parameter); i >= 0 {
			f.senders = append(f.senders, sender{function: f.eval(m, p), position: i, key: key, match: m, node: p})
			return
		}
	}
}

// describedBy is what declares the name whose description an object literal has for its own: a parameter of a function
// around it, or the element of a loop.
func describedBy(object js.Node) js.Node {
	text := memberNode(object, "description")
	for text.Valid() && text.Kind() != js.MemberExpression {
		text = text.FirstChild()
	}
	of := text.Child(js.FieldObject)
	if of.Kind() != js.Identifier || text.Child(js.FieldProperty).Text() != "description" {
		return js.Node{}
	}
	is := func(n js.Node) bool { return n.Kind() == js.Identifier && n.Text() == of.Text() }
	for p := object.Parent(); p.Valid(); p = p.Parent() {
		if left := p.Child(js.FieldLeft); p.Kind() == js.ForInStatement && is(left) {
			return left
		}
		if only := p.Child(js.FieldParameter); p.IsFunction() && is(only) {
			return only
		}
		for c := p.Child(js.FieldParameters).FirstChild(); c.Valid(); c = c.Next() {
			if is(c) {
				return c
			}
		}
	}
	return js.Node{}
}

// parameterAt returns the position of a function's parameter by its key, -1 where it has none such.
func parameterAt(function js.Node, key string) int {
	if p := function.Child(js.FieldParameter); p.Valid() && eval.ParameterKey(p) == key {
		return 0
	}
	i := 0
	for p := function.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		if eval.ParameterKey(p) == key {
			return i
		}
		i++
	}
	return -1
}

// works tells whether s can be evaluated with a tool.
func (s *sender) works() bool { return s.tool.Valid() || eval.IsFunction(s.function) }

// maxSenderTrials is how many tools are tried to find the function that sends them.
const maxSenderTrials = 4

// sender returns the function that what the program sends comes from, nil where none is found: the first that gives
// a JSON Schema for a tool whose schema is none, one for a model's own interface before others.
func (f *finder) sender(d *definition) *sender {
	if f.chosen >= maxSenderTrials || f.chosenSender != nil || f.isPlain(d.schema) {
		return f.chosenSender
	}
	f.chosen++
	for _, key := range senderKeys {
		for i := range f.senders {
			s := &f.senders[i]
			if s.key != key || !s.works() {
				continue
			}
			direct, _ := f.convert(d.schema, eval.World{})
			if o, ok := (eval.World{}).Pick(f.send(s, d, eval.World{})).(*eval.Object); ok && isJSONSchema(o) {
				if r, ok := f.convert(o, eval.World{}); ok && derived(r, direct) {
					f.chosenSender = s
					return s
				}
			}
		}
	}
	return nil
}

// derived tells whether a schema is made of another: it has some of its properties and no others.
func derived(sent, direct converted) bool {
	own, of := properties(sent), properties(direct)
	for k := range own {
		if !of[k] {
			return false
		}
	}
	return len(own) > 0 || len(of) == 0
}

func properties(c converted) map[string]bool {
	names := map[string]bool{}
	if m, ok := c.schema.(*ordered.Map); ok {
		if p, ok := m.Value("properties").(*ordered.Map); ok {
			for _, k := range p.Keys() {
				names[k] = true
			}
		}
	}
	return names
}

func (f *finder) isPlain(v eval.Value) bool {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	return !ok || isJSONSchema(o)
}

// maxSendSteps bounds the evaluation of what a program does to one schema.
const maxSendSteps = 32_000

// send is the schema of a tool as the program sends it, converted in a world.
func (f *finder) send(s *sender, d *definition, w eval.World) eval.Value {
	return f.sendAs(s, d, nil, w)
}

// sendAs is send with one of the objects that the tool's schema may be in its place, if not nil.
func (f *finder) sendAs(s *sender, d *definition, schema *eval.Object, w eval.World) eval.Value {
	f.Zod.World = eval.World{Answers: w.Answers}
	defer func() { f.Zod.World = eval.World{} }()
	return f.Machine.RunWithin(maxSendSteps, func() eval.Value {
		// a copy, because results are kept for an object and this one is of a world; and without the texts, which
		// take long and are asked for by themselves
		tool := f.Machine.NewObject()
		f.Machine.Assign(tool, d.object)
		if schema != nil {
			tool.Define(d.key, schema)
		}
		for key := range describing {
			if key != "name" && tool.Own(key) != nil {
				tool.Define(key, f.Machine.NewFunction(func(*eval.Machine, eval.Value, []eval.Value) eval.Value { return f.unknown(key) }))
			}
		}
		if s.tool.Valid() {
			env := f.Machine.EnclosingWith(s.match.Module, s.match.Unit, s.node, s.tool, tool)
			return f.Machine.Get(f.Machine.Eval(s.node, env), s.key)
		}
		args := make([]eval.Value, s.position+2)
		for i := range args {
			args[i] = f.unknown("options")
		}
		args[s.position] = tool
		return f.Machine.Get(f.Machine.Call(s.function, eval.Undefined, args), s.key)
	})
}

// maxSentVariants bounds the forms that what the program does to a schema gives to each form of it.
const maxSentVariants = 8

// form is one form of a tool's schema.
type form struct {
	when   *eval.Cond
	text   string
	result converted
}

// forms lists a tool's schema in the default world and in those next to it, as the program sends it. It is empty for a
// tool without a schema.
func (f *finder) forms(d *definition) (out []form) {
	if d.other {
		return f.formsOfOther(d)
	}
	changed := d.call // whether the program does anything to this tool's schema before it sends it
	asIs := ""        // the default form, where the program sends that as it is
	for i, v := range analyzer.Variants(maxForms, func(w eval.World) (converted, string, bool) {
		r, ok := f.convert(d.schema, w)
		return r, r.text(), ok
	}) {
		var sent []form
		if changed {
			sent = f.sentForms(d, v)
			if i == 0 && len(sent) > 0 && sent[0].text == v.Key {
				asIs = v.Key
			}
			if i > 0 && len(sent) > 0 && sent[0].text == asIs {
				sent = nil // the program has kept the default form, and what it gives is none of this world
			}
			changed = i > 0 && sent == nil || len(sent) > 1 || len(sent) == 1 && sent[0].text != v.Key
		}
		if len(sent) == 0 {
			sent = []form{{v.When, v.Key, v.Result}}
		}
		out = append(out, sent...)
	}
	return distinct(out)
}

// distinct keeps the first form of each text.
func distinct(forms []form) (out []form) {
	seen := map[string]bool{}
	for _, x := range forms {
		if x.text != "" && !seen[x.text] && len(out) <= maxForms {
			seen[x.text] = true
			out = append(out, x)
		}
	}
	return out
}

// sentForms lists what the program makes of one form of a schema before it sends it.
func (f *finder) sentForms(d *definition, v analyzer.Variant[converted]) (out []form) {
	s := f.sender(d)
	if s == nil {
		return nil
	}
	value := f.send(s, d, v.World)
	in := func(w eval.World) (converted, bool) {
		answers := maps.Clone(w.Answers)
		if answers == nil {
			answers = map[string]bool{}
		}
		maps.Copy(answers, v.World.Answers)
		o, ok := (eval.World{Answers: answers, Ask: w.Ask}).Pick(value).(*eval.Object)
		if !ok || !isJSONSchema(o) {
			return converted{}, false
		}
		r, ok := f.convert(o, eval.World{Answers: answers})
		return r, ok && r.complete && derived(r, v.Result)
	}
	for _, x := range analyzer.Variants(maxSentVariants, func(w eval.World) (converted, string, bool) {
		r, ok := in(w)
		return r, r.text(), ok
	}) {
		result := v.Result
		result.schema = x.Result.schema
		when := v.When
		if x.When != nil {
			when = eval.And(v.When, x.When)
		}
		out = append(out, form{when, x.Key, result})
	}
	return out
}
