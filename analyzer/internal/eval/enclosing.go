package eval

import (
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// Enclosing returns the scope that a node of a unit stands in, without calling the functions around it: their
// parameters are unknown, and their other names have the values that their declarations and assignments give.
func (m *Machine) Enclosing(module *scope.Module, unit int32, n js.Node) *Env {
	env := m.Root(module, module.Index().Units[unit].Thunk)
	var path []js.Node
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		path = append(path, p)
	}
	for i := len(path) - 1; i >= 0; i-- {
		env = m.enclosed(path[i], env)
	}
	return env
}

// EnclosingWith is Enclosing where the parameter of a function around n, or the element of a loop around it, has a value:
// pattern is what declares it.
func (m *Machine) EnclosingWith(module *scope.Module, unit int32, n, pattern js.Node, v Value) *Env {
	holder := pattern.Parent()
	for holder.Kind() != js.ForInStatement && !holder.IsFunction() {
		holder = holder.Parent()
	}
	env := m.enterQuietly(holder, m.Enclosing(module, unit, holder))
	m.bind(pattern, v, env, func(name js.Node, v Value) { m.declare(env, name.Text(), v) })
	var path []js.Node
	for p := n.Parent(); p != holder; p = p.Parent() {
		path = append(path, p)
	}
	for i := len(path) - 1; i >= 0; i-- {
		env = m.enterQuietly(path[i], env)
	}
	return env
}

// enclosed is enterQuietly, done once for each scope: what is found of its names serves all that is asked about inside
// it. While calls are watched for, nothing is kept, so that each is met.
func (m *Machine) enclosed(p js.Node, outer *Env) *Env {
	if m.watch != nil {
		return m.enterQuietly(p, outer)
	}
	k := nodeKey{p.Tree(), p.Index()}
	if env := m.enclosing[k]; env != nil {
		if env.outer != outer {
			return m.enterQuietly(p, outer) // something around it was given a value
		}
		return env
	}
	run, journal := m.run, m.journal
	m.run = 0 // it belongs to no evaluation, and what one writes into it is undone
	m.journal = m.newJournal(journal)
	defer func() {
		m.forget(m.endJournal())
		m.run, m.journal = run, journal
	}()
	env := m.enterQuietly(p, outer)
	if env != outer {
		m.enclosing[k] = env
	}
	return env
}

// enterQuietly returns the scope inside p, which is outer where p makes none.
func (m *Machine) enterQuietly(p js.Node, outer *Env) *Env {
	switch p.Kind() {
	case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.MethodDefinition, js.GeneratorFunction, js.GeneratorFunctionDeclaration:
		return m.enterFunction(p, outer)
	case js.StatementBlock, js.SwitchBody:
		env := newEnv(outer)
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			m.declareQuietly(c, env, p)
		}
		return env
	case js.SwitchCase, js.SwitchDefault:
		env := newEnv(outer)
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			m.declareQuietly(c, env, p)
		}
		return env
	case js.CatchClause:
		env := newEnv(outer)
		if q := p.Child(js.FieldParameter); q.Valid() {
			m.bind(q, &Unknown{Key: place(q), Expr: "error", Why: "a caught exception"}, env, func(name js.Node, v Value) { m.declare(env, name.Text(), v) })
		}
		return env
	case js.ForInStatement, js.ForStatement:
		return m.enterLoop(p, outer)
	case js.Class, js.ClassDeclaration:
		return m.enterClass(p, outer)
	}
	return outer
}

func (m *Machine) enterFunction(f js.Node, outer *Env) *Env {
	env := newEnv(outer)
	env.quiet = true
	if f.Kind() != js.ArrowFunction {
		env.function = true
		env.this = m.quietThis(f, outer)
		env.callee = &Object{Kind: KindFunction, Func: &Func{Node: f, Env: outer}}
	}
	params := f.Child(js.FieldParameters)
	if p := f.Child(js.FieldParameter); p.Valid() {
		m.bindParameter(f, p, 0, env)
	}
	i := 0
	for p := params.FirstChild(); p.Valid(); p = p.Next() {
		if p.Kind() == js.RestPattern {
			m.bind(p.FirstChild(), m.parameter(p.FirstChild(), i), env, func(name js.Node, v Value) { m.declare(env, name.Text(), v) })
			continue
		}
		m.bindParameter(f, p, i, env)
		i++
	}
	m.enterCommonJS(f, env)
	body := f.Child(js.FieldBody)
	for _, name := range m.hoistOf(body).vars {
		if env.cells.get(name) == nil {
			m.declareLazy(env, name, func() Value { return m.quietValue(body, name, m.enclosed(body, env)) })
		}
	}
	return env
}

// enterCommonJS gives the parameters of a CommonJS module's function what its loader gives them: the module's exports,
// and the module that holds them.
func (m *Machine) enterCommonJS(f js.Node, env *Env) {
	load := m.loader(f, env.outer)
	if load == nil {
		return
	}
	exports := func() Value { return m.Call(m.force(load), Undefined, nil) }
	first := f.Child(js.FieldParameter)
	if !first.Valid() {
		first = f.Child(js.FieldParameters).FirstChild()
	}
	if first.Kind() == js.Identifier {
		m.declareLazy(env, first.Text(), exports)
	}
	if second := first.Next(); second.Kind() == js.Identifier && first.Parent().Kind() != js.ArrowFunction {
		m.declareLazy(env, second.Text(), func() Value {
			module := m.newObject(KindObject)
			module.set("exports", &Prop{Value: exports()})
			return module
		})
	}
}

// loader is the cell of the function that loads the CommonJS module whose function f is; nil where f is no such.
func (m *Machine) loader(f js.Node, outer *Env) *Cell {
	call := f.Parent()
	if f.Kind() == js.MethodDefinition && call.Kind() == js.Object {
		call = call.Parent()
	}
	if outer.outer != nil || call.Kind() != js.Arguments || call.Parent().Parent().Kind() != js.VariableDeclarator {
		return nil
	}
	name := call.Parent().Parent().Child(js.FieldName)
	if t, ok := outer.module.ThunkNamed(name.Text()); !ok || t.Kind != js.ThunkCommonJS {
		return nil
	}
	return m.cell(outer, name.Text())
}

// ParameterKey is the Key of what an unknown caller passes for a parameter.
func ParameterKey(p js.Node) string { return "parameter " + place(p) }

// parameter is what an unknown caller passes, or is supposed to pass.
func (m *Machine) parameter(p js.Node, i int) Value {
	if p.Kind() == js.AssignmentPattern {
		return m.parameter(p.Child(js.FieldLeft), i)
	}
	u := &Unknown{Key: ParameterKey(p), Expr: ParameterName(i), Why: "a parameter of a function that is not called here",
		Subject: &Subject{Kind: schema.KindArgument, Name: ParameterName(i)}}
	switch v := m.supposed[u.Key].(type) {
	case *Object:
		return v
	case nil:
	default:
		if isString(v) {
			u.Default = v
		}
	}
	return u
}

// ParameterName is what the parameter at a place is called, counted from 0. The name that the source has for it is
// another in each build.
func ParameterName(i int) string {
	if i == 0 {
		return "argument"
	}
	return "argument" + strconv.Itoa(i+1)
}

// quietThis is what this may be in a method that is not called: the object literal or an instance of the class.
func (m *Machine) quietThis(f js.Node, outer *Env) Value {
	if f.Kind() == js.MethodDefinition && outer.callee != nil && outer.this != nil {
		return outer.this
	}
	return &Unknown{Key: "this " + place(f), Expr: "this", Why: "this of a function that is not called here"}
}

func (m *Machine) enterClass(n js.Node, outer *Env) *Env {
	env := newEnv(outer)
	if name := n.Child(js.FieldName); name.Valid() {
		m.declareLazy(env, name.Text(), func() Value { return m.class(n, outer) })
	}
	env.this = &Unknown{Key: "this " + place(n), Expr: "this", Why: "an instance of a class"}
	env.callee = &Object{Kind: KindFunction, Func: &Func{Node: n, Env: env}}
	return env
}

func (m *Machine) enterLoop(p js.Node, outer *Env) *Env {
	env := newEnv(outer)
	if p.Kind() == js.ForStatement {
		if init := p.Child(js.FieldInitializer); init.Valid() {
			m.declareQuietly(init, env, p)
		}
		return env
	}
	left := p.Child(js.FieldLeft)
	item := func() Value {
		elems := m.drained(m.enumerate(p, m.Eval(p.Child(js.FieldRight), outer)))
		if len(elems) == 1 {
			return elems[0].Value
		}
		return &Unknown{Key: place(left), Expr: "element", Why: "one of several elements"}
	}
	left.PatternNames(func(name js.Node) {
		text := name.Text()
		m.declareLazy(env, text, func() Value { return m.bound(left, item(), env, text) })
	})
	return env
}

// declareQuietly declares the names of one statement with the values that its initialisers give when asked.
func (m *Machine) declareQuietly(s js.Node, env *Env, block js.Node) {
	switch s.Kind() {
	case js.LexicalDeclaration, js.VariableDeclaration:
		for d := s.FirstChild(); d.Valid(); d = d.Next() {
			if d.Kind() != js.VariableDeclarator || s.Kind() == js.VariableDeclaration {
				continue
			}
			m.declaratorQuietly(d, env, block)
		}
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration:
		m.declare(env, s.Child(js.FieldName).Text(), m.closure(s, env))
	case js.ClassDeclaration:
		m.declareLazy(env, s.Child(js.FieldName).Text(), func() Value { return m.class(s, env) })
	}
}

func (m *Machine) declaratorQuietly(d js.Node, env *Env, block js.Node) {
	name, init := d.Child(js.FieldName), d.Child(js.FieldValue)
	name.PatternNames(func(n js.Node) {
		text := n.Text()
		m.declareLazy(env, text, func() Value {
			if !init.Valid() || isVoid(init) {
				return m.quietValue(block, text, env)
			}
			v := m.Eval(init, env)
			if name.Kind() == js.Identifier {
				m.nameFunction(v, name)
				m.growQuietly(v, d, block)
				return v
			}
			return m.bound(name, v, env, text)
		})
	})
}

// growQuietly adds to a list that a declarator makes the elements that its block may put into it later: any number of
// something that is not known.
func (m *Machine) growQuietly(v Value, d, block js.Node) {
	list, ok := v.(*Object)
	if !ok || list.Kind != KindArray || d.Child(js.FieldValue).Kind() != js.Array {
		return
	}
	name, tree := d.Child(js.FieldName).Text(), block.Tree()
	for i := int(block.Index()) + 1; i < block.After(); i++ {
		callee := tree.At(i)
		if callee.Kind() != js.MemberExpression || callee.Field() != js.FieldFunction || callee.Child(js.FieldObject).Text() != name {
			continue
		}
		switch callee.Child(js.FieldProperty).Text() {
		case "push", "unshift", "splice":
			added := &Unknown{Key: "added " + place(d), Expr: "added", Why: "put into a list elsewhere in the function"}
			list.Elems = append(list.Elems, Elem{Value: added, Each: added.Expr})
			return
		}
	}
}
