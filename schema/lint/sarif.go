package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

const (
	toolName = "bundlens"
	toolURI  = "https://github.com/bundlens/bundlens"
)

// WriteSARIF writes the report as SARIF 2.1.0, one run a document. Findings that the baseline has are suppressed.
func (r *Report) WriteSARIF(w io.Writer, version string) error {
	log := report.NewV210Report()
	for _, d := range r.Documents {
		log.AddRun(d.sarif(version))
	}
	if err := log.Validate(); err != nil {
		return fmt.Errorf("the SARIF log does not agree with its schema: %w", err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(log); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// sarif makes the run of a document.
func (d DocumentReport) sarif(version string) *sarif.Run {
	run := sarif.NewRunWithInformationURI(toolName, toolURI)
	run.Tool.Driver.WithVersion(version)
	run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("lint/" + d.title()))
	for _, rule := range Rules {
		if !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule == rule.ID }) {
			continue
		}
		run.AddRule(rule.ID).WithDescription(rule.Doc).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(string(rule.Severity)))
	}
	for _, f := range d.Findings {
		run.AddResult(f.sarif(d).WithRuleIndex(run.GetRuleIndex(f.Rule)))
	}
	if len(d.Figures) > 0 {
		figures := sarif.NewPropertyBag()
		for _, f := range d.Figures {
			figures.Add(f.Key, f)
		}
		run.WithProperties(figures)
	}
	return run
}

// sarif makes a result. Its message names the subject, for a viewer may not show anything else.
func (f Finding) sarif(d DocumentReport) *sarif.Result {
	message := f.Subject + ": " + f.Message
	if f.Place != nil || f.Subject == "health" {
		message = f.Message
	}
	if f.Place != nil {
		message += " (" + f.Place.String() + ")"
	}
	result := sarif.NewRuleResult(f.Rule).WithLevel(string(f.Severity)).WithMessage(sarif.NewTextMessage(message)).
		WithPartialFingerprints(map[string]string{"bundlens/v1": f.Fingerprint})
	location := sarif.NewLocation()
	switch {
	case f.Place != nil:
		location.WithPhysicalLocation(physical(f.Place.Source, nil))
		location.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(f.Place.String()).WithKind("text"))
	case f.Origin != nil && f.Origin.Module != "":
		length := max(f.Origin.End-f.Origin.Start, 0)
		region := sarif.NewRegion().WithByteOffset(f.Origin.Start).WithByteLength(length)
		location.WithPhysicalLocation(physical(f.Origin.Module, region))
		location.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(f.Subject).WithKind("object"))
	default:
		location.WithPhysicalLocation(physical(d.Name, nil))
	}
	result.AddLocation(location)
	if f.Known {
		result.AddSuppression(sarif.NewSuppression().WithKind("external").WithJustification("the baseline has it"))
	}
	return result
}

// physical is a place in a file. Names of modules are not URIs, so that they are escaped.
func physical(name string, region *sarif.Region) *sarif.PhysicalLocation {
	uri := (&url.URL{Path: name}).String()
	p := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri))
	if region != nil {
		p.WithRegion(region)
	}
	return p
}
