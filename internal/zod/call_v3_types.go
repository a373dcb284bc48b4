package zod

import "slices"

// v3List are the methods of arrays and sets: each bound has one value.
func (c *call) v3List(method string) (Arg, bool) {
	a, message := c.arg(0), c.arg(1)
	bound := func(d *Def, kind string, v Arg) *Def {
		n := d.clone()
		n.Checks = slices.DeleteFunc(slices.Clone(d.Checks), func(x *Check) bool { return x.Kind == kind })
		check := valueCheck(kind, v)
		check.Options["message"] = message
		n.Checks = append(n.Checks, check)
		slices.SortStableFunc(n.Checks, func(x, y *Check) int { return boundRank[x.Kind] - boundRank[y.Kind] })
		return n
	}
	switch method {
	case "min", "max":
		return result(bound(c.d, method, a))
	case "length":
		if c.d.Kind == KindArray {
			return result(bound(c.d, "length", a))
		}
	case "size":
		if c.d.Kind == KindSet {
			return result(bound(bound(c.d, "min", a), "max", a))
		}
	case "nonempty":
		message = a
		return result(bound(c.d, "min", Number(1)))
	}
	return Arg{}, false
}

// boundRank is the order in which the bounds of a list are written.
var boundRank = map[string]int{"min": 0, "max": 1, "length": 2}

func (c *call) v3Enum(method string) (Arg, bool) {
	if method != "extract" && method != "exclude" {
		return Arg{}, false
	}
	n := c.d.clone()
	if !c.atLeastV3(23) {
		n.Description = Undefined()
	}
	if desc := c.arg(1).Get("description"); !desc.IsUndefined() {
		n.Description = desc
	}
	names, known := nameSet(c.arg(0))
	switch {
	case !known:
		n.Values = []Arg{Unknown("the values aren't known: " + c.arg(0).whyNot())}
	case method == "extract":
		n.Values = c.arg(0).List
	default:
		n.Values = slices.DeleteFunc(slices.Clone(c.d.Values), func(a Arg) bool { return names[a.text()] })
	}
	return result(n)
}

func (c *call) v3Object(method string) (Arg, bool) {
	d := c.d
	n := d.clone()
	switch method {
	case "strict":
		n.UnknownKeys = "strict"
	case "strip":
		n.UnknownKeys = "strip"
	case "passthrough", "nonstrict":
		n.UnknownKeys = "passthrough"
	case "catchall":
		n.Catchall = ref(c.v, c.arg(0))
	case "extend", "augment":
		n.Shape = overlay(d.Shape, argShape(c.v, c.arg(0)))
	case "setKey":
		n.Shape = overlay(d.Shape, argShape(c.v, ObjectArg(Prop{Key: c.arg(0).text(), Value: c.arg(1)})))
	case "merge":
		return c.v3Merge()
	case "keyof":
		e := c.make("ZodEnum", KindEnum)
		e.Values = d.Shape.names()
		if open := d.Shape.open(); open != "" {
			e.Values = []Arg{Unknown(open)}
		}
		return result(e)
	default:
		return c.v3Masked(method, n)
	}
	return result(n)
}

func (c *call) v3Masked(method string, n *Def) (Arg, bool) {
	m, from := maskOf(c.arg(0)), c.d.Shape
	switch method {
	case "pick":
		n.Shape = m.pickFields(from)
	case "omit":
		n.Shape = m.omitFields(from)
	case "partial":
		n.Shape = m.mapFields(from, optionalV3)
	case "required":
		n.Shape = m.mapFields(from, func(f *Def) *Def {
			for i := 0; f.Kind == KindOptional && i < 1000; i++ {
				f = f.Inner.Def()
			}
			return f
		})
	case "deepPartial":
		return result(deepPartial(c.d, 0))
	default:
		return Arg{}, false
	}
	return result(n)
}

func optionalV3(d *Def) *Def {
	a, _ := d.Call("optional", nil)
	return a.Def
}

// bareV3 is a new wrapper without a description.
func bareV3(kind Kind, class string, inner *Def) *Def {
	return &Def{Kind: kind, Class: class, Dialect: inner.Dialect, Inner: To(inner)}
}

func deepPartial(d *Def, depth int) *Def {
	if depth > 100 {
		return d
	}
	inner := func() *Def { return deepPartial(d.Inner.Def(), depth+1) }
	switch d.Kind {
	case KindObject:
		n := d.clone()
		n.Shape = mask{all: true}.mapFields(d.Shape, func(f *Def) *Def {
			return bareV3(KindOptional, "ZodOptional", deepPartial(f, depth+1))
		})
		return n
	case KindArray:
		n := d.clone()
		n.Inner = Later(inner)
		return n
	case KindOptional:
		return bareV3(KindOptional, "ZodOptional", inner())
	case KindNullable:
		return bareV3(KindNullable, "ZodNullable", inner())
	case KindTuple:
		n := &Def{Kind: KindTuple, Class: d.Class, Dialect: d.Dialect}
		for _, item := range d.Items {
			n.Items = append(n.Items, To(deepPartial(item.Def(), depth+1)))
		}
		return n
	}
	return d
}

func (c *call) v3Merge() (Arg, bool) {
	other := c.arg(0)
	n := c.make("ZodObject", KindObject)
	if other.Kind != ArgSchema || other.Def.Kind != KindObject {
		n.Shape = &Shape{Resolve: func() ([]Field, string) {
			return c.d.Shape.List(), "what is merged isn't known: " + other.whyNot()
		}}
		return result(n)
	}
	n.UnknownKeys, n.Catchall = other.Def.UnknownKeys, other.Def.Catchall
	n.Shape = overlay(c.d.Shape, other.Def.Shape)
	return result(n)
}
