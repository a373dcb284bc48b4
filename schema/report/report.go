// Package report writes what a Document says, for programs and for people. It reads nothing but the Document.
package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/schema"
)

// File is one file of a report.
type File struct {
	// Name is its name in the directory of the report.
	Name string
	// Write writes its content.
	Write func(w io.Writer, doc *schema.Document) error
}

// Files are the files of a report, those that take longest first. A new one is a line here.
// Their writers run side by side, and only read the Document.
var Files = []File{
	{"intel.json", Intel},
	{"tool-schemas.json", ToolSchemas},
	{"tool-descriptions.json", ToolDescriptions},
	{"tool-schemas.md", ToolSchemasMarkdown},
	{"tool-descriptions.md", ToolDescriptionsMarkdown},
	{"tool-implementations.md", ToolImplementationsMarkdown},
	{"system-prompts.md", SystemPromptsMarkdown},
	{"environment.md", EnvironmentMarkdown},
	{"sandbox-capabilities.md", SandboxCapabilitiesMarkdown},
}

// Write writes all files of the report into dir, which has to be there, several at once.
func Write(doc *schema.Document, dir string) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range Files {
		g.Go(func() error {
			return writeFile(filepath.Join(dir, f.Name), func(w io.Writer) error { return f.Write(w, doc) })
		})
	}
	return g.Wait()
}

func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	return errors.Join(write(w), w.Flush(), file.Close())
}

// Intel writes the whole Document.
func Intel(w io.Writer, doc *schema.Document) error {
	return schema.Encode(w, doc)
}

// toolSchema is a record of tool-schemas.json. Its conditions ask the questions of intel.json.
type toolSchema struct {
	Name         string                 `json:"name"`
	Aliases      []string               `json:"aliases"`
	Enabled      *bool                  `json:"enabled"`
	EnabledWhen  *schema.Cond           `json:"enabledWhen"`
	InputSchema  json.RawMessage        `json:"inputSchema"`
	OutputSchema json.RawMessage        `json:"outputSchema"`
	Dialect      string                 `json:"dialect"`
	Variants     []schema.SchemaVariant `json:"variants"`
	Traits       []schema.Trait         `json:"traits"`
	Complete     bool                   `json:"complete"`
	Losses       []schema.Loss          `json:"losses"`
	Origin       schema.Origin          `json:"origin"`
}

// ToolSchemas writes the tools with their schemas: an array by name.
func ToolSchemas(w io.Writer, doc *schema.Document) error {
	records := []toolSchema{}
	for _, t := range byName(doc) {
		records = append(records, toolSchema{
			Name: t.Name, Aliases: t.Aliases, Enabled: t.Enabled, EnabledWhen: t.EnabledWhen,
			InputSchema: t.InputSchema, OutputSchema: t.OutputSchema, Dialect: t.Dialect, Variants: t.SchemaVariants,
			Traits: t.Traits, Complete: t.Complete, Losses: t.Losses, Origin: t.Origin,
		})
	}
	return schema.Encode(w, records)
}

// toolDescription is a record of tool-descriptions.json.
type toolDescription struct {
	Name        string                      `json:"name"`
	Description *schema.Text                `json:"description"`
	Summary     *schema.Text                `json:"summary"`
	Variants    []schema.DescriptionVariant `json:"variants"`
	Origin      schema.Origin               `json:"origin"`
}

// ToolDescriptions writes the tools with what the model is told of them: an array by name.
func ToolDescriptions(w io.Writer, doc *schema.Document) error {
	records := []toolDescription{}
	for _, t := range byName(doc) {
		records = append(records, toolDescription{
			Name: t.Name, Description: t.Description, Summary: t.Summary, Variants: t.DescriptionVariants, Origin: t.Origin,
		})
	}
	return schema.Encode(w, records)
}

// byName answers the tools in the order of their names.
func byName(doc *schema.Document) []schema.Tool {
	tools := slices.Clone(doc.Tools)
	slices.SortStableFunc(tools, func(a, b schema.Tool) int { return cmp.Compare(a.Name, b.Name) })
	return tools
}
