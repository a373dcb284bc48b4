package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/ledger"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// writeLedger writes the ledger of an analysis to a file, whole or not at all, or to standard output for -.
func writeLedger(ctx context.Context, ui *terminal, file string, in *source.Input, doc *schema.Document) error {
	var sum ledger.Summary
	write := func(w io.Writer) (err error) {
		ui.progress("writing the ledger", 0, 0)
		sum, err = ledger.Write(ctx, w, in, doc)
		ui.endProgress()
		return err
	}
	var err error
	if file == "-" {
		err = write(ui.stdout)
	} else {
		err = writeFileAtomically(file, write)
	}
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	var rules []string
	for rule, n := range sum.Rules {
		rules = append(rules, fmt.Sprintf("%s %d", rule, n))
	}
	slices.Sort(rules)
	ui.note("%s read like English, %d in records; in the ledger: %s", count(sum.Literals, "literal"), sum.Recorded, strings.Join(rules, ", "))
	return nil
}
