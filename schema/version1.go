package schema

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// A condition of version 1 was its text alone, "" for none. What was left out of guards stood among them as a text.
const guardsLeftOut1 = "further conditions"

// fromVersion1 makes a Document of version 2 of one of version 1: it reads its conditions, as far as they can be read.
func (d *Document) fromVersion1() {
	r := &reader1{doc: d, ids: map[string]int{}}
	for _, prompts := range [][]Prompt{d.Prompts, d.Reminders} {
		for i := range prompts {
			p := &prompts[i]
			told := []Cond{}
			for _, g := range p.Guards {
				if g.Text == guardsLeftOut1 {
					p.GuardsLeftOut = true
				} else {
					told = append(told, g)
				}
			}
			p.Guards = told
		}
	}
	for i := range d.Tools {
		t := &d.Tools[i]
		t.EnabledWhen = given1(t.EnabledWhen)
		for j := range t.Traits {
			t.Traits[j].When = given1(t.Traits[j].When)
		}
	}
	for i := range d.Agents {
		d.Agents[i].EnabledWhen = given1(d.Agents[i].EnabledWhen)
	}
	for i := range d.Commands {
		d.Commands[i].EnabledWhen = given1(d.Commands[i].EnabledWhen)
	}
	for c := range d.Conditions() {
		text := c.Text
		*c = r.cond(text)
		c.Text = text
	}
	for t := range d.Texts() {
		nameRepetitions1(t.Parts)
	}
	d.SchemaVersion = Version
}

// nameRepetitions1 gives repetitions a name, which version 1 did not have.
func nameRepetitions1(parts []Part) {
	for i := range parts {
		for j := range parts[i].Choice {
			nameRepetitions1(parts[i].Choice[j].Parts)
		}
		if e := parts[i].Each; e != nil {
			if e.Name == "" {
				words := strings.FieldsFunc(e.Over, func(c rune) bool {
					return !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
				})
				e.Name = strings.ToUpper(cmp.Or(strings.Join(words, "_"), "items"))
			}
			nameRepetitions1(e.Parts)
		}
	}
}

// given1 is a condition that is there.
func given1(c *Cond) *Cond {
	if c == nil || c.Text == "" {
		return nil
	}
	return c
}

// reader1 makes questions of what conditions of version 1 ask.
type reader1 struct {
	doc *Document
	ids map[string]int // by expression
}

// cond reads an expression: `a && b || !(c)`. What can't be taken apart is one question.
func (r *reader1) cond(text string) Cond {
	switch {
	case text == "true":
		return Cond{}
	case text == "false":
		return Negated(Cond{})
	case strings.HasSuffix(text, "..."): // it was cut
		return r.question(text)
	}
	if terms := splitOutside(text, " || "); len(terms) > 1 {
		return Cond{Any: r.conds(terms)}
	}
	if terms := splitOutside(text, " && "); len(terms) > 1 {
		return Cond{All: r.conds(terms)}
	}
	if inner, ok := strings.CutPrefix(text, "!"); ok {
		return Negated(r.cond(inner))
	}
	if strings.HasPrefix(text, "(") && closing(text) == len(text)-1 {
		return r.cond(text[1 : len(text)-1])
	}
	if a, b, ok := strings.Cut(text, " !== "); ok && !strings.Contains(b, " !== ") {
		return Negated(r.question(a + " === " + b))
	}
	return r.question(text)
}

func (r *reader1) conds(terms []string) (list []Cond) {
	for _, t := range terms {
		list = append(list, r.cond(t))
	}
	return list
}

func (r *reader1) question(expr string) Cond {
	id, ok := r.ids[expr]
	if !ok {
		id = len(r.doc.Questions)
		r.ids[expr] = id
		r.doc.Questions = append(r.doc.Questions, question1(expr))
	}
	return Asks(id)
}

// The questions of version 1 that can be told by their expression.
var (
	env1      = lazyregexp.New(`^process\.env(?:\.([A-Za-z_]\w*)|\["([^"]+)"\])(?: === (".*"))?$`)
	flag1     = lazyregexp.New(`^flag\("([^"]+)", (.*?)\)$`)
	platform1 = lazyregexp.New(`^process\.platform === (".*")$`)
	tool1     = lazyregexp.New(`^tools include "(.*)"$`)
	large1    = lazyregexp.New(`^(not )?by default; hangs on `)
)

// question1 is the question of an expression. An answer by default that version 1 did not say is null.
func question1(expr string) Question {
	q := Question{Kind: KindOther, Test: TestOther, Expr: expr}
	compared := func(value string) {
		if q.Test = TestHolds; value != "" && json.Valid([]byte(value)) {
			q.Test, q.Values = TestEquals, []json.RawMessage{json.RawMessage(value)}
		}
	}
	if m := env1.Get().FindStringSubmatch(expr); m != nil {
		q.Kind, q.Subject, q.Answers, q.Decided = KindEnv, cmp.Or(m[1], m[2]), Same(false), true
		compared(m[3])
	} else if m := flag1.Get().FindStringSubmatch(expr); m != nil {
		q.Kind, q.Subject, q.Test = KindFlag, m[1], TestHolds
		if json.Valid([]byte(m[2])) {
			q.Fallback, q.Answers, q.Decided = json.RawMessage(m[2]), Same(truthy(strings.Trim(m[2], `"`))), true
		}
	} else if m := platform1.Get().FindStringSubmatch(expr); m != nil {
		q.Kind, q.Subject, q.Fallback, q.Answers, q.Decided = KindPlatform, "process.platform", json.RawMessage(`"linux"`), Same(m[1] == `"linux"`), true
		compared(m[1])
	} else if m := tool1.Get().FindStringSubmatch(expr); m != nil {
		q.Kind, q.Subject, q.Test = KindTool, m[1], TestHolds
	} else if m := large1.Get().FindStringSubmatch(expr); m != nil {
		q.Answers = Same(m[1] == "")
	} else if expr == "interactive" {
		yes, no := true, false
		q.Kind, q.Test, q.Answers, q.Decided = KindMode, TestHolds, ModeAnswers{&yes, &no}, true
	}
	return q
}

// splitOutside cuts an expression at a separator that stands outside of brackets and strings.
func splitOutside(expr, sep string) (terms []string) {
	start := 0
	scan(expr, func(i, depth int) bool {
		if depth == 0 && strings.HasPrefix(expr[i:], sep) {
			terms = append(terms, expr[start:i])
			start = i + len(sep)
		}
		return true
	})
	return append(terms, expr[start:])
}

// closing is where the bracket is closed that an expression begins with; -1 for nowhere.
func closing(expr string) (at int) {
	at = -1
	scan(expr, func(i, depth int) bool {
		if depth == 0 && i > 0 {
			at = i
			return false
		}
		return true
	})
	return at
}

// scan calls visit with the places of an expression outside of strings, and how many brackets are open there; at a
// bracket, without itself.
func scan(expr string, visit func(i, depth int) bool) {
	depth := 0
	for i := 0; i < len(expr); i++ {
		switch c := expr[i]; c {
		case '"', '\'', '`':
			for i++; i < len(expr) && expr[i] != c; i++ {
				if expr[i] == '\\' {
					i++
				}
			}
			continue
		case ')', ']', '}':
			depth--
		}
		if !visit(i, depth) {
			return
		}
		switch expr[i] {
		case '(', '[', '{':
			depth++
		}
	}
}
