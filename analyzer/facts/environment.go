package facts

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Environment finds what a program asks its surroundings for.
var Environment = analyzer.Fact{
	Name:  "environment",
	Doc:   "environment variables and feature flags that are read",
	Query: queries.Text("environment"),
	Run:   runEnvironment,
}

func runEnvironment(p *analyzer.Pass) error {
	variables := map[string]*schema.Variable{}
	asked := map[callee][]analyzer.Match{}
	var order []callee
	for _, m := range p.Matches {
		if n := m.Capture("read"); n.Valid() {
			readVariable(p, variables, m, n)
			continue
		}
		if n := m.Capture("pattern"); n.Valid() {
			readPattern(p, variables, m, n)
			continue
		}
		c := calleeOf(m)
		if asked[c] == nil {
			order = append(order, c)
		}
		asked[c] = append(asked[c], m)
	}
	aliased(p, variables)
	for _, v := range variables {
		p.Document.Environment = append(p.Document.Environment, *v)
	}
	slices.SortFunc(p.Document.Environment, func(a, b schema.Variable) int { return cmp.Compare(a.Name, b.Name) })
	flags := map[string]*schema.Flag{}
	for _, c := range order {
		if asksFlags(p, asked[c]) {
			for _, m := range asked[c] {
				readFlag(p, flags, m)
			}
		}
	}
	for _, f := range flags {
		p.Document.Flags = append(p.Document.Flags, *f)
	}
	slices.SortFunc(p.Document.Flags, func(a, b schema.Flag) int { return cmp.Compare(a.Key, b.Key) })
	return nil
}

var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// readVariable notes that an environment variable is read.
func readVariable(p *analyzer.Pass, variables map[string]*schema.Variable, m analyzer.Match, n js.Node) {
	object := n.Child(js.FieldObject).Child(js.FieldObject)
	if !environments[object.Text()] || written(n) {
		return
	}
	name := m.Capture("name").Text()
	if key := m.Capture("key"); key.Valid() {
		s, _ := p.Machine.RunWithin(stepsOfName, func() eval.Value {
			return p.Machine.Eval(key, p.Machine.Enclosing(m.Module, m.Unit, key))
		}).(eval.String)
		name = string(s)
	}
	noteVariable(p, variables, m, n, name, insteadOf(n))
}

// readPattern notes the variables that a pattern takes out of the environment.
func readPattern(p *analyzer.Pass, variables map[string]*schema.Variable, m analyzer.Match, n js.Node) {
	if !environments[n.Child(js.FieldValue).Child(js.FieldObject).Text()] {
		return
	}
	for e := n.Child(js.FieldName).FirstChild(); e.Valid(); e = e.Next() {
		name, fallback := e, js.Node{}
		switch e.Kind() {
		case js.PairPattern:
			name = e.Child(js.FieldKey)
			if v := e.Child(js.FieldValue); v.Kind() == js.AssignmentPattern {
				fallback = v.Child(js.FieldRight)
			}
		case js.ObjectAssignmentPattern:
			name, fallback = e.Child(js.FieldLeft), e.Child(js.FieldRight)
		case js.RestPattern:
			continue
		}
		noteVariable(p, variables, m, e, nameOfKey(name), fallback)
	}
}

// noteVariable notes that a variable is read, with what is taken in its place where it is not set.
func noteVariable(p *analyzer.Pass, variables map[string]*schema.Variable, m analyzer.Match, n js.Node, name string, fallback js.Node) {
	if !variableName.Get().MatchString(name) {
		return
	}
	v := variables[name]
	if v == nil {
		v = &schema.Variable{Name: name}
		variables[name] = v
	}
	v.Origins = append(v.Origins, originOf(m, n))
	if !fallback.Valid() {
		return
	}
	c := constant(p.Machine.RunWithin(stepsOfName, func() eval.Value {
		return p.Machine.Eval(fallback, p.Machine.Enclosing(m.Module, m.Unit, fallback))
	}))
	if string(c) != "null" && !slices.ContainsFunc(v.Defaults, func(d json.RawMessage) bool { return string(d) == string(c) }) {
		v.Defaults = append(v.Defaults, c)
	}
}

// insteadOf is what an expression takes where a variable that it reads is not set: the other side of an "or", or of a
// choice by whether it is set; or what is then assigned to it.
func insteadOf(n js.Node) js.Node {
	p := n.Parent()
	for p.Kind() == js.ParenthesizedExpression {
		n, p = p, p.Parent()
	}
	switch {
	case p.Kind() == js.UnaryExpression && p.Child(js.FieldOperator).Text() == "!":
		return assignedUnless(n, p)
	case p.Kind() == js.AugmentedAssignment && n.Field() == js.FieldLeft:
		switch p.Child(js.FieldOperator).Text() {
		case "||=", "??=":
			return p.Child(js.FieldRight)
		}
	case p.Kind() == js.BinaryExpression && n.Field() == js.FieldLeft:
		switch p.Child(js.FieldOperator).Text() {
		case "||", "??":
			if right := bare(p.Child(js.FieldRight)); right.Kind() == js.AssignmentExpression {
				return right.Child(js.FieldRight)
			}
			return p.Child(js.FieldRight)
		}
	case p.Kind() == js.TernaryExpression && n.Field() == js.FieldCondition && strings.Contains(p.Child(js.FieldConsequence).Text(), n.Text()):
		return p.Child(js.FieldAlternative)
	}
	return js.Node{}
}

// assignedUnless is what is assigned to a variable where a question for it is answered by no: `if (!v) v = x`, `!v && (v = x)`.
func assignedUnless(v, not js.Node) js.Node {
	question := not
	for question.Parent().Kind() == js.ParenthesizedExpression {
		question = question.Parent()
	}
	p := question.Parent()
	var then js.Node
	switch {
	case p.Kind() == js.IfStatement && question.Field() == js.FieldCondition:
		then = p.Child(js.FieldConsequence)
		for then.Kind() == js.StatementBlock || then.Kind() == js.ExpressionStatement {
			then = then.FirstChild()
		}
	case p.Kind() == js.BinaryExpression && question.Field() == js.FieldLeft && p.Child(js.FieldOperator).Text() == "&&":
		then = bare(p.Child(js.FieldRight))
	}
	if then.Kind() == js.AssignmentExpression && then.Child(js.FieldLeft).Text() == v.Text() {
		return then.Child(js.FieldRight)
	}
	return js.Node{}
}

// bare is an expression without the parentheses around it.
func bare(n js.Node) js.Node {
	for n.Kind() == js.ParenthesizedExpression {
		n = n.FirstChild()
	}
	return n
}

// environments are the objects whose member env holds the environment.
var environments = map[string]bool{"process": true, "Bun": true, "import.meta": true, "Deno": true, "globalThis.process": true}

// written tells whether an expression is assigned to.
func written(n js.Node) bool {
	p := n.Parent()
	return p.Kind() == js.AssignmentExpression && n.Field() == js.FieldLeft
}

func originOf(m analyzer.Match, n js.Node) schema.Origin {
	return schema.Origin{Module: m.Module.Name, Start: int(n.Start()), End: int(n.End())}
}

// callee is a function that is called, as far as its name tells.
type callee struct {
	module int
	thunk  int32
	name   string
}

func calleeOf(m analyzer.Match) callee {
	name := m.Capture("callee").Text()
	b, ok := m.Module.Lookup(m.Module.Index().Units[m.Unit].Thunk, name)
	if !ok || b.Module == nil {
		return callee{m.Module.ID, -2, name}
	}
	return callee{b.Module.ID, b.Thunk, b.Name}
}

// asksFlags tells whether the calls of a function ask for feature flags: the first ones evaluate to such.
func asksFlags(p *analyzer.Pass, calls []analyzer.Match) bool {
	for _, m := range calls[:min(len(calls), 3)] {
		n := m.Capture("ask")
		v := p.Machine.RunWithin(stepsOfPiece, func() eval.Value {
			return p.Machine.Eval(n, p.Machine.Enclosing(m.Module, m.Unit, n))
		})
		if u, ok := v.(*eval.Unknown); ok && strings.HasPrefix(u.Key, "flag:") {
			return true
		}
	}
	return false
}

// readFlag notes that a feature flag is asked for.
func readFlag(p *analyzer.Pass, flags map[string]*schema.Flag, m analyzer.Match) {
	n := m.Capture("ask")
	key := n.Child(js.FieldArguments).FirstChild()
	name := nameOfKey(key)
	f := flags[name]
	if f == nil {
		f = &schema.Flag{Key: name, Fallback: constant(p.Machine.RunWithin(stepsOfPiece, func() eval.Value {
			return p.Machine.Eval(key.Next(), p.Machine.Enclosing(m.Module, m.Unit, n))
		}))}
		flags[name] = f
	}
	f.Origins = append(f.Origins, originOf(m, n))
}

// constant is a value as JSON, null for one that is no constant.
func constant(v eval.Value) json.RawMessage {
	var plain any
	switch v := v.(type) {
	case eval.Bool:
		plain = bool(v)
	case eval.Number:
		plain = float64(v)
	case eval.String:
		plain = string(v)
	}
	b, err := json.Marshal(plain)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
