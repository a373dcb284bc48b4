package eval

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

// Part is a piece of a Text: exactly one of a literal, a hole, a choice between two runs of parts, or a repetition.
type Part struct {
	Lit    string
	Hole   *Unknown
	Choice *PartChoice
	Each   *PartEach
}

// PartChoice is one of two runs of parts, by a condition.
type PartChoice struct {
	Cond       *Cond
	Then, Else []Part
}

// PartEach is a run of parts repeated for each of what Over names, with Sep between.
type PartEach struct {
	Over, Sep string
	Parts     []Part
}

// isString tells whether v is known to be a string.
func isString(v Value) bool {
	switch v := v.(type) {
	case String, *Text:
		return true
	case *Choice:
		return isString(v.Then) && isString(v.Else)
	}
	return false
}

// parts returns v, converted to a string, as parts.
func (m *Machine) parts(v Value) []Part {
	switch v := v.(type) {
	case String:
		if v == "" {
			return nil
		}
		return []Part{{Lit: string(v)}}
	case *Text:
		return v.Parts
	case *Unknown:
		return []Part{{Hole: v}}
	case *Choice:
		if c, known := m.decide(v.Cond); known {
			return m.parts(pick(v, c))
		}
		return []Part{{Choice: &PartChoice{v.Cond, m.parts(v.Then), m.parts(v.Else)}}}
	case *Object, *Symbol:
		return m.parts(m.toString(v))
	}
	return []Part{{Lit: primitiveString(v)}}
}

// pieces returns v as parts of a text that is put together around it. No program means to write undefined, null or
// [object Object] there: where that is what was found, what it writes is not known.
func (m *Machine) pieces(v Value) []Part {
	switch v := v.(type) {
	case undefined, null:
		return []Part{{Hole: m.unknown("nothing is known to be written here", "value")}}
	case *Choice:
		if c, known := m.decide(v.Cond); known {
			return m.pieces(pick(v, c))
		}
		switch {
		case isAbsent(v.Then) && isUnknown(v.Else):
			return m.parts(v.Else)
		case isAbsent(v.Else) && isUnknown(v.Then):
			return m.parts(v.Then)
		}
		return []Part{{Choice: &PartChoice{v.Cond, m.pieces(v.Then), m.pieces(v.Else)}}}
	}
	parts := m.parts(v)
	if len(parts) == 1 && parts[0].Lit == plainObject {
		if _, ok := v.(*Object); ok {
			return []Part{{Hole: m.unknown("an object stands where a text is due", "value")}}
		}
	}
	return parts
}

func isAbsent(v Value) bool { return v == Undefined || v == Null }

// plainObject is what the language makes of an object that has no text of its own.
const plainObject = "[object Object]"

// maxHashed bounds how many parts a text may have, those of its choices among them, to be told from others by a hash.
const maxHashed = 32

// hashOfParts tells a text apart; ok is false for one with too many parts.
func hashOfParts(parts []Part) (hash uint64, ok bool) {
	h, count := uint64(0), 0
	var add func(parts []Part)
	add = func(parts []Part) {
		h = mix(h, uint64(len(parts)))
		for _, p := range parts {
			if count++; count > maxHashed {
				return
			}
			switch {
			case p.Choice != nil:
				h = mix(h, p.Choice.Cond.hash)
				add(p.Choice.Then)
				add(p.Choice.Else)
			case p.Each != nil:
				h = mix(mix(h, hashOf(p.Each.Over)), hashOf(p.Each.Sep))
				add(p.Each.Parts)
			case p.Hole != nil:
				h = mix(^h, hashOf(p.Hole.Key))
			default:
				h = mix(h, hashOf(p.Lit))
			}
		}
	}
	add(parts)
	return h, count <= maxHashed
}

// makeText returns parts as a String where they are all known, else as a Text with adjacent literals joined.
func makeText(parts []Part) Value {
	out := make([]Part, 0, len(parts))
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			out = append(out, Part{Lit: lit.String()})
			lit.Reset()
		}
	}
	for _, p := range parts {
		if p.Hole == nil && p.Choice == nil && p.Each == nil {
			if strings.HasPrefix(p.Lit, "\xed") && lit.Len() > 0 { // it may be half of a surrogate pair
				whole := ecma.Concat(lit.String(), p.Lit)
				lit.Reset()
				lit.WriteString(whole)
				continue
			}
			lit.WriteString(p.Lit)
			continue
		}
		if p.Choice != nil && len(p.Choice.Then) == 0 && len(p.Choice.Else) == 0 {
			continue
		}
		flush()
		out = append(out, p)
	}
	flush()
	if len(out) == 0 {
		return String("")
	}
	if len(out) == 1 && out[0].Lit != "" {
		return String(out[0].Lit)
	}
	return &Text{Parts: out}
}

// concat is the string a followed by the string b.
func (m *Machine) concat(a, b Value) Value {
	if x, ok := a.(String); ok {
		if y, ok := b.(String); ok {
			return m.sized(String(ecma.Concat(string(x), string(y))))
		}
	}
	if empty := Value(String("")); isAbsent(a) && b == empty || a == empty && isAbsent(b) { // converts it, by another name
		return String(primitiveString(a) + primitiveString(b))
	}
	pa, pb := m.pieces(a), m.pieces(b)
	return makeText(append(pa[:len(pa):len(pa)], pb...))
}

func (m *Machine) sized(s String) Value {
	if len(s) > maxString {
		return m.overBudget(boundText)
	}
	return s
}

// mapLiterals returns t with f applied to each literal piece.
func mapLiterals(parts []Part, f func(string) string) []Part {
	out := make([]Part, len(parts))
	for i, p := range parts {
		switch {
		case p.Choice != nil:
			out[i] = Part{Choice: &PartChoice{p.Choice.Cond, mapLiterals(p.Choice.Then, f), mapLiterals(p.Choice.Else, f)}}
		case p.Each != nil:
			out[i] = Part{Each: &PartEach{p.Each.Over, f(p.Each.Sep), mapLiterals(p.Each.Parts, f)}}
		case p.Hole != nil:
			out[i] = p
		default:
			out[i] = Part{Lit: f(p.Lit)}
		}
	}
	return out
}

// factor returns a choice of two texts with what they have in common at both ends outside the choice.
func factor(c *Cond, a, b []Part) []Part {
	var head, tail []Part
	for len(a) > 0 && len(b) > 0 && samePart(a[0], b[0]) {
		head = append(head, a[0])
		a, b = a[1:], b[1:]
	}
	if len(a) > 0 && len(b) > 0 && a[0].Lit != "" && b[0].Lit != "" {
		if n := commonPrefix(a[0].Lit, b[0].Lit); n > 0 {
			head = append(head, Part{Lit: a[0].Lit[:n]})
			a, b = cutHead(a, n), cutHead(b, n)
		}
	}
	for len(a) > 0 && len(b) > 0 && samePart(a[len(a)-1], b[len(b)-1]) {
		tail = append([]Part{a[len(a)-1]}, tail...)
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	middle := Part{Choice: &PartChoice{c, a, b}}
	if over := c.repeats(); over != "" && len(b) == 0 {
		middle = Part{Each: &PartEach{Over: over, Parts: a}}
	}
	out := append(head, middle)
	return append(out, tail...)
}

func cutHead(parts []Part, n int) []Part {
	if len(parts[0].Lit) == n {
		return parts[1:]
	}
	return append([]Part{{Lit: parts[0].Lit[n:]}}, parts[1:]...)
}

// commonPrefix cuts at a line's end, so that a factored text stays readable.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) || n == len(b) {
		for n > 0 && n < max(len(a), len(b)) && isContinuation(a, b, n) {
			n--
		}
		return n
	}
	return strings.LastIndexByte(a[:n], '\n') + 1
}

func isContinuation(a, b string, n int) bool {
	return n < len(a) && a[n]&0xC0 == 0x80 || n < len(b) && b[n]&0xC0 == 0x80
}

func samePart(a, b Part) bool {
	switch {
	case a.Hole != nil && b.Hole != nil:
		return a.Hole.Key == b.Hole.Key
	case a.Choice != nil && b.Choice != nil:
		return a.Choice == b.Choice || a.Choice.Cond.same(b.Choice.Cond) && sameParts(a.Choice.Then, b.Choice.Then) && sameParts(a.Choice.Else, b.Choice.Else)
	case a.Each != nil && b.Each != nil:
		return a.Each == b.Each
	}
	return a.Hole == nil && b.Hole == nil && a.Choice == nil && b.Choice == nil && a.Each == nil && b.Each == nil && a.Lit == b.Lit
}

func sameParts(a, b []Part) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !samePart(a[i], b[i]) {
			return false
		}
	}
	return true
}
