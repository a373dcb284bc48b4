package eval

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// block runs a block's statements in a scope of its own.
func (m *Machine) block(n js.Node, outer *Env) *completion {
	env := newEnv(outer)
	m.declareFunctions(n, env)
	return m.statements(n.FirstChild(), env)
}

// declareFunctions declares the functions of a block before it runs.
func (m *Machine) declareFunctions(n js.Node, env *Env) {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.FunctionDeclaration || c.Kind() == js.GeneratorFunctionDeclaration {
			name := c.Child(js.FieldName).Text()
			f := m.closure(c, env)
			m.declare(env, name, f)
			if inBlock(c) && env.outer != nil && !isStrict(c) {
				if outside := env.varCell(name); outside != nil {
					m.assign(outside, f)
				}
			}
		}
	}
}

// statements runs n and its later siblings.
func (m *Machine) statements(n js.Node, env *Env) *completion {
	for ; n.Valid(); n = n.Next() {
		c := m.statement(n, env)
		if c.kind == normal {
			continue
		}
		return m.then(c, of(normal), func() *completion { return m.statements(n.Next(), env) })
	}
	return ended
}

// then runs next under the condition that c ended in what o tells, and returns c with that outcome in its place.
func (m *Machine) then(c *completion, o outcomes, next func() *completion) *completion {
	cond := c.when(o, nil)
	switch {
	case cond.isFalse():
		return c
	case cond.isTrue():
		return next()
	}
	if v, known := m.decide(cond); known {
		if v {
			return next()
		}
		return c
	}
	after := c
	if threw, _ := m.attempt(cond, func() { after = c.replace(o, next()) }, func() {}); threw != nil {
		after = c.replace(o, leaf(throws, threw.value, ""))
	}
	return after
}

// attempt runs a under cond and b otherwise and joins their writes. Exceptions pass through both.
func (m *Machine) attempt(cond *Cond, a, b func()) (ta, tb *thrown) {
	_, wa, ta := m.branch(cond, true, func() Value { a(); return nil })
	_, wb, tb := m.branch(cond, false, func() Value { b(); return nil })
	m.merge(cond, wa, wb)
	m.forget(wa)
	m.forget(wb)
	return ta, tb
}

func (m *Machine) statement(n js.Node, env *Env) *completion {
	if m.steps > m.limit {
		return leaf(returns, outOfBudget, "")
	}
	switch n.Kind() {
	case js.ExpressionStatement:
		if v := m.effect(n.FirstChild(), env); isCut(v) {
			return leaf(returns, v, "") // what it would have done is not known
		}
	case js.VariableDeclaration, js.LexicalDeclaration:
		m.declaration(n, env)
	case js.ReturnStatement:
		v := Undefined
		if a := n.FirstChild(); a.Valid() {
			v = m.Eval(a, env)
		}
		return leaf(returns, v, "")
	case js.ThrowStatement:
		return leaf(throws, m.Eval(n.FirstChild(), env), "")
	case js.IfStatement:
		return m.ifStatement(n, env)
	case js.StatementBlock:
		return m.block(n, env)
	case js.ElseClause:
		return m.statement(n.FirstChild(), env)
	case js.ForStatement:
		return m.forStatement(n, env)
	case js.ForInStatement:
		return m.forIn(n, env)
	case js.WhileStatement:
		return m.loop(n, env, n.Child(js.FieldCondition), js.Node{}, false)
	case js.DoStatement:
		return m.loop(n, env, n.Child(js.FieldCondition), js.Node{}, true)
	case js.SwitchStatement:
		return m.switchStatement(n, env)
	case js.TryStatement:
		return m.try(n, env)
	case js.BreakStatement:
		return leaf(breaks, nil, n.Child(js.FieldLabel).Text())
	case js.ContinueStatement:
		return leaf(continues, nil, n.Child(js.FieldLabel).Text())
	case js.LabeledStatement:
		return m.labeled(n, env)
	case js.ClassDeclaration:
		m.declare(env, n.Child(js.FieldName).Text(), m.class(n, env))
	}
	return ended
}

// maxMessageSteps bounds a call that is a statement by itself and is given a text first, and no function: a log message, an
// event. What such a call does to a program's state hardly matters, and what it does with the text may take long.
const maxMessageSteps = 400

// effect evaluates an expression whose value is not used.
func (m *Machine) effect(n js.Node, env *Env) Value {
	if m.isMessage(n) {
		limit := m.limit
		m.limit = min(m.limit, m.steps+maxMessageSteps)
		m.Eval(n, env)
		m.steps, m.limit = min(m.steps, m.limit), limit
		return Undefined
	}
	return m.Eval(n, env)
}

// isMessage tells a call that hardly does more than to tell somebody something: it is given a text first, and no function,
// and is none of those that are watched for.
func (m *Machine) isMessage(n js.Node) bool {
	arguments := n.Child(js.FieldArguments)
	first := arguments.FirstChild()
	if first.Kind() != js.String && first.Kind() != js.TemplateString {
		return false
	}
	for a := first; a.Valid(); a = a.Next() {
		if a.IsFunction() {
			return false
		}
	}
	return m.watch == nil || !m.watch.Names[n.Child(js.FieldFunction).Child(js.FieldProperty).Text()]
}

// isCut tells what stands for a value that a bound was reached for.
func isCut(v Value) bool {
	u, ok := v.(*Unknown)
	return ok && strings.HasPrefix(u.Key, OutOfBudget)
}

func (m *Machine) declaration(n js.Node, env *Env) {
	isVar := n.Kind() == js.VariableDeclaration
	for d := n.FirstChild(); d.Valid(); d = d.Next() {
		if d.Kind() != js.VariableDeclarator {
			continue
		}
		m.declarator(d, env, isVar)
	}
}

func (m *Machine) declarator(d js.Node, env *Env, isVar bool) {
	name, init := d.Child(js.FieldName), d.Child(js.FieldValue)
	put := func(name js.Node, v Value) {
		if isVar {
			if c := m.cell(env, name.Text()); c != nil {
				m.assign(c, v)
				return
			}
		}
		m.declare(env, name.Text(), v)
	}
	if !init.Valid() {
		if !isVar {
			put(name, Undefined)
		}
		return
	}
	if name.Kind() == js.Identifier && m.isRequire(init, env) {
		m.deferred(name, init, env)
		return
	}
	v := m.Eval(init, env)
	m.nameFunction(v, name)
	m.bind(name, v, env, put)
	if !isVar && name.Kind() == js.Identifier && strings.HasPrefix(d.Parent().Text(), "const") {
		env.cells.get(name.Text()).fixed = true
	}
}

// isRequire tells a call of a lazily run module, bare or wrapped once: `req()`, `toESM(req())`. What such a
// declaration gives doesn't change over time, so it need not be found before it is used.
func (m *Machine) isRequire(n js.Node, env *Env) bool {
	if n.Kind() != js.CallExpression {
		return false
	}
	f, args := n.Child(js.FieldFunction), n.Child(js.FieldArguments)
	if f.Kind() != js.Identifier {
		return false
	}
	first := args.FirstChild()
	if !first.Valid() {
		root := env.root()
		if root.module == nil {
			return false
		}
		_, ok := root.module.ThunkNamed(f.Text())
		return ok
	}
	return first.Kind() == js.CallExpression && m.isRequire(first, env)
}

func (m *Machine) deferred(name, init js.Node, env *Env) {
	at := env
	if c := m.cell(env, name.Text()); c == nil {
		m.declare(env, name.Text(), nil)
	}
	c := m.cell(at, name.Text())
	c.value, c.init = nil, func() Value { return m.requiredHere(init, env) }
}

func (m *Machine) ifStatement(n js.Node, env *Env) *completion {
	cond := m.Condition(n.Child(js.FieldCondition), env)
	then, els := n.Child(js.FieldConsequence), n.Child(js.FieldAlternative)
	if refuses(then) && cond.ofState() {
		cond = never // by then it has been set
	}
	run := func(s js.Node) *completion {
		if !s.Valid() {
			return ended
		}
		return m.statement(s, env)
	}
	return m.either(cond, func() *completion { return run(then) }, func() *completion { return run(els) })
}

// refuses tells a statement that does nothing but throw.
func refuses(n js.Node) bool {
	return n.Kind() == js.ThrowStatement || n.Kind() == js.StatementBlock && n.FirstChild().Kind() == js.ThrowStatement
}

// either runs one of two statements by a condition, or both where it is open.
func (m *Machine) either(cond *Cond, a, b func() *completion) *completion {
	if v, known := m.decide(cond); known {
		if v {
			return a()
		}
		return b()
	}
	ca, cb := ended, ended
	ta, tb := m.attempt(cond, func() { ca = a() }, func() { cb = b() })
	if ta != nil {
		ca = leaf(throws, ta.value, "")
	}
	if tb != nil {
		cb = leaf(throws, tb.value, "")
	}
	return forked(cond, ca, cb)
}

func (m *Machine) switchStatement(n js.Node, env *Env) *completion {
	subject := m.Eval(n.Child(js.FieldValue), env)
	scope := newEnv(env)
	body := n.Child(js.FieldBody)
	for c := body.FirstChild(); c.Valid(); c = c.Next() {
		m.declareFunctions(c, scope)
	}
	c := m.cases(body.FirstChild(), subject, body, scope)
	return c.replace(of(breaks), ended)
}

// cases tests the case clauses from n on and runs the one that matches, with those it falls through to.
func (m *Machine) cases(n js.Node, subject Value, body js.Node, env *Env) *completion {
	for ; n.Valid(); n = n.Next() {
		if n.Kind() != js.SwitchCase {
			continue
		}
		clause := n
		cond := Truth(m.binaryOp("===", subject, m.Eval(n.Child(js.FieldValue), env)))
		return m.either(cond,
			func() *completion { return m.fallThrough(clause, env) },
			func() *completion { return m.cases(clause.Next(), subject, body, env) })
	}
	if d := body.ChildOfKind(js.SwitchDefault); d.Valid() {
		return m.fallThrough(d, env)
	}
	return ended
}

func (m *Machine) fallThrough(clause js.Node, env *Env) *completion {
	first := clause.FirstChild()
	if clause.Kind() == js.SwitchCase {
		first = first.Next() // past the value
	}
	c := m.statements(first, env)
	if next := clause.Next(); next.Valid() {
		return m.then(c, of(normal), func() *completion { return m.fallThrough(next, env) })
	}
	return c
}

func (m *Machine) try(n js.Node, env *Env) *completion {
	c := m.caught(func() *completion { return m.block(n.Child(js.FieldBody), env) })
	if h := n.Child(js.FieldHandler); h.Valid() {
		body := c
		if f := n.Child(js.FieldFinalizer); f.Valid() {
			c = m.caught(func() *completion {
				return m.then(body, of(throws), func() *completion { return m.catch(h, thrownValue(body), env) })
			})
		} else {
			c = m.then(body, of(throws), func() *completion { return m.catch(h, thrownValue(body), env) })
		}
	}
	if f := n.Child(js.FieldFinalizer); f.Valid() {
		after := m.block(f.ChildOfKind(js.StatementBlock), env)
		if after.kind != normal {
			return after.replace(of(normal), c)
		}
	}
	return c
}

// caught runs statements, with what they throw as the way in which they end.
func (m *Machine) caught(run func() *completion) (c *completion) {
	depth, limit, journal, active := m.depth, m.limit, m.journal, m.active
	m.guards++
	m.catching++
	defer func() {
		m.guards--
		m.catching--
		switch r := recover().(type) {
		case nil:
			return
		case thrown:
			c = leaf(throws, r.value, "")
		case returned:
			c = leaf(returns, r.value, "")
		default:
			panic(r)
		}
		m.depth, m.limit, m.journal, m.active = depth, limit, journal, active
	}()
	return run()
}

func thrownValue(c *completion) Value {
	for c.kind == forks {
		if c.then.kinds&(1<<throws) == 0 {
			c = c.els
		} else {
			c = c.then
		}
	}
	return c.value
}

func (m *Machine) catch(h js.Node, v Value, env *Env) *completion {
	scope := newEnv(env)
	if p := h.Child(js.FieldParameter); p.Valid() {
		m.bind(p, v, scope, func(name js.Node, v Value) { m.declare(scope, name.Text(), v) })
	}
	return m.block(h.Child(js.FieldBody), scope)
}

func (m *Machine) labeled(n js.Node, env *Env) *completion {
	label := n.Child(js.FieldLabel).Text()
	c := m.statement(n.Child(js.FieldBody), env)
	return c.replace(outcomes{1<<breaks | 1<<continues, label}, ended)
}
