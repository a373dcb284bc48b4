// Package schema holds the Document that an analysis makes, and its parts. Reports, diffs, lint and exports read
// Documents and nothing else. The package only describes data: it knows no parser and uses no cgo.
//
// A Document is written by [Encode] and read by [Decode]. Its bytes depend on its value alone: keys stand in the
// order of the fields below, lists are [] and never null, and text is written as it is, without HTML escapes.
// Where a value is unknown that is said: a null and a reason beside it, a hole in a text, a loss of a schema.
package schema

import (
	"encoding/json"
	"slices"
)

// Version is the version of the Document's form. It changes when a reader of the former version would go wrong.
//
//	1  the first form: conditions are text
//	2  conditions are formulas over a table of questions; parts that texts share stand once, as fragments
const Version = 2

// Document is everything that one analysis found out about one program.
type Document struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schemaVersion"`
	// Source says what was analysed.
	Source Source `json:"source"`
	// Health says how much of the source could be read. Without it, "none found" would look like "could not see".
	Health Health `json:"health"`
	// Tools are what the model may call, by name.
	Tools []Tool `json:"tools"`
	// Prompts are the parts of what the model is told at the start.
	Prompts []Prompt `json:"prompts"`
	// Reminders are the texts that are put between the messages of a conversation.
	Reminders []Prompt `json:"reminders"`
	// Agents are the sub-agents that the program can start.
	Agents []Agent `json:"agents"`
	// Commands are what the user may type to the program.
	Commands []Command `json:"commands"`
	// Environment are the environment variables that the program reads.
	Environment []Variable `json:"environment"`
	// Flags are the feature flags that the program asks for.
	Flags []Flag `json:"flags"`
	// Capabilities are what the program may do to the machine, and what limits it.
	Capabilities []Capability `json:"capabilities"`
	// Questions are what the conditions ask, each once.
	Questions []Question `json:"questions"`
	// Fragments are lists of parts that several texts share: {"ref": n} stands for the parts of the n-th, counted from 0.
	// A fragment refers to earlier ones only. [Encode] makes them and [Decode] puts them back, so that a Document in memory
	// has none.
	Fragments [][]Part `json:"fragments"`
	// Formulas are conditions that several places share: {"f": n} stands for the n-th, counted from 0. One refers to earlier
	// ones only. Encode makes them and Decode puts them back.
	Formulas []Cond `json:"formulas"`
	// Diagnostics are remarks on the analysis itself.
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Source says what was analysed. It holds nothing of the machine on which the analysis ran.
type Source struct {
	// Name is what the input is called: a file's or directory's base name, or an npm specification.
	Name string `json:"name"`
	// Kind is "file", "directory", "package", "tarball", "archive", "executable" or "stdin".
	Kind string `json:"kind" jsonschema:"enum=file,enum=directory,enum=package,enum=tarball,enum=archive,enum=executable,enum=stdin"`
	// Package and Version come from the package.json; empty where there is none.
	Package string `json:"package"`
	Version string `json:"version"`
	// SHA256 and Size are those of the file that was read; empty and 0 for a directory.
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// Entry is the name of the module that runs first.
	Entry string `json:"entry"`
}

// Health says how much of the source was read, and what stood in the way.
type Health struct {
	// Complete is false where something could not be read, so that facts may be missing.
	Complete bool `json:"complete"`
	// Facts names what was looked for, in alphabetical order. A list of the Document that no fact here fills is empty
	// because nobody asked.
	Facts []string `json:"facts"`
	// Modules is how many modules there are, and Bytes how long their sources are together.
	Modules int   `json:"modules"`
	Bytes   int64 `json:"bytes"`
	// ModulesUnread is how many of them could not be read.
	ModulesUnread int `json:"modulesUnread"`
	// ModulesWhole is how many had to be parsed whole because their statements could not be told apart.
	ModulesWhole int `json:"modulesWhole"`
	// Units counts top-level statements.
	Units Units `json:"units"`
	// ParsedBytes is how much source was parsed.
	ParsedBytes int64 `json:"parsedBytes"`
	// ParseErrors is how many parsed statements hold an error.
	ParseErrors int `json:"parseErrors"`
	// GivenUp names what was not looked at to its end, because the analysis took too long or too much memory.
	GivenUp []string `json:"givenUp"`
	// BudgetHits is how often an evaluation was given up because it took too long or grew too large.
	BudgetHits int `json:"budgetHits"`
	// Unresolved is how many names were asked for and have no declaration.
	Unresolved int `json:"unresolved"`
	// Candidates says what looked like a tool, or like a place that hands tools out, and what became of it.
	Candidates Candidates `json:"candidates"`
	// SchemasUnknown is how many tools have an input schema of which nothing could be read.
	SchemasUnknown int `json:"schemasUnknown"`
	// Converters is how many calls were found by which the program makes JSON Schema of the schemas that it sends.
	Converters int `json:"converters"`
	// CrossChecked is how many schemas were made in two ways that could be compared: as the library is known here, and by
	// the program's own converter. Where they differ, a diagnostic says so.
	CrossChecked int `json:"crossChecked"`
	// NamesWithoutRecord are names that the program's own lists, its system prompt or descriptions of tools have for tools,
	// and no record has, in alphabetical order.
	NamesWithoutRecord []string `json:"namesWithoutRecord"`
	// TextsNotFollowed names the kinds of texts that come from more places than were looked at, in alphabetical order.
	TextsNotFollowed []string `json:"textsNotFollowed"`
	// NotSeen says in words, for people, what could not be seen. Complete is true where nothing stands in it, nor in
	// TextsNotFollowed and NamesWithoutRecord.
	NotSeen []string `json:"notSeen"`
}

// Seen says that the program was read whole, and what looked like a tool understood. Texts that come from more places than
// are looked at, and a few tools that only texts speak of, may be missing all the same: then Complete is false.
func (h Health) Seen() bool {
	return h.Complete || len(h.NotSeen) == 0 && len(h.TextsNotFollowed)+len(h.NamesWithoutRecord) > 0
}

// ReadWhole says that the source was read and searched to its end, whatever was understood of it.
func (d *Document) ReadWhole() bool {
	return d.Health.ModulesUnread == 0 && !slices.ContainsFunc(d.Diagnostics, func(x Diagnostic) bool { return x.Severity == SeverityError })
}

// Candidates counts what looked like a tool, and like a place that hands tools out.
type Candidates struct {
	// Seen is how many there were, and Tools how many of them became, or belong to, the record of a tool.
	Seen  int `json:"seen"`
	Tools int `json:"tools"`
	// Dropped are the others, by module and offset.
	Dropped []Dropped `json:"dropped"`
}

// Rules by which a candidate is no record.
const (
	DroppedNoTool       = "no-tool"              // it was understood, and is none
	DroppedTemplate     = "made-for-callers"     // its name is what callers pass: it makes tools, or hands them on
	DroppedName         = "name-not-known"       // it describes a tool whose name could not be known
	DroppedSchema       = "schema-not-known"     // it has a name and a text, and a schema that is not understood
	DroppedRegistration = "registration-unknown" // a call that registers a tool, which could not be known
	DroppedAnswer       = "answer-not-known"     // what is answered to a request for the tools could not be known
	DroppedRequest      = "request-not-known"    // the tools of a request could not be known
)

// Dropped is a candidate that is in no record.
type Dropped struct {
	// Rule is one of the constants.
	Rule string `json:"rule" jsonschema:"enum=no-tool,enum=made-for-callers,enum=name-not-known,enum=schema-not-known,enum=registration-unknown,enum=answer-not-known,enum=request-not-known"`
	// What is the name that it has, or the method that is called; empty where there is none.
	What string `json:"what"`
	// Origin is where it stands.
	Origin Origin `json:"origin"`
}

// Understood says that nothing is missing for want of the candidate.
func (d Dropped) Understood() bool { return d.Rule == DroppedNoTool || d.Rule == DroppedTemplate }

// Sink says that it is a place which hands tools out, so that more than one tool may be missing.
func (d Dropped) Sink() bool { return d.Rule == DroppedAnswer || d.Rule == DroppedRequest }

// Units counts top-level statements.
type Units struct {
	// Indexed is how many the scanner found.
	Indexed int `json:"indexed"`
	// Parsed is how many of them were parsed.
	Parsed int `json:"parsed"`
}

// Origin is where a fact stands in the source.
type Origin struct {
	// Module is the module's name.
	Module string `json:"module"`
	// Start and End are byte offsets in the module's source.
	Start int `json:"start"`
	End   int `json:"end"`
	// Symbol is the name under which the source knows it, where there is one; it changes from build to build.
	Symbol string `json:"symbol,omitempty"`
}

// Loss is one thing that a schema does not say, though the program does.
type Loss struct {
	// Path is a JSON pointer into the schema: where the missing thing would stand.
	Path string `json:"path"`
	// Construct is what the program wrote, such as "refine" or "transform".
	Construct string `json:"construct"`
	// Why says why it could not be carried over.
	Why string `json:"why"`
	// Kind is "unrepresentable" where JSON Schema has no word for it and the program's own schema says nothing either,
	// "narrower" where the program takes less than its schema says, as after a check by a function, "unknown" where it
	// could not be evaluated, "assumed" where a likely answer stands for one that isn't known, "text" where a text has
	// holes, and "bound" where it was too deep or too large.
	Kind string `json:"kind" jsonschema:"enum=unrepresentable,enum=narrower,enum=unknown,enum=assumed,enum=text,enum=bound"`
}

// Inherent says whether the program's own schema lacks it as well, so that nothing was overlooked.
func (l Loss) Inherent() bool { return l.Kind == "unrepresentable" || l.Kind == "narrower" }

// Severities of a diagnostic.
const (
	SeverityError   = "error"   // something could not be seen
	SeverityWarning = "warning" // something may be wrong
	SeverityNote    = "note"    // worth knowing
)

// CodeInput is the Code of what there is to remark on the input itself, before anything is looked for in it.
const CodeInput = "input"

// Diagnostic is a remark on the analysis.
type Diagnostic struct {
	// Severity is one of the constants.
	Severity string `json:"severity" jsonschema:"enum=error,enum=warning,enum=note"`
	// Code names the kind of remark in kebab-case; it is stable.
	Code string `json:"code"`
	// Message says it to a person.
	Message string `json:"message"`
	// Origin is the place, where there is one.
	Origin *Origin `json:"origin"`
}

// KindAssembly is the Kind of a Prompt that is a whole system prompt: its sections in the order in which the program
// joins them, each a choice by its condition.
const KindAssembly = "system-prompt"

// Prompt is a text that the program tells its model: a section of the system prompt, or a reminder.
type Prompt struct {
	// ID is in kebab-case, made from the structure, and stays the same from build to build.
	ID string `json:"id"`
	// Kind says what sort of text it is, such as "system-section".
	Kind string `json:"kind"`
	// Title is the heading that it begins with, or its first sentence.
	Title string `json:"title"`
	Text  Text   `json:"text"`
	// Guards are the conditions under which it is sent, in alphabetical order; all of them have to hold.
	Guards []Cond `json:"guards"`
	// GuardsLeftOut says that there are further conditions, which are too large, or took too long to find out.
	GuardsLeftOut bool   `json:"guardsLeftOut,omitempty"`
	Origin        Origin `json:"origin"`
}

// Told are the guards as people read them: their texts, and that there are further ones.
func (p *Prompt) Told() (list []string) {
	for i := range p.Guards {
		list = append(list, p.Guards[i].String())
	}
	if p.GuardsLeftOut {
		list = append(list, "further conditions")
	}
	return list
}

// Agent is a sub-agent that the program can start.
type Agent struct {
	Name string `json:"name"`
	// WhenToUse is what the model is told about when to start it.
	WhenToUse *Text `json:"whenToUse"`
	// Prompt is its system prompt.
	Prompt *Text `json:"prompt"`
	// Model is the model it runs on; empty where it is not said.
	Model string `json:"model"`
	// Tools are the names of the tools it has, DisallowedTools of those it has not.
	Tools           []string `json:"tools"`
	DisallowedTools []string `json:"disallowedTools"`
	// Enabled is whether the model may start it in the default world, in one of its modes at least; null where that is not
	// known. EnabledWhen is the condition for it; null where there is none.
	Enabled     *bool `json:"enabled"`
	EnabledWhen *Cond `json:"enabledWhen"`
	// Internal says that it is in no list of those that the model may choose from: the program starts it by itself.
	Internal bool   `json:"internal,omitempty"`
	Origin   Origin `json:"origin"`
}

// Command is something that the user may type to the program.
type Command struct {
	Name        string   `json:"name"`
	Aliases     []string `json:"aliases"`
	Kind        string   `json:"kind"`
	Description *Text    `json:"description"`
	// Prompt is what the model is sent when the command is used. A written Document has its rendering where it does not
	// follow from its parts.
	Prompt      *Text  `json:"prompt"`
	Enabled     *bool  `json:"enabled"`
	EnabledWhen *Cond  `json:"enabledWhen"`
	Origin      Origin `json:"origin"`
}

// Variable is an environment variable that the program reads.
type Variable struct {
	Name string `json:"name"`
	// Defaults are the constants that the program takes in its place where it is not set, each once.
	Defaults []json.RawMessage `json:"defaults"`
	// Uses are the records that depend on it.
	Uses []Use `json:"uses"`
	// Origins are the places where it is read; none where it is known only by what depends on it.
	Origins []Origin `json:"origins"`
}

// Flag is a feature flag that the program asks for.
type Flag struct {
	Key string `json:"key"`
	// Fallback is the value that the program takes without an answer; null where it is not known.
	Fallback json.RawMessage `json:"fallback"`
	// Uses are the records that depend on it. One with UseText has a piece that comes from a remote configuration.
	Uses    []Use    `json:"uses"`
	Origins []Origin `json:"origins"`
}

// Ways in which a record depends on a variable or flag.
const (
	UseCondition = "condition" // it decides whether there is a record, or a piece of it
	UseText      = "text"      // its value, or what is made of it, is a piece of the text
)

// Use is a record that depends on a variable or flag.
type Use struct {
	// Record is the list of the Document and the record's name or id in it, such as "tools/Read".
	Record string `json:"record"`
	// How is one of the constants.
	How string `json:"how" jsonschema:"enum=condition,enum=text"`
}

// Kinds of capabilities.
const (
	CapabilityMode     = "permission-mode" // Values are the modes
	CapabilityOption   = "option"          // an option of the command line; Detail says what it is for
	CapabilitySetting  = "setting"         // a setting; Schema says what it takes
	CapabilitySandbox  = "sandbox"         // Detail is a sandbox's profile, or the arguments of a program that makes one
	CapabilityPaths    = "paths"           // Values are paths that the program has a list of
	CapabilityHosts    = "hosts"           // Values are hosts that the program has a list of
	CapabilityDecision = "decision"        // Name is the answer to a request, and Detail what is said with it
)

// Capability is something that the program may do to the machine, or a limit to that, as its code states it.
type Capability struct {
	Name string `json:"name"`
	// Kind is one of the constants.
	Kind string `json:"kind"`
	// Detail, Schema and Values are what is stated; the kind says which. Those that are not are null and empty.
	Detail *Text           `json:"detail"`
	Schema json.RawMessage `json:"schema"`
	Values []string        `json:"values"`
	Origin Origin          `json:"origin"`
}
