package zod

import (
	"math"
	"slices"
	"strings"
)

// bounds is what the checks of an instance say together.
type bounds struct {
	min, max, exMin, exMax *float64
	format                 string
	isInt                  bool
	divisors               []float64
	patterns               []*Regex
	contentEncoding        string
	lax                    bool // the format's keyword would forbid what is accepted
	mime                   []Arg
	hasMime                bool
}

var numberRanges = map[string][2]float64{
	"safeint": {-9007199254740991, 9007199254740991},
	"int32":   {-2147483648, 2147483647},
	"uint32":  {0, 4294967295},
	"float32": {-3.4028234663852886e38, 3.4028234663852886e38},
	"float64": {-math.MaxFloat64, math.MaxFloat64},
	"int64":   {-9223372036854775808, 9223372036854775807},
	"uint64":  {0, 18446744073709551615},
}

// ownChecks returns the checks that count for an instance: itself, when it is
// one, and those attached.
func (d *Def) ownChecks() []*Check {
	if d.Check == nil {
		return d.Checks
	}
	return append([]*Check{d.Check}, d.Checks...)
}

// aggregate folds the checks of an instance. Since 4.6 every bound narrows;
// before, some replace what an earlier check said.
func (d *Def) aggregate() *bounds {
	b := &bounds{}
	folds := d.Dialect.since(6, 0)
	for _, c := range d.ownChecks() {
		b.apply(c, d.Dialect, folds)
	}
	if own := d.Check; own != nil && !folds && d.Dialect.since(1, 13) {
		switch own.Format {
		case "ipv4", "ipv6", "mac":
			b.format = own.Format
		case "base64", "base64url":
			b.contentEncoding = own.Format
		}
	}
	if !folds && strings.Contains(b.format, "int") {
		b.isInt = true
	}
	return b
}

func (b *bounds) apply(c *Check, d Dialect, folds bool) {
	v, known := c.Value.number()
	switch c.Kind {
	case "greater_than":
		if known {
			b.lower(v, c.Inclusive)
		}
	case "less_than":
		if known {
			b.upper(v, c.Inclusive)
		}
	case "multiple_of":
		if known && (folds && !slices.Contains(b.divisors, v) || len(b.divisors) == 0) {
			b.divisors = append(b.divisors, v)
		}
	case "min_length", "min_size":
		if known {
			b.lower(v, true)
		}
	case "max_length", "max_size":
		if known {
			b.upper(v, true)
		}
	case "length_equals", "size_equals":
		if known {
			b.both(v, v, folds)
		}
	case "number_format", "bigint_format":
		if r, ok := numberRanges[c.Format]; ok {
			b.setFormat(c.Format, folds)
			b.both(r[0], r[1], folds)
		}
	case "string_format":
		b.applyFormat(c, d, folds)
	case "mime_type":
		b.applyMime(c, folds)
	}
}

func (b *bounds) lower(v float64, inclusive bool) {
	at := &b.min
	if !inclusive {
		at = &b.exMin
	}
	if *at == nil || v > **at {
		*at = &v
	}
}

func (b *bounds) upper(v float64, inclusive bool) {
	at := &b.max
	if !inclusive {
		at = &b.exMax
	}
	if *at == nil || v < **at {
		*at = &v
	}
}

// both sets the two inclusive bounds, or narrows to them.
func (b *bounds) both(lo, hi float64, folds bool) {
	if !folds {
		b.min, b.max = &lo, &hi
		return
	}
	b.lower(lo, true)
	b.upper(hi, true)
}

func (b *bounds) setFormat(format string, folds bool) {
	b.format = format
	if folds && strings.Contains(format, "int") {
		b.isInt = true
	}
}

func (b *bounds) applyFormat(c *Check, d Dialect, folds bool) {
	switch c.Format {
	case "includes", "starts_with", "ends_with": // no format of their own before 4.6
		if folds {
			b.setFormat(c.Format, folds)
		}
	default:
		b.setFormat(c.Format, folds)
	}
	if c.Pattern != nil && !slices.Contains(b.patterns, c.Pattern) {
		b.patterns = append(b.patterns, c.Pattern)
	}
	if c.Format == "base64" || c.Format == "base64url" {
		if folds || !d.since(1, 13) {
			b.contentEncoding = c.Format
		}
	}
	precision := c.Options["precision"]
	if d.since(5, 0) && (c.Options["local"].truthy() || precision.Kind == ArgNumber && precision.Num == -1) {
		b.lax = true
	}
}

func (b *bounds) applyMime(c *Check, folds bool) {
	if !folds || !b.hasMime {
		b.mime, b.hasMime = slices.Clone(c.Mime), true
		return
	}
	b.mime = slices.DeleteFunc(b.mime, func(a Arg) bool {
		return !slices.ContainsFunc(c.Mime, func(m Arg) bool { return sameValue(a, m) })
	})
}
