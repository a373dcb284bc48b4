package ecma

import (
	"math"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		lit  string
		want float64
	}{
		{"0", 0}, {"5", 5}, {"5.", 5}, {".5", .5}, {"1.5e3", 1500}, {"1E-3", .001}, {"5.e+2", 500}, {"1_000.5_0", 1000.5},
		{"0x1F", 31}, {"0XdeadBEEF", 0xdeadbeef}, {"0b101", 5}, {"0O17", 15}, {"0x1_0", 16}, {"017", 15}, {"00", 0}, {"089", 89}, {"08.5", 8.5},
		{"1e400", math.Inf(1)}, {"1e-400", 0}, {"0x20000000000001", 9007199254740992}, {"0x20000000000003", 9007199254740996},
		{"9007199254740993", 9007199254740992}, {"5e-324", 5e-324},
	} {
		if got, ok := ParseNumber(c.lit); !ok || got != c.want {
			t.Errorf("ParseNumber(%s) = %v, %v; want %v", c.lit, got, ok, c.want)
		}
	}
	for _, lit := range []string{"", ".", "e5", "0x", "0xg", "0b2", "0o8", "1n", "0_1", "1__0", "_1", "1_", "1_e5", "1e_5", "Infinity", "NaN", "inf", "-1", "+1", "1e", "1-1", "0x1p4", "017.5"} {
		if got, ok := ParseNumber(lit); ok {
			t.Errorf("ParseNumber(%s) = %v, want none", lit, got)
		}
	}
}

func TestParseBigInt(t *testing.T) {
	for lit, want := range map[string]string{"0n": "0", "12n": "12", "0x1Fn": "31", "0b11n": "3", "1_0n": "10", "123456789012345678901234567890n": "123456789012345678901234567890", "0xEn": "14"} {
		if got, ok := ParseBigInt(lit); !ok || got.String() != want {
			t.Errorf("ParseBigInt(%s) = %v, %v; want %s", lit, got, ok, want)
		}
	}
	for _, lit := range []string{"", "n", "1", "01n", "1.5n", "1e3n", "0xn"} {
		if _, ok := ParseBigInt(lit); ok {
			t.Errorf("ParseBigInt(%s)", lit)
		}
	}
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-1.5, "-1.5"}, {100, "100"}, {123456789, "123456789"}, {1e21, "1e+21"},
		{1e20, "100000000000000000000"}, {123456789012345680000, "123456789012345680000"}, {1.5e300, "1.5e+300"}, {0.1, "0.1"},
		{0.000001, "0.000001"}, {0.0000001, "1e-7"}, {1.25e-9, "1.25e-9"}, {5e-324, "5e-324"}, {math.MaxFloat64, "1.7976931348623157e+308"},
		{math.NaN(), "NaN"}, {math.Inf(1), "Infinity"}, {math.Inf(-1), "-Infinity"}, {4.35, "4.35"}, {0.30000000000000004, "0.30000000000000004"}, {1.0 / 3, "0.3333333333333333"},
	} {
		if got := FormatNumber(c.f); got != c.want {
			t.Errorf("FormatNumber(%g) = %s, want %s", c.f, got, c.want)
		}
	}
}

func FuzzFormatNumber(f *testing.F) {
	for _, seed := range []float64{0, 1, 1e21, 1e-7, 123456.789, 5e-324, math.MaxFloat64} {
		f.Add(math.Float64bits(seed))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		n := math.Abs(math.Float64frombits(bits))
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return
		}
		if got, ok := ParseNumber(FormatNumber(n)); !ok || got != n {
			t.Errorf("%g is written as %s and read as %g, %v", n, FormatNumber(n), got, ok)
		}
	})
}
