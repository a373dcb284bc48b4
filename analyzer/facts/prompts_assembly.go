package facts

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/flow"
	"github.com/bundlens/bundlens/analyzer/js"
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
	size     int
}

// assemblies finds the functions that put the sections of system prompts together, the largest first.
func (w *promptWriter) assemblies(sources []*flow.Source) []assembly {
	seen := map[js.Node]bool{}
	var list []assembly
	for _, tags := range []flow.Tag{usedAsSystem, usedAsAgent | usedAsBlock} { // the surer ones first
		for _, s := range sources {
			if s.Tags&tags == 0 {
				continue
			}
			for _, f := range s.Paths {
				list = w.assembly(list, f, seen, 0)
			}
		}
	}
	for i := range list { // the largest first, those of the same size as found
		for j := i; j > 0 && list[j].size > list[j-1].size; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list[:min(len(list), maxAssemblies)]
}

// maxFramesUp bounds how far up from a section its assembly is looked for.
const maxFramesUp = 4

func (w *promptWriter) assembly(list []assembly, f *flow.Frame, seen map[js.Node]bool, depth int) []assembly {
	if f == nil || depth > maxFramesUp {
		return list
	}
	if !seen[f.Function] {
		seen[f.Function] = true
		if w.tried < maxTried && returnsList(f.Function) {
			w.tried++
			parts := sections((eval.World{}).Pick(w.resultWithin(f.Function, stepsOfAssembly)), w)
			if n := literalBytes(parts); n >= minAssembly {
				list = append(list, assembly{f.Function, parts, n})
			}
		}
	}
	for _, s := range f.Sites {
		list = w.assembly(list, s.Caller, seen, depth+1)
	}
	return list
}

// returnsList tells whether a function may return an array that it writes down: one with several elements.
func returnsList(f js.Node) bool {
	if f.End()-f.Start() > maxBuilder {
		return false
	}
	tree := f.Tree()
	for i := int(f.Index()); i < f.After(); i++ {
		n := tree.At(i)
		if n.Kind() != js.Array {
			continue
		}
		count := 0
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			count++
		}
		if count >= minSections {
			return true
		}
	}
	return false
}

// sections are the elements of an array as one text, each under its condition; nil where there are too few.
func sections(v eval.Value, w *promptWriter) []eval.Part {
	o, ok := v.(*eval.Object)
	if !ok || o.Kind != eval.KindArray || len(o.Elems) < minSections {
		return nil
	}
	var parts []eval.Part
	for _, e := range o.Elems {
		text, guards := textIn(e.Value)
		_ = guards
		when := e.When
		if c, ok := asChoice(e.Value); ok && (!saysSomething(c.Then) || !saysSomething(c.Else)) {
			cond := c.Cond
			if !saysSomething(c.Then) {
				cond = eval.Not(cond)
			}
			when = eval.And(when, cond)
		}
		if text == eval.Null || text == eval.Undefined || text == eval.Bool(false) || text == eval.String("") {
			continue
		}
		if _, isObject := text.(*eval.Object); isObject {
			continue
		}
		piece := append(append([]eval.Part{}, w.Machine.PartsOf(text)...), eval.Part{Lit: sectionDivider})
		if yes, ok := when.Constant(); when != nil && !(ok && yes) {
			piece = []eval.Part{{Choice: &eval.PartChoice{Cond: when, Then: piece}}}
		}
		parts = append(parts, piece...)
	}
	return parts
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

// writeAssemblies adds the assemblies to the Document.
func (w *promptWriter) writeAssemblies(sources []*flow.Source) {
	ids := map[string]bool{}
	for _, a := range w.assemblies(sources) {
		text := w.text(&eval.Text{Parts: a.parts})
		if text == nil {
			continue
		}
		title := titleOf(text)
		id := "system-prompt-whole-" + slug(firstSentence(text), text)
		if ids[id] {
			continue
		}
		ids[id] = true
		m, _ := w.place(a.function)
		w.Document.Prompts = append(w.Document.Prompts, schema.Prompt{
			ID: id, Kind: schema.KindAssembly, Title: title, Text: *text, Guards: []string{},
			Origin: schema.Origin{Module: m.Name, Start: int(a.function.Start()), End: int(a.function.End()), Symbol: symbol(a.function)},
		})
	}
}

func firstSentence(t *schema.Text) string {
	s := strings.TrimSpace(outline(t.Parts))
	s, _, _ = strings.Cut(s, "\n")
	s, _, _ = strings.Cut(s, ". ")
	return s
}

// text is a value as the Document has it, rendered in the world that the user assumes: which tools there are.
func (w *promptWriter) text(v eval.Value) *schema.Text {
	t := w.Text(v)
	if t == nil || len(w.tools) == 0 {
		return t
	}
	answers := map[string]bool{}
	world := eval.World{Answers: answers, Ask: func(a *eval.Atom) {
		for name, there := range w.tools {
			if strings.Contains(a.Expr, `"`+name+`"`) && (strings.Contains(a.Expr, "===") || strings.Contains(a.Expr, "(")) {
				answers[a.Key] = there
			}
		}
	}}
	t.Text = w.TextIn(v, world).Text
	return t
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
