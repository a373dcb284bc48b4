package eval

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
)

// Describe returns a short text of v for messages and conditions.
func (m *Machine) Describe(v Value) string {
	switch v := v.(type) {
	case *Unknown:
		return v.Expr
	case *Choice:
		return m.describeChoice(v)
	case *Object:
		return m.describeObject(v)
	case *Text:
		return "text"
	case String:
		return strconv.Quote(shorten(string(v)))
	}
	return primitiveString(v)
}

// describeObject names an object by its message, where it is an error, or by what it holds: "/pattern/i",
// "[1, 2, ...]" or "{name, type: "text"}".
func (m *Machine) describeObject(o *Object) string {
	if p := o.Lookup("message"); p != nil && p.Value != nil && !holdsObject(p.Value) {
		return shorten(m.Describe(p.Value))
	}
	var names []string
	switch o.Kind {
	case KindRegexp:
		return shorten(patternText(o))
	case KindArray:
		for _, e := range o.Elems[:min(len(o.Elems), maxDescribed+1)] {
			if holdsObject(e.Value) {
				return "[object]" // what is said of it stays in a line
			}
			names = append(names, m.Describe(e.Value))
		}
		return shorten("[" + listed(names) + "]")
	case KindObject:
		if len(o.Keys()) > maxMembers {
			return "{...}"
		}
		for _, k := range slices.Sorted(slices.Values(o.Keys())) {
			if p := o.Own(k); p.Value != nil && isPrimitive(p.Value) {
				k += ": " + m.Describe(p.Value)
			}
			names = append(names, k)
		}
		if len(names) > 0 {
			return shorten("{" + strings.Join(names, ", ") + "}")
		}
	case KindFunction:
		for name, v := range m.library {
			if v == o {
				return name
			}
		}
	}
	return "[object]"
}

// holdsObject tells an object, and a choice that may come to one: it may hold what it is described for.
func holdsObject(v Value) bool {
	if c, ok := v.(*Choice); ok {
		return holdsObject(c.Then) || holdsObject(c.Else)
	}
	return isObject(v)
}

// maxMembers bounds how many members of an object are named.
const maxMembers = 2

// listed are the first of some names.
func listed(names []string) string {
	if len(names) > maxDescribed {
		names = append(slices.Clone(names[:maxDescribed]), "...")
	}
	return strings.Join(names, ", ")
}

func patternText(o *Object) string {
	p, ok := o.Host.(*Pattern)
	if !ok {
		return "[object]"
	}
	return "/" + p.Source + "/" + p.Flags
}

// maxDescribed bounds how many outcomes of a choice are named.
const maxDescribed = 4

// describeChoice names what a choice may come to, in an order that does not depend on how it was written.
func (m *Machine) describeChoice(c *Choice) string {
	var names []string
	more := ""
	var collect func(v Value)
	collect = func(v Value) {
		if c, ok := v.(*Choice); ok {
			collect(c.Then)
			collect(c.Else)
			return
		}
		if name := m.Describe(v); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	collect(c)
	slices.Sort(names)
	if len(names) > maxDescribed {
		names, more = names[:maxDescribed], " | ..."
	}
	return strings.Join(names, " | ") + more
}

// keyOf identifies an operand of an unknown expression: what has the same key is taken for the same.
func keyOf(v Value) string {
	switch v := v.(type) {
	case *Unknown:
		return bounded(v.Key)
	case *Choice, *Object, *Text:
		return bounded(string(appendKey(make([]byte, 0, 64), v, maxKeyDepth)))
	case String:
		if len(v) <= maxKey/4 {
			return `"` + string(v) + `"`
		}
	}
	return bounded(string(appendKey(nil, v, maxKeyDepth)))
}

// addKey adds what keyOf is of a value.
func addKey(b []byte, v Value) []byte {
	before := len(b)
	if b = appendKey(b, v, maxKeyDepth); len(b)-before > maxKey {
		b = append(b[:before], bounded(string(b[before:]))...)
	}
	return b
}

// keyed is a text that is put together in the machine's room for keys, bounded.
func (m *Machine) keyed(write func(b []byte) []byte) string {
	b := write(m.room[:0])
	m.room = b[:0]
	if len(b) > maxKey {
		return bounded(string(b))
	}
	return m.recent.text(b)
}

// recentTexts are texts that were made before: what a program does again has the same keys.
type recentTexts struct {
	seed  maphash.Seed
	texts []string
}

// maxRecent is how many texts are kept.
const maxRecent = 1 << 12

// text is b as a string, the same one as before where it is kept.
func (r *recentTexts) text(b []byte) string {
	if r.texts == nil {
		r.seed, r.texts = maphash.MakeSeed(), make([]string, maxRecent)
	}
	kept := &r.texts[maphash.Bytes(r.seed, b)%maxRecent]
	if *kept != string(b) {
		*kept = string(b)
	}
	return *kept
}

// Bounds of what an object holds that goes into its key: beyond, it is known by where it was made.
const (
	maxKeyDepth   = 2
	maxKeyMembers = 16
)

// appendKey adds the key of a value.
func appendKey(b []byte, v Value, depth int) []byte {
	switch v := v.(type) {
	case *Unknown:
		return append(b, v.Key...)
	case *Object:
		return appendKeyOfObject(b, v, depth)
	case *Text:
		return append(appendKeyOfParts(append(b, '`'), v.Parts, depth), '`')
	case String:
		return append(appendBrief(append(b, '"'), string(v)), '"')
	case *Symbol:
		return append(b, v.Key...)
	case *Choice:
		b = append(strconv.AppendUint(append(b, '?'), v.Cond.hash, 16), '(')
		b = append(appendKey(b, v.Then, depth-1), ',')
		return append(appendKey(b, v.Else, depth-1), ')')
	}
	return append(b, primitiveString(v)...)
}

// appendBrief adds s, or its length and hash where it is long.
func appendBrief(b []byte, s string) []byte {
	if len(s) <= maxKey/4 {
		return append(b, s...)
	}
	return strconv.AppendUint(append(strconv.AppendInt(b, int64(len(s)), 10), '#'), hashOf(s), 16)
}

func appendKeyOfObject(b []byte, o *Object, depth int) []byte {
	switch {
	case o.Kind == KindRegexp:
		return append(b, patternText(o)...)
	case depth <= 0 || len(o.open) > 0 || max(len(o.Elems), len(o.props.entries)) > maxKeyMembers:
	case o.Kind == KindArray:
		b = append(b, '[')
		for i, e := range o.Elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendKey(b, e.Value, depth-1)
		}
		return append(b, ']')
	case o.Kind == KindObject:
		b = append(b, '{')
		for i, k := range o.Keys() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, k...)
			if p := o.Own(k); p.Value != nil {
				b = appendKey(append(b, ':'), p.Value, depth-1)
			}
		}
		return append(b, '}')
	}
	b = append(strconv.AppendInt(append(b, "[object "...), int64(o.Site.Module), 10), ':')
	for width := uint32(100_000_000); width > o.Site.Start && width > 1; width /= 10 {
		b = append(b, '0') // as wide as any, so that keys stand in the order of the source
	}
	return append(strconv.AppendUint(b, uint64(o.Site.Start), 10), ']')
}

func appendKeyOfParts(b []byte, parts []Part, depth int) []byte {
	for _, p := range parts {
		b = appendBrief(b, p.Lit)
		switch {
		case p.Hole != nil:
			b = append(append(append(b, "${"...), p.Hole.Key...), '}')
		case p.Choice != nil && depth > 0:
			b = append(strconv.AppendUint(append(b, "${?"...), p.Choice.Cond.hash, 16), ':')
			b = append(appendKeyOfParts(b, p.Choice.Then, depth-1), ':')
			b = append(appendKeyOfParts(b, p.Choice.Else, depth-1), '}')
		case p.Choice != nil || p.Each != nil:
			b = append(b, "${}"...)
		}
	}
	return b
}

// exprOf is readable source for an operand.
func (m *Machine) exprOf(v Value) string {
	if u, ok := v.(*Unknown); ok && !isPath(u.Expr) {
		return "(" + u.Expr + ")"
	}
	return m.Describe(v)
}

// appendExpr adds what exprOf is of a value.
func (m *Machine) appendExpr(b []byte, v Value) []byte {
	if u, ok := v.(*Unknown); ok && !isPath(u.Expr) {
		return append(append(append(b, '('), u.Expr...), ')')
	}
	return append(b, m.Describe(v)...)
}
