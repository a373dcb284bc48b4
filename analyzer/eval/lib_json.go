package eval

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

var jsonStatics map[string]Native

func init() {
	jsonStatics = map[string]Native{
		"stringify": func(m *Machine, _ Value, args []Value) Value {
			indent := ""
			switch v := argument(args, 2).(type) {
			case Number:
				indent = strings.Repeat(" ", max(0, min(10, int(v))))
			case String:
				indent = string(v)
			}
			w := &jsonWriter{m: m, indent: indent, seen: map[*Object]bool{}}
			if !w.value(argument(args, 0), "\n") {
				return Undefined
			}
			text := makeText(w.parts)
			if t, ok := text.(*Text); ok {
				t.json = m.jsonCopy(argument(args, 0), map[*Object]bool{})
			}
			return text
		},
		"parse": func(m *Machine, _ Value, args []Value) Value {
			if t, ok := m.settled(argument(args, 0)).(*Text); ok && t.json != nil {
				return m.jsonCopy(t.json, map[*Object]bool{})
			}
			s, ok := m.settled(argument(args, 0)).(String)
			if !ok || !gjson.Valid(string(s)) {
				return m.callUnknown(m.unknown("parsed at run time", "JSON.parse"), args[:min(1, len(args))])
			}
			return m.fromJSON(gjson.Parse(string(s)))
		},
	}
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
		return Number(r.Num)
	case gjson.String:
		return String(r.Str)
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
			o.set(k.Str, &Prop{Value: m.fromJSON(v)})
			return true
		})
		return o
	}
	return Null
}

// jsonWriter writes a value as JSON text, with holes where it is not known.
type jsonWriter struct {
	m      *Machine
	indent string
	parts  []Part
	seen   map[*Object]bool
}

func (w *jsonWriter) lit(s string) { w.parts = append(w.parts, Part{Lit: s}) }

// value writes v and tells whether there was anything to write.
func (w *jsonWriter) value(v Value, newline string) bool {
	switch v := w.m.settled(v).(type) {
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
		a, b := &jsonWriter{w.m, w.indent, nil, w.seen}, &jsonWriter{w.m, w.indent, nil, w.seen}
		a.value(v.Then, newline)
		b.value(v.Else, newline)
		w.parts = append(w.parts, Part{Choice: &PartChoice{v.Cond, a.parts, b.parts}})
	case *Object:
		return w.object(v, newline)
	case Number:
		if v != v || v-v != 0 {
			w.lit("null")
			return true
		}
		w.lit(primitiveString(v))
	default:
		w.lit(primitiveString(v))
	}
	return true
}

func (w *jsonWriter) object(o *Object, newline string) bool {
	if o.Func != nil {
		return false
	}
	if w.seen[o] {
		w.lit("null")
		return true
	}
	w.seen[o] = true
	defer delete(w.seen, o)
	if p := o.Lookup("toJSON"); p != nil && IsFunction(p.Value) {
		return w.value(w.m.Call(p.Value, o, nil), newline)
	}
	inner := newline
	if w.indent != "" {
		inner += w.indent
	}
	if o.Kind == KindArray {
		w.array(o, newline, inner)
		return true
	}
	w.lit("{")
	n := 0
	for _, k := range o.Keys() {
		if v := o.own(k).Value; v == Undefined || IsFunction(v) {
			continue
		}
		w.separate(n, inner)
		n++
		w.lit(Quote(k) + ":")
		if w.indent != "" {
			w.lit(" ")
		}
		w.value(w.m.property(o, o, k), inner)
	}
	if n > 0 && w.indent != "" {
		w.lit(newline)
	}
	w.lit("}")
	return true
}

func (w *jsonWriter) array(o *Object, newline, inner string) {
	w.lit("[")
	for i, e := range o.Elems {
		w.separate(i, inner)
		if !w.value(w.m.present(e), inner) {
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
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20:
			h := strconv.FormatInt(int64(r), 16)
			b.WriteString(`\u` + strings.Repeat("0", 4-len(h)) + h)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
