package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// The rules by which a program is compared with a baseline.
var changeRules = []Rule{
	{ID: "changed-description", Level: Error, Of: "baseline", Title: "a description or schema changed since the baseline"},
	{ID: "changed-schema", Level: Warning, Of: "baseline", Title: "the schema of a tool changed since the baseline"},
	{ID: "new-tool", Level: Warning, Of: "baseline", Title: "the baseline has no such tool"},
	{ID: "new-capability", Level: Error, Of: "baseline", Title: "a tool reaches what it did not reach in the baseline"},
	{ID: "new-host", Level: Warning, Of: "baseline", Title: "an address stands in the program that the baseline does not have"},
	{ID: "new-install-script", Level: Error, Of: "baseline", Title: "a script runs at installation that the baseline does not have"},
}

// Read reads a report that was written as JSON, to be a baseline.
func Read(r io.Reader) (*Report, error) {
	var b Report
	if err := json.NewDecoder(r).Decode(&b); err != nil {
		return nil, fmt.Errorf("not a report of an audit: %w", err)
	}
	if b.Version != Version {
		return nil, fmt.Errorf("not a report of an audit that this program reads: its version is %d, and not %d", b.Version, Version)
	}
	return &b, nil
}

// Compare marks the findings that a baseline has, and adds what changed since: of a program that was trusted, what it has
// become.
func (r *Report) Compare(baseline *Report) {
	known := map[string]bool{}
	for _, f := range baseline.Findings {
		known[f.Fingerprint] = true
	}
	for i := range r.Findings {
		r.Findings[i].Known = known[r.Findings[i].Fingerprint]
	}
	before := map[string]Tool{}
	for _, t := range baseline.Tools {
		before[t.Name] = t
	}
	for _, t := range r.Tools {
		was, found := before[t.Name]
		if !found {
			r.changed("new-tool", "tool "+t.Name, "")
			continue
		}
		if t.Description != was.Description {
			r.changed("changed-description", "tool "+t.Name, "")
		}
		if t.Schema != was.Schema {
			r.changed("changed-schema", "tool "+t.Name, "")
		}
		for _, kind := range t.Reaches {
			if !slices.Contains(was.Reaches, kind) {
				r.changed("new-capability", "tool "+t.Name, kind)
			}
		}
	}
	for _, c := range kindsOf(r) {
		if !slices.Contains(kindsOf(baseline), c) {
			r.changed("new-capability", r.Source.Name, c)
		}
	}
	for _, h := range r.Hosts {
		if !slices.Contains(baseline.Hosts, h) {
			r.changed("new-host", r.Source.Name, h)
		}
	}
	for _, s := range r.Scripts {
		if !slices.Contains(baseline.Scripts, s) {
			r.changed("new-install-script", s.Package+", "+s.Event, s.Command)
		}
	}
	r.settle()
}

func kindsOf(r *Report) (kinds []string) {
	for _, c := range r.Capabilities {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	return kinds
}

func (r *Report) changed(rule, subject, evidence string) {
	i := slices.IndexFunc(changeRules, func(c Rule) bool { return c.ID == rule })
	r.Findings = append(r.Findings, Finding{
		Rule: rule, Level: changeRules[i].Level, Subject: subject, Message: changeRules[i].Title, Evidence: shown(evidence), Ways: []Way{},
	})
}
