package eval

import (
	"math"
	"math/big"

	"github.com/bundlens/bundlens/internal/ecma"
)

// primitiveString converts a value that is no object to a string.
func primitiveString(v Value) string {
	switch v := v.(type) {
	case undefined:
		return "undefined"
	case null:
		return "null"
	case Bool:
		if v {
			return "true"
		}
		return "false"
	case Number:
		return ecma.FormatNumber(float64(v))
	case String:
		return string(v)
	case BigInt:
		return string(v)
	case *Symbol:
		return "Symbol(" + v.description() + ")"
	}
	return ""
}

// toString converts v to a string: a String, a Text, or an Unknown.
func (m *Machine) toString(v Value) Value {
	switch v := v.(type) {
	case String, *Text:
		return v
	case *Choice:
		return m.lift(v, m.toString)
	case *Unknown:
		u := *v
		if d := Default(v); !isUnknown(d) {
			u.Default = m.toString(d)
		}
		return &u
	case *Symbol:
		return m.raise("TypeError", "Cannot convert a Symbol value to a string")
	case *Object:
		return m.toString(m.primitive(v, "string"))
	}
	return String(primitiveString(v))
}

// primitive converts an object to a primitive value (ToPrimitive); hint is "default", "number" or "string".
func (m *Machine) primitive(v Value, hint string) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	if o.Kind == KindHost || len(o.open) > 0 && o.Kind != KindArray || m.depth >= maxDepth {
		return m.unknown("string of a function or host object", "object")
	}
	if f := m.methodNamed(o, symbolToPrimitive); f != nil {
		return m.noObject(m.Call(f, o, []Value{String(hint)}))
	}
	order := [...]string{"valueOf", "toString"}
	if _, isDate := o.Host.(*date); hint == "string" || isDate && hint == "default" {
		order = [...]string{"toString", "valueOf"}
	}
	m.depth++
	defer func() { m.depth-- }()
	for _, name := range order {
		if f := m.methodNamed(o, name); f != nil {
			if r := m.applied(f, o); !isObject(r) {
				return r
			}
		}
	}
	return m.raise("TypeError", "Cannot convert object to primitive value")
}

// applied calls a method without arguments; one of the language's own costs nothing.
func (m *Machine) applied(f, this *Object) Value {
	if f.Func.Native != nil {
		return f.Func.Native(m, this, nil)
	}
	return m.Call(f, this, nil)
}

func (m *Machine) noObject(v Value) Value {
	if isObject(v) {
		return m.raise("TypeError", "Cannot convert object to primitive value")
	}
	return v
}

// methodNamed returns a property of o that is a function, or nil.
func (m *Machine) methodNamed(o *Object, key string) *Object {
	if o.proxy != nil {
		f, _ := m.property(o, o, key).(*Object)
		if f == nil || f.Func == nil {
			return nil
		}
		return f
	}
	p := m.find(o, key)
	if p == nil {
		return nil
	}
	f, ok := m.settled(m.read(p, o)).(*Object)
	if !ok || f.Func == nil {
		return nil
	}
	return f
}

// toNumber converts a value that is known and no object to a number; a bigint keeps its nearest one.
func toNumber(v Value) float64 {
	switch v := v.(type) {
	case null:
		return 0
	case Bool:
		if v {
			return 1
		}
		return 0
	case Number:
		return float64(v)
	case String:
		return ecma.StringToNumber(string(v))
	case BigInt:
		f, _, _ := big.ParseFloat(string(v), 10, 64, big.ToNearestEven)
		if f != nil {
			r, _ := f.Float64()
			return r
		}
	}
	return math.NaN()
}

// number converts v to a Number, or returns an Unknown.
func (m *Machine) number(v Value) Value {
	switch v := v.(type) {
	case Number:
		return v
	case *Choice:
		return m.lift(v, m.number)
	case *Object:
		return m.number(m.primitive(v, "number"))
	case *Text:
		return m.unknown("number of a text with holes", "number")
	case *Symbol:
		return m.raise("TypeError", "Cannot convert a Symbol value to a number")
	case BigInt:
		return m.raise("TypeError", "Cannot convert a BigInt value to a number")
	case *Unknown:
		return m.unaryKnown("+", v)
	}
	return Number(toNumber(v))
}

func bigOf(b BigInt) *big.Int {
	n, ok := new(big.Int).SetString(string(b), 10)
	if !ok {
		return new(big.Int)
	}
	return n
}

// maxBits bounds a bigint that an evaluation makes.
const maxBits = 1 << 14

func (m *Machine) bigArithmetic(op string, a, b BigInt) Value {
	x, y, r := bigOf(a), bigOf(b), new(big.Int)
	switch op {
	case "+":
		r.Add(x, y)
	case "-":
		r.Sub(x, y)
	case "*":
		r.Mul(x, y)
	case "/", "%":
		if y.Sign() == 0 {
			return m.raise("RangeError", "Division by zero")
		}
		if op == "/" {
			r.Quo(x, y)
		} else {
			r.Rem(x, y)
		}
	case "**":
		switch {
		case y.Sign() < 0:
			return m.raise("RangeError", "Exponent must be non-negative")
		case !y.IsInt64() || int64(x.BitLen())*y.Int64() > maxBits || y.Int64() > maxBits:
			return m.overBudget("size of a bigint")
		}
		r.Exp(x, y, nil)
	case "&":
		r.And(x, y)
	case "|":
		r.Or(x, y)
	case "^":
		r.Xor(x, y)
	case "<<", ">>":
		return m.bigShift(x, y, op == "<<")
	default:
		return m.raise("TypeError", "BigInts have no unsigned right shift, use >> instead")
	}
	if r.BitLen() > maxBits {
		return m.overBudget("size of a bigint")
	}
	return BigInt(r.String())
}

func (m *Machine) bigShift(x, y *big.Int, left bool) Value {
	if !y.IsInt64() || y.Int64() > maxBits || y.Int64() < -maxBits {
		return m.overBudget("size of a bigint")
	}
	n := int(y.Int64())
	if !left {
		n = -n
	}
	if n >= 0 {
		return BigInt(new(big.Int).Lsh(x, uint(n)).String())
	}
	return BigInt(new(big.Int).Rsh(x, uint(-n)).String())
}

// strictEqual is the operator === of values that are known.
func strictEqual(a, b Value) bool {
	switch x := a.(type) {
	case Number:
		y, ok := b.(Number)
		return ok && x == y
	case *Symbol:
		y, ok := b.(*Symbol)
		return ok && x.Key == y.Key
	}
	return a == b
}

// sameZero is the comparison by which a collection tells its keys apart (SameValueZero).
func sameZero(a, b Value) bool {
	if x, ok := a.(Number); ok && x != x {
		y, ok := b.(Number)
		return ok && y != y
	}
	return strictEqual(a, b)
}

// sameValue is Object.is of values that are known.
func sameValue(a, b Value) bool {
	x, ok1 := a.(Number)
	y, ok2 := b.(Number)
	if ok1 && ok2 && x == 0 && y == 0 {
		return math.Signbit(float64(x)) == math.Signbit(float64(y))
	}
	return sameZero(a, b)
}

// looseEqual is the operator == of primitive values that are known.
func looseEqual(a, b Value) bool {
	an, bn := isAbsent(a), isAbsent(b)
	if an || bn {
		return an && bn
	}
	x, y := looseType(a), looseType(b)
	switch {
	case x == "" || y == "" || x == y && x != "number":
		return strictEqual(a, b)
	case x == "bigint" && y == "string":
		n, ok := ecma.StringToBigInt(primitiveString(b))
		return ok && n.String() == primitiveString(a)
	case x == "string" && y == "bigint":
		return looseEqual(b, a)
	case x == "bigint" || y == "bigint":
		return bigCompare(a, b) == 0
	}
	return toNumber(a) == toNumber(b)
}

// looseType is the type by which == compares: Booleans count as numbers, and "" has no conversion.
func looseType(v Value) string {
	switch v.(type) {
	case Number, Bool:
		return "number"
	case String:
		return "string"
	case BigInt:
		return "bigint"
	}
	return ""
}

// bigCompare orders two numbers, one of them a bigint; it is 2 where the other is NaN.
func bigCompare(a, b Value) int {
	float := func(v Value) (*big.Float, bool) {
		if n, ok := v.(BigInt); ok {
			return new(big.Float).SetInt(bigOf(n)), true
		}
		f := toNumber(v)
		if f != f {
			return nil, false
		}
		return big.NewFloat(f), true
	}
	x, ok1 := float(a)
	y, ok2 := float(b)
	if !ok1 || !ok2 {
		return 2
	}
	return x.Cmp(y)
}
