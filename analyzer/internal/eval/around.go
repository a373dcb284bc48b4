package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// Around finds the conditions under which a place in a function is reached, by how the program is written: those of the
// branches that the place stands in, and those that were not met by what would have left before.
type Around struct {
	// Holds is the condition that an expression holds, where it stands; nil where nothing is to be said of it.
	Holds func(question js.Node) *Cond
	// Leaves is Holds for a question that a statement asks before the place to leave what is around both; nil for Holds.
	Leaves func(question js.Node) *Cond
	// Equal is the condition that the subject of a switch is the value of a clause, which is not valid for a clause that is
	// reached in a way that is not asked about.
	Equal func(subject, value js.Node) *Cond
	// Caught is the condition that something was thrown that is caught; nil where nothing is to be said of it.
	Caught *Cond
	// Both joins two conditions; the second one is further inside.
	Both func(outer, inner *Cond) *Cond
}

// Of is the condition under which a node is reached once the innermost function around it is called; nil for always. It
// returns that function too, which is not valid where there is none.
func (a Around) Of(n js.Node) (found *Cond, function js.Node) {
	add := func(outer *Cond) { found = a.Both(outer, found) }
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		switch p.Kind() {
		case js.TernaryExpression, js.IfStatement:
			if n.Field() != js.FieldCondition {
				add(a.holds(p.Child(js.FieldCondition), n.Field() == js.FieldConsequence))
			}
		case js.BinaryExpression:
			if n.Field() == js.FieldRight {
				add(a.afterLeft(p))
			}
		case js.StatementBlock:
			add(a.notLeft(p, n))
		case js.CatchClause:
			add(a.Caught)
		case js.SwitchCase, js.SwitchDefault:
			if n.Field() != js.FieldValue {
				add(a.notLeft(p, n))
				add(a.clause(p))
			}
		}
		if p.IsFunction() {
			return found, p
		}
	}
	return found, js.Node{}
}

// holds is the condition that a question is answered by yes, or by no.
func (a Around) holds(question js.Node, yes bool) *Cond {
	c := a.Holds(question)
	if c == nil || yes {
		return c
	}
	return not(c)
}

// afterLeft is the condition under which an operator evaluates its right side.
func (a Around) afterLeft(n js.Node) *Cond {
	switch operator(n) {
	case "&&":
		return a.holds(n.Child(js.FieldLeft), true)
	case "||":
		return a.holds(n.Child(js.FieldLeft), false)
	}
	return nil
}

// notLeft is the condition that none of the statements before a child of a block has left it.
func (a Around) notLeft(block, child js.Node) (found *Cond) {
	for s := block.FirstChild(); s.Valid() && s != child; s = s.Next() {
		if s.Kind() == js.IfStatement {
			if left := a.leaves(s); !left.isFalse() {
				found = a.Both(found, not(left))
			}
		}
	}
	return found
}

// leaves is the condition under which a statement leaves its block, as far as that can be told.
func (a Around) leaves(s js.Node) *Cond {
	switch s.Kind() {
	case js.ReturnStatement, js.ThrowStatement, js.BreakStatement, js.ContinueStatement:
		return always
	case js.ElseClause:
		return a.leaves(s.FirstChild())
	case js.StatementBlock:
		some := never
		for c := s.FirstChild(); c.Valid(); c = c.Next() {
			some = or(some, a.leaves(c))
		}
		return some
	case js.IfStatement:
		then, els := a.leaves(s.Child(js.FieldConsequence)), never
		if e := s.Child(js.FieldAlternative); e.Valid() {
			els = a.leaves(e)
		}
		if then.isFalse() && els.isFalse() {
			return never
		}
		holds := a.Holds
		if a.Leaves != nil {
			holds = a.Leaves
		}
		c := holds(s.Child(js.FieldCondition))
		if c == nil {
			return never
		}
		return or(and(c, then), and(not(c), els))
	}
	return never
}

// maxClauses is how many clauses of a switch are looked at for its default.
const maxClauses = 12

// clause is the condition of a clause of a switch: that what is compared is what the clause says, or what one before it
// says that runs into it; for the default, that it is none of them.
func (a Around) clause(clause js.Node) *Cond {
	subject := clause.Parent().Parent().Child(js.FieldValue)
	some, count := never, 0
	for c := clause.Parent().FirstChild(); c.Valid(); c = c.Next() {
		if clause.Kind() == js.SwitchDefault {
			if c != clause {
				some, count = or(some, a.Equal(subject, c.Child(js.FieldValue))), count+1
			}
			continue
		}
		if c.Kind() == js.SwitchCase && (c == clause || runsInto(c)) {
			some = or(some, a.Equal(subject, c.Child(js.FieldValue)))
		}
		if c == clause {
			return some
		}
		if !runsInto(c) {
			some = never
		}
	}
	if count > maxClauses {
		return nil
	}
	return not(some)
}

// runsInto tells a clause without statements.
func runsInto(clause js.Node) bool {
	for c := clause.FirstChild(); c.Valid(); c = c.Next() {
		if c.Field() != js.FieldValue {
			return false
		}
	}
	return true
}
