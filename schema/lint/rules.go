// Package lint says how good an analysis is: how much of what a program was seen to send the Document accounts for,
// and what the Document itself says was not seen. It reads Documents and captured requests, nothing else.
package lint

import (
	"fmt"
	"slices"
	"strings"
)

// Severity is how bad a finding is.
type Severity string

// The severities, from nothing to the worst. A note is worth knowing and no reason to fail.
const (
	Off     Severity = "off"
	Note    Severity = "note"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Rule is one thing that is looked for. Its ID is stable.
type Rule struct {
	ID       string
	Severity Severity // where the user does not set another
	Doc      string
}

const (
	ruleToolMissing      = "tool-missing"
	ruleToolNotDefault   = "tool-not-default"
	ruleToolNotSent      = "tool-not-sent"
	ruleSchemaDiffers    = "schema-differs"
	ruleVariantMissing   = "schema-variant-missing"
	ruleProperty         = "property-differs"
	rulePropertyText     = "property-description-differs"
	ruleDescription      = "description-differs"
	ruleDescriptionWorld = "description-world-differs"
	ruleDescriptionText  = "description-unexplained"
	ruleSystemLine       = "system-line-unexplained"
	ruleContextLine      = "context-line-unexplained"
	ruleReminderLine     = "reminder-line-unexplained"
	ruleTraceVersion     = "trace-version"
	ruleFloor            = "floor-missed"

	ruleIncomplete     = "input-incomplete"
	ruleUnread         = "module-unread"
	ruleWhole          = "module-parsed-whole"
	ruleParseError     = "parse-error"
	ruleBudget         = "budget-hit"
	ruleUnresolved     = "name-unresolved"
	ruleNothing        = "nothing-found"
	ruleToolsFell      = "tools-fell"
	ruleDuplicateTool  = "tool-duplicate"
	ruleDuplicateID    = "id-duplicate"
	ruleNoSchema       = "schema-unknown"
	ruleNoDescription  = "description-unknown"
	ruleEnabledUnknown = "enabled-unknown"
	ruleLoss           = "schema-loss"
	ruleGap            = "schema-gap"
	ruleHole           = "text-hole"
	ruleHiddenText     = "hidden-text"
	ruleDiagnostic     = "diagnostic"
)

// Rules are all rules, those about traces first.
var Rules = []Rule{
	{ruleToolMissing, Error, "The program sends a tool that the analysis did not find."},
	{ruleToolNotDefault, Warning, "The plain program sends a tool that the analysis does not call enabled by default."},
	{ruleToolNotSent, Warning, "The analysis calls a tool enabled by default that no trace shows."},
	{ruleSchemaDiffers, Error, "A tool's default input schema is not the one that the plain program sends."},
	{ruleVariantMissing, Warning, "A tool was sent with a schema that is neither its default nor one of its variants."},
	{ruleProperty, Warning, "A property was sent that the schema does not have, or has with other keywords."},
	{rulePropertyText, Warning, "A property was sent with another description."},
	{ruleDescription, Error, "A tool's default description is not the one that the plain program sends."},
	{ruleDescriptionWorld, Warning, "A tool's description, read in the default world alone, is not the one that the plain program sends."},
	{ruleDescriptionText, Warning, "A part of a description that was sent stands in no text of that tool."},
	{ruleSystemLine, Warning, "A line of the system prompt was sent that no record explains."},
	{ruleContextLine, Warning, "A line of a message of the program's own (role system or developer) was sent that no record explains."},
	{ruleReminderLine, Warning, "A line of a reminder was sent that no record explains."},
	{ruleTraceVersion, Error, "The requests say that another version sent them, so that the figures mean little."},
	{ruleFloor, Error, "A figure lies below the floor that was asked for."},
	{ruleIncomplete, Error, "The input could not be seen whole, so facts may be missing."},
	{ruleUnread, Error, "A module could not be read."},
	{ruleWhole, Note, "A module had to be parsed whole because its statements could not be told apart."},
	{ruleParseError, Warning, "A statement that was parsed holds an error."},
	{ruleBudget, Note, "An evaluation was given up because it took too long or grew too large."},
	{ruleUnresolved, Note, "A name was asked for that has no declaration."},
	{ruleNothing, Warning, "An anchor found nothing: no record of a kind that a program of this sort has."},
	{ruleToolsFell, Error, "Fewer tools were found than in the version before."},
	{ruleDuplicateTool, Warning, "Two tools have the same name."},
	{ruleDuplicateID, Warning, "Two prompts or reminders have the same id."},
	{ruleNoSchema, Warning, "A tool's input schema is not known."},
	{ruleNoDescription, Warning, "A tool's description is not known."},
	{ruleEnabledUnknown, Note, "It is not known whether a tool is enabled by default."},
	{ruleLoss, Note, "A schema does not say what the program's own leaves out, too, such as a check by a function."},
	{ruleGap, Warning, "A part of a schema could not be evaluated."},
	{ruleHole, Note, "A part of a text is known only when the program runs."},
	{ruleHiddenText, Warning, "A text holds characters that people don't see: controls, marks of direction, or ones without a width."},
	{ruleDiagnostic, Warning, "The analysis remarked something."},
}

// severities are those in force: the rules' own and what the user set.
type severities map[string]Severity

// newSeverities reads settings of the form ID=SEVERITY.
func newSeverities(settings []string) (severities, error) {
	s := severities{}
	for _, r := range Rules {
		s[r.ID] = r.Severity
	}
	for _, setting := range settings {
		id, value, _ := strings.Cut(setting, "=")
		switch {
		case s[id] == "":
			return nil, fmt.Errorf("there is no rule %q", id)
		case !slices.Contains([]Severity{Off, Note, Warning, Error}, Severity(value)):
			return nil, fmt.Errorf("rule %s takes off, note, warning or error, not %q", id, value)
		}
		s[id] = Severity(value)
	}
	return s, nil
}
