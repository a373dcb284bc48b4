package lint

import (
	"io"
	"slices"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// WriteJUnit writes the report as JUnit XML, a suite a document: a case for each finding, which failed if it is a reason
// to fail and was skipped if the baseline has it, and a case that passed for each rule that found nothing.
func (r *Report) WriteJUnit(w io.Writer, failOn Severity) error {
	suites := junit.Testsuites{Name: toolName}
	for i, d := range r.Documents {
		suite := junit.Testsuite{Name: oneLine(d.title()), ID: i, Package: toolName, Time: "0", File: oneLine(d.File)}
		for _, f := range d.Findings {
			suite.AddTestcase(f.junit(failOn))
		}
		for _, rule := range Rules {
			if !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule == rule.ID }) {
				suite.AddTestcase(junit.Testcase{Name: rule.ID, Classname: toolName + "." + rule.ID})
			}
		}
		suites.AddSuite(suite)
	}
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return suites.WriteXML(w)
}

func (f Finding) junit(failOn Severity) junit.Testcase {
	c := junit.Testcase{Name: oneLine(f.Subject), Classname: toolName + "." + f.Rule}
	said := oneLine(f.sentence())
	lines := []string{said}
	if f.Position != nil {
		lines = append(lines, oneLine(f.Position.String()))
	}
	for line := range strings.Lines(f.Detail) {
		lines = append(lines, oneLine(line))
	}
	text := strings.Join(lines, "\n")
	switch {
	case f.Known:
		c.Skipped = &junit.Result{Message: "the baseline has it: " + said}
	case f.Fails(failOn):
		c.Failure = &junit.Result{Message: said, Type: string(f.Severity), Data: text}
	default:
		c.SystemOut = &junit.Output{Data: string(f.Severity) + ": " + text}
	}
	return c
}
