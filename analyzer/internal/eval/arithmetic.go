package eval

import "github.com/bundlens/bundlens/internal/ecma"

func (m *Machine) compare(op string, a, b Value) Value {
	x, xs := a.(String)
	y, ys := b.(String)
	if xs && ys {
		return Bool(holdsFor(op, ecma.Compare(string(x), string(y))))
	}
	if isText(a) || isText(b) {
		return m.resultOf(m.unknown("compares a text with holes", op), []Value{a, b})
	}
	if isSymbol(a) || isSymbol(b) {
		return m.raise("TypeError", "Cannot convert a Symbol value to a number")
	}
	if isBigInt(a) || isBigInt(b) {
		for _, v := range []*Value{&a, &b} {
			if s, ok := (*v).(String); ok {
				n, ok := ecma.StringToBigInt(string(s))
				if !ok {
					return Bool(false)
				}
				*v = BigInt(n.String())
			}
		}
		sign := bigCompare(a, b)
		return Bool(sign != 2 && holdsFor(op, sign))
	}
	p, q := toNumber(a), toNumber(b)
	switch {
	case p != p || q != q:
		return Bool(false)
	case p < q:
		return Bool(holdsFor(op, -1))
	case p > q:
		return Bool(holdsFor(op, 1))
	}
	return Bool(holdsFor(op, 0))
}

// holdsFor tells whether a comparison holds for two values in an order.
func holdsFor(op string, sign int) bool {
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

func isSymbol(v Value) bool { _, ok := v.(*Symbol); return ok }

func isBigInt(v Value) bool { _, ok := v.(BigInt); return ok }

// arithmetic applies an operator on numbers to primitive values that are known.
func (m *Machine) arithmetic(op string, a, b Value) Value {
	switch {
	case isText(a) || isText(b):
		return m.resultOf(m.unknown("computes with a text with holes", op), []Value{a, b})
	case isSymbol(a) || isSymbol(b):
		return m.raise("TypeError", "Cannot convert a Symbol value to a number")
	case isBigInt(a) && isBigInt(b):
		return m.bigArithmetic(op, a.(BigInt), b.(BigInt))
	case isBigInt(a) || isBigInt(b):
		return m.raise("TypeError", "Cannot mix BigInt and other types, use explicit conversions")
	}
	p, q := toNumber(a), toNumber(b)
	x, y := ecma.ToInt32(p), ecma.ToInt32(q)
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
		return Number(ecma.Remainder(p, q))
	case "**":
		return m.power(p, q)
	case "&":
		return Number(x & y)
	case "|":
		return Number(x | y)
	case "^":
		return Number(x ^ y)
	case "<<":
		return Number(x << (uint32(y) & 31))
	case ">>":
		return Number(x >> (uint32(y) & 31))
	case ">>>":
		return Number(uint32(x) >> (uint32(y) & 31))
	}
	return m.unknown("an operator that is not evaluated", op)
}

func (m *Machine) power(a, b float64) Value {
	r, exact := ecma.Power(a, b)
	if !exact {
		return m.unknown("a power that engines round in their own ways", ecma.FormatNumber(a)+" ** "+ecma.FormatNumber(b))
	}
	return Number(r)
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
	}
	if o, ok := v.(*Object); ok {
		return m.lift(m.primitive(o, "number"), func(v Value) Value { return m.unaryKnown(op, v) })
	}
	b, big := v.(BigInt)
	switch {
	case big && op == "-":
		return m.bigArithmetic("-", BigInt("0"), b)
	case big && op == "~":
		return m.bigArithmetic("-", BigInt("-1"), b)
	}
	n, ok := m.number(v).(Number)
	switch {
	case !ok:
		return m.resultOf(m.unknown("number of a text with holes", "number"), []Value{v})
	case op == "-":
		return -n
	case op == "+":
		return n
	case op == "~":
		return Number(^ecma.ToInt32(float64(n)))
	}
	return m.unknown("an operator that is not evaluated", op)
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

// isArithmetic tells the operators that make numbers of both sides.
func isArithmetic(op string) bool {
	switch op {
	case "-", "*", "/", "%", "**":
		return true
	}
	return false
}

// isSource tells a function that is its source text where a primitive value is asked for, which is never a number's.
func (m *Machine) isSource(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.Func != nil && o.proxy == nil && len(o.open) == 0 && m.methodNamed(o, symbolToPrimitive) == nil &&
		o.Lookup("valueOf") == nil && o.Lookup("toString") == nil
}
