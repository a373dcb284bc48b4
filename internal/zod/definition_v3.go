package zod

// checkPropsV3 are the members of version 3's definition that say how a value is checked, and what takes its place.
func (d *Def) checkPropsV3() (props []Prop) {
	add := func(key string, a Arg) { props = append(props, Prop{Key: key, Value: a}) }
	switch d.Kind {
	case KindString, KindNumber, KindBigInt, KindDate:
		list := Array()
		for _, c := range d.Checks {
			list.List = append(list.List, c.argV3(d.Kind))
		}
		add("checks", list)
	case KindArray:
		add("minLength", d.boundV3("min"))
		add("maxLength", d.boundV3("max"))
		add("exactLength", d.boundV3("length"))
	case KindSet:
		add("minSize", d.boundV3("min"))
		add("maxSize", d.boundV3("max"))
	case KindDefault:
		add("defaultValue", giver(d.Default))
	case KindCatch:
		add("catchValue", giver(d.Catch))
	case KindEffects:
		effect := ObjectArg(Prop{Key: "type", Value: String(d.Effect)})
		if d.Fn != nil {
			name := "transform"
			if d.Effect == "refinement" {
				name = "refinement"
			}
			effect.Obj.Props = append(effect.Obj.Props, Prop{Key: name, Value: FuncArg(d.Fn)})
		}
		add("effect", effect)
	}
	switch d.Kind {
	case KindString, KindNumber, KindBigInt, KindBoolean, KindDate:
		add("coerce", Bool(d.Coerce))
	}
	return props
}

// giver is the function that gives a value, which version 3 keeps in the value's place.
func giver(v Arg) Arg {
	if v.Kind == ArgFunc {
		return v
	}
	return FuncArg(Thunk(v))
}

// boundV3 is the length or size that a check of a list demands, null for none.
func (d *Def) boundV3(kind string) Arg {
	for _, c := range d.Checks {
		if c.Kind == kind {
			return ObjectArg(Prop{Key: "value", Value: c.Value}, Prop{Key: "message", Value: c.Options["message"]})
		}
	}
	return Null()
}

// argV3 is a check as version 3's definition holds it.
func (c *Check) argV3(of Kind) Arg {
	if c.Kind == "unknown" {
		return Unknown(c.Why)
	}
	a := ObjectArg(Prop{Key: "kind", Value: String(c.Kind)})
	add := func(key string, v Arg) {
		if !v.IsUndefined() {
			a.Obj.Props = append(a.Obj.Props, Prop{Key: key, Value: v})
		}
	}
	add("value", c.Value)
	if c.Pattern != nil {
		add("regex", Arg{Kind: ArgRegex, Regex: c.Pattern})
	} else if c.Kind == "regex" {
		add("regex", Unknown(c.Why))
	}
	if (of == KindNumber || of == KindBigInt) && (c.Kind == "min" || c.Kind == "max") {
		add("inclusive", Bool(c.Inclusive))
	}
	add("position", c.Position)
	for _, key := range []string{"precision", "offset", "local", "version", "message"} {
		add(key, c.Options[key])
	}
	return a
}
