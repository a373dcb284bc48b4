package js

// maxWrappers is how many wrappers may stand inside one another, as when a runtime wraps what a bundler wrapped.
const maxWrappers = 3

// wrapper reads a body that is one function as a whole, called or to be called by the runtime: its statements
// become the module's. False leaves the scanner anywhere.
func (s *scanner) wrapper(depth int) bool {
	parenthesis, ok := s.wrapperStart()
	if !ok || s.tok != '{' {
		return false
	}
	start := s.end
	s.next()
	body, mark := s.lexer, s.mark()
	if depth+1 == maxWrappers || !s.wrapper(depth+1) {
		s.lexer = body
		s.truncate(mark)
		s.statements()
		s.index.Wrapper = [2]uint32{uint32(start), uint32(s.start)}
	}
	if s.tok != '}' {
		return false
	}
	s.next()
	return s.wrapperTail(parenthesis) && (depth > 0) == (s.tok == '}')
}

// wrapperStart reads what stands before a wrapper's body: directives, a variable for its result, an operator or
// parenthesis that makes it an expression, and the function up to its brace.
func (s *scanner) wrapperStart() (parenthesis, ok bool) {
	for s.tok == tokString {
		s.next()
		if s.tok == ';' {
			s.next()
		}
	}
	if s.is("var") || s.is("let") || s.is("const") {
		s.next()
		s.next()
		if s.tok != '=' {
			return false, false
		}
		s.next()
	}
	unary := false
	for s.tok == '!' || s.is("void") || s.is("await") {
		unary = true
		s.next()
	}
	if parenthesis = s.tok == '('; parenthesis {
		s.next()
	}
	return parenthesis, (parenthesis || unary) && s.wrapperHead() && !s.bad
}

// wrapperHead reads a function up to its body.
func (s *scanner) wrapperHead() bool {
	if s.is("async") {
		s.next()
	}
	if s.is("function") {
		s.next()
		if s.tok == tokWord {
			s.next()
		}
		s.parens()
		return true
	}
	if s.tok != '(' {
		return false
	}
	s.parens()
	return s.lazyArrow()
}

// wrapperTail reads what stands after a wrapper's body: its closer, calls of it and of methods of its result.
func (s *scanner) wrapperTail(parenthesis bool) bool {
	for {
		switch {
		case s.tok == ')' && parenthesis:
			parenthesis = false
			s.next()
		case s.tok == '(':
			s.parens()
		case s.tok == '.' || s.tok == tokOptionalDot:
			s.next()
			s.next()
		default:
			for s.tok == ';' {
				s.next()
			}
			return !parenthesis && !s.bad && (s.tok == '}' || s.tok == tokEOF)
		}
	}
}
