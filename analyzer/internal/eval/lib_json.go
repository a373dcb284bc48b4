package eval

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/ecma"
)

var jsonStatics map[string]Native

func init() {
	jsonStatics = map[string]Native{"stringify": jsonStringify, "parse": jsonParse}
}

func jsonStringify(m *Machine, _ Value, args []Value) Value {
	w := &jsonWriter{m: m, seen: map[*Object]bool{}}
	indent, ok := m.jsonIndent(m.settled(argument(args, 2)))
	if !ok || !w.replaceBy(m.settled(argument(args, 1))) {
		return m.resultOf(m.unknown("written in a way that is not known", "JSON.stringify"), args)
	}
	w.indent = indent
	if !w.member(nil, "", argument(args, 0), "\n") {
		return Undefined
	}
	text := makeText(w.parts)
	if t, ok := text.(*Text); ok && w.replace == nil && w.only == nil {
		t.json = m.jsonCopy(argument(args, 0), map[*Object]bool{})
	}
	return text
}

// jsonIndent is what JSON.stringify puts before each member.
func (m *Machine) jsonIndent(v Value) (indent string, ok bool) {
	switch v := unwrapped(v).(type) {
	case Number:
		return strings.Repeat(" ", max(0, min(10, ecma.ToInteger(float64(v))))), true
	case String:
		u := m.unitsOf(string(v))
		return u.Slice(0, min(10, u.Length())), true
	case *Unknown, *Choice, *Text:
		return "", false
	}
	return "", true
}

func jsonParse(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if t, ok := v.(*Text); ok && t.json != nil && len(args) == 1 {
			return m.jsonCopy(t.json, map[*Object]bool{})
		}
		s, ok := m.toString(v).(String)
		if !ok {
			return m.resultOf(m.unknown("parsed at run time", "JSON.parse"), args[:min(1, len(args))])
		}
		parsed := m.ParseJSON(string(s))
		if parsed == nil {
			if m.catching > 0 {
				m.throw(m.parseError())
			}
			return m.resultOf(m.unknown("not JSON", "JSON.parse"), args[:min(1, len(args))])
		}
		switch f := m.settled(argument(args, 1)).(type) {
		case *Unknown, *Choice:
			return m.resultOf(m.unknown("revived at run time", "JSON.parse"), args)
		case *Object:
			if f.Func != nil {
				root := m.newObject(KindObject)
				root.set("", &Prop{Value: parsed})
				return m.revived(root, "", f)
			}
		}
		return parsed
	})
}

// parseError is the error of JSON.parse, whose message each engine has its own of.
func (m *Machine) parseError() Value {
	o := m.newError("SyntaxError", "")
	o.set("message", &Prop{Value: m.unknown("an engine's own message", "message"), Hidden: true})
	return o
}

// revived is a member of what was parsed, as a reviver makes it.
func (m *Machine) revived(holder *Object, key string, f *Object) Value {
	v := m.property(holder, holder, key)
	if o, ok := v.(*Object); ok && !m.spent() {
		for _, k := range m.keysOf(o) {
			if r := m.revived(o, k, f); r == Undefined {
				m.remove(o, k)
			} else if o.Kind == KindArray {
				m.setElement(o, k, r)
			} else {
				m.change(o)
				o.set(k, &Prop{Value: r})
			}
		}
	}
	return m.Call(f, holder, []Value{String(key), v})
}

// ParseJSON returns the value that a text is the JSON of; nil where it is not JSON.
func (m *Machine) ParseJSON(text string) Value {
	if !gjson.Valid(text) {
		return nil
	}
	return m.fromJSON(gjson.Parse(text))
}

func (m *Machine) fromJSON(r gjson.Result) Value {
	switch r.Type {
	case gjson.True:
		return Bool(true)
	case gjson.False:
		return Bool(false)
	case gjson.Number:
		return Number(ecma.StringToNumber(r.Raw))
	case gjson.String:
		return String(jsonText(r))
	case gjson.JSON:
		if r.IsArray() {
			out := m.newArray(nil)
			r.ForEach(func(_, v gjson.Result) bool {
				out.Elems = append(out.Elems, Elem{Value: m.fromJSON(v)})
				return true
			})
			return out
		}
		o := m.newObject(KindObject)
		r.ForEach(func(k, v gjson.Result) bool {
			o.set(jsonText(k), &Prop{Value: m.fromJSON(v)})
			return true
		})
		return o
	}
	return Null
}

// jsonText is the value of a JSON string. The library would lose halves of surrogate pairs.
func jsonText(r gjson.Result) string {
	if s, err := ecma.Unquote(r.Raw); err == nil {
		return s
	}
	return r.Str
}

// jsonWriter writes a value as JSON text, with holes where it is not known.
type jsonWriter struct {
	m       *Machine
	indent  string
	parts   []Part
	seen    map[*Object]bool
	key     string   // of the member that is written
	replace *Object  // the function that each value is replaced by
	only    []string // the names of members that are written, where that is not nil
}

func (w *jsonWriter) lit(s string) { w.parts = append(w.parts, Part{Lit: s}) }

// replaceBy sets the second argument of JSON.stringify, and is false where it is not known.
func (w *jsonWriter) replaceBy(v Value) bool {
	o, ok := v.(*Object)
	switch {
	case !ok:
		return isPrimitive(v)
	case o.Func != nil:
		w.replace = o
	case o.Kind == KindArray:
		w.only = []string{}
		for _, e := range o.Elems {
			switch v := unwrapped(w.m.settled(e.Value)).(type) {
			case String, Number:
				if e.When == nil && e.Each == "" {
					w.only = append(w.only, primitiveString(v))
					continue
				}
				return false
			case *Unknown, *Choice, *Text:
				return false
			}
		}
		return len(o.open) == 0
	}
	return true
}

// member writes a value that a holder has under a key, as toJSON and the replacer make it, and tells whether there was
// anything to write.
func (w *jsonWriter) member(holder *Object, key string, v Value, newline string) bool {
	if w.key = key; w.replace == nil {
		return w.value(v, newline)
	}
	m := w.m
	v = w.converted(m.settled(v))
	if holder == nil {
		holder = m.newObject(KindObject)
		holder.set("", &Prop{Value: v})
	}
	return w.plain(m.Call(w.replace, holder, []Value{String(key), v}), newline)
}

// converted is what an object's method toJSON makes of it.
func (w *jsonWriter) converted(v Value) Value {
	if o, ok := v.(*Object); ok && o.Kind != KindHost {
		if f := w.m.methodNamed(o, "toJSON"); f != nil {
			return w.m.settled(w.m.Call(f, o, []Value{String(w.key)}))
		}
	}
	return v
}

// value writes v and tells whether there was anything to write.
func (w *jsonWriter) value(v Value, newline string) bool {
	return w.plain(w.converted(w.m.settled(v)), newline)
}

// plain writes a value that toJSON has been asked for.
func (w *jsonWriter) plain(v Value, newline string) bool {
	switch v := unwrapped(w.m.settled(v)).(type) {
	case undefined, *Symbol:
		return false
	case String:
		w.lit(Quote(string(v)))
	case *Text:
		w.lit(`"`)
		w.parts = append(w.parts, mapLiterals(v.Parts, func(s string) string { q := Quote(s); return q[1 : len(q)-1] })...)
		w.lit(`"`)
	case *Unknown:
		w.parts = append(w.parts, Part{Hole: v})
	case *Choice:
		a, b := w.fork(), w.fork()
		a.value(v.Then, newline)
		b.value(v.Else, newline)
		w.parts = append(w.parts, Part{Choice: &PartChoice{v.Cond, a.parts, b.parts}})
	case *Object:
		return w.object(v, newline)
	case Number:
		w.lit(ecma.FormatJSON(float64(v)))
	case BigInt:
		return w.value(w.m.raise("TypeError", "Do not know how to serialize a BigInt"), newline)
	default:
		w.lit(primitiveString(v))
	}
	return true
}

func (w *jsonWriter) fork() *jsonWriter {
	f := *w
	f.parts = nil
	return &f
}

func (w *jsonWriter) object(o *Object, newline string) bool {
	switch {
	case o.Func != nil:
		return false
	case w.seen[o]:
		return w.value(w.m.raise("TypeError", "Converting circular structure to JSON"), newline)
	case w.m.spent():
		return w.value(outOfBudget, newline)
	}
	w.seen[o] = true
	defer delete(w.seen, o)
	inner := newline
	if w.indent != "" {
		inner += w.indent
	}
	isArray := o.Kind == KindArray && !o.arguments
	if target := o; o.proxy != nil {
		for target.proxy != nil {
			target = target.proxy.target
		}
		isArray = target.Kind == KindArray
		if isArray {
			if o = w.m.arrayLike(o); o == nil {
				return w.value(w.m.unknown("a proxy of an array", "Proxy"), newline)
			}
		}
	}
	if isArray {
		w.array(o, newline, inner)
		return true
	}
	members, ok := w.members(o)
	if !ok {
		return w.value(w.m.unknown("members of something unknown", w.m.Describe(o)), newline)
	}
	w.lit("{")
	n := 0
	for _, p := range members {
		at := len(w.parts)
		w.separate(n, inner)
		w.lit(Quote(p.key) + ":")
		if w.indent != "" {
			w.lit(" ")
		}
		v := p.value()
		if p.when != nil {
			v = w.m.choose(p.when, v, Undefined)
		}
		if !w.member(o, p.key, v, inner) {
			w.parts = w.parts[:at]
			continue
		}
		n++
	}
	for _, u := range o.open {
		w.separate(n, inner)
		w.parts = append(w.parts, Part{Hole: u})
		n++
	}
	if n > 0 && w.indent != "" {
		w.lit(newline)
	}
	w.lit("}")
	return true
}

// members are those of an object that are written.
func (w *jsonWriter) members(o *Object) (out []ownProperty, ok bool) {
	list := w.m.properties(o)
	if o.proxy != nil {
		if list, ok = w.m.proxyEntries(o); !ok {
			return nil, false
		}
	}
	if w.only == nil {
		for _, p := range list {
			if !p.hidden {
				out = append(out, p)
			}
		}
		return out, true
	}
	for _, k := range w.only {
		for _, p := range list {
			if p.key == k && !p.hidden {
				out = append(out, p)
			}
		}
	}
	return out, true
}

func (w *jsonWriter) array(o *Object, newline, inner string) {
	w.lit("[")
	for i, e := range o.Elems {
		w.separate(i, inner)
		if e.Each != "" {
			f := w.fork()
			f.member(o, "", e.Value, inner)
			w.parts = append(w.parts, Part{Each: &PartEach{Over: e.Each, Sep: ",", Parts: f.parts}})
			continue
		}
		if !w.member(o, ecma.FormatIndex(i), w.m.present(e), inner) {
			w.lit("null")
		}
	}
	if len(o.Elems) > 0 && w.indent != "" {
		w.lit(newline)
	}
	w.lit("]")
}

func (w *jsonWriter) separate(n int, newline string) {
	if n > 0 {
		w.lit(",")
	}
	if w.indent != "" {
		w.lit(newline)
	}
}

// Quote writes a string as JSON.stringify does.
func Quote(s string) string { return ecma.Quote(s) }
