package zod

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

const unmatchable = `^[^\s\S]$`

// templatePattern returns the pattern of a template literal, or why there is none.
func (d *Def) templatePattern(depth int) (source, why string) {
	var b strings.Builder
	for _, part := range d.Parts {
		switch part.Kind {
		case ArgSchema:
			s, why := part.Def.partPattern(depth + 1)
			if why != "" {
				return "", why
			}
			b.WriteString(cleanRegex(s))
		case ArgUnknown:
			return "", part.unknownWhy()
		default:
			b.WriteString(escapeRegex(part.text()))
		}
	}
	return ecma.RegExpSource("^" + b.String() + "$"), ""
}

// partPattern returns the pattern of a schema within a template literal.
// Since 4.6 a leaf's own checks are folded into it there.
func (d *Def) partPattern(depth int) (source, why string) {
	if d.Dialect.since(6, 0) {
		return d.typePattern(depth, true)
	}
	return d.typePattern(depth, false)
}

// typePattern returns the pattern that an instance has. fold says whether the
// checks of leaves are part of it.
func (d *Def) typePattern(depth int, fold bool) (source, why string) {
	none := "Invalid template literal part, no pattern found: " + d.Class
	if depth > 100 {
		return "", "a schema that is too deep"
	}
	inner := func(form func(string) string) (string, string) {
		s, why := d.Inner.Def().typePattern(depth+1, fold)
		if why != "" {
			return "", why
		}
		return ecma.RegExpSource(form(cleanRegex(s))), ""
	}
	switch d.Kind {
	case KindUnresolved:
		return "", d.Why
	case KindEnum:
		return d.choicePattern(d.enumValues()), ""
	case KindLiteral:
		return d.choicePattern(d.Values), ""
	case KindTemplateLiteral:
		return d.templatePattern(depth + 1)
	case KindOptional:
		if d.Exact {
			return d.Inner.Def().typePattern(depth+1, fold)
		}
		return inner(func(s string) string { return "^(" + s + ")?$" })
	case KindNullable:
		return inner(func(s string) string { return "^(" + s + "|null)$" })
	case KindLazy:
		return d.Inner.Def().typePattern(depth+1, fold)
	case KindUnion:
		return d.unionPattern(depth, fold)
	case KindString:
		return d.stringPattern(fold), ""
	case KindNumber:
		if isInteger := d.aggregate().isInt; isInteger {
			s, _ := d.Dialect.pick(integerPattern)
			return s, ""
		}
	}
	if forms, ok := typePatterns[d.Kind]; ok {
		s, _ := d.Dialect.pick(forms)
		return s, ""
	}
	return "", none
}

func (d *Def) unionPattern(depth int, fold bool) (source, why string) {
	var parts []string
	for _, o := range d.Options {
		s, why := o.Def().typePattern(depth+1, fold)
		if why != "" {
			return "", why
		}
		parts = append(parts, cleanRegex(s))
	}
	return ecma.RegExpSource("^(" + strings.Join(parts, "|") + ")$"), ""
}

// choicePattern is that of an enum's or a literal's values.
func (d *Def) choicePattern(values []Arg) string {
	if len(values) == 0 && d.Dialect.since(5, 0) {
		return unmatchable
	}
	var parts []string
	for _, v := range values {
		if d.Kind == KindEnum && v.Kind != ArgString && v.Kind != ArgNumber && v.Kind != ArgSymbol {
			continue
		}
		s := v.text()
		if v.Kind == ArgString || d.Dialect.since(3, 0) && v.truthy() {
			s = escapeRegex(s)
		}
		parts = append(parts, s)
	}
	return ecma.RegExpSource("^(" + strings.Join(parts, "|") + ")$")
}

// stringPattern is that of a string: the last pattern of its checks, else its
// length.
func (d *Def) stringPattern(fold bool) string {
	b := d.aggregate()
	if n := len(b.patterns); n > 0 {
		return b.patterns[n-1].Source
	}
	if b.min == nil && b.max == nil {
		return anyString
	}
	if fold && b.min != nil && b.max != nil && *b.min > *b.max {
		return "(?!)"
	}
	lo, hi := "0", ""
	if b.min != nil {
		lo = ecma.FormatNumber(*b.min)
	}
	if b.max != nil {
		hi = ecma.FormatNumber(*b.max)
	}
	return `^[\s\S]{` + lo + `,` + hi + `}$`
}
