package zod

import (
	"math"
	"strings"
)

// boundMember answers the properties by which programs read the bounds and the format of a string or number. One that
// isn't set is null.
func (d *Def) boundMember(prop string) (Arg, bool) {
	text := d.Kind == KindString
	switch {
	case text && prop == "minLength":
		return d.bound(math.Max, "min_length", "length_equals", "min", "length"), true
	case text && prop == "maxLength":
		return d.bound(math.Min, "max_length", "length_equals", "max", "length"), true
	case !text && prop == "minValue":
		return d.bound(math.Max, "greater_than", "min"), true
	case !text && prop == "maxValue":
		return d.bound(math.Min, "less_than", "max"), true
	case prop == "format" && d.Dialect.Family == V4:
		return d.formatName(), true
	case prop == "isInt" && d.Kind == KindNumber:
		return Bool(d.isInt()), true
	case prop == "isFinite" && d.Kind == KindNumber && d.Dialect.Family == V4:
		return Bool(true), true
	}
	return Arg{}, false
}

// allChecks are the attached checks and the one that the schema itself is.
func (d *Def) allChecks() []*Check {
	if d.Check == nil {
		return d.Checks
	}
	return append([]*Check{d.Check}, d.Checks...)
}

// bound is the tightest of the bounds that checks of some kinds set.
func (d *Def) bound(tighter func(a, b float64) float64, kinds ...string) Arg {
	best := Null()
	for _, c := range d.allChecks() {
		for _, k := range kinds {
			if c.Kind != k {
				continue
			}
			n, ok := c.Value.number()
			if !ok {
				return Unknown("a bound that isn't known")
			}
			if have, ok := best.number(); !ok || tighter(have, n) != have {
				best = c.Value
			}
		}
	}
	return best
}

// formatName is the format that version 4 keeps of a schema: the last one.
func (d *Def) formatName() Arg {
	name := Null()
	for _, c := range d.allChecks() {
		if c.Format != "" {
			name = String(c.Format)
		}
	}
	return name
}

// isInt tells whether a number has to be an integer.
func (d *Def) isInt() bool {
	for _, c := range d.allChecks() {
		step, ok := c.Value.number()
		switch {
		case c.Kind == "int", strings.Contains(c.Format, "int"),
			(c.Kind == "multipleOf" || c.Kind == "multiple_of") && ok && step == math.Trunc(step):
			return true
		}
	}
	return false
}
