package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

// What a sweep keeps in its store.
const (
	documentsDir   = "documents"
	historyDir     = "history"
	sweepIndexFile = "index.json"
)

// indexed is what the index of a store says of an input. Nothing in it depends on the machine or the day.
type indexed struct {
	Input    string      `json:"input"`
	Platform string      `json:"platform"`
	State    fleet.State `json:"state"`
	// Document is its file below the store, and SHA256 its digest; empty where there is none.
	Document string `json:"document"`
	SHA256   string `json:"sha256"`
	Tools    int    `json:"tools"`
	Complete bool   `json:"complete"`
	Reason   string `json:"reason"`
}

// tell prints a line for an input that is done, or could not be.
func (o *sweepOptions) tell(ui *terminal, e *fleet.Entry) error {
	if o.json {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(ui.stdout, "%s\n", line)
		return err
	}
	if e.State == fleet.Dead {
		ui.note("%s %s: %s", ui.paint(ui.stderr, red, "failed:"), e.Input, e.Reason)
	} else {
		ui.detail("%s: %s", e.Input, count(e.Tools, "tool"))
	}
	return nil
}

// documentName is the file of an input's Document below the store.
func (in swept) documentName() string {
	name := url.PathEscape(strings.TrimPrefix(in.job.Input, "npm:"))
	if in.job.File {
		name = url.PathEscape(filepath.Base(in.job.Input)) + "-" + in.job.Content[:12]
	}
	return documentsDir + "/" + name + "-" + in.platform + ".json"
}

// keep makes the store hold the Documents of a sweep, the differences between versions, and the index. What is there and as
// it should be is left as it is.
func (o *sweepOptions) keep(ctx context.Context, ui *terminal, f *fleet.Fleet, inputs []swept, entries map[string]*fleet.Entry) error {
	if err := os.MkdirAll(filepath.Join(o.dir, documentsDir), 0o777); err != nil {
		return err
	}
	index, err := readSweepIndex(ctx, o.dir)
	if err != nil {
		return err
	}
	for i, in := range inputs {
		ui.steps("Documents", i, len(inputs))
		e := entries[in.job.Key()]
		line := indexed{Input: in.shown(), Platform: in.platform, State: e.State, SHA256: e.Digest, Tools: e.Tools, Complete: e.Complete, Reason: e.Reason}
		if e.State == fleet.Done {
			line.Document = in.documentName()
			if err := keepDocument(ctx, f, filepath.Join(o.dir, filepath.FromSlash(line.Document)), e); err != nil {
				return err
			}
		}
		index[line.Input+" "+line.Platform] = line
	}
	ui.endProgress()
	if err := o.compare(ctx, ui, inputs, entries); err != nil {
		return err
	}
	var lines []indexed
	for _, line := range index {
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b indexed) int {
		return cmp.Or(cmp.Compare(a.Input, b.Input), cmp.Compare(a.Platform, b.Platform))
	})
	return writeFileAtomically(filepath.Join(o.dir, sweepIndexFile), func(w io.Writer) error { return schema.Encode(w, lines) })
}

// shown is an input as the index names it: a file without the folders of this machine.
func (in swept) shown() string {
	if in.job.File {
		return filepath.Base(in.job.Input) + " " + in.job.Content
	}
	return in.job.Input
}

// readSweepIndex reads the index of an earlier sweep, by input and platform.
func readSweepIndex(ctx context.Context, dir string) (map[string]indexed, error) {
	index := map[string]indexed{}
	path := filepath.Join(dir, sweepIndexFile)
	if _, err := os.Stat(path); err != nil {
		return index, nil
	}
	data, err := regular.Read(ctx, path, maxDocument)
	if err != nil {
		return nil, err
	}
	var lines []indexed
	if err := json.Unmarshal(data, &lines); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, line := range lines {
		index[line.Input+" "+line.Platform] = line
	}
	return index, nil
}

// keepDocument writes a Document to its file, unless it is there.
func keepDocument(ctx context.Context, f *fleet.Fleet, path string, e *fleet.Entry) error {
	if have, err := fileInput(path); err == nil && have.job.Content == e.Digest {
		return nil
	}
	data, err := f.Document(ctx, e.Result)
	if err != nil {
		return fmt.Errorf("%s: %w", e.Input, err)
	}
	return writeFileAtomically(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// compare keeps the history of each package that has several versions: what changed from one to the next.
func (o *sweepOptions) compare(ctx context.Context, ui *terminal, inputs []swept, entries map[string]*fleet.Entry) error {
	type program struct{ name, platform string }
	versions := map[program]map[string]swept{}
	for _, in := range inputs {
		if in.name == "" || entries[in.job.Key()].State != fleet.Done {
			continue
		}
		p := program{in.name, in.platform}
		if versions[p] == nil {
			versions[p] = map[string]swept{}
		}
		versions[p][in.version] = in
	}
	for p, of := range versions {
		dir := filepath.Join(o.dir, historyDir, url.PathEscape(p.name)+"-"+p.platform)
		if _, err := os.Stat(dir); len(of) < 2 && err != nil {
			continue
		}
		plan := history.Plan{Package: p.name, Engine: o.build + " " + string(of[anyKey(of)].job.Options),
			Analyze: func(ctx context.Context, version string) (*schema.Document, error) {
				data, err := regular.Read(ctx, filepath.Join(o.dir, filepath.FromSlash(of[version].documentName())), maxDocument)
				if err != nil {
					return nil, err
				}
				return schema.Parse(data)
			}}
		for v := range of {
			plan.Versions = append(plan.Versions, v)
		}
		ui.detail("comparing %s of %s", count(len(of), "version"), p.name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if _, err := history.Run(ctx, dir, plan, false); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func anyKey(m map[string]swept) string {
	for k := range m {
		return k
	}
	return ""
}
