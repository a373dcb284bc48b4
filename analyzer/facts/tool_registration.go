package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// registrations are the calls by which a program registers tools or answers requests, and what evaluating the
// program up to them gives.
type registrations struct {
	matches  []analyzer.Match
	names    map[string]bool
	requests map[eval.Site]bool // object literals that may be the body of a request
	answers  map[eval.Site]bool // object literals that answer the request for the tools
	objects  map[eval.Site]bool // both, for whom runs watch
	ran      map[root]*followed
	order    []root
	rests    int                                       // how often the rest of a module was run
	left     int                                       // steps that all this may still take
	read     func(bodies []eval.Watched) []*definition // reads the bodies of requests at the end of an evaluation
}

// followed is what evaluating the program from one root met.
type followed struct {
	met    map[place][]eval.Watched
	listed []*definition // what is answered to a request for the tools
	// answered says that all of what is answered was understood, be it no tool at all.
	answered bool
	cut      bool // a part of it ran out of budget
	whole    bool // most of its budget was left
	start    bool // it begins with a statement of the module that runs first
}

// place tells one call of the program from another.
type place struct {
	module int
	start  uint32
	end    uint32
}

func placeOf(n js.Node) place { return place{n.Tree().Module, n.Start(), n.End()} }

// Bounds of how much of a program is run, all in all, to see what reaches its registrations. In a program that defines
// many tools for itself most calls that look like one are something else, or belong to a server inside it.
const (
	maxFollowSteps = 800_000
	maxInnerSteps  = 16_000
	maxFirstSteps  = 12_000  // for one root
	maxSecondSteps = 80_000  // for one that ran out of them
	maxThirdSteps  = 600_000 // for one that ran out of these, too, in the default world alone
)

// followSteps is the bound for this program.
func (f *finder) followSteps() int {
	if f.definesMany() {
		return maxInnerSteps
	}
	return maxFollowSteps
}

// definesMany tells a program that defines many tools for itself.
func (f *finder) definesMany() bool {
	own := 0
	for _, list := range f.byName {
		if slices.ContainsFunc(list, func(d *definition) bool { return d.call }) {
			own++
		}
	}
	return own > manyOwn
}

// maxRegistrationSteps bounds the evaluation of a registration's arguments.
const maxRegistrationSteps = 8_000

// note keeps a call for later, when all names to watch for are known.
func (r *registrations) note(f *finder, m analyzer.Match) {
	if r.names == nil {
		r.names, r.ran = map[string]bool{tableMethod: true}, map[root]*followed{}
		r.requests, r.answers, r.objects = map[eval.Site]bool{}, map[eval.Site]bool{}, map[eval.Site]bool{}
	}
	if n := m.Capture("asked"); n.Valid() {
		r.noteAsked(f, m, n)
		return
	}
	if n := m.Capture("request"); n.Valid() {
		if site := siteOf(n); !f.isRequest(n) || r.requests[site] {
			return
		} else {
			r.requests[site], r.objects[site] = true, true
		}
		for _, name := range f.Words("request.send") {
			r.names[name] = true
		}
	} else {
		r.names[m.Capture("method").Text()] = true
	}
	r.matches = append(r.matches, m)
}

// metAt are the evaluations that met a call.
func (r *registrations) metAt(n js.Node) (by []*followed, met []eval.Watched) {
	for _, at := range r.order {
		for _, w := range r.ran[at].met[placeOf(n)] {
			by, met = append(by, r.ran[at]), append(met, w)
		}
	}
	return by, met
}

// unlisted tells whether an evaluation saw the program answer with tools, and with none of a name.
func (r *followed) unlisted(name string) bool {
	return r.whole && len(r.listed) > 0 && !slices.ContainsFunc(r.listed, func(d *definition) bool { return d.name == name })
}

// registered reads all registrations, answers and requests: with what the program passes where that is seen, else as they
// stand.
func (f *finder) registered() {
	calls := &f.calls
	calls.read = f.sentInAll
	f.followAll(f.followSteps())
	if f.lists == nil && f.definesMany() && !f.sendsOthers() {
		f.followStart()
	}
	for _, at := range calls.order {
		for _, d := range calls.ran[at].listed {
			d.started = calls.ran[at].start
			f.byName[d.name] = append(f.byName[d.name], d)
		}
	}
	for _, m := range calls.matches {
		if n := m.Capture("call.tool"); n.Valid() {
			f.registeredAt(m, n)
		}
	}
}

// followAll evaluates the program from where it comes to each registration, answer and request, within a number of
// steps.
func (f *finder) followAll(steps int) {
	calls := &f.calls
	calls.left = steps
	limit := f.Machine.Stats.Steps + calls.left // of looking for the roots
	for _, m := range calls.matches {
		n := f.sinkOf(m)
		if !n.Valid() {
			continue
		}
		if m.Capture("call.answer").Valid() || m.Capture("answer").Valid() {
			f.see(n)
		}
		if f.Machine.Stats.Steps > limit || calls.left <= 0 {
			break
		}
		roots := f.roots(m.Module, m.Unit, n)
		for _, r := range roots {
			if calls.left > 0 {
				before := f.Machine.Stats.Steps
				f.follow(r)
				limit += f.Machine.Stats.Steps - before
			}
		}
		by, _ := calls.metAt(n)
		if calls.left > 0 && !m.Capture("call.tool").Valid() && !slices.ContainsFunc(by, func(r *followed) bool { return r.start && len(r.listed) > 0 }) {
			f.followRest(roots)
		}
		if by, _ = calls.metAt(n); calls.left > 0 && !slices.ContainsFunc(by, func(r *followed) bool { return r.start }) {
			f.followKept(m, n)
		}
		if _, met := calls.metAt(n); len(met) == 0 && calls.left > 0 {
			f.near(m, n)
		}
	}
	f.followFurther()
}

// sinkOf is the place of a match at which the program hands on tools, no node where it hands on something else.
func (f *finder) sinkOf(m analyzer.Match) js.Node {
	if n := m.Capture("call.tool"); n.Valid() {
		return n
	}
	for _, capture := range []string{"request", "answer"} {
		if n := m.Capture(capture); n.Valid() {
			return n
		}
	}
	n := m.Capture("call.answer")
	if args := f.arguments(m, n); len(args) == 0 || !f.asksForTools(args[0]) {
		return js.Node{}
	}
	return n
}

// registeredAt reads one call that registers a tool.
func (f *finder) registeredAt(m analyzer.Match, n js.Node) {
	by, met := f.calls.metAt(n)
	// what is not met is handed out in a way that is not seen, if at all; so is what no answer lists
	for i, w := range met {
		args, sent := f.fuller(m, n, w.Args, len(met)), orTrue(w.When)
		if !f.gives(n) && by[i].unlisted(f.registeredName(args)) {
			sent = nil
		}
		f.registration(m, n, args, sent)
	}
	if len(met) == 0 {
		f.registration(m, n, f.arguments(m, n), nil)
	}
}

// fuller is a registration's arguments as they stand, where that names the same tool as what was met on a way through
// the program: on the way the budget may have been used up.
func (f *finder) fuller(m analyzer.Match, n js.Node, met []eval.Value, times int) []eval.Value {
	if times > 1 {
		return met
	}
	if args := f.arguments(m, n); len(args) == len(met) && f.registeredName(args) != "" && f.registeredName(args) == f.registeredName(met) {
		return args
	}
	return met
}

// registeredName is the name that a registration's first argument is or holds; "" where it is not known.
func (f *finder) registeredName(args []eval.Value) string {
	if len(args) == 0 {
		return ""
	}
	switch v := (eval.World{}).Pick(args[0]).(type) {
	case eval.String:
		return string(v)
	case *eval.Object:
		if name, ok := f.name(v); ok {
			return name
		}
		if d := f.registeredTool(v); d != nil {
			return d.name
		}
	}
	return ""
}

// registeredTool is the tool that an object is which is registered, or that it holds beside what is called; nil where
// there is none.
func (f *finder) registeredTool(o *eval.Object) *definition {
	if d := f.read(o); d != nil || o.Kind != eval.KindObject || !callback(o) {
		return d
	}
	for _, k := range o.Keys() {
		if inner, ok := (eval.World{}).Pick(f.member(o, k)).(*eval.Object); ok && inner.Kind == eval.KindObject && inner.Func == nil {
			if d := f.read(inner); d != nil {
				return d
			}
		}
	}
	return nil
}

// near evaluates what is nearer to a place that was not met from further out: the functions that are passed to others on
// the way, as these may keep them for later, and then the function around it.
func (f *finder) near(m analyzer.Match, n js.Node) {
	for _, c := range []*climber{{finder: f, seen: map[js.Node]bool{}, callbacks: true}, {finder: f, seen: map[js.Node]bool{}}} {
		depth := 0
		if !c.callbacks {
			depth = maxCallers
		}
		c.climb(m.Module, m.Unit, n, depth)
		for _, r := range c.found {
			f.follow(r)
		}
		if by, met := f.calls.metAt(n); len(met) > 0 && slices.ContainsFunc(by, func(r *followed) bool { return len(r.listed) > 0 || m.Capture("call.tool").Valid() }) {
			return
		}
	}
}

// followKept evaluates the program's start once more where it did not come to a place, and calls at its end what it passed
// to others on the way there: who gets a function may keep it for later.
func (f *finder) followKept(m analyzer.Match, n js.Node) {
	c := &climber{finder: f, seen: map[js.Node]bool{}}
	c.climb(m.Module, m.Unit, n, 0)
	for _, r := range c.found {
		for _, fn := range c.given {
			if r.ofModule() && r.module.Entry && fn.Tree().Module == r.module.ID {
				r.kept = fn
				f.follow(r)
			}
		}
	}
}

func orTrue(c *eval.Cond) *eval.Cond {
	if c == nil {
		return eval.Truth(eval.Bool(true))
	}
	return c
}

// arguments evaluates the arguments of a call without what its callers pass.
func (f *finder) arguments(m analyzer.Match, n js.Node) (args []eval.Value) {
	f.Machine.RunWithin(maxRegistrationSteps, func() eval.Value {
		env := f.Machine.Enclosing(m.Module, m.Unit, n)
		for a := n.Child(js.FieldArguments).FirstChild(); a.Valid(); a = a.Next() {
			args = append(args, f.Machine.Eval(a, env))
		}
		return eval.Undefined
	})
	return args
}

// registration reads the arguments of a call that registers a tool: (name, config, callback), (name, description,
// shape, callback), or (config).
func (f *finder) registration(m analyzer.Match, n js.Node, given []eval.Value, sent *eval.Cond) {
	args := make([]eval.Value, len(given))
	for i, a := range given {
		args[i] = (eval.World{}).Pick(a)
	}
	if len(args) == 0 {
		return
	}
	if o, ok := args[0].(*eval.Object); ok {
		if !f.registers(n, o, sent) {
			f.dropRegistration(m, n, args)
		}
		return
	}
	name, ok := args[0].(eval.String)
	if !ok || !isToolName(string(name)) || len(args) < 2 || !callback(args[len(args)-1]) {
		f.dropRegistration(m, n, args)
		return
	}
	d := f.positional(string(name), args[1:len(args)-1])
	d.served, d.sent, d.call = true, sent, sent != nil
	f.keep(n, d)
}

// registers reads a tool that is registered, or a list of them, and tells whether there is one.
func (f *finder) registers(n js.Node, o *eval.Object, sent *eval.Cond) (any bool) {
	if o.Kind == eval.KindArray {
		for _, e := range o.Elems {
			if tool, ok := (eval.World{}).Pick(e.Value).(*eval.Object); ok && tool.Kind != eval.KindArray && e.Each == "" {
				when := sent
				if sent != nil {
					when = eval.And(sent, orTrue(e.When))
				}
				any = f.registers(n, tool, when) || any
			}
		}
		return any
	}
	d := f.registeredTool(o)
	if d == nil {
		return false
	}
	d.served, d.sent, d.call = !f.gives(n), sent, sent != nil
	f.keep(n, d)
	return true
}

// gives tells whether a call gives its tools to a model, and not to a server of the program.
func (f *finder) gives(call js.Node) bool {
	return slices.Contains(f.Words("tool.give"), call.Child(js.FieldFunction).Child(js.FieldProperty).Text())
}

// callback tells whether the last argument of a registration may be what is called.
func callback(v eval.Value) bool {
	o, ok := v.(*eval.Object)
	if !ok {
		_, unknown := v.(*eval.Unknown)
		return unknown
	}
	if o.Func != nil {
		return true
	}
	for _, k := range o.Keys() {
		if eval.IsFunction((eval.World{}).Pick(o.Own(k).Value)) {
			return true
		}
	}
	return false
}

func (f *finder) keep(n js.Node, d *definition) {
	d.origin, d.node = f.originOf(n), n
	f.byName[d.name] = append(f.byName[d.name], d)
}

func (f *finder) originOf(n js.Node) schema.Origin {
	return schema.Origin{Module: f.Program.Modules[n.Tree().Module].Name, Start: int(n.Start()), End: int(n.End()), Symbol: symbol(n)}
}

// inner tells a program that serves its tools from one that defines most of its tools for itself: what the servers
// inside the latter hand out reaches its model only where something connects to them, which is not known. Nor is it known
// when a program that begins with serving its tools asks a model about them.
func (f *finder) inner() {
	if f.isServer() {
		all := f.startLists()
		f.withhold(func(d *definition) bool { return !d.served || all != nil && !all[d.name] })
		return
	}
	if own := f.byRegistry; own.when != nil {
		f.withhold(func(d *definition) bool { return d.served && own.when[d.name] == nil && !own.modules[d.origin.Module] })
	}
	served, own := 0, 0
	for _, list := range f.byName {
		isServed, isOwn := false, false
		for _, d := range list {
			isServed = isServed || d.sent != nil
			isOwn = isOwn || d.call && !d.served
		}
		if isServed {
			served++
		} else if isOwn {
			own++
		}
	}
	if own <= served {
		return
	}
	f.withhold(func(d *definition) bool { return d.served })
}

// isServer tells whether the program, when it starts, answers requests for its tools by default.
func (f *finder) isServer() bool {
	for _, list := range f.byName {
		if slices.ContainsFunc(list, func(d *definition) bool { return d.served && d.started && d.sent.Default() }) {
			return true
		}
	}
	return false
}

// startLists are the names of the tools that the start of the program answers with, nil where not all of that was seen.
func (f *finder) startLists() (names map[string]bool) {
	for _, r := range f.calls.ran {
		switch {
		case !r.start || len(r.listed) == 0:
		case !r.whole:
			return nil
		default:
			if names == nil {
				names = map[string]bool{}
			}
			for _, d := range r.listed {
				names[d.name] = true
			}
		}
	}
	return names
}

// withhold takes from definitions that the model gets them: when it does is not known.
func (f *finder) withhold(which func(*definition) bool) {
	for _, list := range f.byName {
		for _, d := range list {
			if which(d) {
				d.sent, d.call = nil, false
			}
		}
	}
}
