package zod

// Get returns the value of a property that programs read of a schema. It is
// false for a property that isn't supported, or that the schema doesn't have.
//
// Supported are shape, options, element, enum, Enum, Values, value, values,
// minLength, maxLength, minValue, maxValue, isInt, isFinite, format, items, description, discriminator, keySchema, valueSchema, keyType,
// valueType, in, out, schema, type, def, _def and _zod.
func (d *Def) Get(prop string) (Arg, bool) {
	if d == nil {
		return Arg{}, false
	}
	switch prop {
	case "_def":
		return d.definition(), true
	case "def":
		return d.definition(), d.Dialect.Family == V4
	case "_zod":
		return d.internals(), d.Dialect.Family == V4
	case "description":
		return d.description(), true
	case "type":
		return String(string(d.Kind)), d.Dialect.Family == V4 && d.Dialect.since(1, 0)
	case "shape":
		return d.shapeArg(), d.Kind == KindObject || d.Kind == KindProperties
	}
	return d.member(prop)
}

// member answers the properties that belong to one kind.
func (d *Def) member(prop string) (Arg, bool) {
	switch d.Kind {
	case KindUnion:
		switch prop {
		case "options":
			return d.listArg(d.Options, d.OptionsWhy), true
		case "discriminator":
			return String(d.Discriminator), d.Discriminator != ""
		}
	case KindEnum, KindNativeEnum:
		return d.enumMember(prop)
	case KindLiteral:
		switch prop {
		case "value":
			return d.literalValue(), true
		case "values":
			return Array(d.Values...), d.Dialect.Family == V4
		}
	case KindArray:
		return SchemaArg(d.Inner.Def()), prop == "element" || prop == "type"
	case KindTuple:
		return d.listArg(d.Items, d.ItemsWhy), prop == "items"
	case KindRecord, KindMap:
		switch prop {
		case "keySchema", "keyType":
			return SchemaArg(d.Key.Def()), true
		case "valueSchema", "valueType", "element":
			return SchemaArg(d.Value.Def()), true
		}
	case KindPipe:
		switch prop {
		case "in":
			return SchemaArg(d.In.Def()), true
		case "out":
			return SchemaArg(d.Out.Def()), true
		}
	case KindLazy:
		return SchemaArg(d.Inner.Def()), prop == "schema"
	case KindString, KindNumber, KindBigInt:
		return d.boundMember(prop)
	}
	return Arg{}, false
}

// literalValue returns the first value of a literal.
func (d *Def) literalValue() Arg {
	if len(d.Values) == 0 {
		return Undefined()
	}
	return d.Values[0]
}

func (d *Def) enumMember(prop string) (Arg, bool) {
	entries, values := d.Entries, d.Values
	if d.Kind == KindEnum && d.Dialect.Family == V3 {
		for _, v := range d.Values {
			entries = append(entries, Entry{Key: v.text(), Value: v})
		}
	} else {
		values = d.enumValues()
	}
	if d.EntriesWhy != "" {
		return Unknown(d.EntriesWhy), prop == "options" || prop == "enum" || prop == "Enum" || prop == "Values"
	}
	switch prop {
	case "options":
		return Array(values...), true
	case "enum", "Enum", "Values":
		obj := ObjectArg()
		for _, e := range entries {
			obj.Obj.Props = append(obj.Obj.Props, Prop{Key: e.Key, Value: e.Value})
		}
		return obj, true
	}
	return Arg{}, false
}

func (d *Def) listArg(list []*Ref, why string) Arg {
	if why != "" {
		return Unknown(why)
	}
	a := Array()
	for _, r := range list {
		a.List = append(a.List, SchemaArg(r.Def()))
	}
	return a
}

func (d *Def) description() Arg {
	if d.Dialect.Family == V3 {
		return d.Description
	}
	for _, p := range d.metadata() {
		if p.Key == "description" {
			return p.Value
		}
	}
	return Undefined()
}

// shapeArg returns the shape as an object, its schemas read when they are needed.
func (d *Def) shapeArg() Arg {
	obj := ObjectArg()
	for _, f := range inFieldOrder(d.Shape.List()) {
		p := Prop{Key: f.Name}
		if f.Schema.def != nil {
			p.Value = SchemaArg(f.Schema.def)
		} else {
			p.Get = &Func{Invoke: func(...Arg) (Arg, bool) { return SchemaArg(f.Schema.Def()), true }}
		}
		obj.Obj.Props = append(obj.Obj.Props, p)
	}
	obj.Obj.Open = d.Shape.open()
	return obj
}

// getterOf is a property that gives a schema when it is read.
func getterOf(key string, r *Ref) Prop {
	return lazyProp(key, func() Arg { return SchemaArg(r.Def()) })
}

// lazyProp is a property that is found when it is read.
func lazyProp(key string, get func() Arg) Prop {
	return Prop{Key: key, Get: &Func{Invoke: func(...Arg) (Arg, bool) { return get(), true }}}
}

// definition returns what the library holds of the instance, as far as
// programs read it.
func (d *Def) definition() Arg {
	var props []Prop
	add := func(key string, a Arg) { props = append(props, Prop{Key: key, Value: a}) }
	schema := func(key string, r *Ref) {
		if r != nil {
			props = append(props, getterOf(key, r))
		}
	}
	v3 := d.Dialect.Family == V3
	if v3 {
		add("typeName", String(d.Class))
		add("description", d.Description)
	} else if d.Kind != KindCheck {
		add("type", String(string(d.Kind)))
	}
	props = append(props, d.checkProps()...)
	switch d.Kind {
	case KindObject, KindProperties:
		shape := lazyProp("shape", d.shapeArg)
		if v3 {
			shape = Prop{Key: "shape", Value: FuncArg(shape.Get)}
			add("unknownKeys", String(d.UnknownKeys))
		}
		props = append(props, shape)
		catchall := d.Catchall
		if catchall == nil && v3 {
			catchall = To(&Def{Kind: KindNever, Class: "ZodNever", Dialect: d.Dialect})
		}
		schema("catchall", catchall)
	case KindUnion:
		add("options", d.listArg(d.Options, d.OptionsWhy))
		if d.Discriminator != "" {
			add("discriminator", String(d.Discriminator))
		}
	case KindTuple:
		add("items", d.listArg(d.Items, d.ItemsWhy))
		schema("rest", d.Rest)
	case KindLiteral:
		add("value", d.literalValue())
		add("values", Array(d.Values...))
	case KindEnum, KindNativeEnum:
		entries, _ := d.enumMember("enum")
		add("entries", entries)
		if add("values", entries); v3 && d.Kind == KindEnum {
			props[len(props)-1].Value = Array(d.Values...)
		}
	case KindLazy:
		add("getter", FuncArg(d.getter))
	case KindDefault, KindPrefault:
		if !v3 {
			add("defaultValue", d.Default)
		}
	}
	schema(d.innerName(), d.Inner)
	for i, r := range []*Ref{d.In, d.Out, d.Left, d.Right, d.Key, d.Value} {
		schema([]string{"in", "out", "left", "right", "keyType", "valueType"}[i], r)
	}
	return ObjectArg(props...)
}

// checkProps are the members of the definition that say how a value is checked.
func (d *Def) checkProps() (props []Prop) {
	if d.Dialect.Family == V3 {
		return d.checkPropsV3()
	}
	add := func(key string, a Arg) {
		if !a.IsUndefined() {
			props = append(props, Prop{Key: key, Value: a})
		}
	}
	if d.Coerce {
		add("coerce", Bool(true))
	}
	if c := d.Check; c != nil {
		add("check", String(c.Kind))
		if c.Format != "" {
			add("format", String(c.Format))
		}
		if c.Pattern != nil {
			add("pattern", Arg{Kind: ArgRegex, Regex: c.Pattern})
		}
		for _, key := range []string{"precision", "offset", "local", "version", "delimiter"} {
			add(key, c.Options[key])
		}
		add(checkValueName[c.Kind], c.Value)
		if c.Kind == "greater_than" || c.Kind == "less_than" {
			add("inclusive", Bool(c.Inclusive))
		}
	}
	if d.Kind != KindCheck && len(d.Checks) > 0 {
		list := Array()
		for _, c := range d.Checks {
			of := c.Of
			if of == nil {
				of = &Def{Kind: KindCheck, Class: c.Class, Dialect: d.Dialect, Check: c}
			}
			list.List = append(list.List, SchemaArg(of))
		}
		add("checks", list)
	}
	return props
}

// checkValueName is the name that the definition of a check gives its value.
var checkValueName = map[string]string{
	"greater_than": "value", "less_than": "value", "multiple_of": "value", "min_length": "minimum", "max_length": "maximum",
	"length_equals": "length", "min_size": "minimum", "max_size": "maximum", "size_equals": "size",
}

// internals is version 4's `_zod`: the definition, the constructor, and what
// may be absent.
func (d *Def) internals() Arg {
	constr := &Func{Name: d.Class, Invoke: func(args ...Arg) (Arg, bool) {
		if len(args) == 0 {
			return Arg{}, false
		}
		return SchemaArg(FromDefinition(d.Dialect, d.Class, args[0])), true
	}}
	props := []Prop{
		lazyProp("def", d.definition), {Key: "constr", Value: FuncArg(constr)},
		lazyProp("optin", d.optinArg), lazyProp("optout", d.optoutArg),
	}
	if d.Parent != nil {
		props = append(props, Prop{Key: "parent", Value: SchemaArg(d.Parent)})
	}
	if d.Kind == KindLazy {
		props = append(props, getterOf("innerType", d.Inner))
	}
	return ObjectArg(props...)
}

// optinArg and optoutArg say what may be absent, on the way in and out.
func (d *Def) optinArg() Arg {
	unknown := false
	switch in := d.optin(walk{}, &unknown); {
	case unknown:
		return unknownAbsence
	case in == defaultedKey:
		return String("defaulted")
	case in != requiredKey:
		return String("optional")
	}
	return Undefined()
}

func (d *Def) optoutArg() Arg {
	unknown := false
	switch out := d.optout(walk{}, &unknown); {
	case unknown:
		return unknownAbsence
	case out:
		return String("optional")
	}
	return Undefined()
}

var unknownAbsence = Unknown("whether it may be absent isn't known")

// innerName is the definition's name for what is inside.
func (d *Def) innerName() string {
	v3 := d.Dialect.Family == V3
	switch {
	case d.Kind == KindEffects:
		return "schema"
	case d.Kind == KindSet:
		return "valueType"
	case v3 && (d.Kind == KindArray || d.Kind == KindPromise || d.Kind == KindBranded):
		return "type"
	case d.Kind == KindArray:
		return "element"
	}
	return "innerType"
}
