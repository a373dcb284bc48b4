package zod

import (
	"strings"
	"sync"

	"github.com/bundlens/bundlens/internal/ecma"
)

// FromDefinition returns the schema (or check) that a constructor of the named
// class makes of a definition, such as `new ZodObject({type:"object",shape})`
// in version 4 or `new ZodObject({shape:()=>..,typeName:"ZodObject"})` in
// version 3. The class name may be empty when it isn't known. A definition that
// can't be understood gives an unresolved schema.
//
// A definition whose check is "describe" or "meta" carries what it registers in
// its own member "description" or "metadata".
func FromDefinition(dialect Dialect, class string, record Arg) *Def {
	d := &Def{Class: class, Dialect: dialect}
	switch {
	case record.Kind == ArgUnknown:
		return Unresolved(dialect, record.unknownWhy())
	case record.Kind != ArgObject:
		return Unresolved(dialect, "a definition that is no object")
	case record.Get("typeName").Kind == ArgString:
		d.Dialect.Family = V3
		d.fromV3(record)
	case record.Get("type").Kind == ArgString:
		d.Kind = Kind(record.Get("type").Str)
		d.fromV4(record)
	case record.Get("check").Kind == ArgString:
		d.Kind = KindCheck
		d.fromV4(record)
	default:
		return Unresolved(dialect, "a definition without a type")
	}
	return d
}

// ref returns the place for a schema given as a value.
func ref(dialect Dialect, a Arg) *Ref { return To(schemaOf(dialect, a)) }

// maybe is ref, or nil for undefined and null.
func maybe(dialect Dialect, a Arg) *Ref {
	if a.IsNullish() {
		return nil
	}
	return ref(dialect, a)
}

func schemaOf(dialect Dialect, a Arg) *Def {
	switch {
	case a.Kind == ArgSchema && a.Def != nil:
		return a.Def
	case a.Kind == ArgUnknown:
		return Unresolved(dialect, a.unknownWhy())
	}
	return Unresolved(dialect, "a value that is no schema: "+a.typeof())
}

// later is the place of a schema that a function returns.
func later(dialect Dialect, f *Func) *Ref {
	return Later(func() *Def { return schemaOf(dialect, f.call()) })
}

func refs(dialect Dialect, a Arg) ([]*Ref, string) {
	if a.Kind != ArgArray {
		return nil, "not a known list: " + a.whyNot()
	}
	list := make([]*Ref, 0, len(a.List))
	for _, x := range a.List {
		list = append(list, ref(dialect, x))
	}
	return list, a.Why
}

func (a Arg) whyNot() string {
	if a.Kind == ArgUnknown {
		return a.unknownWhy()
	}
	return a.typeof()
}

// fieldsOf returns the fields of a shape.
func fieldsOf(dialect Dialect, a Arg) ([]Field, string) {
	if a.Kind != ArgObject || a.Obj == nil {
		return nil, "the shape isn't known: " + a.whyNot()
	}
	var fields []Field
	at := map[string]int{}
	for i := range a.Obj.Props {
		p := &a.Obj.Props[i]
		f := Field{Name: p.Key}
		if p.Get != nil {
			f.Schema = later(dialect, p.Get)
		} else {
			f.Schema = ref(dialect, p.Value)
		}
		if n, ok := at[p.Key]; ok {
			fields[n] = f
			continue
		}
		at[p.Key] = len(fields)
		fields = append(fields, f)
	}
	return fields, a.Obj.Open
}

// shapeOf returns the shape that a record's member holds, read when it is needed.
func shapeOf(dialect Dialect, record Arg, key string) *Shape {
	return &Shape{Resolve: func() ([]Field, string) {
		a := record.Get(key)
		if a.Kind == ArgFunc {
			a = a.Func.call()
		}
		return fieldsOf(dialect, a)
	}}
}

// entriesOf returns the entries of an enum, in the order of an object's keys.
func entriesOf(a Arg) ([]Entry, string) {
	if a.Kind != ArgObject || a.Obj == nil {
		return nil, "the entries aren't known: " + a.whyNot()
	}
	var list []Entry
	at := map[string]int{}
	for _, p := range inKeyOrder(a.Obj.Props) {
		e := Entry{Key: p.Key, Value: p.read()}
		if n, ok := at[p.Key]; ok {
			list[n] = e
			continue
		}
		at[p.Key] = len(list)
		list = append(list, e)
	}
	return list, a.Obj.Open
}

// lazyMember returns a member's value, or the function of its getter.
func lazyMember(record Arg, key string) Arg {
	for i := range record.Obj.Props {
		if p := &record.Obj.Props[i]; p.Key == key && p.Get != nil {
			return FuncArg(p.Get)
		}
	}
	return record.Get(key)
}

func (d *Def) fromV4(r Arg) {
	v := d.Dialect
	d.Coerce = r.Get("coerce").truthy()
	if r.Get("check").Kind == ArgString {
		d.Check = checkOf(d, r)
	}
	d.attach(r.Get("checks"))
	inner := func(key string) { d.Inner = ref(v, r.Get(key)) }
	switch d.Kind {
	case KindObject, KindProperties:
		d.Shape = shapeOf(v, r, "shape")
		d.Catchall = maybe(v, r.Get("catchall"))
	case KindArray:
		inner("element")
	case KindSet:
		inner("valueType")
	case KindMap, KindRecord:
		d.Key, d.Value = ref(v, r.Get("keyType")), ref(v, r.Get("valueType"))
		d.Mode, d.Partial = r.Get("mode").Str, r.Get("partial").truthy()
	case KindUnion:
		d.Options, d.OptionsWhy = refs(v, r.Get("options"))
		d.Discriminator = r.Get("discriminator").Str
		d.Exclusive = r.Get("inclusive").Kind == ArgBool && !r.Get("inclusive").Bool
	case KindIntersection:
		d.Left, d.Right = ref(v, r.Get("left")), ref(v, r.Get("right"))
	case KindTuple:
		d.Items, d.ItemsWhy = refs(v, r.Get("items"))
		d.Rest = maybe(v, r.Get("rest"))
	case KindEnum:
		d.Entries, d.EntriesWhy = entriesOf(r.Get("entries"))
	case KindLiteral:
		d.literalValues(r.Get("values"))
	case KindPipe:
		d.In, d.Out = ref(v, r.Get("in")), ref(v, r.Get("out"))
		d.Codec = strings.Contains(d.Class, "Codec") || r.Get("reverseTransform").truthy()
	case KindLazy:
		d.setGetter(r.Get("getter"))
	case KindTemplateLiteral:
		d.Parts = r.Get("parts").List
		if parts := r.Get("parts"); parts.Kind != ArgArray {
			d.Parts = []Arg{Unknown("the parts aren't known: " + parts.whyNot())}
		}
	case KindOptional, KindNullable, KindNonOptional, KindReadonly, KindPromise, KindSuccess:
		inner("innerType")
		d.Exact = strings.Contains(d.Class, "ExactOptional")
	case KindDefault, KindPrefault:
		inner("innerType")
		d.Default = lazyMember(r, "defaultValue")
	case KindCatch:
		inner("innerType")
		d.Catch = lazyMember(r, "catchValue")
	case KindTransform:
		d.Fn = r.Get("transform").Func
	case KindCustom:
		d.Fn = r.Get("fn").Func
	}
}

func (d *Def) literalValues(a Arg) {
	if a.Kind == ArgArray {
		d.Values = a.List
		return
	}
	d.Values = []Arg{Unknown("the values aren't known: " + a.whyNot())}
}

// setGetter keeps the function of a lazy schema.
func (d *Def) setGetter(a Arg) {
	d.getter = a.Func
	if a.Kind != ArgFunc {
		d.getter = &Func{}
	}
	d.Inner = later(d.Dialect, d.getter)
}

// attach adds checks, and registers what those that describe say.
func (d *Def) attach(checks Arg) {
	if checks.Kind == ArgUnknown {
		d.Checks = append(d.Checks, &Check{Kind: "custom", Why: checks.unknownWhy()})
	}
	for _, a := range checks.List {
		d.Checks = append(d.Checks, toCheck(a))
	}
	d.registerChecks()
}

// registerChecks registers the metadata that the attached checks carry.
func (d *Def) registerChecks() {
	for _, c := range d.Checks {
		switch c.Kind {
		case "describe":
			d.register(ObjectArg(Prop{Key: "description", Value: c.Options["description"]}))
		case "meta":
			d.register(c.Options["metadata"])
		}
	}
}

// RegisterIn puts metadata into a registry of the program's own, which a name stands for.
func (d *Def) RegisterIn(registry string, meta Arg) {
	if d.Others == nil {
		d.Others = map[string]*Metadata{}
	}
	d.Others[registry] = metadataOf(nil, meta)
}

// register adds metadata to the instance's own.
func (d *Def) register(meta Arg) { d.Meta = metadataOf(d.Meta, meta) }

// metadataOf is what is registered once an object was added to what there is, which may be nil.
func metadataOf(old *Metadata, meta Arg) *Metadata {
	m := &Metadata{}
	if old != nil {
		m.Props = append(m.Props, old.Props...)
	}
	switch {
	case meta.Kind == ArgObject:
		for i := range meta.Obj.Props {
			p := &meta.Obj.Props[i]
			m.Props = setProp(m.Props, p.Key, p.read())
		}
		if meta.Obj.Open != "" {
			m.Props = setProp(m.Props, "…", Unknown(meta.Obj.Open))
		}
	case !meta.IsNullish():
		m.Props = setProp(m.Props, "…", Unknown(meta.whyNot()))
	}
	return m
}

// toCheck returns the check that a value given to `.check` is.
func toCheck(a Arg) *Check {
	switch {
	case a.Kind == ArgSchema && a.Def.Check != nil:
		return a.Def.Check
	case a.Kind == ArgFunc:
		return &Check{Kind: "custom", Fn: a.Func}
	case a.Kind == ArgObject: // {_zod:{check,def:{check:"custom"}}}
		def := a.Get("_zod").Get("def")
		return &Check{Kind: def.Get("check").Str}
	}
	return &Check{Kind: "custom", Why: "a check that isn't known: " + a.whyNot()}
}

// checkOf returns the check of a definition.
func checkOf(d *Def, r Arg) *Check {
	c := &Check{Kind: r.Get("check").Str, Class: d.Class, Format: r.Get("format").Str, Options: map[string]Arg{}}
	if d.Kind != KindCheck {
		c.Of = d
	}
	for _, key := range []string{"value", "minimum", "maximum", "length", "size", "includes", "prefix", "suffix"} {
		if v := r.Get(key); v.Kind != ArgUndefined {
			c.Value = v
		}
	}
	if c.Value.Kind == ArgUnknown {
		c.Why = c.Value.unknownWhy()
	}
	for _, key := range []string{"precision", "offset", "local", "version", "delimiter", "length", "description", "metadata", "schema"} {
		c.Options[key] = r.Get(key)
	}
	c.Inclusive = r.Get("inclusive").truthy()
	c.Position = r.Get("position")
	c.Mime = r.Get("mime").List
	c.Fn = r.Get("fn").Func
	if c.Kind == "number_format" && c.Format == "" {
		c.Format = "float64"
	}
	if c.Kind == "string_format" {
		d.setPattern(c, r.Get("pattern"))
	}
	return c
}

// setPattern gives a string format its pattern: the definition's, else the
// library's own.
func (d *Def) setPattern(c *Check, given Arg) {
	switch {
	case given.Kind == ArgRegex:
		c.Pattern = given.Regex
		if lax := given.Regex.Source; (c.Format == "base64" && lax == base64Lax) || (c.Format == "base64url" && lax == base64urlLax) {
			c.Pattern = builtin(lax)
		}
		return
	case given.Kind == ArgUnknown || c.Format == "regex":
		c.Why = "the pattern isn't known: " + given.whyNot()
		return
	case strings.Contains(d.Class, "CustomStringFormat"):
		return
	}
	c.Pattern = d.Dialect.formatPattern(c)
}

var builtins sync.Map // source -> *Regex

// builtin returns the one instance of a pattern that the library has.
func builtin(source string) *Regex {
	r, _ := builtins.LoadOrStore(source, &Regex{Source: source, builtin: true})
	return r.(*Regex)
}

// formatPattern returns the pattern that the library gives a string format.
func (v Dialect) formatPattern(c *Check) *Regex {
	fresh := func(s string) *Regex { return &Regex{Source: s, builtin: true} }
	text := escapeRegex(c.Value.text())
	switch c.Format {
	case "uuid":
		return fresh(uuidPattern(v, c.Options["version"].Str))
	case "datetime":
		return fresh(datetimePattern(v, c.Options["precision"], c.Options["offset"].truthy(), c.Options["local"].truthy()))
	case "time":
		return fresh(`^` + timeForm(c.Options["precision"], false) + `$`)
	case "nanoid":
		if n := c.Options["length"]; n.Kind == ArgNumber && v.since(5, 0) {
			return fresh(`^[a-zA-Z0-9_-]{` + n.text() + `}$`)
		}
		return builtin(`^[a-zA-Z0-9_-]{21}$`)
	case "mac":
		return fresh(macPattern(c.Options["delimiter"]))
	case "starts_with":
		return fresh(ecma.RegExpSource("^" + text + ".*"))
	case "ends_with":
		return fresh(ecma.RegExpSource(".*" + text + "$"))
	case "includes":
		return fresh(ecma.RegExpSource(includesPattern(v, text, c.Position)))
	case "emoji":
		s, _ := v.pick(formatPatterns["emoji"])
		return fresh(s)
	}
	if s, ok := v.pick(formatPatterns[c.Format]); ok {
		return builtin(s)
	}
	if s, ok := hashPattern(v, c.Format); ok {
		return builtin(s)
	}
	return nil
}

func macPattern(delimiter Arg) string {
	d := ":"
	if delimiter.Kind == ArgString {
		d = delimiter.Str
	}
	d = escapeRegex(d)
	return ecma.RegExpSource(`^(?:[0-9A-F]{2}` + d + `){5}[0-9A-F]{2}$|^(?:[0-9a-f]{2}` + d + `){5}[0-9a-f]{2}$`)
}

func includesPattern(v Dialect, text string, position Arg) string {
	if position.Kind != ArgNumber {
		return text
	}
	if v.since(5, 0) {
		return `^.{` + position.text() + `,}` + text
	}
	return `^.{` + position.text() + `}` + text
}
