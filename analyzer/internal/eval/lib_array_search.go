package eval

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

func arrayIncludes(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	elems := o.Elems
	if from := integer(args, 1, 0); from != 0 {
		if !isCertain(elems) || len(o.open) > 0 && from < 0 {
			return m.uncertain(o, "includes", args)
		}
		elems = elems[clampIndex(from, len(elems)):]
	}
	return m.lift(argument(args, 0), func(want Value) Value {
		in := never
		for _, e := range elems {
			in = or(in, and(orTrue(e.When), m.sameKey(e.Value, want)))
			if in.isTrue() {
				break
			}
		}
		return m.readable(or(in, m.mayHold(o, want)), this, want)
	})
}

// sameKey is the condition that two values are one key of a collection.
func (m *Machine) sameKey(a, b Value) *Cond {
	if n, ok := a.(Number); ok && n != n {
		return Truth(m.lift(b, func(b Value) Value {
			if isUnknown(b) {
				return m.binaryOp("===", a, b)
			}
			return Bool(sameZero(a, b))
		}))
	}
	return Truth(m.binaryOp("===", a, b))
}

// mayHold is the condition that a value is among what may follow an array's elements: it is not taken for granted.
func (m *Machine) mayHold(o *Object, want Value) *Cond {
	if len(o.open) == 0 {
		return never
	}
	of := o.open[0]
	u := &Unknown{Key: of.Key + ".includes", Expr: of.Expr + ".includes", Why: of.Why}
	u = m.callUnknown(u, []Value{want})
	u.Default = Bool(false)
	return atomOf(u)
}

// readable gives a test of something unknown against a list one name instead of a long disjunction.
func (m *Machine) readable(c *Cond, list, want Value) Value {
	u, ok := want.(*Unknown)
	if !ok || c.isTrue() || c.isFalse() {
		return truthValue(c)
	}
	var names []string
	for _, e := range list.(*Object).Elems {
		names = append(names, m.Describe(e.Value))
	}
	expr := "[" + strings.Join(names, ", ") + "].includes(" + u.Expr + ")"
	r := (&Unknown{Key: expr + u.Key, Expr: shorten(expr), Why: u.Why}).madeOf(u)
	if u.Default != nil {
		r.Default = Bool(c.Default())
	}
	return r
}

// search looks for a value from one position to another, step by step.
func (m *Machine) position(o *Object, want Value, from, to, step int) Value {
	if !isCertain(o.Elems) {
		if from != 0 || step < 0 {
			return m.uncertain(o, "indexOf", []Value{want})
		}
	}
	for i := from; i != to; i += step {
		e := o.Elems[i]
		if e.Hole {
			continue
		}
		switch v := m.binaryOp("===", e.Value, want).(type) {
		case Bool:
			if !bool(v) {
				continue
			}
			if !isCertain(o.Elems[:i+1]) {
				return m.uncertain(o, "indexOf", []Value{want})
			}
			return Number(i)
		default:
			return m.resultOf(m.unknown("position of something unknown", "indexOf"), []Value{o, want})
		}
	}
	held := m.mayHold(o, want)
	if held.isFalse() {
		return Number(-1)
	}
	of := o.open[0]
	at := &Unknown{Key: of.Key + ".indexOf", Expr: of.Expr + ".indexOf", Why: "position in a list that is not known whole"}
	return m.choose(held, m.callUnknown(at, []Value{want}), Number(-1))
}

func arrayIndexOf(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(want Value) Value {
		return m.position(o, want, clampIndex(integer(args, 1, 0), len(o.Elems)), len(o.Elems), 1)
	})
}

func arrayLastIndexOf(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	n := len(o.Elems)
	from := n - 1
	if len(args) > 1 {
		if from = ecma.ToInteger(toNumber(args[1])); from < 0 {
			from += n
		}
		from = min(from, n-1)
	}
	return m.lift(argument(args, 0), func(want Value) Value {
		if from < 0 {
			return Number(-1)
		}
		return m.position(o, want, from, -1, -1)
	})
}
