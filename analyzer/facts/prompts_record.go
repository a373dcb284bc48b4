package facts

import (
	"sort"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/flow"
	"github.com/bundlens/bundlens/analyzer/js"
	"github.com/bundlens/bundlens/analyzer/scope"
)

// promptWriter makes records of the sources of a trace.
type promptWriter struct {
	*analyzer.Pass
	results map[js.Node]eval.Value // of functions
	values  map[js.Node]eval.Value // of expressions, where they stand
	knowns  map[js.Node]bool
	frames  map[*flow.Frame][]string // conditions of a frame's calls
	tools   map[string]bool          // that the user says are there, or are not
	byPlace map[js.Node]*promptDraft
	drafts  []*promptDraft
}

// Budgets of evaluations: many are made, and few need much.
const (
	stepsOfAssembly  = 150_000
	stepsOfText      = 20_000
	stepsOfPiece     = 4_000
	stepsOfCondition = 1_500
)

// promptDraft is a record in the making: an expression or a function whose result is one text.
type promptDraft struct {
	node   js.Node
	value  eval.Value
	tags   flow.Tag
	guards []string // of the way to it
	own    []string // of its own value
	first  bool
}

func newPromptWriter(p *analyzer.Pass) *promptWriter {
	return &promptWriter{Pass: p, results: map[js.Node]eval.Value{}, values: map[js.Node]eval.Value{}, knowns: map[js.Node]bool{}, frames: map[*flow.Frame][]string{}, tools: assumedTools(p.Options.Assume), byPlace: map[js.Node]*promptDraft{}}
}

func (w *promptWriter) place(n js.Node) (*scope.Module, int32) {
	m := w.Program.Modules[n.Tree().Module]
	return m, m.Index().UnitAt(n.Start())
}

// eval is what an expression is where it stands.
func (w *promptWriter) eval(n js.Node) eval.Value { return w.evalWithin(n, stepsOfText) }

func (w *promptWriter) evalWithin(n js.Node, steps int) eval.Value {
	if v, ok := w.values[n]; ok {
		return v
	}
	m, unit := w.place(n)
	if unit < 0 {
		return eval.Undefined
	}
	v := w.Machine.RunWithin(steps, func() eval.Value { return w.Machine.Eval(n, w.Machine.Enclosing(m, unit, n)) })
	w.values[n] = v
	return v
}

// known tells whether an expression inside a text has a value that is known, or choices of such.
func (w *promptWriter) known(n js.Node) bool {
	switch n.Kind() {
	case js.Number, js.True, js.False:
		return true
	}
	known, ok := w.knowns[n]
	if !ok {
		known = isKnown(w.evalWithin(n, stepsOfPiece))
		w.knowns[n] = known
	}
	return known
}

func isKnown(v eval.Value) bool {
	switch v := v.(type) {
	case *eval.Choice:
		return isKnown(v.Then) && isKnown(v.Else)
	case *eval.Unknown:
		return false
	case *eval.Text:
		return knownParts(v.Parts)
	case *eval.Object:
		return false
	}
	return true
}

func knownParts(parts []eval.Part) bool {
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			return false
		case p.Choice != nil && !(knownParts(p.Choice.Then) && knownParts(p.Choice.Else)):
			return false
		case p.Each != nil && !knownParts(p.Each.Parts):
			return false
		}
	}
	return true
}

// write makes the records of all sources.
func (w *promptWriter) write(sources []*flow.Source) {
	sort.SliceStable(sources, func(i, j int) bool { return before(sources[i].Node, sources[j].Node) })
	for _, s := range sources {
		w.draft(s)
	}
	w.records()
	w.writeAssemblies(sources)
}

func before(a, b js.Node) bool {
	if a.Tree().Module != b.Tree().Module {
		return a.Tree().Module < b.Tree().Module
	}
	if a.Start() != b.Start() {
		return a.Start() < b.Start()
	}
	return a.End() > b.End()
}

// draft finds the text that a source is part of: the result of the function that makes it, the largest expression
// around it that is a text, or itself.
func (w *promptWriter) draft(s *flow.Source) {
	piece := literalOf(s.Node)
	if piece == "" {
		return
	}
	node, value := w.whole(s, piece)
	if node == (js.Node{}) {
		return
	}
	d := w.byPlace[node]
	if d == nil {
		text, own := textIn(value)
		d = &promptDraft{node: node, value: text, own: own, first: true}
		w.byPlace[node] = d
		w.drafts = append(w.drafts, d)
	}
	d.tags |= s.Tags
	for _, path := range s.Paths {
		d.under(w.guards(node, path))
	}
}

// under keeps of the conditions those that hold on every way.
func (d *promptDraft) under(guards []string) {
	if d.first {
		d.guards, d.first = guards, false
		return
	}
	d.guards = common(d.guards, guards)
}

// whole finds the node and value of the text that a source is part of.
func (w *promptWriter) whole(s *flow.Source, piece string) (js.Node, eval.Value) {
	for _, path := range s.Paths {
		if path != nil && encloses(path.Function, s.Node) && mostlyText(path.Function) {
			if v := w.result(path.Function); isText(v) && w.holds(v, piece) {
				return path.Function, v
			}
		}
	}
	for _, n := range around(s.Node) {
		if v := w.eval(n); isText(v) && w.holds(v, piece) {
			return n, v
		}
	}
	return s.Node, w.eval(s.Node)
}

// mostlyText tells a function that is there to make a text from one that does other things, by how much of its
// source is literals.
func mostlyText(f js.Node) bool {
	size := int(f.End() - f.Start())
	literal := 0
	tree := f.Tree()
	for i := int(f.Index()); i < f.After(); i++ {
		n := tree.At(i)
		switch n.Kind() {
		case js.String:
			literal += int(n.End() - n.Start())
		case js.TemplateString:
			literal += int(n.End() - n.Start())
			for c := n.FirstChild(); c.Valid(); c = c.Next() {
				if c.Kind() == js.TemplateSubstitution {
					literal -= int(c.End() - c.Start())
				}
			}
		}
	}
	return literal*3 > size
}

func encloses(f, n js.Node) bool {
	return f.Valid() && f.Tree() == n.Tree() && f.Index() < n.Index() && int(n.Index()) < f.After()
}

// around returns the expressions around a node in the same statement that may be one text, the largest first.
func around(n js.Node) []js.Node {
	var list []js.Node
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.BinaryExpression, js.TernaryExpression, js.TemplateString:
			list = append(list, p)
		case js.CallExpression:
			if c := p.Child(js.FieldFunction); c.Kind() == js.MemberExpression && c.Child(js.FieldProperty).Text() == "join" {
				list = append(list, p)
			}
		case js.ParenthesizedExpression, js.Array, js.SpreadElement, js.MemberExpression, js.Arguments, js.TemplateSubstitution, js.SequenceExpression:
		default:
			p = js.Node{}
		}
		if !p.Valid() {
			break
		}
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// result is what a function returns when nothing is known of its arguments.
func (w *promptWriter) result(f js.Node) eval.Value { return w.resultWithin(f, stepsOfText) }

func (w *promptWriter) resultWithin(f js.Node, steps int) eval.Value {
	if v, ok := w.results[f]; ok && !(steps > stepsOfText && isSpent(v)) {
		return v
	}
	m, unit := w.place(f)
	v := w.Machine.RunWithin(steps, func() eval.Value {
		env := w.Machine.Enclosing(m, unit, f)
		callee := f
		if f.Kind() == js.FunctionDeclaration || f.Kind() == js.GeneratorFunctionDeclaration {
			callee = f.Child(js.FieldName)
		}
		if f.Kind() == js.MethodDefinition {
			return eval.Undefined
		}
		var args []eval.Value
		for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
			args = append(args, w.argument(len(args), p))
		}
		if p := f.Child(js.FieldParameter); p.Valid() {
			args = append(args, w.argument(0, p))
		}
		return w.Machine.Call(w.Machine.Eval(callee, env), eval.Undefined, args)
	})
	w.results[f] = v
	return v
}

// isSpent tells a value that an evaluation did not get to for its budget.
func isSpent(v eval.Value) bool {
	u, ok := (eval.World{}).Pick(v).(*eval.Unknown)
	return ok && u.Key == "budget"
}

func (w *promptWriter) argument(i int, p js.Node) eval.Value {
	return &eval.Unknown{Key: eval.ParameterKey(p), Expr: eval.ParameterName(i), Why: "what the caller passes"}
}

func isText(v eval.Value) bool {
	switch v := v.(type) {
	case eval.String:
		return true
	case *eval.Text:
		return true
	case *eval.Choice:
		return textOrNothing(v.Then) && textOrNothing(v.Else) && (isText(v.Then) || isText(v.Else))
	}
	return false
}

// textIn takes from a value that is a text or nothing the text, and the conditions under which it is one.
func textIn(v eval.Value) (text eval.Value, guards []string) {
	for {
		c, ok := asChoice(v)
		switch {
		case !ok:
			return v, guards
		case !saysSomething(c.Then):
			guards, v = append(guards, shorten(eval.Not(c.Cond).String(), maxGuard)), c.Else
		case !saysSomething(c.Else):
			guards, v = append(guards, shorten(c.Cond.String(), maxGuard)), c.Then
		default:
			a, _ := textIn(c.Then)
			b, _ := textIn(c.Else)
			return &eval.Choice{Cond: c.Cond, Then: a, Else: b}, guards
		}
	}
}

// asChoice takes a value for a choice: one of values, or a text that is nothing but a choice.
func asChoice(v eval.Value) (*eval.Choice, bool) {
	if t, ok := v.(*eval.Text); ok && len(t.Parts) == 1 && t.Parts[0].Choice != nil {
		p := t.Parts[0].Choice
		if len(p.Then) == 0 || len(p.Else) == 0 {
			return &eval.Choice{Cond: p.Cond, Then: textOf(p.Then), Else: textOf(p.Else)}, true
		}
	}
	c, ok := v.(*eval.Choice)
	return c, ok
}

func textOf(parts []eval.Part) eval.Value {
	if len(parts) == 0 {
		return eval.String("")
	}
	return &eval.Text{Parts: parts}
}

func saysSomething(v eval.Value) bool { return isText(v) && v != eval.String("") }

func textOrNothing(v eval.Value) bool {
	return isText(v) || v == eval.Undefined || v == eval.Null || v == eval.Bool(false)
}

// holds tells whether a text holds a piece of a literal.
func (w *promptWriter) holds(v eval.Value, piece string) bool {
	return holdsPiece(w.Machine.PartsOf(v), piece)
}

func holdsPiece(parts []eval.Part, piece string) bool {
	for _, p := range parts {
		if strings.Contains(p.Lit, piece) || p.Choice != nil && (holdsPiece(p.Choice.Then, piece) || holdsPiece(p.Choice.Else, piece)) ||
			p.Each != nil && holdsPiece(p.Each.Parts, piece) {
			return true
		}
	}
	return false
}

// literalOf is the longest line of the literals in a source; "" where there is nothing to read in them.
func literalOf(n js.Node) string {
	best := ""
	take := func(s string) {
		for line := range strings.SplitSeq(s, "\n") {
			if line = strings.TrimSpace(line); len(line) > len(best) {
				best = line
			}
		}
	}
	tree := n.Tree()
	for i := int(n.Index()); i < n.After(); i++ {
		switch c := tree.At(i); c.Kind() {
		case js.String:
			s, _ := js.DecodeString(c.Text())
			take(s)
		case js.TemplateString:
			eachChunk(c, take)
		case js.ArrowFunction, js.FunctionExpression:
			i = c.After() - 1
		}
	}
	if !readable(best) {
		return ""
	}
	return best
}

// eachChunk calls visit with the literal pieces of a template.
func eachChunk(t js.Node, visit func(string)) {
	at := t.Start() + 1
	chunk := func(to uint32) {
		if at < to {
			s, _ := js.DecodeTemplate(string(t.Tree().Src[at:to]))
			visit(s)
		}
	}
	for c := t.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.TemplateSubstitution {
			chunk(c.Start())
			at = c.End()
		}
	}
	if t.End() > 0 {
		chunk(t.End() - 1)
	}
}

// readable tells whether a text has words in it that somebody reads, and is no identifier, path or mark.
func readable(s string) bool {
	words, letters := 0, 0
	for _, f := range strings.Fields(s) {
		n := 0
		for _, r := range f {
			if unicode.IsLetter(r) {
				n++
			}
		}
		if n > 1 {
			words++
			letters += n
		}
	}
	return words >= 2 && letters >= 8
}
