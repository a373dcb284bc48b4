package format

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer/internal/binding"
	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// hint is a word for a name of the module, and how much it says.
type hint struct {
	name string
	word string
	rank rank
}

// rank orders hints: the lowest wins.
type rank uint8

const (
	rankExport  rank = iota // the name under which it is exported
	rankOwn                 // what the thing calls itself
	rankMember              // the member that it is taken from
	rankContent             // what stands in it
	rankKind                // what it is
	noRank
)

// generic are the words that say no more than what kind of thing it is.
var generic = map[string]bool{"arg": true, "value": true, "fn": true, "object": true, "list": true, "text": true, "number": true, "flag": true,
	"result": true, "instance": true, "pattern": true, "Class": true, "self": true, "item": true}

// instanceOf stands before the name of a class in a word: what the name means is not known before all are linked.
const instanceOf = "new "

// settled is a word without instanceOf: the class's name, where that is a global of the runtime.
func settled(word string, isGlobal func(name string) bool) string {
	name, ok := strings.CutPrefix(word, instanceOf)
	switch {
	case !ok:
		return word
	case isGlobal(name) && identifier(name) != "":
		return lowered(name)
	}
	return "instance"
}

func isGeneric(word string) bool { return generic[word] }

// baseOfDeclared is the word that a local is called after, by its declaration.
func baseOfDeclared(n js.Node) string {
	if n.Kind() == js.ShorthandPropertyIdentifierPattern {
		return identifier(n.Text())
	}
	p := n.Parent()
	switch p.Kind() {
	case js.AssignmentPattern:
		if n.Field() == js.FieldLeft && p.Parent().Kind() == js.PairPattern {
			return wordOfKey(p.Parent().Child(js.FieldKey), "value")
		}
		return "arg"
	case js.ObjectAssignmentPattern:
		return identifier(n.Text())
	case js.PairPattern:
		return wordOfKey(p.Child(js.FieldKey), "value")
	case js.VariableDeclarator:
		if v := p.Child(js.FieldValue); v.Valid() {
			return wordOfValue(v)
		}
		return "value"
	case js.FormalParameters, js.ArrowFunction:
		return "arg"
	case js.RestPattern:
		if p.Parent().Kind() == js.FormalParameters {
			return "rest"
		}
		return "value"
	case js.CatchClause:
		return "error"
	case js.ForInStatement:
		return "item"
	case js.FunctionDeclaration, js.GeneratorFunctionDeclaration, js.FunctionExpression, js.GeneratorFunction:
		return "fn"
	case js.ClassDeclaration, js.Class:
		return "Class"
	}
	return "value"
}

// wordOfKey is the name of a property; other where it is none that can be read.
func wordOfKey(key js.Node, other string) string {
	switch key.Kind() {
	case js.PropertyIdentifier:
		return identifier(key.Text())
	case js.String:
		if w := slug(stringText(key), 3); w != "" {
			return w
		}
	}
	return other
}

// collections are methods whose result is of the kind of what they are called on.
var collections = map[string]bool{"map": true, "filter": true, "slice": true, "sort": true, "concat": true, "flat": true, "flatMap": true,
	"trim": true, "toString": true, "toLowerCase": true, "replace": true, "then": true, "catch": true, "call": true, "apply": true, "bind": true}

// wordOfValue is a word for what an expression gives.
func wordOfValue(n js.Node) string {
	switch n.Kind() {
	case js.MemberExpression:
		return identifier(n.Child(js.FieldProperty).Text())
	case js.CallExpression:
		return wordOfCall(n)
	case js.NewExpression:
		switch c := n.Child(js.FieldConstructor); c.Kind() {
		case js.MemberExpression:
			return lowered(identifier(c.Child(js.FieldProperty).Text()))
		case js.Identifier:
			return instanceOf + c.Text()
		}
		return "instance"
	case js.AwaitExpression, js.ParenthesizedExpression:
		return wordOfValue(n.FirstChild())
	case js.AssignmentExpression:
		return wordOfValue(n.Child(js.FieldRight))
	case js.TernaryExpression:
		return wordOfValue(n.Child(js.FieldConsequence))
	case js.BinaryExpression:
		switch n.Child(js.FieldOperator).Text() {
		case "||", "??", "&&":
			if w := wordOfValue(n.Child(js.FieldLeft)); !isGeneric(w) {
				return w
			}
			return wordOfValue(n.Child(js.FieldRight))
		case "+":
			return "value"
		case "-", "*", "/", "%", "|", "&", "^", "<<", ">>", ">>>", "**":
			return "number"
		}
		return "flag"
	case js.String, js.TemplateString:
		return "text"
	case js.Number:
		return "number"
	case js.True, js.False:
		return "flag"
	case js.UnaryExpression:
		if strings.HasPrefix(n.Text(), "!") {
			return "flag"
		}
	case js.Array:
		return "list"
	case js.Object:
		return "object"
	case js.ArrowFunction, js.FunctionExpression, js.GeneratorFunction:
		return "fn"
	case js.Class:
		return "Class"
	case js.Regex:
		return "pattern"
	case js.This:
		return "self"
	}
	return "value"
}

func wordOfCall(n js.Node) string {
	f := n.Child(js.FieldFunction)
	if f.Kind() == js.Identifier && f.Text() == "require" {
		if w := slug(stringText(n.Child(js.FieldArguments).FirstChild()), 3); w != "" {
			return w
		}
	}
	if f.Kind() != js.MemberExpression {
		return "result"
	}
	method := f.Child(js.FieldProperty).Text()
	if collections[method] {
		return wordOfValue(f.Child(js.FieldObject))
	}
	for _, prefix := range []string{"get", "create", "make", "read", "load", "parse", "find", "fetch"} {
		if rest, ok := strings.CutPrefix(method, prefix); ok && rest != "" && unicode.IsUpper(rune(rest[0])) {
			return identifier(lowered(rest))
		}
	}
	return identifier(method)
}

// wordOfUse is a word for a name by a place where it is used: the property that it is the value of, or what it is assigned.
func wordOfUse(n binding.Use) string {
	p := n.Node.Parent()
	switch {
	case p.Kind() == js.Pair && n.Node.Field() == js.FieldValue:
		return wordOfKey(p.Child(js.FieldKey), "")
	case p.Kind() == js.AssignmentExpression && n.Node.Field() == js.FieldRight:
		if left := p.Child(js.FieldLeft); left.Kind() == js.MemberExpression {
			return identifier(left.Child(js.FieldProperty).Text())
		}
	case p.Kind() == js.AssignmentExpression && n.Node.Field() == js.FieldLeft:
		if w := wordOfValue(p.Child(js.FieldRight)); !isGeneric(w) {
			return w
		}
	case n.Short && n.Node.Kind() == js.ShorthandPropertyIdentifier:
		return identifier(n.Node.Text())
	}
	return ""
}

// hintOf is what a use of a name of the module says about it.
func hintOf(n binding.Use) (hint, bool) {
	p := n.Node.Parent()
	name := n.Node.Text()
	switch {
	case n.Node.Kind() == js.ShorthandPropertyIdentifierPattern:
		return hint{name, identifier(name), rankMember}, true
	case p.Kind() == js.ArrowFunction && n.Node.Field() == js.FieldBody && p.Parent().Kind() == js.Pair:
		if w := wordOfKey(p.Parent().Child(js.FieldKey), ""); w != "" && w != "default" {
			return hint{name, w, rankExport}, true // a getter of a namespace object
		}
	case p.Kind() == js.PairPattern && n.Node.Field() == js.FieldValue:
		return hint{name, wordOfKey(p.Child(js.FieldKey), "value"), rankMember}, true
	case p.Kind() == js.VariableDeclarator && n.Node.Field() == js.FieldName:
		return hintOfValue(name, p.Child(js.FieldValue))
	case p.Kind() == js.AssignmentExpression && n.Node.Field() == js.FieldLeft:
		return hintOfValue(name, p.Child(js.FieldRight))
	case p.Kind() == js.FunctionDeclaration || p.Kind() == js.GeneratorFunctionDeclaration:
		return hint{name, wordOfContent(p), rankContent}, true
	case p.Kind() == js.ClassDeclaration && n.Node.Field() == js.FieldName:
		return hintOfValue(name, p)
	}
	return hint{}, false
}

// hintOfValue is what the value of a name of the module says about it.
func hintOfValue(name string, v js.Node) (hint, bool) {
	switch v.Kind() {
	case js.Object:
		if w := ownName(v); w != "" {
			return hint{name, w, rankOwn}, true
		}
		return hint{name, wordOfKeys(v), rankContent}, true
	case js.String:
		return hint{name, orElse(slug(stringText(v), 4), "text"), rankContent}, true
	case js.Number:
		return hint{name, "number" + strings.Map(onlyDigits, v.Text()), rankKind}, true
	case js.Class, js.ClassDeclaration:
		if w := ownNameOfClass(v); w != "" {
			return hint{name, w, rankOwn}, true
		}
		return hint{name, "Class" + raised(wordOfContent(v)), rankContent}, true
	case js.ArrowFunction, js.FunctionExpression, js.GeneratorFunction, js.Array, js.TemplateString:
		return hint{name, orElse(wordOfContent(v), wordOfValue(v)), rankContent}, true
	case js.CallExpression, js.NewExpression:
		w := wordOfValue(v)
		if isGeneric(w) {
			return hint{name, orElse(wordOfContent(v), w), rankContent}, true
		}
		return hint{name, w, rankMember}, true
	case js.Other:
		return hint{}, false
	}
	w := wordOfValue(v)
	if isGeneric(w) {
		return hint{name, w, rankKind}, true
	}
	return hint{name, w, rankMember}, true
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// ownName is the text under the key name of an object, and what it is one of: a tool has a schema of its input.
func ownName(object js.Node) string {
	name, kind := "", ""
	for c := object.FirstChild(); c.Valid(); c = c.Next() {
		switch key := c.Child(js.FieldKey); {
		case c.Kind() == js.Pair && key.Text() == "name" && c.Child(js.FieldValue).Kind() == js.String:
			name = stringText(c.Child(js.FieldValue))
		case key.Text() == "inputSchema" || key.Text() == "input_schema" || c.Child(js.FieldName).Text() == "inputSchema":
			kind = "Tool"
		}
	}
	if name == "" {
		return ""
	}
	return orElse(slug(name, 4), "named") + kind
}

// ownNameOfClass is the text that a class gives itself as its name: this.name = "NAME", static name = "NAME".
func ownNameOfClass(class js.Node) string {
	tree := class.Tree()
	for i := int(class.Index()) + 1; i < min(class.After(), int(class.Index())+400); i++ {
		n := tree.At(i)
		var key, value js.Node
		switch n.Kind() {
		case js.AssignmentExpression:
			key, value = n.Child(js.FieldLeft).Child(js.FieldProperty), n.Child(js.FieldRight)
		case js.FieldDefinition:
			key, value = n.Child(js.FieldProperty), n.Child(js.FieldValue)
		}
		if key.Text() == "name" && value.Kind() == js.String {
			return raised(slug(stringText(value), 3))
		}
	}
	return ""
}

// maxKeys is how many keys name an object.
const maxKeys = 2

func wordOfKeys(object js.Node) string {
	word, n := "", 0
	for c := object.FirstChild(); c.Valid() && n < maxKeys; c = c.Next() {
		if w := wordOfKey(c.Child(js.FieldKey), ""); w != "" {
			if n++; word != "" {
				w = raised(w)
			}
			word += w
		}
	}
	return orElse(word, "object")
}

// maxLooked bounds the nodes that are looked at for a word in them.
const maxLooked = 3_000

// wordOfContent is the first text of words in a piece of code, or the longest name of a member near its beginning.
func wordOfContent(n js.Node) string {
	tree, member := n.Tree(), ""
	for i := int(n.Index()) + 1; i < min(n.After(), int(n.Index())+maxLooked); i++ {
		c := tree.At(i)
		switch c.Kind() {
		case js.StringFragment:
			if w := slug(c.Text(), 4); len(w) >= 8 && len(c.Text()) <= maxMark {
				return w
			}
		case js.PropertyIdentifier:
			if w := c.Text(); len(w) > len(member) && len(w) <= 24 {
				member = w
			}
		}
	}
	return orElse(identifier(member), "fn")
}

func orElse(word, other string) string {
	if word == "" {
		return other
	}
	return word
}

// slug is an identifier made of the first words of a text; "" for a text without any.
func slug(text string, words int) string {
	var b strings.Builder
	n, start := 0, true
	for _, r := range text {
		letter := r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) && b.Len() > 0)
		switch {
		case !letter:
			start = true
			continue
		case start:
			if n++; n > words || b.Len() > 28 {
				return identifier(b.String())
			}
			if b.Len() > 0 {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
		}
		start = false
		b.WriteRune(r)
		if b.Len() >= 40 {
			break
		}
	}
	if b.Len() < 2 {
		return ""
	}
	return identifier(b.String())
}

func raised(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// lowered begins a word in lower case; one of capitals alone is lowered whole.
func lowered(word string) string {
	if word == "" {
		return "instance"
	}
	if word == strings.ToUpper(word) {
		return strings.ToLower(word)
	}
	return strings.ToLower(word[:1]) + word[1:]
}

// identifier makes a word one that may be a name: it is "" for one that can't.
func identifier(word string) string {
	if word == "" || word[0] >= '0' && word[0] <= '9' || strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 || !js.IsNameByte(byte(r)) }) >= 0 {
		return ""
	}
	if reserved[word] {
		return word + "_"
	}
	return word
}

// reserved are the words that no name of a module may be, and those that mean something everywhere.
var reserved = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`arguments async await break case catch class const continue debugger default delete do else enum eval export
		extends false finally for function get if implements import in instanceof interface let new null of package private protected public
		return set static super switch this throw true try typeof undefined using var void while with yield NaN Infinity exports module require
		__dirname __filename`) {
		words[w] = true
	}
	return words
}()

// numbered is a word with a number behind it that is no part of the word.
func numbered(word string, n int) string {
	if last := word[len(word)-1]; last >= '0' && last <= '9' {
		return word + "_" + strconv.Itoa(n)
	}
	return word + strconv.Itoa(n)
}

// stringText is what a string literal says; "" for another node.
func stringText(n js.Node) string {
	if n.Kind() != js.String {
		return ""
	}
	text, err := js.DecodeString(n.Text())
	if err != nil {
		return ""
	}
	return text
}
