package facts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
)

// schemaKeys are the members that hold an input schema; a plain JSON Schema beside another one is what is sent.
func (f *finder) schemaKeys() []string {
	return slices.Concat(f.Words("tool.schema"), f.Words("tool.shape"))
}

// maxToolName bounds the name of a tool, in characters.
const maxToolName = 128

// isToolName says whether a tool may be called so: by letters and digits of any script, and a few signs.
func isToolName(name string) bool {
	if name == "" || utf8.RuneCountInString(name) > maxToolName {
		return false
	}
	for i, r := range name {
		inside := unicode.IsMark(r) || strings.ContainsRune(".:/-", r)
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) && (i == 0 || !inside) {
			return false
		}
	}
	return true
}

// read takes an object for a tool, or returns nil where it is none.
func (f *finder) read(o *eval.Object) *definition {
	name, ok := f.name(o)
	if !ok {
		return nil
	}
	return f.readAs(o, name)
}

// readAs is read for an object whose name is known.
func (f *finder) readAs(o *eval.Object, name string) *definition {
	d := &definition{name: name, object: o}
	for _, key := range f.schemaKeys() {
		if v := f.schemaOf(o, key); v != nil {
			d.schema, d.key = v, key
			break
		}
	}
	if d.key == "" && !f.unread(d) {
		return nil
	}
	d.call = f.callable(o, d.key)
	if !d.call && f.member(o, "description") == eval.Undefined {
		return nil
	}
	d.aliases = f.strings(f.member(o, "aliases"))
	return d
}

// unread tells whether a described object has a member for a schema that is of no kind known here. What the program makes
// of it when it sends the tool is its schema; what is not known at all is a loss. One that takes the schema from a
// caller, and has nothing to call, only passes on what is asked for.
func (f *finder) unread(d *definition) bool {
	for _, key := range f.schemaKeys() {
		if d.object.Lookup(key) == nil || !f.hasText(d) {
			continue
		}
		value := f.member(d.object, key)
		v := (eval.World{}).Pick(value)
		if u, unknown := v.(*eval.Unknown); unknown && (mayBeOther[key] || isParameter(u) && !f.callable(d.object, key)) {
			continue
		}
		if !f.mayBeSchema(v) || mayBeOther[key] && !f.callable(d.object, key) {
			continue
		}
		d.key, d.schema, d.other = key, value, true
		return true
	}
	return false
}

// mayBeOther are the members for a schema that objects of other kinds have, too.
var mayBeOther = map[string]bool{"parameters": true, "schema": true}

// hasText tells whether a definition has a text for the model, or a function that gives one.
func (f *finder) hasText(d *definition) bool {
	p := d.object.Lookup("prompt")
	return p != nil && eval.IsFunction((eval.World{}).Pick(p.Value)) || f.Text(f.answer(d.object, "description")) != nil
}

// isParameter tells whether a value is what a caller passes, or a part of it.
func isParameter(u *eval.Unknown) bool {
	return strings.HasPrefix(u.Key, "parameter ") || strings.HasPrefix(u.Key, callerKey)
}

func (f *finder) name(o *eval.Object) (string, bool) {
	s, ok := (eval.World{}).Pick(f.member(o, "name")).(eval.String)
	return string(s), ok && isToolName(string(s))
}

// member is a property's value, with getters called.
func (f *finder) member(o *eval.Object, key string) eval.Value {
	return f.Machine.Run(func() eval.Value { return f.Machine.Get(o, key) })
}

// strings are the elements of an array that are known strings.
func (f *finder) strings(v eval.Value) []string {
	out := []string{}
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return out
	}
	for _, e := range o.Elems {
		if s, ok := (eval.World{}).Pick(e.Value).(eval.String); ok {
			out = append(out, string(s))
		}
	}
	return out
}

// schemaOf is a member's value where that is a schema, what its text says where it is one written as JSON, or what it
// returns where it is a function that makes one.
func (f *finder) schemaOf(o *eval.Object, key string) eval.Value {
	v := f.member(o, key)
	if f.isSchema(v) {
		return v
	}
	if held := f.heldSchema(v); held != nil {
		return held
	}
	if written := f.written(v); f.isSchema(written) {
		return written
	}
	if eval.IsFunction((eval.World{}).Pick(v)) {
		if v = f.answer(o, key); f.isSchema(v) {
			return v
		}
	}
	return nil
}

// heldSchema is the JSON Schema that an object holds beside what else it can do, as those of request libraries do; nil
// where it holds none.
func (f *finder) heldSchema(v eval.Value) eval.Value {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return nil
	}
	for _, key := range f.Words("schema.held") {
		if o.Lookup(key) == nil {
			continue
		}
		if held, ok := (eval.World{}).Pick(f.member(o, key)).(*eval.Object); ok && isJSONSchema(held) {
			return held
		}
	}
	return nil
}

// written is the value that a text is the JSON of, with a hole in its place where a part is not known; nil where it is
// none.
func (f *finder) written(v eval.Value) eval.Value {
	var text string
	switch v := (eval.World{}).Pick(v).(type) {
	case eval.String:
		text = string(v)
	case *eval.Text:
		text, _ = zod.Render(v.Parts)
	}
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return nil
	}
	return f.Machine.ParseJSON(text)
}

// isSchema tells whether v is a schema of some kind: of zod, JSON Schema, or a function that may make one.
func (f *finder) isSchema(v eval.Value) bool {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return false
	}
	return zod.Of(o) != nil || zod.ConvertedOf(o) != nil || isJSONSchema(o) || isRawShape(o)
}

// isJSONSchema tells whether an object is a plain JSON Schema: data alone, without anything to call. The schemas of many
// libraries have a type or properties, too, and functions beside them.
func isJSONSchema(o *eval.Object) bool {
	if o.Kind != eval.KindObject || o.Lookup("~standard") != nil && !o.Lookup("~standard").Hidden {
		return false
	}
	for _, k := range o.Keys() {
		if eval.IsFunction((eval.World{}).Pick(o.Own(k).Value)) {
			return false
		}
	}
	if p := o.Own("type"); p != nil && p.Value == eval.String("object") {
		return true
	}
	for _, key := range []string{"properties", "$schema", "$ref", "anyOf", "oneOf", "allOf"} {
		if p := o.Own(key); p != nil {
			if _, ok := p.Value.(*eval.Object); ok || key[0] == '$' {
				return true
			}
		}
	}
	return false
}

// isRawShape tells an object whose members are all zod schemas.
func isRawShape(o *eval.Object) bool {
	if o.Kind != eval.KindObject || len(o.Keys()) == 0 {
		return false
	}
	for _, k := range o.Keys() {
		p := o.Own(k)
		if p.Get == nil && zod.Of((eval.World{}).Pick(p.Value)) == nil {
			return false
		}
	}
	return true
}

// isEmptyShape tells an object that is known to have no members: as the shape of a tool's input, that of one which takes
// nothing.
func isEmptyShape(v eval.Value) bool {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	return ok && o.Kind == eval.KindObject && len(o.AllKeys()) == 0 && len(o.Open()) == 0
}

// describing are the members of a tool that say something of it; any other function is something to call.
var describing = map[string]bool{"description": true, "prompt": true, "name": true, "outputSchema": true}

func (f *finder) callable(o *eval.Object, schemaKey string) bool {
	for p, depth := o, 0; p != nil && depth < 8; p, depth = p.Proto, depth+1 {
		for _, k := range p.AllKeys() {
			if q := p.Own(k); k != schemaKey && k != "constructor" && !describing[k] && !slices.Contains(f.Words("tool.enabled"), k) && eval.IsFunction((eval.World{}).Pick(q.Value)) {
				return true
			}
		}
	}
	return false
}

// positional makes a definition of a registration's arguments between name and callback.
func (f *finder) positional(name string, args []eval.Value) *definition {
	d := &definition{name: name, call: true, object: f.Machine.NewObject(), key: "inputSchema"}
	d.object.Define("name", eval.String(name))
	for _, a := range args {
		o, ok := a.(*eval.Object)
		switch {
		case !ok:
			if _, isUnknown := a.(*eval.Unknown); !isUnknown || d.object.Own("description") == nil {
				d.object.Define("description", a)
			}
		case f.isSchema(o) && d.schema == nil:
			d.schema = o
		case d.schema == nil && f.isForeignShape(o):
			d.schema, d.other = o, true
		default:
			for _, k := range o.Keys() {
				if d.object.Own(k) == nil {
					d.object.Define(k, f.member(o, k))
				}
			}
		}
	}
	for _, key := range f.schemaKeys() {
		if v := f.member(d.object, key); d.schema == nil && (f.isSchema(v) || isEmptyShape(v)) {
			d.schema = v
		}
	}
	for _, key := range f.schemaKeys() {
		if v := f.member(d.object, key); d.schema == nil && f.mayBeSchema(v) {
			d.schema, d.key, d.other = v, key, true
		}
	}
	return d
}

// isForeignShape tells an object whose members are all made by what is not known here, as those of a shape are whose
// library is not here.
func (f *finder) isForeignShape(o *eval.Object) bool {
	if o.Kind != eval.KindObject || len(o.Keys()) == 0 {
		return false
	}
	for _, k := range o.Keys() {
		if _, unknown := (eval.World{}).Pick(f.member(o, k)).(*eval.Unknown); !unknown || slices.Contains(f.schemaKeys(), k) || describing[k] {
			return false
		}
	}
	return true
}
