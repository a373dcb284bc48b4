package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/bundlens/bundlens/schema"
)

// conditions are the questions of one document in the terms in which they are compared: two questions of different
// builds with the same label are the same.
type conditions struct {
	doc    *schema.Document
	labels []atomic.Pointer[string] // of the questions that somebody looked at
}

func newConditions(doc *schema.Document) *conditions {
	return &conditions{doc, make([]atomic.Pointer[string], len(doc.Questions))}
}

// label is a question in words that another build has as well.
func (c *conditions) label(id int) string {
	if id < 0 || id >= len(c.labels) {
		return tooLong
	}
	if known := c.labels[id].Load(); known != nil {
		return *known
	}
	label := labelOf(&c.doc.Questions[id])
	c.labels[id].Store(&label)
	return label
}

func labelOf(q *schema.Question) string {
	subject := q.Subject
	switch q.Kind {
	case schema.KindEnv:
		subject = "process.env." + subject
	case schema.KindFlag:
		subject = "flag(" + strconv.Quote(subject) + ")"
	case schema.KindTool:
		return "tools include " + strconv.Quote(subject)
	case schema.KindSetting:
		subject = "settings." + subject
	case schema.KindMode, schema.KindPlatform:
	default:
		if strings.Contains(q.Expr, "by default; ") { // a summary, of which version 1 knows no more
			return tooLong
		}
		return condition(q.Expr)
	}
	switch q.Test {
	case schema.TestHolds, schema.TestOn:
		return subject
	case schema.TestOff:
		return subject + ` === "0"`
	case schema.TestUndefined, schema.TestNullish:
		return subject + " == null"
	case schema.TestEquals:
		var values []string
		for _, v := range q.Values {
			values = append(values, subject+" === "+string(v))
		}
		return strings.Join(values, " || ")
	}
	return condition(q.Expr)
}

// isReaders says whether a reader can answer a question: it is about something that has a name outside the program.
func isReaders(q *schema.Question) bool {
	return q.Kind != schema.KindOther && q.Kind != schema.KindArgument
}

// maxFormula bounds a condition as text, in bytes; a longer one can't be compared by it.
const maxFormula = 600

// text is a condition in a form that does not depend on how it was put together, for small ones; "" for none. What can't
// be told is tooLong.
func (c *conditions) text(cond *schema.Cond) string {
	if cond == nil {
		return ""
	}
	s := c.formula(cond, map[int]bool{})
	if len(s) > maxFormula {
		return tooLong
	}
	return s
}

func (c *conditions) formula(cond *schema.Cond, open map[int]bool) string {
	switch {
	case cond.Q != nil:
		return c.question(*cond.Q, open)
	case cond.Not != nil:
		inner := c.formula(cond.Not, open)
		switch {
		case inner == tooLong:
			return tooLong
		case strings.Count(inner, " === ") == 1 && !strings.Contains(inner, " && ") && !strings.Contains(inner, " || "):
			return strings.Replace(inner, " === ", " !== ", 1)
		case strings.Contains(inner, " "):
			return "!(" + inner + ")"
		}
		return "!" + inner
	case len(cond.Any) > 0:
		return c.joined(cond.Any, " || ", open)
	case len(cond.All) > 0:
		return c.joined(cond.All, " && ", open)
	}
	return "true"
}

func (c *conditions) question(id int, open map[int]bool) string {
	if id >= 0 && id < len(c.doc.Questions) && c.doc.Questions[id].Means != nil && c.doc.Questions[id].Kind == schema.KindOther {
		if open[id] {
			return tooLong
		}
		open[id] = true
		defer delete(open, id)
		return c.formula(c.doc.Questions[id].Means, open)
	}
	return c.label(id)
}

func (c *conditions) joined(list []schema.Cond, sign string, open map[int]bool) string {
	var terms []string
	size := 0
	for i := range list {
		term := c.formula(&list[i], open)
		if size += len(term); term == tooLong || size > maxFormula {
			return tooLong
		}
		if strings.Contains(term, " && ") || strings.Contains(term, " || ") {
			term = "(" + term + ")"
		}
		terms = append(terms, term)
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), sign)
}

// maxVariables bounds the questions of conditions whose equivalence is looked at.
const maxVariables = 10

// same says whether two conditions of two documents hold in the same worlds, as far as can be told: those that can't be
// compared are not called different.
func same(c *conditions, a *schema.Cond, d *conditions, b *schema.Cond) bool {
	x, y := c.text(a), d.text(b)
	if x == y || strings.Contains(x, tooLong) || strings.Contains(y, tooLong) {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	names := map[string]bool{}
	c.variables(a, names)
	d.variables(b, names)
	if len(names) > maxVariables {
		return false
	}
	list := make([]string, 0, len(names))
	for n := range names {
		list = append(list, n)
	}
	for world := range 1 << len(list) {
		for i, n := range list {
			names[n] = world&(1<<i) != 0
		}
		if c.holds(a, names) != d.holds(b, names) {
			return false
		}
	}
	return true
}

// variables adds the labels of what a condition asks. Its text is short, so that nothing in it leads back to itself.
func (c *conditions) variables(cond *schema.Cond, into map[string]bool) {
	for id := range cond.Questions() {
		if q := &c.doc.Questions[id]; q.Means != nil && q.Kind == schema.KindOther {
			c.variables(q.Means, into)
		} else {
			into[c.label(id)] = false
		}
	}
}

// holds answers a condition where the answers to labels are given.
func (c *conditions) holds(cond *schema.Cond, answers map[string]bool) bool {
	switch {
	case cond.Q != nil:
		if q := &c.doc.Questions[*cond.Q]; q.Means != nil && q.Kind == schema.KindOther {
			return c.holds(q.Means, answers)
		}
		return answers[c.label(*cond.Q)]
	case cond.Not != nil:
		return !c.holds(cond.Not, answers)
	case len(cond.Any) > 0:
		return slices.ContainsFunc(cond.Any, func(x schema.Cond) bool { return c.holds(&x, answers) })
	}
	return !slices.ContainsFunc(cond.All, func(x schema.Cond) bool { return !c.holds(&x, answers) })
}

// concernsReader says whether a condition asks something that a reader can answer.
func (c *conditions) concernsReader(cond *schema.Cond) bool {
	if cond == nil {
		return false
	}
	for id := range cond.Questions() {
		if q := &c.doc.Questions[id]; isReaders(q) || q.Means != nil && q.Means.Q == nil && c.concernsReader(q.Means) {
			return true
		}
	}
	return false
}

// condition notes where a condition changed.
func (d *draft) condition(field string, from, to *schema.Cond) {
	if d.concernsReader(from, to) && !same(d.before, from, d.after, to) {
		before, after := onlyTerms(orAlways(d.before.text(from)), orAlways(d.after.text(to)))
		d.field(field, before, after)
	}
}

// onlyTerms leaves out of two conditions what both have, where they are made in the same way.
func onlyTerms(a, b string) (onlyA, onlyB string) {
	for _, sign := range []string{" && ", " || "} {
		x, y := terms(a, sign), terms(b, sign)
		if len(x) < 2 && len(y) < 2 {
			continue
		}
		lacks := func(list []string) func(string) bool { return func(s string) bool { return slices.Contains(list, s) } }
		restX, restY := slices.DeleteFunc(slices.Clone(x), lacks(y)), slices.DeleteFunc(slices.Clone(y), lacks(x))
		if len(restX) == len(x) {
			return a, b // nothing in common
		}
		around := func(rest []string) string {
			if len(rest) == 0 {
				return ""
			}
			return "…" + sign + strings.Join(rest, sign)
		}
		return around(restX), around(restY)
	}
	return a, b
}

// terms are the parts of an expression that a sign joins outside of brackets and texts.
func terms(expr, sign string) (list []string) {
	depth, start, quoted := 0, 0, false
	for i := 0; i < len(expr); i++ {
		switch c := expr[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth == 0 && strings.HasPrefix(expr[i:], sign):
			list = append(list, expr[start:i])
			start = i + len(sign)
			i = start - 1
		case depth == 0 && (strings.HasPrefix(expr[i:], " && ") || strings.HasPrefix(expr[i:], " || ")):
			return []string{expr} // another sign holds it together
		}
	}
	return append(list, expr[start:])
}

func (d *draft) concernsReader(from, to *schema.Cond) bool {
	return d.before.concernsReader(from) || d.after.concernsReader(to)
}

func orAlways(text string) string {
	if text == "" {
		return "always"
	}
	return text
}

// Bounds of what is said of the conditions within a text.
const (
	maxPieces     = 2  // pieces whose condition changed
	minPiece      = 12 // bytes of one
	shownOfAPiece = 40 // characters
)

// pieces notes pieces that a text has on both sides under other conditions.
func (d *draft) pieces(from, to *schema.Text) {
	if from == nil || to == nil {
		return
	}
	before, after := branchesOf(from.Parts), branchesOf(to.Parts)
	found := 0
	for _, text := range sortedKeys(before) {
		other := after[text]
		if other == nil || found == maxPieces {
			continue
		}
		n := len(d.record.Fields)
		d.condition(fmt.Sprintf("when %q", clip(strings.Join(strings.Fields(text), " "), shownOfAPiece)), before[text], other)
		found += len(d.record.Fields) - n
	}
}

func sortedKeys(m map[string]*schema.Cond) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// branchesOf are the conditions of the pieces of a text, by what they say. One that stands under several conditions is
// none of them.
func branchesOf(parts []schema.Part) map[string]*schema.Cond {
	b := branchConds{conds: map[string]*schema.Cond{}}
	b.add(parts)
	return b.conds
}

type branchConds struct {
	conds  map[string]*schema.Cond
	writer plainWriter
}

func (b *branchConds) add(parts []schema.Part) {
	for i := range parts {
		p := &parts[i]
		for j := range p.Choice {
			branch := &p.Choice[j]
			b.add(branch.Parts)
			text := b.writer.piece(branch.Parts)
			switch {
			case len(text) < minPiece:
			case b.conds[string(text)] != nil:
				never := schema.Negated(schema.Cond{})
				b.conds[string(text)] = &never
			default:
				b.conds[string(text)] = &branch.When
			}
		}
		if p.Each != nil {
			b.add(p.Each.Parts)
		}
	}
}
