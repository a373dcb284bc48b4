package lint

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/bundlens/bundlens/schema"
)

// Paint gives a text a colour. The styles are "error", "warning", "note", "bold" and "dim".
type Paint func(style, text string) string

// TextOptions are how a report is written for people.
type TextOptions struct {
	// Notes and Known show the findings that are no reason to fail.
	Notes, Known bool
	Paint        Paint
}

// WriteJSON writes the report as JSON.
func (r *Report) WriteJSON(w io.Writer) error { return schema.Encode(w, r) }

// WriteText writes the report for people: the figures, as a table where there are several documents, then the
// findings of each.
func (r *Report) WriteText(w io.Writer, o TextOptions) error {
	if o.Paint == nil {
		o.Paint = func(_, text string) string { return text }
	}
	var b strings.Builder
	if len(r.Documents) > 1 {
		r.table(&b)
	} else {
		for _, d := range r.Documents {
			writeFigures(&b, d)
		}
	}
	for _, d := range r.Documents {
		d.writeFindings(&b, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// title is how a document is headed.
func (d DocumentReport) title() string {
	if d.Version != "" {
		return d.Version
	}
	return d.Name
}

func writeFigures(b *strings.Builder, d DocumentReport) {
	for _, f := range d.Figures {
		fmt.Fprintf(b, "%-10s %-18s %6d / %-6d %s\n", d.title(), f.Key, f.Got, f.Of, f.share(" %"))
	}
}

// share is the percentage with two digits; n/a where there is nothing to count.
func (f Figure) share(unit string) string {
	if f.Percent == nil {
		return "   n/a"
	}
	return fmt.Sprintf("%6.2f%s", *f.Percent, unit)
}

// table writes one row a version.
func (r *Report) table(b *strings.Builder) {
	var keys []string
	for _, key := range FigureKeys {
		for _, d := range r.Documents {
			if len(d.Figures) > 0 {
				keys = append(keys, key)
				break
			}
		}
	}
	rows := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(rows, "VERSION\t%s", strings.ToUpper(strings.Join(append(keys, "errors", "warnings", "notes", "known"), "\t")))
	fmt.Fprintln(rows)
	for _, d := range r.Documents {
		cells := []string{d.title()}
		for i := range keys {
			cell := "-"
			if len(d.Figures) > 0 {
				cell = strings.TrimSpace(d.Figures[i].share(""))
			}
			cells = append(cells, cell)
		}
		n := d.Counts()
		fmt.Fprintf(rows, "%s\t%d\t%d\t%d\t%d\n", strings.Join(cells, "\t"), n.Errors, n.Warnings, n.Notes, n.Known)
	}
	rows.Flush()
}

// Counts are how many findings there are of each severity; those that the baseline has are counted apart.
type Counts struct{ Errors, Warnings, Notes, Known int }

// Counts counts the findings.
func (d DocumentReport) Counts() Counts {
	var n Counts
	for _, f := range d.Findings {
		switch {
		case f.Known:
			n.Known++
		case f.Severity == Error:
			n.Errors++
		case f.Severity == Warning:
			n.Warnings++
		default:
			n.Notes++
		}
	}
	return n
}

// Fails is how many findings of all documents are a reason to fail, where those of a severity and worse ones are.
func (r *Report) Fails(on Severity) int {
	n := 0
	for _, d := range r.Documents {
		for _, f := range d.Findings {
			if f.Fails(on) {
				n++
			}
		}
	}
	return n
}

func (d DocumentReport) writeFindings(b *strings.Builder, o TextOptions) {
	shown := 0
	for _, f := range d.Findings {
		if f.Known && !o.Known || f.Severity == Note && !o.Notes {
			continue
		}
		if shown == 0 {
			fmt.Fprintf(b, "\n%s\n", o.Paint("bold", d.title()+": "+d.summary()))
		}
		shown++
		f.write(b, o)
	}
	if shown == 0 {
		fmt.Fprintf(b, "\n%s\n", o.Paint("bold", d.title()+": "+d.summary()))
	}
}

// summary counts in words.
func (d DocumentReport) summary() string {
	n := d.Counts()
	out := []string{plural(n.Errors, "error"), plural(n.Warnings, "warning"), plural(n.Notes, "note")}
	if n.Known > 0 {
		out = append(out, fmt.Sprintf("%d known", n.Known))
	}
	return strings.Join(out, ", ")
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func (f Finding) write(b *strings.Builder, o TextOptions) {
	fmt.Fprintf(b, "  %s %s", o.Paint(string(f.Severity), string(f.Severity)), oneLine(f.sentence()))
	var after []string
	if f.Place != nil {
		after = append(after, f.Place.String())
	} else if f.Position != nil {
		after = append(after, f.Position.String())
	} else if f.Origin != nil && f.Origin.Module != "" {
		after = append(after, fmt.Sprintf("%s byte %d", f.Origin.Module, f.Origin.Start))
	}
	after = append(after, f.Rule)
	if f.Known {
		after = append(after, "known")
	}
	fmt.Fprintf(b, " %s\n", o.Paint("dim", "["+oneLine(strings.Join(after, "; "))+"]"))
	if f.Detail != "" {
		for line := range strings.Lines(f.Detail) {
			fmt.Fprintf(b, "      %s\n", o.Paint("dim", clip(oneLine(line), 200)))
		}
	}
}

// String names the place for people.
func (p Place) String() string {
	mode := p.Mode
	if mode == "" {
		mode = p.Source
	}
	return fmt.Sprintf("%s: request %d, block %d, line %d", mode, p.Request, p.Block, p.Line)
}

// oneLine keeps what comes out of a program from moving the terminal's cursor.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	return strings.TrimRight(s, " ")
}
