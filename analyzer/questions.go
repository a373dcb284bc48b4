package analyzer

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// Questions collects what the conditions of one fact ask, each question once, and turns conditions into formulas over
// them. It is for one goroutine.
type Questions struct {
	ids     map[string]int // by an atom's key
	keys    []string
	list    []schema.Question
	members []string // that questions ask for; "" for another question
}

func newQuestions() *Questions { return &Questions{ids: map[string]int{}} }

// Cond is a condition as the Document has it, in its normal form; nil for one that there is not.
func (p *Pass) Cond(c *eval.Cond) *schema.Cond {
	if c == nil {
		return nil
	}
	out := p.Questions.normal(c.Given(nil))
	return &out
}

// Conjunct is one of the conjuncts of a normal form as the Document has it.
func (p *Pass) Conjunct(n eval.Normal, i int) schema.Cond {
	return p.Questions.normal(eval.Normal{Conjuncts: n.Conjuncts[i : i+1], Conds: n.Conds[i : i+1], Large: n.Large})
}

// normal is a normal form as a formula, with its text.
func (q *Questions) normal(n eval.Normal) schema.Cond {
	if n.Constant {
		return q.formula(nil, n)
	}
	if n.Large {
		return q.large(n)
	}
	c := q.formula(n.Conds, n)
	if c.Text = n.String(); len(c.Text) > schema.MaxReading {
		c.Text = n.Summary()
	}
	return c
}

// large is a condition that is too large to be told whole: as far as a reader can answer it, all else being as by default.
func (q *Questions) large(n eval.Normal) schema.Cond {
	readers := n.Conds[0].ForReaders()
	told := readers.Given(nil)
	var c schema.Cond
	switch {
	case told.Constant:
		c = schema.Asks(q.opaque(n.Conds[0], n.String()))
	case told.Large:
		c = q.cond(readers)
	default:
		c = q.formula(told.Conds, told)
	}
	c.Text = n.String()
	return c
}

// opaque is the id of a question for a condition that no reader can answer any part of.
func (q *Questions) opaque(c *eval.Cond, text string) int {
	return q.add(c.ID(), func() schema.Question {
		interactive, printing := c.Default(), eval.PrintWorld().Holds(c)
		return schema.Question{Kind: schema.KindOther, Test: schema.TestOther, Expr: text,
			Answers: schema.ModeAnswers{Interactive: &interactive, Print: &printing}}
	})
}

// add is the id of a question, by its key.
func (q *Questions) add(key string, make func() schema.Question) int {
	if id, ok := q.ids[key]; ok {
		return id
	}
	id := len(q.list)
	q.ids[key] = id
	q.keys, q.members, q.list = append(q.keys, key), append(q.members, ""), append(q.list, make())
	return id
}

func (q *Questions) formula(conds []*eval.Cond, n eval.Normal) schema.Cond {
	switch {
	case n.Constant && n.Value:
		return schema.Cond{Text: "true"}
	case n.Constant:
		never := schema.Negated(schema.Cond{})
		never.Text = "false"
		return never
	case len(conds) == 1:
		return q.cond(conds[0])
	}
	return schema.Cond{All: q.conds(conds)}
}

// cond is a condition as it was put together.
func (q *Questions) cond(c *eval.Cond) schema.Cond {
	switch f := c.Formula(); {
	case f.Atom != nil:
		return schema.Asks(q.question(f.Atom))
	case f.Not != nil:
		return schema.Negated(q.cond(f.Not))
	case f.All != nil:
		return schema.Cond{All: q.conds(f.All)}
	case f.Any != nil:
		return schema.Cond{Any: q.conds(f.Any)}
	}
	if holds, _ := c.Constant(); !holds {
		return schema.Negated(schema.Cond{})
	}
	return schema.Cond{}
}

func (q *Questions) conds(list []*eval.Cond) []schema.Cond {
	if len(list) == 0 {
		return nil
	}
	out := make([]schema.Cond, len(list))
	for i, c := range list {
		out[i] = q.cond(c)
	}
	return out
}

// question is the id of what an atom asks.
func (q *Questions) question(a *eval.Atom) int {
	if id, ok := q.ids[a.Key]; ok {
		return id
	}
	asked := a.Asked()
	id := q.add(a.Key, func() schema.Question {
		made := schema.Question{
			Kind: asked.Kind, Subject: asked.Name, Test: asked.Test, Values: constants(asked.Values), Fallback: constant(asked.Fallback),
			Answers: answers(a), Decided: a.Decided, Failed: !a.Decided && a.Failed(), Expr: a.Text(),
		}
		for _, s := range asked.Related {
			made.Related = append(made.Related, schema.Subject{Kind: s.Kind, Name: s.Name})
		}
		return made
	})
	q.members[id] = asked.Member
	if asked.Means != nil {
		means := q.cond(asked.Means) // may add questions
		q.list[id].Means = &means
	}
	return id
}

func answers(a *eval.Atom) schema.ModeAnswers {
	interactive, printing := a.Default, a.Printing
	return schema.ModeAnswers{Interactive: &interactive, Print: &printing}
}

func constants(values []eval.Value) (list []json.RawMessage) {
	for _, v := range values {
		if c := constant(v); c != nil {
			list = append(list, c)
		}
	}
	return list
}

// constant is a primitive value as JSON; nil for any other.
func constant(v eval.Value) json.RawMessage {
	switch v := v.(type) {
	case eval.String:
		text, err := json.Marshal(string(v))
		if err != nil {
			return nil
		}
		return text
	case eval.Bool:
		return json.RawMessage(strconv.FormatBool(bool(v)))
	case eval.Number:
		text, err := json.Marshal(float64(v))
		if err != nil { // NaN and infinity
			return nil
		}
		return text
	}
	if v == eval.Null {
		return json.RawMessage("null")
	}
	return nil
}

// questionTable puts the questions of all facts together, and gives each its place.
type questionTable struct {
	ids     map[string]int
	keys    []string
	list    []schema.Question
	members []string
}

// add makes a fact's part of the Document ask the table's questions.
func (t *questionTable) add(part *schema.Document, q *Questions) {
	place := make([]int, len(q.list))
	for i, key := range q.keys {
		id, ok := t.ids[key]
		if !ok {
			id = len(t.list)
			t.ids[key] = id
			t.keys = append(t.keys, key)
			t.list = append(t.list, q.list[i])
			t.members = append(t.members, q.members[i])
		} else {
			q.list[i].Means = nil // the same again
		}
		place[i] = id
	}
	part.Questions = q.list // so that what they stand for is met as well
	renumber(part, func(id int) int { return place[id] })
	for i, key := range q.keys {
		if m := q.list[i].Means; m != nil {
			t.list[t.ids[key]].Means = m
		}
	}
	part.Questions = nil
}

// renumber gives the conditions of a Document other ids of their questions, those once that several records share.
func renumber(doc *schema.Document, id func(int) int) {
	done := map[*schema.Cond]bool{}
	for c := range doc.Conditions() {
		if !done[c] {
			done[c] = true
			*c = *c.Renumbered(id)
		}
	}
}

// kindsInOrder is the order of the questions in the Document.
var kindsInOrder = []string{
	schema.KindMode, schema.KindPlatform, schema.KindModel, schema.KindTool, schema.KindFlag, schema.KindEnv, schema.KindSetting,
	schema.KindArgument, schema.KindOther,
}

// knowTools makes questions for a member of a list ones for a tool, where the member is the name of one.
func (t *questionTable) knowTools(doc *schema.Document) {
	tools := map[string]bool{}
	for _, tool := range doc.Tools {
		tools[tool.Name] = true
	}
	for i, name := range t.members {
		if tools[name] {
			q := &t.list[i]
			q.Kind, q.Subject, q.Test, q.Values = schema.KindTool, name, schema.TestHolds, nil
		}
	}
}

// asked are the questions that the Document's conditions ask, and those that these stand for.
func (t *questionTable) asked(doc *schema.Document) []int {
	met := make([]bool, len(t.list))
	var list []int
	var meet func(c *schema.Cond)
	meet = func(c *schema.Cond) {
		for id := range c.Questions() {
			if !met[id] {
				met[id] = true
				list = append(list, id)
				meet(t.list[id].Means)
			}
		}
	}
	done := map[*schema.Cond]bool{} // which several texts share
	for c := range doc.Conditions() {
		if !done[c] {
			done[c] = true
			meet(c)
		}
	}
	return list
}

// put moves the questions that are asked into the Document, in an order that does not depend on who asked first.
func (t *questionTable) put(doc *schema.Document) {
	t.knowTools(doc)
	order := t.asked(doc)
	text := func(values []json.RawMessage) (s string) {
		for _, v := range values {
			s += string(v) + " "
		}
		return s
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &t.list[i], &t.list[j]
		return cmp.Or(
			slices.Index(kindsInOrder, a.Kind)-slices.Index(kindsInOrder, b.Kind), strings.Compare(a.Subject, b.Subject),
			strings.Compare(a.Test, b.Test), strings.Compare(text(a.Values), text(b.Values)), strings.Compare(a.Expr, b.Expr),
			strings.Compare(t.keys[i], t.keys[j]),
		)
	})
	place := make([]int, len(t.list))
	for to, from := range order {
		place[from] = to
		doc.Questions = append(doc.Questions, t.list[from])
	}
	renumber(doc, func(id int) int { return place[id] })
}
