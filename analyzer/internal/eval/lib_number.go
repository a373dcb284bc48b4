package eval

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

var numberMethods, bigintMethods map[string]Native

func init() {
	numberMethods = map[string]Native{
		"toString":       onNumber("toString", numberToString),
		"toFixed":        onNumber("toFixed", digitsWithin("toFixed", 0, func(f float64, n int, _ bool) string { return ecma.ToFixed(f, n) })),
		"toLocaleString": numberToLocaleString,
		"valueOf":        onNumber("valueOf", func(_ *Machine, f float64, _ []Value) Value { return Number(f) }),
		"toExponential": onNumber("toExponential", digitsWithin("toExponential", 0, func(f float64, n int, given bool) string {
			if !given {
				n = -1
			}
			return ecma.ToExponential(f, n)
		})),
		"toPrecision": onNumber("toPrecision", digitsWithin("toPrecision", 1, func(f float64, n int, given bool) string {
			if !given {
				return ecma.FormatNumber(f)
			}
			return ecma.ToPrecision(f, n)
		})),
	}
	bigintMethods = map[string]Native{
		"toString": given("toString", func(m *Machine, this Value, args []Value) Value {
			b, ok := unwrapped(this).(BigInt)
			r := integer(args, 0, 10)
			switch {
			case !ok:
				return m.resultOf(m.unknown("a method of something unknown", "toString"), []Value{this})
			case r < 2 || r > 36:
				return m.raise("RangeError", "toString() radix must be between 2 and 36")
			}
			return String(bigOf(b).Text(r))
		}, 0),
		"valueOf":        onUnwrapped(itself),
		"toLocaleString": numberToLocaleString,
	}
}

// onNumber wraps a method of numbers.
func onNumber(name string, f func(m *Machine, n float64, args []Value) Value) Native {
	return given(name, func(m *Machine, this Value, args []Value) Value {
		return m.lift(unwrapped(this), func(v Value) Value {
			n, ok := v.(Number)
			switch {
			case isUnknown(v) || isText(v):
				return m.resultOf(m.unknown("a method of something unknown", name), append([]Value{v}, args...))
			case !ok:
				return m.raise("TypeError", "Number.prototype."+name+" requires that 'this' be a Number")
			}
			return f(m, float64(n), args)
		})
	}, 0)
}

func numberToString(m *Machine, f float64, args []Value) Value {
	r := integer(args, 0, 10)
	if r < 2 || r > 36 {
		return m.raise("RangeError", "toString() radix must be between 2 and 36")
	}
	if r == 10 || f != f || math.IsInf(f, 0) {
		return String(ecma.FormatNumber(f))
	}
	s, ok := ecma.FormatWhole(f, r)
	if !ok {
		return m.unknown("fraction in another base", "toString")
	}
	return String(s)
}

// digitsWithin is a method that writes a number with as many digits as its argument says.
func digitsWithin(name string, least int, write func(f float64, n int, given bool) string) func(*Machine, float64, []Value) Value {
	return func(m *Machine, f float64, args []Value) Value {
		given := argument(args, 0) != Undefined
		n := integer(args, 0, 0)
		if (given || name == "toFixed") && (n < least || n > 100) && (name == "toFixed" || !math.IsNaN(f) && !math.IsInf(f, 0)) {
			return m.raise("RangeError", name+"() argument must be between "+primitiveString(Number(least))+" and 100")
		}
		return String(write(f, n, given))
	}
}

// numberToLocaleString writes a number as a locale does.
func numberToLocaleString(m *Machine, this Value, args []Value) Value {
	return m.lift(unwrapped(this), func(v Value) Value {
		options, ok := m.settled(argument(args, 1)).(*Object)
		if argument(args, 1) == Undefined {
			options, ok = m.newObject(KindObject), true
		}
		if !ok || len(options.open) > 0 || !m.isEnglish(argument(args, 0)) {
			return m.resultOf(m.unknown("a number as a locale writes it", "toLocaleString"), append([]Value{v}, args...))
		}
		return m.inEnglish(v, options)
	})
}

// grouped writes a number's thousands as the English locale does.
func grouped(s string) string {
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

func numberOf(m *Machine, this Value, args []Value) Value {
	var n Value = Number(0)
	if len(args) > 0 {
		n = m.lift(args[0], func(v Value) Value {
			if o, ok := v.(*Object); ok {
				v = m.primitive(o, "number")
			}
			if b, ok := v.(BigInt); ok {
				return Number(toNumber(b))
			}
			return m.number(v)
		})
	}
	if this == Value(constructing) {
		return m.wrapper(n)
	}
	return n
}

func booleanOf(m *Machine, this Value, args []Value) Value {
	b := truthValue(Truth(argument(args, 0)))
	if this == Value(constructing) {
		return m.lift(b, m.wrapper)
	}
	return b
}

func bigintOf(m *Machine, this Value, args []Value) Value {
	if this == Value(constructing) {
		return m.raise("TypeError", "BigInt is not a constructor")
	}
	return m.lift(argument(args, 0), func(v Value) Value {
		if o, ok := v.(*Object); ok {
			v = m.primitive(o, "number")
		}
		switch v := v.(type) {
		case BigInt:
			return v
		case Bool:
			return BigInt(ecma.FormatNumber(toNumber(v)))
		case Number:
			f := float64(v)
			if f != math.Trunc(f) || math.IsInf(f, 0) {
				return m.raise("RangeError", "The number "+ecma.FormatNumber(f)+" cannot be converted to a BigInt because it is not an integer")
			}
			n, _ := big.NewFloat(f).Int(nil)
			return BigInt(n.String())
		case String:
			n, ok := ecma.StringToBigInt(string(v))
			switch {
			case !ok:
				return m.raise("SyntaxError", "Cannot convert "+string(v)+" to a BigInt")
			case n.BitLen() > maxBits:
				return m.overBudget("size of a bigint")
			}
			return BigInt(n.String())
		case *Unknown, *Text:
			return m.resultOf(m.unknown("a bigint made of something unknown", "BigInt"), args)
		}
		return m.raise("TypeError", "Cannot convert "+m.Describe(v)+" to a BigInt")
	})
}

var bigintStatics map[string]Native

func init() {
	bigintStatics = map[string]Native{
		"asUintN": given("asUintN", func(m *Machine, _ Value, args []Value) Value { return m.wrapBits(args, false) }, 0),
		"asIntN":  given("asIntN", func(m *Machine, _ Value, args []Value) Value { return m.wrapBits(args, true) }, 0),
	}
}

func (m *Machine) wrapBits(args []Value, signed bool) Value {
	b, ok := m.settled(argument(args, 1)).(BigInt)
	n := integer(args, 0, 0)
	if !ok || n < 0 || n > maxBits {
		return m.resultOf(m.unknown("bits of something unknown", "BigInt.asIntN"), args)
	}
	mod := new(big.Int).Lsh(big.NewInt(1), uint(n))
	r := new(big.Int).Mod(bigOf(b), mod)
	if signed && n > 0 && r.Bit(n-1) == 1 {
		r.Sub(r, mod)
	}
	return BigInt(r.String())
}

// ofNumber is a test that is false for what is no number.
func ofNumber(name string, test func(f float64) bool) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			switch n := v.(type) {
			case *Unknown:
				r := m.resultOf(m.unknown("tests something unknown", "Number."+name), []Value{v})
				if d := Default(v); !isUnknown(d) {
					n, ok := d.(Number)
					r.Default = Bool(ok && test(float64(n)))
				}
				return r
			case Number:
				return Bool(test(float64(n)))
			}
			return Bool(false)
		})
	}
}

func isWhole(f float64) bool { return f == math.Trunc(f) && !math.IsInf(f, 0) }

var numberStatics map[string]Native

func init() {
	numberStatics = map[string]Native{
		"isInteger":     ofNumber("isInteger", isWhole),
		"isSafeInteger": ofNumber("isSafeInteger", func(f float64) bool { return isWhole(f) && math.Abs(f) < 1<<53 }),
		"isFinite":      ofNumber("isFinite", func(f float64) bool { return f == f && !math.IsInf(f, 0) }),
		"isNaN":         ofNumber("isNaN", func(f float64) bool { return f != f }),
	}
}

// testsNumber is a global function that tests what its argument is as a number.
func testsNumber(name string, test func(f float64) bool) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			n, ok := m.number(v).(Number)
			if !ok {
				return m.callUnknown(m.unknown("tests something unknown", name), []Value{v})
			}
			return Bool(test(float64(n)))
		})
	}
}

func isNaN(m *Machine, this Value, args []Value) Value {
	return testsNumber("isNaN", func(f float64) bool { return f != f })(m, this, args)
}

func isFinite(m *Machine, this Value, args []Value) Value {
	return testsNumber("isFinite", func(f float64) bool { return f == f && !math.IsInf(f, 0) })(m, this, args)
}

func parseInt(m *Machine, this Value, args []Value) Value {
	return given("parseInt", func(m *Machine, _ Value, args []Value) Value {
		radix := int(ecma.ToInt32(toNumber(argument(args, 1))))
		return m.numeric(args, func(s string) float64 { return ecma.ParseInt(s, radix) }, "parseInt")
	}, 1)(m, this, args)
}

func parseFloat(m *Machine, _ Value, args []Value) Value {
	return m.numeric(args, ecma.ParseFloat, "parseFloat")
}

func (m *Machine) numeric(args []Value, parse func(string) float64, name string) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		switch s := m.toString(v).(type) {
		case String:
			return Number(parse(string(s)))
		case *Unknown:
			r := m.callUnknown(m.unknown("reads an unknown number", name), []Value{v})
			if d := Default(v); d != v && !isUnknown(d) {
				r.Default = m.numeric([]Value{d}, parse, name)
			}
			return r
		}
		return m.resultOf(m.unknown("reads an unknown number", name), []Value{v})
	})
}

// mathOf applies a function to numbers that are known.
func mathOf(name string, f func(a []float64) float64) Native {
	return mathOfFirst(name, math.MaxInt, f)
}

// mathOfFirst is mathOf for a function that looks at its first arguments alone.
func mathOfFirst(name string, count int, f func(a []float64) float64) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		args = args[:min(count, len(args))]
		in := make([]float64, len(args))
		for i, a := range args {
			switch v := m.settled(a).(type) {
			case *Choice:
				return m.lift(v, func(v Value) Value {
					next := slices.Clone(args)
					next[i] = v
					return mathOfFirst(name, count, f)(m, nil, next)
				})
			case Number:
				in[i] = float64(v)
			default:
				n, ok := m.number(v).(Number)
				if !ok {
					r := m.resultOf(m.unknown("computes with something unknown", "Math."+name), args)
					if u, isUnknown := v.(*Unknown); isUnknown {
						r.Why = u.Why
					}
					return r
				}
				in[i] = float64(n)
			}
		}
		return Number(f(in))
	}
}

// numeral is an argument as a number.
func (m *Machine) numeral(args []Value, i int) Value { return m.number(argument(args, i)) }

// one applies a function to one number.
func one(name string, f func(float64) float64) Native {
	return mathOfFirst(name, 1, func(a []float64) float64 {
		if len(a) == 0 {
			return math.NaN()
		}
		return f(a[0])
	})
}

func two(f func(a, b float64) float64) func([]float64) float64 {
	return func(a []float64) float64 {
		for len(a) < 2 {
			a = append(a, math.NaN())
		}
		return f(a[0], a[1])
	}
}

func extreme(start float64, f func(a, b float64) float64) func([]float64) float64 {
	return func(a []float64) float64 {
		r := start
		for _, x := range a {
			r = f(r, x)
		}
		return r
	}
}

// exactly is a function whose digits may differ from one engine to the next, but for the arguments at which it is exact.
func exactly(name string, f func(float64) float64, at ...float64) Native {
	return func(m *Machine, this Value, args []Value) Value {
		v := one(name, f)(m, this, args)
		n, ok := m.number(argument(args, 0)).(Number)
		if _, known := v.(Number); known && ok && n == n && !math.IsInf(float64(n), 0) && !slices.Contains(at, float64(n)) {
			return m.resultOf(m.unknown("a function that engines compute in their own ways", "Math."+name), args)
		}
		return v
	}
}

var mathStatics map[string]Native

func init() {
	mathStatics = map[string]Native{
		"max": mathOf("max", extreme(math.Inf(-1), math.Max)), "min": mathOf("min", extreme(math.Inf(1), math.Min)),
		"floor": one("floor", math.Floor), "ceil": one("ceil", math.Ceil), "trunc": one("trunc", math.Trunc),
		"round": one("round", ecma.Round), "abs": one("abs", math.Abs), "sqrt": one("sqrt", math.Sqrt),
		"cbrt": exactly("cbrt", math.Cbrt, 0, 1, -1, 8, -8, 27, -27, 64, 125, 1000), "exp": exactly("exp", math.Exp, 0),
		"log2": exactly("log2", math.Log2, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024), "log10": exactly("log10", math.Log10, 1, 10, 100, 1000, 10000, 1e5, 1e6),
		"log": exactly("log", math.Log, 0, 1), "log1p": exactly("log1p", math.Log1p, 0), "expm1": exactly("expm1", math.Expm1, 0),
		"sin": exactly("sin", math.Sin, 0), "cos": exactly("cos", math.Cos, 0), "tan": exactly("tan", math.Tan, 0),
		"asin": exactly("asin", math.Asin, 0), "acos": exactly("acos", math.Acos, 1), "atan": exactly("atan", math.Atan, 0),
		"sinh": exactly("sinh", math.Sinh, 0), "cosh": exactly("cosh", math.Cosh, 0), "tanh": exactly("tanh", math.Tanh, 0),
		"asinh": exactly("asinh", math.Asinh, 0), "acosh": exactly("acosh", math.Acosh, 1), "atanh": exactly("atanh", math.Atanh, 0),
		"atan2":  unknownOf("a function that engines compute in their own ways"),
		"fround": one("fround", func(f float64) float64 { return float64(float32(f)) }),
		"clz32":  one("clz32", func(f float64) float64 { return float64(bits.LeadingZeros32(ecma.ToUint32(f))) }),
		"imul": mathOfFirst("imul", 2, two(func(a, b float64) float64 {
			return float64(ecma.ToInt32(a) * ecma.ToInt32(b))
		})),
		"hypot": mathOf("hypot", func(a []float64) float64 {
			r := 0.0
			for _, x := range a {
				r = math.Hypot(r, x)
			}
			return r
		}),
		"sign": one("sign", func(f float64) float64 {
			if f > 0 {
				return 1
			} else if f < 0 {
				return -1
			}
			return f
		}),
		"pow": func(m *Machine, _ Value, args []Value) Value {
			return m.binaryOp("**", m.numeral(args, 0), m.numeral(args, 1))
		},
		"random": unknownOf("random number"),
	}
}

var mathConstants = map[string]Value{
	"PI": Number(math.Pi), "E": Number(math.E), "LN2": Number(math.Ln2), "LN10": Number(math.Ln10), "LOG2E": Number(math.Log2E),
	"LOG10E": Number(math.Log10E), "SQRT2": Number(math.Sqrt2), "SQRT1_2": Number(math.Sqrt2 / 2),
}
