package eval

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/ecma"
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
	}
	return makeText(m.parts(v))
}

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
		s := strings.TrimSpace(string(v))
		if s == "" {
			return 0
		}
		sign := 1.0
		if rest := strings.TrimPrefix(s, "-"); rest != s {
			s, sign = rest, -1
		}
		if s == "Infinity" {
			return sign * math.Inf(1)
		}
		if f, ok := ecma.ParseNumber(s); ok {
			return sign * f
		}
	case BigInt:
		f, _, _ := big.ParseFloat(string(v), 10, 64, big.ToNearestEven)
		if f != nil {
			r, _ := f.Float64()
			return r
		}
	case *Object:
		if v.Kind == KindArray && len(v.Elems) == 0 {
			return 0
		}
	}
	return math.NaN()
}

func toInt32(f float64) int32 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return int32(uint32(int64(math.Mod(math.Trunc(f), 1<<32))))
}

func bigArithmetic(op, a, b string) Value {
	x, ok1 := new(big.Int).SetString(a, 10)
	y, ok2 := new(big.Int).SetString(b, 10)
	if !ok1 || !ok2 {
		return BigInt("0")
	}
	r := new(big.Int)
	switch op {
	case "+":
		r.Add(x, y)
	case "-":
		r.Sub(x, y)
	case "*":
		r.Mul(x, y)
	case "/", "%":
		if y.Sign() == 0 {
			return Undefined
		}
		if op == "/" {
			r.Quo(x, y)
		} else {
			r.Rem(x, y)
		}
	case "**":
		if y.Sign() < 0 || y.BitLen() > 16 || x.BitLen() > 64 {
			return Undefined
		}
		r.Exp(x, y, nil)
	default:
		return Undefined
	}
	return BigInt(r.String())
}

func strictEqual(a, b Value) bool {
	x, ok1 := a.(Number)
	y, ok2 := b.(Number)
	if ok1 && ok2 {
		return x == y
	}
	return a == b
}

func looseEqual(a, b Value) bool {
	an, bn := a == Undefined || a == Null, b == Undefined || b == Null
	if an || bn {
		return an && bn
	}
	switch a.(type) {
	case Number, Bool:
		switch b.(type) {
		case String, Number, Bool:
			return toNumber(a) == toNumber(b)
		}
	case String:
		switch b.(type) {
		case Number, Bool:
			return toNumber(a) == toNumber(b)
		}
	}
	return strictEqual(a, b)
}

// utf16Length is a string's length as the language counts it.
func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// byteOffset returns where in s the i-th UTF-16 unit starts.
func byteOffset(s string, i int) int {
	if i <= 0 {
		return 0
	}
	n := 0
	for at, r := range s {
		if n >= i {
			return at
		}
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return len(s)
}

func charAt(s string, i int, outside Value) Value {
	if i < 0 || i >= utf16Length(s) {
		return outside
	}
	at := byteOffset(s, i)
	_, size := utf8.DecodeRuneInString(s[at:])
	return String(s[at : at+size])
}
