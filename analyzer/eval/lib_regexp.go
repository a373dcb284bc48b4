package eval

import (
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// Pattern is a regular expression. It is compiled when it is first used.
type Pattern struct {
	Source, Flags string
	Arg           any // what a caller made of it, kept so that one pattern stays one
	once          sync.Once
	regexp        *regexp2.Regexp
}

// compiled returns what the pattern compiles to, nil where it does not.
func (p *Pattern) compiled() *regexp2.Regexp {
	p.once.Do(func() { p.regexp = compile(p.Source, p.Flags) })
	return p.regexp
}

func (m *Machine) regexp(source, flags string) Value {
	o := m.newObject(KindRegexp)
	o.Host = &Pattern{Source: source, Flags: flags}
	o.set("source", &Prop{Value: String(source), Hidden: true})
	o.set("flags", &Prop{Value: String(flags), Hidden: true})
	o.set("global", &Prop{Value: Bool(strings.Contains(flags, "g")), Hidden: true})
	o.set("lastIndex", &Prop{Value: Number(0), Hidden: true})
	return o
}

// NewPattern returns a regular expression.
func (m *Machine) NewPattern(source, flags string) Value { return m.regexp(source, flags) }

func compile(source, flags string) *regexp2.Regexp {
	options := regexp2.RegexOptions(regexp2.ECMAScript)
	if strings.ContainsAny(flags, "uv") {
		options = regexp2.Unicode
	}
	for _, f := range flags {
		switch f {
		case 'i':
			options |= regexp2.IgnoreCase
		case 'm':
			options |= regexp2.Multiline
		case 's':
			options |= regexp2.Singleline
		}
	}
	re, err := regexp2.Compile(source, options)
	if err != nil {
		re, _ = regexp2.Compile(source, options&^regexp2.ECMAScript)
	}
	if re != nil {
		re.MatchTimeout = 200 * time.Millisecond
	}
	return re
}

func (m *Machine) objectToString(o *Object) Value {
	if p, ok := o.Host.(*Pattern); ok {
		return String("/" + p.Source + "/" + p.Flags)
	}
	if msg := o.Lookup("message"); msg != nil {
		return m.concat(String("Error: "), msg.Value)
	}
	return String(plainObject)
}

func newRegexp(m *Machine, _ Value, args []Value) Value {
	flags := ""
	if f, ok := argument(args, 1).(String); ok {
		flags = string(f)
	}
	switch s := argument(args, 0).(type) {
	case String:
		return m.regexp(string(s), flags)
	case *Object:
		if p, ok := s.Host.(*Pattern); ok {
			if len(args) < 2 {
				flags = p.Flags
			}
			return m.regexp(p.Source, flags)
		}
	}
	return m.unknown("pattern made at run time", "RegExp")
}

var regexpMethods map[string]Native

func init() {
	regexpMethods = map[string]Native{
		"test": func(m *Machine, this Value, args []Value) Value {
			p, s, ok := m.patternAndText(this, args)
			if !ok {
				return m.callUnknown(m.unknown("tests something unknown", m.Describe(this)+".test"), args)
			}
			match, err := p.compiled().MatchString(s)
			if err != nil {
				return m.unknown("pattern takes too long", "test")
			}
			return Bool(match)
		},
		"exec": func(m *Machine, this Value, args []Value) Value {
			p, s, ok := m.patternAndText(this, args)
			if !ok {
				return m.callUnknown(m.unknown("searches something unknown", "exec"), args)
			}
			match, _ := p.compiled().FindStringMatch(s)
			return m.matchObject(match)
		},
		"toString": func(m *Machine, this Value, _ []Value) Value { return m.objectToString(this.(*Object)) },
	}
}

func (m *Machine) patternAndText(this Value, args []Value) (*Pattern, string, bool) {
	o, ok := this.(*Object)
	if !ok {
		return nil, "", false
	}
	p, ok := o.Host.(*Pattern)
	s, known := Value(argument(args, 0)).(String)
	return p, string(s), ok && known && p.compiled() != nil
}

func (m *Machine) matchObject(match *regexp2.Match) Value {
	if match == nil {
		return Null
	}
	out := m.newArray(nil)
	groups := m.newObject(KindObject)
	for _, g := range match.Groups() {
		var v Value = Undefined
		if len(g.Captures) > 0 {
			v = String(g.String())
		}
		out.Elems = append(out.Elems, Elem{Value: v})
		if !isIndex(g.Name) {
			groups.set(g.Name, &Prop{Value: v})
		}
	}
	out.set("index", &Prop{Value: Number(match.Index), Hidden: true})
	out.set("groups", &Prop{Value: groups, Hidden: true})
	return out
}

func stringMatch(m *Machine, s string, a []Value) Value {
	o, ok := argument(a, 0).(*Object)
	if !ok {
		return m.unknown("matches something unknown", "match")
	}
	p, ok := o.Host.(*Pattern)
	if !ok || p.compiled() == nil {
		return m.unknown("matches something unknown", "match")
	}
	match, _ := p.compiled().FindStringMatch(s)
	if !strings.Contains(p.Flags, "g") || match == nil {
		return m.matchObject(match)
	}
	out := m.newArray(nil)
	for ; match != nil && len(out.Elems) < maxLoop; match, _ = p.compiled().FindNextMatch(match) {
		out.Elems = append(out.Elems, Elem{Value: String(match.String())})
	}
	return out
}

func stringMatchAll(m *Machine, s string, a []Value) Value {
	o, ok := argument(a, 0).(*Object)
	if !ok {
		return m.unknown("matches something unknown", "matchAll")
	}
	p, ok := o.Host.(*Pattern)
	if !ok || p.compiled() == nil {
		return m.unknown("matches something unknown", "matchAll")
	}
	out := m.newArray(nil)
	for match, _ := p.compiled().FindStringMatch(s); match != nil && len(out.Elems) < maxLoop; match, _ = p.compiled().FindNextMatch(match) {
		out.Elems = append(out.Elems, Elem{Value: m.matchObject(match)})
	}
	return out
}

func stringSearch(m *Machine, s string, a []Value) Value {
	r := stringMatch(m, s, a)
	if o, ok := r.(*Object); ok {
		return m.get(o, "index", true)
	}
	return Number(-1)
}

func (m *Machine) splitRegexp(s string, re *Object) Value {
	p, ok := re.Host.(*Pattern)
	if !ok || p.compiled() == nil {
		return m.unknown("splits by a pattern that doesn't compile", "split")
	}
	out := m.newArray(nil)
	runes := []rune(s)
	at := 0
	for match, _ := p.compiled().FindStringMatch(s); match != nil && len(out.Elems) < maxLoop; match, _ = p.compiled().FindNextMatch(match) {
		if match.Length == 0 && (match.Index == 0 || match.Index >= len(runes)) {
			continue
		}
		out.Elems = append(out.Elems, Elem{Value: String(string(runes[at:match.Index]))})
		at = match.Index + match.Length
		for _, g := range match.Groups()[1:] {
			out.Elems = append(out.Elems, Elem{Value: String(g.String())})
		}
	}
	out.Elems = append(out.Elems, Elem{Value: String(string(runes[at:]))})
	return out
}

func (m *Machine) replaceRegexp(s string, re *Object, with Value) Value {
	p, ok := re.Host.(*Pattern)
	if !ok || p.compiled() == nil {
		return String(s)
	}
	var parts []Part
	runes := []rune(s)
	at := 0
	for match, _ := p.compiled().FindStringMatch(s); match != nil && len(parts) < 2*maxLoop; match, _ = p.compiled().FindNextMatch(match) {
		parts = append(parts, Part{Lit: string(runes[at:match.Index])})
		at = match.Index + match.Length
		parts = append(parts, m.replacement(match, with)...)
		if !strings.Contains(p.Flags, "g") {
			break
		}
	}
	parts = append(parts, Part{Lit: string(runes[at:])})
	return makeText(parts)
}

func (m *Machine) replacement(match *regexp2.Match, with Value) []Part {
	if IsFunction(with) {
		var args []Value
		for _, e := range m.matchObject(match).(*Object).Elems {
			args = append(args, e.Value)
		}
		return m.parts(m.Call(with, Undefined, args))
	}
	w, ok := with.(String)
	if !ok {
		return m.parts(with)
	}
	return []Part{{Lit: expand(match, string(w))}}
}

// expand fills $1, $&, $<name> and $$ in a replacement text.
func expand(match *regexp2.Match, with string) string {
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		if with[i] != '$' || i+1 == len(with) {
			b.WriteByte(with[i])
			continue
		}
		switch c := with[i+1]; {
		case c == '$':
			b.WriteByte('$')
			i++
		case c == '&':
			b.WriteString(match.String())
			i++
		case c >= '1' && c <= '9':
			if g := match.GroupByNumber(int(c - '0')); g != nil {
				b.WriteString(g.String())
			}
			i++
		case c == '<':
			end := strings.IndexByte(with[i:], '>')
			if end < 0 {
				b.WriteByte('$')
				continue
			}
			if g := match.GroupByName(with[i+2 : i+end]); g != nil {
				b.WriteString(g.String())
			}
			i += end
		default:
			b.WriteByte('$')
		}
	}
	return b.String()
}
