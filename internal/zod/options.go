package zod

import "github.com/bundlens/bundlens/internal/ordered"

// IO says which side of a transforming schema is described.
type IO string

// The sides. The empty one is the library's default, Output.
const (
	Input  IO = "input"
	Output IO = "output"
)

// Refs is zod-to-json-schema's $refStrategy.
type Refs string

// The strategies. The empty one is the library's default, RefsRoot.
const (
	RefsRoot     Refs = "root"
	RefsRelative Refs = "relative"
	RefsNone     Refs = "none"
	RefsSeen     Refs = "seen"
)

// Options are those of the two converters that change a result. A zero value
// is the library's own default.
type Options struct {
	Dialect Dialect

	// Of version 4's toJSONSchema.
	IO              IO
	Target          string // draft-2020-12, draft-07, draft-04, openapi-3.0; of version 3: jsonSchema7, jsonSchema2019-09, openApi3, openAi
	Unrepresentable string // throw, any
	Cycles          string // ref, throw
	Reused          string // inline, ref
	Registry        string // whose metadata is written; "" is the global one
	// Override is called for every schema once it is written, and may change it.
	Override func(d *Def, schema *ordered.Map, path []string)

	// Of version 3's zodToJsonSchema.
	Refs             Refs
	Name             string // puts the schema under definitions
	NameStrategy     string // ref, title
	BasePath         []string
	DefinitionPath   string
	Definitions      []Field
	StrictUnions     bool
	PipeStrategy     string   // all, input, output
	EffectStrategy   string   // input, any
	DateStrategy     []string // format:date-time, format:date, string, integer; several make an anyOf
	MapStrategy      string   // entries, record
	RemoveAdditional string   // passthrough, strict
	AllowedAdditional,
	RejectedAdditional any // what additionalProperties gets; nil: true and false
	PatternStrategy     string // escape, preserve
	ApplyRegexFlags     bool
	EmailStrategy       string // format:email, format:idn-email, pattern:zod
	Base64Strategy      string // contentEncoding:base64, format:binary, pattern:zod
	ErrorMessages       bool
	MarkdownDescription bool
	// Replace is called for every schema before it is written, and may give what stands in its place: nil for nothing.
	// met says that it was written before, whole that it is to be written even so.
	Replace func(d *Def, path []string, met, whole bool) (schema *ordered.Map, ok bool)
	// Finish is called for every schema once it is written, and gives what stands in its place: nil for nothing.
	Finish func(d *Def, schema *ordered.Map, path []string) *ordered.Map

	// OmitSchemaURI leaves out $schema, which the library writes first (version 4)
	// or last (version 3).
	OmitSchemaURI bool
	// MaxDepth and MaxNodes bound the work; 0 means 200 and 200,000.
	MaxDepth, MaxNodes int
}
