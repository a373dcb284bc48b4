package eval

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// Pattern is a regular expression. It is compiled when it is first used.
type Pattern struct {
	Source, Flags string
	Arg           any // what a caller made of it, kept so that one pattern stays one
	once          sync.Once
	regexp        *regexp2.Regexp
	groups        []group
	invalid       bool // it is no pattern of the language
}

func (p *Pattern) has(flag string) bool { return strings.Contains(p.Flags, flag) }

// byCodePoint reports whether the pattern sees whole characters rather than code units.
func (p *Pattern) byCodePoint() bool { return p.has("u") || p.has("v") }

// compiled returns what the pattern compiles to, nil where it does not.
func (p *Pattern) compiled() *regexp2.Regexp {
	p.once.Do(func() {
		t := translate(p.Source, p.Flags)
		if p.invalid = t.bad; t.ok {
			p.regexp, p.groups = compile(t.out.String(), p.Flags), t.groups
			p.invalid = p.regexp == nil
		}
	})
	return p.regexp
}

// matchTimeout bounds the time of one match, which may grow exponentially with the text.
const matchTimeout = 200 * time.Millisecond

func compile(source, flags string) *regexp2.Regexp {
	options := regexp2.RegexOptions(regexp2.ECMAScript)
	if strings.ContainsAny(flags, "uv") {
		options |= regexp2.Unicode
	}
	for _, f := range flags {
		switch f {
		case 'i':
			options |= regexp2.IgnoreCase
		case 'm':
			options |= regexp2.Multiline
		}
	}
	re, err := regexp2.Compile(source, options)
	if err != nil {
		return nil
	}
	re.MatchTimeout = matchTimeout
	return re
}

// The flags of patterns, in the order in which a pattern lists its own, and the properties that tell them.
var regexpFlags = [...]struct{ flag, property string }{
	{"d", "hasIndices"}, {"g", "global"}, {"i", "ignoreCase"}, {"m", "multiline"}, {"s", "dotAll"}, {"u", "unicode"}, {"v", "unicodeSets"}, {"y", "sticky"},
}

// regexp makes a pattern.
func (m *Machine) regexp(source, flags string) Value {
	o := m.newObject(KindRegexp)
	ordered := ""
	for _, f := range regexpFlags {
		if strings.Contains(flags, f.flag) {
			ordered += f.flag
		}
	}
	o.Host = &Pattern{Source: source, Flags: ordered}
	o.set("lastIndex", &Prop{Value: Number(0), Hidden: true, Lasting: true})
	return o
}

// NewPattern returns a regular expression.
func (m *Machine) NewPattern(source, flags string) Value { return m.regexp(source, flags) }

func newRegexp(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(what Value) Value {
		return m.lift(argument(args, 1), func(flags Value) Value { return m.regexpOf(what, flags) })
	})
}

func (m *Machine) regexpOf(what, flags Value) Value {
	f := ""
	if flags != Undefined {
		s, ok := m.toString(flags).(String)
		if !ok {
			return m.unknown("pattern made at run time", "RegExp")
		}
		f = string(s)
	}
	for i := range len(f) {
		if strings.IndexByte("dgimsuvy", f[i]) < 0 || strings.IndexByte(f[:i], f[i]) >= 0 {
			return m.raise("SyntaxError", "Invalid flags supplied to RegExp constructor '"+f+"'")
		}
	}
	if isPattern(what) {
		p := what.(*Object).Host.(*Pattern)
		if flags == Undefined {
			f = p.Flags
		}
		return m.regexp(p.Source, f)
	}
	source := String("")
	if what != Undefined {
		s, ok := m.toString(what).(String)
		if !ok {
			return m.unknown("pattern made at run time", "RegExp")
		}
		source = s
	}
	o := m.regexp(ecma.RegExpSource(string(source)), f).(*Object)
	p := o.Host.(*Pattern)
	if p.compiled() == nil && p.invalid {
		return m.raiseUnsaid("SyntaxError")
	}
	return o
}

// found is a match: where it is in a text, in code units, and its groups from the first on.
type found struct {
	text       string
	start, end int
	groups     []Value
	names      []string // of the groups, "" for one that has none
	named      Value    // the object of the named groups, nil where the pattern has none
}

// foldsOddly tells escapes of letters that have a lower case in ASCII, which the language does not take for the same.
var foldsOddly = lazyregexp.New(`(?i)\\u\{?0*(017f|212a|0130|0131)`)

// search looks for a pattern in a text from a position on. A pattern that is sticky is found there alone. bad is an Unknown
// where it can't be told.
func (m *Machine) search(p *Pattern, s string, from int, sticky bool) (match *found, bad Value) {
	re := p.compiled()
	if re == nil {
		return nil, m.unknown("a pattern that is not evaluated: /"+p.Source+"/", "match")
	}
	if p.has("i") && (strings.ContainsAny(s+p.Source, "\u017f\u212a\u0130\u0131") || foldsOddly.Get().MatchString(p.Source)) || p.has("m") && strings.ContainsAny(s, "\r\u2028\u2029") && strings.ContainsAny(p.Source, "^$") {
		return nil, m.unknown("a pattern that treats letters or lines in a way that is not evaluated", "match")
	}
	runes, toUnit := m.runesOf(s, p.byCodePoint())
	at := from
	if toUnit != nil {
		at, _ = slices.BinarySearch(toUnit, from)
	}
	found, err := re.FindRunesMatchStartingAt(runes, at)
	if err != nil {
		return nil, m.overBudget("time of a pattern")
	}
	if found == nil || sticky && found.Index != at {
		return nil, nil
	}
	return m.foundAt(p, s, found, toUnit), nil
}

func (m *Machine) foundAt(p *Pattern, s string, match *regexp2.Match, toUnit []int) *found {
	unit := func(i int) int {
		if toUnit != nil {
			return toUnit[i]
		}
		return i
	}
	f := &found{text: s, start: unit(match.Index), end: unit(match.Index + match.Length)}
	text := func(g *regexp2.Group) Value {
		if len(g.Captures) == 0 {
			return Undefined
		}
		return String(m.unitsOf(s).Slice(unit(g.Index), unit(g.Index+g.Length)))
	}
	for i, g := range p.groups {
		of := match.GroupByNumber(i + 1)
		v := text(of)
		if g.repeated && v != Undefined {
			v = p.lastRound(match, g, of, v, m)
		}
		f.groups, f.names = append(f.groups, v), append(f.names, g.name)
	}
	if slices.ContainsFunc(p.groups, func(g group) bool { return g.name != "" }) {
		o := m.newObject(KindObject)
		o.bare = true
		for i, g := range p.groups {
			if g.name != "" {
				o.set(g.name, &Prop{Value: f.groups[i]})
			}
		}
		f.named = o
	}
	return f
}

// lastRound is what a group holds that lies in a repeated one: each round begins without what the one before it found.
func (p *Pattern) lastRound(match *regexp2.Match, g group, of *regexp2.Group, v Value, m *Machine) Value {
	if g.within > 0 {
		around := match.GroupByNumber(g.within)
		if of.Index >= around.Index && of.Index+of.Length <= around.Index+around.Length && (of.Length > 0 || around.Length > 0) {
			return v
		}
		if of.Index+of.Length <= around.Index && around.Length > 0 {
			return Undefined
		}
	}
	return m.unknown("a group of a repeated part of a pattern", "match[]")
}

// scanned is a text as the characters that patterns see.
type scanned struct {
	text        string
	byCodePoint bool
	runes       []rune
	toUnit      []int // the position in code units of each, nil where they are the same
}

// runesOf returns a text as the characters that a pattern sees, which is at once for the text that was asked for last.
func (m *Machine) runesOf(s string, byCodePoint bool) (runes []rune, toUnit []int) {
	if m.scanned.text != s || m.scanned.byCodePoint != byCodePoint || m.scanned.runes == nil {
		m.scanned = scan(s, byCodePoint)
	}
	return m.scanned.runes, m.scanned.toUnit
}

func scan(s string, byCodePoint bool) scanned {
	out := scanned{text: s, byCodePoint: byCodePoint, runes: make([]rune, 0, len(s)+1)}
	astral := false
	for i := 0; i < len(s); {
		r, width := ecma.DecodeRune(s[i:])
		i += width
		switch {
		case r <= 0xFFFF:
			out.runes = append(out.runes, r)
		case byCodePoint:
			out.runes, astral = append(out.runes, r), true
		default:
			out.runes = append(out.runes, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		}
	}
	if astral {
		out.toUnit = unitsOfRunes(out.runes)
	}
	return out
}

// unitsOfRunes are the positions in code units of some characters, and of their end.
func unitsOfRunes(runes []rune) []int {
	units, at := make([]int, 0, len(runes)+1), 0
	for _, r := range runes {
		units = append(units, at)
		if at++; r > 0xFFFF {
			at++
		}
	}
	return append(units, at)
}

// lastIndex is where a pattern goes on to look, where it keeps that.
func (m *Machine) lastIndex(o *Object) (at int, known bool) {
	n, ok := m.number(m.settled(o.own("lastIndex").Value)).(Number)
	return max(0, ecma.ToInteger(float64(n))), ok
}

func (m *Machine) setLastIndex(o *Object, at int) {
	m.change(o)
	o.set("lastIndex", &Prop{Value: Number(at), Hidden: true, Lasting: true})
}

// exec runs a pattern on a text as RegExp.prototype.exec does: a global or sticky one goes on where it ended.
func (m *Machine) exec(o *Object, s string) (*found, Value) {
	p := o.Host.(*Pattern)
	sticky, goesOn := p.has("y"), p.has("g") || p.has("y")
	at := 0
	if goesOn {
		var known bool
		if at, known = m.lastIndex(o); !known {
			return nil, m.unknown("a pattern that goes on somewhere unknown", "lastIndex")
		}
	}
	if at > m.unitsOf(s).Length() {
		m.setLastIndex(o, 0)
		return nil, nil
	}
	f, bad := m.search(p, s, at, sticky)
	switch {
	case bad != nil || !goesOn:
	case f == nil:
		m.setLastIndex(o, 0)
	default:
		m.setLastIndex(o, f.end)
	}
	return f, bad
}

// advance is the position after an empty match.
func (m *Machine) advance(p *Pattern, s string, at int) int {
	u := m.unitsOf(s)
	if p.byCodePoint() && at+1 < u.Length() && u.At(at)&0xFC00 == 0xD800 && u.At(at+1)&0xFC00 == 0xDC00 {
		return at + 2
	}
	return at + 1
}

// eachMatch calls visit with the matches of a global pattern, from a position on; it returns an Unknown where they can't
// all be told.
func (m *Machine) eachMatch(p *Pattern, s string, at int, visit func(*found)) (bad Value) {
	for at <= m.unitsOf(s).Length() {
		if m.spent() {
			return m.overBudget(boundSteps)
		}
		f, bad := m.search(p, s, at, p.has("y"))
		if bad != nil || f == nil {
			return bad
		}
		visit(f)
		if at = f.end; f.end == f.start {
			at = m.advance(p, s, at)
		}
	}
	return nil
}

// regexpMethods are the methods of patterns.
var regexpMethods map[string]Native

func init() {
	regexpMethods = map[string]Native{
		"test": onPattern("test", func(m *Machine, o *Object, s string) Value {
			f, bad := m.exec(o, s)
			if bad != nil {
				return bad
			}
			return Bool(f != nil)
		}),
		"exec": onPattern("exec", func(m *Machine, o *Object, s string) Value {
			f, bad := m.exec(o, s)
			if bad != nil {
				return bad
			}
			return m.matchObject(f, o.Host.(*Pattern))
		}),
		"toString": func(m *Machine, this Value, _ []Value) Value {
			if isPattern(this) {
				return String(patternText(this.(*Object)))
			}
			return m.unknown("a pattern that is not known", "RegExp.toString")
		},
		"@@replace": func(m *Machine, this Value, args []Value) Value {
			return stringMethods["replace"](m, argument(args, 0), []Value{this, argument(args, 1)})
		},
		"@@split": func(m *Machine, this Value, args []Value) Value {
			return split(m, argument(args, 0), append([]Value{this}, args[min(1, len(args)):]...))
		},
		"@@match": func(m *Machine, this Value, args []Value) Value {
			return stringMethods["match"](m, argument(args, 0), []Value{this})
		},
		"@@matchAll": func(m *Machine, this Value, args []Value) Value {
			return stringMethods["matchAll"](m, argument(args, 0), []Value{this})
		},
		"@@search": func(m *Machine, this Value, args []Value) Value {
			return stringMethods["search"](m, argument(args, 0), []Value{this})
		},
	}
}

// regexpGetters are the properties of patterns that say what they are.
func (m *Machine) regexpGetters(proto *Object) {
	getter := func(key string, get func(*Pattern) Value) {
		proto.set(key, &Prop{Hidden: true, Get: m.builtin("get "+key, func(m *Machine, this Value, _ []Value) Value {
			if isPattern(this) {
				return get(this.(*Object).Host.(*Pattern))
			}
			return m.unknown("a pattern that is not known", key)
		})})
	}
	getter("source", func(p *Pattern) Value { return String(p.Source) })
	getter("flags", func(p *Pattern) Value { return String(p.Flags) })
	for _, f := range regexpFlags {
		getter(f.property, func(p *Pattern) Value { return Bool(p.has(f.flag)) })
	}
}

// onPattern wraps a method of patterns that is given a text.
func onPattern(name string, f func(m *Machine, o *Object, s string) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			s, ok := v, isPattern(this)
			if ok && !isUnknown(v) {
				s = m.toString(v)
			}
			text, known := s.(String)
			if !ok || !known {
				return m.callUnknown(m.unknown("a pattern on something unknown", m.Describe(this)+"."+name), []Value{v})
			}
			return f(m, this.(*Object), string(text))
		})
	}
}

func (m *Machine) matchObject(f *found, p *Pattern) Value {
	if f == nil {
		return Null
	}
	out := m.NewArray(String(m.unitsOf(f.text).Slice(f.start, f.end)))
	for _, g := range f.groups {
		out.Elems = append(out.Elems, Elem{Value: g})
	}
	out.set("index", &Prop{Value: Number(f.start)})
	out.set("input", &Prop{Value: String(f.text)})
	out.set("groups", &Prop{Value: Undefined})
	if f.named != nil {
		out.set("groups", &Prop{Value: f.named})
	}
	if p.has("d") {
		out.set("indices", &Prop{Value: m.unknown("positions of groups", "indices")})
	}
	return out
}
