package zod

import "github.com/bundlens/bundlens/internal/ordered"

// Kind is the type of a schema, in the words of version 4's `def.type`.
type Kind string

// The kinds of schemas. Those of version 3 only are marked.
const (
	KindString          Kind = "string"
	KindNumber          Kind = "number"
	KindBigInt          Kind = "bigint"
	KindBoolean         Kind = "boolean"
	KindDate            Kind = "date"
	KindSymbol          Kind = "symbol"
	KindUndefined       Kind = "undefined"
	KindNull            Kind = "null"
	KindVoid            Kind = "void"
	KindAny             Kind = "any"
	KindUnknown         Kind = "unknown"
	KindNever           Kind = "never"
	KindNaN             Kind = "nan"
	KindObject          Kind = "object"
	KindArray           Kind = "array"
	KindTuple           Kind = "tuple"
	KindRecord          Kind = "record"
	KindMap             Kind = "map"
	KindSet             Kind = "set"
	KindUnion           Kind = "union" // also with a discriminator, also exclusive
	KindIntersection    Kind = "intersection"
	KindEnum            Kind = "enum"
	KindLiteral         Kind = "literal"
	KindOptional        Kind = "optional"
	KindNullable        Kind = "nullable"
	KindNonOptional     Kind = "nonoptional"
	KindDefault         Kind = "default"
	KindPrefault        Kind = "prefault"
	KindCatch           Kind = "catch"
	KindReadonly        Kind = "readonly"
	KindSuccess         Kind = "success"
	KindPipe            Kind = "pipe" // also a codec, a preprocess and version 3's pipeline
	KindTransform       Kind = "transform"
	KindTemplateLiteral Kind = "template_literal"
	KindFile            Kind = "file"
	KindLazy            Kind = "lazy"
	KindPromise         Kind = "promise"
	KindFunction        Kind = "function"
	KindCustom          Kind = "custom"
	KindProperties      Kind = "properties"

	KindEffects    Kind = "effects"    // version 3
	KindBranded    Kind = "branded"    // version 3
	KindNativeEnum Kind = "nativeEnum" // version 3

	// KindCheck is a check that is no schema, as `z.minLength(3)` makes it.
	KindCheck Kind = "check"
	// KindUnresolved is a schema that isn't known; Why says why.
	KindUnresolved Kind = "unresolved"
)

// Def is one schema instance. Instances are told apart by pointer, and one that
// is used twice is one Def; a Def may contain itself through a lazy schema or a
// getter. Only [Def.Call] of a registering method changes a Def once it is made.
type Def struct {
	Kind    Kind
	Class   string // the class's own name, such as "ZodObject" or "$ZodString"
	Dialect Dialect
	Why     string // of KindUnresolved

	// Coerce says that the input is converted first (`z.coerce`).
	Coerce bool
	// Check is the check that the instance itself is: of KindCheck, of a string
	// or number format, and of a custom schema.
	Check *Check
	// Checks are those attached to it, in order.
	Checks []*Check

	Shape         *Shape // object, properties
	Catchall      *Ref   // object: schema of further keys
	UnknownKeys   string // object, version 3: strip, strict or passthrough
	Inner         *Ref   // optional, nullable, default, catch, effects, branded, promise, array, set: the one inside
	Options       []*Ref // union
	OptionsWhy    string // why the options aren't all known
	Discriminator string // discriminated union
	Exclusive     bool   // union: exactly one option may match
	Entries       []Entry
	EntriesWhy    string // why the entries of an enum aren't all known
	Values        []Arg  // literal; enum of version 3
	In, Out       *Ref   // pipe
	Left, Right   *Ref   // intersection
	Items         []*Ref // tuple
	ItemsWhy      string // why the items aren't all known
	Rest          *Ref   // tuple
	Key, Value    *Ref   // record, map
	Mode          string // record: "" or "loose"
	Partial       bool   // record: not every key of a closed set is required
	NoValues      bool   // the set of values was taken from the instance (`_zod.values = undefined`)
	Parts         []Arg  // template literal
	Default       Arg    // default, prefault: the value or the function that makes it
	Catch         Arg    // catch: the value or the function that makes it
	Codec         bool   // pipe: a two-way codec
	Effect        string // effects: refinement, transform or preprocess
	Fn            *Func  // transform, effects, custom: the program's own function
	Exact         bool   // optional: the key may be absent but not undefined

	// Description is version 3's own. Version 4 keeps it in Meta.
	Description Arg
	// Meta is what the global registry holds for this very instance (version 4).
	Meta *Metadata
	// Others is what other registries hold for it, by their names.
	Others map[string]*Metadata
	// Parent is the instance this one was cloned from, when metadata is
	// inherited from it (version 4).
	Parent *Def

	getter    *Func // lazy
	rawEffect bool  // effects: Fn takes the value and a context
}

// Metadata is what is registered for an instance, in order.
type Metadata struct{ Props []Prop }

// Entry is one key and value of an enum.
type Entry struct {
	Key   string
	Value Arg
}

// Check is one check, in version 4's words: Kind is "min_length",
// "string_format", "greater_than", ...; version 3's checks are kept in Kind as
// version 3 says them ("min", "email", ...).
type Check struct {
	Kind    string
	Class   string
	Format  string
	Pattern *Regex
	// Value is the bound, divisor, length, prefix, suffix, or needle.
	Value     Arg
	Inclusive bool
	// Position is where a needle may begin, when it is given.
	Position Arg
	Mime     []Arg
	// Options are the definition's other members: precision, offset, local,
	// version, delimiter, length.
	Options map[string]Arg
	Fn      *Func
	Why     string // why a part of it isn't known

	// Of is the schema that the check is, if it is one as well.
	Of *Def
}

// Shape is the ordered properties of an object. Instances cloned from one
// another may share it.
type Shape struct {
	Fields []Field
	Open   string // why there may be further fields that aren't known

	// Resolve makes the fields on the first use, if it is set.
	Resolve  func() ([]Field, string)
	resolved bool
}

// Field is one property of an object.
type Field struct {
	Name   string
	Schema *Ref
}

// Ref is a place that holds a schema, known at once or on the first use.
type Ref struct {
	def     *Def
	resolve func() *Def
	busy    bool
}

// To returns a place that holds d.
func To(d *Def) *Ref {
	if d == nil {
		return nil
	}
	return &Ref{def: d}
}

// Later returns a place whose schema is made on the first use and kept.
func Later(resolve func() *Def) *Ref { return &Ref{resolve: resolve} }

// Unresolved returns a schema that isn't known.
func Unresolved(dialect Dialect, why string) *Def {
	return &Def{Kind: KindUnresolved, Dialect: dialect, Why: why}
}

// Def returns the schema, never nil for a place that isn't nil.
func (r *Ref) Def() *Def {
	if r == nil {
		return nil
	}
	if r.def != nil || r.busy {
		if r.def == nil {
			return Unresolved(Dialect{}, "a schema that needs itself to be made")
		}
		return r.def
	}
	r.busy = true
	defer func() { r.busy = false }()
	if r.def = r.resolve(); r.def == nil {
		r.def = Unresolved(Dialect{}, "a getter that returns no schema")
	}
	return r.def
}

// List returns the fields, made on the first use.
func (s *Shape) List() []Field {
	if s == nil {
		return nil
	}
	if s.Resolve != nil && !s.resolved {
		s.resolved = true
		s.Fields, s.Open = s.Resolve()
	}
	return s.Fields
}

// Result is what Convert makes of a schema.
type Result struct {
	// Schema is the JSON Schema, keywords and properties in the library's order.
	Schema *ordered.Map
	// Losses are the places that the schema doesn't say all of, in order.
	Losses []Loss
	// Complete tells whether every part of the definition is known. Losses of
	// kind LossNarrower and LossUnrepresentable leave it true.
	Complete bool
	// Throws is the message of the error that the program's own conversion ends
	// in, when it does; Schema is then as if it didn't.
	Throws string
	// Instances are those that version 4's schema was made of, each once, as they were met.
	Instances []*Def
}

// LossKind says what sort of loss it is.
type LossKind string

// The sorts of losses.
const (
	// LossUnknown: the definition isn't known there; the schema has `{}` or lacks a keyword.
	LossUnknown LossKind = "unknown"
	// LossAssumed: a likely answer stands for one that isn't known.
	LossAssumed LossKind = "assumed"
	// LossText: a text has holes that are rendered by name.
	LossText LossKind = "text"
	// LossNarrower: the program accepts less than the schema says, as after a refinement.
	LossNarrower LossKind = "narrower"
	// LossUnrepresentable: JSON Schema has no form for it; the library writes `{}`.
	LossUnrepresentable LossKind = "unrepresentable"
	// LossBound: a limit of depth or size was reached.
	LossBound LossKind = "bound"
)

// Loss is one place that the schema doesn't say all of.
type Loss struct {
	Path      string   `json:"path"` // JSON pointer into the schema
	Construct string   `json:"construct"`
	Why       string   `json:"why"`
	Kind      LossKind `json:"kind"`
}
