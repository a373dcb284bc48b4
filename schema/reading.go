package schema

import "strings"

// Reading is a condition as an expression, made of its formula and of what its questions ask. A written Document leaves
// the text of a condition within a text out where it is this.
func (d *Document) Reading(c *Cond) string {
	var b strings.Builder
	d.writeReading(&b, c, "")
	return b.String()
}

// writeReading writes a condition that stands among others that a sign joins; "" for one that stands alone.
func (d *Document) writeReading(b *strings.Builder, c *Cond, around string) {
	switch {
	case c.Q != nil:
		b.WriteString(d.asked(*c.Q))
	case c.Not != nil:
		d.writeNegated(b, c.Not)
	case len(c.All) > 0:
		d.writeJoined(b, c.All, " && ", around)
	case len(c.Any) > 0:
		d.writeJoined(b, c.Any, " || ", around)
	default:
		b.WriteString("true")
	}
}

func (d *Document) writeJoined(b *strings.Builder, list []Cond, sign, around string) {
	inner := around != "" && around != sign
	if inner {
		b.WriteByte('(')
	}
	for i := range list {
		if i > 0 {
			b.WriteString(sign)
		}
		d.writeReading(b, &list[i], sign)
	}
	if inner {
		b.WriteByte(')')
	}
}

// writeNegated writes the opposite of a condition: `a !== b` for `a === b`, and otherwise a `!` before it.
func (d *Document) writeNegated(b *strings.Builder, c *Cond) {
	if c.Q == nil {
		if c.Not == nil && len(c.All)+len(c.Any) == 0 {
			b.WriteString("false")
			return
		}
		b.WriteString("!(")
		d.writeReading(b, c, "")
		b.WriteByte(')')
		return
	}
	switch expr := d.asked(*c.Q); {
	case strings.Count(expr, " === ") == 1 && !strings.Contains(expr, " && ") && !strings.Contains(expr, " || "):
		b.WriteString(strings.Replace(expr, " === ", " !== ", 1))
	case isPath(expr):
		b.WriteString("!" + expr)
	default:
		b.WriteString("!(" + expr + ")")
	}
}

// asked is what a question asks.
func (d *Document) asked(id int) string {
	if id < 0 || id >= len(d.Questions) {
		return "?"
	}
	q := &d.Questions[id]
	if q.Expr == "" {
		return q.Subject
	}
	return q.Expr
}

// isPath tells whether an expression needs no parentheses after a `!`: a name, member access or call.
func isPath(expr string) bool {
	depth := 0
	for i := range len(expr) {
		switch c := expr[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth == 0 && strings.IndexByte(" =<>+-*/%&|^?:,", c) >= 0:
			return false
		}
	}
	return true
}
