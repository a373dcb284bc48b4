package ecma

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// ParseNumber returns the value of a numeric literal. It is false for a bigint and for what is no literal.
func ParseNumber(lit string) (float64, bool) {
	digits, base, ok := numberDigits(lit)
	if !ok {
		return 0, false
	}
	return parseDigits(digits, base)
}

func parseDigits(digits string, base int) (float64, bool) {
	if base != 10 {
		n, ok := new(big.Int).SetString(digits, base)
		if !ok {
			return 0, false
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return f, true
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, or zero
		return 0, false
	}
	return f, true
}

// ParseBigInt returns the value of a bigint literal. It is false for a number and for what is no literal.
func ParseBigInt(lit string) (*big.Int, bool) {
	body, ok := strings.CutSuffix(lit, "n")
	if !ok || len(body) > 1 && body[0] == '0' && body[1]-'0' <= 9 {
		return nil, false
	}
	digits, base, ok := numberDigits(body)
	if !ok || strings.ContainsAny(digits, ".e+-E") && base == 10 {
		return nil, false
	}
	return new(big.Int).SetString(digits, base)
}

// numberDigits returns a literal's digits without prefix and separators, and their base. Digits of base 10 may
// have a point and an exponent.
func numberDigits(lit string) (digits string, base int, ok bool) {
	if lit == "" {
		return "", 0, false
	}
	base = 10
	if len(lit) > 1 && lit[0] == '0' {
		switch lit[1] | 0x20 {
		case 'x':
			base, lit = 16, lit[2:]
		case 'o':
			base, lit = 8, lit[2:]
		case 'b':
			base, lit = 2, lit[2:]
		default:
			switch rest := strings.TrimLeft(lit, "01234567"); {
			case rest == "": // legacy octal
				return lit, 8, true
			case lit[1] == '_', lit[1]-'0' <= 9 && rest[0]-'0' > 9: // 0_1, 017.5
				return "", 0, false
			}
		}
	}
	for i, c := range []byte(lit) {
		valid := isDigit(c, base)
		switch c {
		case '_':
			valid = i > 0 && i+1 < len(lit) && isDigit(lit[i-1], base) && isDigit(lit[i+1], base)
		case '.', 'e', 'E':
			valid = valid || base == 10
		case '+', '-':
			valid = base == 10 && i > 0 && lit[i-1]|0x20 == 'e'
		}
		if !valid {
			return "", 0, false
		}
	}
	return strings.ReplaceAll(lit, "_", ""), base, lit != ""
}

func isDigit(c byte, base int) bool {
	return c-'0' <= 9 || base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f'
}

// StringToNumber converts a string to a number as the unary + does; NaN where it is none.
func StringToNumber(s string) float64 {
	s = Trim(s)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		if strings.IndexByte(s, '_') < 0 {
			if f, ok := ParseNumber(s); ok {
				return f
			}
		}
		return math.NaN()
	}
	if n := decimalPrefix(s); n == len(s) {
		return parseDecimal(s)
	}
	return math.NaN()
}

// ParseFloat returns the number that s begins with, as the function parseFloat does.
func ParseFloat(s string) float64 {
	s = TrimStart(s)
	if n := decimalPrefix(s); n > 0 {
		return parseDecimal(s[:n])
	}
	return math.NaN()
}

func parseDecimal(s string) float64 {
	switch strings.TrimLeft(s, "+-") {
	case "Infinity":
		if s[0] == '-' {
			return math.Inf(-1)
		}
		return math.Inf(1)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return math.NaN()
	}
	return f
}

// decimalPrefix returns the length of the longest StrDecimalLiteral that s begins with.
func decimalPrefix(s string) int {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	if strings.HasPrefix(s[i:], "Infinity") {
		return i + len("Infinity")
	}
	start := i
	i = digitsEnd(s, i)
	whole := i - start
	if i < len(s) && s[i] == '.' {
		end := digitsEnd(s, i+1)
		if whole == 0 && end == i+1 {
			return 0
		}
		i = end
	} else if whole == 0 {
		return 0
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if end := digitsEnd(s, j); end > j {
			i = end
		}
	}
	return i
}

func digitsEnd(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// ParseInt returns the whole number that s begins with in a base, as the function parseInt does. A base of 0 is 10, or 16
// after 0x.
func ParseInt(s string, base int) float64 {
	s = TrimStart(s)
	sign := 1.0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	switch {
	case base != 0 && (base < 2 || base > 36):
		return math.NaN()
	case len(s) >= 2 && s[0] == '0' && s[1]|0x20 == 'x' && (base == 0 || base == 16):
		s, base = s[2:], 16
	case base == 0:
		base = 10
	}
	end := 0
	for end < len(s) && digitOf(s[end]) < base {
		end++
	}
	if end == 0 {
		return math.NaN()
	}
	if base == 10 {
		f, _ := parseDigits(s[:end], 10)
		return sign * f
	}
	n, _ := new(big.Int).SetString(s[:end], base)
	f, _ := new(big.Float).SetInt(n).Float64()
	return sign * f
}

// StringToBigInt converts a string to a bigint (StringToBigInt); ok is false where it is none.
func StringToBigInt(s string) (n *big.Int, ok bool) {
	s = Trim(s)
	if s == "" {
		return new(big.Int), true
	}
	if strings.IndexByte(s, '_') >= 0 {
		return nil, false
	}
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		return ParseBigInt(s + "n")
	}
	return new(big.Int).SetString(s, 10)
}

// ToInt32 converts a number to a signed 32-bit integer.
func ToInt32(f float64) int32 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return int32(uint32(int64(math.Mod(math.Trunc(f), 1<<32))))
}

// ToUint32 converts a number to an unsigned 32-bit integer.
func ToUint32(f float64) uint32 { return uint32(ToInt32(f)) }

// ToUint16 converts a number to an unsigned 16-bit integer, which a code unit is.
func ToUint16(f float64) uint16 { return uint16(ToInt32(f)) }

// ToInteger converts a number to a whole one (ToIntegerOrInfinity), kept within what an int of 32 bits holds.
func ToInteger(f float64) int {
	switch {
	case math.IsNaN(f):
		return 0
	case f > math.MaxInt32:
		return math.MaxInt32
	case f < math.MinInt32:
		return math.MinInt32
	}
	return int(f)
}

// Remainder is the operator %.
func Remainder(a, b float64) float64 { return math.Mod(a, b) }

// Power is the operator **. exact is false where the result is rounded, which engines do in their own ways.
func Power(a, b float64) (r float64, exact bool) {
	if math.IsNaN(b) || math.Abs(a) == 1 && math.IsInf(b, 0) {
		return math.NaN(), true
	}
	r = math.Pow(a, b)
	fraction, _ := math.Frexp(a)
	switch {
	case r == 0 || math.IsInf(r, 0) || math.IsNaN(r) || b == 0 || b == 1:
		return r, a == 0 || math.IsInf(a, 0) || math.IsNaN(a) || math.IsInf(b, 0) || b == 0 || b == 1
	case b != math.Trunc(b):
		return r, false
	}
	whole := a == math.Trunc(a) && b > 0 && math.Abs(r) <= 1<<53
	return r, whole || math.Abs(fraction) == 0.5
}

// Round is Math.round: to the nearest whole number, halves upwards.
func Round(f float64) float64 {
	if math.IsNaN(f) || math.Abs(f) >= 1<<52 || f == 0 {
		return f
	}
	r := math.Floor(f)
	if f-r >= 0.5 {
		r++
	}
	if r == 0 && f < 0 {
		return math.Copysign(0, -1)
	}
	return r
}

// digitsOf returns the digits of a positive number, and where the decimal point stands in them; precision is how many digits
// there are, or -1 for as few as give the number back.
func digitsOf(f float64, precision int) (digits string, point int) {
	if precision > 0 {
		precision--
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', precision, 64), "e")
	point, _ = strconv.Atoi(exponent)
	return strings.Replace(mantissa, ".", "", 1), point + 1
}

// FormatNumber writes a number as Number::toString does.
func FormatNumber(f float64) string {
	if s, ok := special(f); ok {
		return s
	}
	if f < 0 {
		return "-" + FormatNumber(-f)
	}
	digits, point := digitsOf(f, -1)
	switch {
	case len(digits) <= point && point <= 21:
		return digits + strings.Repeat("0", point-len(digits))
	case 0 < point && point <= 21:
		return digits[:point] + "." + digits[point:]
	case -6 < point && point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	}
	return exponential(digits, point)
}

// special writes the numbers that have no digits of their own, and zero.
func special(f float64) (string, bool) {
	switch {
	case math.IsNaN(f):
		return "NaN", true
	case f == 0: // minus zero too
		return "0", true
	case math.IsInf(f, 1):
		return "Infinity", true
	case math.IsInf(f, -1):
		return "-Infinity", true
	}
	return "", false
}

func exponential(digits string, point int) string {
	if len(digits) > 1 {
		digits = digits[:1] + "." + digits[1:]
	}
	if point--; point >= 0 {
		return digits + "e+" + strconv.Itoa(point)
	}
	return digits + "e" + strconv.Itoa(point)
}

// exact returns f with n digits after the point, halves rounded away from zero as the language does; f is not negative.
func exact(f float64, n int) string {
	r := new(big.Rat).SetFloat64(f)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	r.Mul(r, new(big.Rat).SetInt(scale))
	twice := new(big.Int).Add(new(big.Int).Lsh(r.Num(), 1), r.Denom())
	whole := twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1)).String()
	if n == 0 {
		return whole
	}
	if len(whole) <= n {
		whole = strings.Repeat("0", n+1-len(whole)) + whole
	}
	return whole[:len(whole)-n] + "." + whole[len(whole)-n:]
}

// ToFixed writes a number with n digits after the point, 0 <= n <= 100, as Number.prototype.toFixed does.
func ToFixed(f float64, n int) string {
	switch {
	case math.IsNaN(f) || math.Abs(f) >= 1e21:
		return FormatNumber(f)
	case f < 0:
		return "-" + exact(-f, n)
	}
	return exact(math.Abs(f), n)
}

// rounded returns the n digits of a positive number that are nearest to it, the larger where two are, and where the decimal
// point stands in them.
func rounded(f float64, n int) (digits string, point int) {
	_, point = digitsOf(f, -1)
	if digits, point = roundedAt(f, n, point); len(digits) < n { // what is shortest was rounded up to a power of ten
		return roundedAt(f, n, point-1)
	}
	return digits, point
}

// roundedAt is rounded for a number whose point is known, or one less.
func roundedAt(f float64, n, at int) (digits string, point int) {
	point = at
	shift := n - point
	r := new(big.Rat).SetFloat64(f)
	ten := func(n int) *big.Rat {
		return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
	}
	if shift >= 0 {
		r.Mul(r, ten(shift))
	} else {
		r.Quo(r, ten(-shift))
	}
	twice := new(big.Int).Add(new(big.Int).Lsh(r.Num(), 1), r.Denom())
	digits = twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1)).String()
	if len(digits) > n {
		return digits[:n], point + 1
	}
	return digits, point
}

// ToExponential writes a number with n digits after the point and an exponent, 0 <= n <= 100, as
// Number.prototype.toExponential does; with n < 0 there are as many digits as give the number back.
func ToExponential(f float64, n int) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return FormatNumber(f)
	case f == 0:
		return exponential(strings.Repeat("0", max(n, 0)+1), 1)
	case f < 0:
		return "-" + ToExponential(-f, n)
	case n < 0:
		return exponential(digitsOf(f, -1))
	}
	return exponential(rounded(f, n+1))
}

// ToPrecision writes a number with n digits, 1 <= n <= 100, as Number.prototype.toPrecision does.
func ToPrecision(f float64, n int) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return FormatNumber(f)
	case f < 0:
		return "-" + ToPrecision(-f, n)
	}
	digits, point := strings.Repeat("0", n), 1
	if f != 0 {
		digits, point = rounded(f, n)
	}
	switch {
	case point > n || point < -5:
		return exponential(digits, point)
	case point == n:
		return digits
	case point > 0:
		return digits[:point] + "." + digits[point:]
	}
	return "0." + strings.Repeat("0", -point) + digits
}

// FormatWhole writes a whole number in a base from 2 to 36; ok is false for a number with a fraction, and for one that a
// float64 does not hold exactly, where engines differ.
func FormatWhole(f float64, base int) (s string, ok bool) {
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return "", false
	}
	return strconv.FormatInt(int64(f), base), true
}

// FormatJSON writes a number as JSON.stringify does: null for one that JSON does not have.
func FormatJSON(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "null"
	}
	return FormatNumber(f)
}
