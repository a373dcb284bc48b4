package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

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
	text, err := json.Marshal(log)
	if err != nil {
		return err
	}
	var whole map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&whole); err != nil {
		return err
	}
	dropUnset(whole)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(whole)
}

// dropUnset takes out what the library writes for members that nobody set: -1, and lists of nothing. Validators call them
// needless, and some readers take them for values. The list of results is there even if it is empty.
func dropUnset(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			dropUnset(x)
		}
	case map[string]any:
		for key, x := range v {
			list, isList := x.([]any)
			if x == json.Number("-1") || isList && len(list) == 0 && key != "results" {
				delete(v, key)
				continue
			}
			dropUnset(x)
		}
	}
}

// sarif makes the run of a document.
func (d DocumentReport) sarif(version string) *sarif.Run {
	run := sarif.NewRunWithInformationURI(toolName, toolURI)
	run.Tool.Driver.WithVersion(version)
	run.WithColumnKind("utf16CodeUnits")
	run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("lint/" + d.title()))
	for _, rule := range Rules {
		if !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule == rule.ID }) {
			continue
		}
		run.AddRule(rule.ID).WithDescription(rule.Doc).WithFullDescription(sarif.NewMultiformatMessageString().WithText(rule.Doc)).
			WithHelp(sarif.NewMultiformatMessageString().WithText(rule.Doc + " Its severity is set with --rule " + rule.ID + "=SEVERITY; bundlens lint --rules lists all rules.")).
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
	message := f.sentence()
	if f.Place != nil {
		message += " (" + f.Place.String() + ")"
	}
	result := sarif.NewRuleResult(f.Rule).WithLevel(string(f.Severity)).WithMessage(sarif.NewTextMessage(message)).
		WithPartialFingerprints(map[string]string{"bundlens/v1": f.Fingerprint})
	location := sarif.NewLocation()
	switch {
	case f.Place != nil:
		location.WithPhysicalLocation(physical(Start(f.Place.Source)))
		location.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(f.Place.String()).WithKind("text"))
	case f.Origin != nil && f.Origin.Module != "":
		p := Start(d.File)
		if f.Position != nil {
			p = *f.Position
		}
		location.WithPhysicalLocation(physical(p))
		name := fmt.Sprintf("%s, bytes %d to %d: %s", f.Origin.Module, f.Origin.Start, f.Origin.End, f.Subject)
		location.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(name).WithKind("object"))
	default:
		location.WithPhysicalLocation(physical(Start(d.File)))
	}
	result.AddLocation(location)
	if f.Known {
		result.AddSuppression(sarif.NewSuppression().WithKind("external").WithJustification("the baseline has it"))
	}
	return result
}

// sourceRoot is what paths of the user's repository are relative to. GitHub and others know it by this name.
const sourceRoot = "%SRCROOT%"

// physical is a place in a file. Names of files are not URIs, so that they are escaped.
func physical(p Position) *sarif.PhysicalLocation {
	name := strings.TrimPrefix(filepath.ToSlash(p.File), "./")
	artifact := sarif.NewArtifactLocation()
	if path.IsAbs(name) {
		artifact.WithURI((&url.URL{Scheme: "file", Path: name}).String())
	} else {
		artifact.WithURI((&url.URL{Path: name}).String()).WithURIBaseID(sourceRoot)
	}
	region := sarif.NewRegion().WithStartLine(p.Line).WithStartColumn(p.Column).WithEndLine(p.EndLine).WithEndColumn(p.EndColumn)
	return sarif.NewPhysicalLocation().WithArtifactLocation(artifact).WithRegion(region)
}
