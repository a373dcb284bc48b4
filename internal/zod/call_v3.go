package zod

// v3 answers the methods that every version 3 schema has, then those of its kind.
func (c *call) v3(method string) (Arg, bool) {
	if a, ok := c.v3Wrap(method); ok {
		return a, true
	}
	switch c.d.Kind {
	case KindString:
		return c.v3String(method)
	case KindNumber, KindBigInt:
		return c.v3Number(method)
	case KindDate:
		if method == "min" || method == "max" {
			return result(c.v3Check(method, c.arg(0), c.arg(1)))
		}
	case KindArray, KindSet:
		return c.v3List(method)
	case KindObject:
		return c.v3Object(method)
	case KindTuple:
		if method == "rest" {
			n := c.d.clone()
			n.Rest = ref(c.v, c.arg(0))
			return result(n)
		}
	case KindEnum:
		return c.v3Enum(method)
	case KindUnresolved:
		return result(Unresolved(c.v, c.d.Why))
	}
	return c.v3Inner(method)
}

// keep gives a new schema the description of the one at hand, as those methods
// do that hand their definition on as parameters: all that keep it do so since 3.20.3.
func (c *call) keep(n *Def) *Def {
	if !c.beforeV3Keeps() {
		n.Description = c.d.Description
	}
	return n
}

// beforeV3Keeps tells whether the methods of a version 3 don't hand descriptions on yet.
func (c *call) beforeV3Keeps() bool {
	return !c.v.Version.IsZero() && !c.v.Version.AtLeast(3, 20, 3)
}

// atLeastV3 tells whether a version 3 is 3.minor or later; one that isn't known
// counts as the last.
func (c *call) atLeastV3(minor int) bool {
	return c.v.Version.IsZero() || c.v.Version.AtLeast(3, minor, 0)
}

func (c *call) v3Wrap(method string) (Arg, bool) {
	d := c.d
	switch method {
	case "describe":
		n := d.clone()
		n.Description = c.arg(0)
		return result(n)
	case "optional":
		return result(c.keep(c.wrap("ZodOptional", KindOptional)))
	case "nullable":
		return result(c.keep(c.wrap("ZodNullable", KindNullable)))
	case "nullish":
		if c.beforeV3Keeps() {
			n := c.make("ZodNullable", KindNullable)
			n.Inner = To(c.wrap("ZodOptional", KindOptional))
			return result(n)
		}
		n := c.keep(c.make("ZodOptional", KindOptional))
		n.Inner = To(c.keep(c.wrap("ZodNullable", KindNullable)))
		return result(n)
	case "array":
		n := c.wrap("ZodArray", KindArray)
		if !c.atLeastV3(24) {
			c.keep(n)
		}
		return result(n)
	case "promise":
		return result(c.keep(c.wrap("ZodPromise", KindPromise)))
	case "readonly":
		return result(c.wrap("ZodReadonly", KindReadonly))
	case "brand":
		return result(c.keep(c.wrap("ZodBranded", KindBranded)))
	case "or":
		n := c.keep(c.make("ZodUnion", KindUnion))
		n.Options = []*Ref{To(d), ref(c.v, c.arg(0))}
		return result(n)
	case "and":
		n := c.keep(c.make("ZodIntersection", KindIntersection))
		n.Left, n.Right = To(d), ref(c.v, c.arg(0))
		return result(n)
	case "default":
		n := c.keep(c.wrap("ZodDefault", KindDefault))
		n.Default = c.arg(0)
		return result(n)
	case "catch":
		n := c.keep(c.wrap("ZodCatch", KindCatch))
		n.Catch = c.arg(0)
		return result(n)
	case "pipe":
		n := c.make("ZodPipeline", KindPipe)
		n.In, n.Out = To(d), ref(c.v, c.arg(0))
		return result(n)
	case "transform":
		return result(c.keep(c.effect("transform", false)))
	case "refine", "refinement":
		return result(c.effect("refinement", false))
	case "superRefine", "_refinement":
		return result(c.effect("refinement", true))
	case "isOptional":
		return truth(d.parse(Undefined(), 0))
	case "isNullable":
		return truth(d.parse(Null(), 0))
	}
	return Arg{}, false
}

func (c *call) effect(kind string, raw bool) *Def {
	n := c.wrap("ZodEffects", KindEffects)
	n.Effect, n.Fn, n.rawEffect = kind, c.arg(0).Func, raw
	return n
}

// v3Inner are the methods that give back what is inside.
func (c *call) v3Inner(method string) (Arg, bool) {
	kind := c.d.Kind
	switch {
	case method == "unwrap" && (kind == KindOptional || kind == KindNullable || kind == KindBranded || kind == KindPromise || kind == KindReadonly),
		method == "removeDefault" && kind == KindDefault,
		method == "removeCatch" && kind == KindCatch,
		method == "innerType" && kind == KindEffects:
		return result(c.d.Inner.Def())
	case method == "sourceType" && kind == KindEffects:
		inner := c.d.Inner.Def()
		for n := 0; inner.Kind == KindEffects && n < 1000; n++ {
			inner = inner.Inner.Def()
		}
		return result(inner)
	}
	return Arg{}, false
}

// v3Check returns a copy with one check more.
func (c *call) v3Check(kind string, value, message Arg) *Def {
	check := valueCheck(kind, value)
	check.Inclusive = true
	if message.Kind == ArgObject {
		message = message.Get("message")
	}
	check.Options["message"] = message
	return c.v3Add(check)
}

func (c *call) v3Add(checks ...*Check) *Def {
	n := c.d.clone()
	n.Checks = append(append([]*Check{}, c.d.Checks...), checks...)
	return n
}

// v3Formats are the string methods that take nothing but a message.
var v3Formats = map[string]bool{
	"email": true, "url": true, "emoji": true, "uuid": true, "nanoid": true, "cuid": true, "cuid2": true, "ulid": true,
	"base64": true, "base64url": true, "jwt": true, "ip": true, "cidr": true, "datetime": true, "date": true, "time": true,
	"duration": true, "trim": true, "toLowerCase": true, "toUpperCase": true,
}

func (c *call) v3String(method string) (Arg, bool) {
	a := c.arg(0)
	switch method {
	case "min", "max", "length", "startsWith", "endsWith", "includes":
		return result(c.v3Check(method, a, c.arg(1)))
	case "nonempty":
		return result(c.v3Check("min", Number(1), a))
	case "regex":
		n := c.v3Check("regex", Arg{}, c.arg(1))
		check := n.Checks[len(n.Checks)-1]
		if check.Pattern = a.Regex; check.Pattern == nil {
			check.Why = "the pattern isn't known: " + a.whyNot()
		}
		return result(n)
	}
	if !v3Formats[method] {
		return Arg{}, false
	}
	n := c.v3Check(method, Arg{}, a)
	check := n.Checks[len(n.Checks)-1]
	check.Options["version"] = a.Get("version")
	if a.Kind == ArgUnknown && (method == "ip" || method == "cidr") {
		check.Why = a.unknownWhy()
	}
	return result(n)
}

func (c *call) v3Number(method string) (Arg, bool) {
	a, message, zero := c.arg(0), c.arg(1), Number(0)
	if c.d.Kind == KindBigInt {
		zero = BigInt("0")
	}
	exclusive := func(n *Def) (Arg, bool) {
		n.Checks[len(n.Checks)-1].Inclusive = false
		return result(n)
	}
	switch method {
	case "min", "gte":
		return result(c.v3Check("min", a, message))
	case "max", "lte":
		return result(c.v3Check("max", a, message))
	case "gt":
		return exclusive(c.v3Check("min", a, message))
	case "lt":
		return exclusive(c.v3Check("max", a, message))
	case "positive":
		return exclusive(c.v3Check("min", zero, a))
	case "negative":
		return exclusive(c.v3Check("max", zero, a))
	case "nonnegative":
		return result(c.v3Check("min", zero, a))
	case "nonpositive":
		return result(c.v3Check("max", zero, a))
	case "multipleOf", "step":
		return result(c.v3Check("multipleOf", a, message))
	case "int", "finite":
		return result(c.v3Check(method, Arg{}, a))
	case "safe":
		const safe = 9007199254740991
		return result(c.v3Add(limit("min", Number(-safe), true), limit("max", Number(safe), true)))
	}
	return Arg{}, false
}
