package query

import (
	"bytes"
	"encoding/json"
	"math"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// Value is what an expression evaluates to. Exactly one of its fields is set, apart from Default.
type Value struct {
	// Known is a value that is known whole, as JSON.
	Known json.RawMessage `json:"known,omitempty"`
	// Text is a string with parts that are not known.
	Text *schema.Text `json:"text,omitempty"`
	// Choice are the values that it may be, by a condition that the program leaves open.
	Choice []Branch `json:"choice,omitempty"`
	// Object and Array are one with a member that is not known whole.
	Object []Member `json:"object,omitempty"`
	Array  []Member `json:"array,omitempty"`
	// Function is the source of a function or class that is short, and its first characters where it is not.
	Function string `json:"function,omitempty"`
	// Other is what JSON has no word for: undefined, NaN, a bigint, a symbol, a regular expression.
	Other string `json:"other,omitempty"`
	// Unknown says what it is and why it is not known.
	Unknown *Unknown `json:"unknown,omitempty"`
	// Default is what it is where no environment variable and no flag is set, for a choice or what is not known.
	Default *Value `json:"default,omitempty"`
}

// Branch is one value of a choice, and the condition under which it is taken.
type Branch struct {
	When  string `json:"when"`
	Value *Value `json:"value"`
}

// Member is a member of an object, or an element of an array, which has no key.
type Member struct {
	Key string `json:"key,omitempty"`
	// When is the condition under which it is there.
	When string `json:"when,omitempty"`
	// Each says that it stands for any number of elements, one for each of what it names.
	Each  string `json:"each,omitempty"`
	Value *Value `json:"value"`
}

// Unknown is what is known only when the program runs.
type Unknown struct {
	Expr string `json:"expr"`
	Why  string `json:"why"`
}

// Bounds of a value that is written out.
const (
	maxValueDepth = 6
	maxValueNodes = 5_000
	maxFunction   = 200 // bytes of a function's source
)

// writer writes one value.
type writer struct {
	machine *eval.Machine
	nodes   int
	holds   *eval.Cond // what holds where the value under way stands
}

func valueOf(m *eval.Machine, v eval.Value) *Value {
	w := writer{machine: m}
	return w.value(v, 0)
}

func unknown(expr, why string) *Value { return &Value{Unknown: &Unknown{expr, why}} }

func (w *writer) value(v eval.Value, depth int) *Value {
	if w.nodes++; depth > maxValueDepth || w.nodes > maxValueNodes {
		return unknown(w.machine.Describe(v), "too large to be written out")
	}
	switch v := v.(type) {
	case eval.String, eval.Bool:
		return known(v)
	case eval.Number:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return &Value{Other: w.machine.Describe(v)}
		}
		return known(v)
	case *eval.Text:
		return &Value{Text: analyzer.TextOf(w.machine, v)}
	case *eval.Choice:
		return w.choice(v, depth)
	case *eval.Unknown:
		return &Value{Unknown: &Unknown{v.Expr, v.Why}, Default: w.defaultOf(v, depth)}
	case *eval.Object:
		return w.object(v, depth)
	}
	if v == eval.Null {
		return &Value{Known: json.RawMessage("null")}
	}
	return &Value{Other: w.machine.Describe(v)}
}

// choice lists what a choice may come to, each with the conditions of the choices around it that it adds to.
func (w *writer) choice(c *eval.Choice, depth int) *Value {
	var branches []Branch
	outer := w.holds
	defer func() { w.holds = outer }()
	for _, b := range []struct {
		when  *eval.Cond
		value eval.Value
	}{{c.Cond, c.Then}, {eval.Not(c.Cond), c.Else}} {
		when := b.when.Given(outer)
		if when.Constant && !when.Value {
			continue
		}
		w.holds = eval.And(outer, b.when)
		value := w.value(b.value, depth+1)
		if when.Constant {
			return value
		}
		branches = append(branches, Branch{when.String(), value})
	}
	return &Value{Choice: branches, Default: w.defaultOf(c, depth)}
}

// defaultOf is a value in the default world, where that says more.
func (w *writer) defaultOf(v eval.Value, depth int) *Value {
	picked := (eval.World{}).Pick(v)
	if _, open := picked.(*eval.Unknown); open || picked == nil {
		return nil
	}
	return w.value(picked, depth+1)
}

func (w *writer) object(o *eval.Object, depth int) *Value {
	switch {
	case eval.IsFunction(o):
		return &Value{Function: w.source(o)}
	case o.Kind == eval.KindArray:
		members := make([]Member, 0, len(o.Elems))
		for _, e := range o.Elems {
			members = append(members, Member{When: condition(e.When), Each: e.Each, Value: w.value(e.Value, depth+1)})
		}
		return whole(members, o.Open(), true)
	case o.Kind == eval.KindObject:
		members := []Member{}
		for _, k := range o.Keys() {
			p := o.Own(k)
			v := p.Value
			if v == nil {
				v = w.machine.Run(func() eval.Value { return w.machine.Get(o, k) })
			}
			members = append(members, Member{Key: k, When: condition(p.When), Value: w.value(v, depth+1)})
		}
		return whole(members, o.Open(), false)
	}
	return &Value{Other: w.machine.Describe(o)}
}

func (w *writer) source(o *eval.Object) string {
	text := o.Func.Node.Text()
	if len(text) > maxFunction {
		text = text[:maxFunction] + "..."
	}
	if text == "" {
		return w.machine.Describe(o)
	}
	return text
}

func condition(c *eval.Cond) string {
	if c == nil {
		return ""
	}
	return c.String()
}

// whole is an object or array as JSON where all of it is known, and by its members where not.
func whole(members []Member, open []*eval.Unknown, array bool) *Value {
	isKnown := len(open) == 0
	for _, m := range members {
		isKnown = isKnown && m.Value.Known != nil && m.When == "" && m.Each == ""
	}
	if isKnown {
		return &Value{Known: joined(members, array)}
	}
	for _, u := range open {
		members = append(members, Member{Each: u.Expr, Value: unknown(u.Expr, u.Why)})
	}
	if array {
		return &Value{Array: members}
	}
	return &Value{Object: members}
}

func joined(members []Member, array bool) json.RawMessage {
	brackets := "{}"
	if array {
		brackets = "[]"
	}
	out := []byte{brackets[0]}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		if !array {
			out = append(append(out, encoded(m.Key)...), ':')
		}
		out = append(out, m.Value.Known...)
	}
	return append(out, brackets[1])
}

func known(v any) *Value { return &Value{Known: encoded(v)} }

// encoded is a string, number or boolean as JSON.
func encoded(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return []byte("null")
	}
	return bytes.TrimSpace(b.Bytes())
}
