package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/schema"
)

// table is a list of the Document as people see it. Where there is no row, it is not shown.
type table struct {
	head string // columns with tabs between
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// printTables prints what was found, a table for each list of the Document that holds something.
func printTables(ui *terminal, doc *schema.Document) error {
	first := true
	for _, t := range []table{toolTable(doc), promptTable("PROMPT", doc.Prompts), promptTable("REMINDER", doc.Reminders), agentTable(doc),
		commandTable(doc), variableTable(doc), flagTable(doc), capabilityTable(doc)} {
		if len(t.rows) == 0 {
			continue
		}
		if !first {
			if _, err := fmt.Fprintln(ui.stdout); err != nil {
				return err
			}
		}
		first = false
		if err := t.print(ui); err != nil {
			return err
		}
	}
	return nil
}

// print writes a table that fits the terminal.
func (t table) print(ui *terminal) error {
	var b strings.Builder
	rows := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	io.WriteString(rows, t.head+"\n")
	for _, cells := range t.rows {
		for i, cell := range cells {
			cells[i] = printable(strings.Join(strings.Fields(cell), " "))
		}
		io.WriteString(rows, strings.Join(cells, "\t")+"\n")
	}
	rows.Flush()
	columns := width(ui.stdout)
	for i, line := range strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n") {
		line = strings.TrimRight(line, " \n")
		if r := []rune(line); columns > 0 && len(r) > columns {
			line = string(r[:columns-1]) + "…"
		}
		if i == 0 {
			line = ui.paint(ui.stdout, bold, line)
		}
		if _, err := fmt.Fprintln(ui.stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// yes says whether something is on by default.
func yes(enabled *bool) string {
	if enabled == nil {
		return "depends"
	}
	return map[bool]string{true: "yes", false: "no"}[*enabled]
}

// headline is the first line of the first text that says something.
func headline(texts ...*schema.Text) string {
	for _, text := range texts {
		if text == nil {
			continue
		}
		for line := range strings.Lines(text.Text) {
			if line = strings.TrimSpace(line); line != "" {
				return line
			}
		}
	}
	return ""
}

func toolTable(doc *schema.Document) table {
	t := table{head: "TOOL\tENABLED\tPARAMETERS\tWHAT IT IS FOR"}
	for _, tool := range doc.Tools {
		params := "?"
		if n := len(gjson.GetBytes(tool.InputSchema, "properties").Map()); n > 0 || tool.Complete {
			params = fmt.Sprint(n)
		}
		t.add(tool.Name, yes(tool.Enabled), params, headline(tool.Summary, tool.Description))
	}
	return t
}

func promptTable(what string, prompts []schema.Prompt) table {
	t := table{head: what + "\tKIND\tTITLE"}
	for _, p := range prompts {
		t.add(p.ID, p.Kind, p.Title)
	}
	return t
}

func agentTable(doc *schema.Document) table {
	t := table{head: "AGENT\tENABLED\tWHEN TO USE IT"}
	for _, a := range doc.Agents {
		t.add(a.Name, yes(a.Enabled), headline(a.WhenToUse, a.Prompt))
	}
	return t
}

func commandTable(doc *schema.Document) table {
	t := table{head: "COMMAND\tENABLED\tKIND\tWHAT IT IS FOR"}
	for _, c := range doc.Commands {
		t.add(c.Name, yes(c.Enabled), c.Kind, headline(c.Description, c.Prompt))
	}
	return t
}

func variableTable(doc *schema.Document) table {
	t := table{head: "VARIABLE\tDEFAULTS\tDECIDES"}
	for _, v := range doc.Environment {
		var defaults []string
		for _, d := range v.Defaults {
			defaults = append(defaults, string(d))
		}
		t.add(v.Name, strings.Join(defaults, " "), uses(v.Uses))
	}
	return t
}

func flagTable(doc *schema.Document) table {
	t := table{head: "FLAG\tFALLBACK\tDECIDES"}
	for _, f := range doc.Flags {
		t.add(f.Key, string(f.Fallback), uses(f.Uses))
	}
	return t
}

func uses(list []schema.Use) string {
	var names []string
	for _, u := range list {
		names = append(names, u.Record)
	}
	return strings.Join(names, " ")
}

func capabilityTable(doc *schema.Document) table {
	t := table{head: "CAPABILITY\tKIND\tWHAT IT SAYS"}
	for _, c := range doc.Capabilities {
		what := headline(c.Detail)
		if what == "" {
			what = strings.Join(c.Values, " ")
		}
		t.add(c.Name, c.Kind, what)
	}
	return t
}
