package eval

import "strings"

// Bounds of a condition as text, in bytes.
const (
	maxCondText = 2000
	maxAtomText = 120 // of one that counts as a single question
)

// String returns c as a readable JavaScript expression, in its normal form.
func (c *Cond) String() string { return c.Given(nil).String() }

// written is c as it was put together.
func (c *Cond) written(limit int) string {
	w := &condWriter{limit: limit}
	c.write(w, 0)
	if w.Len() > limit {
		return strings.ToValidUTF8(w.String()[:limit], "") + "..."
	}
	return w.String()
}

// condWriter takes text up to a limit, and a little more.
type condWriter struct {
	strings.Builder
	limit int
}

func (c *Cond) write(b *condWriter, outer condOp) {
	if b.Len() > b.limit {
		return
	}
	if c == nil {
		b.WriteString("true")
		return
	}
	switch c.op {
	case condTrue:
		b.WriteString("true")
	case condFalse:
		b.WriteString("false")
	case condAtom:
		b.WriteString(c.atom.expr())
	case condNot:
		if differs, ok := negated(c.a); ok {
			b.WriteString(differs)
			return
		}
		b.WriteByte('!')
		simple := c.a.op == condAtom && isPath(c.a.atom.expr())
		if !simple {
			b.WriteByte('(')
		}
		c.a.write(b, condTrue)
		if !simple {
			b.WriteByte(')')
		}
	default:
		sign := " && "
		if c.op == condOr {
			sign = " || "
		}
		parens := outer != condTrue && outer != c.op
		if parens {
			b.WriteByte('(')
		}
		c.a.write(b, c.op)
		b.WriteString(sign)
		c.b.write(b, c.op)
		if parens {
			b.WriteByte(')')
		}
	}
}

// negated is a comparison's text the other way round: `a !== b` for `a === b`.
func negated(c *Cond) (string, bool) {
	if c.op != condAtom {
		return "", false
	}
	expr := c.atom.expr()
	if strings.Count(expr, " === ") != 1 || strings.Contains(expr, " && ") || strings.Contains(expr, " || ") {
		return "", false
	}
	return strings.Replace(expr, " === ", " !== ", 1), true
}

// isOperatorByte are the bytes that stand between the operands of an expression.
var isOperatorByte = func() (is [256]bool) {
	for _, c := range []byte(" =<>+-*/%&|^?:,") {
		is[c] = true
	}
	return is
}()

// isPath tells whether an expression needs no parentheses after a `!`: a name, member access or call.
func isPath(expr string) bool {
	depth := 0
	for i := range len(expr) {
		switch c := expr[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth == 0 && isOperatorByte[c]:
			return false
		}
	}
	return true
}
