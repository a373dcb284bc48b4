package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Subject is a document to look at.
type Subject struct {
	// Name is what the user calls it.
	Name     string
	Document *schema.Document
	// File is the user's file that findings without a place belong to; Name where it is empty.
	File string
	// Places says where things stand in the user's files; may be nil.
	Places Places
}

// Options change what is looked for.
type Options struct {
	// Traffic is what the program was seen to send. Each belongs to the document of its version.
	Traffic []Traffic
	// CallerSchemas are tools whose schema is what the caller gives, so that none can be known.
	CallerSchemas []string
	// Rules are settings of the form ID=SEVERITY.
	Rules []string
	// Floors are the percentages below which a figure is a finding.
	Floors map[string]float64
	// Baseline names the findings that are known; may be nil.
	Baseline *Baseline
}

// DefaultCallerSchemas is what CallerSchemas is where the user says nothing: the tool by which a program hands a
// caller's own schema on to the model.
var DefaultCallerSchemas = []string{"StructuredOutput"}

// reportVersion is the version of the report's form.
const reportVersion = 1

// Report is what there is to say of documents.
type Report struct {
	SchemaVersion int              `json:"schemaVersion"`
	Documents     []DocumentReport `json:"documents"`
}

// DocumentReport is what there is to say of one.
type DocumentReport struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Version string `json:"version"`
	// Traces are the names of the traffic that it was compared with. Figures is empty where there is none.
	Traces   []string  `json:"traces"`
	Figures  []Figure  `json:"figures"`
	Findings []Finding `json:"findings"`
}

// Run looks at documents, in the order of their versions.
func Run(subjects []Subject, o Options) (*Report, error) {
	severities, err := newSeverities(o.Rules)
	if err != nil {
		return nil, err
	}
	for key := range o.Floors {
		if !slices.Contains(FigureKeys, key) {
			return nil, fmt.Errorf("there is no figure %q; there are %s", key, strings.Join(FigureKeys, ", "))
		}
	}
	for _, s := range subjects {
		if a, b := s.Document, subjects[0].Document; a.SchemaVersion != b.SchemaVersion {
			return nil, fmt.Errorf("%s is of schemaVersion %d and %s of %d: analyse both with the same bundlens",
				subjects[0].Name, b.SchemaVersion, s.Name, a.SchemaVersion)
		}
	}
	subjects = slices.Clone(subjects)
	slices.SortStableFunc(subjects, func(a, b Subject) int {
		return CompareVersions(a.Document.Source.Version, b.Document.Source.Version)
	})
	traffic, err := assign(subjects, o.Traffic)
	if err != nil {
		return nil, err
	}
	r := &Report{SchemaVersion: reportVersion, Documents: []DocumentReport{}}
	var before *schema.Document
	for i, s := range subjects {
		d, err := one(s, before, traffic[i], o)
		if err != nil {
			return nil, err
		}
		d.Findings = settle(d.Findings, severities)
		locate(d.Findings, s.Places)
		o.Baseline.mark(d.Findings)
		r.Documents = append(r.Documents, d)
		before = s.Document
	}
	return r, nil
}

// locate says of findings where they stand in the user's files.
func locate(findings []Finding, places Places) {
	for i := range findings {
		f := &findings[i]
		if f.Origin == nil || places == nil {
			continue
		}
		if p, ok := places(*f.Origin); ok {
			f.Position = &p
		}
	}
}

// one looks at one document.
func one(s Subject, before *schema.Document, traffic []Traffic, o Options) (DocumentReport, error) {
	d := DocumentReport{Name: s.Name, File: cmp.Or(s.File, s.Name), Version: s.Document.Source.Version, Traces: []string{}, Figures: []Figure{}}
	if before != nil && before.Source.Package != s.Document.Source.Package {
		before = nil // another program
	}
	d.Findings = health(s.Document, before)
	if len(traffic) > 0 {
		for _, t := range traffic {
			d.Traces = append(d.Traces, t.Name)
			if d.Version == "" {
				d.Version = t.Version
			}
		}
		figures, findings, err := score(s.Document, traffic, o.CallerSchemas)
		if err != nil {
			return d, err
		}
		findings = append(findings, otherVersions(s.Document, traffic)...)
		d.Figures, d.Findings = figures, append(findings, d.Findings...)
	}
	d.Findings = append(d.Findings, belowFloors(d.Figures, o.Floors)...)
	return d, nil
}

// otherVersions finds traffic that says that another version sent it.
func otherVersions(doc *schema.Document, traffic []Traffic) []Finding {
	var out []Finding
	for _, t := range traffic {
		if v := t.agentVersion(); v != "" && doc.Source.Version != "" && v != doc.Source.Version {
			out = append(out, Finding{Rule: ruleTraceVersion, Subject: t.Name,
				Message: fmt.Sprintf("its requests say that %s sent them, and the document is of version %s", t.Agent, doc.Source.Version)})
		}
	}
	return out
}

// belowFloors finds the figures that are too low. One that could not be had is below any floor.
func belowFloors(figures []Figure, floors map[string]float64) []Finding {
	var out []Finding
	for _, key := range slices.Sorted(maps.Keys(floors)) {
		i := slices.IndexFunc(figures, func(f Figure) bool { return f.Key == key })
		f := Finding{Rule: ruleFloor, Subject: key}
		switch {
		case i < 0 || figures[i].Percent == nil:
			f.Message = fmt.Sprintf("there is nothing to measure it on, and the floor is %g", floors[key])
		case *figures[i].Percent < floors[key]:
			f.Message = fmt.Sprintf("%.2f %% is below the floor of %g", *figures[i].Percent, floors[key])
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// assign gives each document the traffic of its version. Comparing a version with what another one sends would
// give figures that mean nothing, so that is refused.
func assign(subjects []Subject, traffic []Traffic) ([][]Traffic, error) {
	out := make([][]Traffic, len(subjects))
	for _, t := range traffic {
		var fits []int
		for i, s := range subjects {
			v := s.Document.Source.Version
			if v == t.Version || (v == "" || t.Version == "") && len(subjects) == 1 || v != "" && t.Version == "" && v == t.agentVersion() {
				fits = append(fits, i)
			}
		}
		switch {
		case len(fits) == 0 && t.Version == "":
			return nil, fmt.Errorf("%s does not say which version it is of: lint that version alone", t.Name)
		case len(fits) == 0:
			return nil, fmt.Errorf("%s is of version %s, and no document is", t.Name, t.Version)
		}
		for _, i := range fits {
			out[i] = append(out[i], t)
		}
	}
	return out, nil
}

// label is how a document is named in a message.
func label(doc *schema.Document) string {
	if doc.Source.Version != "" {
		return doc.Source.Version
	}
	return doc.Source.Name
}
