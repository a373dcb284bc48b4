package queries

import (
	"regexp/syntax"

	sitter "github.com/smacker/go-tree-sitter"
)

// minImplied is the length of an implied anchor: the table of anchors looks at two bytes at a time.
const minImplied = 2

// impliedAnchors are texts: wherever a pattern matches stands one of them. None where it may match without any.
func (q *Query) impliedAnchors() (anchors []string) {
	seen := map[string]bool{}
	for pattern := range q.predicates {
		implied := q.impliedBy(uint32(pattern))
		if implied == nil {
			return nil
		}
		for _, a := range implied {
			if !seen[a] {
				seen[a] = true
				anchors = append(anchors, a)
			}
		}
	}
	return anchors
}

// impliedBy are the texts of the predicate of a pattern that says the most: the one with the longest shortest text.
func (q *Query) impliedBy(pattern uint32) (best []string) {
	for _, p := range q.predicates[pattern] {
		quantifier := q.query.CaptureQuantifierForId(pattern, p.capture)
		if p.negated || p.other >= 0 || quantifier != sitter.QuantifierOne && quantifier != sitter.QuantifierOneOrMore {
			continue
		}
		texts := p.strings
		if p.regexp != nil {
			parsed, err := syntax.Parse(p.regexp.String(), syntax.Perl)
			if err != nil {
				continue
			}
			texts = required(parsed.Simplify())
		}
		if shortest(texts) >= minImplied && shortest(texts) > shortest(best) {
			best = texts
		}
	}
	return best
}

// required are texts: whatever an expression matches holds one of them. None where that can't be said.
func required(re *syntax.Regexp) (best []string) {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if texts := required(sub); shortest(texts) > shortest(best) {
				best = texts
			}
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			texts := required(sub)
			if texts == nil {
				return nil
			}
			best = append(best, texts...)
		}
	}
	return best
}

func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	n := len(texts[0])
	for _, t := range texts {
		n = min(n, len(t))
	}
	return n
}
