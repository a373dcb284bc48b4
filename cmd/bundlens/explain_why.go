package main

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/queries"
)

// valued are the members of a record whose values --why explains.
func valued(words *queries.Vocabulary) []string {
	members := []string{"description", "prompt"}
	for _, group := range []string{"tool.enabled", "text.whenToUse", "text.agent", "text.system"} {
		members = append(members, words.Names(group)...)
	}
	return members
}

// Bounds of what --why shows, unless all of it is asked for.
const (
	maxReasons     = 40 // of a value
	maxReasonDepth = 8
	maxSource      = 60 // of a reason's source, in characters
)

// reasons writes how values came about.
func (p *explanation) reasons(list []analyzer.Explained) {
	for _, e := range list {
		if len(e.Reasons) == 0 {
			continue
		}
		switch e.Of {
		case "":
			p.printf("  why the whole is what it is:\n")
		case analyzer.OfPlace:
			p.printf("  asked around its place:\n")
		default:
			p.printf("  why %s is %s:\n", printable(e.Of), p.cut(e.Value, maxWidth))
		}
		written, left := 0, e.Dropped
		for _, r := range e.Reasons {
			if written == p.most(maxReasons, len(e.Reasons)) || !p.full && r.Depth > maxReasonDepth {
				left++
				continue
			}
			written++
			p.reason(r)
		}
		if left > 0 {
			p.printf("    and %s more\n", count(left, "step"))
		}
	}
}

// reason writes one step on the way to a value.
func (p *explanation) reason(r analyzer.Reason) {
	indent := strings.Repeat("  ", r.Depth)
	if r.Kind == analyzer.ReasonBound {
		p.printf("    %sbound hit: %s\n", indent, r.Says)
		return
	}
	verb := map[string]string{analyzer.ReasonName: "is", analyzer.ReasonCall: "gives", analyzer.ReasonCondition: "asks"}[r.Kind]
	p.printf("    %s%s %s %s (%s, byte %d)", indent, p.cut(strings.Join(strings.Fields(r.Source), " "), maxSource), verb, p.cut(r.Says, maxWidth), printable(r.At.Module), r.At.Start)
	if r.Why != "" {
		p.printf(": %s", p.cut(r.Why, maxWidth))
	}
	p.WriteByte('\n')
}
