package eval

import (
	"math"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

func split(m *Machine, this Value, args []Value) Value {
	if this = m.asText(this); this == nil {
		return m.raise("TypeError", "String.prototype.split called on null or undefined")
	}
	args = m.plain(args)
	s, ok := this.(String)
	for _, a := range args {
		if _, isObject := a.(*Object); !isObject && !isPrimitive(a) {
			ok = false
		}
	}
	if !ok {
		return m.lift(this, func(this Value) Value {
			for i, a := range args {
				if _, isChoice := a.(*Choice); isChoice {
					return m.lift(a, func(v Value) Value {
						next := append([]Value(nil), args...)
						next[i] = v
						return split(m, this, next)
					})
				}
			}
			if s, isKnown := this.(String); isKnown && len(args) == 0 {
				return m.NewArray(s)
			}
			return &Unknown{Key: bounded(keyOf(this) + ".split(" + keyOf(argument(args, 0)) + "," + keyOf(argument(args, 1)) + ")"), Expr: m.Describe(this), Why: "splits a text with holes"}
		})
	}
	limit := uint32(math.MaxUint32)
	if v := argument(args, 1); v != Undefined {
		limit = ecma.ToUint32(toNumber(v))
	}
	var out []Elem
	switch sep := argument(args, 0).(type) {
	case undefined:
		out = []Elem{{Value: s}}
	case *Object:
		if sep.Kind != KindRegexp {
			return m.unknown("splits by an object", "split")
		}
		list, ok := m.splitRegexp(string(s), sep).(*Object)
		if !ok {
			return m.unknown("splits by a pattern that is not evaluated", "split")
		}
		out = list.Elems
	default:
		if out = m.pieces16(string(s), primitiveString(sep)); len(out) > maxElems {
			return m.overBudget(boundElems)
		}
	}
	if uint64(limit) < uint64(len(out)) {
		out = out[:limit]
	}
	return m.newArray(out)
}

// pieces16 splits a string by another one, or into its code units.
func (m *Machine) pieces16(s, sep string) (out []Elem) {
	if sep != "" {
		for _, p := range strings.Split(s, sep) {
			out = append(out, Elem{Value: String(p)})
		}
		return out
	}
	u := m.unitsOf(s)
	for i := range u.Length() {
		out = append(out, Elem{Value: String(u.Slice(i, i+1))})
	}
	return out
}

// replace replaces a piece or a pattern; in a text with holes it does so in each literal.
func replace(name string, all bool) Native {
	return onText(name, func(m *Machine, this Value, args []Value) Value {
		args = m.plain(args)
		what, with := argument(args, 0), argument(args, 1)
		if _, ok := what.(*Choice); ok {
			return m.lift(what, func(what Value) Value { return stringMethods[name](m, this, []Value{what, with}) })
		}
		if isUnknown(what) || isText(what) {
			return m.resultOf(m.unknown("replaces something unknown", name), append([]Value{this}, args...))
		}
		edit := func(s string) Value { return m.replaceIn(s, what, with, all) }
		if t, ok := this.(*Text); ok {
			return makeText(m.editParts(t.Parts, edit))
		}
		return edit(string(this.(String)))
	})
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
	if isPattern(what) {
		o := what.(*Object)
		if p := o.Host.(*Pattern); all && !strings.Contains(p.Flags, "g") {
			return m.raise("TypeError", "replaceAll must be called with a global RegExp")
		}
		return m.replaceRegexp(s, o, with)
	}
	if o, ok := what.(*Object); ok {
		return m.unknown("replaces an object", m.describeObject(o))
	}
	return m.replacePiece(s, primitiveString(what), with, all)
}

func (m *Machine) replacePiece(s, piece string, with Value, all bool) Value {
	var parts []Part
	step := max(1, ecma.Length(piece))
	end, at := 0, ecma.Index(s, piece, 0)
	for ; at >= 0; at = ecma.Index(s, piece, at+step) {
		if m.spent() {
			return m.overBudget(boundSteps)
		}
		parts = append(parts, Part{Lit: m.unitsOf(s).Slice(end, at)})
		parts = append(parts, m.replacement(found{text: s, start: at, end: at + ecma.Length(piece)}, with)...)
		if end = at + ecma.Length(piece); !all || at+step > m.unitsOf(s).Length() {
			break
		}
	}
	if len(parts) == 0 {
		return String(s)
	}
	return makeText(append(parts, Part{Lit: m.unitsOf(s).Slice(end, m.unitsOf(s).Length())}))
}
