package facts

import (
	"maps"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// maxPromptSteps bounds the evaluation of what a program does before it asks a tool for its text.
const maxPromptSteps = 60_000

// maxSettled bounds how often what is passed is looked for in what came to be known.
const maxSettled = 4

// promptArguments are what the program calls a tool's prompt with: what the function that sends a tool passes, given
// what its own callers pass to it.
func (f *finder) promptArguments() []eval.Value {
	if f.prompted {
		return f.promptArgs
	}
	f.prompted = true
	f.promptArgs = []eval.Value{f.unknown("options"), f.unknown("context")}
	s := f.asker()
	if s == nil {
		return f.promptArgs
	}
	f.supposeModels(s)
	p := &provenance{f, map[string]bool{}}
	for range maxSettled {
		passed := f.passedTo(s)
		args := f.askedBy(s, passed)
		if len(args) == 0 {
			break
		}
		f.promptArgs = args
		if !p.settleOptions(args[0], passed) {
			break
		}
	}
	f.promptArgs[0] = f.withTools(f.promptArgs[0])
	return f.promptArgs
}

// supposeModels takes for a model that is not known, where the program asks its tools for their texts, what it elsewhere
// asks the same about that it asks about this model, as in describe(currentModel()).
func (f *finder) supposeModels(s *sender) {
	asked := map[string][]js.Node{}
	f.Machine.Watch(nil, maxPromptSteps, eval.Lookout{Given: f.Words("request.model")}, func(w eval.Watched) {
		key := w.Args[0].(*eval.Unknown).Key
		if !slices.Contains(asked[key], w.Node) {
			asked[key] = append(asked[key], w.Node)
		}
	}, func() { f.askedBy(s, f.passedTo(s)) })
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		if !parameterPath.Get().MatchString(key) {
			continue
		}
		if v := f.Machine.UsuallyGiven(&eval.World{}, asked[key]); v != nil {
			f.Machine.Suppose(key, v)
		}
	}
}

// withTools is what a prompt is called with: with the list of tools in the place of one that is not known, and what is
// not known called by the name of the option that it is.
func (f *finder) withTools(options eval.Value) eval.Value {
	o, ok := (eval.World{}).Pick(options).(*eval.Object)
	if !ok || o.Kind != eval.KindObject {
		return options
	}
	with := f.Machine.NewObject()
	f.Machine.Assign(with, o)
	for _, key := range o.Keys() {
		u, open := o.Own(key).Value.(*eval.Unknown)
		switch {
		case open && key == "tools" && f.lists != nil:
			with.Define(key, f.asList())
		case open:
			with.Define(key, &eval.Unknown{Key: u.Key, Expr: "options." + key, Why: u.Why, Default: u.Default, Subject: u.Subject})
		}
	}
	return with
}

// asker is the function that asks a tool for its text to send it: the one that sends its schema, or where the schemas
// are sent as they stand the first of those that make of a tool what is sent. Nil where there is none.
func (f *finder) asker() *sender {
	if f.chosenSender != nil && f.chosenSender.function != nil {
		return f.chosenSender
	}
	for _, key := range senderKeys {
		for i := range f.senders {
			if s := &f.senders[i]; s.key == key && s.function != nil && len(f.askedBy(s, f.passedTo(s))) > 0 {
				return s
			}
		}
	}
	return nil
}

// settleOptions finds what is passed for the members of options that the tools read, and for all that the function that
// asks them is passed itself, and tells whether any is known better then.
func (p *provenance) settleOptions(options eval.Value, passed []eval.Value) (any bool) {
	settle := func(v eval.Value, key string) {
		if o, ok := (eval.World{}).Pick(v).(*eval.Object); ok && o.Own(key) != nil && o.Own(key).Value != nil {
			for _, k := range mentioned(o.Own(key).Value) {
				any = p.settleKey(k, maxPassedHops) || any
			}
		}
	}
	for _, key := range p.optionsRead() {
		settle(options, key)
	}
	for _, v := range passed {
		if o, ok := (eval.World{}).Pick(v).(*eval.Object); ok && o.Kind == eval.KindObject {
			for _, key := range o.Keys() {
				settle(o, key)
			}
		}
	}
	return any
}

// optionsRead are the members that the prompts of the tools read of what they are called with, those that most read first.
func (f *finder) optionsRead() (keys []string) {
	count := map[string]int{}
	for _, list := range f.byName {
		for _, d := range list {
			n := functionOf(d.object.Lookup("prompt"))
			if !n.Valid() {
				continue
			}
			parameter := n.Child(js.FieldParameter)
			if !parameter.Valid() {
				parameter = n.Child(js.FieldParameters).FirstChild()
			}
			if !parameter.Valid() {
				continue
			}
			for _, k := range membersRead(parameter) {
				count[k]++
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(count)) {
		if k != "tools" {
			keys = append(keys, k)
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int { return count[b] - count[a] })
	return keys
}

// passedTo are the arguments that a sender is called with.
func (f *finder) passedTo(s *sender) []eval.Value {
	passed := make([]eval.Value, s.position+2)
	for i := range passed {
		passed[i] = f.unknown("options")
	}
	f.Machine.Run(func() eval.Value {
		copy(passed, f.callOf(s))
		return eval.Undefined
	})
	return passed
}

// askedBy are the arguments with which a sender that is called with some asks its tool for its text.
func (f *finder) askedBy(s *sender, passed []eval.Value) (args []eval.Value) {
	f.Machine.RunWithin(maxPromptSteps, func() eval.Value {
		tool := f.Machine.NewObject()
		tool.Define("name", f.unknown("name"))
		tool.Define("prompt", f.Machine.NewFunction(func(_ *eval.Machine, _ eval.Value, given []eval.Value) eval.Value {
			if args == nil {
				args = given
			}
			return f.unknown("prompt")
		}))
		passed = slices.Clone(passed)
		passed[s.position] = tool
		return f.Machine.Call(s.function, eval.Undefined, passed)
	})
	return args
}

// callOf are the arguments of the call of a sender that passes the most.
func (f *finder) callOf(s *sender) (most []eval.Value) {
	o, ok := s.function.(*eval.Object)
	if !ok {
		return nil
	}
	members := -1
	for _, call := range f.Machine.Calls(o.Func.Node) {
		var args []eval.Value
		env := f.Machine.Enclosing(f.Program.Modules[call.Module], call.Unit, call.Node)
		for a := call.Node.Child(js.FieldArguments).FirstChild(); a.Valid() && a.Kind() != js.SpreadElement; a = a.Next() {
			args = append(args, f.Machine.Eval(a, env))
		}
		n := 0
		for _, a := range args {
			if o, ok := a.(*eval.Object); ok {
				n += len(o.Keys())
			}
		}
		if n > members {
			members, most = n, args
		}
	}
	return most
}
