package format

import (
	"context"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/binding"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// unit is a statement of a module, or a declarator, and what is needed of its syntax tree, which is not kept.
type unit struct {
	start, end uint32
	kind       js.UnitKind
	thunk      js.ThunkKind
	wraps      bool // it is a lazy module
	bare       bool // a variable without a value
	ended      bool // nothing has to stand between it and what follows
	eager      bool // it does something, or takes values of others, when the module is loaded
	opaque     bool // its names stay as they are
	helper     string
	parents    []int32 // of its scopes
	locals     []local
	uses       []use
	marks      []mark
	hints      []hint // for names of the module
	digest     uint64 // of its text without names
}

// local is a name that a function or block declares.
type local struct {
	name  string
	base  string // what it is called after
	scope int32
}

// use is a place where a name stands. Names of the module have the local -1, and other their place in the module's symbols,
// or -1 for a global of the runtime.
type use struct {
	start   uint32
	name    string
	local   int32
	symbol  int32
	scope   int32
	written bool
	short   bool
	late    bool // it stands in a function
}

// mark is a text or the name of a member by which a piece of code can be known again in another build.
type mark struct {
	text string
	at   uint32
	kind markKind
}

type markKind uint8

const (
	markText markKind = iota
	markMember
)

// surveyor surveys the units of one module. It is for one goroutine.
type surveyor struct {
	module *scope.Module
	parser *js.Parser
}

// prefixOf is what makes a statement of a unit.
func prefixOf(kind js.UnitKind) string {
	if kind == js.UnitVar {
		return "var "
	}
	return ""
}

// unit surveys one unit. The parser takes no context: one that ends right after a parse could still end the next.
func (s *surveyor) unit(u js.Unit) (unit, error) {
	out := unit{start: u.Start, end: u.End, kind: u.Kind, wraps: u.Wraps >= 0}
	if out.wraps {
		out.thunk = s.module.Index().Thunks[u.Wraps].Kind
	}
	if u.Kind == js.UnitImport {
		return out, nil
	}
	tree, err := s.parser.Parse(context.Background(), s.module.Text, u.Start, u.End, prefixOf(u.Kind))
	if err != nil {
		return out, err
	}
	names := binding.Resolve(tree)
	out.opaque = names.Opaque || tree.HasError
	for _, sc := range names.Scopes {
		out.parents = append(out.parents, sc.Parent)
	}
	out.locals = make([]local, len(names.Locals))
	for i, l := range names.Locals {
		out.locals[i] = local{l.Name, baseOfDeclared(l.Declared), l.Scope}
	}
	out.uses = make([]use, len(names.Uses))
	for i, n := range names.Uses {
		out.uses[i] = use{n.Node.Start(), n.Node.Text(), n.Local, -1, n.Scope, n.Written, n.Short, n.Node.EnclosingFunction().Valid()}
		out.improve(n)
	}
	if tree.HasError { // what the grammar does not know may hold any name of the module
		out.locals, out.uses, out.parents = nil, wordsOf(s.module.Text[u.Start:u.End], u.Start), nil
	}
	out.marks = marksOf(tree)
	out.digest = digestOf(s.module.Text[u.Start:u.End], u.Start, out.uses)
	out.load(tree)
	return out, nil
}

// improve takes a better base for a local, or a hint for a name of the module, from a place where it is used.
func (u *unit) improve(n binding.Use) {
	word := wordOfUse(n)
	if n.Local == binding.Outer {
		if h, ok := hintOf(n); ok {
			u.hints = append(u.hints, h)
		}
		return
	}
	if l := &u.locals[n.Local]; word != "" && isGeneric(l.base) {
		l.base = word
	}
}

// wordsOf are all words of a text as uses of names, for a text that could not be parsed.
func wordsOf(text []byte, base uint32) (uses []use) {
	for at := 0; at < len(text); at++ {
		if !js.IsNameByte(text[at]) {
			continue
		}
		start := at
		for at < len(text) && js.IsNameByte(text[at]) {
			at++
		}
		if start == 0 || text[start-1] != '.' {
			uses = append(uses, use{start: base + uint32(start), name: string(text[start:at]), local: binding.Outer, symbol: -1, scope: -1, late: true})
		}
	}
	return uses
}

// Bounds of what marks a piece of code.
const (
	minMark  = 4
	maxMark  = 200
	maxMarks = 4_000 // of one unit
)

// marksOf are the texts and the names of members in a tree.
func marksOf(tree *js.Tree) (marks []mark) {
	seen := map[string]bool{}
	for i := 0; i < tree.Len() && len(marks) < maxMarks; i++ {
		n := tree.At(i)
		kind := markText
		switch n.Kind() {
		case js.StringFragment:
		case js.PropertyIdentifier:
			kind = markMember
		default:
			continue
		}
		if text := n.Text(); len(text) >= minMark && len(text) <= maxMark && !seen[text] {
			seen[text] = true
			marks = append(marks, mark{text, n.Start(), kind})
		}
	}
	return marks
}

// digestOf is a hash (FNV-1a) of a text without the names in it, apart from those of properties.
func digestOf(text []byte, base uint32, uses []use) uint64 {
	h := uint64(14695981039346656037)
	add := func(part []byte) {
		for _, c := range part {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	at := 0
	for _, u := range uses {
		start := int(u.start) - int(base)
		if start < at {
			continue
		}
		add(text[at:start])
		at = start + len(u.name)
	}
	add(text[at:])
	return h
}

// load says what the unit does when its module is loaded.
func (u *unit) load(tree *js.Tree) {
	n := tree.Root().FirstChild()
	u.ended = endsItself(n)
	switch {
	case u.wraps:
		u.helper = calleeOf(n)
	case u.kind == js.UnitFunction:
	case u.kind == js.UnitVar:
		d := n.FirstChild()
		value := d.Child(js.FieldValue)
		u.bare = !value.Valid() && d.Child(js.FieldName).Kind() == js.Identifier
		u.eager = value.Valid() && (!isInert(value) || d.Child(js.FieldName).Kind() != js.Identifier)
	case u.kind == js.UnitClass:
		u.eager = !isInert(n)
	case isExportTable(n):
		u.helper = calleeOf(n)
	default:
		u.eager = true
	}
	u.eager = u.eager || tree.HasError
}

// endsItself tells a statement that ends with its block.
func endsItself(n js.Node) bool {
	switch n.Kind() {
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.ClassDeclaration, js.IfStatement, js.ForStatement, js.ForInStatement,
		js.WhileStatement, js.TryStatement, js.SwitchStatement, js.StatementBlock, js.LabeledStatement:
		return strings.HasSuffix(n.Text(), "}")
	}
	return false
}

// calleeOf is the function that the value of a declarator, or a statement, calls by its name.
func calleeOf(n js.Node) string {
	for n.Valid() && n.Kind() != js.CallExpression {
		if v := n.Child(js.FieldValue); v.Valid() {
			n = v
		} else {
			n = n.FirstChild()
		}
	}
	return n.Child(js.FieldFunction).Text()
}

// isExportTable tells the statement by which bundlers give a namespace object its getters: f(ns,{a:()=>x}).
func isExportTable(n js.Node) bool {
	call := n.FirstChild()
	if n.Kind() != js.ExpressionStatement || call.Kind() != js.CallExpression || call.Child(js.FieldFunction).Kind() != js.Identifier {
		return false
	}
	ns := call.Child(js.FieldArguments).FirstChild()
	table := ns.Next()
	return ns.Kind() == js.Identifier && table.Kind() == js.Object && !table.Next().Valid() && isInert(table)
}

// isInert tells an expression, or a class, that can be evaluated at any time: it reads and changes nothing.
func isInert(n js.Node) bool {
	switch n.Kind() {
	case js.String, js.Number, js.True, js.False, js.Null, js.Undefined, js.Regex, js.ArrowFunction, js.FunctionExpression, js.GeneratorFunction:
		return true
	case js.UnaryExpression, js.ParenthesizedExpression, js.Array:
		return allInert(n)
	case js.TemplateString:
		return !n.ChildOfKind(js.TemplateSubstitution).Valid()
	case js.Object:
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			key, value := c.Child(js.FieldKey), c.Child(js.FieldValue)
			switch {
			case c.Kind() == js.MethodDefinition && c.Child(js.FieldName).Kind() != js.ComputedPropertyName:
			case c.Kind() == js.Pair && key.Kind() != js.ComputedPropertyName && isInert(value):
			default:
				return false
			}
		}
		return true
	case js.Class, js.ClassDeclaration:
		return !n.ChildOfKind(js.ClassHeritage).Valid() && isInertBody(n.Child(js.FieldBody))
	}
	return false
}

func allInert(n js.Node) bool {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Field() != js.FieldOperator && !isInert(c) {
			return false
		}
	}
	return true
}

func isInertBody(body js.Node) bool {
	for c := body.FirstChild(); c.Valid(); c = c.Next() {
		if c.ChildOfKind(js.ComputedPropertyName).Valid() {
			return false
		}
		if c.Kind() != js.MethodDefinition && (c.Kind() != js.FieldDefinition || strings.HasPrefix(c.Text(), "static")) {
			return false
		}
	}
	return true
}
