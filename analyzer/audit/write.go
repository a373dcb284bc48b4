package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Source.Name, counted(len(r.Tools), "tool"))
	for _, f := range r.Findings {
		known := ""
		if f.Known {
			known = " (in the baseline)"
		}
		fmt.Fprintf(&b, "\n%s  %s: %s%s\n", f.Level, f.Subject, f.Message, known)
		if f.Evidence != "" {
			fmt.Fprintf(&b, "       %s\n", f.Evidence)
		}
		if f.Origin != nil {
			fmt.Fprintf(&b, "       %s, bytes %d to %d   [%s]\n", f.Origin.Module, f.Origin.Start, f.Origin.End, f.Rule)
		}
		for _, way := range f.Ways {
			fmt.Fprintf(&b, "       from tool %s\n", strings.Join(append([]string{way.Tool}, way.Path...), " > "))
		}
	}
	b.WriteString("\nIts code reaches:\n")
	for _, kind := range kindsOf(r) {
		fmt.Fprintf(&b, "  %-12s %s\n", kind, r.summary(kind))
	}
	for _, line := range []struct {
		name string
		list []string
	}{{"commands", r.commands()}, {"addresses", r.Hosts}} {
		if len(line.list) > 0 {
			fmt.Fprintf(&b, "  %-12s %s\n", line.name, listed(line.list))
		}
	}
	for _, s := range r.Scripts {
		fmt.Fprintf(&b, "  %-12s %s of %s: %s\n", "at install", s.Event, s.Package, shown(s.Command))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// summary says of a kind of capability in how many places it is, and which tools have a way there.
func (r *Report) summary(kind string) string {
	places := 0
	var what, tools []string
	for _, c := range r.Capabilities {
		if c.Kind != kind {
			continue
		}
		places++
		if !slices.Contains(what, c.What) {
			what = append(what, c.What)
		}
		for _, way := range c.Ways {
			if !slices.Contains(tools, way.Tool) {
				tools = append(tools, way.Tool)
			}
		}
	}
	slices.Sort(tools)
	text := fmt.Sprintf("%s (%s)", counted(places, "place"), listed(what))
	if len(tools) > 0 {
		text += ", from tools " + listed(tools)
	}
	return text
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// maxCommand bounds what is shown of a command, in bytes.
const maxCommand = 40

// commands are those that the program starts, as far as they are known: what each begins with.
func (r *Report) commands() (list []string) {
	for _, c := range r.Capabilities {
		if c.Kind != "process" || len(c.Arguments) == 0 || strings.HasPrefix(c.Arguments[0], "${") {
			continue
		}
		var words []string
		for _, a := range c.Arguments {
			line, _, _ := strings.Cut(strings.TrimSpace(a), "\n")
			words = append(words, line)
		}
		if command := beginning(strings.Join(words, " "), maxCommand); !slices.Contains(list, command) {
			list = append(list, command)
		}
	}
	slices.Sort(list)
	return list
}

// maxListed bounds the names in a line.
const maxListed = 8

func listed(names []string) string {
	if more := len(names) - maxListed; more > 0 {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// WriteJSON writes the whole report, which may be a baseline later.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// WriteSARIF writes the findings as SARIF 2.1.0.
func (r *Report) WriteSARIF(w io.Writer, version string) error {
	run := sarif.NewRunWithInformationURI("bundlens", "https://github.com/bundlens/bundlens")
	run.Tool.Driver.WithVersion(version)
	run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("audit/" + r.Source.Name))
	for _, rule := range Rules() {
		if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == rule.ID }) {
			run.AddRule(rule.ID).WithDescription(rule.Title).
				WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(string(rule.Level)))
		}
	}
	for _, f := range r.Findings {
		run.AddResult(f.sarif(r.Source.Name).WithRuleIndex(run.GetRuleIndex(f.Rule)))
	}
	log := report.NewV210Report()
	log.AddRun(run)
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

func (f Finding) sarif(input string) *sarif.Result {
	message := f.Subject + ": " + f.Message
	if f.Evidence != "" {
		message += ": " + f.Evidence
	}
	result := sarif.NewRuleResult(f.Rule).WithLevel(string(f.Level)).WithMessage(sarif.NewTextMessage(message)).
		WithPartialFingerprints(map[string]string{"bundlens/v1": f.Fingerprint})
	name, location := input, sarif.NewLocation()
	var region *sarif.Region
	if f.Origin != nil && f.Origin.Module != "" {
		name, region = f.Origin.Module, sarif.NewRegion().WithByteOffset(f.Origin.Start).WithByteLength(max(f.Origin.End-f.Origin.Start, 0))
	}
	place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation((&url.URL{Path: name}).String()))
	if region != nil {
		place.WithRegion(region)
	}
	result.AddLocation(location.WithPhysicalLocation(place))
	if f.Known {
		result.AddSuppression(sarif.NewSuppression().WithKind("external").WithJustification("the baseline has it"))
	}
	return result
}
