package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// context is a scope in which a place may be reached, and when.
type context struct {
	env  *Env
	when *Cond
}

// spot is a node and the unit that it stands in.
type spot struct {
	module *scope.Module
	unit   int32
	node   js.Node
}

// written is what functions assign at places to a name of a module or to a member of it.
func (m *Machine) written(module *scope.Module, name string, places []js.Assignment) (out []written) {
	c := m.global(module, -1, name)
	if c == nil || len(places) > maxPlaces {
		return []written{{computed, nil}}
	}
	for _, p := range places {
		at, ok := m.spotAt(module, p.At, js.AssignmentExpression)
		switch {
		case !ok || !at.node.OutermostFunction().Valid() || m.cell(m.Enclosing(at.module, at.unit, at.node), name) != c:
		case !p.Plain:
			out = append(out, written{computed, nil})
		default:
			out = append(out, m.assignedAt(at)...)
		}
	}
	return out
}

// assignedAt is what an assignment in a function assigns, for each way to reach it.
func (m *Machine) assignedAt(at spot) (out []written) {
	if isLatch(at.node) {
		return []written{{computed, nil}}
	}
	right := at.node.Child(js.FieldRight)
	for _, ctx := range m.contexts(at, right, maxCallerHops) {
		out = append(out, written{m.evalWorldly(right, at.node, ctx.env), ctx.when})
	}
	return out
}

// isLatch tells an assignment in a function that reads as well what it assigns: it keeps something from being done twice.
func isLatch(assignment js.Node) bool {
	left := assignment.Child(js.FieldLeft)
	f := assignment.OutermostFunction()
	for i := int(f.Index()); i < f.After(); i++ {
		n := f.Tree().At(i)
		if n.Kind() == left.Kind() && n != left && !isTarget(n) && n.Text() == left.Text() {
			return true
		}
	}
	return false
}

// spotAt finds the node of a kind that begins at an offset.
func (m *Machine) spotAt(module *scope.Module, at uint32, kind js.Kind) (spot, bool) {
	tree, unit := module.TreeAt(at)
	if tree == nil {
		return spot{}, false
	}
	for i := 0; i < tree.Len(); {
		n := tree.At(i)
		switch {
		case n.Start() > at || n.End() <= at:
			i = n.After()
		case n.Start() == at && n.Kind() == kind:
			return spot{module, unit, n}, true
		default:
			i++
		}
	}
	return spot{}, false
}

// contexts are the scopes in which a place is reached. Where what is asked there, or whether it is reached, depends on
// parameters of the function around it, they are those of its callers, as far as these are seen; a function that nothing
// calls is not reached.
func (m *Machine) contexts(at spot, asked js.Node, hops int) []context {
	f := at.node.OutermostFunction()
	if hops == 0 || !f.Valid() || !m.dependsOnCaller(at.node, asked) {
		env := m.Enclosing(at.module, at.unit, at.node)
		return []context{{env, m.reached(at.node, env)}}
	}
	var out []context
	calls, whole := m.callsOf(spot{at.module, at.unit, f})
	if !whole {
		env := m.Enclosing(at.module, at.unit, at.node)
		called := &Unknown{Key: "caller " + place(f), Expr: "called", Why: "callers that are not looked at", Default: Bool(true), Subject: computed.Subject}
		out = append(out, context{env, atomOf(called)})
	}
	for _, call := range calls {
		args := call.node.Child(js.FieldArguments)
		for _, outer := range m.contexts(call, args, hops-1) {
			env := m.insideCall(at, f, m.argumentsOfWorld(args, call.node, outer.env))
			out = append(out, context{env, and(orTrue(outer.when), m.reached(at.node, env))})
		}
	}
	return out
}

// dependsOnCaller tells whether what is asked at a place, or whether the place is reached, depends on a parameter of the
// outermost function around it.
func (m *Machine) dependsOnCaller(at, asked js.Node) bool {
	if m.restsOn(asked, at).caller {
		return true
	}
	for _, question := range questions(at) {
		if m.restsOn(question, at).caller {
			return true
		}
	}
	return false
}

// evalWorldly evaluates an expression that may rest on the world, or that is a constant. What calls something may rest on
// the mode by way of it. Any other is not worth it: when it is evaluated is not known.
func (m *Machine) evalWorldly(n, at js.Node, env *Env) Value {
	return m.evalResting(n, at, env, m.restsOn(n, at))
}

// evalResting is evalWorldly where it is known what the expression rests on.
func (m *Machine) evalResting(n, at js.Node, env *Env, r rests) Value {
	switch {
	case isProvider(n):
		return m.Eval(n, env)
	case r.world || r.caller || !r.other:
		return m.Eval(n, env)
	case r.computed:
		if v := m.Eval(n, env); restsOf(v, nil).mode {
			return v
		}
		return computed
	}
	return m.unknownAt(n, "computed", "found while the program runs")
}

// isProvider tells a function, and an object literal that has functions and nothing else.
func isProvider(n js.Node) bool {
	if n.IsFunction() {
		return true
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if !c.IsFunction() && !c.Child(js.FieldValue).IsFunction() && c.Child(js.FieldValue).Kind() != js.Identifier && c.Kind() != js.ShorthandPropertyIdentifier {
			return false
		}
	}
	return n.Kind() == js.Object && n.FirstChild().Valid()
}

// computed stands for what a function that is not followed gives, and callers pass on.
var computed = fixedUnknown(Unknown{Key: "computed", Expr: "...", Why: "computed while the program runs", Subject: &Subject{Kind: schema.KindArgument}})

// argumentsOfWorld are the arguments of a call as far as they may rest on the world; any other is something that a caller
// passes.
func (m *Machine) argumentsOfWorld(args, at js.Node, env *Env) (out []Value) {
	for a := args.FirstChild(); a.Valid(); a = a.Next() {
		v := m.evalWorldly(a, at, env)
		if u, ok := v.(*Unknown); ok && len(u.subjects()) == 0 {
			passed := *u
			passed.Subject = computed.Subject
			v = &passed
		}
		out = append(out, v)
	}
	return out
}

// isTarget tells what an assignment sets from what it reads.
func isTarget(n js.Node) bool {
	return n.Field() == js.FieldLeft && n.Parent().Kind() == js.AssignmentExpression
}

// insideCall is the scope of a place inside a function that is called with arguments.
func (m *Machine) insideCall(at spot, f js.Node, args []Value) *Env {
	env := m.enterFunction(f, m.Enclosing(at.module, at.unit, f))
	declare := func(name js.Node, v Value) { m.declare(env, name.Text(), v) }
	i := 0
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid() && p.Kind() != js.RestPattern; p = p.Next() {
		m.bind(p, argument(args, i), env, declare)
		i++
	}
	if p := f.Child(js.FieldParameter); p.Valid() {
		m.bind(p, argument(args, 0), env, declare)
	}
	var path []js.Node
	for p := at.node.Parent(); p != f; p = p.Parent() {
		path = append(path, p)
	}
	for i := len(path) - 1; i >= 0; i-- {
		env = m.enterQuietly(path[i], env)
	}
	return env
}

// reached is the condition of the branches that a place stands in, of all functions around it. Where it is not worth it to
// evaluate whether the program leaves before, it does not: once it has ended, nobody asks for its state.
func (m *Machine) reached(at js.Node, env *Env) *Cond {
	somehow := atom(&Atom{Key: "reached " + place(at), Expr: "reached"})
	around := Around{
		Holds: func(question js.Node) *Cond { return Truth(m.evalWorldly(question, at, env)) },
		Leaves: func(question js.Node) *Cond {
			r := m.restsOn(question, at)
			if r.computed || r.other && !r.world && !r.caller {
				return nil
			}
			return Truth(m.evalResting(question, at, env, r))
		},
		Equal:  func(js.Node, js.Node) *Cond { return somehow },
		Caught: somehow,
		Both:   And,
	}
	when := always
	for f := at; f.Valid(); {
		var found *Cond
		found, f = around.Of(f)
		when = And(found, when)
	}
	return when
}

// questions are what is asked on the way to a place.
func questions(at js.Node) (list []js.Node) {
	around := Around{
		Holds: func(question js.Node) *Cond {
			list = append(list, question)
			return atom(&Atom{Key: place(question)})
		},
		Equal: func(subject, _ js.Node) *Cond {
			list = append(list, subject)
			return nil
		},
		Both: func(_, _ *Cond) *Cond { return nil },
	}
	for f := at; f.Valid(); {
		_, f = around.Of(f)
	}
	return list
}

// rests is what an expression rests on.
type rests struct{ world, caller, other, computed bool }

// maxRests bounds how many initialisers of local names are followed one into the other.
const maxRests = 5

// restsOn tells from its syntax what an expression rests on that is asked at a place: the process that it runs in,
// parameters of the outermost function around the place, or anything else; and whether it calls anything for it.
func (m *Machine) restsOn(n, at js.Node) (r rests) {
	params := map[string]bool{}
	f := at.OutermostFunction()
	f.ParameterNames(func(p js.Node) { params[p.Text()] = true })
	seen := map[js.Node]bool{}
	var follow func(n js.Node, depth int)
	follow = func(n js.Node, depth int) {
		if !n.Valid() || seen[n] {
			return
		}
		seen[n] = true
		for i := int(n.Index()); i < n.After(); i++ {
			switch id := n.Tree().At(i); {
			case id.Kind() == js.CallExpression || id.Kind() == js.NewExpression:
				r.computed = true
			case id.Kind() != js.Identifier && id.Kind() != js.ShorthandPropertyIdentifier:
			case id.Text() == "process" || readsVariable(id):
				r.world = true
			case depth > 0 && m.followLocal(id, func(init js.Node) { follow(init, depth-1) }):
			case params[id.Text()]:
				r.caller = true
			default:
				r.other = true
			}
		}
	}
	follow(n, maxRests)
	return r
}

// readsVariable tells the object of a member that is called as environment variables are: a program may keep these in one of
// its own.
func readsVariable(object js.Node) bool {
	p := object.Parent()
	return p.Kind() == js.MemberExpression && object.Field() == js.FieldObject && js.IsVariable(p.Child(js.FieldProperty).Text())
}

// followLocal gives follow the one initialiser of a name that a function around it declares; ok is false where there is
// none such.
func (m *Machine) followLocal(id js.Node, follow func(init js.Node)) (ok bool) {
	for p := id.Parent(); p.Valid(); p = p.Parent() {
		body := p.Child(js.FieldBody)
		if !p.IsFunction() || !body.Valid() {
			continue
		}
		if list := m.sourcesOf(body).own[id.Text()]; len(list) == 1 {
			follow(list[0].value)
			return true
		}
	}
	return false
}
