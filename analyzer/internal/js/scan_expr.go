package js

import "bytes"

// expression reads an expression up to what can't belong to it: a closer, a semicolon or colon, a comma where
// comma says so, or a token on a new line that can't go on. It notes what the expression assigns and touches,
// outside functions and classes. In a statement, a call at its start or after a comma touches its first argument.
func (s *scanner) expression(comma, statement bool) {
	e := expression{scanner: s, base: len(s.groups), lead: statement, statement: statement, chain: chain{length: noChain}}
	for !e.ends(comma) {
		e.step()
	}
	s.groups = s.groups[:e.base]
}

// noChain is the length of a chain of members that doesn't begin at a name.
const noChain = -1

// chain is a name and the members taken of it: X, X.a, X["a"].b.
type chain struct {
	root   string
	length int  // how many members
	lead   bool // it begins a statement, or the part of one after a comma
}

// group is a bracket that is open in an expression, and what was known when it opened.
type group struct {
	opener token
	lexer  lexer // state at the opener of an array, object or template, to read it again
	chain  chain // that an index belongs to
	index  bool  // an index, not an array
	lead   bool  // a parenthesis at the start of a statement, and no call's
	muted  bool
	// literal says that it is an object literal that is read, or stands in one
	literal bool
	defs    int // how many Defs there were
}

// expression is the state of reading one.
type expression struct {
	*scanner
	base      int  // brackets open outside it
	statement bool // it is a statement
	lead      bool // nothing was read yet of the statement, or since its last comma
	operand   bool // the last token ended an operand
	arrow     bool // ... which was the body of an arrow function
	argument  bool // the next token is the first argument of a call that begins a statement
	muted     bool // inside the expression of an arrow function, which assigns when it runs and not here
	mutedAt   int  // brackets open where that began
	ternaries int  // question marks that wait for their colon, outside brackets
	chain          // that the last token ended
}

// ends says that the current token is not part of the expression.
func (e *expression) ends(comma bool) bool {
	if e.tok == tokEOF {
		return true
	}
	if len(e.groups) > e.base {
		return false
	}
	switch e.tok {
	case ';', ')', ']', '}':
		return true
	case ':':
		return e.ternaries == 0
	case ',':
		return comma
	}
	if !e.newline || !e.operand {
		return false
	}
	if e.arrow { // nothing can go on after an arrow function's body
		return true
	}
	switch e.tok {
	case tokWord:
		return !e.is("in") && !e.is("instanceof")
	case tokNumber, tokString, tokRegex, tokIncDec, '{', '!', '~':
		return true
	}
	return false
}

// step reads one token, or a few that belong together.
func (e *expression) step() {
	e.arrow = false
	argument := e.argument
	e.argument = false
	e.substitution()
	switch e.tok {
	case tokWord:
		e.name(argument)
	case '.', tokOptionalDot:
		e.member()
	case '=', tokAssign:
		e.assigned()
		e.operator()
	case tokIncDec:
		e.increment()
	case '(':
		e.parenthesis()
	case '[':
		e.push(group{opener: '[', index: e.operand, chain: e.chain})
		e.operator()
	case ')', ']', '}':
		e.closer()
	case '{':
		e.brace()
	case tokArrow:
		e.arrowBody()
	case ',':
		e.comma()
	case '!':
		lead := e.lead
		e.operator()
		e.lead = lead
	case tokTemplate:
		e.template()
	case tokNumber, tokString, tokRegex:
		e.value()
		e.next()
	case '?', ':':
		if len(e.groups) == e.base {
			if e.ternaries--; e.tok == '?' {
				e.ternaries += 2
			}
		}
		e.operator()
	default:
		e.operator()
	}
}

// operator reads a token after which an operand comes.
func (e *expression) operator() {
	e.operand, e.lead = false, false
	e.length = noChain
	e.next()
}

// value notes that an operand was read which is no chain.
func (e *expression) value() {
	e.operand, e.lead = true, false
	e.chain = chain{length: noChain}
}

// name reads a word that is no member: a name, an operator, or the keyword of a function or class.
func (e *expression) name(argument bool) {
	switch word := e.word(); {
	case word == "function", word == "async" && e.peekWord("function"):
		e.function()
		e.value()
	case word == "class":
		e.class()
		e.value()
	case e.context.operand:
		lead := e.lead && (word == "await" || word == "void")
		e.operator()
		e.lead = lead
	default:
		e.chain = chain{root: word, lead: e.lead}
		e.operand, e.lead = true, false
		e.next()
		if argument && (e.tok == ',' || e.tok == ')') {
			e.note(word, Touches)
		}
	}
}

// member reads a dot and the name after it.
func (e *expression) member() {
	optional := e.tok == tokOptionalDot
	e.next()
	if e.tok == tokWord {
		e.next()
	}
	e.operand = true
	if optional {
		e.length = noChain // can't be assigned to, but may still be called
	} else if e.length != noChain {
		e.length++
	}
}

// assigned notes what is done to the name of the chain that stands before the operator.
func (e *expression) assigned() {
	switch {
	case e.length == noChain, e.root == "this", e.root == "super":
	case e.length == 0:
		e.note(e.root, Assigns)
	default:
		e.note(e.root, Touches)
	}
}

// note defines a name unless that happens only when a function runs.
func (e *expression) note(name string, how How) {
	if !e.muted {
		e.define(name, how)
	}
}

// increment reads ++ or --, after or before what it changes.
func (e *expression) increment() {
	if e.operand {
		e.assigned()
		e.length = noChain
		e.next()
		return
	}
	e.operator()
	if e.tok == tokWord {
		how := Assigns
		if next := e.peekByte(); next == '.' || next == '[' {
			how = Touches
		}
		if !e.is("this") {
			e.note(e.word(), how)
		}
	}
}

func (e *expression) push(g group) {
	g.muted, g.defs = e.muted, len(e.index.Defs)
	g.literal = g.opener == '{' || e.innermost().literal
	if g.opener != '(' && !g.index {
		g.lexer = e.lexer
	}
	e.groups = append(e.groups, g)
}

// parenthesis opens a call's arguments or a group.
func (e *expression) parenthesis() {
	call := e.operand
	e.push(group{opener: '(', lead: e.lead && !call})
	if call {
		argument := e.statement && e.chain.lead
		if argument && e.length > 0 {
			e.note(e.root, Touches)
		}
		e.operator()
		e.argument = argument
		return
	}
	lead := e.lead
	e.operator()
	e.lead = lead
}

// closer closes the innermost bracket.
func (e *expression) closer() {
	g := e.groups[len(e.groups)-1]
	e.groups = e.groups[:len(e.groups)-1]
	e.muted = g.muted
	e.value()
	if g.opener == '(' {
		e.chain.lead = g.lead
		e.next()
		if e.tok == tokArrow || e.tok == '{' && e.innermost().opener == '{' { // they were parameters
			e.index.Defs = e.index.Defs[:g.defs]
		}
		return
	}
	e.next()
	if !g.index {
		e.pattern(g.lexer, g.defs)
		return
	}
	e.chain = g.chain
	if e.length != noChain {
		e.length++
	}
}

// brace passes over an object literal, or over the body of a method in one. It reads a literal that assigns something,
// with the literals in it.
func (e *expression) brace() {
	method := e.operand
	if !method && !e.muted && e.innermost().literal {
		e.openObject(e.lexer)
		return
	}
	before, defs := e.lexer, len(e.index.Defs)
	e.assigns = false
	e.skipGroup()
	if e.assigns && !method && !e.muted && e.tok == '}' {
		e.openObject(before)
		return
	}
	e.next()
	e.value()
	if !method {
		e.pattern(before, defs)
	}
}

func (e *expression) openObject(at lexer) {
	e.lexer = at
	e.push(group{opener: '{'})
	e.operator()
	e.key()
}

// key reads the name of a property, with what may stand before it: get, set, async or a star. A computed one is read
// as an array is.
func (e *expression) key() {
	for e.tok == tokWord || e.tok == tokString || e.tok == tokNumber || e.tok == tokOperator && e.src[e.start] == '*' {
		e.value()
		e.next()
	}
}

// innermost returns the innermost open bracket, or none.
func (e *expression) innermost() *group {
	if len(e.groups) > e.base {
		return &e.groups[len(e.groups)-1]
	}
	return &group{}
}

// maxPattern bounds the length of a pattern that is read twice. Real ones are short; without a bound, patterns
// inside patterns take time that grows with the square of their depth.
const maxPattern = 1 << 14

// pattern goes back to an array or object that an equals sign follows, and notes what is assigned through it.
func (e *expression) pattern(before lexer, defs int) {
	if e.tok != '=' || e.muted || e.patterns || e.start-before.start > maxPattern {
		return
	}
	e.index.Defs = e.index.Defs[:defs]
	e.lexer = before
	e.patterns = true
	e.binding(false, Assigns)
	e.patterns = false
}

// arrowBody passes over the body of an arrow function. An expression is read on, muted.
func (e *expression) arrowBody() {
	e.operator()
	if e.tok == '{' {
		e.skipGroup()
		e.next()
		e.value()
		e.arrow = true
	} else if !e.muted {
		e.muted, e.mutedAt = true, len(e.groups)
	}
}

// template passes over a template. One that may assign something in a ${} is read: its tokens come one by one, and
// the last part of the template ends it.
func (e *expression) template() {
	text := e.src[e.start:e.end]
	if !e.inTemplates && !e.muted && bytes.IndexByte(text, '=') > 0 && bytes.Contains(text, []byte("${")) {
		e.push(group{opener: '`'})
		e.inTemplates = true
		e.pos, e.end = e.start, e.start
		e.operator()
		return
	}
	if g := e.innermost(); g.opener == '`' && len(e.frames) == len(g.lexer.frames) {
		e.inTemplates, e.muted = false, g.muted
		e.groups = e.groups[:len(e.groups)-1]
	}
	e.value()
	e.next()
}

// substitution notes that another ${} of a template begins, for which there is no token.
func (e *expression) substitution() {
	if e.inTemplates && e.innermost().opener == '`' && bytes.IndexByte(e.src[e.prevEnd:e.start], '}') >= 0 {
		e.endArrow()
		e.operand, e.length = false, noChain
	}
}

// endArrow notes that the expression which is an arrow function's body is over.
func (e *expression) endArrow() {
	if e.muted && len(e.groups) == e.mutedAt {
		e.muted = false
	}
}

// comma reads a comma of a sequence, of arguments, of an array or of an object.
func (e *expression) comma() {
	e.endArrow()
	e.operator()
	e.lead = e.statement && (len(e.groups) == e.base || e.innermost().lead)
	if e.innermost().opener == '{' {
		e.key()
	}
}
