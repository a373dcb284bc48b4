package facts

import (
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// accounting accounts for what looked like a tool, or like a place that hands tools out: each became a record, or is
// dropped by a rule. Whoever looks at a place says so by see; whoever finds out why it gives nothing says so by drop.
type accounting struct {
	seen    map[js.Node]bool
	settled map[js.Node]bool // all of what it gives was understood
	drops   map[js.Node]schema.Dropped
}

// see notes a candidate. Until something else is said of it, it is no tool.
func (f *finder) see(n js.Node) {
	if f.candidates.seen == nil {
		f.candidates = accounting{map[js.Node]bool{}, map[js.Node]bool{}, map[js.Node]schema.Dropped{}}
	}
	f.candidates.seen[n] = true
}

// drop notes why a candidate gives no record of its own. What is not understood outweighs what is.
func (f *finder) drop(n js.Node, rule, what string) {
	f.see(n)
	d := schema.Dropped{Rule: rule, What: what, Origin: f.originOf(n)}
	if known, ok := f.candidates.drops[n]; !f.candidates.settled[n] && (!ok || known.Understood()) {
		f.candidates.drops[n] = d
	}
}

// settle says that all of what a candidate gives was understood, on one of the ways to it.
func (f *finder) settle(n js.Node) {
	f.see(n)
	f.candidates.settled[n] = true
	delete(f.candidates.drops, n)
}

// dropObject finds out why an object literal with a member for a schema is no tool.
func (f *finder) dropObject(m analyzer.Match, n js.Node, v eval.Value) {
	rule, what := f.whyNoTool(v, m.Capture("key").Text())
	f.drop(n, rule, what)
}

func (f *finder) whyNoTool(v eval.Value, key string) (rule, what string) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || mayBeOther[key] {
		return schema.DroppedNoTool, ""
	}
	switch name := (eval.World{}).Pick(f.member(o, "name")).(type) {
	case *eval.Unknown:
		if isCallers(name) {
			return schema.DroppedTemplate, name.Expr
		}
		if f.hasText(&definition{object: o}) {
			return schema.DroppedName, name.Expr
		}
	case eval.String:
		if isToolName(string(name)) && f.hasText(&definition{object: o}) {
			return schema.DroppedSchema, string(name)
		}
	default:
		if name == eval.Undefined && f.hasText(&definition{object: o}) && f.callable(o, key) {
			return schema.DroppedName, ""
		}
	}
	return schema.DroppedNoTool, ""
}

// registering are the methods whose calls register a tool and do nothing else.
var registering = map[string]bool{"registerTool": true, "registerToolTask": true, "addTool": true}

// dropRegistration finds out why a call that registers a tool gives none.
func (f *finder) dropRegistration(m analyzer.Match, n js.Node, args []eval.Value) {
	method := m.Capture("method").Text()
	if !registering[method] {
		return
	}
	rule := schema.DroppedRegistration
	if len(args) > 0 {
		name := (eval.World{}).Pick(args[0])
		if o, ok := name.(*eval.Object); ok {
			name = (eval.World{}).Pick(f.member(o, "name"))
		}
		if u, ok := name.(*eval.Unknown); ok && isCallers(u) {
			rule = schema.DroppedTemplate
		}
	}
	f.drop(n, rule, method)
}

// dropAnswers drops the answers to requests for tools that no evaluation came to, or that none found tools in. Where one
// answer was understood that stands where the request is named, others there may be for what does not come to pass.
func (f *finder) dropAnswers() {
	understood := false
	unseen := func(capture string, visit func(m analyzer.Match, n js.Node, met bool)) {
		for _, m := range f.calls.matches {
			n := m.Capture(capture)
			if !n.Valid() || !f.candidates.seen[n] {
				continue
			}
			by, met := f.calls.metAt(n)
			if slices.ContainsFunc(by, func(r *followed) bool { return len(r.listed) > 0 || r.answered }) {
				understood = true
			} else {
				visit(m, n, len(met) > 0)
			}
		}
	}
	unseen("call.answer", func(m analyzer.Match, n js.Node, _ bool) { f.drop(n, schema.DroppedAnswer, m.Capture("method").Text()) })
	var unmet []js.Node
	unseen("answer", func(_ analyzer.Match, n js.Node, met bool) {
		switch {
		case f.candidates.drops[n].Rule == schema.DroppedTemplate:
		case met:
			f.drop(n, schema.DroppedAnswer, anAnswer)
		default:
			unmet = append(unmet, n)
		}
	})
	for _, n := range unmet {
		if !understood {
			f.drop(n, schema.DroppedAnswer, anAnswer)
		}
	}
}

// isCallers tells whether a value is what a caller passes, or what an instance or a loop gives.
func isCallers(u *eval.Unknown) bool {
	return isParameter(u) || u.Subject != nil && u.Subject.Kind == schema.KindArgument
}

// account writes what became of the candidates into the Document. One that stands inside what a record was made of, or
// around it, belongs to that record.
func (f *finder) account() {
	out := &f.Document.Health.Candidates
	var places []schema.Origin
	for _, t := range f.Document.Tools {
		places = append(append(places, t.Origin), t.Origins...)
	}
	byModule := map[string][]schema.Origin{}
	for _, p := range places {
		byModule[p.Module] = append(byModule[p.Module], p)
	}
	for n := range f.candidates.seen {
		out.Seen++
		at := f.originOf(n)
		d, dropped := f.candidates.drops[n]
		if !d.Sink() && slices.ContainsFunc(byModule[at.Module], func(p schema.Origin) bool {
			return p.Start <= at.Start && at.End <= p.End || at.Start <= p.Start && p.End <= at.End
		}) {
			out.Tools++
			continue
		}
		if !dropped {
			d = schema.Dropped{Rule: schema.DroppedNoTool, Origin: at}
		}
		out.Dropped = append(out.Dropped, d)
	}
	slices.SortFunc(out.Dropped, func(a, b schema.Dropped) int {
		return cmp.Or(cmp.Compare(a.Origin.Module, b.Origin.Module), cmp.Compare(a.Origin.Start, b.Origin.Start), cmp.Compare(a.Origin.End, b.Origin.End))
	})
	f.Document.Health.Converters = len(f.conversions)
}

// mayHoldTools tells whether what a request has for tools may be some: not where it is nothing, or a list without elements.
func (f *finder) mayHoldTools(v eval.Value) bool {
	switch v := (eval.World{}).Pick(v).(type) {
	case *eval.Unknown:
		return true
	case *eval.Object:
		return v.Kind != eval.KindArray || len(v.Elems) > 0 || len(v.Open()) > 0
	}
	return false
}
