package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// A program may put a text together in a way that can't be followed, such as templates of its own that are filled later.
// The function that returns such a text is evaluated.

// Bounds of that.
const (
	maxAnswers = 32  // functions that are evaluated
	minAnswer  = 200 // bytes of literals in the text
)

// draftAnswers adds the texts that functions return in which no text was found.
func (w *promptWriter) draftAnswers(functions []js.Node, sources []*flow.Source) {
	tried := 0
	for _, f := range functions {
		found := func(s *flow.Source) bool { return encloses(f, s.Node) }
		if slices.ContainsFunc(sources, found) {
			continue
		}
		if tried++; tried > maxAnswers {
			return
		}
		w.draftAnswer(f, w.returned(f))
	}
}

// returned is what a function returns, or a method of an instance that is made by somebody of whom nothing is known.
func (w *promptWriter) returned(f js.Node) eval.Value {
	class := f.Parent().Parent()
	if f.Kind() != js.MethodDefinition || class.Kind() != js.Class && class.Kind() != js.ClassDeclaration {
		return w.resultWithin(f, stepsOfAssembly)
	}
	m, unit := w.place(f)
	maker := &finder{Pass: w.Pass}
	return w.Machine.RunWithin(stepsOfAssembly, func() eval.Value {
		return w.Machine.Invoke(maker.instance(m, unit, class), f.Child(js.FieldName).Text(), maker.parameters(f)...)
	})
}

// draftAnswer adds the texts that a function may return, unless a record has most of them already.
func (w *promptWriter) draftAnswer(f js.Node, v eval.Value) {
	for i, a := range alternatives(nil, v, nil) {
		parts := w.Machine.PartsOf(a.text)
		piece := longestLiteral(parts)
		known := func(d *promptDraft) bool {
			own := w.Machine.PartsOf(d.value)
			return holdsPiece(own, piece) && float64(literalBytes(own)) > mostOf*float64(literalBytes(parts))
		}
		if !isText(a.text) || literalBytes(parts) < minAnswer || piece == "" || slices.ContainsFunc(w.drafts, known) {
			continue
		}
		d := &promptDraft{node: f, value: a.text, own: a.when, tags: usedAsSystem}
		w.byPlace[draftKey{f, i}] = d
		w.drafts = append(w.drafts, d)
	}
}
