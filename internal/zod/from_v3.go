package zod

import "strings"

// kindsV3 are the kinds of version 3's typeName that don't follow from it by
// their letters.
var kindsV3 = map[string]Kind{
	"ZodDiscriminatedUnion": KindUnion,
	"ZodPipeline":           KindPipe,
	"ZodBigInt":             KindBigInt,
	"ZodNaN":                KindNaN,
	"ZodNativeEnum":         KindNativeEnum,
}

// KindV3 is the kind of a definition of version 3, by its typeName.
func KindV3(typeName string) Kind {
	if k, ok := kindsV3[typeName]; ok {
		return k
	}
	return Kind(strings.ToLower(strings.TrimPrefix(typeName, "Zod")))
}

func (d *Def) fromV3(r Arg) {
	v := d.Dialect
	d.Class = r.Get("typeName").Str
	d.Kind = KindV3(d.Class)
	d.Coerce = r.Get("coerce").truthy()
	d.Description = r.Get("description")
	d.checksV3(r.Get("checks"))
	switch d.Kind {
	case KindObject:
		d.Shape = shapeOf(v, r, "shape")
		d.Catchall = maybe(v, r.Get("catchall"))
		d.UnknownKeys = r.Get("unknownKeys").Str
	case KindArray:
		d.Inner = ref(v, r.Get("type"))
		d.boundsV3(r, "minLength", "maxLength", "exactLength")
	case KindSet:
		d.Inner = ref(v, r.Get("valueType"))
		d.boundsV3(r, "minSize", "maxSize", "")
	case KindPromise, KindBranded:
		d.Inner = ref(v, r.Get("type"))
	case KindMap, KindRecord:
		d.Key, d.Value = maybe(v, r.Get("keyType")), ref(v, r.Get("valueType"))
	case KindUnion:
		d.Options, d.OptionsWhy = refs(v, r.Get("options"))
		d.Discriminator = r.Get("discriminator").Str
	case KindIntersection:
		d.Left, d.Right = ref(v, r.Get("left")), ref(v, r.Get("right"))
	case KindTuple:
		d.Items, d.ItemsWhy = refs(v, r.Get("items"))
		d.Rest = maybe(v, r.Get("rest"))
	case KindLiteral:
		d.Values = []Arg{r.Get("value")}
	case KindEnum:
		if values := r.Get("values"); values.Kind != ArgObject { // an object has no values there
			d.literalValues(values)
		}
	case KindNativeEnum:
		d.Entries, d.EntriesWhy = entriesOf(r.Get("values"))
	case KindPipe:
		d.In, d.Out = ref(v, r.Get("in")), ref(v, r.Get("out"))
	case KindLazy:
		d.setGetter(r.Get("getter"))
	case KindOptional, KindNullable, KindReadonly:
		d.Inner = ref(v, r.Get("innerType"))
	case KindDefault:
		d.Inner = ref(v, r.Get("innerType"))
		d.Default = r.Get("defaultValue")
	case KindCatch:
		d.Inner = ref(v, r.Get("innerType"))
		d.Catch = r.Get("catchValue")
	case KindEffects:
		d.effectV3(r)
	}
}

func (d *Def) effectV3(r Arg) {
	d.Inner = ref(d.Dialect, r.Get("schema"))
	effect := r.Get("effect")
	d.Effect, d.rawEffect = effect.Get("type").Str, true
	d.Fn = effect.Get("transform").Func
	if d.Effect == "refinement" {
		d.Fn = effect.Get("refinement").Func
	}
}

func (d *Def) checksV3(a Arg) {
	if a.Kind == ArgUnknown {
		d.Checks = append(d.Checks, &Check{Kind: "unknown", Why: a.unknownWhy()})
	}
	for _, x := range a.List {
		d.Checks = append(d.Checks, checkV3(x))
	}
}

// checkV3 reads one check, such as {kind:"min",value:3,inclusive:true}.
func checkV3(x Arg) *Check {
	c := &Check{Kind: x.Get("kind").Str, Value: x.Get("value"), Options: map[string]Arg{}}
	c.Inclusive = x.Get("inclusive").truthy()
	c.Pattern = x.Get("regex").Regex
	c.Position = x.Get("position")
	for _, key := range []string{"message", "version", "precision", "offset", "local"} {
		c.Options[key] = x.Get(key)
	}
	switch {
	case x.Kind == ArgUnknown:
		c.Why = x.unknownWhy()
	case c.Value.Kind == ArgUnknown:
		c.Why = c.Value.unknownWhy()
	case c.Kind == "regex" && c.Pattern == nil:
		c.Why = "the pattern isn't known: " + x.Get("regex").whyNot()
	}
	return c
}

// boundsV3 keeps the length or size of a list as checks.
func (d *Def) boundsV3(r Arg, lo, hi, exact string) {
	for _, b := range [][2]string{{lo, "min"}, {hi, "max"}, {exact, "length"}} {
		if v := r.Get(b[0]); b[0] != "" && v.truthy() {
			c := &Check{Kind: b[1], Value: v.Get("value"), Options: map[string]Arg{"message": v.Get("message")}}
			if v.Kind == ArgUnknown {
				c.Why = v.unknownWhy()
			}
			d.Checks = append(d.Checks, c)
		}
	}
}
