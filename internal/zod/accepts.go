package zod

import (
	"math"
	"regexp"
	"strings"
)

// outcome is what parsing one value gives: whether it is accepted, and the
// parsed value.
type outcome struct {
	ok    bool
	value Arg
	// assumed says that a function of the program decides, and the likely answer
	// was taken.
	assumed bool
}

var rejected = outcome{}

func accepted(v Arg) outcome { return outcome{ok: true, value: v} }

// parse tells what version 3's safeParse makes of undefined or null, which is
// how it answers isOptional and isNullable.
func (d *Def) parse(v Arg, depth int) outcome {
	if d == nil || depth > 100 {
		return outcome{ok: true, value: v, assumed: true}
	}
	inner := func(v Arg) outcome { return d.Inner.Def().parse(v, depth+1) }
	switch d.Kind {
	case KindUndefined, KindVoid:
		return accept(v.IsUndefined(), v)
	case KindNull:
		return accept(v.Kind == ArgNull, v)
	case KindAny, KindUnknown:
		return accepted(v)
	case KindOptional:
		if v.IsUndefined() {
			return accepted(v)
		}
		return inner(v)
	case KindNullable:
		if v.Kind == ArgNull {
			return accepted(v)
		}
		return inner(v)
	case KindDefault:
		if !v.IsUndefined() {
			return inner(v)
		}
		if v = made(d.Default); v.IsNullish() {
			return inner(v) // the default is parsed as well
		}
		return accepted(v)
	case KindCatch:
		if o := inner(v); o.ok {
			return o
		}
		return accepted(Unknown("the value of a catch"))
	case KindBranded, KindReadonly, KindLazy:
		return inner(v)
	case KindUnion:
		return d.parseUnion(v, depth)
	case KindIntersection:
		l, r := d.Left.Def().parse(v, depth+1), d.Right.Def().parse(v, depth+1)
		return outcome{ok: l.ok && r.ok, value: l.value, assumed: l.assumed || r.assumed}
	case KindPipe:
		o := d.In.Def().parse(v, depth+1)
		if !o.ok {
			return o
		}
		p := d.Out.Def().parse(o.value, depth+1)
		p.assumed = p.assumed || o.assumed
		return p
	case KindEffects:
		return d.parseEffects(v, depth)
	case KindUnresolved:
		return outcome{ok: true, value: v, assumed: true}
	}
	return d.parseValue(v)
}

func accept(ok bool, v Arg) outcome { return outcome{ok: ok, value: v} }

func (d *Def) parseUnion(v Arg, depth int) outcome {
	if d.Discriminator != "" {
		return rejected
	}
	assumed := false
	for _, r := range d.Options {
		o := r.Def().parse(v, depth+1)
		if o.ok && !o.assumed {
			return o
		}
		assumed = assumed || o.ok
	}
	return outcome{ok: assumed, value: v, assumed: assumed}
}

// parseValue answers for the kinds that take a value of their own type.
func (d *Def) parseValue(v Arg) outcome {
	if v.Kind == ArgUnknown {
		return outcome{ok: true, value: v, assumed: true}
	}
	switch d.Kind {
	case KindLiteral:
		return accept(len(d.Values) > 0 && sameValue(d.Values[0], v), v)
	case KindBoolean:
		return accept(d.Coerce || v.Kind == ArgBool, v)
	case KindString:
		if d.Coerce && v.IsNullish() {
			v = String(v.text())
		}
		if v.Kind != ArgString {
			return rejected
		}
		return d.parseString(v.Str)
	case KindNumber:
		if d.Coerce && v.Kind == ArgNull {
			v = Number(0)
		}
		return accept(v.Kind == ArgNumber && !math.IsNaN(v.Num) && d.numberFits(v.Num), v)
	case KindBigInt: // before 3.24 the conversion throws, which counts as optional
		old := !d.Dialect.Version.IsZero() && !d.Dialect.Version.AtLeast(3, 24, 0)
		return accept(v.Kind == ArgBigInt || d.Coerce && v.IsNullish() && old, v)
	case KindNaN:
		return accept(v.Kind == ArgNumber && math.IsNaN(v.Num), v)
	case KindDate:
		return accept(d.Coerce && v.Kind == ArgNull || v.Kind == ArgDate, v)
	case KindEnum:
		for _, x := range d.Values {
			if sameValue(x, v) {
				return accepted(v)
			}
		}
	case KindObject:
		return accept(v.Kind == ArgObject, v)
	case KindArray:
		return accept(v.Kind == ArgArray, v)
	}
	return rejected
}

func (d *Def) numberFits(f float64) bool {
	for _, c := range d.Checks {
		n, ok := c.Value.number()
		switch {
		case !ok:
		case c.Kind == "min" && (f < n || f == n && !c.Inclusive),
			c.Kind == "max" && (f > n || f == n && !c.Inclusive):
			return false
		}
	}
	return true
}

// parseString checks a text, as the one that a coerced undefined is.
func (d *Def) parseString(s string) outcome {
	o := accepted(String(s))
	for _, c := range d.Checks {
		n, _ := c.Value.number()
		fits, known := true, true
		switch c.Kind {
		case "min":
			fits = float64(len(s)) >= n
		case "max":
			fits = float64(len(s)) <= n
		case "length":
			fits = float64(len(s)) == n
		case "startsWith":
			fits = strings.HasPrefix(s, c.Value.Str)
		case "endsWith":
			fits = strings.HasSuffix(s, c.Value.Str)
		case "includes":
			fits = strings.Contains(s, c.Value.Str)
		case "trim", "toLowerCase", "cuid2":
		case "toUpperCase":
			s = strings.ToUpper(s)
		case "regex":
			fits, known = matches(c.Pattern, s)
		default: // the word is of no other format
			fits = false
		}
		if !fits {
			return rejected
		}
		o.assumed = o.assumed || !known
	}
	o.value = String(s)
	return o
}

// matches tells whether a pattern matches, if it is one that can be tried.
func matches(r *Regex, s string) (ok, known bool) {
	if r == nil {
		return true, false
	}
	source := r.Source
	if strings.Contains(r.Flags, "i") {
		source = "(?i)" + source
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return true, false
	}
	return re.MatchString(s), true
}

// parseEffects runs the program's own function where it can be run.
func (d *Def) parseEffects(v Arg, depth int) outcome {
	if d.Effect == "preprocess" {
		made := d.Fn.call(v, contextArg(nil))
		if made.Kind != ArgUnknown {
			return d.Inner.Def().parse(made, depth+1)
		}
		o := d.Inner.Def().parse(v, depth+1) // most hand on what isn't theirs
		o.assumed = true
		return o
	}
	o := d.Inner.Def().parse(v, depth+1)
	if !o.ok {
		return o
	}
	if d.Effect == "transform" {
		o.value = d.Fn.call(o.value, contextArg(nil))
		return o
	}
	return d.refine(o)
}

// refine asks the program's predicate about a value.
func (d *Def) refine(o outcome) outcome {
	issue := false
	said := d.Fn.call(o.value, contextArg(&issue))
	switch {
	case issue:
		return rejected
	case said.Kind == ArgUnknown:
		inner := d.Inner.Def().Kind // a check of its own, as z.custom and z.instanceof make
		return outcome{ok: inner != KindAny, value: o.value, assumed: true}
	case d.rawEffect:
		return accept(said.Kind != ArgBool || said.Bool, o.value)
	}
	return accept(said.truthy(), o.value)
}

// contextArg is the second argument of an effect's function.
func contextArg(issue *bool) Arg {
	add := &Func{Name: "addIssue", Invoke: func(...Arg) (Arg, bool) {
		if issue != nil {
			*issue = true
		}
		return Undefined(), true
	}}
	return ObjectArg(Prop{Key: "addIssue", Value: FuncArg(add)}, Prop{Key: "path", Value: Array()})
}
