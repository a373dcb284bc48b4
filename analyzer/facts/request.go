package facts

import (
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
)

// The body of a request, or the options of a call that makes one, is where a program hands something to a model. What
// stands there in the end is what is sent, whatever shape it had before.

// requestMembers are the members of a request beside which its tools and texts stand.
var requestMembers = []string{"model", "messages", "contents", "input", "max_tokens", "maxOutputTokens", "llm", "instructions", "system", "prompt"}

// isRequest tells whether an object literal may be the body of a request, by the members that it has.
func isRequest(object js.Node) bool {
	of := 0
	for _, k := range append([]string{"tools", "systemInstruction", "functionDeclarations"}, requestMembers...) {
		if memberNode(object, k).Valid() {
			of++
		}
	}
	return of >= 2
}

func siteOf(n js.Node) eval.Site {
	return eval.Site{Module: n.Tree().Module, Start: n.Start(), End: n.End()}
}

// sentIn reads the tools in the body of a request. A list in which nothing has a text is one of what the provider
// runs itself.
func (f *finder) sentIn(body eval.Watched) (found []*definition) {
	described := false
	for _, list := range []eval.Value{f.Machine.Get(body.This, "tools"), f.Machine.Get(f.Machine.Get(body.This, "config"), "tools"),
		f.Machine.Get(f.Machine.Get(body.This, "toolConfig"), "tools")} {
		f.eachSent(list, "", orTrue(nil), func(o *eval.Object, key string, when *eval.Cond) {
			d := f.readSent(o, key)
			if d == nil {
				return
			}
			d.sent, d.listed, d.call = given(when, orTrue(body.When)), true, true
			d.origin = f.originOf(body.Node)
			described = described || f.Text(f.answer(o, "description")) != nil
			found = append(found, d)
		})
	}
	if !described {
		return nil
	}
	return found
}

// wrappers are the members under which an interface puts the tool itself.
var wrappers = []string{"function", "toolSpec"}

// eachSent visits the tools in a list of a request, or in an object that holds them by their names, each with the
// condition under which it is there.
func (f *finder) eachSent(v eval.Value, key string, when *eval.Cond, visit func(o *eval.Object, key string, when *eval.Cond)) {
	switch v := v.(type) {
	case *eval.Choice:
		f.eachSent(v.Then, key, eval.And(when, v.Cond), visit)
		f.eachSent(v.Else, key, eval.And(when, eval.Not(v.Cond)), visit)
	case *eval.Object:
		if v.Kind == eval.KindArray {
			for _, e := range v.Elems {
				if e.Each == "" {
					f.eachSent(e.Value, "", eval.And(when, e.When), visit)
				}
			}
			return
		}
		f.eachInObject(v, key, when, visit)
	}
}

func (f *finder) eachInObject(o *eval.Object, key string, when *eval.Cond, visit func(o *eval.Object, key string, when *eval.Cond)) {
	if list := o.Own("functionDeclarations"); list != nil {
		f.eachSent(list.Value, "", when, visit)
		return
	}
	for _, k := range wrappers {
		if p := o.Own(k); p != nil {
			if inner, ok := (eval.World{}).Pick(p.Value).(*eval.Object); ok && inner.Func == nil {
				visit(inner, key, when)
				return
			}
		}
	}
	if key != "" || o.Lookup("name") != nil || o.Lookup("type") != nil || o.Lookup("description") != nil {
		visit(o, key, when)
		return
	}
	for _, k := range o.Keys() {
		p := o.Own(k)
		f.eachSent(f.member(o, k), k, eval.And(when, p.When), visit)
	}
}

// readSent reads one tool of a request. One without a schema is written by the model as it likes, or run by the provider.
func (f *finder) readSent(o *eval.Object, key string) *definition {
	name, ok := f.name(o)
	if !ok {
		if name = key; name == "" {
			kind, _ := (eval.World{}).Pick(f.member(o, "type")).(eval.String)
			name = string(kind)
		}
	}
	if !toolName.MatchString(name) {
		return nil
	}
	if d := f.readAs(o, name); d != nil {
		return d
	}
	d := &definition{name: name, object: o}
	if inner := f.Machine.Get(f.member(o, "inputSchema"), "json"); f.isSchema(inner) {
		d.key, d.schema = "inputSchema", inner
	}
	return d
}
