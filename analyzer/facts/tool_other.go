package facts

import (
	"maps"
	"strconv"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// A schema may be a value of any library: the vendor's own, one that is new, or one that is not in the bundle. What the
// program makes of it when it sends the tool is a JSON Schema all the same, so the program's own functions are evaluated
// with it. The library itself is never looked at.

// formsOfOther lists what the program makes of a schema that is of no kind known here: first in the default world.
func (f *finder) formsOfOther(d *definition) []form {
	var out []form
	why := ""
	for _, leaf := range schemaLeaves(d.schema) {
		sent, stopped := f.sentOther(d, leaf)
		if why == "" {
			why = stopped
		}
		out = append(out, sent...)
	}
	if len(out) == 0 || out[0].when != nil {
		if read, ok := f.shaped(d, why); ok {
			return []form{read}
		}
		return []form{f.unreadable(d, why)}
	}
	return distinct(out)
}

// schemaLeaves are the objects that a schema is in the worlds that it depends on, that of the default world first.
func schemaLeaves(schema eval.Value) []analyzer.Variant[*eval.Object] {
	number := map[*eval.Object]int{}
	return analyzer.Variants(maxSentVariants, func(w eval.World) (*eval.Object, string, bool) {
		o, ok := w.Pick(schema).(*eval.Object)
		if !ok {
			return nil, "", false
		}
		if _, seen := number[o]; !seen {
			number[o] = len(number)
		}
		return o, strconv.Itoa(number[o]), true
	})
}

// sentOther lists what the program makes of one object that a schema is; where nothing that it does can be evaluated,
// why says what stopped it. A result that says nothing of a schema may be made without looking at it, so that one with
// properties, from whichever function, comes first, and where any function was stopped, it is not believed.
func (f *finder) sentOther(d *definition, leaf analyzer.Variant[*eval.Object]) (out []form, why string) {
	for _, s := range f.sendersFor() {
		value := f.sendAs(s, d, leaf.Result, leaf.World)
		if u, ok := leaf.World.Pick(value).(*eval.Unknown); ok {
			why = u.Why + ": " + u.Expr
			continue
		}
		forms := f.plainForms(value, leaf)
		if len(forms) == 0 || !forms[0].result.complete {
			continue
		}
		if len(properties(forms[0].result)) > 0 {
			f.otherSender = s
			return forms, ""
		}
		if s == f.otherSender {
			return forms, ""
		}
		if out == nil {
			out = forms
		}
	}
	if why != "" {
		return nil, why
	}
	return out, ""
}

// plainForms lists the JSON Schemas that a value is where the schema is one of its objects.
func (f *finder) plainForms(value eval.Value, leaf analyzer.Variant[*eval.Object]) (out []form) {
	for _, x := range analyzer.Variants(maxSentVariants, func(w eval.World) (converted, string, bool) {
		answers := maps.Clone(leaf.World.Answers)
		maps.Copy(answers, w.Answers)
		r, ok := f.convertedPlain(value, eval.World{Answers: answers, Ask: w.Ask})
		return r, r.text(), ok
	}) {
		when := leaf.When
		if x.When != nil {
			when = eval.And(leaf.When, x.When)
		}
		out = append(out, form{when, x.Key, x.Result})
	}
	if len(out) > 0 && out[0].when != leaf.When {
		return nil
	}
	return out
}

// convertedPlain is a value in a world, where that is a JSON Schema.
func (f *finder) convertedPlain(value eval.Value, w eval.World) (converted, bool) {
	o, ok := w.Pick(value).(*eval.Object)
	if ok && !isJSONSchema(o) {
		o, ok = f.heldSchema(o).(*eval.Object)
	}
	if !ok {
		return converted{}, false
	}
	return f.convert(o, w)
}

// sendersFor are the functions that may make a JSON Schema of a tool's schema: the one that did for another tool, then
// those for a model's own interface, then the others.
func (f *finder) sendersFor() (list []*sender) {
	if f.otherSender != nil {
		list = append(list, f.otherSender)
	}
	for _, key := range senderKeys {
		for i := range f.senders {
			if s := &f.senders[i]; s.key == key && s != f.otherSender && s.works() {
				list = append(list, s)
			}
		}
	}
	return list
}

// unreadable is the form of a schema that nothing is seen to convert; why says what stopped the conversion, if anything.
func (f *finder) unreadable(d *definition, why string) form {
	reason := "a schema of a library that is not known, and nothing is seen to convert it"
	if u, ok := (eval.World{}).Pick(d.schema).(*eval.Unknown); ok {
		reason = "a schema that could not be evaluated: " + u.Why
	} else if why != "" {
		reason = "a schema whose conversion could not be evaluated: " + why
	}
	r := converted{dialect: "json-schema", losses: []schema.Loss{{Construct: "schema", Why: reason, Kind: "unknown"}}}
	return form{nil, emptySchema, r}
}
