package js

// declaration reads var, let, const or using with all its declarators, each one a unit.
func (s *scanner) declaration(lexical bool) {
	s.declarators(lexical)
	s.endStatement()
}

// declarators reads a keyword and the declarators after it. A lexical one inside a block is seen only there.
func (s *scanner) declarators(lexical bool) {
	for {
		s.next()
		s.open(UnitVar, s.start)
		s.declarator(lexical && s.nesting > 0)
		s.close()
		if s.tok != ',' {
			return
		}
	}
}

func (s *scanner) declarator(scoped bool) {
	if s.tok != tokWord {
		s.binding(scoped, Declares)
		if s.tok == '=' {
			s.next()
			s.expression(true, false)
		}
		return
	}
	name := s.word()
	s.next()
	if s.tok != '=' {
		how := Bare
		if s.nesting > 0 && (s.is("of") || s.is("in")) { // a loop gives it its values
			how = Declares
		}
		s.declare(name, scoped, how)
		return
	}
	s.declare(name, scoped, Declares)
	s.next()
	if scoped || !s.lazyModule(name, true) {
		s.expression(true, false)
	}
}

// declare notes a declared name, for the unit or only for the block inside it.
func (s *scanner) declare(name string, scoped bool, how How) {
	switch {
	case name == "": // a function or class that lacks its name
		s.fail()
	case scoped:
		s.scoped = append(s.scoped, name)
	default:
		s.define(name, how)
	}
}

// binding reads a name or a destructuring pattern, and notes the names that it binds. In an assignment's pattern
// (how is Assigns) a target may be a member of an object, which is then touched.
func (s *scanner) binding(scoped bool, how How) {
	if s.nesting++; s.nesting > maxNesting {
		s.fail()
	}
	defer func() { s.nesting-- }()
	switch s.tok {
	case '[':
		s.next()
		for s.tok != ']' && s.tok != tokEOF {
			if s.tok == ',' {
				s.next()
				continue
			}
			if s.tok == tokSpread {
				s.next()
			}
			s.bindingElement(scoped, how)
			if s.tok != ',' && s.tok != ']' {
				s.fail()
			}
		}
		s.next()
	case '{':
		s.next()
		for s.tok != '}' && s.tok != tokEOF {
			s.bindingProperty(scoped, how)
			if s.tok == ',' {
				s.next()
			} else if s.tok != '}' {
				s.fail()
			}
		}
		s.next()
	default:
		s.bindingTarget(scoped, how)
	}
}

// bindingProperty reads `a`, `a=1`, `a:b`, `[a]:b` or `...a` in an object pattern.
func (s *scanner) bindingProperty(scoped bool, how How) {
	if s.tok == tokSpread {
		s.next()
		s.bindingElement(scoped, how)
		return
	}
	name := ""
	if s.tok == tokWord {
		name = s.word()
	}
	if s.tok == '[' {
		s.skipGroup()
	}
	s.next()
	switch {
	case s.tok == ':':
		s.next()
		s.bindingElement(scoped, how)
	case name == "":
		s.fail()
	default:
		s.declare(name, scoped, how)
		s.bindingDefault()
	}
}

// bindingElement reads a target and its default.
func (s *scanner) bindingElement(scoped bool, how How) {
	s.binding(scoped, how)
	s.bindingDefault()
}

func (s *scanner) bindingDefault() {
	if s.tok == '=' {
		s.next()
		s.expression(true, false)
	}
}

// bindingTarget reads the name that a pattern binds or, in an assignment, the member.
func (s *scanner) bindingTarget(scoped bool, how How) {
	if s.tok != tokWord {
		s.fail()
		return
	}
	name := s.word()
	s.next()
	if how != Assigns {
		s.declare(name, scoped, how)
		return
	}
	switch s.tok {
	case '.', '[', '(':
		for s.tok == '.' || s.tok == '[' || s.tok == '(' || s.tok == tokWord {
			if s.tok == '[' || s.tok == '(' {
				s.skipGroup()
			}
			s.next()
		}
		s.define(name, Touches)
	default:
		s.define(name, Assigns)
	}
}

// functionDeclaration reads a function declaration that begins at start. Without a name, which only an export may
// lack, the unit is left to the caller.
func (s *scanner) functionDeclaration(start int) {
	s.open(UnitFunction, start)
	s.declare(s.function(), s.nesting > 0, Declares)
	s.close()
}

// function reads a function with its name, if it has one, its parameters and body.
func (s *scanner) function() (name string) {
	if s.is("async") {
		s.next()
	}
	s.next()
	if s.tok == tokOperator {
		s.next()
	}
	if s.tok == tokWord {
		name = s.word()
		s.next()
	}
	s.parens()
	s.braces()
	return name
}

// braces passes over a body.
func (s *scanner) braces() {
	if s.tok != '{' {
		s.fail()
		return
	}
	s.skipGroup()
	s.next()
}

func (s *scanner) classDeclaration(start int) {
	s.open(UnitClass, start)
	s.declare(s.class(), s.nesting > 0, Declares)
	s.close()
}

// class reads a class with its name, if it has one, its heritage and body.
func (s *scanner) class() (name string) {
	s.next()
	if s.tok == tokWord && !s.is("extends") {
		name = s.word()
		s.next()
	}
	if s.is("extends") {
		s.next()
		s.heritage()
	}
	s.braces()
	return name
}

// heritage reads the expression after extends: it ends at the first brace that opens no function or class.
func (s *scanner) heritage() {
	if s.nesting++; s.nesting > maxNesting {
		s.fail()
	}
	for s.tok != '{' && s.tok != tokEOF && s.tok != '}' && s.tok != ')' && s.tok != ']' {
		switch {
		case s.is("class"):
			s.class()
		case s.is("function"), s.is("async") && s.peekWord("function"):
			s.function()
		case s.tok == '(' || s.tok == '[':
			s.skipGroup()
			s.next()
		default:
			s.next()
		}
	}
	s.nesting--
}

// decorated reads a class declaration with decorators before it.
func (s *scanner) decorated() {
	start := s.start
	for s.tok == tokWord && s.src[s.start] == '@' {
		s.next()
		for s.tok == '.' || s.tok == '(' {
			if s.tok == '(' {
				s.skipGroup()
			} else {
				s.next()
			}
			s.next()
		}
	}
	switch {
	case s.is("export"):
		s.exportDeclaration()
	case s.is("class"):
		s.classDeclaration(start)
	default:
		s.fail()
	}
}

// bindingFollows says that the word let is a keyword here.
func (s *scanner) bindingFollows() bool {
	at, _ := s.peek()
	if at >= len(s.src) {
		return false
	}
	switch classes[s.src[at]] {
	case classWord, classOther:
		return !s.peekWord("in") && !s.peekWord("instanceof")
	}
	return s.src[at] == '{' || s.src[at] == '['
}

// usingFollows says that the word using is a keyword here: a name follows on its line.
func (s *scanner) usingFollows() bool {
	at, newline := s.peek()
	if newline || at >= len(s.src) || classes[s.src[at]] != classWord && classes[s.src[at]] != classOther {
		return false
	}
	return !s.peekWord("in") && !s.peekWord("instanceof")
}

// awaitUsingFollows says that the current await begins a declaration with await using.
func (s *scanner) awaitUsingFollows() bool {
	if !s.peekWord("using") {
		return false
	}
	ahead := s.lexer
	ahead.next()
	at, newline := ahead.peek()
	return !newline && at < len(s.src) && (classes[s.src[at]] == classWord || classes[s.src[at]] == classOther) &&
		!ahead.peekWord("in") && !ahead.peekWord("instanceof")
}
