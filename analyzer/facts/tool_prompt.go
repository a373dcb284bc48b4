package facts

import (
	"maps"
	"slices"

	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
)

// maxPromptSteps bounds the evaluation of what a program does before it asks a tool for its text.
const maxPromptSteps = 150_000

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
	p := &provenance{f, map[string]bool{}}
	for range maxSettled {
		args := f.askedBy(s)
		if len(args) == 0 {
			break
		}
		f.promptArgs = args
		if !p.settleOptions(args[0]) {
			break
		}
	}
	return f.promptArgs
}

// asker is the function that asks a tool for its text to send it: the one that sends its schema, or where the schemas
// are sent as they stand the first of those that make of a tool what is sent. Nil where there is none.
func (f *finder) asker() *sender {
	if f.chosenSender != nil {
		return f.chosenSender
	}
	for _, key := range senderKeys {
		for i := range f.senders {
			if s := &f.senders[i]; s.key == key && len(f.askedBy(s)) > 0 {
				return s
			}
		}
	}
	return nil
}

// settleOptions finds what is passed for the members of options that the tools read, and tells whether any is known
// better then.
func (p *provenance) settleOptions(options eval.Value) (any bool) {
	o, ok := (eval.World{}).Pick(options).(*eval.Object)
	if !ok {
		return false
	}
	for _, key := range p.optionsRead() {
		if q := o.Own(key); q != nil && q.Value != nil {
			for _, k := range mentioned(q.Value) {
				any = p.settleKey(k, maxPassedHops) || any
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

// askedBy are the arguments with which a sender asks the tool that it is given for its text.
func (f *finder) askedBy(s *sender) (args []eval.Value) {
	passed := make([]eval.Value, s.position+2)
	for i := range passed {
		passed[i] = f.unknown("options")
	}
	f.Machine.Run(func() eval.Value {
		copy(passed, f.callOf(s))
		return eval.Undefined
	})
	f.Machine.RunWithin(maxPromptSteps, func() eval.Value {
		tool := f.Machine.NewObject()
		tool.Define("name", f.unknown("name"))
		tool.Define("prompt", f.Machine.NewFunction(func(_ *eval.Machine, _ eval.Value, given []eval.Value) eval.Value {
			if args == nil {
				args = given
			}
			return f.unknown("prompt")
		}))
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
