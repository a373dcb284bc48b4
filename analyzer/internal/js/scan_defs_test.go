package js

import (
	"slices"
	"strings"
	"testing"
)

// definition is what a Def says, with Bare taken as Declares, which the tree doesn't tell apart as simply.
type definition struct {
	unit int32
	name string
	how  How
}

// compareDefinitions checks an index's Defs against the tree of the whole module: what is declared and assigned must
// be the same, and what the tree says is touched by an assignment must be there.
func compareDefinitions(t *testing.T, name string, src []byte, index *Index, tree *Tree) {
	t.Helper()
	got := map[definition]bool{}
	for _, d := range index.Defs {
		how := d.How
		if how == Bare {
			how = Declares
		}
		got[definition{d.Unit, d.Name, how}] = true
	}
	want := parsedDefinitions(index, tree)
	faults := 0
	report := func(format string, d definition) {
		if faults++; faults <= 5 {
			u := index.Units[d.unit]
			t.Errorf("%s: "+format+" in %.120q", name, d.how, d.name, src[u.Start:u.End])
		}
	}
	for d := range want {
		if d.unit >= 0 && !got[d] { // what stands outside all units is the name of a wrapper's result
			report("how %d of %s is missing", d)
		}
	}
	for d := range got {
		if !want[d] && d.how != Touches && d.name != defaultName {
			report("how %d of %s is not in the tree", d)
		}
	}
}

// parsedDefinitions finds in the tree what units declare, assign and touch when they run.
func parsedDefinitions(index *Index, tree *Tree) map[definition]bool {
	entered := []uint32{index.Wrapper[0]}
	for _, thunk := range index.Thunks {
		if thunk.Kind == ThunkESM {
			entered = append(entered, thunk.BodyStart)
		}
	}
	slices.Sort(entered)
	enters := func(n Node) bool {
		i, _ := slices.BinarySearch(entered, n.Start()+1)
		return i < len(entered) && entered[i] < n.End()
	}
	level := func(n Node) bool {
		_, isBody := slices.BinarySearch(entered, n.Start()+1)
		return n.Kind() == Program || n.Kind() == ExportStatement || n.Kind() == StatementBlock && isBody
	}
	found := map[definition]bool{}
	add := func(n Node, how How) { found[definition{index.UnitAt(n.Start()), n.Text(), how}] = true }
	var hidden []definition
	hide := func(n Node) { // a name that a block inside a unit has for itself
		unit := index.UnitAt(n.Start())
		hidden = append(hidden, definition{unit, n.Text(), Assigns}, definition{unit, n.Text(), Touches})
	}
	for i := 0; i < tree.Len(); {
		n := tree.At(i)
		i++
		switch n.Kind() {
		case FunctionDeclaration, GeneratorFunctionDeclaration, ClassDeclaration:
			if level(n.Parent()) {
				add(n.Child(FieldName), Declares)
			} else {
				hide(n.Child(FieldName))
			}
			i = n.After()
		case FunctionExpression, GeneratorFunction, ArrowFunction, MethodDefinition, ClassBody, FormalParameters:
			if !enters(n) {
				i = n.After()
			}
		case VariableDeclarator:
			if n.Parent().Kind() == VariableDeclaration || level(n.Parent().Parent()) {
				boundNames(n.Child(FieldName), func(target Node) { add(target, Declares) })
			} else {
				boundNames(n.Child(FieldName), hide)
			}
		case CatchClause:
			boundNames(n.Child(FieldParameter), hide)
		case AssignmentExpression, AugmentedAssignment, UpdateExpression, ForInStatement:
			target := n.Child(FieldLeft)
			if n.Kind() == UpdateExpression {
				target = n.Child(FieldArgument)
			}
			if n.Kind() == ForInStatement {
				switch head := string(tree.Src[n.Start():target.Start()]); {
				case strings.Contains(head, "var"):
					boundNames(target, func(target Node) { add(target, Declares) })
					continue
				case strings.Contains(head, "let"), strings.Contains(head, "const"):
					boundNames(target, hide)
					continue
				}
			}
			boundNames(target, func(target Node) {
				how := Assigns
				for target.Kind() == MemberExpression || target.Kind() == SubscriptExpression {
					target, how = target.Child(FieldObject), Touches
				}
				if target.Kind() == Identifier || target.Kind() == ShorthandPropertyIdentifierPattern {
					add(target, how)
				}
			})
		}
	}
	for _, d := range hidden {
		delete(found, d)
	}
	return found
}

// boundNames calls visit for each name or member that a pattern binds.
func boundNames(pattern Node, visit func(Node)) {
	switch pattern.Kind() {
	case AssignmentPattern, ObjectAssignmentPattern:
		boundNames(pattern.Child(FieldLeft), visit)
	case PairPattern:
		boundNames(pattern.Child(FieldValue), visit)
	case ObjectPattern, ArrayPattern, RestPattern:
		for c := pattern.FirstChild(); c.Valid(); c = c.Next() {
			boundNames(c, visit)
		}
	default:
		visit(pattern)
	}
}
