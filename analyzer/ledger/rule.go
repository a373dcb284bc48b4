package ledger

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// onward is where a value goes on to, where no syntax around it has a rule.
type onward struct {
	callee   js.Node // what it is given to, as argument number index
	index    int
	variable js.Node // the name that it is given
	returned js.Node // the function that returns it
}

// destination tells where an expression flows, by the syntax around it: the first place on the way out of its function
// that has a rule. Where there is none, on is where it goes from there.
func destination(n js.Node) (rule, into string, on onward) {
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		rule, place := "", ""
		switch p.Kind() {
		case js.ThrowStatement:
			rule, place = RuleError, "throw"
		case js.Arguments:
			rule, place = call(n, p.Parent())
			if f := p.Parent().Child(js.FieldFunction); !on.callee.Valid() && f.Kind() == js.Identifier {
				on = onward{callee: f, index: indexOf(n)}
			}
		case js.Pair:
			rule, place = member(p)
		case js.BinaryExpression:
			if isComparison(p.Child(js.FieldOperator).Text()) {
				rule, place = RuleComparison, p.Child(js.FieldOperator).Text()
			}
		case js.SwitchCase:
			if n.Field() == js.FieldValue {
				rule, place = RuleComparison, "case"
			}
		case js.AssignmentExpression, js.AugmentedAssignment:
			left := p.Child(js.FieldLeft)
			if left.Kind() == js.MemberExpression && left.Child(js.FieldProperty).Text() == "message" {
				rule, place = RuleError, "message ="
			}
			if left.Kind() == js.Identifier && n.Field() == js.FieldRight && !on.callee.Valid() {
				on.variable = left
			}
		}
		if into == "" && place != "" {
			into = place
		}
		if rule != "" {
			return rule, place, onward{}
		}
		if p.IsFunction() || isStatement(p) {
			if into == "" {
				into = leaving(p, n)
			}
			if rule, place := around(p); rule != "" {
				return rule, place, onward{}
			}
			if !on.callee.Valid() {
				on.left(p, n)
			}
			return RuleUnknown, into, on
		}
	}
	return RuleUnknown, into, on
}

// left notes how a value leaves the statement, or the function without one, that it stands in.
func (on *onward) left(p, n js.Node) {
	switch {
	case p.Kind() == js.VariableDeclarator && p.Child(js.FieldName).Kind() == js.Identifier:
		on.variable = p.Child(js.FieldName)
	case p.IsFunction() && n.Field() == js.FieldBody:
		on.returned = p
	case p.Kind() == js.ReturnStatement:
		for f := p.Parent(); f.Valid(); f = f.Parent() {
			if f.IsFunction() {
				on.returned = f
				return
			}
		}
	}
}

func indexOf(arg js.Node) int {
	i := 0
	for c := arg.Parent().FirstChild(); c.Valid() && c != arg; c = c.Next() {
		i++
	}
	return i
}

// leaving says how a value leaves the expression that it stands in.
func leaving(statement, n js.Node) string {
	switch statement.Kind() {
	case js.ReturnStatement:
		return "return"
	case js.VariableDeclarator, js.LexicalDeclaration, js.VariableDeclaration:
		return "a variable"
	case js.ExpressionStatement:
		return "a statement"
	}
	return ""
}

// around tells the rule of what encloses a function or statement: elements are put together by functions inside them.
func around(n js.Node) (rule, into string) {
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		if p.Kind() == js.Arguments {
			if rule, place := call(n, p.Parent()); rule == RuleInterface {
				return rule, place
			}
		}
	}
	return "", ""
}

// call tells the rule of a call by what is called.
func call(arg, n js.Node) (rule, into string) {
	callee := n.Child(js.FieldFunction)
	if n.Kind() == js.NewExpression {
		callee = n.Child(js.FieldConstructor)
	}
	object, name := "", callee.Text()
	if callee.Kind() == js.MemberExpression {
		object, name = callee.Child(js.FieldObject).Text(), callee.Child(js.FieldProperty).Text()
	}
	switch {
	case n.Kind() == js.NewExpression && strings.HasSuffix(name, "Error"), callee.Kind() == js.Super, thrown(n):
		return RuleError, "an exception"
	case object == "console", isOneOf(name, logging), object != "" && isOneOf(name, "warning error"):
		return RuleLog, name + "(...)"
	case isOneOf(name, streams) && object != "":
		return RuleLog, name + "(...)"
	case isOneOf(name, elements):
		return RuleInterface, name + "(...)"
	case isOneOf(name, commandLine) && callee.Kind() == js.MemberExpression:
		return RuleCommandLine, name + "(...)"
	case name == "describe" && callee.Kind() == js.MemberExpression:
		return RuleDocumentation, name + "(...)"
	case isOneOf(name, searching) && callee.Kind() == js.MemberExpression:
		return RuleComparison, name + "(...)"
	case isOneOf(name, failing):
		return RuleError, name + "(...)"
	case callee.Kind() == js.MemberExpression && len(name) > maxMinified:
		return "", name + "(...)"
	}
	return "", "a call"
}

// thrown tells a call or construction whose result is thrown.
func thrown(n js.Node) bool { return n.Parent().Kind() == js.ThrowStatement }

// maxMinified is how long a name is that a minifier may have chosen.
const maxMinified = 3

// Methods and functions by what becomes of what they are given. They are the language's and the common libraries' own
// names, which no minifier changes.
var (
	logging     = "debug info warn log trace verbose logError logEvent onDebug"
	streams     = "write"
	elements    = "createElement jsx jsxs jsxDEV createTextNode alert confirm"
	commandLine = "option requiredOption argument addHelpText usage addOption helpOption description"
	searching   = "includes startsWith endsWith indexOf lastIndexOf match test search split"
	failing     = "reject fail assert invariant addIssue raise"
	labels      = "label children placeholder title subtitle hint tooltip argumentHint helpText progressMessage userFacingName statusMessage"
	errors      = "error errorMessage stderr reason"
)

func isOneOf(name, list string) bool {
	for s := range strings.FieldsSeq(list) {
		if s == name {
			return true
		}
	}
	return false
}

// member tells the rule of a member of an object by its name.
func member(pair js.Node) (rule, into string) {
	key := pair.Child(js.FieldKey).Text()
	key = strings.Trim(key, `"'`)
	switch {
	case isOneOf(key, labels):
		return RuleInterface, key + ": ..."
	case isOneOf(key, errors):
		return RuleError, key + ": ..."
	}
	return "", key + ": ..."
}

func isComparison(op string) bool {
	switch op {
	case "===", "==", "!==", "!=", "<", ">", "in":
		return true
	}
	return false
}

func isStatement(n js.Node) bool {
	switch n.Kind() {
	case js.ReturnStatement, js.VariableDeclarator, js.ExpressionStatement, js.IfStatement, js.ForStatement, js.ForInStatement, js.WhileStatement:
		return true
	}
	return false
}

// isName tells a literal that names something: a key, or a module.
func isName(n js.Node) bool {
	switch p := n.Parent(); p.Kind() {
	case js.Pair, js.MethodDefinition, js.FieldDefinition:
		return n.Field() == js.FieldKey || n.Field() == js.FieldName
	case js.SubscriptExpression:
		return n.Field() == js.FieldIndex
	case js.ExpressionStatement: // "use strict"
		return n.Kind() == js.String
	}
	return false
}

// wrapped tells a statement in which a bundler has wrapped a CommonJS module: a function that is given the module's
// exports, handed to a helper. Libraries are bundled so.
func wrapped(t *js.Tree) bool {
	for i := range min(t.Len(), 12) {
		call := t.At(i)
		if call.Kind() != js.CallExpression {
			continue
		}
		f := call.Child(js.FieldArguments).FirstChild()
		if !f.Valid() || f.Next().Valid() || !f.IsFunction() {
			return false
		}
		exports := f.Child(js.FieldParameters).FirstChild()
		if p := f.Child(js.FieldParameter); p.Valid() {
			exports = p
		}
		return exports.Kind() == js.Identifier
	}
	return false
}
