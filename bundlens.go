// Package bundlens says what an agent program tells its model, from the program as it is shipped: one call reads an
// executable, an npm package or a file, and answers a Document with the tools, their JSON Schemas and descriptions, the
// system prompt, sub-agents, commands and environment. It runs nothing of what it reads.
//
// # Stability
//
// Within a major version this package, schema and bunextract keep their functions and types, and a Document that an older
// version wrote can be read. The other packages are what this one is made of: they may be used, and may change with
// each minor version. What stands below internal is for this module alone: a type of it that a function of package analyzer
// or facts speaks of can be handed on, and no more. Findings get better with each version, so that a Document is no
// promise of the next one.
package bundlens

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Options change an analysis. The zero value is fine.
type Options struct {
	// Facts are what is looked for, such as "tools" and "prompts"; all there is where it is empty.
	Facts []string
	// Assume answers questions of the world: "env.NAME", "flag.KEY", "platform", "mode" (interactive or print).
	Assume map[string]string
	// Platform chooses among packages that hold one platform's program each; "linux-x64" if empty.
	Platform string
	// CacheDir keeps fetched packages; below the user's cache directory if empty. Offline fetches nothing.
	CacheDir string
	Offline  bool
	// Vocabulary has more members and methods by which programs give a model something, as JSON: {"tool.register": ["equip"]}.
	// Package queries says which groups there are.
	Vocabulary []byte
	// Timeout bounds the analysis, and MaxMemory, in bytes, the memory that it has in use; 0 takes 5 minutes and 4000 MiB,
	// and what is below 0 is without bounds. What could not be looked at then is in the Document's Health.
	Timeout   time.Duration
	MaxMemory int64
	// Workers is how many goroutines work; 0 takes one for each processor.
	Workers int
	// Stdin is what "-" reads; os.Stdin if nil.
	Stdin io.Reader
}

// Analyze reads what spec names, "npm:NAME[@VERSION|@TAG]", the path of a file or directory, or "-", and says what was found
// in it. The Document is the same for the same input. Its Health says how much could be read; an input that could not be
// opened is an error, for which the errors of the package source can be told apart with errors.Is. It may be called from
// several goroutines.
func Analyze(ctx context.Context, spec string, opts Options) (*schema.Document, error) {
	wanted, err := factsOf(opts.Facts)
	if err != nil {
		return nil, err
	}
	var words *queries.Vocabulary
	if len(opts.Vocabulary) > 0 {
		if words, err = words.Extend(opts.Vocabulary); err != nil {
			return nil, err
		}
	}
	in, err := source.Open(ctx, spec, source.Options{Platform: opts.Platform, CacheDir: opts.CacheDir, Offline: opts.Offline, Stdin: opts.Stdin})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	doc, err := analyzer.Analyze(ctx, in, wanted, analyzer.Options{
		Assume: opts.Assume, Vocabulary: words, Workers: opts.Workers,
		Timeout: cmp.Or(opts.Timeout, analyzer.DefaultTimeout), MaxMemory: cmp.Or(opts.MaxMemory, analyzer.DefaultMaxMemory),
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	return doc, nil
}

func factsOf(names []string) ([]analyzer.Fact, error) {
	if len(names) == 0 {
		return facts.All, nil
	}
	var list []analyzer.Fact
	for _, name := range names {
		i := slices.IndexFunc(facts.All, func(f analyzer.Fact) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no fact %q to look for", name)
		}
		list = append(list, facts.All[i])
	}
	return list, nil
}
