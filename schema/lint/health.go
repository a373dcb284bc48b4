package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// health says what a document tells of itself. before is the version before; nil where there is none.
func health(doc, before *schema.Document) []Finding {
	var out []Finding
	add := func(f Finding) { out = append(out, f) }
	counted := func(rule string, n int, what string) {
		if n > 0 {
			add(Finding{Rule: rule, Subject: "health", Count: n, Message: fmt.Sprintf(what, n)})
		}
	}
	h := doc.Health
	if !h.Complete {
		add(Finding{Rule: ruleIncomplete, Subject: "health", Message: "the input could not be read to the end; what is not listed may be there"})
	}
	counted(ruleUnread, h.ModulesUnread, "modules that could not be read: %d")
	counted(ruleWhole, h.ModulesWhole, "modules that had to be parsed whole: %d")
	counted(ruleParseError, h.ParseErrors, "parsed statements that hold an error: %d")
	counted(ruleBudget, h.BudgetHits, "evaluations that were given up: %d")
	counted(ruleUnresolved, h.Unresolved, "names without a declaration: %d")
	if before != nil && len(doc.Tools) < len(before.Tools) {
		add(Finding{Rule: ruleToolsFell, Subject: "tools", Count: len(before.Tools) - len(doc.Tools), Detail: "gone: " + strings.Join(gone(before, doc), ", "),
			Message: fmt.Sprintf("%s, and %d in version %s", plural(len(doc.Tools), "tool"), len(before.Tools), label(before))})
	}
	for _, kind := range nothing(doc) {
		add(Finding{Rule: ruleNothing, Subject: kind, Message: "no " + kind + " found"})
	}
	for _, d := range doc.Diagnostics {
		add(Finding{Rule: ruleDiagnostic, Severity: severityOf(d), Subject: d.Code + ": " + d.Message, Message: d.Code + ": " + d.Message, Origin: d.Origin})
	}
	out = append(out, duplicates(doc)...)
	for i := range doc.Tools {
		out = append(out, toolHealth(&doc.Tools[i])...)
	}
	return append(append(out, textHealth(doc)...), hiddenTexts(doc)...)
}

// gone are the names of tools that only the document before has.
func gone(before, doc *schema.Document) []string {
	var out []string
	for _, t := range before.Tools {
		if !slices.ContainsFunc(doc.Tools, func(n schema.Tool) bool { return n.Name == t.Name }) {
			out = append(out, t.Name)
		}
	}
	return out
}

// severityOf is the analysis's own word.
func severityOf(d schema.Diagnostic) Severity {
	switch d.Severity {
	case schema.SeverityError:
		return Error
	case schema.SeverityNote:
		return Note
	}
	return Warning
}

// nothing names the kinds of records of which there is none.
func nothing(doc *schema.Document) []string {
	var out []string
	for _, kind := range []struct {
		name string
		n    int
	}{
		{"tools", len(doc.Tools)}, {"prompts", len(doc.Prompts)}, {"reminders", len(doc.Reminders)}, {"agents", len(doc.Agents)},
		{"commands", len(doc.Commands)}, {"environment", len(doc.Environment)}, {"flags", len(doc.Flags)},
	} {
		if kind.n == 0 {
			out = append(out, kind.name)
		}
	}
	return out
}

func duplicates(doc *schema.Document) []Finding {
	var out []Finding
	repeated := func(rule string, names []string, what string) {
		n := map[string]int{}
		for _, name := range names {
			n[name]++
		}
		for _, name := range slices.Sorted(maps.Keys(n)) {
			if n[name] > 1 {
				out = append(out, Finding{Rule: rule, Subject: name, Count: n[name], Message: fmt.Sprintf(what, n[name])})
			}
		}
	}
	var tools, ids []string
	for _, t := range doc.Tools {
		tools = append(tools, t.Name)
	}
	for _, p := range slices.Concat(doc.Prompts, doc.Reminders) {
		ids = append(ids, p.ID)
	}
	repeated(ruleDuplicateTool, tools, "%d tools have this name")
	repeated(ruleDuplicateID, ids, "%d texts have this id")
	return out
}

// toolHealth says what is not known of a tool.
func toolHealth(t *schema.Tool) []Finding {
	var out []Finding
	add := func(rule, subject, format string, args ...any) {
		out = append(out, Finding{Rule: rule, Subject: subject, Message: fmt.Sprintf(format, args...), Origin: &t.Origin})
	}
	if parseJSON(t.InputSchema) == nil {
		add(ruleNoSchema, t.Name, "its input schema is not known")
	}
	if t.Description == nil {
		add(ruleNoDescription, t.Name, "what the model is told of it is not known")
	}
	if t.Enabled == nil {
		when := t.EnabledWhen.String()
		if when == "" {
			when = "a condition that is not known"
		}
		add(ruleEnabledUnknown, t.Name, "whether it is enabled depends on %s", clip(when, 120))
	}
	for _, l := range t.Losses {
		rule := ruleGap
		if l.Inherent() {
			rule = ruleLoss
		}
		add(rule, strings.Join(strings.Fields(t.Name+" "+l.Path+" "+l.Construct), " "), "%s", l.Why)
	}
	return out
}

// textHealth names the holes of all texts, one finding a text.
func textHealth(doc *schema.Document) []Finding {
	var out []Finding
	add := func(subject string, text *schema.Text, origin schema.Origin) {
		if text == nil {
			return
		}
		n, names := 0, []string{}
		for h := range schema.Holes(text.Parts) {
			n++
			if !slices.Contains(names, h.Name) {
				names = append(names, h.Name)
			}
		}
		if n > 0 {
			out = append(out, Finding{Rule: ruleHole, Subject: subject, Count: n, Origin: &origin,
				Message: fmt.Sprintf("known only when the program runs: %s", clip(strings.Join(names, ", "), 200))})
		}
	}
	for i := range doc.Tools {
		add(doc.Tools[i].Name, doc.Tools[i].Description, doc.Tools[i].Origin)
	}
	for _, p := range slices.Concat(doc.Prompts, doc.Reminders) {
		add(p.ID, &p.Text, p.Origin)
	}
	for _, a := range doc.Agents {
		add("agent "+a.Name, a.Prompt, a.Origin)
	}
	return out
}
