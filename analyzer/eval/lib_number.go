package eval

import (
	"math"
	"math/big"
	"strings"
)

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
		whole += "." + frac[:min(3, len(frac))]
	}
	return sign + whole
}

func numberOf(m *Machine, _ Value, args []Value) Value {
	if len(args) == 0 {
		return Number(0)
	}
	return m.lift(args[0], func(v Value) Value { return m.unaryKnown("+", v) })
}

func booleanOf(_ *Machine, _ Value, args []Value) Value {
	return truthValue(Truth(argument(args, 0)))
}

func bigintOf(_ *Machine, _ Value, args []Value) Value {
	return BigInt(strings.TrimSpace(primitiveString(argument(args, 0))))
}

var numberStatics = map[string]Native{
	"isInteger": func(_ *Machine, _ Value, args []Value) Value {
		n, ok := argument(args, 0).(Number)
		return Bool(ok && float64(n) == math.Trunc(float64(n)) && !math.IsInf(float64(n), 0))
	},
	"isSafeInteger": func(_ *Machine, _ Value, args []Value) Value {
		n, ok := argument(args, 0).(Number)
		return Bool(ok && float64(n) == math.Trunc(float64(n)) && math.Abs(float64(n)) < 1<<53)
	},
	"isFinite": func(m *Machine, _ Value, args []Value) Value {
		if _, ok := argument(args, 0).(Number); !ok {
			return Bool(false)
		}
		return isFinite(m, nil, args)
	},
	"isNaN": func(_ *Machine, _ Value, args []Value) Value {
		n, ok := argument(args, 0).(Number)
		return Bool(ok && n != n)
	},
	"parseInt":   parseInt,
	"parseFloat": parseFloat,
}

func isNaN(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if isUnknown(v) {
			return m.callUnknown(m.unknown("tests something unknown", "isNaN"), []Value{v})
		}
		f := toNumber(v)
		return Bool(f != f)
	})
}

func isFinite(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		if isUnknown(v) {
			return m.callUnknown(m.unknown("tests something unknown", "isFinite"), []Value{v})
		}
		f := toNumber(v)
		return Bool(f == f && !math.IsInf(f, 0))
	})
}

func parseInt(m *Machine, _ Value, args []Value) Value {
	radix := integer(args, 1, 0)
	return m.numeric(args, func(s string) float64 {
		s, base := strings.ToLower(strings.TrimPrefix(s, "+")), radix
		if rest, hex := strings.CutPrefix(s, "0x"); hex && (base == 0 || base == 16) {
			s, base = rest, 16
		}
		if base == 0 {
			base = 10
		}
		end := 0
		for end < len(s) && strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyz"[:min(36, max(2, base))], s[end]) >= 0 {
			end++
		}
		n, ok := new(big.Int).SetString(s[:end], base)
		if !ok {
			return math.NaN()
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return f
	}, "parseInt")
}

func parseFloat(m *Machine, _ Value, args []Value) Value {
	return m.numeric(args, func(s string) float64 {
		end := 0
		for end < len(s) && strings.IndexByte("0123456789.eE-+", s[end]) >= 0 {
			end++
		}
		return toNumber(String(s[:end]))
	}, "parseFloat")
}

func (m *Machine) numeric(args []Value, parse func(string) float64, name string) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		u, ok := v.(*Unknown)
		if !ok {
			s := strings.TrimSpace(primitiveString(v))
			if s == "" || strings.IndexByte("0123456789-+.", s[0]) < 0 {
				return Number(math.NaN())
			}
			if s[0] == '-' {
				return Number(-parse(s[1:]))
			}
			return Number(parse(s))
		}
		r := m.callUnknown(m.unknown("reads an unknown number", name), []Value{u})
		if d := Default(u); !isUnknown(d) {
			r.Default = m.numeric([]Value{d}, parse, name)
		}
		return r
	})
}

// mathOf applies a function to numbers that are known.
func mathOf(name string, f func(a []float64) float64) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		in := make([]float64, len(args))
		for i, a := range args {
			switch v := m.settled(a).(type) {
			case *Unknown:
				r := m.callUnknown(m.unknown(v.Why, "Math."+name), args)
				r.Default = nil
				return r
			case *Choice:
				return m.lift(v, func(v Value) Value {
					next := append([]Value(nil), args...)
					next[i] = v
					return mathOf(name, f)(m, nil, next)
				})
			default:
				in[i] = toNumber(v)
			}
		}
		return Number(f(in))
	}
}

func one(f func(float64) float64) func([]float64) float64 {
	return func(a []float64) float64 {
		if len(a) == 0 {
			return math.NaN()
		}
		return f(a[0])
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

var mathStatics = map[string]Native{
	"max": mathOf("max", extreme(math.Inf(-1), math.Max)), "min": mathOf("min", extreme(math.Inf(1), math.Min)),
	"floor": mathOf("floor", one(math.Floor)), "ceil": mathOf("ceil", one(math.Ceil)), "trunc": mathOf("trunc", one(math.Trunc)),
	"round": mathOf("round", one(func(f float64) float64 { return math.Floor(f + 0.5) })), "abs": mathOf("abs", one(math.Abs)),
	"sqrt": mathOf("sqrt", one(math.Sqrt)), "log2": mathOf("log2", one(math.Log2)), "log10": mathOf("log10", one(math.Log10)), "log": mathOf("log", one(math.Log)),
	"sign": mathOf("sign", one(func(f float64) float64 {
		if f > 0 {
			return 1
		} else if f < 0 {
			return -1
		}
		return f
	})),
	"pow": mathOf("pow", func(a []float64) float64 {
		if len(a) < 2 {
			return math.NaN()
		}
		return math.Pow(a[0], a[1])
	}),
	"random": unknownOf("random number"),
}
