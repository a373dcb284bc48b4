package eval

import (
	"math"
	"strings"
)

func (m *Machine) add(a, b Value) Value {
	if _, ok := a.(*Object); ok {
		return m.binaryKnown("+", m.primitive(a), m.primitive(b))
	}
	if _, ok := b.(*Object); ok {
		return m.binaryKnown("+", a, m.primitive(b))
	}
	if isString(a) || isString(b) {
		return m.concat(a, b)
	}
	return arithmetic("+", a, b)
}

// primitive converts an object to a string or number as an operator does.
func (m *Machine) primitive(v Value) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	if p := o.Lookup("valueOf"); p != nil {
		if f, ok := p.Value.(*Object); ok && f.Func != nil && f.Func.Native == nil {
			return m.Call(f, o, nil)
		}
	}
	return makeText(m.objectParts(o))
}

func (m *Machine) compare(op string, a, b Value) Value {
	x, xs := a.(String)
	y, ys := b.(String)
	if xs && ys {
		return Bool(ordered(op, strings.Compare(string(x), string(y)), false))
	}
	if isText(a) || isText(b) {
		return m.unknown("compares a text with holes", m.Describe(a)+" "+op+" "+m.Describe(b))
	}
	p, q := toNumber(a), toNumber(b)
	switch {
	case p != p || q != q:
		return Bool(false)
	case p < q:
		return Bool(ordered(op, -1, true))
	case p > q:
		return Bool(ordered(op, 1, true))
	}
	return Bool(ordered(op, 0, true))
}

func ordered(op string, sign int, _ bool) bool {
	switch op {
	case "<":
		return sign < 0
	case ">":
		return sign > 0
	case "<=":
		return sign <= 0
	}
	return sign >= 0
}

func arithmetic(op string, a, b Value) Value {
	x, xb := a.(BigInt)
	y, yb := b.(BigInt)
	if xb && yb {
		return bigArithmetic(op, string(x), string(y))
	}
	p, q := toNumber(a), toNumber(b)
	switch op {
	case "+":
		return Number(p + q)
	case "-":
		return Number(p - q)
	case "*":
		return Number(p * q)
	case "/":
		return Number(p / q)
	case "%":
		return Number(math.Mod(p, q))
	case "**":
		return Number(math.Pow(p, q))
	case "&":
		return Number(toInt32(p) & toInt32(q))
	case "|":
		return Number(toInt32(p) | toInt32(q))
	case "^":
		return Number(toInt32(p) ^ toInt32(q))
	case "<<":
		return Number(toInt32(p) << (uint32(toInt32(q)) & 31))
	case ">>":
		return Number(toInt32(p) >> (uint32(toInt32(q)) & 31))
	case ">>>":
		return Number(uint32(toInt32(p)) >> (uint32(toInt32(q)) & 31))
	}
	return Undefined
}

// truthValue is true where a condition holds, and false elsewhere.
func truthValue(c *Cond) Value {
	switch {
	case c.isTrue():
		return Bool(true)
	case c.isFalse():
		return Bool(false)
	case c.op == condNot:
		return &Choice{c.a, Bool(false), Bool(true)}
	}
	return &Choice{c, Bool(true), Bool(false)}
}

func (m *Machine) unaryKnown(op string, v Value) Value {
	switch op {
	case "void":
		return Undefined
	case "!":
		return truthValue(not(Truth(v)))
	}
	if u, ok := v.(*Unknown); ok {
		r := (&Unknown{Key: bounded(op + u.Key), Expr: bounded(op + " " + u.Expr), Why: u.Why}).madeOf(u)
		if u.Default != nil && !isUnknown(u.Default) {
			r.Default = m.unaryKnown(op, Default(u.Default))
		}
		return r
	}
	switch op {
	case "typeof":
		return String(typeOf(v))
	case "-":
		if b, ok := v.(BigInt); ok {
			return bigArithmetic("-", "0", string(b))
		}
		return Number(-toNumber(v))
	case "+":
		if isText(v) {
			return m.unknown("number of a text with holes", "number")
		}
		return Number(toNumber(v))
	case "~":
		return Number(^toInt32(toNumber(v)))
	}
	return Undefined
}

func typeOf(v Value) string {
	switch v := v.(type) {
	case undefined:
		return "undefined"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String, *Text:
		return "string"
	case BigInt:
		return "bigint"
	case *Symbol:
		return "symbol"
	case *Object:
		if v.Func != nil {
			return "function"
		}
	}
	return "object"
}
