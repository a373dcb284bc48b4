package facts

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
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
			readVariable(variables, m, n)
			continue
		}
		c := calleeOf(m)
		if asked[c] == nil {
			order = append(order, c)
		}
		asked[c] = append(asked[c], m)
	}
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

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// readVariable notes that an environment variable is read.
func readVariable(variables map[string]*schema.Variable, m analyzer.Match, n js.Node) {
	name := m.Capture("name").Text()
	object := n.Child(js.FieldObject).Child(js.FieldObject)
	if !variableName.MatchString(name) || !environments[object.Text()] || written(n) {
		return
	}
	v := variables[name]
	if v == nil {
		v = &schema.Variable{Name: name}
		variables[name] = v
	}
	v.Origins = append(v.Origins, originOf(m, n))
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
