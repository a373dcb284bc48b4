package audit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// judge matches the rules with all that was found. definition gives the texts that stand where a tool is defined.
func (r *Report) judge(doc *schema.Document, program *scope.Program, definition func(schema.Tool) []string) {
	t := rules()
	for _, tool := range doc.Tools {
		origin := tool.Origin
		first := len(r.Findings)
		toolTexts(tool, func(where, text string) {
			for _, rule := range t.of("tool-text") {
				r.match(rule, text, Finding{Subject: "tool " + tool.Name + ", " + where, Origin: &origin})
			}
		})
		told := r.Findings[first:]
		for _, text := range definition(tool) { // what is not known of its schema may stand there
			for _, rule := range t.of("tool-text") {
				if !slices.ContainsFunc(told, func(f Finding) bool { return f.Rule == rule.ID }) {
					r.match(rule, text, Finding{Subject: "tool " + tool.Name + ", its definition", Origin: &origin})
				}
			}
		}
	}
	for i := range r.Capabilities {
		r.judgeCapability(t, &r.Capabilities[i])
	}
	for _, s := range r.Scripts {
		for _, rule := range t.of("install-script") {
			r.match(rule, s.Command, Finding{Subject: s.Package + ", " + s.Event})
		}
	}
	for _, rule := range t.of("code") {
		for _, m := range program.Modules {
			if at := rule.find(m.Text); at != nil {
				origin := schema.Origin{Module: m.Name, Start: at[0], End: at[1]}
				r.add(rule, m.Text[at[0]:at[1]], Finding{Subject: m.Name, Origin: &origin})
			}
		}
	}
}

func (r *Report) judgeCapability(t *ruleTable, c *Capability) {
	about := Finding{Subject: c.What, Origin: &c.Origin, Ways: c.Ways}
	for _, rule := range t.of(c.Kind) {
		for _, arg := range append(c.Arguments, strings.Join(c.Arguments, " ")) {
			r.match(rule, arg, about)
		}
	}
	for _, rule := range t.of(c.Kind + "-source") {
		r.match(rule, c.source, about)
	}
}

// match adds a finding where a rule's pattern fits a text.
func (r *Report) match(rule *Rule, text string, about Finding) {
	if at := rule.find([]byte(text)); at != nil {
		r.add(rule, []byte(text[at[0]:at[1]]), about)
	}
}

func (r *Report) add(rule *Rule, evidence []byte, about Finding) {
	about.Rule, about.Level, about.Evidence, about.Message = rule.ID, rule.Level, shown(string(evidence)), rule.Title
	r.Findings = append(r.Findings, about)
}

// maxEvidence bounds what is shown of a text, in bytes.
const maxEvidence = 160

// shown is a text as it can be shown: cut, and with characters that can't be seen written out.
func shown(text string) string { return beginning(text, maxEvidence) }

// beginning is as much of a text as may be shown, in characters that every terminal takes.
func beginning(text string, most int) string {
	if len(text) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	return strings.Trim(fmt.Sprintf("%+q", text), `"`)
}
