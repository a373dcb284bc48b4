package facts

import (
	"slices"
	"sort"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// promptWriter makes records of the sources of a trace.
type promptWriter struct {
	*analyzer.Pass
	results    map[js.Node]eval.Value // of functions
	values     map[js.Node]eval.Value // of expressions, where they stand
	conditions map[js.Node]*eval.Cond // that expressions hold
	knowns     map[js.Node]bool
	frames     map[*flow.Frame]*eval.Cond      // conditions of a frame's calls
	callOf     func(f js.Node) (js.Node, bool) // the only call of a function
	tools      map[string]bool                 // that the user says are there, or are not
	sole       *eval.World                     // what the user assumes
	settled    *eval.World                     // the same, with what nothing settles left open
	byPlace    map[draftKey]*promptDraft
	drafts     []*promptDraft
	requests   registrations // where the program asks a model
	tracer     *flow.Tracer
}

// Budgets of evaluations: many are made, and few need much.
const (
	stepsOfAssembly  = 60_000
	stepsInOneWorld  = 240_000
	stepsOfText      = 8_000
	stepsOfPiece     = 1_600
	stepsOfCondition = 600
)

// promptDraft is a record in the making: an expression, or a function whose result it is, and one of the texts that
// this may be.
type promptDraft struct {
	node   js.Node
	value  eval.Value
	tags   flow.Tag
	guards *eval.Cond // of the way to it
	own    *eval.Cond // under which its value is this text
	first  bool
}

type draftKey struct {
	node js.Node
	text int // which of its texts, in their order
}

func newPromptWriter(p *analyzer.Pass) *promptWriter {
	w := &promptWriter{Pass: p, results: map[js.Node]eval.Value{}, values: map[js.Node]eval.Value{}, conditions: map[js.Node]*eval.Cond{}, knowns: map[js.Node]bool{}, frames: map[*flow.Frame]*eval.Cond{}, tools: assumedTools(p.Options.Assume), byPlace: map[draftKey]*promptDraft{}}
	world := w.world()
	settled := world
	settled.Settled = true
	w.sole, w.settled = &world, &settled
	return w
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

// write makes the records of all sources, and of what functions return in which there is none.
func (w *promptWriter) write(sources []*flow.Source, answers []js.Node) {
	sort.SliceStable(sources, func(i, j int) bool { return before(sources[i].Node, sources[j].Node) })
	for _, s := range sources {
		w.draft(s)
	}
	w.draftAnswers(answers, sources)
	list := w.assemblies(sources)
	w.surround(list)
	all := w.askedOf()
	w.draftSaid(all)
	w.records()
	w.writeAssemblies(list, all)
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
	piece := w.pieceOf(s.Node)
	if piece == "" {
		return
	}
	node, value := w.whole(s, piece)
	if node == (js.Node{}) {
		return
	}
	for i, a := range alternatives(nil, value, nil) {
		if !w.reads(a.text, piece) {
			continue
		}
		k := draftKey{node, i}
		d := w.byPlace[k]
		if d == nil {
			d = &promptDraft{node: node, value: a.text, own: a.when, first: true}
			w.byPlace[k] = d
			w.drafts = append(w.drafts, d)
		}
		d.tags |= s.Tags
		for _, path := range s.Paths {
			d.under(w.guards(node, path))
		}
	}
}

// under keeps of the conditions those that hold on every way.
func (d *promptDraft) under(guards *eval.Cond) {
	if d.first {
		d.guards, d.first = guards, false
		return
	}
	d.guards = common(d.guards, guards)
}

// whole finds the node and value of the text that a source is part of.
func (w *promptWriter) whole(s *flow.Source, piece string) (js.Node, eval.Value) {
	for _, path := range s.Paths {
		if path == nil || !encloses(path.Function, s.Node) {
			continue
		}
		if n, v := w.line(path, piece); n.Valid() {
			return n, v
		}
		if mostlyText(path.Function) || collected(s.Node) {
			if v := w.result(path.Function); isText(v) && w.holds(v, piece) {
				return path.Function, v
			}
		}
	}
	nodes, list := around(s.Node), listAround(s)
	inside := slices.IndexFunc(nodes, func(n js.Node) bool { return encloses(list, n) })
	if inside < 0 {
		inside = len(nodes)
	}
	if n, v := w.firstText(nodes[:inside], piece); n.Valid() {
		return n, v
	}
	if list.Valid() {
		if v := w.joined(list, s.Join); isText(v) && w.holds(v, piece) {
			return list, v
		}
	}
	if n, v := w.firstText(nodes[inside:], piece); n.Valid() {
		return n, v
	}
	return s.Node, w.eval(s.Node)
}

// firstText is the first of some expressions that is a text with a piece in it.
func (w *promptWriter) firstText(nodes []js.Node, piece string) (n js.Node, v eval.Value) {
	for _, n := range nodes {
		if v := w.eval(n); isText(v) && w.holds(v, piece) {
			return n, v
		}
	}
	return n, v
}

// listAround is the list of texts that a source is written down in, if the program makes one text of it elsewhere.
func listAround(s *flow.Source) (list js.Node) {
	if !s.Join.Valid() {
		return list
	}
	for p := s.Node.Parent(); ; p = p.Parent() {
		switch p.Kind() {
		case js.Array:
			list = p
		case js.BinaryExpression, js.TernaryExpression, js.TemplateString, js.TemplateSubstitution, js.ParenthesizedExpression, js.SpreadElement:
		default:
			if list.Valid() && !mostlyText(list) {
				return js.Node{}
			}
			return list
		}
	}
}

// joined is the text that a call of join makes of a list of lines. What has a blank line between stands by itself.
func (w *promptWriter) joined(list, join js.Node) eval.Value {
	separator := eval.Value(eval.String(","))
	if n := join.Child(js.FieldArguments).FirstChild(); n.Valid() {
		separator = w.evalWithin(n, stepsOfPiece)
	}
	between, ok := separator.(eval.String)
	elements, isList := w.eval(list).(*eval.Object)
	if !ok || !isList || strings.Contains(string(between), "\n\n") {
		return eval.Undefined
	}
	return w.Machine.RunWithin(stepsOfText, func() eval.Value { return w.Machine.Join(elements, string(between)) })
}

// line is the text that has the only call of a function among its parts, where it puts them on one line.
func (w *promptWriter) line(f *flow.Frame, piece string) (js.Node, eval.Value) {
	if len(f.Sites) != 1 {
		return js.Node{}, nil
	}
	join := joinedOnLine(f.Sites[0].Call)
	if !join.Valid() {
		return join, nil
	}
	if v := w.eval(join); isText(v) && w.reads(v, piece) {
		return join, v
	}
	return js.Node{}, nil
}

// joinedOnLine is the call of join that puts an element of a list, which may be filtered first, on one line with the others.
func joinedOnLine(n js.Node) js.Node {
	list := n.Parent()
	if list.Kind() != js.Array {
		return js.Node{}
	}
	call := calledOn(filtered(list), "join")
	separator := call.Child(js.FieldArguments).FirstChild()
	if separator.Kind() != js.String || strings.Contains(nameOfKey(separator), "\n") {
		return js.Node{}
	}
	return call
}

// collected tells a piece that is added to others: text += piece, or list.push(piece).
func collected(n js.Node) bool {
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.BinaryExpression, js.TernaryExpression, js.ParenthesizedExpression, js.SpreadElement, js.Array, js.TemplateString, js.TemplateSubstitution:
		case js.AugmentedAssignment:
			return p.Child(js.FieldOperator).Text() == "+="
		case js.Arguments:
			switch p.Parent().Child(js.FieldFunction).Child(js.FieldProperty).Text() {
			case "push", "unshift":
				return true
			}
			return false
		default:
			return false
		}
	}
	return false
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
			if madeByCall(p) {
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
	for len(list) > 0 && chooses(list[len(list)-1]) {
		list = list[:len(list)-1]
	}
	slices.Reverse(list)
	return list
}

// chooses tells an expression that is one of several others.
func chooses(n js.Node) bool {
	return n.Kind() == js.TernaryExpression || n.Kind() == js.BinaryExpression && n.Child(js.FieldOperator).Text() != "+"
}

// textMethods are methods of a text, or of a list, whose result is that text.
var textMethods = map[string]bool{"join": true, "trim": true, "trimEnd": true, "trimStart": true}

// madeByCall tells whether a call gives the text that stands in it: by a method, or as the tag of a template.
func madeByCall(call js.Node) bool {
	f := call.Child(js.FieldFunction)
	return call.Child(js.FieldArguments).Kind() == js.TemplateString ||
		f.Kind() == js.MemberExpression && textMethods[f.Child(js.FieldProperty).Text()]
}

// result is what a function returns when nothing is known of its arguments.
func (w *promptWriter) result(f js.Node) eval.Value { return w.resultWithin(f, stepsOfText) }

func (w *promptWriter) resultWithin(f js.Node, steps int) eval.Value {
	if v, ok := w.results[f]; ok && !(steps > stepsOfText && isSpent(v)) {
		return v
	}
	v := w.Machine.RunWithin(steps, func() eval.Value { return w.call(f) })
	w.results[f] = v
	return v
}

// suppose lets the parameters of a function have what they usually are. What was evaluated without that is forgotten.
func (w *promptWriter) suppose(f js.Node) {
	if w.Machine.SupposeUsual(w.sole, f) {
		clear(w.values)
		delete(w.results, f)
	}
}

// inOne are the sections that read makes of what f returns in the world that the user assumes, evaluated alone: with what
// nothing settles left open; where that takes too long, with what is unknown taken for absent.
func (w *promptWriter) inOne(f func() eval.Value, read func(eval.Value) []eval.Part) []eval.Part {
	if parts := read(w.Machine.RunIn(w.settled, stepsInOneWorld, f)); parts != nil && !isShort(parts) {
		return parts
	}
	return read(w.Machine.RunIn(w.sole, stepsInOneWorld, f))
}

// call calls a function as somebody does of whom nothing is known.
func (w *promptWriter) call(f js.Node) eval.Value {
	m, unit := w.place(f)
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
		args = append(args, w.Machine.Parameter(f, p, len(args)))
	}
	if p := f.Child(js.FieldParameter); p.Valid() {
		args = append(args, w.Machine.Parameter(f, p, 0))
	}
	return w.Machine.Call(w.Machine.Eval(callee, env), eval.Undefined, args)
}

// isSpent tells a value that an evaluation did not get to for its budget.
func isSpent(v eval.Value) bool {
	u, ok := (eval.World{}).Pick(v).(*eval.Unknown)
	return ok && u.Key == eval.OutOfBudget
}

// calledFrom tells of functions with one call. What was evaluated without knowing of it is forgotten.
func (w *promptWriter) calledFrom(call func(js.Node) (js.Node, bool)) {
	clear(w.values)
	clear(w.results)
	clear(w.conditions)
	w.callOf = call
	w.Machine.CalledFrom(call)
}
