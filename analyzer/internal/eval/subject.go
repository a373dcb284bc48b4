package eval

import (
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// Subject is something of the world that a value is, or is made of: what has a name outside the program's text. Conditions
// carry it, so that nobody has to find it in their text.
type Subject struct {
	Kind string // one of the kinds of schema.Question
	Name string
	// Fallback is what the program takes for it where nobody sets it; nil where there is none.
	Fallback Value
}

// Members under which programs keep what the user has set, and what says which model is asked.
var (
	settingsMembers = []string{"settings", "config", "preferences"}
	modelMembers    = []string{"model", "modelId", "mainLoopModel"}
	toolsMembers    = []string{"tools", "toolNames", "enabledTools", "availableTools"}
)

// maxSubjects bounds what is noted of a value that is made of many.
const maxSubjects = 4

// subjects are what u is made of; itself, where it is one.
func (u *Unknown) subjects() []*Subject {
	if u.Subject != nil {
		return []*Subject{u.Subject}
	}
	return u.about
}

// MadeOf are the subjects that u is made of where it is none itself.
func (u *Unknown) MadeOf() []*Subject { return u.about }

// madeOf notes that u is made of some values, and returns u.
func (u *Unknown) madeOf(values ...Value) *Unknown {
	for _, v := range values {
		visitLeaves(v, func(leaf Value) {
			w, ok := leaf.(*Unknown)
			if o, list := leaf.(*Object); list && len(o.open) > 0 {
				u.command = u.command || o.open[0].command
			}
			if !ok {
				return
			}
			u.command = u.command || w.command
			for _, s := range w.subjects() {
				if len(u.about) < maxSubjects && !slices.ContainsFunc(u.about, func(t *Subject) bool { return t.Kind == s.Kind && t.Name == s.Name }) {
					u.about = append(slices.Clip(u.about), s)
				}
			}
		})
	}
	return u
}

// role says how an unknown came out of another.
type role uint8

const (
	element       role = iota + 1 // one of a list
	nameOfElement                 // the member name of such a one
	toolList                      // a member under which programs keep their tools
)

// asksMember notes that u, a call of a method of another value, asks whether a word is in it.
func (u *Unknown) asksMember(of *Unknown, method string, args []Value) {
	if word, ok := argument(args, 0).(String); ok && len(args) == 1 && (method == "has" || method == "includes" && of.role == toolList) {
		u.member = string(word)
	}
}

// memberOf notes that u is a member of another value: a part of what a caller passes, a setting, or the model.
func (u *Unknown) memberOf(of *Unknown, key string) *Unknown {
	switch {
	case key == "name" && of.role == element:
		u.role = nameOfElement
	case slices.Contains(toolsMembers, key):
		u.role = toolList
	}
	s := of.Subject
	switch {
	case slices.Contains(settingsMembers, key):
		u.Subject = &Subject{Kind: schema.KindSetting}
	case s != nil && s.Kind == schema.KindSetting:
		u.Subject = &Subject{Kind: s.Kind, Name: subjectPath(s.Name, key)}
	case s != nil && s.Kind == schema.KindArgument:
		u.Subject = &Subject{Kind: s.Kind, Name: subjectPath(s.Name, key)}
		if slices.Contains(modelMembers, key) {
			u.Subject.Kind = schema.KindModel
		}
	default:
		u.madeOf(of)
	}
	return u
}

func subjectPath(of, key string) string {
	if of == "" {
		return key
	}
	return of + "." + key
}

// Asked is what an atom asks.
type Asked struct {
	Subject
	// Test is one of the tests of schema.Question, and Values are what the subject is compared with.
	Test   string
	Values []Value
	// Member is the word that it looks for in a list or set; "" for another question.
	Member string
	// Related are further things that it depends on.
	Related []*Subject
	// Means is what it stands for; nil for nothing else.
	Means *Cond
}

// Asked says what the atom asks, as data.
func (a *Atom) Asked() Asked {
	asked := Asked{Subject: Subject{Kind: schema.KindOther}, Test: schema.TestOther, Means: a.Means}
	switch {
	case a.of != nil:
		asked.Means = a.of
	case a.subject != nil:
		asked.Subject, asked.Test = *a.subject, schema.TestHolds
	case a.equal != nil:
		if word, ok := a.equal.to.(String); ok && a.equal.subject.role == nameOfElement {
			asked.Member = string(word)
		}
		asked.about(a.equal.subject)
		if a.equal.subject.Subject != nil || len(a.equal.subject.about) == 0 {
			asked.Test, asked.Values = a.equal.test()
		}
	case a.from != nil:
		if asked.about(a.from); asked.Name == a.Expr {
			asked.Name = ""
		}
		asked.Member = a.from.member
		switch {
		case a.from.test != "":
			asked.Test = a.from.test
		case a.from.Subject != nil || len(a.from.about) == 0:
			asked.Test = schema.TestHolds
		}
	}
	return asked
}

// about says what the question is about: a subject, the first of those that something is made of, or an expression.
func (asked *Asked) about(u *Unknown) {
	if all := u.subjects(); len(all) > 0 {
		asked.Subject, asked.Related = *all[0], all[1:]
		return
	}
	asked.Name = u.Expr
}

// test is what an equality asks of its subject.
func (e *equality) test() (test string, values []Value) {
	switch e.to {
	case nil:
		return schema.TestNullish, nil
	case Undefined:
		return schema.TestUndefined, nil
	}
	return schema.TestEquals, []Value{e.to}
}

// EachSubject calls visit with what a value is made of, and what it depends on which value it is.
func EachSubject(v Value, visit func(*Subject)) {
	switch v := v.(type) {
	case *Choice:
		v.Cond.eachSubjectAsked(map[*Cond]bool{}, visit)
		EachSubject(v.Then, visit)
		EachSubject(v.Else, visit)
	case *Unknown:
		for _, s := range v.subjects() {
			visit(s)
		}
	}
}

func (c *Cond) eachSubjectAsked(seen map[*Cond]bool, visit func(*Subject)) {
	if c == nil || seen[c] || len(seen) > maxNodes {
		return
	}
	seen[c] = true
	if c.op != condAtom {
		c.a.eachSubjectAsked(seen, visit)
		c.b.eachSubjectAsked(seen, visit)
		return
	}
	asked := c.atom.Asked()
	visit(&asked.Subject)
	for _, s := range asked.Related {
		visit(s)
	}
	asked.Means.eachSubjectAsked(seen, visit)
}

// isReaders tells a question that a reader can answer: one about something that has a name outside the program.
func (a *Atom) isReaders() bool {
	asked := a.Asked()
	for _, s := range append([]*Subject{&asked.Subject}, asked.Related...) {
		if s.Kind != schema.KindOther && s.Kind != schema.KindArgument {
			return true
		}
	}
	return false
}

// ForReaders is c as far as a reader can answer it: all other questions are answered as in the default world of the mode.
func (c *Cond) ForReaders() *Cond {
	n := takeNormalizer()
	defer normalizers.Put(n)
	return orTrue(c).settle(unreadable, n.readers)
}

// unreadable is the answer to a question that no reader can answer; nil for another one, and for one that stands for a
// condition.
func unreadable(a *Atom) *Cond {
	if a.of != nil || a.isReaders() {
		return nil
	}
	return a.byMode()
}
