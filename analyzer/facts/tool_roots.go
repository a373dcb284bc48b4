package facts

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// root is where to begin so that a call is reached with what its callers pass: a call or statement that no function
// of the program stands around, or a function that nothing is seen to call.
type root struct {
	module *scope.Module
	unit   int32
	node   js.Node // none for the whole module, from a unit on
	method js.Node // a method of the class that node is, called of an instance that is made, or of the class if it is static
	kept   js.Node // a function that is made on the way and passed to another, which calls it later
}

// Bounds of the search for callers.
const (
	maxCallers = 6   // functions between a call and a root
	maxPlaces  = 400 // places looked at for one name, of those where it may be called
	maxRoots   = 120 // of one call

	maxModuleSteps = 120_000 // of a module that runs from its first statement to its last
	maxRest        = 400     // statements that are run with one, after it, in a module that begins with running others
	maxRestSteps   = 40_000  // of these
	maxRests       = 4       // times that this is tried
)

// roots finds the roots of a node.
func (f *finder) roots(module *scope.Module, unit int32, n js.Node) []root {
	c := &climber{finder: f, seen: map[js.Node]bool{}}
	c.climb(module, unit, n, 0)
	return c.found
}

type climber struct {
	*finder
	seen      map[js.Node]bool
	found     []root
	callbacks bool      // a function that is passed to another is a root: who gets it may keep it for later
	given     []js.Node // the functions on the way that are passed to others
}

func (c *climber) add(r root) {
	if len(c.found) < maxRoots {
		c.found = append(c.found, r)
	}
}

func (c *climber) climb(module *scope.Module, unit int32, n js.Node, depth int) {
	fn := n.EnclosingFunction()
	if !fn.Valid() {
		c.add(root{module: module, unit: unit, node: statementOf(n)})
		return
	}
	if c.seen[fn] {
		return
	}
	c.seen[fn] = true
	if fn.Kind() == js.MethodDefinition {
		c.method(module, unit, fn, depth)
		return
	}
	if depth >= maxCallers {
		c.add(root{module: module, unit: unit, node: fn})
		return
	}
	if p := argumentOf(fn); p.Valid() {
		if inside(fn, p.Child(js.FieldArguments)) {
			if c.given = append(c.given, fn); c.callbacks {
				c.add(root{module: module, unit: unit, node: fn})
				return
			}
		}
		c.climb(module, unit, p, depth)
		return
	}
	if name := nameOf(fn); name.Valid() && c.callers(module, fn, name, depth) {
		return
	}
	c.add(root{module: module, unit: unit, node: fn})
}

// method climbs from a class's method to what makes an instance.
func (c *climber) method(module *scope.Module, unit int32, fn js.Node, depth int) {
	class := fn.Parent().Parent()
	if class.Kind() != js.Class && class.Kind() != js.ClassDeclaration {
		if o := fn.Parent(); o.Kind() == js.Object {
			c.add(root{module: module, unit: unit, node: fn})
		}
		return
	}
	before := len(c.found)
	if name := nameOf(class); name.Valid() && depth < maxCallers {
		c.callers(module, class, name, depth)
	}
	if len(c.found) == before {
		c.add(root{module: module, unit: unit, node: class})
	}
	c.factories(module, unit, class)
	if fn.Child(js.FieldName).Text() != "constructor" {
		c.add(root{module: module, unit: unit, node: class, method: fn})
		c.subclasses(module, class, 0, func(m *scope.Module, u int32, heir js.Node) {
			if name := nameOf(heir); name.Valid() && depth < maxCallers {
				c.callers(m, heir, name, depth)
			}
			c.add(root{module: m, unit: u, node: heir, method: fn})
		})
	}
}

// factories adds the static methods of a class that may make an instance of it.
func (c *climber) factories(module *scope.Module, unit int32, class js.Node) {
	for m := class.Child(js.FieldBody).FirstChild(); m.Valid(); m = m.Next() {
		if isStatic(m) && strings.Contains(m.Text(), "new ") {
			c.add(root{module: module, unit: unit, node: class, method: m})
		}
	}
}

func isStatic(method js.Node) bool {
	return method.Kind() == js.MethodDefinition && method.ChildOfKind(js.KeywordStatic).Valid()
}

// callers climbs from each call of the function that a name holds, and tells whether there is one.
func (c *climber) callers(module *scope.Module, fn, name js.Node, depth int) bool {
	found := false
	c.callsOf(module, fn, name, func(call callSite) {
		found = true
		if call.given {
			c.given = append(c.given, fn)
		}
		c.climb(call.module, call.unit, call.node, depth+1)
	})
	return found
}

func (f *finder) eval1(module *scope.Module, unit int32, n js.Node) eval.Value {
	return f.evalWithin(maxRegistrationSteps, module, unit, n)
}

// evalWithin is what an expression is by default where it stands, as far as so many steps show.
func (f *finder) evalWithin(steps int, module *scope.Module, unit int32, n js.Node) eval.Value {
	return f.Machine.RunWithin(steps, func() eval.Value {
		return (eval.World{}).Pick(f.Machine.Eval(n, f.Machine.Enclosing(module, unit, n)))
	})
}

// runsFirst tells whether a module is run from its first statement to its last, and before any other that it needs: what
// others do first is not run with it.
func runsFirst(m *scope.Module) bool {
	if !eval.RunsInOrder(m) {
		return false
	}
	needs := func(i js.Import) bool {
		_, ok := m.Import(i.From)
		return ok
	}
	x := m.Index()
	return !slices.ContainsFunc(x.Imports, needs) && !slices.ContainsFunc(x.Units, func(u js.Unit) bool {
		return u.Kind == js.UnitImport && !bytes.Contains(m.Text[u.Start:u.End], []byte("from"))
	})
}

// follow evaluates a root once. A statement of a module is run with those before and after it, where that can be.
func (f *finder) follow(r root) {
	calls := &f.calls
	if r.node.Valid() && r.ofModule() && f.followInOrder(r) {
		return
	}
	if calls.ran[r] == nil {
		calls.ran[r] = f.run(r, nil, maxFirstSteps)
		calls.order = append(calls.order, r)
	}
}

// followInOrder evaluates a statement of a module that runs first with those before and after it, and tells whether it
// could.
func (f *finder) followInOrder(r root) bool {
	return runsFirst(r.module) && f.inOrder(root{module: r.module, unit: -1, kept: r.kept}, maxModuleSteps)
}

// followRest evaluates statements of the module that the program begins with together with those after them: one may make
// what later ones use.
func (f *finder) followRest(roots []root) {
	for _, r := range roots {
		if r.ofModule() && r.node.Valid() && r.module.Entry && !runsFirst(r.module) && len(r.module.Index().Units)-int(r.unit) <= maxRest {
			if f.calls.rests++; f.calls.rests > maxRests || f.inOrder(root{module: r.module, unit: r.unit}, maxRestSteps) {
				return
			}
		}
	}
}

// inOrder evaluates the statements of a module in their order, and tells whether it came to their end, or all but.
func (f *finder) inOrder(whole root, steps int) bool {
	calls := &f.calls
	if calls.ran[whole] == nil {
		left := calls.left
		if calls.ran[whole] = f.run(whole, nil, steps); calls.ran[whole].whole {
			calls.order = append(calls.order, whole)
		} else {
			calls.left = left // it was for nothing, and the statements are run one by one
		}
	}
	return calls.ran[whole].whole
}

// ofModule tells a statement that runs when its module does.
func (r root) ofModule() bool {
	if !r.node.Valid() {
		return true
	}
	switch r.node.Kind() {
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
		return false
	}
	return r.node.Parent().Kind() == js.Program && r.module.Index().Units[r.unit].Thunk < 0
}

// followFurther evaluates roots that ran out of budget once more, with a larger one, and where most of that is used up as
// well, in the default world alone. Where that is not enough either, it says no more than it did before. The start of the
// program comes first: it says most.
func (f *finder) followFurther() {
	calls := &f.calls
	order := slices.Clone(calls.order)
	slices.SortStableFunc(order, func(a, b root) int {
		switch {
		case a.ofModule() == b.ofModule():
			return 0
		case a.ofModule():
			return -1
		}
		return 1
	})
	for _, r := range order {
		if !calls.ran[r].cut || calls.left <= maxFirstSteps {
			continue
		}
		again := f.run(r, nil, min(maxSecondSteps, calls.left))
		if !again.whole && calls.left > maxFirstSteps {
			again = f.runByDefault(r)
		}
		if again.whole {
			calls.ran[r] = again
		}
	}
}

// followStart evaluates the start of a program in the default world alone, where nothing was seen to list its tools: those
// of its statements from which it comes to where it may, until one does.
func (f *finder) followStart() {
	calls := &f.calls
	tried := map[root]bool{}
	calls.left = maxFollowSteps
	limit := f.Machine.Stats.Steps + maxThirdSteps/2 // of looking for the roots
	for _, m := range calls.matches {
		n := f.sinkOf(m)
		if !n.Valid() || f.Machine.Stats.Steps > limit {
			continue
		}
		for _, r := range f.roots(m.Module, m.Unit, n) {
			if tried[r] || !r.ofModule() || calls.left <= maxFirstSteps {
				continue
			}
			tried[r] = true
			before := f.Machine.Stats.Steps
			ran := f.runByDefault(r)
			limit += f.Machine.Stats.Steps - before
			if !ran.whole || len(ran.listed) == 0 {
				continue
			}
			if calls.ran[r] == nil {
				calls.order = append(calls.order, r)
			}
			calls.ran[r] = ran
			return
		}
	}
}

// runByDefault evaluates a root in the default world alone, where what nothing settles stays open.
func (f *finder) runByDefault(r root) *followed {
	return f.run(r, &eval.World{Settled: true}, min(maxThirdSteps, f.calls.left))
}

// run evaluates a root, in all worlds or in one, and returns what it meets. The answers to requests for the tools, and the
// bodies of requests, are read at its end, when all that the program puts into them is there.
func (f *finder) run(r root, in *eval.World, steps int) *followed {
	out := &followed{met: map[place][]eval.Watched{}}
	var answering handlers
	var bodies, kept, answers []eval.Watched
	told := func(w eval.Watched) {
		if w.Name != tableMethod {
			out.met[placeOf(w.Node)] = append(out.met[placeOf(w.Node)], w)
		}
		switch {
		case eval.IsFunction(w.This) && w.Name == "":
			kept = append(kept, w)
		case w.Name == "" && f.calls.answers[siteOf(w.Node)]:
			answers = append(answers, w)
		case w.Name == "":
			bodies = append(bodies, w)
		case slices.Contains(f.Words("request.send"), w.Name):
			if len(w.Args) > 0 && f.isBody(w.Args[0]) {
				bodies = append(bodies, eval.Watched{Node: w.Node, This: w.Args[0], When: w.When})
			}
		default:
			answering.note(f, w)
		}
	}
	before := f.Machine.Stats.Steps
	left := 0 // where the answers are read
	look := eval.Lookout{Names: f.calls.names, Objects: f.calls.objects}
	if r.kept.Valid() {
		look.Functions = map[eval.Site]bool{siteOf(r.kept): true}
	}
	used, cut := f.Machine.Watch(in, steps, look, told, func() {
		f.start(r, func() {
			f.callKept(kept)
			left = f.Machine.Left()
			f.Machine.LetGo()
			if out.listed = f.answered(answering); len(out.listed) == 0 {
				out.listed = f.answeredBy(answers)
			}
			out.listed = append(out.listed, f.calls.read(bodies)...)
			out.answered = slices.ContainsFunc(slices.Concat(answering, answers), func(w eval.Watched) bool { return f.candidates.settled[w.Node] })
		})
	})
	out.cut, out.start = cut, r.ofModule() && r.module.Entry
	out.whole = !cut || in == nil && used < steps*3/4 || in != nil && left > eval.Kept(in, steps)
	f.calls.left -= f.Machine.Stats.Steps - before
	return out
}

// callKept calls functions that were kept for later, each under the condition under which it was made.
func (f *finder) callKept(kept []eval.Watched) {
	for _, w := range kept {
		f.Machine.Under(orTrue(w.When), func() {
			f.Machine.Call(w.This, eval.Undefined, f.parameters(w.Node))
		})
	}
}

// start evaluates a root, and calls end when it has.
func (f *finder) start(r root, end func()) {
	if r.node.Valid() {
		f.enter(r)
		end()
		return
	}
	f.Machine.RunInOrder(r.module, r.unit, end)
}

// enter evaluates a node of a root, with unknown arguments where it is a function.
func (f *finder) enter(r root) eval.Value {
	env := f.Machine.Enclosing(r.module, r.unit, r.node)
	unknown := []eval.Value{f.unknown("a"), f.unknown("b"), f.unknown("c"), f.unknown("d")}
	switch r.node.Kind() {
	case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.GeneratorFunction, js.GeneratorFunctionDeclaration:
		return f.Machine.Call(f.Machine.Eval(r.node, env), eval.Undefined, f.parameters(r.node))
	case js.Class, js.ClassDeclaration:
		if isStatic(r.method) {
			return f.Machine.Invoke(f.Machine.Eval(r.node, env), r.method.Child(js.FieldName).Text(), unknown...)
		}
		this := f.instance(r.module, r.unit, r.node)
		if r.method.Valid() {
			return f.Machine.Invoke(this, r.method.Child(js.FieldName).Text(), unknown...)
		}
		return this
	case js.MethodDefinition:
		o := f.Machine.Eval(r.node.Parent(), env)
		return f.Machine.Invoke(o, r.node.Child(js.FieldName).Text(), unknown...)
	}
	return f.Machine.Exec(r.node, env)
}

// parameters are unknown arguments for a function, called as it calls them.
func (f *finder) parameters(fn js.Node) (args []eval.Value) {
	if p := fn.Child(js.FieldParameter); p.Valid() {
		return []eval.Value{f.unknown(p.Text())}
	}
	for p := fn.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		name := "options"
		if p.Kind() == js.Identifier {
			name = p.Text()
		}
		args = append(args, f.unknown(name))
	}
	return args
}

// statementOf is the outermost statement that n stands in.
func statementOf(n js.Node) js.Node {
	for p := n.Parent(); p.Valid() && p.Parent().Valid(); p = p.Parent() {
		n = p
	}
	return n
}

// argumentOf is the call that a function is an argument of, or that calls it where it stands.
func argumentOf(fn js.Node) js.Node {
	p := fn.Parent()
	for p.Kind() == js.ParenthesizedExpression || p.Kind() == js.AwaitExpression || p.Kind() == js.UnaryExpression {
		p = p.Parent()
	}
	if p.Kind() == js.Arguments {
		p = p.Parent()
	}
	if p.Kind() == js.CallExpression || p.Kind() == js.NewExpression {
		return p
	}
	return js.Node{}
}

// nameOf is the name that holds a function or class.
func nameOf(fn js.Node) js.Node {
	p := fn.Parent()
	switch p.Kind() {
	case js.VariableDeclarator:
		return identifier(p.Child(js.FieldName))
	case js.AssignmentExpression:
		return identifier(p.Child(js.FieldLeft))
	}
	if fn.Kind() == js.ArrowFunction {
		return js.Node{}
	}
	return identifier(fn.Child(js.FieldName))
}

func identifier(n js.Node) js.Node {
	if n.Kind() == js.Identifier {
		return n
	}
	return js.Node{}
}

// nodeAt is the innermost node that begins at an offset.
func nodeAt(t *js.Tree, at uint32) js.Node {
	var found js.Node
	for i := 0; i < t.Len(); {
		n := t.At(i)
		if n.Start() > at || n.End() <= at {
			i = n.After()
			continue
		}
		if n.Start() == at {
			found = n
		}
		i++
	}
	return found
}

func inside(n, outer js.Node) bool {
	for ; n.Valid(); n = n.Parent() {
		if n == outer {
			return true
		}
	}
	return false
}
