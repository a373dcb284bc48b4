package zod

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/internal/zod"
)

// Conversion is a call of a converter: how the program converts.
type Conversion struct {
	Family zod.Family

	given eval.Value // the options
	io    zod.IO     // where the call says it by other means
}

// Converted is what the program's own call of the library's converter makes: the JSON Schema of a schema.
type Converted struct {
	Schema eval.Value
	Conversion
	World   eval.World // the one that Result is of
	Result  zod.Result
	Dialect zod.Dialect // of the schema in that world
}

// ConvertedOf returns what v was converted from, or nil.
func ConvertedOf(v eval.Value) *Converted {
	if o, ok := v.(*eval.Object); ok {
		if c, ok := o.Host.(*Converted); ok {
			return c
		}
	}
	return nil
}

// converters tell the library's two converters among the functions of a program, by the names of properties that
// only they use; a bundler keeps those.
var converters = []struct {
	family zod.Family
	marks  [][]byte
}{
	{zod.V4, [][]byte{[]byte("_idmap"), []byte("__shared")}},
	{zod.V3, [][]byte{[]byte("definitionPath"), []byte("http://json-schema.org/draft-07/schema#")}},
}

// maxConverter bounds the length of a function that may be a converter, in bytes.
const maxConverter = 16 << 10

// Call recognises a call of a converter; it is for eval.Config.
func (l *Library) Call(m *eval.Machine, f *eval.Object, this eval.Value, args []eval.Value) (eval.Value, bool) {
	if l.adds(m, f, this, args) {
		return this, true
	}
	if held, ok := l.gets(m, f, this, args); ok {
		return held, true
	}
	if len(args) == 0 || f.Func.Native != nil || !mayBeSchema(args[0]) {
		return nil, false
	}
	family, ok := l.converter(f)
	if !ok {
		return nil, false
	}
	c := Conversion{Family: family, given: eval.Undefined}
	if len(args) > 1 {
		c.given = args[1]
	}
	return l.converted(m, args[0], c), true
}

// mayBeSchema tells whether v is a schema or not known, in any world.
func mayBeSchema(v eval.Value) bool {
	switch v := v.(type) {
	case *eval.Unknown:
		return true
	case *eval.Choice:
		return mayBeSchema(v.Then) || mayBeSchema(v.Else)
	}
	return Of(v) != nil
}

// converter tells whether f is one of the library's converters.
func (l *Library) converter(f *eval.Object) (zod.Family, bool) {
	c, known := l.converters[f.Site]
	if !known {
		if l.converters == nil {
			l.converters = map[eval.Site]*zod.Family{}
		}
		c = converterOf(f)
		l.converters[f.Site] = c
	}
	if c == nil {
		return 0, false
	}
	return *c, true
}

func converterOf(f *eval.Object) *zod.Family {
	n := f.Func.Node
	if !n.Valid() || n.End()-n.Start() > maxConverter {
		return nil
	}
	text := n.Tree().Src[n.Start():n.End()]
	for _, c := range converters {
		all := true
		for _, mark := range c.marks {
			all = all && bytes.Contains(text, mark)
		}
		if all {
			return &c.family
		}
	}
	return nil
}

// converted is the value of a conversion: an object with the members of the JSON Schema in the library's world.
func (l *Library) converted(m *eval.Machine, schema eval.Value, c Conversion) eval.Value {
	s := Of(l.World.Pick(schema))
	if s == nil {
		return &eval.Unknown{Key: l.conversion(m, c), Expr: "toJSONSchema(" + m.Describe(schema) + ")",
			Why: "the JSON Schema of a schema that is not known"}
	}
	options := l.Options(m, c, l.World)
	options.Unrepresentable = "any"
	d := l.Def(m, s, l.World)
	options.Dialect = d.Dialect
	result := l.Convert(m, d, options)
	o := m.NewObject()
	if j, ok := jsonValue(m, result.Schema).(*eval.Object); ok {
		o = j
	}
	o.Host = &Converted{schema, c, l.World, result, d.Dialect}
	return o
}

// conversion keeps how a schema that is not known is converted, and returns the key of the unknown result.
func (l *Library) conversion(m *eval.Machine, c Conversion) string {
	options := l.Options(m, c, eval.World{})
	id := fmt.Sprintf("%d %+v", c.Family, options.Options)
	for _, o := range []*eval.Object{options.override, options.postProcess, options.definitions} {
		if o != nil {
			id += fmt.Sprint(o.Site)
		}
	}
	at, ok := l.numbers[id]
	if !ok {
		if l.numbers == nil {
			l.numbers = map[string]int{}
		}
		at = len(l.conversions)
		l.numbers[id] = at
		l.conversions = append(l.conversions, c)
	}
	return "converted:" + strconv.Itoa(at)
}

var conversionKey = lazyregexp.New(`converted:(\d+)`)

// ConversionsIn returns how the schemas are converted that a value was made of, where they are not known.
func (l *Library) ConversionsIn(v eval.Value) (out []Conversion) {
	switch v := v.(type) {
	case *eval.Choice:
		return append(l.ConversionsIn(v.Then), l.ConversionsIn(v.Else)...)
	case *eval.Unknown:
		for _, g := range conversionKey.Get().FindAllStringSubmatch(v.Key, -1) {
			if i, err := strconv.Atoi(g[1]); err == nil && i < len(l.conversions) {
				out = append(out, l.conversions[i])
			}
		}
	case *eval.Object:
		for _, u := range v.Open() {
			out = append(out, l.ConversionsIn(u)...)
		}
	}
	return out
}

// jsonValue turns JSON into a value.
func jsonValue(m *eval.Machine, v any) eval.Value {
	switch v := v.(type) {
	case bool:
		return eval.Bool(v)
	case string:
		return eval.String(v)
	case float64:
		return eval.Number(v)
	case int:
		return eval.Number(v)
	case int64:
		return eval.Number(v)
	case json.Number:
		f, _ := v.Float64()
		return eval.Number(f)
	case []any:
		list := make([]eval.Value, len(v))
		for i, x := range v {
			list[i] = jsonValue(m, x)
		}
		return m.NewArray(list...)
	case *ordered.Map:
		o := m.NewObject()
		for _, k := range v.Keys() {
			x, _ := v.Get(k)
			o.Define(k, jsonValue(m, x))
		}
		return o
	}
	return eval.Null
}

// standard is a schema's member ~standard, by which programs convert schemas of any library.
func (l *Library) standard(m *eval.Machine, s *eval.Object) eval.Value {
	side := func(io zod.IO) eval.Value {
		return m.NewFunction(func(m *eval.Machine, _ eval.Value, args []eval.Value) eval.Value {
			var given eval.Value = eval.Undefined
			if len(args) > 0 {
				given = args[0]
			}
			return l.converted(m, s, Conversion{zod.V4, given, io})
		})
	}
	both := m.NewObject()
	both.Define("input", side(zod.Input))
	both.Define("output", side(zod.Output))
	o := m.NewObject()
	o.Define("vendor", eval.String("zod"))
	o.Define("version", eval.Number(1))
	o.Define("jsonSchema", both)
	o.Define("validate", m.NewFunction(func(*eval.Machine, eval.Value, []eval.Value) eval.Value {
		return &eval.Unknown{Key: "parsed", Expr: "validate(...)", Why: "parses at run time"}
	}))
	return o
}

// Options are those of a conversion in a world.
type Options struct {
	zod.Options
	override    *eval.Object // the program's own function, in place of Override or Replace
	postProcess *eval.Object // in place of Finish
	definitions *eval.Object // schemas that are written under definitions, by their names
	given       *eval.Object // the options as the program gives them
	world       eval.World
	unread      []zod.Loss // what of the options is not known
}

// Options are those of a conversion, as they are in a world.
func (l *Library) Options(m *eval.Machine, c Conversion, w eval.World) Options {
	r := reader{m, w.Pick(c.given), w}
	o := Options{world: w, unread: r.unread()}
	o.given, _ = r.v.(*eval.Object)
	if f := r.get("override"); eval.IsFunction(f) {
		o.override = f.(*eval.Object)
	}
	if c.Family == zod.V3 {
		o.Options = v3Options(r)
		o.AllowedAdditional, o.RejectedAdditional = r.json("allowedAdditionalProperties"), r.json("rejectedAdditionalProperties")
		o.definitions, _ = r.get("definitions").(*eval.Object)
		if f := r.get("postProcess"); eval.IsFunction(f) {
			o.postProcess = f.(*eval.Object)
		}
		return o
	}
	o.Options = v4Options(r)
	if name, ok := l.registryName(m, r.get("metadata")); ok {
		o.Registry = name
	}
	if c.io != "" {
		o.IO = c.io
	}
	return o
}

// plain tells options that the library alone converts by.
func (o *Options) plain() bool {
	return o.override == nil && o.postProcess == nil && o.definitions == nil
}

// reader reads known members of an options object.
type reader struct {
	m     *eval.Machine
	v     eval.Value
	world eval.World
}

func (r reader) get(key string) eval.Value {
	if _, ok := r.v.(*eval.Object); !ok {
		return eval.Undefined
	}
	return r.world.Pick(r.m.Get(r.v, key))
}

// unread are the options that are not known.
func (r reader) unread() (losses []zod.Loss) {
	o, ok := r.v.(*eval.Object)
	if !ok {
		if u, unknown := r.v.(*eval.Unknown); unknown {
			losses = append(losses, zod.Loss{Construct: "options", Why: u.Why + ": " + u.Expr, Kind: zod.LossUnknown})
		}
		return losses
	}
	for _, k := range o.Keys() {
		if u, unknown := r.get(k).(*eval.Unknown); unknown {
			losses = append(losses, zod.Loss{Construct: "option " + k, Why: u.Why + ": " + u.Expr, Kind: zod.LossUnknown})
		}
	}
	return losses
}

// json is what an option writes; nil where it is not given.
func (r reader) json(key string) any {
	o, ok := r.v.(*eval.Object)
	if !ok || o.Own(key) == nil {
		return nil
	}
	return newTwin(r.m, r.world).json(r.get(key), nil, map[*eval.Object]bool{})
}

func (r reader) text(key string) string {
	s, _ := r.get(key).(eval.String)
	return string(s)
}

func (r reader) yes(key string) bool { return r.get(key) == eval.Bool(true) }

func (r reader) list(key string) (out []string) {
	switch v := r.get(key).(type) {
	case eval.String:
		return []string{string(v)}
	case *eval.Object:
		for _, e := range v.Elems {
			if s, ok := r.world.Pick(e.Value).(eval.String); ok {
				out = append(out, string(s))
			}
		}
	}
	return out
}

// v4Options are those that toJSONSchema(schema, options) is given.
func v4Options(r reader) zod.Options {
	target := r.text("target")
	switch target {
	case "draft-7":
		target = "draft-07"
	case "draft-4":
		target = "draft-04"
	}
	return zod.Options{IO: zod.IO(r.text("io")), Target: target, Cycles: r.text("cycles"), Reused: r.text("reused")}
}

// v3Options are those that zodToJsonSchema(schema, options) is given.
func v3Options(r reader) zod.Options {
	o := zod.Options{
		Target: r.text("target"), Refs: zod.Refs(r.text("$refStrategy")), Name: r.text("name"), NameStrategy: r.text("nameStrategy"),
		BasePath: r.list("basePath"), DefinitionPath: r.text("definitionPath"), StrictUnions: r.yes("strictUnions"),
		PipeStrategy: r.text("pipeStrategy"), EffectStrategy: r.text("effectStrategy"), DateStrategy: r.list("dateStrategy"),
		MapStrategy: r.text("mapStrategy"), RemoveAdditional: r.text("removeAdditionalStrategy"), PatternStrategy: r.text("patternStrategy"),
		ApplyRegexFlags: r.yes("applyRegexFlags"), EmailStrategy: r.text("emailStrategy"), Base64Strategy: r.text("base64Strategy"),
		ErrorMessages: r.yes("errorMessages"), MarkdownDescription: r.yes("markdownDescription"),
	}
	if s, ok := r.v.(eval.String); ok {
		o.Name = string(s)
	}
	return o
}
