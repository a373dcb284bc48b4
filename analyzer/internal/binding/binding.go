// Package binding says of each name in a syntax tree which declaration of the tree it means, by the scopes of strict
// JavaScript. What the tree declares at its top level is left to whoever knows the whole module.
package binding

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// Outer is the binding of a name that no function or block of the tree declares.
const Outer int32 = -1

// Names are the names of a tree. It does not change after it is made.
type Names struct {
	// Scopes are the functions and blocks that declare something, each after the one around it.
	Scopes []Scope
	// Locals are what they declare, scope by scope.
	Locals []Local
	// Uses are all places where a name stands, declarations too, in the order of the source.
	Uses []Use
	// Opaque says that code is run from a text, or names are looked up in an object (eval and with): a name may be used in
	// other places than Uses says.
	Opaque bool
}

// Scope is a function or block. Parent is the scope around it, or -1.
type Scope struct{ Parent int32 }

// Local is a name that a scope declares.
type Local struct {
	Name  string
	Scope int32
	// Declared is the first place where it is declared.
	Declared js.Node
}

// Use is one place where a name stands.
type Use struct {
	Node  js.Node
	Local int32 // in Names.Locals, or Outer
	Scope int32 // the innermost scope around it, or -1
	// Written says that the name is assigned there. A declaration with a value is none.
	Written bool
	// Short says that it stands for a property and its value at once: {name}.
	Short bool
}

// Resolve finds the names of a tree.
func Resolve(tree *js.Tree) *Names {
	r := &resolver{tree: tree, names: &Names{}, scope: -1, written: map[uint32]bool{}}
	if tree.Len() > 0 {
		r.children(tree.Root())
	}
	slices.SortFunc(r.names.Uses, func(a, b Use) int { return int(a.Node.Start()) - int(b.Node.Start()) })
	return r.names
}

type resolver struct {
	tree    *js.Tree
	names   *Names
	tables  []map[string]int32 // by scope
	scope   int32
	written map[uint32]bool // nodes of names that are assigned
}

// open begins a scope; the result ends it.
func (r *resolver) open() func() {
	outer := r.scope
	r.scope = int32(len(r.names.Scopes))
	r.names.Scopes = append(r.names.Scopes, Scope{outer})
	r.tables = append(r.tables, nil)
	return func() { r.scope = outer }
}

func (r *resolver) declare(n js.Node) {
	if !n.Valid() {
		return
	}
	table := r.tables[r.scope]
	if _, known := table[n.Text()]; known {
		return
	}
	if table == nil {
		table = map[string]int32{}
		r.tables[r.scope] = table
	}
	table[n.Text()] = int32(len(r.names.Locals))
	r.names.Locals = append(r.names.Locals, Local{n.Text(), r.scope, n})
}

func (r *resolver) lookup(name string) int32 {
	for s := r.scope; s >= 0; s = r.names.Scopes[s].Parent {
		if local, ok := r.tables[s][name]; ok {
			return local
		}
	}
	return Outer
}

func (r *resolver) children(n js.Node) {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		r.visit(c)
	}
}

func (r *resolver) visit(n js.Node) {
	switch k := n.Kind(); {
	case k == js.Identifier || k == js.ShorthandPropertyIdentifier || k == js.ShorthandPropertyIdentifierPattern:
		r.use(n)
	case n.IsFunction():
		r.function(n)
	case k == js.Class || k == js.ClassDeclaration:
		r.class(n)
	default:
		r.statement(n)
	}
}

func (r *resolver) use(n js.Node) {
	short := n.Kind() != js.Identifier
	r.names.Uses = append(r.names.Uses, Use{n, r.lookup(n.Text()), r.scope, r.written[n.Index()], short})
}

// statement visits what makes at most a block's scope.
func (r *resolver) statement(n js.Node) {
	switch n.Kind() {
	case js.StatementBlock, js.SwitchBody:
		defer r.open()()
		r.declareBlock(n)
	case js.ForStatement:
		defer r.open()()
		if init := n.Child(js.FieldInitializer); init.Kind() == js.LexicalDeclaration {
			r.declarePatterns(init)
		}
	case js.ForInStatement:
		defer r.open()()
		left := n.Child(js.FieldLeft)
		switch kind := n.Child(js.FieldKind); {
		case !kind.Valid():
			r.write(left)
		case kind.Text() != "var":
			r.declarePattern(left)
		}
	case js.CatchClause:
		defer r.open()()
		r.declarePattern(n.Child(js.FieldParameter))
	case js.ClassStaticBlock:
		defer r.open()()
		r.declareVars(n)
	case js.AssignmentExpression, js.AugmentedAssignment:
		r.write(n.Child(js.FieldLeft))
	case js.UpdateExpression:
		r.write(n.Child(js.FieldArgument))
	case js.WithStatement:
		r.names.Opaque = true
	case js.CallExpression:
		if f := n.Child(js.FieldFunction); f.Kind() == js.Identifier && f.Text() == "eval" {
			r.names.Opaque = true
		}
	}
	r.children(n)
}

// function visits a function of any kind: its own name, if it is an expression, its parameters, and its body.
func (r *resolver) function(n js.Node) {
	name := n.Child(js.FieldName)
	switch n.Kind() {
	case js.MethodDefinition:
		r.visit(name) // a computed one is none of its own names
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration:
		r.use(name)
	}
	defer r.open()()
	if k := n.Kind(); (k == js.FunctionExpression || k == js.GeneratorFunction) && name.Valid() {
		r.declare(name)
		r.use(name)
		defer r.open()() // a parameter may have the same name
	}
	parameter, parameters, body := n.Child(js.FieldParameter), n.Child(js.FieldParameters), n.Child(js.FieldBody)
	r.declarePattern(parameter)
	for p := parameters.FirstChild(); p.Valid(); p = p.Next() {
		r.declarePattern(p)
	}
	if body.Kind() == js.StatementBlock {
		r.declareVars(body)
		r.declareBlock(body)
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		switch {
		case c == name:
		case c == body && body.Kind() == js.StatementBlock:
			r.children(body) // it has no scope of its own
		default:
			r.visit(c)
		}
	}
}

// class visits a class. A declared one has its name in the scope around it.
func (r *resolver) class(n js.Node) {
	name := n.Child(js.FieldName)
	if n.Kind() == js.ClassDeclaration && name.Valid() {
		r.use(name)
	}
	defer r.open()()
	if n.Kind() == js.Class && name.Valid() {
		r.declare(name)
		r.use(name)
	}
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c != name {
			r.visit(c)
		}
	}
}

// declareBlock declares what a block does for itself: let, const, classes and functions.
func (r *resolver) declareBlock(block js.Node) {
	for c := block.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.LexicalDeclaration:
			r.declarePatterns(c)
		case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration:
			r.declare(c.Child(js.FieldName))
		case js.SwitchCase, js.SwitchDefault:
			r.declareBlock(c)
		}
	}
}

// declareVars declares what stands in a function's body as var, at any depth of its blocks.
func (r *resolver) declareVars(body js.Node) {
	for i := int(body.Index()) + 1; i < body.After(); i++ {
		n := r.tree.At(i)
		switch {
		case n.IsFunction() || n.Kind() == js.ClassBody:
			i = n.After() - 1
		case n.Kind() == js.VariableDeclaration:
			r.declarePatterns(n)
		case n.Kind() == js.ForInStatement:
			if n.Child(js.FieldKind).Text() == "var" {
				r.declarePattern(n.Child(js.FieldLeft))
			}
		}
	}
}

// declarePatterns declares the names of a declaration's declarators.
func (r *resolver) declarePatterns(declaration js.Node) {
	for d := declaration.FirstChild(); d.Valid(); d = d.Next() {
		r.declarePattern(d.Child(js.FieldName))
	}
}

func (r *resolver) declarePattern(p js.Node) { eachTarget(p, r.declare) }

// write notes the names that an assignment to a pattern assigns.
func (r *resolver) write(p js.Node) { eachTarget(p, func(n js.Node) { r.written[n.Index()] = true }) }

// eachTarget calls f for each name that a pattern gives a value.
func eachTarget(p js.Node, f func(name js.Node)) {
	switch p.Kind() {
	case js.Identifier, js.ShorthandPropertyIdentifierPattern:
		f(p)
	case js.AssignmentPattern, js.ObjectAssignmentPattern:
		eachTarget(p.Child(js.FieldLeft), f)
	case js.PairPattern:
		eachTarget(p.Child(js.FieldValue), f)
	case js.ArrayPattern, js.ObjectPattern, js.RestPattern, js.ParenthesizedExpression:
		for c := p.FirstChild(); c.Valid(); c = c.Next() {
			eachTarget(c, f)
		}
	}
}
