package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// source is one place in a body that gives a name a value: by a declarator or an assignment.
type source struct {
	pattern, value js.Node
}

// sources are those of a body: in the body itself, and the assignments in functions inside it.
type sources struct {
	own, inner map[string][]source
}

// sourcesOf finds where the names of a body get their values.
func (m *Machine) sourcesOf(body js.Node) *sources {
	k := nodeKey{body.Tree(), body.Index()}
	if s := m.sources[k]; s != nil {
		return s
	}
	s := &sources{map[string][]source{}, map[string][]source{}}
	t := body.Tree()
	functionEnd := 0 // up to here nodes belong to a function inside the body
	for i := int(body.Index()) + 1; i < body.After(); i++ {
		n := t.At(i)
		inner := i < functionEnd
		var left, right js.Node
		switch n.Kind() {
		case js.VariableDeclarator:
			if inner {
				continue
			}
			left, right = n.Child(js.FieldName), n.Child(js.FieldValue)
		case js.AssignmentExpression:
			left, right = n.Child(js.FieldLeft), n.Child(js.FieldRight)
		case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.MethodDefinition:
			functionEnd = max(functionEnd, n.After())
			continue
		}
		if !right.Valid() || n.Kind() == js.VariableDeclarator && isVoid(right) {
			continue
		}
		into := s.own
		if inner {
			into = s.inner
		}
		left.PatternNames(func(p js.Node) { into[p.Text()] = append(into[p.Text()], source{left, right}) })
	}
	m.sources[k] = s
	return s
}

// isVoid tells `undefined` as it is written down: a declaration with it is one without a value.
func isVoid(n js.Node) bool {
	return n.Kind() == js.Undefined || n.Kind() == js.UnaryExpression && operator(n) == "void" && n.Child(js.FieldArgument).Kind() == js.Number
}

// quietValue is the value of a name by the declarators and assignments in a body: the one there is, or something
// unknown where there are several. Functions inside are left out where the body itself has a value; where it has none,
// the one of them that assigns the name is taken, as a lazy module does.
func (m *Machine) quietValue(body js.Node, name string, env *Env) Value {
	all := m.sourcesOf(body)
	list := all.own[name]
	if len(list) == 0 {
		for _, s := range all.inner[name] {
			if inside := m.envAround(body, s.value, env); !inside.shadows(name, env) {
				list = append(list, s)
			}
		}
	}
	if len(list) != 1 {
		return &Unknown{Key: "local " + place(body) + name, Expr: "local", Why: "assigned several times"}
	}
	env = m.envAround(body, list[0].value, env)
	v := m.Eval(list[0].value, env)
	if list[0].pattern.Kind() == js.Identifier {
		m.nameFunction(v, list[0].pattern)
		return v
	}
	return m.bound(list[0].pattern, v, env, name)
}

// envAround is the scope of a node inside a body, whose own scope is env.
func (m *Machine) envAround(body, n js.Node, env *Env) *Env {
	var path []js.Node
	for p := n.Parent(); p.Valid() && p != body; p = p.Parent() {
		path = append(path, p)
	}
	for i := len(path) - 1; i >= 0; i-- {
		env = m.enterQuietly(path[i], env)
	}
	return env
}

// shadows tells whether a scope inside outer declares a name of its own.
func (e *Env) shadows(name string, outer *Env) bool {
	for ; e != nil && e != outer; e = e.outer {
		if e.cells.get(name) != nil {
			return true
		}
	}
	return false
}
