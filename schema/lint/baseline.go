package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// Baseline names the findings that are known, so that only new ones fail.
type Baseline struct {
	// Version is that of this form.
	Version  int             `json:"baselineVersion"`
	Findings []BaselineEntry `json:"findings"`
}

// BaselineEntry is a known finding. Rule and Subject are for people.
type BaselineEntry struct {
	Rule        string `json:"rule"`
	Subject     string `json:"subject"`
	Count       int    `json:"count,omitempty"`
	Fingerprint string `json:"fingerprint"`
}

const baselineVersion = 1

// NewBaseline names all findings of reports.
func NewBaseline(r *Report) *Baseline {
	b := &Baseline{Version: baselineVersion, Findings: []BaselineEntry{}}
	at := map[string]int{}
	for _, d := range r.Documents {
		for _, f := range d.Findings {
			if i, ok := at[f.Fingerprint]; ok {
				b.Findings[i].Count = max(b.Findings[i].Count, f.Count)
				continue
			}
			at[f.Fingerprint] = len(b.Findings)
			b.Findings = append(b.Findings, BaselineEntry{f.Rule, f.Subject, f.Count, f.Fingerprint})
		}
	}
	slices.SortFunc(b.Findings, func(x, y BaselineEntry) int {
		return cmp.Or(cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Subject, y.Subject), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	return b
}

// Write writes the baseline as JSON.
func (b *Baseline) Write(w io.Writer) error { return schema.Encode(w, b) }

// ReadBaseline reads what Write wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	b := new(Baseline)
	if err := json.Unmarshal(data, b); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("not a baseline of version %d: its baselineVersion is %d", baselineVersion, b.Version)
	}
	return b, nil
}

// mark marks the findings that the baseline has. One that stands for more than it did then is new.
func (b *Baseline) mark(findings []Finding) {
	if b == nil {
		return
	}
	known := map[string]int{}
	for _, e := range b.Findings {
		known[e.Fingerprint] = e.Count
	}
	for i := range findings {
		n, ok := known[findings[i].Fingerprint]
		findings[i].Known = ok && findings[i].Count <= n
	}
}
