package facts

import (
	"maps"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
	"github.com/bundlens/bundlens/internal/ordered"
	schemazod "github.com/bundlens/bundlens/internal/zod"
)

// conversion is how the program converts the schemas of the tools that it sends under a key.
type conversion struct {
	key string
	zod.Conversion
}

// senderKeys are the members under which schemas are sent, those of a model's interface first.
var senderKeys = []string{"input_schema", "parameters", "parametersJsonSchema", "inputSchema"}

// sends notes how an object that is no tool itself, but hands on what a tool says, has schemas converted.
func (f *finder) sends(v eval.Value, key string) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || o.Own(key) == nil {
		return
	}
	for _, c := range f.Zod.ConversionsIn(o.Own(key).Value) {
		f.conversions = append(f.conversions, conversion{key, c})
	}
}

// options are those with which the program converts a schema in a world: the ones of its own call, where there is one,
// with what the user asks for instead.
func (f *finder) options(dialect schemazod.Dialect, own *zod.Conversion, w eval.World) (o zod.Options) {
	if own == nil {
		own = f.conversion(dialect.Family)
	}
	if own != nil {
		o = f.Zod.Options(f.Machine, *own, w)
	}
	o.Dialect, o.Unrepresentable = dialect, "any"
	if f.Options.SchemaIO != "" {
		o.IO = schemazod.IO(f.Options.SchemaIO)
	}
	if f.Options.Refs != "" {
		o.Refs = schemazod.Refs(f.Options.Refs)
	}
	return o
}

// conversion is how schemas of a family are converted before they are sent; nil where the program does not say.
func (f *finder) conversion(family schemazod.Family) *zod.Conversion {
	for _, key := range senderKeys {
		for i := range f.conversions {
			if c := &f.conversions[i]; c.key == key && c.Family == family {
				return &c.Conversion
			}
		}
	}
	return nil
}

// untouched tells whether a converted schema still is what the converter made.
func (f *finder) untouched(o *eval.Object, c *zod.Converted) bool {
	return ordered.Equal(c.Result.Schema, f.plain(o, eval.World{}).schema)
}

// settled tells whether the program's own conversion gives what a conversion in a world gives, with nothing to ask.
func (f *finder) settled(c *zod.Converted, w eval.World) bool {
	return f.Options.SchemaIO == "" && f.Options.Refs == "" && w.Ask == nil && maps.Equal(c.World.Answers, w.Answers)
}
