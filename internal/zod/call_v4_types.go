package zod

// v4Length calls what arrays and strings have in common.
func (c *call) v4Length(method string) (Arg, bool) {
	a := c.arg(0)
	switch method {
	case "min":
		return result(c.attach(valueCheck("min_length", a)))
	case "max":
		return result(c.attach(valueCheck("max_length", a)))
	case "length":
		return result(c.attach(valueCheck("length_equals", a)))
	case "nonempty":
		return result(c.attach(valueCheck("min_length", Number(1))))
	}
	return Arg{}, false
}

func (c *call) v4Sized(method string) (Arg, bool) {
	a := c.arg(0)
	switch method {
	case "min":
		return result(c.attach(valueCheck("min_size", a)))
	case "max":
		return result(c.attach(valueCheck("max_size", a)))
	case "size":
		return result(c.attach(valueCheck("size_equals", a)))
	case "nonempty":
		return result(c.attach(valueCheck("min_size", Number(1))))
	case "mime":
		check := &Check{Kind: "mime_type", Mime: a.List}
		if a.Kind != ArgArray {
			check.Mime = []Arg{a}
		}
		for _, m := range check.Mime {
			if m.Kind == ArgUnknown {
				check.Why = m.unknownWhy()
			}
		}
		return result(c.attach(check))
	}
	return Arg{}, false
}

func (c *call) v4Tuple(method string) (Arg, bool) {
	n := c.d.clone()
	switch method {
	case "rest":
		n.Rest = ref(c.v, c.arg(0))
		return result(n)
	case "partial":
		n.Items = nil
		for _, item := range c.d.Items {
			o := c.make("ZodOptional", KindOptional)
			o.Inner = item
			n.Items = append(n.Items, To(o))
		}
		return result(n)
	}
	return Arg{}, false
}

func (c *call) v4Enum(method string) (Arg, bool) {
	if method != "extract" && method != "exclude" {
		return Arg{}, false
	}
	n := c.d.clone()
	n.Checks = nil
	names, known := nameSet(c.arg(0))
	if !known {
		n.Entries, n.EntriesWhy = nil, "the values aren't known: "+c.arg(0).whyNot()
		return result(n)
	}
	n.Entries = nil
	if method == "extract" {
		for _, name := range c.arg(0).List {
			for _, e := range c.d.Entries {
				if e.Key == name.text() {
					n.Entries = append(n.Entries, e)
				}
			}
		}
		return result(n)
	}
	for _, e := range c.d.Entries {
		if !names[e.Key] {
			n.Entries = append(n.Entries, e)
		}
	}
	return result(n)
}

func nameSet(a Arg) (map[string]bool, bool) {
	if a.Kind != ArgArray {
		return nil, false
	}
	set := map[string]bool{}
	for _, x := range a.List {
		if x.Kind == ArgUnknown {
			return nil, false
		}
		set[x.text()] = true
	}
	return set, true
}

func (c *call) v4Object(method string) (Arg, bool) {
	d := c.d
	switch method {
	case "keyof":
		n := c.make("ZodEnum", KindEnum)
		for _, name := range d.Shape.names() {
			n.Entries = append(n.Entries, Entry{Key: name.Str, Value: name})
		}
		n.EntriesWhy = d.Shape.open()
		return result(n)
	case "catchall":
		return result(c.withCatchall(ref(c.v, c.arg(0))))
	case "passthrough", "loose":
		return result(c.withCatchall(To(c.make("ZodUnknown", KindUnknown))))
	case "strict":
		return result(c.withCatchall(To(c.make("ZodNever", KindNever))))
	case "strip":
		return result(c.withCatchall(nil))
	case "extend", "safeExtend":
		n := c.reshaped(overlay(d.Shape, argShape(c.v, c.arg(0))))
		if method == "safeExtend" || c.v.since(3, 5) {
			n.Checks = d.Checks
			n.registerChecks()
		}
		return result(n)
	case "merge":
		return c.v4Merge()
	}
	return c.v4Masked(method)
}

// v4Masked are the methods that take a mask of keys.
func (c *call) v4Masked(method string) (Arg, bool) {
	m, from := maskOf(c.arg(0)), c.d.Shape
	optional := func(class string, kind Kind, exact bool) func(*Def) *Def {
		return func(inner *Def) *Def {
			n := c.make(class, kind)
			n.Inner, n.Exact = To(inner), exact
			return n
		}
	}
	switch method {
	case "pick":
		return result(c.reshaped(m.pickFields(from)))
	case "omit":
		return result(c.reshaped(m.omitFields(from)))
	case "partial":
		return result(c.reshaped(m.mapFields(from, optional("ZodOptional", KindOptional, false))))
	case "exactPartial":
		return result(c.reshaped(m.mapFields(from, optional("ZodExactOptional", KindOptional, true))))
	case "required":
		n := c.reshaped(m.mapFields(from, optional("ZodNonOptional", KindNonOptional, false)))
		if c.v.since(3, 0) {
			n.Checks = c.d.Checks
			n.registerChecks()
		}
		return result(n)
	}
	return Arg{}, false
}

// argShape is the shape given as an argument.
func argShape(v Dialect, a Arg) *Shape {
	return &Shape{Resolve: func() ([]Field, string) { return fieldsOf(v, a) }}
}

func (c *call) withCatchall(r *Ref) *Def {
	n := c.d.clone()
	n.Catchall = r
	return n
}

// reshaped returns a copy with another shape and no checks.
func (c *call) reshaped(s *Shape) *Def {
	n := c.d.clone()
	n.Checks, n.Meta, n.Others = nil, nil, nil
	n.Shape = s
	return n
}

func (c *call) v4Merge() (Arg, bool) {
	other := c.arg(0)
	if other.Kind != ArgSchema || other.Def.Kind != KindObject {
		n := c.reshaped(&Shape{Resolve: func() ([]Field, string) {
			return c.d.Shape.List(), "what is merged isn't known: " + other.whyNot()
		}})
		return result(n)
	}
	n := c.reshaped(overlay(c.d.Shape, other.Def.Shape))
	n.Catchall = other.Def.Catchall
	if c.v.since(4, 0) {
		n.Checks = other.Def.Checks
		n.registerChecks()
	}
	return result(n)
}
