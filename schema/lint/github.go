package lint

import (
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes the findings as workflow commands of GitHub Actions, which it shows beside the lines of a change.
// Notes are left out, for it shows only a few. See
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
func (r *Report) WriteGitHub(w io.Writer) error {
	var b strings.Builder
	for _, d := range r.Documents {
		for _, f := range d.Findings {
			if f.Known || f.Severity == Note {
				continue
			}
			p := Start(d.File)
			if f.Position != nil {
				p = *f.Position
			}
			fmt.Fprintf(&b, "::%s title=%s,file=%s,line=%d,endLine=%d", f.Severity, escapedProperty(toolName+" "+f.Rule), escapedProperty(p.File), p.Line, p.EndLine)
			if p.Line == p.EndLine {
				fmt.Fprintf(&b, ",col=%d,endColumn=%d", p.Column, p.EndColumn)
			}
			fmt.Fprintf(&b, "::%s\n", escapedData(f.sentence()))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// escapedData and escapedProperty are texts in a workflow command, none of which ends it or begins another.
func escapedData(s string) string     { return dataEscapes.Replace(s) }
func escapedProperty(s string) string { return propertyEscapes.Replace(s) }

// maxRows bounds the findings of a document in a summary: GitHub takes a mebibyte of it.
const maxRows = 200

// WriteMarkdown writes the report as Markdown, as for the summary of a job.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	for _, d := range r.Documents {
		fmt.Fprintf(&b, "### bundlens: %s\n\n%s\n\n", cell(d.title()), d.summary())
		if len(d.Figures) > 0 {
			b.WriteString("| figure | got | of | share |\n| --- | ---: | ---: | ---: |\n")
			for _, f := range d.Figures {
				fmt.Fprintf(&b, "| %s | %d | %d | %s |\n", f.Key, f.Got, f.Of, strings.TrimSpace(f.share(" %")))
			}
			b.WriteByte('\n')
		}
		d.writeRows(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (d DocumentReport) writeRows(b *strings.Builder) {
	rows := 0
	for _, f := range d.Findings {
		if f.Known || f.Severity == Note {
			continue
		}
		if rows == 0 {
			b.WriteString("| severity | rule | finding | place |\n| --- | --- | --- | --- |\n")
		}
		if rows++; rows > maxRows {
			continue
		}
		place := ""
		if f.Position != nil {
			place = cell(f.Position.String())
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", f.Severity, f.Rule, cell(f.sentence()), place)
	}
	if rows > maxRows {
		fmt.Fprintf(b, "\nand %d more\n", rows-maxRows)
	}
	if rows > 0 {
		b.WriteByte('\n')
	}
}

// cell is a text in a cell of a table, in which nothing is markup.
func cell(s string) string {
	var b strings.Builder
	for _, r := range clip(oneLine(s), 300) {
		if strings.ContainsRune("\\`*_{}[]<>()#+-!|~&@:", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
