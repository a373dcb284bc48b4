package ledger

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/js"
)

// parameter is a place in the calls of a function of the module.
type parameter struct {
	function string
	index    int
}

// destination tells where an expression flows, by the syntax around it: the first place on the way out of its function
// that has a rule. Where there is none, via is what function of the program it is given to, if it is.
func destination(n js.Node) (rule, into string, via parameter) {
	for p := n.Parent(); p.Valid(); n, p = p, p.Parent() {
		rule, place := "", ""
		switch p.Kind() {
		case js.ThrowStatement:
			rule, place = RuleError, "throw"
		case js.Arguments:
			rule, place = call(n, p.Parent())
			if f := p.Parent().Child(js.FieldFunction); via.function == "" && f.Kind() == js.Identifier {
				via = parameter{f.Text(), indexOf(n)}
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
		case js.AssignmentExpression:
			if left := p.Child(js.FieldLeft); left.Kind() == js.MemberExpression && left.Child(js.FieldProperty).Text() == "message" {
				rule, place = RuleError, "message ="
			}
		}
		if into == "" && place != "" {
			into = place
		}
		if rule != "" {
			return rule, place, parameter{}
		}
		if isFunction(p) || isStatement(p) {
			if into == "" {
				into = leaving(p, n)
			}
			if rule, place := around(p); rule != "" {
				return rule, place, parameter{}
			}
			return RuleUnknown, into, via
		}
	}
	return RuleUnknown, into, via
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
	case object == "console", isOneOf(name, logging):
		return RuleLog, name + "(...)"
	case isOneOf(name, streams) && (strings.Contains(object, "std") || strings.Contains(object, "stream")):
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
	logging     = "debug info warn log trace verbose logError logEvent"
	streams     = "write"
	elements    = "createElement jsx jsxs jsxDEV createTextNode alert confirm"
	commandLine = "option requiredOption argument addHelpText usage addOption helpOption"
	searching   = "includes startsWith endsWith indexOf lastIndexOf match test search split"
	failing     = "reject fail assert invariant addIssue"
	labels      = "label placeholder title subtitle hint tooltip argumentHint helpText progressMessage userFacingName statusMessage"
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

func isFunction(n js.Node) bool {
	switch n.Kind() {
	case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration, js.MethodDefinition, js.GeneratorFunction, js.GeneratorFunctionDeclaration:
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

// maxBody bounds a function whose parameters are followed, in bytes: those that only pass a text on are small.
const maxBody = 4000

// passing is what the functions of a module do with their parameters.
type passing struct {
	defined map[string]int // how often a name is that of a function
	rules   map[parameter]string
	next    map[parameter]parameter
}

func newPassing() *passing {
	return &passing{map[string]int{}, map[parameter]string{}, map[parameter]parameter{}}
}

// add adds where the parameters of a function go, and to what other function of the program.
func (w *passing) add(f js.Node) {
	name := nameOf(f)
	if name == "" {
		return
	}
	if w.defined[name]++; f.End()-f.Start() > maxBody {
		return
	}
	index := map[string]int{}
	params, body := f.Child(js.FieldParameters), f.Child(js.FieldBody)
	if p := f.Child(js.FieldParameter); p.Valid() {
		index[p.Text()] = 0
	}
	i := 0
	for p := params.FirstChild(); p.Valid(); p = p.Next() {
		if p.Kind() == js.Identifier {
			index[p.Text()] = i
		}
		i++
	}
	tree := f.Tree()
	for i := int(body.Index()); i < body.After() && len(index) > 0; i++ {
		n := tree.At(i)
		at, ok := index[n.Text()]
		if n.Kind() != js.Identifier || !ok {
			continue
		}
		from := parameter{name, at}
		rule, _, via := destination(n)
		switch {
		case rule == RuleUnknown && via.function != "" && via.function != name:
			w.next[from] = via
		case rule == RuleError || rule == RuleLog || rule == RuleInterface:
			w.rules[from] = rule
		}
	}
}

// nameOf is the name that a function is declared under, or "".
func nameOf(f js.Node) string {
	switch p := f.Parent(); {
	case f.Kind() == js.FunctionDeclaration || f.Kind() == js.GeneratorFunctionDeclaration:
		return f.Child(js.FieldName).Text()
	case p.Kind() == js.VariableDeclarator:
		return p.Child(js.FieldName).Text()
	case p.Kind() == js.AssignmentExpression && p.Child(js.FieldLeft).Kind() == js.Identifier:
		return p.Child(js.FieldLeft).Text()
	}
	return ""
}

// maxPassedOn is how many functions a text is followed through.
const maxPassedOn = 4

// rule follows what is given to a function through those that pass it on.
func (w *passing) rule(p parameter) string {
	for range maxPassedOn {
		if w.defined[p.function] != 1 { // which of them is called can't be told
			return ""
		}
		if r := w.rules[p]; r != "" {
			return r
		}
		var ok bool
		if p, ok = w.next[p]; !ok {
			return ""
		}
	}
	return ""
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
		if !f.Valid() || f.Next().Valid() || !isFunction(f) {
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
