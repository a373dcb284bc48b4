package eval

import (
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/cases"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/bundlens/bundlens/internal/ecma"
)

// stringMethods are the methods of strings. Those that look at the whole text need it to be known; the others
// work on the literal parts of a text with holes.
var stringMethods map[string]Native

func init() {
	stringMethods = map[string]Native{
		"trim":              literal("trim", ecma.Trim, trimEnds(true, true)),
		"trimStart":         literal("trimStart", ecma.TrimStart, trimEnds(true, false)),
		"trimEnd":           literal("trimEnd", ecma.TrimEnd, trimEnds(false, true)),
		"toUpperCase":       literal("toUpperCase", upper, nil),
		"toLowerCase":       literal("toLowerCase", lower, nil),
		"toLocaleUpperCase": inLocale("toLocaleUpperCase", upper),
		"toLocaleLowerCase": inLocale("toLocaleLowerCase", lower),
		"toString":          onText("toString", func(_ *Machine, this Value, _ []Value) Value { return this }),
		"valueOf":           onText("valueOf", func(_ *Machine, this Value, _ []Value) Value { return this }),
		"concat": onText("concat", func(m *Machine, this Value, args []Value) Value {
			for _, a := range args {
				this = m.concat(this, m.toString(a))
			}
			return this
		}),
		"normalize":   known("normalize", normalize),
		"slice":       known("slice", stringSlice),
		"substring":   known("substring", substring),
		"substr":      known("substr", substr),
		"charAt":      known("charAt", func(m *Machine, s string, a []Value) Value { return m.charAt(s, integer(a, 0, 0), String("")) }),
		"at":          known("at", stringAt),
		"charCodeAt":  known("charCodeAt", charCodeAt),
		"codePointAt": known("codePointAt", codePointAt),
		"indexOf":     known("indexOf", stringIndexOf),
		"lastIndexOf": known("lastIndexOf", stringLastIndexOf),
		"includes":    holds("includes", func(s, piece string, at int) bool { return ecma.Index(s, piece, at) >= 0 }),
		"startsWith": holds("startsWith", func(s, piece string, at int) bool {
			var u ecma.Units
			return strings.HasPrefix(u.Of(s).Slice(at, u.Length()), piece)
		}),
		"endsWith":      endsWith,
		"repeat":        known("repeat", repeat),
		"padStart":      known("padStart", pad(true)),
		"padEnd":        known("padEnd", pad(false)),
		"split":         split,
		"replace":       replace("replace", false),
		"replaceAll":    replace("replaceAll", true),
		"match":         known("match", stringMatch),
		"matchAll":      known("matchAll", stringMatchAll),
		"search":        known("search", stringSearch),
		"localeCompare": known("localeCompare", localeCompare),
		"isWellFormed":  known("isWellFormed", func(_ *Machine, s string, _ []Value) Value { return Bool(ecma.IsWellFormed(s)) }),
		"toWellFormed":  known("toWellFormed", func(_ *Machine, s string, _ []Value) Value { return String(ecma.ToWellFormed(s)) }),
		symbolIterator:  known("iterator", func(m *Machine, s string, _ []Value) Value { return m.iteratorOver(m.newArray(m.characters(s))) }),
	}
	stringMethods["trimLeft"], stringMethods["trimRight"] = stringMethods["trimStart"], stringMethods["trimEnd"]
	for name, f := range stringMethods {
		stringMethods[name] = convertible(f)
	}
	for _, name := range []string{"anchor", "big", "blink", "bold", "fixed", "fontcolor", "fontsize", "italics", "link", "small", "strike", "sub", "sup"} {
		stringMethods[name] = unknownOf("HTML made of a string")
	}
}

// convertible is a method of strings for arguments that have a text and are numbers: to convert a symbol to a text is an error,
// and a bigint to a number.
func convertible(f Native) Native {
	return func(m *Machine, this Value, args []Value) Value {
		for _, a := range args {
			switch a.(type) {
			case *Symbol, BigInt:
				return m.unknown("an argument that may not be converted", "string")
			}
		}
		return f(m, this, args)
	}
}

func upper(s string) string {
	return inCase(s, strings.ToUpper, func(s string) string { return cases.Upper(language.Und).String(s) })
}

func lower(s string) string {
	return inCase(s, strings.ToLower, func(s string) string { return cases.Lower(language.Und).String(s) })
}

// inCase changes the case of a text; lone surrogates stay.
func inCase(s string, ascii, any func(string) string) string {
	if ecma.IsASCII(s) {
		return ascii(s)
	}
	if ecma.IsWellFormed(s) {
		return any(s)
	}
	var b strings.Builder
	from := 0
	for at := 0; at < len(s); {
		r, width := ecma.DecodeRune(s[at:])
		if utf16.IsSurrogate(r) {
			b.WriteString(any(s[from:at]))
			b.WriteString(s[at : at+width])
			from = at + width
		}
		at += width
	}
	b.WriteString(any(s[from:]))
	return b.String()
}

// inLocale is a method that depends on the locale for some letters.
func inLocale(name string, f func(string) string) Native {
	plain := literal(name, f, nil)
	return func(m *Machine, this Value, args []Value) Value {
		if len(args) > 0 && args[0] != Undefined {
			return m.resultOf(m.unknown("depends on the locale", name), append([]Value{this}, args...))
		}
		return plain(m, this, args)
	}
}

func normalize(m *Machine, s string, a []Value) Value {
	form := "NFC"
	if argument(a, 0) != Undefined {
		form = str(a, 0)
	}
	switch form {
	case "NFC":
		return String(norm.NFC.String(s))
	case "NFD":
		return String(norm.NFD.String(s))
	case "NFKC":
		return String(norm.NFKC.String(s))
	case "NFKD":
		return String(norm.NFKD.String(s))
	}
	return m.raise("RangeError", "The normalization form should be one of NFC, NFD, NFKC, NFKD.")
}

// localeCompare compares in the order of people, not of code points: what most locales share.
func localeCompare(m *Machine, s string, a []Value) Value {
	if len(a) > 1 && (a[1] != Undefined || argument(a, 2) != Undefined) {
		return m.resultOf(m.unknown("compares as a locale does", "localeCompare"), append([]Value{String(s)}, a...))
	}
	if m.collator == nil {
		m.collator = collate.New(language.English)
	}
	return Number(m.collator.CompareString(s, str(a, 0)))
}

// known wraps a method that needs the whole text and constant arguments. Objects among those are converted to strings or
// numbers, but for patterns and functions.
func known(name string, f func(m *Machine, s string, args []Value) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		args = m.plain(args)
		if this = m.asText(this); this == nil {
			return m.raise("TypeError", "String.prototype."+name+" called on null or undefined")
		}
		s, ok := this.(String)
		for _, a := range args {
			switch a.(type) {
			case *Unknown, *Text, *Choice:
				ok = false
			}
		}
		if !ok {
			return m.onAlternatives(name, f, this, args)
		}
		return f(m, string(s), args)
	}
}

// asText is what a method of strings takes its this for; nil for null and undefined.
func (m *Machine) asText(this Value) Value {
	switch v := this.(type) {
	case String, *Text, *Choice, *Unknown:
		return this
	case undefined, null:
		return nil
	default:
		return m.toString(v)
	}
}

// onText wraps a method that takes texts with holes too.
func onText(name string, f Native) Native {
	return func(m *Machine, this Value, args []Value) Value {
		if this = m.asText(this); this == nil {
			return m.raise("TypeError", "String.prototype."+name+" called on null or undefined")
		}
		return m.lift(this, func(this Value) Value {
			if !isString(this) {
				return m.resultOf(m.unknown("works on an unknown text", name), append([]Value{this}, args...))
			}
			return f(m, this, args)
		})
	}
}

// plain returns arguments with those objects converted to primitive values that are no patterns and no functions.
func (m *Machine) plain(args []Value) []Value {
	out := args
	for i, a := range args {
		o, ok := a.(*Object)
		if !ok || o.Func != nil || o.Kind == KindRegexp {
			continue
		}
		if len(out) > 0 && &out[0] == &args[0] {
			out = slices.Clone(args)
		}
		out[i] = m.primitive(o, "string")
	}
	return out
}

// onAlternatives calls f for each alternative of its arguments where those are known.
func (m *Machine) onAlternatives(name string, f func(m *Machine, s string, args []Value) Value, this Value, args []Value) Value {
	if _, ok := this.(*Choice); ok {
		return m.lift(this, func(this Value) Value { return known(name, f)(m, this, args) })
	}
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
func literal(name string, f func(string) string, ends func([]Part) []Part) Native {
	return onText(name, func(m *Machine, this Value, _ []Value) Value {
		t, ok := this.(*Text)
		switch {
		case !ok:
			return m.sized(String(f(string(this.(String)))))
		case ends != nil:
			return makeText(ends(t.Parts))
		}
		return makeText(mapLiterals(t.Parts, f))
	})
}

func trimEnds(start, end bool) func([]Part) []Part {
	return func(parts []Part) []Part {
		out := append([]Part(nil), parts...)
		if start && out[0].Lit != "" {
			out[0].Lit = ecma.TrimStart(out[0].Lit)
		}
		if last := len(out) - 1; end && out[last].Lit != "" {
			out[last].Lit = ecma.TrimEnd(out[last].Lit)
		}
		return out
	}
}

// holds wraps a test of a text for a piece from a position on; a text with holes holds what one of its literals holds.
func holds(name string, test func(s, piece string, at int) bool) Native {
	return func(m *Machine, this Value, args []Value) Value {
		args = m.plain(args)
		if t, ok := this.(*Text); ok && len(args) == 1 && name == "includes" {
			if p, ok := args[0].(String); ok {
				for _, part := range t.Parts {
					if part.Lit != "" && strings.Contains(part.Lit, string(p)) {
						return Bool(true)
					}
				}
			}
		}
		return m.onKnown(name, this, args, func(s string) Value {
			if isPattern(argument(args, 0)) {
				return m.raise("TypeError", "First argument to String.prototype."+name+" must not be a regular expression")
			}
			at := max(0, min(integer(args, 1, 0), m.unitsOf(s).Length()))
			return Bool(test(s, str(args, 0), at))
		})
	}
}

// onKnown runs f where this is a string that is known and so are the arguments; a choice among them is taken apart.
func (m *Machine) onKnown(name string, this Value, args []Value, f func(s string) Value) Value {
	if this = m.asText(this); this == nil {
		return m.raise("TypeError", "String.prototype."+name+" called on null or undefined")
	}
	return m.lift(this, func(this Value) Value {
		s, ok := this.(String)
		for i, a := range args {
			switch a.(type) {
			case *Choice:
				if ok {
					return m.lift(a, func(v Value) Value {
						next := append([]Value(nil), args...)
						next[i] = v
						return stringMethods[name](m, s, next)
					})
				}
			case *Unknown, *Text:
				ok = false
			}
		}
		if !ok {
			return m.callUnknown(m.unknown("tests a text with holes", name), append([]Value{this}, args...))
		}
		return f(string(s))
	})
}

func endsWith(m *Machine, this Value, args []Value) Value {
	args = m.plain(args)
	return m.onKnown("endsWith", this, args, func(s string) Value {
		if isPattern(argument(args, 0)) {
			return m.raise("TypeError", "First argument to String.prototype.endsWith must not be a regular expression")
		}
		n := m.unitsOf(s).Length()
		end := max(0, min(integer(args, 1, n), n))
		return Bool(strings.HasSuffix(m.unitsOf(s).Slice(0, end), str(args, 0)))
	})
}

func isPattern(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.Kind == KindRegexp
}

func str(args []Value, i int) string {
	if i >= len(args) {
		return "undefined"
	}
	if o, ok := args[i].(*Object); ok {
		return patternText(o)
	}
	return primitiveString(args[i])
}

// integer is an argument as a whole number, def where it is undefined.
func integer(args []Value, i, def int) int {
	if i >= len(args) || args[i] == Undefined {
		return def
	}
	return ecma.ToInteger(toNumber(args[i]))
}

func clampIndex(i, n int) int {
	if i < 0 {
		i += n
	}
	return max(0, min(i, n))
}

func (m *Machine) charAt(s string, i int, outside Value) Value {
	u := m.unitsOf(s)
	if i < 0 || i >= u.Length() {
		return outside
	}
	return String(u.Slice(i, i+1))
}

func stringSlice(m *Machine, s string, a []Value) Value {
	u := m.unitsOf(s)
	n := u.Length()
	return String(u.Slice(clampIndex(integer(a, 0, 0), n), clampIndex(integer(a, 1, n), n)))
}

func substring(m *Machine, s string, a []Value) Value {
	u := m.unitsOf(s)
	n := u.Length()
	from, to := max(0, min(integer(a, 0, 0), n)), max(0, min(integer(a, 1, n), n))
	return String(u.Slice(min(from, to), max(from, to)))
}

func substr(m *Machine, s string, a []Value) Value {
	u := m.unitsOf(s)
	n := u.Length()
	from := clampIndex(integer(a, 0, 0), n)
	return String(u.Slice(from, min(n, from+max(0, min(n, integer(a, 1, n))))))
}

func stringAt(m *Machine, s string, a []Value) Value {
	i := integer(a, 0, 0)
	if i < 0 {
		i += m.unitsOf(s).Length()
	}
	return m.charAt(s, i, Undefined)
}

func charCodeAt(m *Machine, s string, a []Value) Value {
	i := integer(a, 0, 0)
	u := m.unitsOf(s)
	if i < 0 || i >= u.Length() {
		return Number(math.NaN())
	}
	return Number(u.At(i))
}

func codePointAt(m *Machine, s string, a []Value) Value {
	i := integer(a, 0, 0)
	u := m.unitsOf(s)
	if i < 0 || i >= u.Length() {
		return Undefined
	}
	r, _ := ecma.DecodeRune(u.Slice(i, min(i+2, u.Length())))
	return Number(r)
}

func stringIndexOf(m *Machine, s string, a []Value) Value {
	from := max(0, min(integer(a, 1, 0), m.unitsOf(s).Length()))
	return Number(ecma.Index(s, str(a, 0), from))
}

func stringLastIndexOf(m *Machine, s string, a []Value) Value {
	n := m.unitsOf(s).Length()
	from := n
	if f := toNumber(argument(a, 1)); f == f {
		from = max(0, min(ecma.ToInteger(f), n))
	}
	return Number(ecma.LastIndex(s, str(a, 0), from))
}

func repeat(m *Machine, s string, a []Value) Value {
	f := toNumber(argument(a, 0))
	n := integer(a, 0, 0)
	switch {
	case n < 0 || math.IsInf(f, 1):
		return m.raise("RangeError", "Invalid count value: "+str(a, 0))
	case len(s) > 0 && n > maxString/len(s):
		return m.overBudget(boundText)
	}
	return String(strings.Repeat(s, n))
}

func pad(start bool) func(m *Machine, s string, a []Value) Value {
	return func(m *Machine, s string, a []Value) Value {
		fill := " "
		if argument(a, 1) != Undefined {
			fill = str(a, 1)
		}
		n := integer(a, 0, 0) - m.unitsOf(s).Length()
		if n <= 0 || fill == "" {
			return String(s)
		}
		if n > maxString {
			return m.overBudget(boundText)
		}
		var u ecma.Units
		p := u.Of(strings.Repeat(fill, n/ecma.Length(fill)+1)).Slice(0, n)
		if start {
			return String(ecma.Concat(p, s))
		}
		return String(ecma.Concat(s, p))
	}
}

// characters are the code points of a string, as its iterator gives them.
func (m *Machine) characters(s string) []Elem {
	var out []Elem
	for i := 0; i < len(s); {
		_, width := ecma.DecodeRune(s[i:])
		out = append(out, Elem{Value: String(s[i : i+width])})
		i += width
	}
	return out
}
