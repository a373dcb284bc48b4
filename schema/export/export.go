// Package export writes the tools of a Document for other programs: as JSON Schema files, as the tool lists of
// protocols and of vendors' interfaces, as OpenAPI, and as types of programming languages. It reads nothing but the
// Document, and runs nothing.
//
// Names, keys and texts of a Document are data of somebody else's program. They reach an output only quoted, escaped
// or, as an identifier, made of letters and digits. What a schema does not say, and what a format can't say, stands in
// the output, as a comment or a member that the format's readers skip: see [Program.Remarks] for what has no place there.
//
// The same Document gives the same bytes.
package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Format is a form for another program.
type Format struct {
	// Name is what the user calls it, and Doc says in a line what it is.
	Name, Doc string
	// Extension is that of its file, with the dot.
	Extension string
	// Directory says that it has a file for each tool.
	Directory bool
	write     func(*Program) ([]byte, error)
}

// Formats are all formats, in the order in which help lists them. A new one is a line here.
var Formats = []Format{
	{"json-schema", "JSON Schemas with $id, title and description, a file a tool", ".json", true, jsonSchemaBundle},
	{"mcp", "the result of tools/list of the Model Context Protocol", ".json", false, mcp},
	{"anthropic", "the tools member of a request to Anthropic's Messages API", ".json", false, anthropic},
	{"openai", "the tools member of a request to OpenAI's Chat Completions API", ".json", false, openAIChat},
	{"openai-responses", "the tools member of a request to OpenAI's Responses API", ".json", false, openAIResponses},
	{"openapi", "an OpenAPI 3.1 description, an operation a tool", ".json", false, openAPI},
	{"typescript", "types of the inputs and outputs", ".ts", false, typeScript},
	{"zod", "Zod 4 schemas, in TypeScript", ".ts", false, zodSchemas},
	{"python", "pydantic 2 models", ".py", false, python},
	{"jsonl", "a line a record: tools, prompts, reminders, agents, commands", ".jsonl", false, jsonLines},
}

// Find returns the format of a name.
func Find(name string) (Format, error) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		var names []string
		for _, f := range Formats {
			names = append(names, f.Name)
		}
		return Format{}, fmt.Errorf("there is no format %q; there are %s", name, strings.Join(names, ", "))
	}
	return Formats[i], nil
}

// Write returns the text of the format.
func (f Format) Write(p *Program) ([]byte, error) {
	text, err := f.write(p)
	if err != nil {
		return nil, fmt.Errorf("export to %s: %w", f.Name, err)
	}
	return text, nil
}

// File is one file of a format that has several.
type File struct {
	Name string
	Text []byte
}

// Files returns the files of the format that are to stand in a directory: one, or one a tool.
func (f Format) Files(p *Program) ([]File, error) {
	if f.Directory {
		return jsonSchemaFiles(p)
	}
	text, err := f.Write(p)
	return []File{{"tools" + f.Extension, text}}, err
}

// Options say which tools are exported.
type Options struct {
	// Enabled leaves out what the model does not get by default.
	Enabled bool
	// Names are the only tools that are exported; all where it is empty.
	Names []string
}

// Program is what is exported: a Document with its tools prepared.
type Program struct {
	doc   *schema.Document
	tools []*tool
	// Remarks say what the chosen tools lack that no place of an output may be able to say.
	Remarks []string
	// Missing are the names of Options that no tool has.
	Missing []string
}

// New prepares a Document.
func New(doc *schema.Document, o Options) (*Program, error) {
	p := &Program{doc: doc}
	idents := identifiers{}
	for _, t := range chosen(doc, o, p) {
		tool, err := newTool(t, idents)
		if err != nil {
			return nil, fmt.Errorf("tool %q: %w", t.Name, err)
		}
		p.tools = append(p.tools, tool)
	}
	for _, name := range o.Names {
		if !slices.ContainsFunc(doc.Tools, func(t schema.Tool) bool { return t.Name == name }) {
			p.Missing = append(p.Missing, name)
		}
	}
	return p, nil
}

// Len is how many tools are exported.
func (p *Program) Len() int { return len(p.tools) }

// chosen are the tools that are exported, in the order of the Document. A name stands for one tool in every format, so
// that of several with a name one is taken: one that the model gets by default before one of which that is not known.
func chosen(doc *schema.Document, o Options, p *Program) []*schema.Tool {
	var list []*schema.Tool
	at, others := map[string]int{}, map[string]int{}
	for i := range doc.Tools {
		t := &doc.Tools[i]
		if o.Enabled && !enabled(t) || len(o.Names) > 0 && !slices.Contains(o.Names, t.Name) {
			continue
		}
		k, taken := at[t.Name]
		if !taken {
			at[t.Name] = len(list)
			list = append(list, t)
			continue
		}
		others[t.Name]++
		if rank(t) > rank(list[k]) {
			list[k] = t
		}
	}
	for _, t := range list {
		if n := others[t.Name]; n > 0 {
			p.Remarks = append(p.Remarks, fmt.Sprintf("%d more of the name %q left out: a name stands for one tool", n, t.Name))
		}
	}
	return list
}

func enabled(t *schema.Tool) bool { return t.Enabled != nil && *t.Enabled }

// rank says which of two tools of a name is exported.
func rank(t *schema.Tool) int {
	switch {
	case enabled(t):
		return 2
	case t.Enabled == nil:
		return 1
	}
	return 0
}

// about says which program the tools are of.
func (p *Program) about() string {
	s := p.doc.Source
	name := s.Package
	if name == "" {
		name = s.Name
	}
	return strings.TrimSpace(name + " " + s.Version)
}

// caveats are what the reader of the whole has to know: nil where everything was seen.
func (p *Program) caveats() []string {
	if p.doc.Health.Complete {
		return nil
	}
	return []string{"The program could not be read whole: tools may be missing."}
}
