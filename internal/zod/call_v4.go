package zod

// v4 answers the methods that every version 4 schema has, then those of its kind.
func (c *call) v4(method string) (Arg, bool) {
	if a, ok := c.v4Core(method); ok {
		return a, true
	}
	if !c.d.isClassic() {
		return Arg{}, false
	}
	if a, ok := c.v4Wrap(method); ok {
		return a, true
	}
	switch c.d.Kind {
	case KindString:
		return c.v4String(method)
	case KindNumber, KindBigInt:
		return c.v4Number(method)
	case KindDate:
		if method == "min" || method == "max" {
			return c.v4Number(method)
		}
	case KindArray:
		return c.v4Length(method)
	case KindObject:
		return c.v4Object(method)
	case KindTuple:
		return c.v4Tuple(method)
	case KindSet, KindMap, KindFile:
		return c.v4Sized(method)
	case KindEnum:
		return c.v4Enum(method)
	case KindUnresolved:
		return result(Unresolved(c.v, c.d.Why))
	}
	return Arg{}, false
}

// v4Core are the methods that the mini variant has too.
func (c *call) v4Core(method string) (Arg, bool) {
	d := c.d
	switch method {
	case "check", "with":
		checks := make([]*Check, 0, len(c.args))
		for _, a := range c.args {
			checks = append(checks, toCheck(a))
		}
		return result(c.attach(checks...))
	case "clone":
		return result(c.cloned())
	case "brand":
		return result(d)
	case "register":
		switch registry := c.arg(0); {
		case registry.Kind != ArgString:
		case registry.Str == "":
			d.Register(c.arg(1))
		default:
			d.RegisterIn(registry.Str, c.arg(1))
		}
		return result(d)
	case "apply":
		if f := c.arg(0); f.Kind == ArgFunc {
			return f.Func.call(append([]Arg{SchemaArg(d)}, c.args[1:]...)...), true
		}
	}
	return Arg{}, false
}

// cloned is `clone(def?, {parent}?)`.
func (c *call) cloned() *Def {
	n := c.d.clone()
	if def := c.arg(0); def.Kind == ArgObject {
		n = FromDefinition(c.v, c.d.Class, def)
	} else if !def.IsUndefined() {
		return Unresolved(c.v, "a copy by a definition that isn't known: "+def.whyNot())
	}
	if c.arg(0).IsUndefined() || c.arg(1).Get("parent").truthy() {
		n.Parent = c.d
	}
	return n
}

// attach returns a copy with further checks. Since 4.3 it inherits the
// metadata.
func (c *call) attach(checks ...*Check) *Def {
	n := c.d.clone()
	n.Checks = append(append([]*Check{}, c.d.Checks...), checks...)
	n.Meta, n.Others = nil, nil
	n.registerChecks()
	if c.v.since(3, 0) {
		n.Parent = c.d
	}
	return n
}

// described returns a copy with metadata of its own over the inherited.
func (c *call) described(meta Arg) *Def {
	n := c.d.clone()
	n.Parent = c.d
	n.Register(meta)
	return n
}

// v4Wrap are the methods that every classic schema has.
func (c *call) v4Wrap(method string) (Arg, bool) {
	d := c.d
	switch method {
	case "refine", "superRefine":
		return result(c.attach(&Check{Kind: "custom", Class: "ZodCustom", Fn: c.arg(0).Func}))
	case "overwrite":
		return result(c.attach(&Check{Kind: "overwrite", Class: "$ZodCheckOverwrite", Fn: c.arg(0).Func}))
	case "describe":
		return result(c.described(ObjectArg(Prop{Key: "description", Value: c.arg(0)})))
	case "meta":
		if len(c.args) == 0 {
			return c.metaArg(), true
		}
		return result(c.described(c.arg(0)))
	case "optional":
		return result(c.wrap("ZodOptional", KindOptional))
	case "exactOptional":
		n := c.wrap("ZodExactOptional", KindOptional)
		n.Exact = true
		return result(n)
	case "nullable":
		return result(c.wrap("ZodNullable", KindNullable))
	case "nullish":
		n := c.make("ZodOptional", KindOptional)
		n.Inner = To(c.wrap("ZodNullable", KindNullable))
		return result(n)
	case "nonoptional":
		return result(c.wrap("ZodNonOptional", KindNonOptional))
	case "array":
		return result(c.wrap("ZodArray", KindArray))
	case "readonly":
		return result(c.wrap("ZodReadonly", KindReadonly))
	case "or":
		n := c.make("ZodUnion", KindUnion)
		n.Options = []*Ref{To(d), ref(c.v, c.arg(0))}
		return result(n)
	case "and":
		n := c.make("ZodIntersection", KindIntersection)
		n.Left, n.Right = To(d), ref(c.v, c.arg(0))
		return result(n)
	case "transform":
		n := c.make("ZodTransform", KindTransform)
		n.Fn = c.arg(0).Func
		return result(c.pipe(To(n)))
	case "pipe":
		return result(c.pipe(ref(c.v, c.arg(0))))
	case "default":
		n := c.wrap("ZodDefault", KindDefault)
		n.Default = c.arg(0)
		return result(n)
	case "prefault":
		n := c.wrap("ZodPrefault", KindPrefault)
		n.Default = c.arg(0)
		return result(n)
	case "catch":
		n := c.wrap("ZodCatch", KindCatch)
		n.Catch = c.arg(0)
		return result(n)
	case "unwrap", "removeDefault", "removeCatch":
		return c.unwrap(method)
	case "isOptional":
		return truth(d.parse(Undefined(), 0))
	case "isNullable":
		return truth(d.parse(Null(), 0))
	}
	return Arg{}, false
}

func (c *call) pipe(out *Ref) *Def {
	n := c.make("ZodPipe", KindPipe)
	n.In, n.Out = To(c.d), out
	return n
}

func (c *call) metaArg() Arg { return c.d.Registered("") }

func (c *call) unwrap(method string) (Arg, bool) {
	kind := c.d.Kind
	switch {
	case c.d.Inner == nil,
		method == "removeDefault" && kind != KindDefault,
		method == "removeCatch" && kind != KindCatch,
		kind == KindSet, kind == KindEffects:
		return Arg{}, false
	}
	return result(c.d.Inner.Def())
}

// ------------------------------------------------------------ checks

// valueCheck is a check with a bound. One that isn't known is a loss.
func valueCheck(kind string, v Arg) *Check {
	c := &Check{Kind: kind, Value: v, Options: map[string]Arg{}}
	if v.Kind == ArgUnknown {
		c.Why = v.unknownWhy()
	}
	return c
}

func limit(kind string, v Arg, inclusive bool) *Check {
	c := valueCheck(kind, v)
	c.Inclusive = inclusive
	return c
}

// format is the check of a string format, by the parameters given.
func (c *call) format(name string, params Arg) *Check {
	check := &Check{Kind: "string_format", Format: name, Options: map[string]Arg{}}
	for _, key := range []string{"precision", "offset", "local", "version", "delimiter", "length"} {
		check.Options[key] = params.Get(key)
	}
	return check
}

// formats are the formats by the name of their method, where it isn't the same.
var formats = map[string]string{"uuidv4": "uuid", "uuidv6": "uuid", "uuidv7": "uuid"}

// stringFormats are the methods of ZodString alone.
var stringFormats = map[string]bool{
	"email": true, "url": true, "jwt": true, "emoji": true, "guid": true, "uuid": true, "uuidv4": true, "uuidv6": true,
	"uuidv7": true, "nanoid": true, "cuid": true, "cuid2": true, "ulid": true, "base64": true, "base64url": true, "xid": true,
	"ksuid": true, "ipv4": true, "ipv6": true, "cidrv4": true, "cidrv6": true, "e164": true, "datetime": true, "date": true,
	"time": true, "duration": true,
}

func (c *call) v4String(method string) (Arg, bool) {
	if out, ok := c.v4Length(method); ok {
		return out, true
	}
	a := c.arg(0)
	switch method {
	case "trim", "normalize", "toLowerCase", "toUpperCase", "slugify":
		return result(c.attach(&Check{Kind: "overwrite", Class: "$ZodCheckOverwrite"}))
	}
	if stringFormats[method] {
		return c.v4Format(method)
	}
	name, ok := map[string]string{
		"regex": "regex", "includes": "includes", "startsWith": "starts_with", "endsWith": "ends_with",
		"lowercase": "lowercase", "uppercase": "uppercase",
	}[method]
	if !ok {
		return Arg{}, false
	}
	check := c.format(name, Arg{})
	switch {
	case name == "regex":
		c.d.setPattern(check, a)
		return result(c.attach(check))
	case a.Kind == ArgUnknown:
		check.Why = a.unknownWhy()
		return result(c.attach(check))
	}
	check.Value, check.Position = a, c.arg(1).Get("position")
	check.Pattern = c.v.formatPattern(check)
	return result(c.attach(check))
}

func (c *call) v4Format(method string) (Arg, bool) {
	params := c.arg(0)
	name := method
	if to, ok := formats[method]; ok {
		name = to
	}
	check := c.format(name, params)
	if name != method {
		check.Options["version"] = String(method[len("uuid"):])
	}
	if params.Kind == ArgUnknown {
		check.Why = "the parameters aren't known: " + params.unknownWhy()
		return result(c.attach(check))
	}
	(&Def{Dialect: c.v}).setPattern(check, params.Get("pattern"))
	return result(c.attach(check))
}

func (c *call) v4Number(method string) (Arg, bool) {
	a, zero := c.arg(0), Number(0)
	if c.d.Kind == KindBigInt {
		zero = BigInt("0")
	}
	switch method {
	case "gt":
		return result(c.attach(limit("greater_than", a, false)))
	case "gte", "min":
		return result(c.attach(limit("greater_than", a, true)))
	case "lt":
		return result(c.attach(limit("less_than", a, false)))
	case "lte", "max":
		return result(c.attach(limit("less_than", a, true)))
	case "positive":
		return result(c.attach(limit("greater_than", zero, false)))
	case "nonnegative":
		return result(c.attach(limit("greater_than", zero, true)))
	case "negative":
		return result(c.attach(limit("less_than", zero, false)))
	case "nonpositive":
		return result(c.attach(limit("less_than", zero, true)))
	case "multipleOf", "step":
		return result(c.attach(valueCheck("multiple_of", a)))
	case "int", "safe":
		if c.d.Kind == KindNumber {
			return result(c.attach(&Check{Kind: "number_format", Format: "safeint", Class: "ZodNumberFormat"}))
		}
	case "finite":
		return result(c.d)
	}
	return Arg{}, false
}
