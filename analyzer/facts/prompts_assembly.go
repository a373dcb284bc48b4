package facts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// Bounds of an assembly: a list of sections that the program joins to one prompt.
const (
	minSections    = 3
	minAssembly    = 1000 // bytes of literal text
	maxAssemblies  = 8
	maxTried       = 16     // functions that are evaluated to find them
	maxBuilder     = 16_000 // bytes of a function that does nothing but that
	sectionDivider = "\n\n"
)

// assembly is a function that returns the sections of a prompt in their order.
type assembly struct {
	function js.Node
	parts    []eval.Part
	before   []eval.Part // that other functions put before it on its way to the request
	after    []eval.Part
	inOne    bool // evaluated in one world alone
}

func (a *assembly) whole() *eval.Text {
	return &eval.Text{Parts: slices.Concat(a.before, a.parts, a.after)}
}

// assemblies finds the functions that put the sections of system prompts together, those through which the most texts
// flow first. A list of what is one section of another is none.
func (w *promptWriter) assemblies(sources []*flow.Source) (list []assembly) {
	for _, f := range candidates(sources) {
		parts, inOne := w.sectionsOf(f)
		first := firstLiteral(parts)
		within := func(a assembly) bool { return holdsPiece(a.parts, first) }
		if literalBytes(parts) >= minAssembly && !slices.ContainsFunc(list, within) && len(list) < maxAssemblies {
			list = append(list, assembly{function: f, parts: parts, inOne: inOne})
		}
	}
	return list
}

// firstLiteral is the first line of a text that says something.
func firstLiteral(parts []eval.Part) string {
	for _, p := range parts {
		for line := range strings.Lines(p.Lit) {
			if readable(line) {
				return strings.TrimSpace(line)
			}
		}
		if p.Choice != nil {
			if s := cmp.Or(firstLiteral(p.Choice.Then), firstLiteral(p.Choice.Else)); s != "" {
				return s
			}
		}
	}
	return ""
}

// candidates are the functions that may put a prompt together. Blocks of text make up a prompt where nothing else does:
// elsewhere they are those of messages and results.
func candidates(sources []*flow.Source) []js.Node {
	if list := returningLists(sources, usedAsSystem|usedAsAgent); len(list) > 0 {
		return list
	}
	return returningLists(sources, usedAsBlock)
}

// returningLists are the functions that return a list through which texts of a use flow, the ones with the most texts
// first.
func returningLists(sources []*flow.Source, tags flow.Tag) []js.Node {
	through := map[js.Node]int{}
	var order []js.Node
	for _, s := range sources {
		if s.Tags&tags == 0 {
			continue
		}
		seen := map[js.Node]bool{}
		for _, f := range s.Paths {
			above(f, seen, 0)
		}
		for f := range seen {
			if through[f]++; through[f] == 1 && returnsList(f) {
				order = append(order, f)
			}
		}
	}
	slices.SortFunc(order, func(a, b js.Node) int {
		return cmp.Or(through[b]-through[a], a.Tree().Module-b.Tree().Module, int(a.Start())-int(b.Start()))
	})
	return order[:min(len(order), maxTried)]
}

// maxFramesUp bounds how far up from a section its assembly is looked for.
const maxFramesUp = 8

// above adds the functions through which a text flows.
func above(f *flow.Frame, seen map[js.Node]bool, depth int) {
	if f == nil || depth > maxFramesUp {
		return
	}
	seen[f.Function] = true
	for _, s := range f.Sites {
		above(s.Caller, seen, depth+1)
	}
}

// returnsList tells whether a function may return an array that it writes down, one with several elements, or what it
// makes of the elements of another.
func returnsList(f js.Node) bool {
	if f.End()-f.Start() > maxBuilder {
		return false
	}
	tree := f.Tree()
	for i := int(f.Index()); i < f.After(); i++ {
		if n := tree.At(i); isList(n) || n.Kind() == js.ReturnStatement && isMapped(n.FirstChild()) {
			return true
		}
	}
	return false
}

// isMapped tells a list that is made of the elements of another.
func isMapped(n js.Node) bool {
	switch n.Child(js.FieldFunction).Child(js.FieldProperty).Text() {
	case "map", "flatMap":
		return n.Kind() == js.CallExpression
	}
	return false
}

// isList tells an array with enough elements to be a list of sections.
func isList(n js.Node) bool {
	if n.Kind() != js.Array {
		return false
	}
	count := 0
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		count++
	}
	return count >= minSections
}

// sectionsOf are the sections of the list that a function returns. Where it writes the list down, each element is
// evaluated by itself, so that one that takes too long costs no other. What takes too long in all worlds is evaluated in
// one alone.
func (w *promptWriter) sectionsOf(f js.Node) (best []eval.Part, inOne bool) {
	w.suppose(f)
	for _, list := range returnedLists(f) {
		var parts []eval.Part
		for c := list.FirstChild(); c.Valid(); c = c.Next() {
			parts = append(parts, w.element(c)...)
		}
		if literalBytes(parts) > literalBytes(best) {
			best = parts
		}
	}
	if best != nil {
		return best, false
	}
	parts := w.sectionsIn(w.resultWithin(f, stepsOfAssembly))
	if parts == nil || isShort(parts) {
		if whole := w.inOne(func() eval.Value { return w.call(f) }, w.sectionsIn); literalBytes(whole) > 0 {
			return choiceOf(elsewhere, parts, whole), true
		}
	}
	return parts, false
}

// elsewhere is the condition that the program is run in another world than the one that was evaluated alone.
var elsewhere = eval.Truth(&eval.Unknown{Key: eval.OutOfBudget + " in other worlds", Expr: "otherWorld"})

// sectionsIn are the sections of a list.
func (w *promptWriter) sectionsIn(v eval.Value) []eval.Part {
	if o, ok := (eval.World{}).Pick(v).(*eval.Object); ok && o.Kind == eval.KindArray && len(o.Elems) >= minSections {
		return w.section(o)
	}
	return nil
}

// isShort tells whether something of a text, or whether it is there, is not known because the evaluation took too long.
// What is there in other worlds than the default one doesn't count.
func isShort(parts []eval.Part) bool {
	for _, p := range parts {
		switch {
		case p.Hole != nil && strings.Contains(p.Hole.Key, eval.OutOfBudget), p.Each != nil && isShort(p.Each.Parts):
			return true
		case p.Choice != nil:
			branch := p.Choice.Else
			if p.Choice.Cond.Default() {
				branch = p.Choice.Then
			}
			if p.Choice.Cond.Asks(isSpentOn) || isShort(branch) {
				return true
			}
		}
	}
	return false
}

// returnedLists are the arrays with several elements that a function writes down as its result.
func returnedLists(f js.Node) (lists []js.Node) {
	if body := f.Child(js.FieldBody); body.Kind() != js.StatementBlock {
		return listsIn(nil, body)
	}
	tree := f.Tree()
	for i := int(f.Index()) + 1; i < f.After(); i++ {
		switch n := tree.At(i); n.Kind() {
		case js.ReturnStatement:
			lists = listsIn(lists, n.FirstChild())
		case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.MethodDefinition, js.Class, js.ClassDeclaration:
			i = n.After() - 1
		}
	}
	return lists
}

// listsIn adds the arrays that an expression may be: behind methods that leave elements out, in either branch.
func listsIn(lists []js.Node, n js.Node) []js.Node {
	switch n.Kind() {
	case js.Array:
		if isList(n) {
			lists = append(lists, n)
		}
	case js.ParenthesizedExpression, js.AwaitExpression:
		return listsIn(lists, n.FirstChild())
	case js.SequenceExpression:
		return listsIn(lists, n.Child(js.FieldRight))
	case js.TernaryExpression:
		return listsIn(listsIn(lists, n.Child(js.FieldConsequence)), n.Child(js.FieldAlternative))
	case js.CallExpression:
		callee := n.Child(js.FieldFunction)
		switch callee.Child(js.FieldProperty).Text() {
		case "filter", "flat", "join":
			return listsIn(lists, callee.Child(js.FieldObject))
		}
	}
	return lists
}

// element are the sections of an element of a list, or of what is spread into the list there. It is worth more than what
// was given it when it was met before.
func (w *promptWriter) element(n js.Node) []eval.Part {
	if n.Kind() == js.SpreadElement {
		n = n.FirstChild()
	}
	if v, ok := w.values[n]; ok && isSpent(v) {
		delete(w.values, n)
	}
	read := func(v eval.Value) []eval.Part {
		if u, ok := v.(*eval.Unknown); ok && isSpent(u) {
			v = &eval.Unknown{Key: u.Key, Expr: "section", Why: u.Why}
		}
		return w.section(v)
	}
	parts := read(w.evalWithin(n, stepsOfAssembly))
	if isShort(parts) {
		m, unit := w.place(n)
		return w.inOne(func() eval.Value { return w.Machine.Eval(n, w.Machine.Enclosing(m, unit, n)) }, read)
	}
	return parts
}

// section is a value as one or more sections, each under its condition.
func (w *promptWriter) section(v eval.Value) []eval.Part {
	if c, ok := asChoice(v); ok {
		return choiceOf(c.Cond, w.section(c.Then), w.section(c.Else))
	}
	switch v := v.(type) {
	case eval.String, *eval.Text:
		if v == eval.String("") {
			return nil
		}
		return append(slices.Clone(w.Machine.PartsOf(v)), eval.Part{Lit: sectionDivider})
	case *eval.Unknown:
		if v.Default != nil {
			return w.section(v.Default)
		}
		return []eval.Part{{Hole: v}, {Lit: sectionDivider}}
	case *eval.Object:
		if v.Kind != eval.KindArray {
			for _, key := range []string{"text", "parts", "content"} { // a block, or what holds blocks
				if p := v.Own(key); p != nil && p.Value != nil {
					return w.section(p.Value)
				}
			}
			return nil
		}
		var parts []eval.Part
		for _, e := range v.Elems {
			piece := w.section(e.Value)
			if e.Each != "" && len(piece) > 0 {
				piece = []eval.Part{{Each: &eval.PartEach{Over: e.Each, Parts: piece}}}
			}
			parts = append(parts, choiceOf(e.When, piece, nil)...)
		}
		return parts
	}
	return nil
}

// choiceOf is what stands there under a condition, which may be nil, and what stands there otherwise.
func choiceOf(cond *eval.Cond, then, els []eval.Part) []eval.Part {
	if holds, ok := cond.Constant(); ok && holds {
		return then
	} else if ok {
		return els
	}
	if len(then)+len(els) == 0 {
		return nil
	}
	return []eval.Part{{Choice: &eval.PartChoice{Cond: cond, Then: then, Else: els}}}
}

func literalBytes(parts []eval.Part) (n int) {
	for _, p := range parts {
		n += len(p.Lit)
		if p.Choice != nil {
			n += literalBytes(p.Choice.Then) + literalBytes(p.Choice.Else)
		}
		if p.Each != nil {
			n += literalBytes(p.Each.Parts)
		}
	}
	return n
}

// writeAssemblies puts the assemblies, and the system prompts of requests, in front of the other prompts, the main one
// first.
func (w *promptWriter) writeAssemblies(list []assembly, all []asked) {
	var whole []schema.Prompt
	ids := map[string]bool{}
	for _, a := range append(list, w.requested(all, list)...) {
		own := w.Text(&eval.Text{Parts: a.parts})
		if own == nil {
			continue
		}
		id, title := "system-prompt-whole-"+slug(firstSentence(own), own), titleOf(own)
		if ids[id] {
			continue
		}
		text := own
		if len(a.before)+len(a.after) > 0 {
			text = w.Text(a.whole())
		}
		world := w.world()
		world.Open = true
		text.Text = w.TextIn(a.whole(), world).Text
		ids[id] = true
		m, _ := w.place(a.function)
		if a.inOne {
			w.Document.Diagnostics = append(w.Document.Diagnostics, schema.Diagnostic{
				Severity: schema.SeverityNote, Code: "prompt-in-one-world",
				Message: id + ": took too long in all worlds, and is told as it is in the default one alone",
			})
		}
		whole = append(whole, schema.Prompt{
			ID: id, Kind: schema.KindAssembly, Title: title, Text: *text, Guards: []schema.Cond{},
			Origin: schema.Origin{Module: m.Name, Start: int(a.function.Start()), End: int(a.function.End()), Symbol: symbol(a.function)},
		})
	}
	w.Document.Prompts = append(whole, w.Document.Prompts...)
}

func firstSentence(t *schema.Text) string {
	s := strings.TrimSpace(outline(t.Parts))
	s, _, _ = strings.Cut(s, "\n")
	s, _, _ = strings.Cut(s, ". ")
	return s
}

// text is a value as the Document has it under its guards, rendered in the world that the user assumes: which tools
// there are.
func (w *promptWriter) text(v eval.Value, guards *eval.Cond) *schema.Text {
	t := w.TextGiven(v, guards)
	if t != nil && len(w.tools) > 0 {
		t.Text = w.TextIn(v, w.world()).Text
	}
	return t
}

// world is what the user assumes of the tools.
func (w *promptWriter) world() eval.World {
	answers := map[string]bool{}
	return eval.World{Answers: answers, Ask: func(a *eval.Atom) {
		for name, there := range w.tools {
			if strings.Contains(a.Expr, `"`+name+`"`) && (strings.Contains(a.Expr, "===") || strings.Contains(a.Expr, "(")) {
				answers[a.Key] = there
			}
		}
	}}
}

// assumedTools are the tools that the user says are there or are not, by options such as tool.NAME=true.
func assumedTools(assume map[string]string) map[string]bool {
	tools := map[string]bool{}
	for k, v := range assume {
		if name, ok := strings.CutPrefix(k, "tool."); ok {
			tools[name] = v != "false" && v != "0" && v != ""
		}
	}
	return tools
}
