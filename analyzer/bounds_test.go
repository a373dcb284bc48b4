package analyzer_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// TestGivenUp has a fact that does not end before it has to: what it found stays, and what was given up is said.
func TestGivenUp(t *testing.T) {
	endless := analyzer.Fact{Name: "endless", Query: facts.Tools.Query, Run: func(p *analyzer.Pass) error {
		p.Document.Tools = append(p.Document.Tools, schema.Tool{Name: "Found"})
		for p.Machine.Stats.BudgetHits == 0 {
			p.Machine.Run(func() eval.Value { return eval.Undefined })
		}
		return nil
	}}
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader("var a = 1")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for name, opts := range map[string]analyzer.Options{"time": {Timeout: time.Millisecond}, "memory": {MaxMemory: 1}} {
		doc, err := analyzer.Analyze(context.Background(), in, []analyzer.Fact{endless}, opts)
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(doc.Diagnostics, func(d schema.Diagnostic) bool {
			return d.Code == "given-up" && strings.Contains(d.Message, "fact endless")
		})
		if doc.Health.Complete || !slices.Contains(doc.Health.GivenUp, "fact endless") || !said || len(doc.Tools) != 1 {
			t.Errorf("%s: %+v, %+v", name, doc.Health, doc.Diagnostics)
		}
	}
}

// TestCancelled has a caller that wants no result any more, which is an error and no Document.
func TestCancelled(t *testing.T) {
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader("var a = 1")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if doc, err := analyzer.Analyze(ctx, in, facts.All, analyzer.Options{}); err == nil {
		t.Errorf("got %+v", doc.Health)
	}
}
