package eval

import (
	"math"

	"github.com/bundlens/bundlens/internal/ecma"
)

func stringOf(m *Machine, this Value, args []Value) Value {
	var s Value = String("")
	if len(args) > 0 {
		if symbol, ok := args[0].(*Symbol); ok && this != Value(constructing) {
			return String(primitiveString(symbol))
		}
		s = m.toString(args[0])
	}
	if this == Value(constructing) {
		return m.wrapper(s)
	}
	return s
}

var stringStatics map[string]Native

func init() {
	stringStatics = map[string]Native{
		"raw":           stringRaw,
		"fromCharCode":  fromCharCode,
		"fromCodePoint": fromCodePoint,
	}
}

func stringRaw(m *Machine, _ Value, args []Value) Value {
	raw := m.get(argument(args, 0), "raw", false)
	n, ok := m.number(m.get(raw, "length", false)).(Number)
	if !ok {
		return m.unknown("a template that is not known", "String.raw")
	}
	var parts []Part
	for i := range max(0, int(n)) {
		if m.spent() {
			return m.overBudget(boundSteps)
		}
		parts = append(parts, m.parts(m.toString(m.get(raw, ecma.FormatIndex(i), true)))...)
		if i+1 < int(n) && i+1 < len(args) {
			parts = append(parts, m.parts(m.toString(args[i+1]))...)
		}
	}
	return makeText(parts)
}

// codes returns arguments as numbers, or what is not known of them.
func (m *Machine) codes(args []Value) (numbers []float64, unknown Value) {
	for _, a := range args {
		n, ok := m.number(a).(Number)
		if !ok {
			return nil, m.resultOf(m.unknown("characters of unknown codes", "text"), args)
		}
		numbers = append(numbers, float64(n))
	}
	return numbers, nil
}

func fromCharCode(m *Machine, _ Value, args []Value) Value {
	numbers, unknown := m.codes(args)
	if unknown != nil {
		return unknown
	}
	units := make([]uint16, len(numbers))
	for i, f := range numbers {
		units[i] = ecma.ToUint16(f)
	}
	return String(ecma.FromUnits(units))
}

func fromCodePoint(m *Machine, _ Value, args []Value) Value {
	numbers, unknown := m.codes(args)
	if unknown != nil {
		return unknown
	}
	var out []byte
	for i, f := range numbers {
		if f != math.Trunc(f) || f < 0 || f > 0x10FFFF {
			return m.raise("RangeError", "Invalid code point "+primitiveString(args[i]))
		}
		out = ecma.AppendRune(out, rune(f))
	}
	return String(out)
}
