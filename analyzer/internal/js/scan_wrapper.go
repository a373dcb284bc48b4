package js

import (
	"bytes"
	"strings"
)

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
	for member := false; ; {
		switch {
		case s.tok == ')' && parenthesis:
			parenthesis = false
			s.next()
		case s.tok == '(':
			start := s.start
			if s.parens(); !member && holdsFunction(s.src[start:s.prevEnd]) {
				return false // which may be the program
			}
		case s.tok == '.' || s.tok == tokOptionalDot:
			member = true
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

// holdsFunction tells whether arguments may hold a function.
func holdsFunction(arguments []byte) bool {
	return bytes.Contains(arguments, []byte("function")) || bytes.Contains(arguments, []byte("=>"))
}

// maxGlue is where the function ends that calls another in the way of whoever loads the module, in bytes, with the
// comments before it.
const maxGlue = 8 << 10

// factory reads a module that hands one function to another, which calls it in the way of whoever loads the module (UMD):
// the statements of the first become the module's. False leaves the scanner anywhere.
func (s *scanner) factory() bool {
	if !bytes.Contains(s.src[:min(len(s.src), maxGlue)], []byte(".amd")) {
		return false
	}
	parenthesis, ok := s.wrapperStart()
	if !ok || s.tok != '{' {
		return false
	}
	start := s.start
	s.braces()
	if glue := text(s.src[start:s.prevEnd]); s.bad || !strings.Contains(glue, "define") || !strings.Contains(glue, ".amd") {
		return false
	}
	if parenthesis && s.tok == ')' {
		s.next()
	}
	if s.tok != '(' {
		return false
	}
	for s.next(); s.tok != tokEOF && s.tok != ')'; s.next() {
		argument := s.lexer
		if s.factoryHead() {
			return s.factoryBody()
		}
		if s.lexer = argument; s.tok == '(' {
			s.skipGroup()
		}
	}
	return false
}

// factoryHead reads what stands before a factory's body: parentheses, functions, and arrows that give what another one
// makes.
func (s *scanner) factoryHead() bool {
	for range maxWrappers * 2 {
		before := s.lexer
		if s.wrapperHead() && !s.bad {
			if s.tok == '{' {
				return true
			}
			continue
		}
		if s.lexer = before; s.tok != '(' {
			return false
		}
		s.next()
	}
	return false
}

func (s *scanner) factoryBody() bool {
	start := s.end
	s.next()
	body, mark := s.lexer, s.mark()
	if !s.wrapper(1) {
		s.lexer = body
		s.truncate(mark)
		s.statements()
		s.index.Wrapper = [2]uint32{uint32(start), uint32(s.start)}
	}
	if s.tok != '}' {
		return false
	}
	for s.next(); s.tok == ')' || s.tok == '(' || s.tok == ';'; {
		if s.tok == '(' {
			s.parens()
		} else {
			s.next()
		}
	}
	return s.tok == tokEOF && !s.bad
}
