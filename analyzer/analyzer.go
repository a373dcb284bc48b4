// Package analyzer finds facts about a program in its source: it links the program's modules, runs each fact's
// query over the statements that may hold it, and lets the fact evaluate what matched. What the facts find is one
// Document. The package knows no fact: callers pass the list, as with go/analysis.
package analyzer

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Fact is one kind of thing that is found.
type Fact struct {
	// Name is that of the fact's query, without its extension.
	Name string
	// Doc says in a line what is found.
	Doc string
	// Query is the text of the query that says where the fact may be.
	Query string
	// Run evaluates the matches and adds what it finds to the Document.
	Run func(*Pass) error
}

// What an analysis should be allowed to take where nobody says otherwise: more than the largest program that is known needs
// on a slow machine with everything looked for, so that what is found depends on the input alone.
const (
	DefaultTimeout   = 5 * time.Minute
	DefaultMaxMemory = 4000 << 20
)

// Options change an analysis. The zero value is fine.
type Options struct {
	// Assume answers questions of the world: "env.NAME", "flag.KEY", "platform", "mode" (interactive or print).
	Assume map[string]string
	// SchemaIO is "input" or "output": the side of a transforming schema that is described; "" takes the program's own.
	SchemaIO string
	// Refs is "none" or "root": how version 3 schemas refer to shared parts; "" takes the program's own.
	Refs string
	// Vocabulary is where programs give a model something; the default one if nil.
	Vocabulary *queries.Vocabulary
	// Workers is how many goroutines work; 0 takes one for each processor.
	Workers int
	// Timeout bounds the analysis, and MaxMemory, in bytes, the memory that it has in use; 0 is without bounds. What could
	// not be looked at then is in the Document's health.
	Timeout   time.Duration
	MaxMemory int64
	// Took, when not nil, gets how long each step took: "queries", and each fact by its name. It may be called from
	// several goroutines.
	Took func(step string, d time.Duration)
}

// Pass is what a fact may use.
type Pass struct {
	Input    *source.Input
	Program  *scope.Program
	Machine  *eval.Machine
	Zod      *zod.Library
	Options  Options
	Matches  []Match
	Document *schema.Document
	// Questions are what the conditions in Document ask.
	Questions *Questions

	plain func() *eval.Machine
}

// Plain is the pass with a machine of its own that knows no library: it evaluates the program's, where it can.
func (p *Pass) Plain() *Pass {
	plain := *p
	plain.Machine = p.plain()
	return &plain
}

// Words are the names of a group of the vocabulary.
func (p *Pass) Words(group string) []string { return p.Options.Vocabulary.Names(group) }

// Match is one match of a fact's query, in the unit that holds it.
type Match struct {
	js.Match
	Module *scope.Module
	Unit   int32
}

// Analyze runs the facts over an input, side by side. The Document is the same for the same input, whatever the order
// of facts and the number of workers.
func Analyze(ctx context.Context, in *source.Input, facts []Fact, opts Options) (*schema.Document, error) {
	program := Link(in)
	bounded, end := newBounds(ctx, opts)
	defer end()
	program.Within(bounded)
	versions := newVersions(program)
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	start := time.Now()
	matches, unsearched, err := match(bounded, program, facts, opts)
	if err != nil {
		return nil, err
	}
	if opts.Took != nil {
		opts.Took("queries", time.Since(start))
	}
	parts := make([]*schema.Document, len(facts))
	questions := make([]*Questions, len(facts))
	err = inParallel(ctx, opts.Workers, len(facts), func(i int) error {
		start := time.Now()
		part, err := bounded.fact(facts[i], func() (found, error) {
			return run(in, program, versions, facts[i], matches[i], opts, bounded)
		})
		matches[i] = nil
		if err != nil {
			return fmt.Errorf("fact %s: %w", facts[i].Name, err)
		}
		if opts.Took != nil {
			opts.Took(facts[i].Name, time.Since(start))
		}
		parts[i], questions[i] = part.doc, part.questions
		return nil
	})
	if err != nil {
		return nil, err
	}
	doc := newDocument(in)
	table := &questionTable{ids: map[string]int{}}
	if unsearched > 0 {
		bounded.note(doc, fmt.Sprintf("%d statements that may hold something", unsearched))
	}
	for i, part := range parts {
		doc.Health.Facts = append(doc.Health.Facts, facts[i].Name)
		table.add(part, questions[i])
		merge(doc, part)
	}
	table.put(doc)
	slices.Sort(doc.Health.Facts)
	if slices.Contains(doc.Health.Facts, "environment") {
		linkUses(doc)
		doc.PlaceQuestions()
	}
	judge(doc, in, program)
	slices.SortStableFunc(doc.Diagnostics, func(a, b schema.Diagnostic) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), strings.Compare(a.Message, b.Message))
	})
	return doc, nil
}

// match returns what the queries of the facts match, by fact, and how many statements were not looked at.
func match(b *bounds, program *scope.Program, facts []Fact, opts Options) (matches [][]Match, unsearched int, err error) {
	qs := make([]*queries.Query, len(facts))
	for i, f := range facts {
		q, err := queries.Load(f.Name+".scm", opts.Vocabulary.Expand(f.Query))
		if err != nil {
			return nil, 0, fmt.Errorf("fact %s: %w", f.Name, err)
		}
		qs[i] = q
	}
	return find(b, program, qs, opts.Workers)
}

// run evaluates one fact, with a machine of its own, so that what one fact evaluates can't matter to another.
func run(in *source.Input, program *scope.Program, versions *versions, f Fact, matches []Match, opts Options, b *bounds) (found, error) {
	machine, library := newMachine(in, program, versions, opts.Assume, &b.stopped)
	doc, asked := &schema.Document{}, newQuestions()
	plain := func() *eval.Machine { return eval.New(program, plainConfig(in, opts.Assume, &b.stopped)) }
	if err := f.Run(&Pass{in, program, machine, library, opts, matches, doc, asked, plain}); err != nil {
		return found{}, err
	}
	doc.Health.BudgetHits = machine.Stats.BudgetHits
	doc.Health.Unresolved = len(machine.Stats.Unresolved)
	return found{doc, asked}, nil
}

// merge adds what one fact found.
func merge(doc, part *schema.Document) {
	doc.Tools = append(doc.Tools, part.Tools...)
	doc.Prompts = append(doc.Prompts, part.Prompts...)
	doc.Reminders = append(doc.Reminders, part.Reminders...)
	doc.Agents = append(doc.Agents, part.Agents...)
	doc.Commands = append(doc.Commands, part.Commands...)
	doc.Environment = append(doc.Environment, part.Environment...)
	doc.Flags = append(doc.Flags, part.Flags...)
	doc.Capabilities = append(doc.Capabilities, part.Capabilities...)
	doc.Diagnostics = append(doc.Diagnostics, part.Diagnostics...)
	doc.Health.GivenUp = append(doc.Health.GivenUp, part.Health.GivenUp...)
	doc.Health.CrossChecked += part.Health.CrossChecked
	doc.Health.BudgetHits += part.Health.BudgetHits
	doc.Health.Unresolved += part.Health.Unresolved
	doc.Health.Converters += part.Health.Converters
	doc.Health.TextsNotFollowed = append(doc.Health.TextsNotFollowed, part.Health.TextsNotFollowed...)
	if c := part.Health.Candidates; c.Seen > 0 {
		doc.Health.Candidates = c
	}
}

// newDocument says what is analysed and how much of it could be read.
func newDocument(in *source.Input) *schema.Document {
	doc := &schema.Document{SchemaVersion: schema.Version, Source: in.Describe()}
	h := &doc.Health
	for _, m := range in.Modules {
		if m.Kind != source.JS {
			continue
		}
		h.Modules++
		h.Bytes += m.Size
		if m.Err != nil {
			h.ModulesUnread++
		}
	}
	return doc
}
