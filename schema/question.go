package schema

import (
	"cmp"
	"encoding/json"
	"strings"
)

// Kinds of questions: what a question is about.
const (
	KindEnv      = "env"      // an environment variable; Subject is its name
	KindFlag     = "flag"     // a feature flag; Subject is its key
	KindMode     = "mode"     // how the program is run: yes in a terminal, no where it prints one result and ends
	KindPlatform = "platform" // the operating system, as in process.platform
	KindModel    = "model"    // the model that is asked
	KindTool     = "tool"     // a tool that the model gets; Subject is its name
	KindSetting  = "setting"  // a setting of the user; Subject is its path
	KindArgument = "argument" // what callers pass, in a conversation or to a function; Subject is its path
	KindOther    = "other"    // anything else; Subject is an expression, "" where Expr is
)

// Tests of a question: what it asks of its subject.
const (
	TestHolds     = "holds"     // it is true, not empty and not 0
	TestEquals    = "equals"    // it is one of Values
	TestUndefined = "undefined" // it is not set
	TestNullish   = "nullish"   // it is not set, or null
	TestOn        = "on"        // as a switch it is set to yes: 1, true, yes or on
	TestOff       = "off"       // as a switch it is set to no: 0, false, no or off
	TestOther     = "other"     // something else, which Expr says
)

// Question is one thing that the program's text leaves open, answered with yes or no when it runs. Two questions with
// different ids may have different answers; each stands in the Document once.
type Question struct {
	// Kind is one of the constants. A written Document leaves out KindOther, and TestOther.
	Kind string `json:"kind,omitempty" jsonschema:"enum=env,enum=flag,enum=mode,enum=platform,enum=model,enum=tool,enum=setting,enum=argument,enum=other"`
	// Subject names what the question is about; Kind says in which terms.
	Subject string `json:"subject,omitempty"`
	// Test says what is asked of the subject, one of the constants.
	Test string `json:"test,omitempty" jsonschema:"enum=holds,enum=equals,enum=undefined,enum=nullish,enum=on,enum=off,enum=other"`
	// Values are the constants that the subject is compared with.
	Values []json.RawMessage `json:"values,omitempty"`
	// Fallback is what the program takes for the subject where nobody sets it; it is missing where there is no such value.
	Fallback json.RawMessage `json:"fallback,omitempty"`
	// Answers are the answers in the default world of each mode. A written Document leaves them out where they are no.
	Answers ModeAnswers `json:"answers,omitzero"`
	// Decided says that these follow from the program, and do not rest on taking what is unknown for absent.
	Decided bool `json:"decided,omitempty"`
	// Failed says that the evaluation of what it asks about ended in an exception, so that neither answer is known; Answers
	// are no.
	Failed bool `json:"failed,omitempty"`
	// Expr is the question as an expression, with names resolved as far as they could be. A written Document leaves it out
	// where Subject, Test and Values say as much.
	Expr string `json:"expr,omitempty"`
	// Means, where it is there, is the condition that the question stands for: its answer follows from that. It is
	// how a condition that many places share, and that is too large to be repeated at each, stands once.
	Means *Cond `json:"means,omitempty"`
	// Related are further things that the expression depends on.
	Related []Subject `json:"related,omitempty"`
	// Origin is a place where the program reads its subject; it is missing where that is not known. A written Document
	// leaves it out where it is the first of the variable or flag.
	Origin *Origin `json:"origin,omitempty"`
	// Again says that it reads as the question before it, and may be answered otherwise. It is there only in a written
	// Document, and then alone.
	Again bool `json:"again,omitempty"`
}

// Subject is something that a question is about.
type Subject struct {
	// Kind and Name are as a question's Kind and Subject.
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// ModeAnswers are a question's answers, by the mode that the program is run in; null where one is not known. Where both
// are known and the same, that is all that is written: true or false.
type ModeAnswers struct {
	Interactive *bool `json:"interactive"`
	Print       *bool `json:"print"`
}

// modeAnswers is how answers are written that differ.
type modeAnswers ModeAnswers

// MarshalJSON writes the answers.
func (a ModeAnswers) MarshalJSON() ([]byte, error) {
	if a.Interactive != nil && a.Print != nil && *a.Interactive == *a.Print {
		return json.Marshal(*a.Interactive)
	}
	return json.Marshal(modeAnswers(a))
}

// UnmarshalJSON reads the answers.
func (a *ModeAnswers) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", "false":
		*a = Same(data[0] == 't')
		return nil
	}
	return json.Unmarshal(data, (*modeAnswers)(a))
}

// Same makes the answers of a question that the mode does not change.
func Same(answer bool) ModeAnswers { return ModeAnswers{&answer, &answer} }

// In is the answer in a mode, ModeInteractive or ModePrint.
func (a ModeAnswers) In(mode string) *bool {
	if mode == ModePrint {
		return a.Print
	}
	return a.Interactive
}

// plainExpr is the question as an expression where its subject and its test are all that it asks; "" where they are not.
func (q *Question) plainExpr() string {
	subject := Subject{q.Kind, q.Subject}.Readable()
	switch {
	case q.Subject == "":
		return ""
	case q.Kind == KindFlag && q.Fallback != nil:
		subject = strings.TrimSuffix(subject, ")") + ", " + string(q.Fallback) + ")"
	case subject == "":
		subject = q.Subject
	}
	switch {
	case q.Test == TestHolds:
		return subject
	case q.Test == TestUndefined:
		return subject + " === undefined"
	case q.Test == TestNullish:
		return subject + " == null"
	case q.Test == TestEquals && len(q.Values) == 1:
		return subject + " === " + string(q.Values[0])
	}
	return ""
}

// written is the question without what [Question.read] puts back. first are the places where subjects are read first.
func (q Question) written(first map[Subject]*Origin) Question {
	if q.Expr == q.plainExpr() {
		q.Expr = ""
	}
	if origin := first[Subject{q.Kind, q.Subject}]; q.Origin != nil && origin != nil && *q.Origin == *origin {
		q.Origin = nil
	}
	if no := q.Answers; no.Interactive != nil && no.Print != nil && !*no.Interactive && !*no.Print {
		q.Answers = ModeAnswers{}
	}
	if q.Kind == KindOther {
		q.Kind = ""
	}
	if q.Test == TestOther {
		q.Test = ""
	}
	return q
}

// read puts back what a written Document leaves out.
func (q *Question) read(first map[Subject]*Origin) {
	q.Kind, q.Test = cmp.Or(q.Kind, KindOther), cmp.Or(q.Test, TestOther)
	if q.Expr == "" {
		q.Expr = q.plainExpr()
	}
	if q.Origin == nil {
		q.Origin = first[Subject{q.Kind, q.Subject}]
	}
	if q.Answers == (ModeAnswers{}) {
		q.Answers = Same(false)
	}
}

// firstOrigins are the places where the program reads variables and flags first.
func (d *Document) firstOrigins() map[Subject]*Origin {
	first := map[Subject]*Origin{}
	for i := range d.Environment {
		if v := &d.Environment[i]; len(v.Origins) > 0 {
			first[Subject{KindEnv, v.Name}] = &v.Origins[0]
		}
	}
	for i := range d.Flags {
		if f := &d.Flags[i]; len(f.Origins) > 0 {
			first[Subject{KindFlag, f.Key}] = &f.Origins[0]
		}
	}
	return first
}

// PlaceQuestions says of questions that are about a variable or flag where the program reads it first.
func (d *Document) PlaceQuestions() {
	first := d.firstOrigins()
	for i := range d.Questions {
		q := &d.Questions[i]
		q.Origin = first[Subject{q.Kind, q.Subject}]
	}
}

// Subjects are all that the question itself is about; what its Means asks is not among them.
func (q *Question) Subjects() []Subject {
	return append([]Subject{{q.Kind, q.Subject}}, q.Related...)
}
