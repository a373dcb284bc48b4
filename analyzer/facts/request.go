package facts

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// The body of a request, or the options of a call that makes one, is where a program hands something to a model. What
// stands there in the end is what is sent, whatever shape it had before.

// isBody tells whether a value is the body of a request, by the members that it has.
func (f *finder) isBody(v eval.Value) bool {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || !slices.ContainsFunc(f.Words("request.messages"), func(k string) bool { return o.Own(k) != nil }) {
		return false
	}
	of := 0
	for _, k := range f.Words("request.member") {
		if o.Own(k) != nil {
			of++
		}
	}
	return of >= 2
}

// isRequest tells whether an object literal may be the body of a request, by the members that it has.
func (f *finder) isRequest(object js.Node) bool {
	of := 0
	for _, k := range requestKeys(f.Words) {
		if memberNode(object, k).Valid() {
			of++
		}
	}
	return of >= 2 || of == 1 && object.ChildOfKind(js.SpreadElement).Valid() && hasAny(object, f.Words("request.messages")...)
}

// requestKeys are the members that the body of a request may have, each once.
func requestKeys(words func(group string) []string) []string {
	keys := append([]string{"functionDeclarations"}, words("request.member")...)
	for _, path := range slices.Concat(words("request.tools"), words("request.system")) {
		if key, _, nested := strings.Cut(path, "."); !nested && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// memberAt is a member, or that of a member, by its path.
func memberAt(m *eval.Machine, v eval.Value, path string) eval.Value {
	for key := range strings.SplitSeq(path, ".") {
		v = m.Get(v, key)
	}
	return v
}

func siteOf(n js.Node) eval.Site {
	return eval.Site{Module: n.Tree().Module, Start: n.Start(), End: n.End()}
}

// sentIn reads the tools in the body of a request. A list in which nothing has a text is one of what the provider
// runs itself.
func (f *finder) sentIn(body eval.Watched) (found []*definition) {
	described := false
	for _, path := range f.Words("request.tools") {
		f.eachSent(memberAt(f.Machine, body.This, path), orTrue(nil), func(o *eval.Object, key string, when *eval.Cond) {
			d := f.readSent(o, key)
			if d == nil {
				return
			}
			d.sent, d.listed, d.call, d.keyed = given(when, orTrue(body.When)), true, true, key != ""
			d.origin, d.reached = f.originOf(body.Node), orTrue(body.When).ByDefault()
			described = described || f.Text(f.answer(o, "description")) != nil
			found = append(found, d)
		})
	}
	if !described {
		if slices.ContainsFunc(f.Words("request.tools"), func(path string) bool { return f.mayHoldTools(memberAt(f.Machine, body.This, path)) }) {
			f.drop(body.Node, schema.DroppedRequest, "a request to a model")
		}
		return nil
	}
	return found
}

// sentInAll reads the tools of all bodies that were met. An object that holds tools by names of its own is what a library
// makes a list of: where such a list is seen, it says what they are called.
func (f *finder) sentInAll(bodies []eval.Watched) (found []*definition) {
	listed := false
	for _, body := range bodies {
		for _, d := range f.sentIn(body) {
			found = append(found, d)
			listed = listed || !d.keyed
		}
	}
	if listed {
		found = slices.DeleteFunc(found, func(d *definition) bool { return d.keyed })
	}
	return found
}

// visitSent is called for each tool in a list that is sent: with the key that holds it, if any, and the condition under
// which it is there.
type visitSent func(o *eval.Object, key string, when *eval.Cond)

// eachSent visits the tools in a list of a request, or in an object that holds them by their names.
func (f *finder) eachSent(v eval.Value, when *eval.Cond, visit visitSent) {
	eachObject(v, when, func(o *eval.Object, when *eval.Cond) {
		switch {
		case o.Kind == eval.KindArray:
			for _, e := range o.Elems {
				if e.Each == "" {
					f.oneSent(e.Value, "", eval.And(when, e.When), visit)
				}
			}
		case o.Kind == eval.KindObject && !f.describesItself(o):
			for _, k := range o.Keys() {
				f.oneSent(f.member(o, k), k, eval.And(when, o.Own(k).When), visit)
			}
		}
	})
}

// eachObject visits the objects that a value may be, each with its condition.
func eachObject(v eval.Value, when *eval.Cond, visit func(o *eval.Object, when *eval.Cond)) {
	switch v := v.(type) {
	case *eval.Choice:
		eachObject(v.Then, eval.And(when, v.Cond), visit)
		eachObject(v.Else, eval.And(when, eval.Not(v.Cond)), visit)
	case *eval.Object:
		visit(v, when)
	}
}

// describesItself tells an object that is one thing from one that holds several by their names.
func (f *finder) describesItself(o *eval.Object) bool {
	for _, k := range []string{"name", "type", "description"} {
		if o.Lookup(k) != nil {
			return true
		}
	}
	return false
}

// oneSent visits the tool, or the group of tools, that an element is.
func (f *finder) oneSent(v eval.Value, key string, when *eval.Cond, visit visitSent) {
	eachObject(v, when, func(o *eval.Object, when *eval.Cond) {
		if group := o.Own("functionDeclarations"); group != nil {
			f.eachSent(group.Value, when, visit)
			return
		}
		for _, k := range f.Words("tool.wrapper") {
			if p := o.Own(k); p != nil {
				if inner, ok := (eval.World{}).Pick(p.Value).(*eval.Object); ok && inner.Func == nil {
					visit(inner, key, when)
					return
				}
			}
		}
		visit(o, key, when)
	})
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
	if !isToolName(name) {
		return nil
	}
	if d := f.readAs(o, name); d != nil {
		return d
	}
	for _, k := range f.schemaKeys() {
		if o.Own(k) == nil {
			continue
		}
		if v := f.schemaOf(o, k); v != nil && f.member(o, "description") == eval.Undefined {
			return &definition{name: name, object: o, key: k, schema: v}
		}
		if v := f.member(o, k); isPlainData(v) {
			return &definition{name: name, object: o, key: k, schema: v} // whatever it says
		}
		return nil // what a caller passes
	}
	return &definition{name: name, object: o}
}

// isPlainData tells an object that is known to its members, and has none to call.
func isPlainData(v eval.Value) bool {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || o.Kind != eval.KindObject || len(o.Open()) > 0 || len(o.Keys()) == 0 {
		return false
	}
	return !slices.ContainsFunc(o.Keys(), func(k string) bool { return eval.IsFunction((eval.World{}).Pick(o.Own(k).Value)) })
}
