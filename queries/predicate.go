package queries

import (
	"regexp"
	"slices"
	"strings"

	sitter "github.com/smacker/go-tree-sitter"
)

// predicate is a condition on the text of what a pattern captures.
type predicate struct {
	capture uint32
	negated bool
	other   int            // capture to compare with, or -1
	strings []string       // one of which the text must be
	regexp  *regexp.Regexp // that the text must match
}

// compilePredicates reads the predicates of all patterns.
func (q *Query) compilePredicates(s *source) error {
	n := 0
	for pattern := range q.query.PatternCount() {
		var list []predicate
		for _, steps := range q.query.PredicatesForPattern(pattern) {
			at := len(s.text)
			if n < len(s.predicates) {
				at = s.predicates[n].at
			}
			n++
			p, err := q.compilePredicate(s, at, pattern, steps)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		q.predicates = append(q.predicates, list)
	}
	return nil
}

func (q *Query) compilePredicate(s *source, at int, pattern uint32, steps []sitter.QueryPredicateStep) (predicate, error) {
	if last := len(steps) - 1; steps[last].Type == sitter.QueryPredicateStepTypeDone {
		steps = steps[:last]
	}
	if len(steps) == 0 || steps[0].Type != sitter.QueryPredicateStepTypeString {
		return predicate{}, s.errorAt(at, "a predicate has no name")
	}
	name := q.query.StringValueForId(steps[0].ValueId)
	steps = steps[1:]
	kind, negated := strings.CutPrefix(name, "not-")
	p := predicate{negated: negated, other: -1}
	if kind != "eq?" && kind != "match?" && kind != "any-of?" {
		return p, s.errorAt(at, "unknown predicate #%s: there are #eq?, #match? and #any-of?, each also with not-", name)
	}
	if len(steps) < 2 || len(steps) > 2 && kind != "any-of?" {
		return p, s.errorAt(at, "#%s has %d arguments", name, len(steps))
	}
	if steps[0].Type != sitter.QueryPredicateStepTypeCapture {
		return p, s.errorAt(at, "the first argument of #%s must be a capture", name)
	}
	p.capture = steps[0].ValueId
	for i, step := range steps {
		if step.Type != sitter.QueryPredicateStepTypeCapture {
			p.strings = append(p.strings, q.query.StringValueForId(step.ValueId))
			continue
		}
		if q.query.CaptureQuantifierForId(pattern, step.ValueId) == sitter.QuantifierZero {
			return p, s.errorAt(at, "#%s is about @%s, which its pattern doesn't capture", name, q.captures[step.ValueId])
		}
		if i > 0 && kind != "eq?" {
			return p, s.errorAt(at, "argument %d of #%s must be a string", i+1, name)
		}
		if i > 0 {
			p.other = int(step.ValueId)
		}
	}
	if kind == "match?" {
		var err error
		if p.regexp, err = regexp.Compile(p.strings[0]); err != nil {
			return p, s.errorAt(at, "#%s: %v", name, err)
		}
	}
	return p, nil
}

// holds says that all predicates of a pattern hold for what it captured.
func (q *Query) holds(pattern int, captures []sitter.QueryCapture, src []byte) bool {
	for i := range q.predicates[pattern] {
		if !q.predicates[pattern][i].holds(captures, src) {
			return false
		}
	}
	return true
}

func (p *predicate) holds(captures []sitter.QueryCapture, src []byte) bool {
	if p.other >= 0 {
		same := slices.EqualFunc(captured(captures, p.capture), captured(captures, uint32(p.other)), func(a, b *sitter.Node) bool {
			return string(content(a, src)) == string(content(b, src))
		})
		return same != p.negated
	}
	for _, c := range captures {
		if c.Index == p.capture && p.fits(content(c.Node, src)) == p.negated {
			return false
		}
	}
	return true
}

func (p *predicate) fits(text []byte) bool {
	if p.regexp != nil {
		return p.regexp.Match(text)
	}
	for _, s := range p.strings {
		if string(text) == s {
			return true
		}
	}
	return false
}

func captured(captures []sitter.QueryCapture, id uint32) (nodes []*sitter.Node) {
	for _, c := range captures {
		if c.Index == id {
			nodes = append(nodes, c.Node)
		}
	}
	return nodes
}

func content(n *sitter.Node, src []byte) []byte {
	start, end := n.StartByte(), n.EndByte()
	if start > end || int(end) > len(src) {
		return nil
	}
	return src[start:end]
}
