package main

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// maxColumns is how wide the summary is at most: longer lines are hard to read.
const maxColumns = 120

// printSummary prints what a user wants to know first. It fits the terminal, or 80 columns where there is none.
func printSummary(ui *terminal, input string, doc *schema.Document) error {
	if input == "-" {
		input = "" // it is read, and can't be named again
	}
	return report.Summary(ui.stdout, doc, report.SummaryOptions{
		Columns: min(width(ui.stdout), maxColumns), Input: shellWord(input),
		Heading: func(s string) string { return ui.paint(ui.stdout, bold, s) },
	})
}

var plainWord = lazyregexp.New(`^[A-Za-z0-9_@%+=:,./-]+$`)

// shellWord is a text as one word of a shell's command line.
func shellWord(s string) string {
	if s == "" || plainWord.Get().MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// phases shows how far an analysis is: reading first, then the facts that are still being evaluated. What it returns is
// told of each step that has ended.
func (t *terminal) phases(input string, looked []analyzer.Fact) func(step string, took time.Duration) {
	var mu sync.Mutex
	var open []string
	for _, f := range looked {
		open = append(open, f.Name)
	}
	done, total := 0, len(open)+1
	t.steps("reading "+input, done, total)
	return func(step string, _ time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		done++
		open = slices.DeleteFunc(open, func(name string) bool { return name == step })
		if len(open) > 0 {
			t.steps("evaluating "+strings.Join(open, ", "), done, total)
		}
	}
}
