package eval

import "strings"

// patternOf is the pattern that a method of strings is given: one, or what its text is the source of.
func (m *Machine) patternOf(v Value, flags string) (*Object, Value) {
	if isPattern(v) {
		return v.(*Object), nil
	}
	if v == Undefined {
		v = String("(?:)")
	}
	o, ok := m.regexpOf(v, String(flags)).(*Object)
	if !ok || o.Kind != KindRegexp {
		return nil, m.unknown("matches something unknown", "match")
	}
	return o, nil
}

func stringMatch(m *Machine, s string, a []Value) Value {
	o, bad := m.patternOf(argument(a, 0), "")
	if bad != nil {
		return bad
	}
	p := o.Host.(*Pattern)
	if !p.has("g") {
		f, bad := m.exec(o, s)
		if bad != nil {
			return bad
		}
		return m.matchObject(f, p)
	}
	out := m.newArray(nil)
	if bad := m.eachMatch(p, s, 0, func(f *found) {
		out.Elems = append(out.Elems, Elem{Value: String(m.unitsOf(s).Slice(f.start, f.end))})
	}); bad != nil {
		return bad
	}
	m.setLastIndex(o, 0)
	if len(out.Elems) == 0 {
		return Null
	}
	return out
}

func stringMatchAll(m *Machine, s string, a []Value) Value {
	o, bad := m.patternOf(argument(a, 0), "g")
	if bad != nil {
		return bad
	}
	p := o.Host.(*Pattern)
	if !p.has("g") {
		return m.raise("TypeError", "String.prototype.matchAll called with a non-global RegExp argument")
	}
	at, known := m.lastIndex(o)
	if !known {
		return m.unknown("a pattern that goes on somewhere unknown", "lastIndex")
	}
	out := m.newArray(nil)
	if bad := m.eachMatch(p, s, at, func(f *found) {
		out.Elems = append(out.Elems, Elem{Value: m.matchObject(f, p)})
	}); bad != nil {
		return bad
	}
	return m.iteratorOver(out)
}

func stringSearch(m *Machine, s string, a []Value) Value {
	o, bad := m.patternOf(argument(a, 0), "")
	if bad != nil {
		return bad
	}
	p := o.Host.(*Pattern)
	f, bad := m.search(p, s, 0, p.has("y"))
	switch {
	case bad != nil:
		return bad
	case f == nil:
		return Number(-1)
	}
	return Number(f.start)
}

func (m *Machine) splitRegexp(s string, o *Object) Value {
	p := o.Host.(*Pattern)
	out := m.newArray(nil)
	u := m.unitsOf(s)
	if s == "" {
		f, bad := m.search(p, s, 0, true)
		if bad == nil && f == nil {
			out.Elems = []Elem{{Value: String("")}}
		}
		if bad != nil {
			return bad
		}
		return out
	}
	put := func(v Value) { out.Elems = append(out.Elems, Elem{Value: v}) }
	from := 0
	for at := 0; at < u.Length(); {
		if m.spent() {
			return m.overBudget(boundSteps)
		}
		f, bad := m.search(p, s, at, p.has("y"))
		if bad != nil {
			return bad
		}
		if f == nil || f.start >= u.Length() {
			break
		}
		if f.end == from || f.end == f.start && f.start == from { // an empty match where the last piece began
			at = m.advance(p, s, max(at, f.start))
			continue
		}
		put(String(m.unitsOf(s).Slice(from, f.start)))
		for _, g := range f.groups {
			put(g)
		}
		from, at = f.end, f.end
		if f.end == f.start {
			at = m.advance(p, s, at)
		}
	}
	put(String(m.unitsOf(s).Slice(from, m.unitsOf(s).Length())))
	return out
}

func (m *Machine) replaceRegexp(s string, o *Object, with Value) Value {
	p := o.Host.(*Pattern)
	var parts []Part
	end := 0
	put := func(f *found) {
		parts = append(parts, Part{Lit: m.unitsOf(s).Slice(end, f.start)})
		parts = append(parts, m.replacement(*f, with)...)
		end = f.end
	}
	if p.has("g") {
		if bad := m.eachMatch(p, s, 0, put); bad != nil {
			return bad
		}
		m.setLastIndex(o, 0)
	} else {
		f, bad := m.exec(o, s)
		if bad != nil {
			return bad
		}
		if f != nil {
			put(f)
		}
	}
	if end == 0 && len(parts) == 0 {
		return String(s)
	}
	return makeText(append(parts, Part{Lit: m.unitsOf(s).Slice(end, m.unitsOf(s).Length())}))
}

// replacement is what takes the place of a match.
func (m *Machine) replacement(f found, with Value) []Part {
	if IsFunction(with) {
		args := append([]Value{String(m.unitsOf(f.text).Slice(f.start, f.end))}, f.groups...)
		args = append(args, Number(f.start), String(f.text))
		if f.named != nil {
			args = append(args, f.named)
		}
		return m.parts(m.toString(m.Call(with, Undefined, args)))
	}
	with = m.toString(with)
	w, ok := with.(String)
	if !ok {
		return m.parts(with)
	}
	return m.expand(f, string(w))
}

// expand fills $1, $&, $`, $', $<name> and $$ in a replacement text (GetSubstitution).
func (m *Machine) expand(f found, with string) []Part {
	if strings.IndexByte(with, '$') < 0 {
		return []Part{{Lit: with}}
	}
	var parts []Part
	lit := func(s string) { parts = append(parts, Part{Lit: s}) }
	put := func(v Value) {
		if v != Undefined {
			parts = append(parts, m.parts(v)...)
		}
	}
	for {
		i := strings.IndexByte(with, '$')
		if i < 0 || i+1 == len(with) {
			lit(with)
			return parts
		}
		lit(with[:i])
		with = with[i:]
		width := 2
		switch c := with[1]; {
		case c == '$':
			lit("$")
		case c == '&':
			lit(m.unitsOf(f.text).Slice(f.start, f.end))
		case c == '`':
			lit(m.unitsOf(f.text).Slice(0, f.start))
		case c == '\'':
			lit(m.unitsOf(f.text).Slice(f.end, m.unitsOf(f.text).Length()))
		case c >= '0' && c <= '9':
			var v Value
			if v, width = f.numbered(with); width == 0 {
				lit("$")
				width = 1
			} else {
				put(v)
			}
		case c == '<' && f.named != nil && strings.IndexByte(with, '>') > 0:
			end := strings.IndexByte(with, '>')
			put(m.get(f.named, with[2:end], true))
			width = end + 1
		default:
			lit("$")
			width = 1
		}
		with = with[width:]
	}
}

// numbered is the group that $1 or $01 names, and the width of that; 0 where there is no such group.
func (f *found) numbered(s string) (v Value, width int) {
	n := int(s[1] - '0')
	if len(s) > 2 && s[2] >= '0' && s[2] <= '9' {
		if two := 10*n + int(s[2]-'0'); two >= 1 && two <= len(f.groups) {
			return f.groups[two-1], 3
		}
	}
	if n >= 1 && n <= len(f.groups) {
		return f.groups[n-1], 2
	}
	return nil, 0
}
