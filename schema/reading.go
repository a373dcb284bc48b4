package schema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// MaxReading is how long a condition may be as an expression, in bytes. Of a longer one it is said what holds by default,
// and what that depends on.
const MaxReading = 300

// Reading is a condition as people read it, made of its formula and of what its questions ask. A written Document leaves
// the text of a condition within a text out where it is this.
func (d *Document) Reading(c *Cond) string { return (&reader{doc: d}).reading(c) }

// reader makes the readings of many conditions.
type reader struct {
	doc     *Document
	answers *Answers // in the default world
}

func (r *reader) reading(c *Cond) string {
	var b strings.Builder
	if r.doc.writeReading(&b, c, ""); b.Len() <= MaxReading {
		return b.String()
	}
	if r.answers == nil {
		r.answers = NewAnswers(r.doc, World{})
	}
	holds, _ := r.answers.Holds(c)
	about := summary{seen: map[int]bool{}}
	r.about(&about, c)
	return Summary(holds, about.names, about.exprs)
}

// summary is what a condition depends on.
type summary struct {
	seen         map[int]bool
	names, exprs []string
}

// about adds what the questions of a condition are about; of one that stands for a condition, what that is about.
func (r *reader) about(s *summary, c *Cond) {
	for id := range c.Questions() {
		if s.seen[id] || id < 0 || id >= len(r.doc.Questions) {
			continue
		}
		s.seen[id] = true
		q := &r.doc.Questions[id]
		if q.Means != nil {
			r.about(s, q.Means)
			continue
		}
		known := len(s.names)
		for _, subject := range q.Subjects() {
			if name := subject.Readable(); name != "" {
				s.names = append(s.names, name)
			}
		}
		if len(s.names) == known {
			s.exprs = append(s.exprs, r.doc.asked(id))
		}
	}
}

// Bounds of a summary.
const (
	maxTold  = 8 // variables, flags and the like
	maxOther = 2 // expressions, where there are none of those
)

// Summary says of a condition that is too long to read whether it holds by default, and what that depends on: names that a
// reader can look up, and where there are none the shortest of the expressions. The others are counted. It is not longer
// than MaxReading.
func Summary(holds bool, names, exprs []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	told := names[:min(len(names), maxTold)]
	if len(names) == 0 {
		exprs = slices.SortedFunc(slices.Values(exprs), func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
		told = exprs[:min(len(exprs), maxOther)]
	}
	text := "by default; depends on "
	if !holds {
		text = "not " + text
	}
	more := len(names) + len(exprs)
	for i, name := range told {
		room := MaxReading - len(text) - len(", ") - len(" and 9999999 more")
		if i > 0 && len(name) > room {
			break
		}
		if i > 0 {
			text += ", "
		}
		text += cutAt(name, room)
		more--
	}
	if more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// cutAt is a text of at most so many bytes; dots say that it was longer.
func cutAt(s string, most int) string {
	const dots = "..."
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len(dots)], "") + dots
}

// Readable is the subject as people write it; "" for one that no reader can look up.
func (s Subject) Readable() string {
	switch s.Kind {
	case KindEnv:
		if !isName(s.Name) {
			return "process.env[" + strconv.Quote(s.Name) + "]"
		}
		return "process.env." + s.Name
	case KindFlag:
		return "flag(" + strconv.Quote(s.Name) + ")"
	case KindTool:
		return "tools include " + strconv.Quote(s.Name)
	case KindMode, KindPlatform:
		return s.Name
	}
	return ""
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c == '_' || c == '$' || c >= '0' && c <= '9' && i > 0 || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return false
		}
	}
	return s != ""
}

// writeReading writes a condition that stands among others that a sign joins; "" for one that stands alone.
func (d *Document) writeReading(b *strings.Builder, c *Cond, around string) {
	switch {
	case b.Len() > MaxReading: // it is not read
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
