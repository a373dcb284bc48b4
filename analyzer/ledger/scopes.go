package ledger

import "github.com/bundlens/bundlens/analyzer/internal/js"

// scopes tells by which function of a statement a name is declared.
type scopes struct {
	module int
	names  map[uint32]map[string]bool // of a function, by its node
}

func newScopes(module int) *scopes { return &scopes{module, map[uint32]map[string]bool{}} }

// declared is the name that an identifier means.
func (s *scopes) declared(n js.Node) name {
	text := n.Text()
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		if p.IsFunction() && s.declares(p)[text] {
			return name{s.module, int(p.Start()), text}
		}
	}
	return name{s.module, inModule, text}
}

// declares are the names that a function declares: its parameters and variables, and the functions in it.
func (s *scopes) declares(f js.Node) map[string]bool {
	if names, ok := s.names[f.Index()]; ok {
		return names
	}
	names := map[string]bool{}
	s.names[f.Index()] = names
	if f.Kind() == js.FunctionExpression {
		names[f.Child(js.FieldName).Text()] = true
	}
	addNames(names, f.Child(js.FieldParameter))
	addNames(names, f.Child(js.FieldParameters))
	body := f.Child(js.FieldBody)
	if !body.Valid() {
		return names
	}
	tree := f.Tree()
	for i := int(body.Index()); i < body.After(); i++ {
		switch n := tree.At(i); n.Kind() {
		case js.VariableDeclarator:
			addNames(names, n.Child(js.FieldName))
		case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
			names[n.Child(js.FieldName).Text()] = true
			i = n.After() - 1
		case js.ArrowFunction, js.FunctionExpression, js.MethodDefinition:
			i = n.After() - 1
		}
	}
	return names
}

// addNames adds the names in a pattern.
func addNames(names map[string]bool, pattern js.Node) {
	if !pattern.Valid() {
		return
	}
	tree := pattern.Tree()
	for i := int(pattern.Index()); i < pattern.After(); i++ {
		switch n := tree.At(i); n.Kind() {
		case js.Identifier, js.ShorthandPropertyIdentifierPattern:
			names[n.Text()] = true
		}
	}
}

// nameOf is the name that a function is declared under.
func (s *scopes) nameOf(f js.Node) (name, bool) {
	var n js.Node
	switch p := f.Parent(); {
	case f.Kind() == js.FunctionDeclaration || f.Kind() == js.GeneratorFunctionDeclaration:
		// its own name is none that it declares itself
		n = f.Child(js.FieldName)
		d := name{s.module, inModule, n.Text()}
		for p := f.Parent(); p.Valid(); p = p.Parent() {
			if p.IsFunction() {
				d.scope = int(p.Start())
				break
			}
		}
		return d, n.Valid()
	case p.Kind() == js.VariableDeclarator:
		n = p.Child(js.FieldName)
	case p.Kind() == js.AssignmentExpression:
		n = p.Child(js.FieldLeft)
	}
	if n.Kind() != js.Identifier {
		return name{}, false
	}
	return s.declared(n), true
}

// place is where a value goes on to.
func (s *scopes) place(on onward) (place, bool) {
	switch {
	case on.callee.Valid():
		return place{s.declared(on.callee), on.index}, true
	case on.variable.Valid():
		return place{s.declared(on.variable), asVariable}, true
	case on.returned.Valid():
		at, ok := s.nameOf(on.returned)
		return place{at, asResult}, ok
	}
	return place{}, false
}
