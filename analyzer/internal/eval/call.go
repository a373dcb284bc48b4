package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

func (m *Machine) call(n js.Node, env *Env) Value {
	callee := n.Child(js.FieldFunction)
	argNode := n.Child(js.FieldArguments)
	if argNode.Kind() == js.TemplateString {
		return m.taggedTemplate(n, callee, argNode, env)
	}
	switch callee.Kind() {
	case js.Super:
		return m.superCall(m.arguments(argNode, env), env)
	case js.ImportKeyword:
		return m.importCall(env.root(), m.arguments(argNode, env))
	case js.Identifier:
		if name := callee.Text(); name == "require" && m.cell(env, name) == nil {
			return m.require(env.root(), m.arguments(argNode, env))
		}
	case js.MemberExpression, js.SubscriptExpression:
		return m.methodCall(n, callee, argNode, env)
	}
	f := m.Eval(callee, env)
	if (n.ChildOfKind(js.OptionalChain).Valid() || chained(callee)) && isAbsent(f) {
		return m.shorten(n)
	}
	args := m.arguments(argNode, env)
	m.mustCall(f, callee)
	return m.Call(f, Undefined, args)
}

// mustCall throws where what is called is known to be no function.
func (m *Machine) mustCall(f Value, callee js.Node) {
	if m.catching == 0 {
		return
	}
	if isNoFunction(f) {
		if callee.Kind() != js.Identifier {
			m.raiseUnsaid("TypeError")
		}
		m.raise("TypeError", callee.Text()+" is not a function")
	}
}

// isNoFunction tells a value that is known and can't be called.
func isNoFunction(v Value) bool {
	o, ok := v.(*Object)
	return isPrimitive(v) || ok && o.Func == nil && o.proxy == nil && o.Kind != KindHost && len(o.open) == 0
}

func (m *Machine) arguments(n js.Node, env *Env) []Value {
	count := 0
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		count++
	}
	if count == 0 {
		return nil
	}
	args := make([]Value, 0, count)
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		v := m.Eval(c, env)
		if c.Kind() == js.SpreadElement {
			for _, e := range m.iterated(v) {
				args = append(args, argumentOf(e))
			}
			continue
		}
		args = append(args, v)
	}
	return args
}

// absent stands for an argument that is not there: of a list spread into a call, an element that depends on a condition.
var absent Value = fixedUnknown(Unknown{Key: "absent", Expr: "undefined", Why: "an element that is not there", Default: Undefined})

// argumentOf is an element of a list as an argument, and elemOf an argument as an element of a list again.
func argumentOf(e Elem) Value {
	if e.When == nil {
		return e.Value
	}
	return &Choice{e.When, e.Value, absent}
}

func elemOf(arg Value) Elem {
	if c, ok := arg.(*Choice); ok && c.Else == absent {
		return Elem{Value: c.Then, When: c.Cond}
	}
	return Elem{Value: arg}
}

func (m *Machine) taggedTemplate(n, tag, t js.Node, env *Env) Value {
	f, this := m.tagOf(tag, env)
	if t.Closed() {
		if text, ok := m.tagged(f, this, t, env); ok {
			return text
		}
	}
	return m.delimited(t, env)
}

// tagOf is the function that tags a template, and the object that it is called on.
func (m *Machine) tagOf(tag js.Node, env *Env) (f, this Value) {
	if tag.Kind() == js.MemberExpression || tag.Kind() == js.SubscriptExpression {
		return m.member(tag, env)
	}
	return m.Eval(tag, env), Undefined
}

// tagged calls a tag; ok is false where nothing is known of what it gives: the text stands for it.
func (m *Machine) tagged(f, this Value, t js.Node, env *Env) (v Value, ok bool) {
	if o, ok := f.(*Object); ok && o.Func.isCallable() {
		// a tag gets the literal pieces and the values; most tags of texts only dedent: the text stands for it
		strs, raw, values := m.newArray(nil), m.newArray(nil), []Value{}
		site := nodeKey{t.Tree(), t.Index()}
		known := m.templates[site]
		at := t.Start() + 1
		piece := func(to uint32) {
			text := string(t.Tree().Src[at:to])
			var cooked Value = Undefined // where the text has an escape that is none
			if s, err := js.DecodeTemplate(text); err == nil {
				cooked = String(s)
			}
			strs.Elems = append(strs.Elems, Elem{Value: cooked})
			raw.Elems = append(raw.Elems, Elem{Value: String(js.DecodeTemplateRaw(text))})
		}
		for c := t.FirstChild(); c.Valid(); c = c.Next() {
			if c.Kind() == js.TemplateSubstitution {
				piece(c.Start())
				at = c.End()
				values = append(values, m.Eval(c.FirstChild(), env))
			}
		}
		piece(t.End() - 1)
		strs.set("raw", &Prop{Value: raw, Hidden: true})
		strs.fixed, raw.fixed = frozen, frozen
		if known != nil && known.run == m.run {
			strs = known // a tag is given the same list each time
		}
		m.templates[site] = strs
		if v := m.Call(f, this, append([]Value{strs}, values...)); !isUnknown(v) {
			return v, true
		}
	}
	return nil, false
}

func (f *Func) isCallable() bool { return f != nil }

// methodCall is object.name(...): built-in methods are called without making a function object of them.
func (m *Machine) methodCall(n, callee, argNode js.Node, env *Env) Value {
	object := callee.Child(js.FieldObject)
	if object.Kind() == js.Super {
		f := m.superMember(callee, env)
		return m.Call(f, m.this(env), m.arguments(argNode, env))
	}
	m.shortened = js.Node{}
	this := m.Eval(object, env)
	optionalCall := n.ChildOfKind(js.OptionalChain).Valid()
	optional := optionalCall || chained(callee)
	if isAbsent(this) && chained(callee) && (m.shortened == object || !m.mayBePromise(object, callee)) {
		return m.shorten(n) // what follows is not evaluated
	}
	if callee.Kind() == js.SubscriptExpression {
		key := m.Eval(callee.Child(js.FieldIndex), env)
		return m.invokeKeyed(this, key, m.arguments(argNode, env), optional)
	}
	name := m.memberName(callee.Child(js.FieldProperty))
	if m.watch != nil && m.watch.Names[name] {
		args := m.arguments(argNode, env)
		m.met(n, name, this, args)
		return m.invoke(this, name, args, optional)
	}
	v := m.invoke(this, name, m.arguments(argNode, env), optional)
	if optionalCall && v == Undefined && (isAbsent(this) || m.get(this, name, true) == Undefined) {
		return m.shorten(n)
	}
	return v
}

// shorten is the value of a part of an optional chain whose start is nullish; what the chain goes on with is not evaluated.
func (m *Machine) shorten(n js.Node) Value {
	m.shortened = n
	return Undefined
}

// mayBePromise tells whether what a method is called of, and has no value, may be the promise of nothing: a method of
// promises is called of what a call gives, or not optionally.
func (m *Machine) mayBePromise(object, callee js.Node) bool {
	return awaited[propertyName(callee.Child(js.FieldProperty))] &&
		(object.Kind() == js.CallExpression || !callee.Child(js.FieldOptionalChain).Valid() && !callee.ChildOfKind(js.OptionalChain).Valid())
}

// Invoke calls a method of v.
func (m *Machine) Invoke(v Value, name string, args ...Value) Value {
	return m.invoke(v, name, args, true)
}

func (m *Machine) invoke(this Value, name string, args []Value, optional bool) Value {
	return m.lift(this, func(this Value) Value {
		switch v := this.(type) {
		case undefined, null:
			if r, ok := m.awaitable(this, name, args); ok { // a promise of nothing
				return r
			}
			if optional {
				return Undefined
			}
		case *Unknown:
			return m.invokeUnknown(v, name, args)
		case *Object:
			if v.proxy == nil && v.Lookup(name) == nil && (len(v.open) == 0 || v.Kind == KindArray) && v.Kind != KindHost && v.Host == nil {
				if f := m.methodOf(v, name); f != nil {
					return f(m, v, args)
				}
			}
		default:
			if f := m.methodOf(v, name); f != nil {
				return f(m, v, args)
			}
		}
		f := m.get(this, name, optional)
		if optional && f == Undefined {
			if r, ok := m.awaitable(this, name, args); ok {
				return r
			}
			return Undefined
		}
		if f == Undefined {
			if r, ok := m.awaitable(this, name, args); ok {
				return r
			}
			if m.catching > 0 {
				return m.raiseUnsaid("TypeError")
			}
		}
		return m.Call(f, this, args)
	})
}

// Call calls f. What it throws for certain unwinds as a JavaScript exception.
func (m *Machine) Call(f, this Value, args []Value) Value {
	switch f := f.(type) {
	case *Choice:
		return m.lift(f, func(f Value) Value { return m.Call(f, this, args) })
	case *Unknown:
		return m.callUnknown(f, args)
	case *Object:
		if f.Func != nil {
			return m.callFunction(f, this, args)
		}
	case undefined:
		return &Unknown{Key: "undefined()", Expr: "undefined()", Why: "calls undefined"}
	}
	return m.unknown("calls something that is no function", m.Describe(f)+"()")
}

func (m *Machine) callFunction(f *Object, this Value, args []Value) Value {
	fn := f.Func
	switch {
	case fn.lazy:
		return Undefined
	case fn.proxied:
		if v, asked := m.asked(f, "apply", this, m.newArray(elemsOf(args))); asked {
			return v
		}
		return m.Call(f.proxy.target, this, args)
	case fn.bound != nil:
		return m.Call(fn.bound.target, fn.bound.this, append(fn.bound.args[:len(fn.bound.args):len(fn.bound.args)], args...))
	case fn.Native != nil:
		if m.spent() {
			return outOfBudget
		}
		return fn.Native(m, this, args)
	case fn.class != nil:
		if m.catching > 0 {
			m.raise("TypeError", "Class constructor "+fn.Name+" cannot be invoked without 'new'")
		}
		return m.unknownAt(fn.Node, "class()", "calls a class without new")
	case fn.Generator:
		return m.newGenerator(f, this, args)
	}
	if m.config.Call != nil {
		if v, ok := m.config.Call(m, f, this, args); ok {
			return v
		}
	}
	m.given(fn, args)
	if key, ok := m.memoKey(f, this, args); ok && m.remembers(args) {
		return m.memoized(key, f, this, args)
	}
	missed := m.misses(args)
	return m.recognized(m.enter(f, this, args), f, this, args, missed)
}

// maxRecursion bounds how often a function is entered again below itself with more open conditions on the way than before:
// each doubles what there is to evaluate. One that goes down into what is known is bounded by steps and depth alone.
const maxRecursion = 2

// activation is a call that is under way, and how many conditions were open when it began.
type activation struct {
	function *Func
	open     int
}

// callReserve is the part of its budget, one in so many, that a caller keeps from a call. In one world alone few calls
// run away, and what matters may lie deep.
const (
	callReserve      = 8
	callReserveInOne = 64
)

func (m *Machine) callReserve() int {
	if m.only != nil {
		return callReserveInOne
	}
	return callReserve
}

// enter runs a function's body.
func (m *Machine) enter(f *Object, this Value, args []Value) Value {
	return m.enterWith(f, this, args, nil)
}

// generate runs a generator's body, which gives what it yields to a function.
func (m *Machine) generate(g *generator, yield func(Value) signal) Value {
	return m.enterWith(g.f, g.this, g.args, yield)
}

// enterWith is enter for a function that may yield.
func (m *Machine) enterWith(f *Object, this Value, args []Value, yield func(Value) signal) (v Value) {
	fn := f.Func
	if m.spent() {
		m.exhausted++
		return outOfBudget
	}
	if m.depth >= maxDepth {
		return m.overBudget("nested calls")
	}
	if len(m.assumed.path) > 0 && m.entered(fn) >= maxRecursion {
		return m.unknownAt(fn.Node, "function(...)", "recursion under an open condition")
	}
	limit := m.limit
	// a call may use most of what is left, so that one that runs away leaves its caller something to go on with
	m.limit -= (m.limit - m.steps) / m.callReserve()
	depth, active := m.depth, m.active
	m.depth++
	m.active = append(m.active, activation{fn, len(m.assumed.path)})
	defer func() {
		m.depth, m.active = depth, active
		if m.steps > m.limit {
			m.steps = m.limit + 1
			m.exhausted++
		}
		m.limit = limit
		if fn.async && !fn.Generator {
			if r := recover(); r != nil {
				t, ok := r.(thrown)
				if !ok {
					panic(r)
				}
				v = m.rejected(t.value)
			}
		}
	}()
	env := newEnv(fn.Env)
	env.called, env.yield = true, yield
	if !fn.Arrow {
		env.function, env.this, env.callee = true, this, f
	}
	m.parameters(fn.Node, args, env)
	body := fn.Node.Child(js.FieldBody)
	if body.Kind() != js.StatementBlock {
		return m.Eval(body, env)
	}
	for _, name := range m.hoistOf(body).vars {
		if env.cells.get(name) == nil {
			m.declare(env, name, Undefined)
		}
	}
	return m.outcome(fn, m.block(body, env))
}

// entered counts the calls of a function that are under way, of those that began with the same conditions open one, and
// none of those that began with the ones that are open now.
func (m *Machine) entered(fn *Func) (count int) {
	open := 0
	for _, a := range m.active {
		if a.function == fn && a.open > open && a.open < len(m.assumed.path) {
			count, open = count+1, a.open
		}
	}
	return count
}

// coroutine calls a generator function whose caller drives it: it is sent back what it yields, awaited, and the first
// step gives its value. Compilers make an async function of older JavaScript so, and call it by apply.
func (m *Machine) coroutine(f *Object, this Value, args []Value) Value {
	value := m.enterWith(f, this, args, func(v Value) signal { return signal{kind: normal, value: v} })
	steps := m.newObject(KindObject)
	next := m.native(func(m *Machine, _ Value, _ []Value) Value {
		step := m.newObject(KindObject)
		step.set("value", &Prop{Value: value})
		step.set("done", &Prop{Value: Bool(true)})
		return step
	})
	steps.set("next", &Prop{Value: next, Hidden: true})
	return steps
}

func (m *Machine) parameters(f js.Node, args []Value, env *Env) {
	declare := func(name js.Node, v Value) { m.declare(env, name.Text(), v) }
	if p := f.Child(js.FieldParameter); p.Valid() {
		m.bind(p, argument(args, 0), env, declare)
		return
	}
	if f.Kind() == js.FunctionExpression || f.Kind() == js.GeneratorFunction {
		if name := f.Child(js.FieldName); name.Valid() {
			m.declare(env, name.Text(), env.selfOf())
		}
	}
	if env.function && m.hoistOf(f.Child(js.FieldBody)).assigned["arguments"] && !isStrict(f) {
		plain := declare
		declare = func(name js.Node, v Value) {
			plain(name, m.resultOf(m.unknownAt(name, name.Text(), "parameters and arguments that are one"), []Value{v}))
		}
	}
	i := 0
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		if p.Kind() == js.RestPattern {
			rest := m.newArray(nil)
			for ; i < len(args); i++ {
				rest.Elems = append(rest.Elems, elemOf(args[i]))
			}
			m.bind(p.FirstChild(), rest, env, declare)
			return
		}
		m.bind(p, argument(args, i), env, declare)
		i++
	}
	if env.function {
		m.declareLazy(env, "arguments", func() Value { return m.argumentsObject(f, args) })
	}
}

// argumentsObject is what a call was given, as its function sees it. Where the function assigns to its parameters or to
// the object, the two may be one.
func (m *Machine) argumentsObject(f js.Node, args []Value) Value {
	if m.hoistOf(f.Child(js.FieldBody)).reassigns(f) && !isStrict(f) {
		return m.unknownAt(f, "arguments", "parameters and arguments that are one")
	}
	list := m.newArray(elemsOf(args))
	list.arguments = true
	return list
}

func (e *Env) selfOf() Value {
	if e.callee == nil {
		return Undefined
	}
	return e.callee
}

func argument(args []Value, i int) Value {
	if i < len(args) {
		return args[i]
	}
	return Undefined
}

// closure makes a function object of a function or arrow in a scope.
func (m *Machine) closure(n js.Node, env *Env) *Object {
	f := m.newObject(KindFunction)
	f.Site = m.site(n)
	kind := n.Kind()
	f.Func = &Func{Node: n, Env: env, Arrow: kind == js.ArrowFunction, async: isAsync(n),
		Generator: kind == js.GeneratorFunction || kind == js.GeneratorFunctionDeclaration}
	if name := n.Child(js.FieldName); name.Valid() {
		f.Func.Name = name.Text()
	}
	m.madeFunction(n, f)
	return f
}

// nameFunction gives an anonymous function the name of what it is assigned to.
func (m *Machine) nameFunction(v Value, target js.Node) {
	if target.Kind() == js.Identifier {
		m.nameValue(v, target.Text())
	}
}

func (m *Machine) nameValue(v Value, name string) {
	if f, ok := v.(*Object); ok && f.Func != nil && f.Func.Name == "" && f.Func.Native == nil && f.run == m.run {
		f.Func.Name = name
	}
}
