package ecma

import (
	"math"
	"testing"
	"testing/quick"
	"unicode/utf16"
)

const half = "\xed\xa0\xbd" // the first half of U+1F600, whose second is \xed\xb8\x80

func TestUnits(t *testing.T) {
	for _, s := range []string{"", "abc", "aé€😀b", half + "x", "x" + half, "😀😀"} {
		want := ToUnits(s)
		var u Units
		if got := u.Of(s).Length(); got != len(want) || Length(s) != got {
			t.Fatalf("%q: length %d, want %d", s, got, len(want))
		}
		for i := range want {
			if got := u.At(i); got != want[i] {
				t.Errorf("%q at %d: %x, want %x", s, i, got, want[i])
			}
		}
		for from := range len(want) + 1 {
			for to := from; to <= len(want); to++ {
				if got, want := u.Slice(from, to), FromUnits(want[from:to]); got != want {
					t.Errorf("%q[%d:%d] = %q, want %q", s, from, to, got, want)
				}
			}
		}
		if FromUnits(want) != s {
			t.Errorf("%q became %q", s, FromUnits(want))
		}
	}
}

// TestUnitsAreUTF16 compares with the standard library, which knows well-formed strings alone.
func TestUnitsAreUTF16(t *testing.T) {
	err := quick.Check(func(s string) bool {
		got, want := ToUnits(s), utf16.Encode([]rune(s))
		for i := range want {
			if got[i] != want[i] {
				return false
			}
		}
		return len(got) == len(want) && Length(s) == len(want)
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

func TestIndex(t *testing.T) {
	for _, c := range []struct {
		s, piece    string
		from        int
		first, last int
	}{
		{"abcabc", "bc", 0, 1, -1}, {"abcabc", "bc", 2, 4, 1}, {"abcabc", "", 6, 6, 6}, {"abc", "x", 0, -1, -1},
		{"😀a😀a", "a", 0, 2, -1}, {"😀a😀a", "a", 3, 5, 2}, {"😀😀", "😀", 1, 2, 0}, {"😀", "\xed\xb8\x80", 0, 1, -1}, {"😀", half, 0, 0, 0}, {"é€", "€", 0, 1, -1},
	} {
		if got := Index(c.s, c.piece, c.from); got != c.first {
			t.Errorf("Index(%q, %q, %d) = %d, want %d", c.s, c.piece, c.from, got, c.first)
		}
		if got := LastIndex(c.s, c.piece, c.from); got != c.last {
			t.Errorf("LastIndex(%q, %q, %d) = %d, want %d", c.s, c.piece, c.from, got, c.last)
		}
	}
}

func TestCompare(t *testing.T) {
	order := []string{"", "a", "ab", "b", "é", "€", "\ud7ff", half, "😀", "\xed\xb8\x80", "\ue000", "\uffff"}
	for i, a := range order {
		for j, b := range order {
			if got := Compare(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("Compare(%q, %q) = %d", a, b, got)
			}
		}
	}
}

func TestConcatJoinsHalves(t *testing.T) {
	if got := Concat(half, "\xed\xb8\x80"); got != "😀" {
		t.Errorf("%q", got)
	}
	if got := Concat("a"+half, "b"); got != "a"+half+"b" {
		t.Errorf("%q", got)
	}
}

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"":             `""`,
		"a\"\\\n\x01é": `"a\"\\\n\u0001é"`,
		half + "x":     `"\ud83dx"`,
		"😀\u2028":      "\"😀\u2028\"",
		"\x7f":         "\"\x7f\"",
	} {
		got := Quote(s)
		if got != want {
			t.Errorf("Quote(%q) = %s, want %s", s, got, want)
		}
		if back, err := Unquote(got); err != nil || back != s {
			t.Errorf("Unquote(%s) = %q, %v", got, back, err)
		}
	}
	for _, bad := range []string{``, `"`, `"\x"`, `"\u12"`, `a`} {
		if _, err := Unquote(bad); err == nil {
			t.Errorf("Unquote(%s) is no error", bad)
		}
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]float64{
		"": 0, " 12 ": 12, "-0": 0, "0x1f": 31, "1e3": 1000, ".5": .5, "5.": 5, "-Infinity": math.Inf(-1), "\ufeff7\u2029": 7,
		"0o17": 15, "0b11": 3, "010": 10, "1e1000": math.Inf(1),
	} {
		if got := StringToNumber(s); got != want {
			t.Errorf("StringToNumber(%q) = %v, want %v", s, got, want)
		}
	}
	for _, s := range []string{"1_0", "1e", "x", "0x", "-0x1", "1 2", "infinity", ".", "+", "1n", "0b2", "0x1.8p1", "nan"} {
		if got := StringToNumber(s); !math.IsNaN(got) {
			t.Errorf("StringToNumber(%q) = %v", s, got)
		}
	}
	for _, c := range []struct{ got, want string }{
		{FormatNumber(1e21), "1e+21"}, {FormatNumber(123456789012345680000), "123456789012345680000"}, {FormatNumber(1e-7), "1e-7"},
		{FormatNumber(0.000001), "0.000001"}, {FormatNumber(-1.5), "-1.5"}, {FormatNumber(5e-324), "5e-324"},
		{ToFixed(1.005, 2), "1.00"}, {ToFixed(2.5, 0), "3"}, {ToFixed(-2.5, 0), "-3"}, {ToFixed(1e21, 2), "1e+21"}, {ToFixed(1.45, 1), "1.4"}, {ToFixed(0, 2), "0.00"},
		{ToFixed(-0.0000001, 2), "-0.00"}, {ToExponential(1234.5678, 2), "1.23e+3"}, {ToExponential(0, 2), "0.00e+0"}, {ToExponential(25, 0), "3e+1"},
		{ToExponential(12345, -1), "1.2345e+4"}, {ToPrecision(123.456, 4), "123.5"}, {ToPrecision(0.00001, 1), "0.00001"}, {ToPrecision(1e-7, 2), "1.0e-7"},
		{ToPrecision(123456, 2), "1.2e+5"}, {ToPrecision(99.99, 3), "100"}, {ToPrecision(0, 3), "0.00"}, {ToPrecision(-1.25, 2), "-1.3"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	if s, ok := FormatWhole(255, 16); s != "ff" || !ok {
		t.Errorf("FormatWhole: %s", s)
	}
	if _, ok := FormatWhole(.5, 2); ok {
		t.Error("FormatWhole writes a fraction")
	}
	for _, c := range []struct {
		s    string
		base int
		want float64
	}{{"12px", 0, 12}, {" -0x1F", 0, -31}, {"z", 36, 35}, {"101", 2, 5}, {"0b11", 0, 0}, {"1e3", 0, 1}} {
		if got := ParseInt(c.s, c.base); got != c.want {
			t.Errorf("ParseInt(%q, %d) = %v", c.s, c.base, got)
		}
	}
	if got := ParseFloat("3.14abc"); got != 3.14 {
		t.Errorf("ParseFloat: %v", got)
	}
	for f, want := range map[float64]float64{2.5: 3, -2.5: -2, 0.49999999999999994: 0, -0.2: 0, 1.5: 2, 4503599627370497: 4503599627370497} {
		if got := Round(f); got != want {
			t.Errorf("Round(%v) = %v", f, got)
		}
	}
}

func TestOrderKeys(t *testing.T) {
	got := OrderKeys([]string{"b", "10", "a", "9", "-1", "01", "4294967295"})
	want := []string{"9", "10", "b", "a", "-1", "01", "4294967295"}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v", got)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("a\"\n😀" + half)
	f.Fuzz(func(t *testing.T, s string) {
		s = FromUnits(ToUnits(s)) // what no program can make is made well
		if back, err := Unquote(Quote(s)); err != nil || back != s {
			t.Errorf("%q became %q, %v", s, back, err)
		}
	})
}

func TestRegExpSource(t *testing.T) {
	for in, want := range map[string]string{"": "(?:)", "a/b": `a\/b`, "[/]/": `[/]\/`, `\/`: `\/`, "a\nb\r": `a\nb\r`, "\u2028": `\u2028`} {
		if got := RegExpSource(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
