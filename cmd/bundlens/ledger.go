package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/ledger"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// writeLedger writes the ledger of an analysis to a file, whole or not at all.
func writeLedger(ctx context.Context, ui *terminal, file string, in *source.Input, doc *schema.Document) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	ui.progress("writing the ledger", 0, 0)
	sum, err := ledger.Write(ctx, tmp, in, doc)
	ui.endProgress()
	if err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
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
