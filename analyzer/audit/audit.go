// Package audit says of a program what its code can reach, by which of its tools, and what speaks against installing it:
// instructions aimed at the model in the descriptions of its tools, hidden text, private files that it reads, hosts that
// it sends to, code that it fetches or decodes and runs, scripts that run when it is installed. It runs nothing.
package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// Version is that of the report's form.
const Version = 1

// Report is what was found.
type Report struct {
	Version int           `json:"auditVersion"`
	Source  schema.Source `json:"source"`
	// Complete is false where a part of the program could not be read.
	Complete bool   `json:"complete"`
	Tools    []Tool `json:"tools"`
	// Capabilities are the places where the program reaches what is outside of it, in the order of kinds, modules and places.
	Capabilities []Capability `json:"capabilities"`
	// Hosts are those in the addresses that stand in the program.
	Hosts []string `json:"hosts"`
	// Scripts run when the package, or one that it depends on, is installed.
	Scripts  []Script  `json:"installScripts"`
	Findings []Finding `json:"findings"`
}

// Tool is a tool, with digests of its description and schema, and what it reaches.
type Tool struct {
	Name        string `json:"name"`
	Description string `json:"descriptionDigest"`
	Schema      string `json:"schemaDigest"`
	// Reaches are the IDs of capabilities, each once.
	Reaches []string `json:"reaches"`
}

// Capability is one place where the program reaches what is outside of it.
type Capability struct {
	// Kind is the ID of the capability in the table of rules, and What the function or global.
	Kind string `json:"kind"`
	What string `json:"what"`
	// Arguments are what is passed, as far as it is known: the texts as they evaluate.
	Arguments []string      `json:"arguments"`
	Origin    schema.Origin `json:"origin"`
	// Ways lead from tools to it, the shortest of each tool.
	Ways []Way `json:"ways"`

	source string // the arguments as they stand, and what they are made from
}

// Way leads from a tool to a place, by the names on it.
type Way struct {
	Tool string   `json:"tool"`
	Path []string `json:"path"`
}

// Script runs when a package is installed.
type Script struct {
	Package string `json:"package"`
	Event   string `json:"event"`
	Command string `json:"command"`
}

// Finding is one thing that speaks against the program, or that changed since the baseline.
type Finding struct {
	Rule    string `json:"rule"`
	Level   Level  `json:"level"`
	Subject string `json:"subject"`
	Message string `json:"message"`
	// Evidence is the text that fits the rule, cut where it is long.
	Evidence string         `json:"evidence,omitempty"`
	Origin   *schema.Origin `json:"origin"`
	Ways     []Way          `json:"ways"`
	// Known says that the baseline has it.
	Known       bool   `json:"known"`
	Fingerprint string `json:"fingerprint"`
}

// Fails tells whether the finding is a reason not to install.
func (f Finding) Fails() bool { return !f.Known && f.Level != Note }

// Run audits an input. doc is what an analysis for tools found in it.
func Run(ctx context.Context, in *source.Input, doc *schema.Document, opts analyzer.Options) (*Report, error) {
	program := analyzer.Link(in)
	r := &Report{Version: Version, Source: doc.Source, Complete: doc.Health.Complete, Hosts: hosts(program), Scripts: scripts(in.Path)}
	finder := &finder{program: program, machine: analyzer.NewMachine(in, program, opts), names: map[nameKey]*unitNames{}}
	for _, m := range program.Modules {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		finder.module(m)
	}
	r.Capabilities = finder.found
	reacher := newReacher(finder)
	for _, t := range doc.Tools {
		reached := reacher.from(t, r.Capabilities)
		r.Tools = append(r.Tools, Tool{t.Name, digest(textOf(t.Description)), digest(string(t.InputSchema)), reached})
	}
	slices.SortFunc(r.Tools, func(a, b Tool) int { return cmp.Compare(a.Name, b.Name) })
	r.judge(doc, program, reacher.texts)
	r.settle()
	return r, nil
}

func digest(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// textOf is all that a text may be: its literals and those of its branches.
func textOf(t *schema.Text) string {
	if t == nil {
		return ""
	}
	parts := []string{t.Text}
	if !t.IsLiteral() {
		for lit := range schema.Literals(t.Parts) {
			parts = append(parts, lit)
		}
	}
	return strings.Join(parts, "\n")
}

// toolTexts calls visit for each text of a tool that reaches the model, with where it stands in its definition.
func toolTexts(t schema.Tool, visit func(where, text string)) {
	visit("description", textOf(t.Description))
	for _, v := range t.DescriptionVariants {
		visit("description", textOf(&v.Description))
	}
	for _, s := range []json.RawMessage{t.InputSchema, t.OutputSchema} {
		eachText(gjson.ParseBytes(s), "schema", visit)
	}
	for _, v := range t.SchemaVariants {
		eachText(gjson.ParseBytes(v.InputSchema), "schema", visit)
	}
}

func eachText(r gjson.Result, where string, visit func(where, text string)) {
	switch {
	case r.IsObject():
		r.ForEach(func(k, v gjson.Result) bool {
			visit(where+" (a key)", k.Str)
			eachText(v, where+"/"+k.Str, visit)
			return true
		})
	case r.IsArray():
		r.ForEach(func(_, v gjson.Result) bool {
			eachText(v, where, visit)
			return true
		})
	case r.Type == gjson.String:
		visit(where, r.Str)
	}
}

// settle orders all lists and seals the findings.
func (r *Report) settle() {
	byOrigin := func(a, b schema.Origin) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Start, b.Start))
	}
	slices.SortStableFunc(r.Capabilities, func(a, b Capability) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), byOrigin(a.Origin, b.Origin)) })
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Fingerprint = digest(f.Rule + "\x00" + f.Subject + "\x00" + f.Evidence)
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Evidence, b.Evidence))
	})
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool { return a.Fingerprint == b.Fingerprint })
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
}
