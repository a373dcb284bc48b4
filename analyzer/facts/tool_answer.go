package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// tableMethod puts a handler into a table of handlers: what stands there in the end is what answers.
const tableMethod = "set"

// handlers are the functions that an evaluation saw the program answer requests for its tools with, in its order.
type handlers []eval.Watched

// note keeps a call that says how a request for the tools is answered: with its name and the handler.
func (h *handlers) note(f *finder, w eval.Watched) {
	if len(w.Args) < 2 {
		return
	}
	if w.Name == tableMethod {
		if f.namesList(w.Args[0]) && eval.IsFunction(w.Args[len(w.Args)-1]) {
			*h = append(*h, w)
		}
	} else if f.asksForTools(w.Args[0]) {
		*h = append(*h, w)
	}
}

// last are the handlers that no later one of the same server, or in the same table, takes the place of.
func (h handlers) last(inTable bool) (out handlers) {
	for i, w := range h {
		replaced := (w.Name == tableMethod) != inTable
		for _, later := range h[i+1:] {
			holds, constant := eval.And(orTrue(w.When), eval.Not(orTrue(later.When))).Constant()
			replaced = replaced || later.Name == w.Name && later.This == w.This && constant && !holds
		}
		if !replaced {
			out = append(out, w)
		}
	}
	return out
}

// answered reads what the handlers answer: those that stand in a table of handlers, and where these tell nothing those
// that the program registered.
func (f *finder) answered(h handlers) (found []*definition) {
	for _, inTable := range []bool{true, false} {
		for _, w := range h.last(inTable) {
			found = append(found, f.answers(w)...)
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// answers reads what a handler of a request for the list of tools answers.
func (f *finder) answers(w eval.Watched) (found []*definition) {
	f.see(w.Node)
	return f.listIn(w, f.Machine.Call(w.Args[len(w.Args)-1], eval.Undefined, []eval.Value{f.unknown("request"), f.unknown("context")}))
}

// listIn reads the tools in an answer that a place gives.
func (f *finder) listIn(w eval.Watched, answer eval.Value) (found []*definition) {
	all := f.listOf(answer)
	list, ok := (eval.World{}).Pick(all).(*eval.Object)
	if !ok || list.Kind != eval.KindArray {
		f.drop(w.Node, schema.DroppedAnswer, w.Name)
		return nil
	}
	understood := len(list.Open()) == 0
	if _, open := all.(*eval.Unknown); open {
		all = list
	}
	eachObject(all, orTrue(nil), func(o *eval.Object, when *eval.Cond) {
		if o.Kind != eval.KindArray {
			return
		}
		for _, e := range o.Elems {
			e.When = eval.And(when, e.When)
			if d := f.listed(w, e); d != nil {
				found = append(found, d)
			} else if o == list {
				understood = false
			}
		}
	})
	if understood {
		f.settle(w.Node)
	} else {
		f.drop(w.Node, schema.DroppedAnswer, w.Name)
	}
	return found
}

// listed reads one element of a list of tools; nil where it is none.
func (f *finder) listed(w eval.Watched, e eval.Elem) *definition {
	o, ok := (eval.World{}).Pick(e.Value).(*eval.Object)
	if !ok || e.Each != "" {
		return nil
	}
	d := f.readSent(o, "")
	if d == nil {
		return nil
	}
	d.sent, d.listed, d.served = given(orTrue(e.When), orTrue(w.When)), true, true
	d.reached = orTrue(w.When).ByDefault()
	d.origin = f.originOf(w.Node)
	return d
}

// given is a condition where another holds: a server that is not started answers nothing, so that what it takes to start
// it is no condition of a tool.
func given(c, holds *eval.Cond) *eval.Cond {
	if value, constant := eval.And(holds, eval.Not(c)).Constant(); constant && !value {
		return orTrue(nil)
	}
	return c
}

// listOf is the member of an answer that holds the tools.
func (f *finder) listOf(answer eval.Value) eval.Value {
	for _, key := range f.Words("answer.tools") {
		if v := f.Machine.Get(answer, key); v != eval.Undefined {
			return v
		}
	}
	return eval.Undefined
}

// namesList tells whether a value is the name of the request for the list of tools.
func (f *finder) namesList(v eval.Value) bool {
	name, ok := v.(eval.String)
	return ok && slices.Contains(f.Words("answer.request"), string(name))
}

// asksForTools tells whether a handler's first argument names the request for the list of tools: as a text, or as a
// schema of requests whose method is that text.
func (f *finder) asksForTools(v eval.Value) bool {
	v = (eval.World{}).Pick(v)
	if f.namesList(v) {
		return true
	}
	method := f.Machine.Get(f.Machine.Get(v, "shape"), "method")
	if f.namesList((eval.World{}).Pick(f.Machine.Get(method, "value"))) {
		return true
	}
	values, ok := (eval.World{}).Pick(f.Machine.Get(method, "values")).(*eval.Object)
	return ok && len(values.Elems) == 1 && f.namesList(values.Elems[0].Value)
}
