package schema

import "encoding/json"

// Tool is something that the model may call.
type Tool struct {
	// Name is what the model calls it; Aliases are names that the program takes for it as well.
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
	// Description is what the model is sent; null where it is not known.
	Description *Text `json:"description"`
	// Summary is the short text meant for people; null where there is none.
	Summary *Text `json:"summary"`
	// InputSchema and OutputSchema are JSON Schemas in the default world; null where unknown or not there.
	InputSchema  json.RawMessage `json:"inputSchema"`
	OutputSchema json.RawMessage `json:"outputSchema"`
	// Dialect is what the schema was made from, such as "zod-3", "zod-4.0" or "json-schema".
	Dialect string `json:"dialect"`
	// SchemaVariants and DescriptionVariants are the other forms and what they depend on.
	SchemaVariants      []SchemaVariant      `json:"schemaVariants"`
	DescriptionVariants []DescriptionVariant `json:"descriptionVariants"`
	// Enabled is whether the model gets it in the default world, in one of its modes at least; null where that is not
	// known. EnabledWhen is the condition for it; null where there is none.
	Enabled     *bool `json:"enabled"`
	EnabledWhen *Cond `json:"enabledWhen"`
	// Traits are what the program says of it, such as whether it only reads.
	Traits []Trait `json:"traits"`
	// Complete is false where the input schema says less than the program; Losses say what is missing.
	Complete bool   `json:"complete"`
	Losses   []Loss `json:"losses"`
	// Implementation is the source of its functions, in the order of its members.
	Implementation []Member `json:"implementation"`
	// Origin is where it stands, and Origins all the places where the same definition stands.
	Origin  Origin   `json:"origin"`
	Origins []Origin `json:"origins"`
}

// Member is a function that a tool has.
type Member struct {
	// Name is what the tool calls it.
	Name string `json:"name"`
	// Source is it as a member of an object literal, as it stands in the program but for names of imports and of
	// what the module gives a constant once, which are what they stand for. It is empty for a function that draws for people, and for one that is too long.
	Source string `json:"source,omitempty"`
	// Bytes is how long it is in the program.
	Bytes int `json:"bytes,omitempty"`
	// Like is the tool whose member of this name is the same, by its place among the Document's tools, counted from 0. It is
	// there only in a written Document, and then without Source and Bytes.
	Like *int `json:"like,omitempty"`
}

// SchemaVariant is an input schema that a tool has under a condition.
type SchemaVariant struct {
	When        Cond            `json:"when"`
	InputSchema json.RawMessage `json:"inputSchema,omitempty"`
	// Patch is the schema as a JSON merge patch (RFC 7386) of the tool's InputSchema, or of that of the variant with the
	// place Of, counted from 0. It is there only in a written Document, and then in place of InputSchema.
	Patch json.RawMessage `json:"patch,omitempty"`
	Of    *int            `json:"of,omitempty"`
}

// DescriptionVariant is a description that a tool has under a condition.
type DescriptionVariant struct {
	When        Cond `json:"when"`
	Description Text `json:"description"`
}

// Names of traits that a tool may have. Others stand in the list under the name that the program gives them.
const (
	TraitReadOnly        = "readOnly"
	TraitConcurrencySafe = "concurrencySafe"
	TraitDestructive     = "destructive"
)

// Trait is a yes or no that the program says of a tool.
type Trait struct {
	Name string `json:"name"`
	// Value is null where it depends or is not known; When is then the condition for yes, if that is known.
	Value *bool `json:"value"`
	When  *Cond `json:"when"`
}
