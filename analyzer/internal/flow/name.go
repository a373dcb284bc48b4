package flow

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// name adds what a name stands for.
func (t *Tracer) name(it item) {
	name := it.node.Text()
	for n := it.node.Parent(); n.Valid(); n = n.Parent() {
		switch {
		case n.IsFunction():
			if t.parameterNamed(n, name, it) || t.declaredIn(n.Child(js.FieldBody), name, it, true) || t.named(n, name, it) {
				return
			}
		case n.Kind() == js.StatementBlock || n.Kind() == js.SwitchBody:
			if t.declaredIn(n, name, it, false) {
				return
			}
		case n.Kind() == js.ForInStatement:
			if path, ok := pathIn(n.Child(js.FieldLeft), name, it.path); ok && n.Child(js.FieldKind).Text() != "" {
				if n.Child(js.FieldOperator).Text() == "in" {
					path = everyKey
				} else {
					path = ofElement(path)
				}
				t.add(n.Child(js.FieldRight), path, it.ctx)
				return
			}
		case n.Kind() == js.ForStatement:
			if t.declarators(n.Child(js.FieldInitializer), name, it) {
				return
			}
		case n.Kind() == js.CatchClause:
			if _, ok := pathIn(n.Child(js.FieldParameter), name, ""); ok {
				return
			}
		}
	}
	t.global(it, name)
}

// named tells whether a function's own name is meant.
func (t *Tracer) named(f js.Node, name string, it item) bool {
	if f.Kind() != js.FunctionExpression || f.Child(js.FieldName).Text() != name {
		return false
	}
	t.add(f, it.path, it.ctx)
	return true
}

// parameterNamed follows a name that is a parameter of f.
func (t *Tracer) parameterNamed(f js.Node, name string, it item) bool {
	if p := f.Child(js.FieldParameter); p.Valid() {
		if path, ok := pathIn(p, name, it.path); ok {
			t.parameter(f, 0, path, it.ctx)
			return true
		}
	}
	i := 0
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		if path, ok := pathIn(p, name, it.path); ok {
			t.parameterAt(f, p, i, path, it)
			return true
		}
		i++
	}
	return false
}

// parameterAt follows a use of a parameter: what the function has assigned to it before, or may have assigned, and what
// callers pass.
func (t *Tracer) parameterAt(f, pattern js.Node, i int, path string, it item) {
	name, body := it.node.Text(), f.Child(js.FieldBody)
	if a := t.lastAssigned(body, it.node); a.Valid() {
		t.add(a.Child(js.FieldRight), it.path, it.ctx)
		return
	}
	t.defaults(pattern, name, it)
	t.written(body, name, it)
	if pattern.Kind() == js.RestPattern {
		t.restParameter(f, i, path, it.ctx)
		return
	}
	t.parameter(f, i, path, it.ctx)
}

// restParameter adds what a function is given that takes its arguments from the i-th on as a list: the one that is wanted of
// the list, or the first.
func (t *Tracer) restParameter(f js.Node, i int, path string, ctx *Frame) {
	head, rest := cut(path)
	if index, ok := strings.CutPrefix(head, "#"); ok {
		if k, err := strconv.Atoi(index); err == nil {
			t.parameter(f, i+k, rest, ctx)
			return
		}
	}
	t.parameter(f, i, dropIndex(path), ctx)
}

// lastAssigned is the last assignment to a name that a function always makes before a use of it.
func (t *Tracer) lastAssigned(body, use js.Node) (last js.Node) {
	for _, i := range below(body, t.namesOf(body.Tree()).written[use.Text()]) {
		n := body.Tree().At(int(i))
		if n.Kind() != js.AssignmentExpression || n.Child(js.FieldLeft).Text() != use.Text() || n.End() > use.Start() {
			continue
		}
		statement := n.Parent()
		for statement.Kind() == js.SequenceExpression {
			statement = statement.Parent()
		}
		block := statement.Parent()
		if statement.Kind() == js.ExpressionStatement && block.Kind() == js.StatementBlock && use.Start() < block.End() {
			last = n
		}
	}
	return last
}

// defaults adds the default that a pattern has for a name.
func (t *Tracer) defaults(p js.Node, name string, it item) {
	tree := p.Tree()
	for i := int(p.Index()); i < p.After(); i++ {
		n := tree.At(i)
		if k := n.Kind(); k == js.AssignmentPattern || k == js.ObjectAssignmentPattern {
			if n.Child(js.FieldLeft).Text() == name {
				t.add(n.Child(js.FieldRight), it.path, it.ctx)
			}
		}
	}
}

// pathIn finds the name in a pattern: the path that leads to it, with rest behind.
func pathIn(p js.Node, name, rest string) (string, bool) {
	switch p.Kind() {
	case js.Identifier, js.ShorthandPropertyIdentifierPattern:
		if p.Text() != name {
			return "", false
		}
		if p.Kind() == js.ShorthandPropertyIdentifierPattern {
			return join(name, rest), true
		}
		return rest, true
	case js.AssignmentPattern, js.ObjectAssignmentPattern:
		return pathIn(p.Child(js.FieldLeft), name, rest)
	case js.RestPattern:
		return pathIn(p.FirstChild(), name, rest)
	case js.PairPattern:
		path, ok := pathIn(p.Child(js.FieldValue), name, rest)
		return join(keyText(p.Child(js.FieldKey)), path), ok
	case js.ObjectPattern:
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			if path, ok := pathIn(c, name, rest); ok {
				return path, true
			}
		}
	case js.ArrayPattern:
		return arrayPath(p, name, rest)
	case js.LexicalDeclaration, js.VariableDeclaration, js.VariableDeclarator:
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			if path, ok := pathIn(c, name, rest); ok {
				return path, true
			}
		}
	}
	return "", false
}

// arrayPath is pathIn for [a, , b]: holes leave no node, so that places are counted by the commas before them.
func arrayPath(p js.Node, name, rest string) (string, bool) {
	src, at, i := p.Tree().Src, p.Start()+1, 0
	for c := p.FirstChild(); c.Valid(); c = c.Next() {
		for ; at < c.Start(); at++ {
			if src[at] == ',' {
				i++
			}
		}
		at = c.End()
		if path, ok := pathIn(c, name, rest); ok {
			return join("#"+strconv.Itoa(i), path), true
		}
	}
	return "", false
}

// declaredIn follows a name that a block declares. hoisted takes the vars of the whole function.
func (t *Tracer) declaredIn(block js.Node, name string, it item, hoisted bool) bool {
	if block.Kind() != js.StatementBlock && block.Kind() != js.SwitchBody {
		return false
	}
	if hoisted {
		return t.hoisted(block, name, it)
	}
	for c := block.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.SwitchCase || c.Kind() == js.SwitchDefault {
			for s := c.FirstChild(); s.Valid(); s = s.Next() {
				if t.declares(s, name, it) {
					t.written(block, name, it)
					return true
				}
			}
			continue
		}
		if t.declares(c, name, it) {
			t.written(block, name, it)
			return true
		}
	}
	return false
}

// declares follows a name that a statement declares for its block.
func (t *Tracer) declares(s js.Node, name string, it item) bool {
	switch s.Kind() {
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration:
		if s.Child(js.FieldName).Text() == name {
			t.add(s, it.path, it.ctx)
			return true
		}
	case js.ClassDeclaration:
		if s.Child(js.FieldName).Text() == name {
			t.add(s, it.path, it.ctx)
			return true
		}
	case js.LexicalDeclaration:
		return t.declarators(s, name, it)
	}
	return false
}

func (t *Tracer) declarators(s js.Node, name string, it item) bool {
	for d := s.FirstChild(); d.Valid(); d = d.Next() {
		if d.Kind() != js.VariableDeclarator {
			continue
		}
		if path, ok := pathIn(d.Child(js.FieldName), name, it.path); ok {
			t.initialiser(d, path, it)
			return true
		}
	}
	return false
}

func (t *Tracer) initialiser(d js.Node, path string, it item) {
	t.add(d.Child(js.FieldValue), path, it.ctx)
}

// hoisted follows a var, wherever it stands in a function's body.
func (t *Tracer) hoisted(body js.Node, name string, it item) (found bool) {
	tree := body.Tree()
	for _, i := range below(body, t.namesOf(tree).written[name]) {
		n := tree.At(int(i))
		if n.Kind() != js.VariableDeclarator || n.Parent().Kind() != js.VariableDeclaration || n.EnclosingFunction() != body.Parent() {
			continue
		}
		if path, ok := pathIn(n.Child(js.FieldName), name, it.path); ok {
			found = true
			t.initialiser(n, path, it)
		}
	}
	if found {
		t.written(body, name, it)
	}
	return found
}

// written follows what is assigned or added to a name in a block.
func (t *Tracer) written(block js.Node, name string, it item) {
	tree := block.Tree()
	for _, i := range below(block, t.namesOf(tree).written[name]) {
		switch n := tree.At(int(i)); n.Kind() {
		case js.AssignmentExpression, js.AugmentedAssignment:
			t.assigned(n, name, it)
		case js.CallExpression:
			t.pushed(n, name, it)
		}
	}
}

func (t *Tracer) assigned(n js.Node, name string, it item) {
	left, right := n.Child(js.FieldLeft), n.Child(js.FieldRight)
	if path, ok := pathIn(left, name, it.path); ok {
		t.add(right, path, it.ctx)
		return
	}
	if left.Child(js.FieldObject).Text() != name {
		return
	}
	key := left.Child(js.FieldProperty)
	if left.Kind() == js.SubscriptExpression {
		key = left.Child(js.FieldIndex)
	}
	switch head, rest := cut(it.path); {
	case head == everyKey:
		t.key(key, it.ctx)
	case head == anyMember, head == keyText(key):
		t.add(right, rest, it.ctx)
	}
}

// pushed follows name.push(...), and other calls that add something to what a name stands for.
func (t *Tracer) pushed(n js.Node, name string, it item) {
	callee := n.Child(js.FieldFunction)
	if callee.Kind() != js.MemberExpression || callee.Child(js.FieldObject).Text() != name {
		return
	}
	if !isAdding(callee.Child(js.FieldProperty).Text()) {
		return
	}
	t.added(n, it.path, it.ctx)
}
