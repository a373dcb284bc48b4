package eval

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// stringMethods are the methods of strings. Those that look at the whole text need it to be known; the others
// work on the literal parts of a text with holes.
var stringMethods map[string]Native

func init() {
	stringMethods = map[string]Native{
		"trim":              literal(strings.TrimSpace, trimEnds(true, true)),
		"trimStart":         literal(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }, trimEnds(true, false)),
		"trimEnd":           literal(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }, trimEnds(false, true)),
		"toUpperCase":       literal(strings.ToUpper, nil),
		"toLowerCase":       literal(strings.ToLower, nil),
		"toLocaleUpperCase": literal(strings.ToUpper, nil),
		"toLocaleLowerCase": literal(strings.ToLower, nil),
		"normalize":         literal(func(s string) string { return s }, nil),
		"toString":          func(_ *Machine, this Value, _ []Value) Value { return this },
		"valueOf":           func(_ *Machine, this Value, _ []Value) Value { return this },
		"concat": func(m *Machine, this Value, args []Value) Value {
			for _, a := range args {
				this = m.concat(this, a)
			}
			return this
		},
		"slice":         known("slice", stringSlice),
		"substring":     known("substring", substring),
		"substr":        known("substr", substr),
		"charAt":        known("charAt", func(_ *Machine, s string, a []Value) Value { return charAt(s, integer(a, 0, 0), String("")) }),
		"at":            known("at", stringAt),
		"charCodeAt":    known("charCodeAt", charCode),
		"codePointAt":   known("codePointAt", charCode),
		"indexOf":       known("indexOf", func(_ *Machine, s string, a []Value) Value { return indexIn(s, strings.Index(s, str(a, 0))) }),
		"lastIndexOf":   known("lastIndexOf", func(_ *Machine, s string, a []Value) Value { return indexIn(s, strings.LastIndex(s, str(a, 0))) }),
		"includes":      holds(strings.Contains),
		"startsWith":    holds(strings.HasPrefix),
		"endsWith":      holds(strings.HasSuffix),
		"repeat":        known("repeat", repeat),
		"padStart":      known("padStart", pad(true)),
		"padEnd":        known("padEnd", pad(false)),
		"split":         split,
		"replace":       replace(false),
		"replaceAll":    replace(true),
		"match":         known("match", stringMatch),
		"matchAll":      known("matchAll", stringMatchAll),
		"search":        known("search", stringSearch),
		"test":          nil,
		"localeCompare": known("localeCompare", localeCompare),
	}
	delete(stringMethods, "test")
}

// localeCompare compares in the order of people, not of code points: what most locales share.
func localeCompare(m *Machine, s string, a []Value) Value {
	if m.collator == nil {
		m.collator = collate.New(language.English)
	}
	return Number(m.collator.CompareString(s, str(a, 0)))
}

// known wraps a method that needs the whole text and constant arguments.
func known(name string, f func(m *Machine, s string, args []Value) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		s, ok := this.(String)
		for _, a := range args {
			switch a.(type) {
			case *Unknown, *Text:
				ok = false
			case *Choice:
				ok = false
			}
		}
		if !ok {
			return m.onAlternatives(name, f, this, args)
		}
		return f(m, string(s), args)
	}
}

// onAlternatives calls f for each alternative of its arguments where those are known.
func (m *Machine) onAlternatives(name string, f func(m *Machine, s string, args []Value) Value, this Value, args []Value) Value {
	for i, a := range args {
		if _, ok := a.(*Choice); ok {
			return m.lift(a, func(v Value) Value {
				next := append([]Value(nil), args...)
				next[i] = v
				return known(name, f)(m, this, next)
			})
		}
	}
	keys := make([]string, len(args))
	for i, a := range args {
		keys[i] = keyOf(a)
	}
	r := &Unknown{Key: bounded(keyOf(this) + "." + name + "(" + strings.Join(keys, ",") + ")"), Expr: m.Describe(this), Why: "works on a text with holes"}
	r.madeOf(this).madeOf(args...)
	ds, ok := Default(this).(String)
	defaults := make([]Value, len(args))
	for i, a := range args {
		defaults[i] = Default(a)
		switch defaults[i].(type) {
		case *Unknown, *Text:
			ok = false
		}
	}
	if ok {
		r.Default = f(m, string(ds), defaults)
	}
	return r
}

// literal wraps a method that changes the text piece by piece; ends, if not nil, is used for a text with holes.
func literal(f func(string) string, ends func([]Part) []Part) Native {
	return func(m *Machine, this Value, _ []Value) Value {
		switch v := this.(type) {
		case String:
			return String(f(string(v)))
		case *Text:
			if ends != nil {
				return makeText(ends(v.Parts))
			}
			return makeText(mapLiterals(v.Parts, f))
		}
		return this
	}
}

func trimEnds(start, end bool) func([]Part) []Part {
	return func(parts []Part) []Part {
		out := append([]Part(nil), parts...)
		if start && out[0].Lit != "" {
			out[0].Lit = strings.TrimLeftFunc(out[0].Lit, unicode.IsSpace)
		}
		if last := len(out) - 1; end && out[last].Lit != "" {
			out[last].Lit = strings.TrimRightFunc(out[last].Lit, unicode.IsSpace)
		}
		return out
	}
}

// holds wraps a test of a text for a piece; a text with holes holds what one of its literals holds.
func holds(test func(s, piece string) bool) Native {
	return func(m *Machine, this Value, args []Value) Value {
		if s, ok := this.(String); ok {
			return m.lift(argument(args, 0), func(a Value) Value {
				if p, ok := a.(String); ok {
					return Bool(test(string(s), string(p)))
				}
				return m.callUnknown(m.unknown("tests for an unknown text", "includes"), []Value{s, a})
			})
		}
		if t, ok := this.(*Text); ok {
			if p, ok := argument(args, 0).(String); ok {
				for _, part := range t.Parts {
					if part.Lit != "" && strings.Contains(part.Lit, string(p)) && test(string(p), string(p)) && test("x"+string(p)+"x", string(p)) {
						return Bool(true)
					}
				}
			}
		}
		return m.callUnknown(m.unknown("tests a text with holes", "includes"), append([]Value{this}, args...))
	}
}

func str(args []Value, i int) string {
	if i >= len(args) {
		return "undefined"
	}
	return primitiveString(args[i])
}

func integer(args []Value, i, def int) int {
	if i >= len(args) || args[i] == Undefined {
		return def
	}
	f := toNumber(args[i])
	switch {
	case f != f:
		return 0
	case f > 1<<30:
		return 1 << 30
	case f < -(1 << 30):
		return -(1 << 30)
	}
	return int(f)
}

func clampIndex(i, n int) int {
	if i < 0 {
		i += n
	}
	return max(0, min(i, n))
}

func cut(s string, from, to int) Value {
	if from >= to {
		return String("")
	}
	return String(s[byteOffset(s, from):byteOffset(s, to)])
}

func stringSlice(_ *Machine, s string, a []Value) Value {
	n := utf16Length(s)
	return cut(s, clampIndex(integer(a, 0, 0), n), clampIndex(integer(a, 1, n), n))
}

func substring(_ *Machine, s string, a []Value) Value {
	n := utf16Length(s)
	from, to := max(0, min(integer(a, 0, 0), n)), max(0, min(integer(a, 1, n), n))
	return cut(s, min(from, to), max(from, to))
}

func substr(_ *Machine, s string, a []Value) Value {
	n := utf16Length(s)
	from := clampIndex(integer(a, 0, 0), n)
	return cut(s, from, min(n, from+max(0, integer(a, 1, n))))
}

func stringAt(_ *Machine, s string, a []Value) Value {
	i := integer(a, 0, 0)
	if i < 0 {
		i += utf16Length(s)
	}
	return charAt(s, i, Undefined)
}

func charCode(_ *Machine, s string, a []Value) Value {
	c, ok := charAt(s, integer(a, 0, 0), Undefined).(String)
	if !ok {
		return Number(math.NaN())
	}
	r, _ := utf8.DecodeRuneInString(string(c))
	return Number(r)
}

func indexIn(s string, at int) Value {
	if at < 0 {
		return Number(-1)
	}
	return Number(utf16Length(s[:at]))
}

func repeat(m *Machine, s string, a []Value) Value {
	n := integer(a, 0, 0)
	if n < 0 || n*len(s) > maxString {
		return m.unknown("string over the size limit", "repeat")
	}
	return String(strings.Repeat(s, n))
}

func pad(start bool) func(m *Machine, s string, a []Value) Value {
	return func(m *Machine, s string, a []Value) Value {
		fill := " "
		if len(a) > 1 {
			fill = str(a, 1)
		}
		n := integer(a, 0, 0) - utf16Length(s)
		if n <= 0 || fill == "" {
			return String(s)
		}
		if n > maxString {
			return m.unknown("string over the size limit", "pad")
		}
		p := string(cut(strings.Repeat(fill, n/len(fill)+1), 0, n).(String))
		if start {
			return String(p + s)
		}
		return String(s + p)
	}
}

func split(m *Machine, this Value, args []Value) Value {
	s, ok := this.(String)
	if !ok {
		return &Unknown{Key: bounded(keyOf(this) + ".split(" + keyOf(argument(args, 0)) + ")"), Expr: m.Describe(this), Why: "splits a text with holes"}
	}
	out := m.newArray(nil)
	switch sep := argument(args, 0).(type) {
	case undefined:
		out.Elems = []Elem{{Value: s}}
	case String:
		for _, p := range strings.Split(string(s), string(sep)) {
			out.Elems = append(out.Elems, Elem{Value: String(p)})
		}
	case *Object:
		if sep.Kind != KindRegexp {
			return m.unknown("splits by an object", "split")
		}
		return m.splitRegexp(string(s), sep)
	default:
		return m.unknown("splits by something unknown", "split")
	}
	if n := integer(args, 1, len(out.Elems)); n < len(out.Elems) && n >= 0 {
		out.Elems = out.Elems[:n]
	}
	return out
}

// replace replaces a piece or a pattern; in a text with holes it does so in each literal.
func replace(all bool) Native {
	return func(m *Machine, this Value, args []Value) Value {
		with := argument(args, 1)
		edit := func(s string) Value { return m.replaceIn(s, argument(args, 0), with, all) }
		switch v := this.(type) {
		case String:
			return edit(string(v))
		case *Text:
			return makeText(m.editParts(v.Parts, edit))
		}
		return this
	}
}

// editParts replaces each literal by the parts of what edit makes of it. Each counts, for a text that is edited again
// and again may double each time.
func (m *Machine) editParts(parts []Part, edit func(string) Value) []Part {
	var out []Part
	for _, p := range parts {
		if m.spent() {
			return append(out, Part{Hole: outOfBudget})
		}
		switch {
		case p.Choice != nil:
			out = append(out, Part{Choice: &PartChoice{p.Choice.Cond, m.editParts(p.Choice.Then, edit), m.editParts(p.Choice.Else, edit)}})
		case p.Each != nil:
			out = append(out, Part{Each: &PartEach{p.Each.Over, p.Each.Sep, m.editParts(p.Each.Parts, edit)}})
		case p.Hole != nil:
			out = append(out, p)
		default:
			out = append(out, m.parts(edit(p.Lit))...)
		}
	}
	return out
}

func (m *Machine) replaceIn(s string, what, with Value, all bool) Value {
	switch w := what.(type) {
	case String:
		return m.replacePiece(s, string(w), with, all)
	case *Object:
		if w.Kind == KindRegexp {
			return m.replaceRegexp(s, w, with)
		}
	case *Choice:
		return m.lift(w, func(v Value) Value { return m.replaceIn(s, v, with, all) })
	}
	return String(s)
}

func (m *Machine) replacePiece(s, piece string, with Value, all bool) Value {
	n := 1
	if all {
		n = -1
	}
	if n == 1 && !strings.Contains(s, piece) {
		return String(s)
	}
	pieces := strings.SplitN(s, piece, map[bool]int{true: -1, false: 2}[all])
	var parts []Part
	for i, p := range pieces {
		if i > 0 {
			r := with
			if IsFunction(with) {
				r = m.Call(with, Undefined, []Value{String(piece)})
			}
			parts = append(parts, m.parts(r)...)
		}
		parts = append(parts, Part{Lit: p})
	}
	return makeText(parts)
}

func stringOf(m *Machine, _ Value, args []Value) Value {
	if len(args) == 0 {
		return String("")
	}
	return m.toString(args[0])
}

var stringStatics = map[string]Native{
	"raw": func(m *Machine, _ Value, args []Value) Value {
		strs, ok := argument(args, 0).(*Object)
		if !ok {
			return Undefined
		}
		raw, ok := m.get(strs, "raw", true).(*Object)
		if !ok {
			raw = strs
		}
		var parts []Part
		for i, e := range raw.Elems {
			parts = append(parts, m.parts(e.Value)...)
			if i+1 < len(raw.Elems) && i+1 < len(args) {
				parts = append(parts, m.parts(args[i+1])...)
			}
		}
		return makeText(parts)
	},
	"fromCharCode":  fromCodes,
	"fromCodePoint": fromCodes,
}

func fromCodes(m *Machine, _ Value, args []Value) Value {
	var b strings.Builder
	for _, a := range args {
		if isUnknown(a) {
			return m.unknown("characters of unknown codes", "text")
		}
		b.WriteRune(rune(toNumber(a)))
	}
	return String(b.String())
}
